"""English pages: what stays Chinese on them is marked as Chinese, and said in Latin letters or English beside it.

People's names, places and their own words are stored as they were written. On an English page a screen reader must be told
that they are Chinese (WCAG 3.1.2), and a reader who cannot read them needs something to say: a name is romanised (`person`, or
by itself where it is a form of address such as 王奶奶), a word that offices use has its English, a numbered place too. The
original always stays beside it, for it is what stands on the door and what people answer to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from marketplace.categories import default_tree
from marketplace.public_words import SOMEBODY
from marketplace.romanising import DOUBLE_SURNAMES, HAN, romanised
from timebank.web import i18n

CHINESE = "zh-CN"
GLOSSARY = Path(__file__).parent.parent / "locale" / "en" / "glossary"
# Chinese signs, and what may stand between two of them and belongs to the same phrase.
_BETWEEN = r"0-9·#%.,:+/°~–—\-"
_SIGNS = f"{HAN}\u3001-\u301f\u2018-\u201d\u2026\uff01-\uffef"
# A space belongs to a phrase beside a number only: words with one between them are two.
RUN = re.compile(f"[{HAN}](?:(?:[{_SIGNS}{_BETWEEN}]| (?=[0-9])|(?<=[0-9]) )*[{_SIGNS}])?[0-9]*")
_HAN = re.compile(f"[{HAN}]")
_PIECES = re.compile(r"""(<!--.*?-->|<(?:[^"'>]|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
_LANG = re.compile(r"""\slang=["']?(zh)?""")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# Elements that hold no other element: the mark goes on themselves; the title of a tab cannot have one for a part of it.
_WHOLE = frozenset({"option", "textarea", "text"})
_LEFT = frozenset({"script", "style"})

ADDRESSED = {
    "奶奶": "Granny {}", "爷爷": "Grandpa {}", "阿姨": "Auntie {}", "婆婆": "Granny {}", "大妈": "Auntie {}", "大爷": "Grandpa {}",
    "叔叔": "Uncle {}", "叔": "Uncle {}", "伯伯": "Uncle {}", "姐": "Sister {}", "大姐": "Sister {}", "哥": "Brother {}",
    "大哥": "Brother {}", "师傅": "Master {}", "老师": "Teacher {}", "护士": "Nurse {}", "医生": "Doctor {}", "大夫": "Doctor {}",
    "队长": "Captain {}", "社工": "Social worker {}", "监督员": "Auditor {}", "先生": "Mr {}", "女士": "Ms {}",
    "主任": "Director {}", "书记": "Secretary {}", "律师": "Lawyer {}", "警官": "Officer {}", "校长": "Principal {}",
}  # fmt: skip
_ADDRESS = re.compile(f"([{HAN}]{{1,2}})({'|'.join(sorted(ADDRESSED, key=len, reverse=True))})")
_DIGITS = "零一二三四五六七八九十"
_PLACE = re.compile(
    r"(?:(?P<grid>[一二三四五六七八九十]{1,3}|\d{1,3})网格)?\s*(?:(?P<building>\d{1,4})(?:号楼|栋|幢))?(?:(?P<unit>\d{1,2})单元)?(?P<room>\d{2,4})?(?:室)?"
)


def person(name: str | None) -> str | Markup:
    """A person's name: on English pages in Latin letters with the original beside it, otherwise as it is."""
    if not name or i18n.current() != "en":
        return name or ""
    said = addressed(name) or romanised(name)
    # The original is marked as Chinese with the rest of the page.
    return Markup("{} {}").format(said, name) if said else escape(name)


@lru_cache(maxsize=4096)
def addressed(name: str) -> str:
    """王奶奶 → Granny Wang: a surname and how one is called; "" for anything else."""
    found = _ADDRESS.fullmatch(name)
    if found is None:
        return ""
    return ADDRESSED[found[2]].format(DOUBLE_SURNAMES.get(found[1]) or romanised(found[1]))


@lru_cache(maxsize=4096)
def place(name: str) -> str:
    """一网格3号楼2单元502 → Grid 1, building 3, unit 2, 502; "" for a place with a name of its own."""
    found = _PLACE.fullmatch(name)
    if found is None or not (found["grid"] or found["building"]):
        return ""
    said = [f"{word} {value}" for word, value in (("grid", _number(found["grid"])), ("building", found["building"]), ("unit", found["unit"])) if value]  # fmt: skip
    text = ", ".join([*said, *([found["room"]] if found["room"] else [])])
    return text[:1].upper() + text[1:]


def _number(written: str | None) -> str:
    if not written or written.isdigit():
        return written or ""
    tens, ten, ones = written.rpartition("十")
    value = (_DIGITS.index(tens) if tens else 1) * 10 if ten else 0
    return str(value + (_DIGITS.index(ones) if ones else 0))


@cache
def glossary() -> Mapping[str, str]:
    """Words that offices write into lists, and their English."""
    with (GLOSSARY / "office.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="en") if one.id and one.string}


def gloss(run: str) -> str:
    """What a Chinese phrase is in English, when that is known for sure: an office word, a numbered place, a form of address."""
    return glossary().get(run, "") or _kinds_of_help().get(run, "") or addressed(run) or place(run)


@cache
def _kinds_of_help() -> Mapping[str, str]:
    """What stands where a title of a need stood, and its English."""
    known = {one.zh: one.en for one in default_tree().categories.values()}
    return {SOMEBODY[0]: SOMEBODY[1], **known}


def _marked(text: str, *, plain: bool) -> str:
    """A text of an English page with each Chinese phrase explained, and marked unless the element itself is."""

    def one(found: re.Match[str]) -> str:
        run = found[0]
        said = gloss(run)
        # Beside a name that the page romanised already, nothing is said twice.
        said = "" if said and found.string[: found.start()].rstrip().endswith(said) else said
        inside = run if plain else f'<span lang="{CHINESE}">{run}</span>'
        return f"{escape(said)} {inside}" if said else inside

    return RUN.sub(one, text)


def in_english(html: str) -> str:
    """A page or a part of one in English, with everything Chinese on it marked by its language."""
    if not _HAN.search(html):
        return html
    pieces = _PIECES.split(html)
    inside: list[tuple[str, bool]] = []
    for place_, piece in enumerate(pieces):
        if place_ % 2:
            _open_or_close(pieces, place_, inside)
        elif _HAN.search(piece):
            tag, chinese = inside[-1] if inside else ("", False)
            if tag not in _LEFT and not chinese:
                pieces[place_] = _marked(piece, plain=tag in _WHOLE or tag == "title")
                if tag in _WHOLE:
                    pieces[place_ - 1] = _with_lang(pieces[place_ - 1])
    return "".join(pieces)


def _open_or_close(pieces: list[str], at: int, inside: list[tuple[str, bool]]) -> None:
    piece = pieces[at]
    found = _TAG.match(piece)
    if found is None:
        return
    tag = found[1].casefold()
    if piece.startswith("</"):
        # An end without a beginning closes nothing.
        while any(name == tag for name, _ in inside) and inside.pop()[0] != tag:
            pass
    elif tag not in _VOID and not piece.endswith("/>"):
        lang = _LANG.search(piece)
        chinese = bool(lang[1]) if lang else bool(inside and inside[-1][1])
        inside.append((tag, chinese))


def _with_lang(tag: str) -> str:
    return tag if _LANG.search(tag) else f'{tag[:-1]} lang="{CHINESE}">'
