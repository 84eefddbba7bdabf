"""Numbers as the office sees them: dates, clocks, fixed decimals, leading zeros, percentages and words beside a number.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (built-in format numbers and format codes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

from marketplace.lists.cells.values import CellKind

# Format numbers every program knows without a code; 27 to 36 and 50 to 58 are the East Asian ones.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@", 55: "h:mm", 56: "h:mm:ss",
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
}  # fmt: skip
_DAY_ZERO, _DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL = 2_958_465  # 9999-12-31


class Look(Enum):
    """How a number of this format appears."""

    PLAIN = "plain"
    DATE = "date"
    CLOCK = "clock"
    DATE_CLOCK = "date_clock"
    LENGTH = "length"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """A format code, understood as far as a list needs it."""

    look: Look
    decimals: int = 0
    zeros: int = 0
    percent: bool = False
    before: str = ""
    after: str = ""


_PLAIN = NumberFormat(look=Look.PLAIN)


def built_in(number: int) -> str:
    """The code of a built-in format number; General for one nobody knows."""
    return _BUILT_IN.get(number, "General")


@lru_cache(maxsize=2048)
def format_of(code: str) -> NumberFormat:
    """What a format code does to a number; the part for positive numbers counts."""
    positive = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[(?:dbnum\d|red|blue|black|green|white|color ?\d+)[^\]]*\]', "", positive, flags=re.I)  # fmt: skip
    plain = re.sub(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", "", bare.casefold())
    if re.search(r"\[h+\]|\[m+\]", plain):
        return NumberFormat(look=Look.LENGTH)
    words = re.sub(r"general|am/pm|a/p|上午/下午|[年月日时分秒號号]", "", plain)
    day = re.search(r"[yd]|aaa", words) is not None or re.search(r"mmm", words) is not None
    clock = re.search(r"[hs]", words) is not None
    if not day and not clock and re.fullmatch(r"m+[-/.]?m*", words.strip()):
        day = True
    if day or clock:
        return NumberFormat(look=Look.DATE_CLOCK if day and clock else Look.DATE if day else Look.CLOCK)
    return _numeric(positive, plain)


def _numeric(positive: str, plain: str) -> NumberFormat:
    if "e+" in plain or "general" in plain or plain.strip() in ("", "@"):
        return _PLAIN
    digits = re.search(r"[0#?][0#?,]*(?:\.([0#?]+))?", plain)
    if digits is None:
        return _PLAIN
    whole = digits[0].split(".")[0].replace(",", "")
    before, after = _literals(positive)
    if re.search(r"[0#?]", before + after):
        # 000-0000-0000 puts signs between the digits of a telephone or a day; what is stored is the number.
        return _PLAIN
    return NumberFormat(
        look=Look.FIXED,
        decimals=len((digits[1] or "").rstrip("#?")),
        zeros=whole.count("0"),
        percent="%" in plain,
        before=before,
        after=after,
    )


def _literals(positive: str) -> tuple[str, str]:
    """The words before and after the digits of a code: 0"人" has ("", "人")."""
    bare = re.sub(r"\[[^\]]*\]|[_*].", "", positive)
    found = re.fullmatch(r'((?:"[^"]*"|\\.|[^0#?"])*)[0#?,.]*[0#?](?:[%])?((?:"[^"]*"|\\.|.)*)', bare)
    if found is None:
        return "", ""
    return tuple(re.sub(r'"|\\', "", one.replace("%", "")) for one in found.groups())  # type: ignore[return-value]


def shown(value: float, code: str, *, base_1904: bool = False) -> tuple[str, CellKind]:
    """The number as the office sees it, and what it is."""
    how = format_of(code)
    if how.look in (Look.DATE, Look.DATE_CLOCK, Look.CLOCK, Look.LENGTH) and 0 <= value <= _LAST_SERIAL:
        return _moment(value, how.look, base_1904)
    if how.look is Look.FIXED and abs(value) < 1e15:
        return _fixed(value, how), CellKind.NUMBER
    return plain_number(value), CellKind.NUMBER


def plain_number(value: float) -> str:
    """3.0 as 3, 13900000000.0 whole, 0.1 + 0.2 without its tail."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return f"{value:.15g}"


def _fixed(value: float, how: NumberFormat) -> str:
    if how.percent:
        return f"{value * 100:.{how.decimals}f}%"
    if not how.decimals and value != int(value):
        # A format that hides decimals would change what is stored: 1.5 shown as 2 stays 1.5.
        return f"{how.before}{plain_number(value)}{how.after}"
    text = f"{abs(value):.{how.decimals}f}"
    whole, _, rest = text.partition(".")
    text = whole.zfill(how.zeros) + (f".{rest}" if rest else "")
    return f"{'-' if value < 0 else ''}{how.before}{text}{how.after}"


def _moment(value: float, look: Look, base_1904: bool) -> tuple[str, CellKind]:
    minutes = round((value % 1) * 1440)
    if look is Look.LENGTH and value >= 1:
        total = round(value * 1440)
        return f"{total // 60}:{total % 60:02d}", CellKind.TEXT
    if (look in (Look.CLOCK, Look.LENGTH) and value < 1) or (look is Look.CLOCK and value < 2):
        if minutes == 1440:
            return "24:00", CellKind.CLOCK
        return f"{minutes // 60:02d}:{minutes % 60:02d}", CellKind.CLOCK
    if value < 1:
        return plain_number(value), CellKind.NUMBER
    at = (_DAY_ZERO_1904 if base_1904 else _DAY_ZERO) + timedelta(days=int(value), minutes=minutes)
    if minutes % 1440 == 0 and look is not Look.CLOCK:
        return f"{at:%Y-%m-%d}", CellKind.DAY
    return f"{at:%Y-%m-%d %H:%M}", CellKind.DAY
