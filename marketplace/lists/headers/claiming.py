"""What each column of a table claims to hold: its header's words, held against what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.lists.headers.cutting import HeaderWord, of_thing, read_header, weekday_of
from marketplace.lists.headers.shapes import shares
from marketplace.lists.headers.words import vocabulary

PATH = " | "
# A concept is contradicted when so few of at least so many cells have a shape it allows.
_CELLS_LEAST, _SHARE_LEAST = 3, 0.3
# What an unclaimed column most likely is, by the look of most of its cells.
_GUESSES = (("long_number", "identity_number"), ("email", "email"), ("phone", "phone"), ("clock", "clock_in"), ("date", "held_on"))  # fmt: skip
_GUESS_SHARE = 0.6
_NAMELESS = re.compile(r"#\d{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnClaim:
    """One column.

    Attributes:
        name: the column's own name in the table.
        concepts: its readings; () when nobody claims it. With an owner they are `owner.concept`.
        guess: the concept its cells suggest when nobody claims it, "" for none.
        weekday, day: the header names a weekday (0 is Monday), or a day as written (11.3, 15).
        contradicted: its cells cannot be what the header says.
        filled: how many rows have something in it.
    """

    name: str
    concepts: tuple[str, ...] = ()
    guess: str = ""
    part: str = ""
    unit_minutes: int = 0
    weekday: int | None = None
    day: str = ""
    sure: bool = True
    contradicted: bool = False
    filled: int = 0
    shares: Mapping[str, float]

    @property
    def class_of(self) -> str:
        """ "sensitive", "note" or ""."""
        found = {_class(concept) for concept in self.concepts}
        return found.pop() if len(found) == 1 else ""

    @property
    def trusted(self) -> bool:
        """Whether the column may be used without asking."""
        return bool(self.concepts) and self.sure and not self.contradicted


def _class(concept: str) -> str:
    owner, _, bare = concept.rpartition(".")
    known = vocabulary().classes.get(bare, "")
    return known or ("note" if owner in ("guardian", "emergency") or bare == "other_person" else "")


def claims_of(columns: Sequence[str], cells: Mapping[str, Sequence[str]]) -> tuple[ColumnClaim, ...]:
    """What every column claims, in order."""
    return tuple(_claim(name, cells.get(name, ())) for name in columns)


def _claim(name: str, cells: Sequence[str]) -> ColumnClaim:
    upper, own = _parts(name)
    word = _with_upper(upper, own)
    found = shares(cells)
    filled = sum(map(bool, cells))
    if _NAMELESS.fullmatch(name):
        # A column without a name is a running number, or somebody must say what it is.
        counts = found.get("number", 0) == 1 and found.get("short", 0) == 1
        word = HeaderWord(concepts=("number",) if counts else ())
    weekday, day = weekday_of(own), day_head(own)
    if weekday is not None or day:
        word = HeaderWord(concepts=read_header(upper).concepts if upper else (), sure=True)
    if word.part and not word.concepts and found.get("range", 0) >= _GUESS_SHARE:
        # 8:30-11:30 under 上午 is how long somebody was there.
        word = replace(word, concepts=("span",), sure=True)
    concepts = tuple(f"{word.owner}.{one}" if word.owner else one for one in word.concepts)
    if found.get("long_number", 0) >= _GUESS_SHARE:
        # An identity number is left out whatever its column is called.
        return ColumnClaim(name=name, concepts=("identity_number",), filled=filled, shares=found)
    if concepts in (("when",), ("free_time",)) and found.get("range", 0) >= _GUESS_SHARE:
        # 8:30-11:30 may be when something is to be, or how long somebody was there.
        concepts = (*concepts, "span")
    return ColumnClaim(
        name=name,
        concepts=concepts,
        guess="" if concepts else _guess(found),
        part=word.part,
        unit_minutes=word.unit_minutes,
        weekday=weekday,
        day=day,
        sure=word.sure,
        contradicted=weekday is None and not day and _contradicted(word.concepts, found, filled),
        filled=filled,
        shares=found,
    )


def _parts(name: str) -> tuple[str, str]:
    """(what stands above, the column's own header); a number that made a repeated name unique is taken off."""
    *above, own = name.split(PATH)
    return " ".join(above), re.sub(r"(?:(?<=\S) |(?<=[\u3400-\u9fff]))\d{1,2}$", "", own)


def _with_upper(upper: str, own: str) -> HeaderWord:
    """The own header, qualified by what stands above it; the upper one alone where the own says nothing."""
    word = read_header(own)
    if not upper:
        return word
    above = read_header(upper)
    if not word.concepts and (word.part or not own):
        return HeaderWord(
            concepts=above.concepts, owner=above.owner, part=word.part or above.part,
            unit_minutes=word.unit_minutes or above.unit_minutes, sure=above.sure,
        )  # fmt: skip
    # 内容 below 服务需求 is the need, and its details where another column names it.
    concepts, _ = of_thing(word.concepts, word.owner, above.concepts[:1])
    return HeaderWord(
        concepts=concepts,
        owner=word.owner or (above.owner if not above.concepts else ""),
        part=word.part or above.part,
        unit_minutes=word.unit_minutes or above.unit_minutes,
        sure=word.sure,
    )


def day_head(text: str) -> str:
    """The day a header names (11.3, 11月3日, 2026-11-03, 15日, 15), as written; "" for none."""
    plain = text.strip()
    if re.fullmatch(
        r"(?:\d{4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?:\s*[(（]?(?:周|星期)?[一二三四五六日天][)）]?)?",
        plain,
    ):
        return plain
    found = re.fullmatch(r"(\d{1,2})\s*[日号]?", plain)
    return plain if found and 1 <= int(found[1]) <= 31 else ""


def _contradicted(concepts: tuple[str, ...], found: Mapping[str, float], filled: int) -> bool:
    if filled < _CELLS_LEAST or not concepts:
        return False
    known = [vocabulary().shapes[concept] for concept in concepts if concept in vocabulary().shapes]
    if not known or len(known) < len(concepts):
        return False
    return all(
        max((found.get(shape, 0.0) for shape in allowed), default=0.0) < _SHARE_LEAST for allowed in known
    )


def _guess(found: Mapping[str, float]) -> str:
    return next((concept for shape, concept in _GUESSES if found.get(shape, 0) >= _GUESS_SHARE), "")


def header_words(row: Sequence[str]) -> int:
    """How many cells of a row are header words understood without doubt; weekdays, which stand in times too, do not count."""
    return sum(
        1
        for cell in row
        if cell
        and len(cell) <= 40
        and (word := read_header(cell)).concepts
        and word.sure
        and weekday_of(cell) is None
    )


def is_sensitive(name: str) -> bool:
    """Whether a column of this name is never kept, whatever the list."""
    upper, own = _parts(name)
    concepts = _with_upper(upper, own).concepts
    return bool(concepts) and all(_class(concept) == "sensitive" for concept in concepts)
