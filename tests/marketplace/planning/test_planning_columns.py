"""A city's columns: which pairs are possible, what each is worth, the explained plan, and the best offers nearby."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marketplace.planning.solving.city.arrays import certified
from marketplace.planning.solving.city.columns import NeedColumns, OfferColumns, candidates, valued
from marketplace.planning.solving.city.nearby import OfferIndex
from marketplace.planning.solving.city.plan import NO_CANDIDATE, OUTRANKED, SHORTAGE, plan_city
from marketplace.planning.solving.city.simplex import solve_city


def some_lists(seed: int, size: int = 120) -> tuple[NeedColumns, OfferColumns]:
    draw = np.random.default_rng(seed)
    needs = NeedColumns(
        category=draw.integers(0, 4, size),
        x_m=draw.integers(-3000, 3000, size),
        y_m=draw.integers(-3000, 3000, size),
        hours=draw.integers(0, 16, size).astype(np.uint64),
        certificates=draw.integers(0, 2, size).astype(np.uint64),
        units=draw.integers(1, 4, size),
        urgency=100 * draw.integers(0, 4, size),
        waiting=draw.integers(0, 30, size),
    )
    skills = draw.integers(1, 3, size)
    pairs = np.unique(
        np.stack([np.repeat(np.arange(size), skills), draw.integers(0, 5, int(skills.sum()))]), axis=1
    )
    offers = OfferColumns(
        x_m=draw.integers(-3500, 3500, size),
        y_m=draw.integers(-3500, 3500, size),
        radius_m=draw.choice([300, 800, 2500], size),
        hours=draw.integers(0, 16, size).astype(np.uint64),
        certificates=draw.integers(0, 4, size).astype(np.uint64),
        units=draw.integers(0, 3, size),
        standing=draw.integers(0, 200, size),
        skill_offer=pairs[0],
        skill=pairs[1],
    )
    return needs, offers


def possible(needs: NeedColumns, offers: OfferColumns, i: int, j: int) -> bool:
    """The same rules, one pair at a time."""
    dx, dy = int(needs.x_m[i] - offers.x_m[j]), int(needs.y_m[i] - offers.y_m[j])
    return bool(
        int(needs.category[i]) in offers.skill[offers.skill_offer == j]
        and needs.hours[i] & offers.hours[j]
        and not needs.certificates[i] & ~offers.certificates[j]
        and dx * dx + dy * dy <= int(offers.radius_m[j]) ** 2
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_possible_pairs_are_those_that_fit_one_by_one(seed: int) -> None:
    needs, offers = some_lists(seed)
    found = candidates(needs, offers)
    pairs = list(zip(found.need.tolist(), found.offer.tolist(), strict=True))
    assert pairs == [(i, j) for i in range(120) for j in range(120) if possible(needs, offers, i, j)]
    assert pairs


def test_a_small_chunk_of_pairs_at_a_time_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    needs, offers = some_lists(9)
    at_once = candidates(needs, offers)
    monkeypatch.setattr("marketplace.planning.solving.city.columns._CHUNK", 7)
    in_parts = candidates(needs, offers)
    assert (at_once.need == in_parts.need).all()
    assert (at_once.offer == in_parts.offer).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_city_plan_is_proven_and_every_match_explained_to_the_point(seed: int) -> None:
    needs, offers = some_lists(seed)
    plan = plan_city(needs, offers)
    problem, _ = valued(needs, offers, candidates(needs, offers))
    assert plan.certified.optimal
    assert plan.certified.primal == plan.value @ plan.units
    assert (plan.terms.sum(axis=0) == plan.value).all()
    served = np.zeros(len(needs.units), np.int64)
    np.add.at(served, plan.need, plan.units)
    left = dict(zip(plan.unserved.tolist(), plan.left.tolist(), strict=True))
    assert all(served[i] + left.get(i, 0) == needs.units[i] for i in range(120))
    for need, why in zip(plan.unserved.tolist(), plan.why.tolist(), strict=True):
        own = problem.slot[problem.task == need]
        room = int(problem.capacity[own].sum())
        expected = NO_CANDIDATE if not len(own) else SHORTAGE if room < needs.units[need] else OUTRANKED
        assert why == expected
    assert "points" in plan.told(0, "en")
    assert str(int(plan.value[0])) in plan.told(0)


def test_an_alternative_paid_less_than_it_lacks_changes_nothing() -> None:
    needs, offers = some_lists(2)
    plan = plan_city(needs, offers)
    problem, _ = valued(needs, offers, candidates(needs, offers))
    checked = 0
    for match in range(0, len(plan.need), 9):
        need, offer, short_by = plan.need[match], plan.alternatives[match, 0], plan.short_by[match, 0]
        if offer < 0 or not problem.capacity[offer]:
            continue
        # Less than what it lacks does not bring it in.
        pair = np.flatnonzero((problem.task == need) & (problem.slot == offer))
        value = problem.value.copy()
        value[pair] += max(0, short_by - 1)
        raised = replace(problem, value=value)
        assert certified(raised, solve_city(raised)).primal == plan.certified.primal
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("seed", range(3))
def test_the_best_offers_nearby_are_the_best_of_all_possible_ones(seed: int) -> None:
    needs, offers = some_lists(seed)
    index, pairs = OfferIndex(offers), candidates(needs, offers)
    discount = np.random.default_rng(seed).integers(0, 50, 120)
    for need in range(120):
        own = pairs.need == need
        worth = offers.standing[pairs.offer[own]] - pairs.distance_m[own] // 10 - discount[pairs.offer[own]]
        expected = pairs.offer[own][np.lexsort((pairs.offer[own], -worth))][:5]
        assert index.best(needs, need, 5, discount).tolist() == expected.tolist()


def test_nobody_is_nearby_for_a_kind_of_help_that_nobody_offers() -> None:
    needs, offers = some_lists(1)
    needs = replace(needs, category=np.full(120, 99))
    assert len(OfferIndex(offers).best(needs, 0)) == 0
    far = replace(needs, category=np.zeros(120, np.int64), y_m=np.full(120, 10**6))
    assert len(OfferIndex(offers).best(far, 0)) == 0
    plan = plan_city(needs, offers)
    assert set(plan.why.tolist()) == {NO_CANDIDATE}
    assert plan.certified.primal == 0
