"""Text as offices type it, made comparable without losing what was written.

Two foldings: `folded` for reading times, quantities and headers (Unicode NFKC, so ９：００ and ① become plain), and
`narrowed` for names and sentences, which only narrows full-width letters and digits: NFKC would replace rare characters
of a person's name by look-alikes.
"""

from __future__ import annotations

import re
import unicodedata

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_KEEP_WIDE = str.maketrans(
    {"，": "，", "：": "：", "（": "（", "）": "）", "；": "；", "！": "！", "？": "？"}
)
_NARROW_NAMES = {code: to for code, to in _NARROW.items() if code not in _KEEP_WIDE}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def folded(text: str) -> str:
    """The text for reading: NFKC, invisible characters gone, white space single, ends trimmed."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def narrowed(text: str) -> str:
    """The text for keeping: full-width letters and digits narrowed, Chinese punctuation and rare characters untouched."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text.translate(_NARROW_NAMES))).strip()


def compared(text: str) -> str:
    """The text for comparing two cells: folded, lower case, no white space and no punctuation."""
    return "".join(char for char in folded(text).casefold() if char.isalnum())


def chinese_int(text: str) -> int | None:
    """The number written in digits or Chinese numerals below 1000 (十五, 两, 零五, 二十, 一百二十); None when it is not one."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text.startswith("廿"):
        text = "二十" + text[1:]
    total, digit, seen = 0, None, False
    for char in text:
        if char in "零〇" and (total or (digit is None and len(text) > 1)):
            seen = True
            continue
        if char in _DIGITS:
            if digit is not None:
                return None
            digit, seen = _DIGITS[char], True
        elif char in "十百":
            total += (1 if digit is None else digit) * (10 if char == "十" else 100)
            digit, seen = None, True
        else:
            return None
    return total + (digit or 0) if seen else None


def looks_like_formula(text: str) -> bool:
    """True when a spreadsheet program could run the cell instead of showing it."""
    bare = text.lstrip(" \u3000")
    if not bare.startswith(_FORMULA_START) and not text.startswith(_FORMULA_START):
        return False
    # A signed number or a lone dash is data, and so is a phone written +86 ...
    return re.fullmatch(r"[+\-－＋]?[\d\s.,、%()\-]*", bare.strip()) is None or text[:1] in "\t\r\n"


def harmless(text: str) -> str:
    """The text for keeping, with an apostrophe where a spreadsheet program could run it; a number stays as it is."""
    return neutralised(text) if looks_like_formula(text) else text


def neutralised(text: str) -> str:
    """The cell so that no spreadsheet program runs it: a leading apostrophe wherever one might."""
    bare = text.lstrip(" \u3000")
    dangerous = text.startswith(_FORMULA_START) or bare.startswith(_FORMULA_START)
    return "'" + text if dangerous else text


def unguarded(text: str) -> str:
    """The cell without the apostrophe that `neutralised` put before it; any other apostrophe stays."""
    return text[1:] if text.startswith("'") and neutralised(text[1:]) == text else text
