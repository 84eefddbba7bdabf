"""Where somebody was, and for how long: in two places, twice on record, cut into pieces, longer than anybody works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from timebank.policy import RadarPolicy
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen

WEEK, MONTH = 7, 30


def twice(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each person who was in two places, and one for each whose same help stands on record twice."""
    for earner, parts in _by_earner(seen.parts).items():
        places: list[tuple[Part, Part]] = []
        records: list[tuple[Part, Part]] = []
        for one, other in _together(parts, policy):
            (records if _same(one, other, policy) else places).append((one, other))
        if places:
            longest = max(_common(one, other) for one, other in places)
            yield flag(Pattern.OVERLAP, [earner], _uids(places), times=len(places), minutes=longest)
        if records:
            yield flag(Pattern.DUPLICATE, [earner], _uids(records), times=len(records))


def _together(parts: Sequence[Part], policy: RadarPolicy) -> Iterator[tuple[Part, Part]]:
    """Every two parts, one of which begins before the other ends, or that are two records of the same."""
    near = timedelta(minutes=policy.duplicate_minutes)
    for at, one in enumerate(parts):
        for other in parts[at + 1 :]:
            if other.came > max(one.left, one.came + near):
                break
            if _same(one, other, policy) or _common(one, other) > policy.overlap_minutes:
                yield one, other


def _same(one: Part, other: Part, policy: RadarPolicy) -> bool:
    near = abs(other.came - one.came) <= timedelta(minutes=policy.duplicate_minutes)
    return near and one.where == other.where and one.service != other.service


def _common(one: Part, other: Part) -> int:
    """Minutes in both."""
    return int((min(one.left, other.left) - max(one.came, other.came)).total_seconds()) // 60


def _uids(found: Sequence[tuple[Part, Part]]) -> set[str]:
    return {one.uid for both in found for one in both}


def split(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each two people whose one visit looks as if it had been cut into several."""
    days: dict[tuple[str, str], dict[date, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for one in seen.parts:
        if one.client:
            days[one.earner, one.client][seen.day(one.came)].append(one)
    for (earner, client), by_day in sorted(days.items()):
        found = [of_day for of_day in by_day.values() if _is_split(of_day, policy)]
        if found:
            most = max(len(of_day) for of_day in found)
            yield flag(
                Pattern.SPLIT, [earner, client], [one.uid for of_day in found for one in of_day],
                days=len(found), parts=most,
            )  # fmt: skip


def _is_split(parts: Sequence[Part], policy: RadarPolicy) -> bool:
    if len(parts) >= policy.split_parts:
        return True
    gap, run = timedelta(minutes=policy.split_gap_minutes), 1
    for one, other in pairwise(parts):
        run = run + 1 if other.came - one.left < gap else 1
        if run >= policy.split_run:
            return True
    return False


def marathon(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each person with a day, seven days or thirty that are longer than people help."""
    for earner, parts in _by_earner(seen.parts).items():
        minutes: dict[date, int] = defaultdict(int)
        for one in parts:
            minutes[seen.day(one.came)] += one.minutes
        day = max(minutes.values())
        week = max(_sum(minutes, on, WEEK) for on in minutes)
        long_days = {on for on, total in minutes.items() if total >= policy.long_minutes}
        month = max((_days(long_days, on, MONTH) for on in long_days), default=0)
        if day > policy.day_minutes or week > policy.week_minutes or month > policy.month_days:
            worst = _worst(minutes, policy)
            uids = [one.uid for one in parts if seen.day(one.came) in worst]
            yield flag(Pattern.MARATHON, [earner], uids, day=day, week=week, days=month)


def _sum(minutes: dict[date, int], last: date, days: int) -> int:
    return sum(minutes.get(last - timedelta(days=back), 0) for back in range(days))


def _days(found: set[date], last: date, days: int) -> int:
    return sum(last - timedelta(days=back) in found for back in range(days))


def _worst(minutes: dict[date, int], policy: RadarPolicy) -> set[date]:
    """The days that made it too long: single ones, else the seven, else all long ones."""
    single = {on for on, total in minutes.items() if total > policy.day_minutes}
    last = max(minutes, key=lambda on: (_sum(minutes, on, WEEK), on))
    if single:
        return single
    if _sum(minutes, last, WEEK) > policy.week_minutes:
        return {last - timedelta(days=back) for back in range(WEEK)}
    return {on for on, total in minutes.items() if total >= policy.long_minutes}


def _by_earner(parts: Sequence[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for one in parts:
        found[one.earner].append(one)
    return dict(sorted(found.items()))
