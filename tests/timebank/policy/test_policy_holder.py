"""Which rule holds in a community on a day, from memory; two communities never see each other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.timebank.kept_versions import Kept
from timebank.policy import Policy
from timebank.policy.holder import REFRESH_S, Policies, Rule
from timebank.policy.versions import Version, approved, drafted, founding, withdrawn

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = date(2026, 12, 1)


def cap(minutes: int) -> str:
    return f"[credit]\nminutes_per_day_max = {minutes}\n"


def founded(community: str, minutes: int) -> Version:
    return founding(community=community, text=cap(minutes), on=date(2026, 11, 1), by="operator", at=NOW)


def day_cap(policies: Policies, community: str, on: date) -> int:
    return policies.of(community, on).credit.minutes_per_day_max


async def test_a_community_without_its_own_rule_has_the_installations() -> None:
    policies = Policies(default=Policy.load("plain"), source=Kept())
    await policies.load()
    assert policies.rule("dongqu", TODAY) == Rule(policy=Policy.load("plain"))
    assert policies.rule("dongqu", TODAY).label == "plain/1"
    assert Policies(default=Policy()).of("anywhere", TODAY) == Policy()


async def test_two_communities_have_two_rules() -> None:
    kept = Kept()
    kept.put(founded("dongqu", 120))
    kept.put(founded("xiqu", 240))
    policies = Policies(default=Policy(), source=kept)
    await policies.load()
    assert [day_cap(policies, code, TODAY) for code in ("dongqu", "xiqu", "beiqu")] == [120, 240, 0]


async def test_a_policy_that_starts_on_the_15th_leaves_the_14th_alone() -> None:
    kept = Kept()
    first = founded("dongqu", 480)
    kept.put(first)
    policies = Policies(default=Policy(), source=kept)
    await policies.load()

    draft = drafted(
        [first], community="dongqu", text=cap(60), preview="", starts_on=date(2026, 12, 15), today=TODAY, by="a", at=NOW
    )  # fmt: skip
    kept.put(draft)
    await policies.fresh("dongqu")
    assert day_cap(policies, "dongqu", date(2026, 12, 15)) == 480  # a draft holds nowhere

    new = approved([first, draft], draft, seen=draft.fingerprint, today=TODAY, by="b", at=NOW)
    kept.put(new)
    await policies.fresh("dongqu")
    assert [day_cap(policies, "dongqu", date(2026, 12, day)) for day in (1, 14, 15, 31)] == [480, 480, 60, 60]
    assert day_cap(policies, "dongqu", date(2026, 1, 1)) == 480  # before the first, the first
    assert policies.rule("dongqu", date(2026, 12, 15)).label == "plain/1#2"

    kept.put(withdrawn(new, today=TODAY))
    await policies.fresh("dongqu")
    assert day_cap(policies, "dongqu", date(2026, 12, 15)) == 480


async def test_what_has_not_changed_is_not_read_again() -> None:
    kept = Kept()
    kept.put(founded("dongqu", 120))
    policies = Policies(default=Policy(), source=kept)
    for _ in range(3):
        await policies.load()
        await policies.fresh("dongqu")
    assert kept.reads == 1


async def test_a_change_that_was_rolled_back_is_forgotten() -> None:
    kept = Kept()
    first = founded("dongqu", 120)
    kept.put(first)
    policies = Policies(default=Policy(), source=kept)
    await policies.load()
    kept.put(replace(first, number=2, starts_on=date(2026, 11, 20), text=cap(60)))
    await policies.fresh("dongqu")
    assert day_cap(policies, "dongqu", TODAY) == 60
    kept.all["dongqu"] = [first]
    await policies.fresh("dongqu")
    assert day_cap(policies, "dongqu", TODAY) == 120
    kept.all.clear()
    await policies.fresh("dongqu")
    assert day_cap(policies, "dongqu", TODAY) == 0


async def test_a_community_that_is_gone_is_forgotten_on_loading() -> None:
    kept = Kept()
    kept.put(founded("dongqu", 120))
    policies = Policies(default=Policy(), source=kept)
    await policies.load()
    kept.all.clear()
    await policies.load()
    assert day_cap(policies, "dongqu", TODAY) == 0


@pytest.mark.parametrize(
    ("name", "number"), [("a" * 60, 1), ("城市" * 20, 12_345), ("plain", 0), ("plain", 2)]
)
def test_a_label_fits_where_it_is_stamped(name: str, number: int) -> None:
    label = Rule(policy=Policy(name=name, version="1"), number=number).label
    assert len(label) <= 30
    assert label.endswith(f"#{number}") == (number > 1)


async def test_memory_is_looked_after_now_and_then() -> None:
    kept = Kept()
    kept.put(founded("dongqu", 120))
    policies = Policies(default=Policy(), source=kept)
    await policies.refresh(1_000.0)
    kept.put(founded("xiqu", 240))
    await policies.refresh(1_000.0 + REFRESH_S - 1)
    assert day_cap(policies, "xiqu", TODAY) == 0
    await policies.refresh(1_000.0 + REFRESH_S)
    assert day_cap(policies, "xiqu", TODAY) == 240
