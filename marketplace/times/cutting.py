"""A phrase cut into tokens. What no rule knows becomes an UNKNOWN token: nothing is dropped in silence."""

from __future__ import annotations

import re
from functools import lru_cache

from marketplace.text import folded
from marketplace.times.lexicon import RULES, NotANumber
from marketplace.times.tokens import Kind, Token

# Dec 1-5, December 12 and 13: the month belongs to both days.
_SHARED_MONTH = re.compile(
    r"\b((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?) (\d{1,2})(?:st|nd|rd|th)?( ?(?:-|to|and|&|or) ?)"
    r"(\d{1,2})(?:st|nd|rd|th)?(?![\d:./]| ?(?:[ap]\.?m\b|-|to \d|hours?|times|days?|weeks?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)


# Between 2pm and 4pm is one stretch, not two hours.
# 三四点, 两三点, 十一二点: two hours, one after the other.
_HOUR_PAIR = re.compile(
    "(十?)([一二两三四五六七八九])([二三四五六七八九十])([点时])(?![一二三四五六七八九十半\\d])"
)
_UNITS = "一二三四五六七八九十"
# 9:00-11 : 00 is a slip of the space bar.
_SPACED_CLOCK = re.compile(r"(?<=\d) *[:：] *(?=\d\d(?!\d))")
_BETWEEN = re.compile(r"\bbetween ((?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?|noon)) and (?=\d|noon|midday)")


def plain(phrase: str) -> str:
    """The phrase as the rules see it: folded, lower case, one kind of dash, a month before each of its days."""
    dashed = re.sub(r"\s*[‐‑‒–—―─－~～〜∼]+\s*|\s*-+\s*", "-", folded(phrase).casefold())
    dashed = _BETWEEN.sub(r"\1-", _SPACED_CLOCK.sub(":", dashed))
    dashed = _HOUR_PAIR.sub(_two_hours, dashed)
    return _SHARED_MONTH.sub(r"\1 \2\3\1 \4", dashed).replace("早中晚", "早上、中午、晚上")


def _two_hours(match: re.Match[str]) -> str:
    """三四点 as 三点至四点; numerals that do not follow each other (三八点) stay as they are."""
    tens, one, other, word = match.groups()
    first = _UNITS.index(one.replace("两", "二"))
    if _UNITS.index(other) != first + 1:
        return match[0]
    return f"{tens}{one}{word}至{tens}{other}{word}"


def tokens_of(phrase: str) -> list[Token]:
    """The phrase cut into tokens; neighbouring unknown characters form one UNKNOWN token."""
    return list(_cut(plain(phrase)))


# A list of thousands has some dozens of phrases.
@lru_cache(maxsize=2048)
def _cut(text: str) -> tuple[Token, ...]:
    at, found = 0, list[Token]()
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token, length = _longest(text, at)
        if (
            token.kind is Kind.UNKNOWN
            and length == 1
            and found
            and found[-1].kind is Kind.UNKNOWN
            and text[at - 1] != " "
        ):
            found[-1] = Token(Kind.UNKNOWN, None, found[-1].text + token.text)
        elif token.kind is not Kind.FILLER:
            found.append(token)
        at += length
    return tuple(found)


def _longest(text: str, at: int) -> tuple[Token, int]:
    for pattern, kind, value in RULES:
        match = pattern.match(text, at)
        if match and match.end() > at:
            try:
                return Token(kind, value(match), match[0]), match.end() - at
            except NotANumber:
                continue
    word = re.compile(r"[a-z']+|.").match(text, at)
    assert word is not None
    return Token(Kind.UNKNOWN, None, word[0]), len(word[0])
