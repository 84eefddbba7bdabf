"""The papers on security name nothing that is not there, and what they say of the standard is what their data says."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from tools import papers

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {1: 70, 2: 183}
"""Rows of OWASP ASVS 5.0.0."""


@cache
def _tests_in(file: str) -> frozenset[str]:
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE))


def _is_there(place: str) -> bool:
    file, _, name = place.partition("::")
    return name in _tests_in(file) if name else (ROOT / place).exists()


def test_the_table_has_every_row_of_levels_1_and_2_once() -> None:
    rows = papers.asvs()
    assert Counter(one.level for one in rows) == LEVELS
    assert len({one.id for one in rows}) == len(rows)
    assert {one.state for one in rows} == set(papers.STATES)
    order = [tuple(map(int, one.id.split("."))) for one in rows]
    assert order == sorted(order)


def test_every_test_and_file_that_a_row_names_is_there() -> None:
    assert [(one.id, place) for one in papers.asvs() for place in one.by if not _is_there(place)] == []


def test_every_row_of_level_1_has_a_test_or_a_reason() -> None:
    assert [one.id for one in papers.asvs() if one.level == 1 and not (one.tests or one.why)] == []


def test_what_is_held_is_held_by_something_and_what_is_not_says_why() -> None:
    assert [
        one.id for one in papers.asvs() if (not one.by if one.state == "held" else not one.why or one.tests)
    ] == []


def test_at_least_95_in_100_rows_of_level_2_are_answered() -> None:
    second = [one for one in papers.asvs() if one.level == 2]
    assert sum(one.state != "open" for one in second) >= 0.95 * len(second)


def test_the_pages_are_what_their_data_says() -> None:
    for path, text in papers.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: python -m tools.papers --write"


def test_every_test_and_file_that_the_other_papers_name_is_there() -> None:
    """In back quotes: a path of this tree, or the name of a test."""
    every = frozenset(
        name for path in ROOT.glob("tests/**/test_*.py") for name in _tests_in(str(path.relative_to(ROOT)))
    )
    named = 0
    for path in (
        ROOT / "SECURITY.md", *ROOT.glob("docs/security/*.md"), *ROOT.glob("docs/privacy/*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md",
    ):  # fmt: skip
        for word in re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8")):
            if re.fullmatch(r"test_\w+", word):
                assert word in every, (path.name, word)
                named += 1
            elif re.fullmatch(r"(tests|timebank|ledger|marketplace|docs|tools|benchmarks)/[\w./-]+", word):
                assert (ROOT / word).exists(), (path.name, word)
                named += 1
    assert named > 60


def test_the_trust_numbers_are_those_that_stand_in_the_papers_they_lead_to() -> None:
    figures = (ROOT / "docs/outside-figures.md").read_text(encoding="utf-8")
    files = re.findall(r"^\|.+\.\w{3,4} \| [\d.]+ \| .+ \| ([\d.]+) \| (\d+) MB \|", figures, re.MULTILINE)
    proof = (ROOT / "docs/ledger-proof.md").read_text(encoding="utf-8")
    (killed,) = re.findall(r"200 kills, ([\d,]+) posts acknowledged.+\| 0 lost, 0 doubled, 0 half", proof)
    held = {
        level: sum(one.level == level and one.state != "open" for one in papers.asvs()) for level in LEVELS
    }
    most_mb = max(int(megabytes) for _seconds, megabytes in files)
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    assert f"| {held[1]} of {LEVELS[1]}, {held[2]} of {LEVELS[2]} |" in english
    assert f"| {LEVELS[1]} 条中 {held[1]}，{LEVELS[2]} 条中 {held[2]} |" in chinese
    for page in (english, chinese):
        assert f"≤ {most_mb} MB" in page or f"不超过 {most_mb} MB" in page
        assert killed in page
    assert f"| {len(files)} files |" in english
    assert f"| {len(files)} 个 |" in chinese
