"""The pages that are made from data: python -m tools.papers --write

`docs/security/asvs.csv` becomes `asvs.md` beside it, `docs/privacy/record.toml` becomes the record of processing in both languages.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASVS, RECORD = ROOT / "docs/security/asvs.csv", ROOT / "docs/privacy/record.toml"
STATES = {"held": "held", "away": "does not apply", "open": "**open**"}
CHAPTERS = (
    "Encoding and sanitisation", "Validation and business logic", "Web frontend", "API and web service", "Files", "Authentication",
    "Sessions", "Authorisation", "Self-contained tokens", "OAuth and OIDC", "Cryptography", "Secure communication", "Configuration",
    "Data protection", "Secure coding and architecture", "Logging and errors", "WebRTC",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement of the OWASP ASVS 5.0.0, in words of ours, and what answers it.

    Attributes:
        id: without the leading V. level: 1 or 2.
        by: tests as `file::name`, and files or folders. why: why it does not apply, is open, or is held without a test.
    """

    id: str
    level: int
    asks: str
    state: str
    by: tuple[str, ...]
    why: str

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(one for one in self.by if "::" in one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of personal data; texts by language, "zh" and "en".

    Attributes:
        holds: tables, or columns as `table.column`. articles: of the Personal Information Protection Law.
    """

    code: str
    holds: tuple[str, ...]
    articles: tuple[int, ...]
    sensitive: bool
    code_at: tuple[str, ...]
    what: Mapping[str, str]
    purpose: Mapping[str, str]
    sees: Mapping[str, str]
    until: Mapping[str, str]


def asvs() -> tuple[Asked, ...]:
    """Every requirement of levels 1 and 2, in the standard's order."""
    with ASVS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Asked(
                id=row["id"],
                level=int(row["level"]),
                asks=row["asks"],
                state=row["state"],
                by=tuple(row["by"].split()),
                why=row["why"],
            )
            for row in csv.DictReader(file)
        )


def record() -> tuple[Kind, ...]:
    """Every kind of personal data that the app keeps."""
    kinds = tomllib.loads(RECORD.read_text(encoding="utf-8"))["kind"]
    return tuple(
        Kind(
            code=one["code"],
            holds=tuple(one["holds"]),
            articles=tuple(one["articles"]),
            sensitive=one["sensitive"],
            code_at=tuple(one["code_at"]),
            what={lang: one[lang] for lang in ("zh", "en")},
            purpose=_spoken(one, "purpose"),
            sees=_spoken(one, "sees"),
            until=_spoken(one, "until"),
        )
        for one in kinds
    )


def pages() -> dict[Path, str]:
    """Path -> what stands there."""
    return {
        ASVS.with_suffix(".md"): asvs_page(asvs()),
        RECORD.with_suffix(".zh-CN.md"): record_page(record(), "zh"),
        RECORD.with_suffix(".md"): record_page(record(), "en"),
    }


def asvs_page(rows: tuple[Asked, ...]) -> str:
    """The table in words: how many, then chapter by chapter."""
    said = [
        "# OWASP ASVS 5.0.0, levels 1 and 2",
        "",
        "Made from `asvs.csv` by `python -m tools.papers --write`. The numbers are the ",
    ]
    said[-1] += (
        "[standard's](https://github.com/OWASP/ASVS/tree/v5.0.0); its wording is under CC BY-SA and not repeated: the second column is a "
        "reminder in words of ours. `tests/papers/test_security_papers.py` looks for every test and file that is named here."
    )
    said += ["", "| level | rows | held | does not apply | open | answered |", "|---|---|---|---|---|---|"]
    for level in (1, 2):
        of = [one for one in rows if one.level == level]
        count = {state: sum(one.state == state for one in of) for state in STATES}
        answered = 100 * (len(of) - count["open"]) / len(of)
        said.append(
            f"| {level} | {len(of)} | {count['held']} | {count['away']} | {count['open']} | {answered:.1f} % |"
        )
    said += ["", "What is open:", ""]
    said += [
        f"- **{one.id}** (level {one.level}) {one.asks}. {one.why}" for one in rows if one.state == "open"
    ]
    for number, chapter in enumerate(CHAPTERS, 1):
        said += ["", f"## {number} {chapter}", "", "| | level | asks | | by |", "|---|---|---|---|---|"]
        said += [_row(one) for one in rows if one.id.split(".")[0] == str(number)]
    return "\n".join(said) + "\n"


def _row(one: Asked) -> str:
    by = [
        f"`{place.partition('::')[2].removeprefix('test_')}`" if "::" in place else f"`{place}`"
        for place in one.by
    ]
    why = "" if one.state == "open" else one.why
    return f"| {one.id} | {one.level} | {one.asks} | {STATES[one.state]} | {' '.join(filter(None, (', '.join(by), why)))} |"


HEADS = {
    "zh": (
        "个人信息处理记录",
        "种类|个保法条款|敏感|做什么用|谁看得到|保存到什么时候|存在哪里，由哪段程序管",
        "是",
    ),
    "en": (
        "Record of processing",
        "kind|PIPL articles|sensitive|purpose|who sees it|how long|where it stands, and the code that keeps it",
        "yes",
    ),
}
INTRO = {
    "zh": "本表由 `record.toml` 生成（`python -m tools.papers --write`），对应《个人信息保护法》（2021年8月20日通过，11月1日起施行）第五十五、五十六条"
    "的“处理情况记录”；记录和影响评估至少保存三年。天数是出厂规则，社区可以改。每一张存个人信息的表都在里面，由 "
    "`tests/papers/test_privacy_papers.py` 检查。",
    "en": "Made from `record.toml` by `python -m tools.papers --write`. It is the record that articles 55 and 56 of the Personal Information "
    "Protection Law (passed on 20 August 2021, in force since 1 November) ask for; record and impact assessment are kept for three years at "
    "least. Days are the shipped rules, which a community may change. `tests/papers/test_privacy_papers.py` finds a table that is missing.",
}


def record_page(kinds: tuple[Kind, ...], lang: str) -> str:
    """The record in one language."""
    title, head, yes = HEADS[lang]
    columns = head.split("|")
    said = [f"# {title}", "", INTRO[lang], "", f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for one in kinds:
        where = f"{_places(one.holds)} · {_places(one.code_at)}"
        cells = (
            one.what[lang], ", ".join(map(str, one.articles)), yes if one.sensitive else "", one.purpose[lang], one.sees[lang],
            one.until[lang], where,
        )  # fmt: skip
        said.append(f"| {' | '.join(cells)} |")
    return "\n".join(said) + "\n"


def _places(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _spoken(one: Mapping[str, str], name: str) -> dict[str, str]:
    return {lang: one[f"{name}_{lang}"] for lang in ("zh", "en")}


if __name__ == "__main__":
    for path, text in pages().items():
        if "--write" in sys.argv:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
