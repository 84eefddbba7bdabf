"""Fair over weeks: waiting crosses the tiers in the end, and load is evened over months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from marketplace.planning import Objective, PlanContext, plan_week
from marketplace.planning.problem.scores import need_terms
from marketplace.values import (
    SHANGHAI,
    Demand,
    Frequency,
    Looseness,
    Per,
    Quantity,
    Recurrence,
    Urgency,
    Week,
    When,
)  # fmt: skip
from tests.marketplace.planning.conftest import MakeNeed, MakeResource

FIRST = Week.parse("2026-W06")
MORNING = Recurrence(frequency=Frequency.WEEKLY, weekdays=(1,), starts=time(9), ends=time(10))
WEEKLY = When(looseness=Looseness.ANY, demand=Demand(times=1, per=Per.WEEK))


def weeks(count: int) -> list[Week]:
    return [Week.of(FIRST.monday_on + timedelta(weeks=number)) for number in range(count)]


def lived(needs: Any, helpers: Any, context: PlanContext, count: Any, **how: Any) -> Any:
    """Per need the weeks in which it was served, each week planned as it comes; and per helper the minutes given."""
    served: dict[str, list[date]] = {}
    given: dict[str, int] = {}
    found: dict[str, list[int]] = {one.line_key: [] for one in needs}
    for number, week in enumerate(weeks(count)):
        now = datetime.combine(week.monday_on - timedelta(days=2), time(9), tzinfo=SHANGHAI)
        around = replace(
            context,
            now=now,
            served_days={key: tuple(days) for key, days in served.items()},
            load_minutes=dict(given),
        )
        plan = plan_week(needs, helpers, week=week, context=around, **how)
        assert how or plan.verify()
        for match in plan.matches:
            found[match.need.line_key].append(number)
            served.setdefault(match.need.line_key, []).append(match.window.starts_at.date())
            given[match.resource.owner] = given.get(match.resource.owner, 0) + match.minutes
    return found, given


def longest_gap(served: list[int], count: int) -> int:
    marks = [-1, *served, count]
    return max(b - a for a, b in pairwise(marks)) - 1


def test_a_low_need_beside_a_weekly_normal_one_is_met_within_its_longest_wait(
    need: MakeNeed, resource: MakeResource, context: PlanContext
) -> None:
    filed = FIRST.monday_on
    normal = need("一般", "help", when=WEEKLY, quantity=Quantity(minutes_each=60), filed_on=filed)
    low = need(
        "不急", "help", when=WEEKLY, quantity=Quantity(minutes_each=60), filed_on=filed, urgency=Urgency.LOW
    )
    helper = resource("甲", "help", when=When(recurrences=(MORNING,)))
    served, _ = lived([normal, low], [helper], context, 52)
    assert longest_gap(served["不急"], 52) * 7 <= Objective().wait_low_days
    assert longest_gap(served["一般"], 52) * 7 <= Objective().wait_normal_days
    assert len(served["不急"]) >= 4


@pytest.mark.parametrize("count", [3, 4])
def test_nobody_waits_longer_than_the_policy_says_beside_a_weekly_urgent_need(
    count: int, need: MakeNeed, resource: MakeResource, context: PlanContext
) -> None:
    def asked(name: str, tier: Urgency) -> Any:
        return need(
            name,
            "help",
            when=WEEKLY,
            quantity=Quantity(minutes_each=60),
            filed_on=FIRST.monday_on,
            urgency=tier,
        )

    needs = [asked("急", Urgency.URGENT), *(asked(f"一般{n}", Urgency.NORMAL) for n in range(count - 2)), asked("不急", Urgency.LOW)]  # fmt: skip
    helper = resource("甲", "help", when=When(recurrences=(MORNING,)))
    served, _ = lived(needs, [helper], context, 40)
    for one in needs:
        longest = Objective().longest_wait_days(one.urgency)
        # One place a week; two that come due in the same week follow each other.
        assert not longest or longest_gap(served[one.line_key], 40) * 7 <= longest + 7


def test_the_curve_of_waiting_is_told(need: MakeNeed, week: Week) -> None:
    goal = Objective()
    codes = []
    for days in (0, 41, 42, 76, 78):
        one = need("不急", "help", filed_on=week.monday_on - timedelta(days=days), urgency=Urgency.LOW)
        terms = need_terms(one, week, goal)
        codes.append([term.code for term in terms if term.code.endswith("_wait")])
        assert sum(term.points for term in terms) < goal.urgent * 2
    assert codes == [[], [], ["long_wait"], ["long_wait"], ["longest_wait"]]


def gini(given: list[int]) -> float:
    ordered, total = sorted(given), sum(given)
    ranked = sum((2 * place - len(ordered) - 1) * minutes for place, minutes in enumerate(ordered, 1))
    return ranked / (len(ordered) * total)


def test_load_is_evened_over_the_year_where_helpers_are_alike(
    need: MakeNeed, resource: MakeResource, context: PlanContext
) -> None:
    when = When(looseness=Looseness.ANY, demand=Demand(times=1, per=Per.WEEK))
    needs = [
        need(f"N{n}", "help", when=when, quantity=Quantity(minutes_each=60), filed_on=FIRST.monday_on)
        for n in range(6)
    ]
    helpers = [
        resource(f"R{n}", "help", when=When(recurrences=(MORNING,)), owner_kind="volunteer", free=n < 6)
        for n in range(12)
    ]
    _, given = lived(needs, helpers, context, 52)
    _, greedy = lived(needs, helpers, context, 52, mode="stable", objective=replace(Objective(), load_hour=0))
    _, unevened = lived(needs, helpers, context, 52, objective=replace(Objective(), load_hour=0))
    ours, by_greedy, without_load = (
        gini([one.get(f"R{n}", 0) for n in range(12)]) for one in (given, greedy, unevened)
    )
    assert ours < 0.2
    assert ours < by_greedy / 2
    assert ours < without_load / 2
