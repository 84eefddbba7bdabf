"""The part of a policy that says from when on a pattern in hours is shown to somebody else; nothing is ever held back by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from timebank.policy.knobs import Knob, Measure

MIN, DAYS, PERCENT, TIMES, PEOPLE = (
    Measure.MINUTES, Measure.DAYS, Measure.PERCENT, Measure.TIMES, Measure.PEOPLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarPolicy:
    """From when on something is unusual enough to be looked at by somebody whom it does not concern.

    Attributes:
        span_days: how far back people are compared with each other.
        quiet_days: how long the same people are not shown again for a pattern that somebody has explained.
        overlap_minutes: how long two parts of one person may touch; duplicate_minutes: how near two records of one visit begin.
        split_parts, split_run, split_gap_minutes: visits of the same two in a day, at all, and with no more than a gap between.
        late_days, late_parts, late_percent: from when an entry is late; how many by one hand, and of all that it entered.
        day_minutes, week_minutes: more than one person does; month_days: of thirty, days with `long_minutes` or more.
        ring_parts, ring_percent: parts within a circle of people who help each other, and how much of their time that is.
        office_words, office_percent: words by one office hand for the same person, and of all that person had.
        client_visits: visits to somebody whom only one helper and one hand at the keys have ever met.
        burst_parts: parts of others that one hand vouches for in ten minutes.
        round_parts: parts of the same length to the minute, or that begin on the half hour.
        device_people: people who speak from one telephone in a day.
        alone_parts: parts that one hand both entered and vouched for.
    """

    span_days: Annotated[int, Knob("往回看几天", "Looks back", DAYS, least=30, most=90)] = 60
    quiet_days: Annotated[int, Knob("说清楚后多久不再提", "Not shown again for", DAYS, most=366)] = 90
    overlap_minutes: Annotated[int, Knob("两处重叠超过", "In two places for more than", MIN, most=120)] = 5
    duplicate_minutes: Annotated[int, Knob("开始时间相差不到", "Two records begin within", MIN, most=120)] = (
        15
    )
    split_parts: Annotated[int, Knob("同两人一天几次", "Visits of the same two in a day", TIMES, least=2)] = 4
    split_run: Annotated[int, Knob("同两人接连几次", "Visits on end", TIMES, least=2)] = 3
    split_gap_minutes: Annotated[int, Knob("接连是指相隔不到", "On end means a gap under", MIN, most=240)] = (
        30
    )
    late_days: Annotated[int, Knob("晚记超过", "Entered later than", DAYS, most=90)] = 14
    late_parts: Annotated[int, Knob("一人晚记几次", "Late entries by one hand", TIMES, least=2)] = 5
    late_percent: Annotated[int, Knob("晚记占所记的", "Share that is late", PERCENT, most=100)] = 20
    day_minutes: Annotated[int, Knob("一人一天超过", "One person's day", MIN, least=60, most=1_440)] = 600
    week_minutes: Annotated[
        int, Knob("一人七天超过", "One person's seven days", MIN, least=60, most=10_080)
    ] = 2_400
    month_days: Annotated[int, Knob("三十天里超过几天", "Long days of thirty", DAYS, least=1, most=30)] = 26
    long_minutes: Annotated[int, Knob("长的一天是指", "A long day has", MIN, least=30, most=1_440)] = 180
    ring_parts: Annotated[int, Knob("圈内几次", "Parts within a circle", TIMES, least=3)] = 6
    ring_percent: Annotated[
        int, Knob("圈内占他们时间的", "Of their time within it", PERCENT, least=20, most=100)
    ] = 50
    office_words: Annotated[int, Knob("同一工作人员确认几次", "Words by one office hand", TIMES, least=3)] = (
        10
    )
    office_percent: Annotated[
        int, Knob("占这个人的确认", "Of the person's words", PERCENT, least=50, most=100)
    ] = 90
    client_visits: Annotated[
        int, Knob("只有一人见过，几次", "Visits nobody else has seen", TIMES, least=2)
    ] = 4
    burst_parts: Annotated[int, Knob("十分钟确认超过", "Vouched for in ten minutes", TIMES, least=2)] = 12
    round_parts: Annotated[int, Knob("一样长的时间几次", "Parts of one length", TIMES, least=4)] = 12
    device_people: Annotated[int, Knob("一部手机几个人说话", "People on one telephone", PEOPLE, least=2)] = 3
    alone_parts: Annotated[
        int, Knob("一人又记又证明几次", "Entered and vouched for alone", TIMES, least=1)
    ] = 3
