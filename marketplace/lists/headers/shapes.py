"""What the cells of a column look like: enough to contradict a header, never enough to replace it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from marketplace.text import folded

SAMPLE_MAX = 60
# Numbers that name a person to the state: 18 places on the mainland, a letter and nine digits on Taiwan.
_IDENTITY = re.compile(r"\d{17}[\dXx]|[A-Z][12]\d{8}")
_TICKS = frozenset("√✓✔☑●○◯√v x✗×是否有无yn") | {"yes", "no", "ok"}
_UNIT_NAME = re.compile(
    r"(?:公司|医院|学校|小学|中学|大学|银行|超市|店|所|局|站|中心|委会|协会|队|社|馆|厅|院|园|部|办|支部|集团|事务所|ltd|inc|school|hospital|bank|club|church|centre|center|library)$"
)
_TIME_WORDS = re.compile(
    r"周|星期|礼拜|上午|下午|晚|早|每天|每日|每月|工作日|随时|双休|节假|不限|都可以|全天|\d\s*[点时:]\d*|mon|tue|wed|thu|fri|sat|sun|morning|afternoon|evening|any ?time|weekend|daily|flexible",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def shapes_of(text: str) -> frozenset[str]:
    """Every shape a cell has: phone, long_number, email, date, clock, range, length, number, quantity, tick, when, name, unit, short, text."""
    plain = folded(text)
    tight = re.sub(r"[\s\-()]", "", plain)
    found: set[str] = set()
    if _IDENTITY.fullmatch(tight):
        return frozenset({"long_number"})
    if not _is_date(plain) and (
        re.fullmatch(r"(?:\+?86|0086)?1\d{10}", tight)
        or re.fullmatch(r"0\d{9,11}|[2-8]\d{6,7}|\+\d{8,14}|400\d{7}", tight)
    ):
        found.add("phone")
    if re.search(r"1\d{10}|0\d{2,3}-?\d{7,8}", tight):
        found.add("phone")
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", plain):
        found.add("email")
    if _is_date(plain):
        found |= {"date", "when"}
    if re.fullmatch(
        r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2} )?(?:(?:次日|凌晨|上午|下午|早上?|晚上?|中午)?\s*\d{1,2}\s*[:.点时]\s*(?:\d{1,2}|半|整)?分?(?::\d{2})?)\s*(?:am|pm)?",
        plain,
        re.I,
    ):
        found |= {"clock", "when"}
    if re.search(r"\d{1,2}[:点时.]\d{0,2}\s*(?:-|—|–|~|至|到|to)\s*\d{1,2}[:点时.]\d{0,2}", plain):
        found |= {"range", "when"}
    if re.fullmatch(
        r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)\s*(?:个?半?小时|h|hrs?|hours?|分钟?|mins?|minutes?|天|个?月)(?:\s*\d+\s*(?:m|分钟?|mins?|minutes?))?",
        plain,
        re.I,
    ):
        found.add("length")
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?%?", plain):
        found.add("number")
        if not re.fullmatch(r"\d{7,}", plain):
            found |= {"quantity", "length"}
    if re.search(r"\d|[一二两三四五六七八九十半]", plain) and len(plain) <= 20:
        found.add("quantity")
    if plain.casefold() in _TICKS:
        found.add("tick")
    if _TIME_WORDS.search(plain):
        found.add("when")
    if _looks_like_name(plain):
        found.add("name")
    if _UNIT_NAME.search(plain.casefold()):
        found.add("unit")
    if len(plain) <= 12 or (plain.isascii() and len(plain) <= 24):
        found.add("short")
    found.add("text")
    return frozenset(found)


def _is_date(plain: str) -> bool:
    return (
        re.fullmatch(
            r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}|\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?)?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}月\d{1,2}[日号]?(?:\([^)]*\))?|"
            r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?|(?:19|20)\d{6}|\d{1,2} \w{3,9}\.? \d{4}|\w{3,9}\.? \d{1,2}, ?\d{4}|[34]\d{4}",
            plain,
        )
        is not None
    )


def _looks_like_name(plain: str) -> bool:
    if re.fullmatch(r"[\u3400-\u9fff]{2,4}", plain):
        return True
    if re.fullmatch(r"[\u3400-\u9fff]{1,6}[·•・‧．.][\u3400-\u9fff·•・‧．.]{1,10}", plain):
        return True
    return re.fullmatch(r"[A-Z][\w'’.-]+(?:[ ,]+[A-Z][\w'’.-]*){0,3}", plain) is not None


def shares(cells: Iterable[str]) -> Mapping[str, float]:
    """Shape -> share of the filled cells that have it, from the first of them."""
    counts: Counter[str] = Counter()
    total = 0
    for cell in cells:
        if cell:
            total += 1
            counts.update(shapes_of(cell))
            if total >= SAMPLE_MAX:
                break
    return {shape: number / total for shape, number in counts.items()} if total else {}
