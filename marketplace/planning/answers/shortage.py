"""缺口报告: which help to look for next, in minutes of unmet need, by category, grid and stretch of the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from marketplace.planning.answers.plan import Shortage, Unserved
from marketplace.planning.problem.context import BANDS
from marketplace.planning.problem.wording import amount, hours, stretch
from marketplace.values import Unit, Window

Part = tuple[date, int]


def shortages_of(unserved: Iterable[Unserved]) -> tuple[Shortage, ...]:
    """The gaps of a plan, the one whose filling would gain most first; hours of one part of a day are one gap."""
    found: dict[tuple[str, str, Part | None, Unit], list[Unserved]] = defaultdict(list)
    for one in unserved:
        # Where a question or a missed date stands in the way, more helpers would not help.
        if one.why.code in ("question", "overdue"):
            continue
        category = one.need.categories[0] if one.need.categories else ""
        found[category, one.need.place.grid, _part(one.window), one.unit].append(one)
    gaps = [_gap(category, grid, unit, ones) for (category, grid, _, unit), ones in found.items()]
    return tuple(sorted(gaps, key=lambda gap: (-gap.gain, -gap.minutes, gap.category, gap.grid, gap.en)))


def _part(window: Window | None) -> Part | None:
    """The day and the part of it in which a stretch begins; None for a need that several stretches suit."""
    if window is None:
        return None
    starts = window.starts_at
    return starts.date(), sum(starts.time() >= band for band in BANDS)


def _gap(category: str, grid: str, unit: Unit, ones: list[Unserved]) -> Shortage:
    quantity, minutes = sum(one.quantity for one in ones), sum(one.minutes for one in ones)
    stated = [one.window for one in ones if one.window is not None]
    window = (
        Window(min(one.starts_at for one in stated), max(one.ends_at for one in stated)) if stated else None
    )
    when_zh = stretch(window, "zh") if window else "时间不限"
    when_en = stretch(window, "en") if window else "any time"
    what_zh = "、".join(sorted({one.need.category_phrase or one.need.title for one in ones}))
    what_en = category or "uncategorised"
    where_zh, where_en = (f"，{grid}", f", {grid}") if grid else ("", "")
    return Shortage(
        category=category,
        grid=grid,
        window=window,
        quantity=quantity,
        unit=unit,
        minutes=minutes,
        gain=sum(one.gain * one.quantity for one in ones),
        zh=f"{what_zh}{where_zh}，{when_zh}，还缺 {amount(quantity, unit, 'zh')}（约 {hours(minutes, 'zh')}）",
        en=f"{what_en}{where_en}, {when_en}: {amount(quantity, unit, 'en')} short (about {hours(minutes, 'en')})",
    )
