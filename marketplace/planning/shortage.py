"""缺口报告: which help to look for next, in minutes of unmet need, by category and stretch of the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from marketplace.planning.plan import Shortage, Unserved
from marketplace.planning.wording import amount, hours, stretch
from marketplace.values import Unit, Window


def shortages_of(unserved: Iterable[Unserved]) -> tuple[Shortage, ...]:
    """The gaps of a plan, the one whose filling would gain most first."""
    found: dict[tuple[str, Window | None, Unit], list[Unserved]] = defaultdict(list)
    for one in unserved:
        # Where a question or a missed date stands in the way, more helpers would not help.
        if one.why.code in ("question", "overdue"):
            continue
        category = one.need.categories[0] if one.need.categories else ""
        found[category, one.window, one.unit].append(one)
    gaps = [_gap(category, window, unit, ones) for (category, window, unit), ones in found.items()]
    return tuple(sorted(gaps, key=lambda gap: (-gap.gain, -gap.minutes, gap.category, gap.en)))


def _gap(category: str, window: Window | None, unit: Unit, ones: list[Unserved]) -> Shortage:
    quantity, minutes = sum(one.quantity for one in ones), sum(one.minutes for one in ones)
    when_zh = stretch(window, "zh") if window else "时间不限"
    when_en = stretch(window, "en") if window else "any time"
    what_zh = "、".join(sorted({one.need.category_phrase or one.need.title for one in ones}))
    what_en = category or "uncategorised"
    return Shortage(
        category=category,
        window=window,
        quantity=quantity,
        unit=unit,
        minutes=minutes,
        gain=sum(one.gain * one.quantity for one in ones),
        zh=f"{what_zh},{when_zh},还缺 {amount(quantity, unit, 'zh')}(约 {hours(minutes, 'zh')})",
        en=f"{what_en}, {when_en}: {amount(quantity, unit, 'en')} short (about {hours(minutes, 'en')})",
    )
