"""How likely a helper comes: learned from counts, shown, corrected; and stand-bys for what must not fail."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from marketplace.errors import NotAProbability, NotWholeNumber
from marketplace.planning import AskBudget, Asks, History, PlanContext, Willing, stand_bys, suggest
from marketplace.values import Week
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY = 1


def test_a_newcomer_is_as_likely_as_everybody() -> None:
    known = Willing(histories={"甲": History(asked=100, yes=80, promised=80, came=76)})
    assert abs(known.says_yes("新") - Fraction(81, 102)) == 0
    assert known.says_yes("新") < known.says_yes("甲") + Fraction(1, 20)


def test_own_answers_outweigh_everybody_with_time() -> None:
    others = {f"M{n}": History(asked=20, yes=16) for n in range(10)}
    chances = [
        Willing(histories={**others, "甲": History(asked=n, yes=0)}).says_yes("甲") for n in (0, 2, 8, 40)
    ]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > Fraction(3, 4)
    assert chances[-1] < Fraction(1, 10)


def test_a_person_corrects_the_estimate_and_it_says_so() -> None:
    known = Willing(histories={"甲": History(asked=10, yes=1)}, corrected={"甲": 90})
    assert known.serves("甲") == Fraction(9, 10)
    assert known.why("甲").code == "corrected"
    assert replace(known, corrected={}).why("甲").zh.endswith("问过 10 次答应 1 次，约好 0 次来了 0 次")


@pytest.mark.parametrize("given", [{"asked": 1, "yes": 2}, {"asked": -1}, {"promised": 1.0}, {"came": 1}])
def test_counts_that_cannot_be_are_refused(given: Any) -> None:
    with pytest.raises(NotWholeNumber):
        History(**given)


@pytest.mark.parametrize("percent", [-1, 101, 0.5, "90"])
def test_a_likelihood_that_is_none_is_refused(percent: Any) -> None:
    with pytest.raises(NotAProbability):
        Willing(corrected={"甲": percent})


@pytest.mark.parametrize("seed", range(5))
def test_on_generated_histories_the_estimate_beats_the_rate_of_everybody(seed: int) -> None:
    """The Brier score, the mean square of what was expected less what happened, on answers not seen before."""
    draw = random.Random(seed)
    truth = {f"M{n}": draw.betavariate(4, 2) for n in range(200)}
    histories = {}
    for owner, chance in truth.items():
        asked = draw.randrange(0, 25)
        histories[owner] = History(asked=asked, yes=sum(draw.random() < chance for _ in range(asked)))
    known = Willing(histories=histories)
    rate = sum(one.yes for one in histories.values()) / sum(one.asked for one in histories.values())
    ours = base = 0.0
    expected = happened = 0.0
    for owner, chance in truth.items():
        estimate = float(known.says_yes(owner))
        for _ in range(20):
            came = draw.random() < chance
            ours += (estimate - came) ** 2
            base += (rate - came) ** 2
            expected, happened = expected + estimate, happened + came
    assert ours < 0.97 * base
    # Calibrated: as many came as were expected, within three in a hundred.
    assert abs(expected - happened) / happened < 0.03


def test_stand_bys_are_as_few_as_will_do(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    visit = need("陪诊", "help", window)
    helpers = [resource(f"助老{n}", "help", window, owner_kind="volunteer") for n in range(5)]
    known = Willing(corrected={"助老0": 50, "助老1": 60, "助老2": 90, "助老3": 20, "助老4": 50})
    others = suggest(visit, helpers[1:], week=week, context=context)
    found = stand_bys(["助老0"], others, willing=known, percent_wanted=90, now=context.now)
    assert [one.resource.owner for one in found.helpers] == ["助老2"]
    assert (found.percent_alone, found.percent, found.enough) == (50, 95, True)
    none = stand_bys(["助老2"], others, willing=known, percent_wanted=90, now=context.now)
    assert none.helpers == ()
    more = stand_bys(["助老0"], others, willing=known, percent_wanted=100, now=context.now, most=2)
    assert len(more.helpers) == 2
    assert not more.enough


def test_a_spent_budget_is_respected_by_stand_bys_too(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    visit = need("陪诊", "help", window)
    helpers = [resource(f"助老{n}", "help", window, owner_kind="volunteer") for n in range(2)]
    others = suggest(visit, helpers, week=week, context=context)
    asked = Asks(at={"助老0": [context.now - timedelta(days=1)]}, budget=AskBudget(per_week=1))
    known = Willing(corrected={"助老0": 99, "助老1": 40})
    found = stand_bys(["甲"], others, willing=known, percent_wanted=95, now=context.now, asks=asked)
    assert [one.resource.owner for one in found.helpers] == ["助老1"]


@pytest.mark.parametrize("seed", range(3))
def test_the_likeliest_stand_bys_halve_what_stays_unserved_at_equal_asks(
    seed: int, need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    """Against stand-bys drawn by lot: as many are asked, and half as many urgent visits fail."""
    draw = random.Random(seed)
    window = stretch(TUESDAY, "9:00", "11:00")
    helpers = [resource(f"助老{n:02}", "help", window, owner_kind="volunteer") for n in range(30)]
    truth = {one.owner: draw.betavariate(1, 1) for one in helpers}
    known = Willing(
        histories={
            owner: History(asked=25, yes=sum(draw.random() < chance for _ in range(25)), promised=10, came=10)
            for owner, chance in truth.items()
        }
    )
    others = suggest(need("陪诊", "help", window), helpers, week=week, context=context, k=30)
    ours = lot = 0
    for _ in range(600):
        pool = draw.sample(others, 8)
        chosen = stand_bys([], pool, willing=known, percent_wanted=90, now=context.now).helpers
        drawn = draw.sample(pool, len(chosen))
        ours += all(draw.random() >= truth[one.resource.owner] for one in chosen)
        lot += all(draw.random() >= truth[one.resource.owner] for one in drawn)
    assert ours <= lot / 2
