"""Rows written by an older release, brought to the shape of today's values before they are read.

A field that is only new needs nothing here. One that was replaced is translated, so that nothing an office entered is lost
and a backup of any age restores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marketplace.values import When

Stored = Mapping[str, object]
# `times` in `period_days` days became a `Demand` of a period that a calendar knows.
_PERIODS: Mapping[object, tuple[str, int]] = {
    7: ("week", 1), 14: ("week", 2), 15: ("half_month", 1), 28: ("month", 1), 29: ("month", 1), 30: ("month", 1),
    31: ("month", 1), 60: ("month", 2), 91: ("quarter", 1), 180: ("term", 1), 182: ("half_year", 1), 365: ("year", 1),
}  # fmt: skip


def _with_demand(stored: Stored) -> Stored:
    times, period_days = stored.get("times"), stored.get("period_days")
    if "demand" in stored or not times or not period_days:
        return stored
    per, every = _PERIODS.get(period_days, ("day", period_days))
    return {**stored, "demand": {"times": times, "per": per, "every": every}}


RENEWALS: Mapping[type, Callable[[Stored], Stored]] = {When: _with_demand}
