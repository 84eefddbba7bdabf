"""The part of a policy that says who may be the second person of an hour, and how much two people may bring in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from timebank.policy.choices import SecondHand
from timebank.policy.hours import NO_LIMIT
from timebank.policy.knobs import Knob, Measure

MIN = Measure.MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsPolicy:
    """Two hands for every hour.

    Attributes:
        visit_words, shift_words: whose word counts for help to one person, and for a shift; never the earner's.
        approvers: who may be the third where one is asked for, beside those whose word counts.
        pair_day_minutes, pair_month_minutes: what the same two may bring in; a third is asked for the rest.
        client_day_minutes: what one person may be helped for in a day on the word of two.
        community_day_minutes: what a community may bring in in a day on words of two.
    """

    visit_words: Annotated[tuple[SecondHand, ...], Knob("上门帮忙谁说了算", "Whose word counts for a visit")] = (
        SecondHand.CLIENT, SecondHand.PROXY, SecondHand.WORKER, SecondHand.LEADER, SecondHand.UNIT, SecondHand.OFFICER,
    )  # fmt: skip
    shift_words: Annotated[tuple[SecondHand, ...], Knob("活动谁说了算", "Whose word counts for a shift")] = (
        SecondHand.WORKER, SecondHand.LEADER, SecondHand.UNIT, SecondHand.OFFICER,
    )  # fmt: skip
    approvers: Annotated[tuple[SecondHand, ...], Knob("谁可以再看一遍", "Who may look a third time")] = (
        SecondHand.WORKER, SecondHand.LEADER, SecondHand.UNIT, SecondHand.OFFICER, SecondHand.AUDITOR,
    )  # fmt: skip
    pair_day_minutes: Annotated[
        int, Knob("同两人一天最多", "Two people's day", MIN, most=100_000, none=NO_LIMIT)
    ] = 2_400
    pair_month_minutes: Annotated[
        int, Knob("同两人一月最多", "Two people's month", MIN, most=1_000_000, none=NO_LIMIT)
    ] = 9_600
    client_day_minutes: Annotated[
        int, Knob("同一人一天受助最多", "Help for one person in a day", MIN, most=1_440, none=NO_LIMIT)
    ] = 480
    community_day_minutes: Annotated[
        int, Knob("全社区一天最多", "A community's day", MIN, most=10_000_000, none=NO_LIMIT)
    ] = 6_000
