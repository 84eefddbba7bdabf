"""Numerals as people write them: 一千余, 两千三百, 1.2万 become digits before anything else is read."""

from __future__ import annotations

import re
from fractions import Fraction

from marketplace.text import chinese_int

NUMERAL = r"(?:\d+|[一二两三四五六七八九十百]+)"
LARGE = re.compile(
    r"(?<![\d.一-九])(?:(?P<tens>\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})万)?"
    r"(?:(?P<thousands>\d|[一二两三四五六七八九])千)?(?P<hundreds>[一二两三四五六七八九]百)?(?![\d一二两三四五六七八九十百千万])"
)


def large(match: re.Match[str]) -> str:
    """The digits of a number with 千 or 万; any other stays as it is written, and so does one that is not whole."""
    if not match["tens"] and not match["thousands"]:
        return match[0]
    total = Fraction(0)
    for name, each in (("tens", 10_000), ("thousands", 1_000)):
        if match[name]:
            total += _value(match[name]) * each
    total += _value(match["hundreds"]) if match["hundreds"] else 0
    return str(total) if total.denominator == 1 else match[0]


def _value(text: str) -> Fraction:
    return Fraction(text) if text[0].isdigit() else Fraction(chinese_int(text) or 0)
