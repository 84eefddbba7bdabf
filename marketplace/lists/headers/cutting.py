"""A header cut into known words: what the column holds, whose it is, and how sure that is.

The last concept is the head, words before it qualify it (家长|电话 is nobody's own phone); "of" turns that round. A word
that is in no table makes the reading unsure. Brackets are hints: (小时) is a unit, (家长) an owner, (必填) nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketplace.hanzi import simplified
from marketplace.lists.headers.words import Word, plain, vocabulary
from marketplace.text import folded

_BRACKETS = re.compile(r"[(\[【（〔{<]([^)\]】）〕}>]*)[)\]】）〕}>]")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[).、．:]\s*|[一二三四五六七八九十]{1,2}、|q\d{1,2}[.:]\s*)")
_JOINERS = re.compile(
    r"(?<=[\u3400-\u9fff])(?:[/、，,]|及|和|与|或)(?=[\u3400-\u9fff])|\s*[/&、]\s*|\s+and\s+|\s+or\s+"
)
_UNITS = (
    (1, ("分钟", "分", "min", "mins", "minutes", "minute")),
    (60, ("小时", "个小时", "时", "h", "hr", "hrs", "hour", "hours")),
)
# English nouns whose "name" is the thing itself and nobody's.
_NAMED = frozenset(
    {"activity", "project", "offer", "need", "team", "place", "owner", "category", "lead", "held_on"}
)
# 资源项目 is the offer and no project; 需求说明 the need, or its details where another column names the need.
_THINGS = frozenset({"need", "offer", "activity", "skill", "wish"})
_DETAILS = frozenset({"content", "remark"})
_WEEKDAYS = {
    **{word: at for at, char in enumerate("一二三四五六日") for word in (f"周{char}", f"星期{char}", f"礼拜{char}")},
    "周天": 6, "星期天": 6, "礼拜天": 6,
    **{word: at for at, (long, short) in enumerate((("monday", "mon"), ("tuesday", "tue"), ("wednesday", "wed"), ("thursday", "thu"), ("friday", "fri"), ("saturday", "sat"), ("sunday", "sun"))) for word in (long, short)},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderWord:
    """What a header says.

    Attributes:
        concepts: readings of the column, the likeliest first; () when no word of it is known.
        owner: "" for the row's own, else whose it is.
        part: "" or the part of the day.
        unit_minutes: 60 or 1 where a unit is written, 0 without one.
        sure: every letter is understood and there is one thing in the column.
        unread: how many letters are in no known word.
    """

    concepts: tuple[str, ...] = ()
    owner: str = ""
    part: str = ""
    unit_minutes: int = 0
    sure: bool = True
    unread: int = 0


@lru_cache(maxsize=65_536)
def read_header(text: str) -> HeaderWord:
    """What one header cell says."""
    if len(text) > 60:
        return HeaderWord(sure=False)
    bare = plain(text)
    hints = " ".join(_BRACKETS.findall(bare))
    bare = plain(_NUMBERED.sub("", _BRACKETS.sub(" ", bare)))
    whole = vocabulary().words.get(_tight(bare)) or vocabulary().words.get(_tight(bare.replace(" ", "")))
    if not bare:
        bare, hints = hints, ""
    read = HeaderWord(concepts=whole.concepts) if whole is not None and whole.concepts else _joined(bare)
    return _with_hints(read, hints, bare)


def weekday_of(text: str) -> int | None:
    """Monday is 0; None unless the whole cell names one weekday."""
    return _WEEKDAYS.get(_tight(plain(text)))


def _tight(text: str) -> str:
    """Without spaces between Han characters, single spaces elsewhere."""
    return re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", re.sub(r"\s+", " ", text)).strip()


def _joined(text: str) -> HeaderWord:
    """姓名/电话 holds two things and is asked about; 日期/时间 of one kind is the first."""
    pieces = [piece for piece in _JOINERS.split(text) if piece.strip()]
    if len(pieces) < 2:
        return _cut(_tight(text))
    whole = _cut(_tight(text))
    read = [_cut(_tight(piece)) for piece in pieces]
    heads = [one.concepts[0] for one in read if one.concepts]
    if all(not one.concepts or one.concepts == ("other_person",) for one in read[:-1]) and whole.owner:
        return whole
    if set(heads) == {"contact", "phone"}:
        return HeaderWord(concepts=("contact",), owner=whole.owner, sure=all(one.sure for one in read))
    if len(set(heads)) < 2:
        known = next((one for one in read if one.concepts), whole)
        return HeaderWord(
            concepts=known.concepts, owner=known.owner, part=known.part, unit_minutes=known.unit_minutes,
            sure=known.sure and all(one.sure for one in read),
        )  # fmt: skip
    return HeaderWord(concepts=read[0].concepts, owner=read[0].owner, sure=False)


def _cut(text: str) -> HeaderWord:
    """The fewest letters left over, then the fewest words."""
    words, unknown = _words_of(text)
    if unknown:
        # 名 and 到 are words by themselves; beside letters nobody knows (报名方式) they are parts of others.
        words = [one for one in words if len(one[0]) > 1]
    if any(written == "of" for written, _ in words):
        left, right = text.split(" of ", 1) if " of " in text else (text, "")
        words = [*_words_of(right)[0], *_words_of(left)[0]]
    concepts: tuple[str, ...] = ()
    owner = part = ""
    unit = 0
    modifiers: list[str] = []
    head = next(
        (at for at in range(len(words) - 1, -1, -1) if words[at][1].concepts and not _only_beside(words, at)),
        -1,
    )
    for at, (written, word) in enumerate(words):
        unit = _unit(written) or unit if at != head or len(words) > 1 else unit
        if at == head:
            concepts = word.concepts
        elif (word.owner and at < head) or (word.owner and head < 0):
            owner = word.owner
        elif word.part:
            part = word.part
        elif word.concepts and at < head and not word.neutral:
            modifiers.append(word.concepts[0])
    if head >= 0 and concepts[0] in ("person", "number") and modifiers and modifiers[-1] in _NAMED:
        concepts = (modifiers[-1],) if concepts[0] == "person" else concepts
    concepts, owner = of_thing(concepts, owner, modifiers)
    if head < 0 and owner in ("guardian", "emergency"):
        return HeaderWord(concepts=("other_person",), owner=owner, sure=not unknown, unread=unknown)
    # A whole header such as 签到时间(小时) keeps its unit through the hints; 小时数 names it itself.
    return HeaderWord(
        concepts=concepts, owner=owner, part=part, unit_minutes=unit, sure=not unknown, unread=unknown
    )


def of_thing(concepts: tuple[str, ...], owner: str, modifiers: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """A head that says only what kind of word it is (项目, 说明) is read by the thing before it."""
    if not concepts:
        return concepts, owner
    if owner == "claimer" and concepts[0] in ("content", "wish", "offer"):
        # 认领岗位 is the post somebody takes, and nobody else's work.
        return ("wish",), ""
    if modifiers and modifiers[-1] in ("clock_in", "clock_out") and concepts[0] == "when":
        return (modifiers[-1],), owner
    thing = modifiers[-1] if modifiers and modifiers[-1] in _THINGS else ""
    if thing and concepts[0] == "project":
        return (thing,), owner
    if thing in ("need", "offer", "activity") and concepts[0] in _DETAILS:
        return (thing, "content"), owner
    return concepts, owner


def _only_beside(words: list[tuple[str, Word]], at: int) -> bool:
    """A neutral word that is also a concept (活动, to) counts only where no other concept stands."""
    return words[at][1].neutral and any(
        word.concepts and not word.neutral for place, (_, word) in enumerate(words) if place != at
    )


def _words_of(text: str) -> tuple[list[tuple[str, Word]], int]:
    """(the words found, letters left over)."""
    known = vocabulary()
    count = len(text)
    best: list[tuple[int, int, int]] = [(0, 0, -1)] + [(count + 1, 0, -1)] * count
    for end in range(1, count + 1):
        char = text[end - 1]
        skipped = best[end - 1]
        cost = 0 if not char.isalnum() else 1
        best[end] = (skipped[0] + cost, skipped[1], end - 1)
        for start in range(max(0, end - known.longest), end):
            piece = text[start:end]
            if piece in known.words and _at_boundaries(text, start, end):
                option = (best[start][0], best[start][1] + 1, start)
                if option[:2] < best[end][:2] or (
                    option[0] <= best[end][0] and best[end][2] == end - 1 and cost
                ):
                    best[end] = option
    words: list[tuple[str, Word]] = []
    at = count
    while at > 0:
        start = best[at][2]
        piece = text[start:at]
        if (
            piece in known.words
            and (len(piece) > 1 or piece in known.words)
            and _at_boundaries(text, start, at)
        ):
            words.append((piece, known.words[piece]))
        at = start
    return words[::-1], best[count][0]


def _at_boundaries(text: str, start: int, end: int) -> bool:
    """English words are whole words; Chinese has no such ends."""
    first, last = text[start], text[end - 1]
    if (
        first.isascii()
        and first.isalnum()
        and start
        and text[start - 1].isascii()
        and text[start - 1].isalnum()
    ):
        return False
    return not (
        last.isascii() and last.isalnum() and end < len(text) and text[end].isascii() and text[end].isalnum()
    )


def _with_hints(read: HeaderWord, hints: str, bare: str) -> HeaderWord:
    unit = next((minutes for minutes, words in _UNITS if any(_tight(hint) in words for hint in re.split(r"[\s,，/:：]+", hints))), 0)  # fmt: skip
    owner = part = ""
    for word in _words_of(_tight(hints))[0] if hints else []:
        owner = owner or word[1].owner if not word[1].concepts else owner
        part = part or word[1].part
    unit = unit or read.unit_minutes or _own_unit(bare)
    return HeaderWord(
        concepts=read.concepts,
        owner=read.owner or owner,
        part=read.part or part,
        unit_minutes=unit,
        sure=read.sure,
        unread=read.unread,
    )


def _unit(text: str) -> int:
    return next((minutes for minutes, words in _UNITS if text in words), 0)


def _own_unit(bare: str) -> int:
    """小时数, hours worked and Actual Time in Minutes name their unit in passing."""
    if re.search(r"分钟|\bmins?\b|minutes?", bare):
        return 1
    return 60 if re.search(r"小时|时数|工时|\bhrs?\b|hours?", bare) else 0


def simplified_folded(text: str) -> str:
    """A title or sheet name for finding hints in it."""
    return simplified(folded(text)).casefold()
