"""The radar sees what was planted among honest months, on seeds that nobody set it by, and leaves honest people alone.

`RADAR_SEEDS=60` is the long form.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise

import pytest

from tests.timebank.radar.honest import honest_story
from tests.timebank.radar.planting import planted_story
from tests.timebank.radar.story import flags_of, measured
from timebank.policy import RadarPolicy
from timebank.rules.radar import Pattern
from timebank.rules.radar.times import marathon, twice

UNSEEN = 9_000
SEEDS = int(os.environ.get("RADAR_SEEDS", "3"))
RECALL_PERCENT, RING_PERCENT, WRONGLY_PERMILLE = 95, 85, 10


@pytest.mark.parametrize("seed", range(2))
def test_honest_people_are_in_one_place_and_rest_at_night(seed: int) -> None:
    story, _town = honest_story(UNSEEN + seed)
    for calendar in story.busy.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(calendar)))
    seen = story.seen()
    assert list(twice(seen, RadarPolicy())) == []
    assert list(marathon(seen, RadarPolicy())) == []


def test_what_is_planted_is_seen_and_honest_people_are_left_alone() -> None:
    found: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    honest = wrongly = 0
    for seed in range(UNSEEN, UNSEEN + SEEDS):
        story = planted_story(seed)
        one = measured(story, flags_of(story))
        found.update(one.found)
        planted.update(one.planted)
        honest, wrongly = honest + one.honest, wrongly + len(one.wrongly)
    print(
        {rule.value: f"{found[rule]}/{planted[rule]}" for rule in Pattern}, f"{wrongly} of {honest} wrongly"
    )
    assert set(planted) == set(Pattern)
    # Of few seeds one case may hide; of many the goal holds for each pattern by itself.
    missed = {rule: planted[rule] - found[rule] for rule in Pattern}
    allowed = {rule: max(1, planted[rule] * (100 - _least(rule)) // 100) for rule in Pattern}
    assert [rule for rule in Pattern if missed[rule] > allowed[rule]] == []
    assert sum(found.values()) * 100 >= sum(planted.values()) * RECALL_PERCENT
    assert wrongly * 1000 <= honest * WRONGLY_PERMILLE


def _least(rule: Pattern) -> int:
    return RING_PERCENT if rule is Pattern.RING else RECALL_PERCENT
