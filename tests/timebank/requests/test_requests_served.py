"""Whom the time bank helps, where the rules name them; the desk asks for anybody all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.ages import AgeFact, AgeSort
from tests.timebank.kept_versions import give_rules
from timebank.errors import NotEligible
from timebank.help.requests import flow
from timebank.help.requests.intake import Asked, heard_time
from timebank.store.members import ages, people

RULES = "[[served.groups]]\nage_min = 80\ngroups = ['living_alone']\n"


async def ask(town: Any, who: str) -> Any:
    when = heard_time("随时", filed_on=town.ctx.today(), confirmed=True)
    asked = Asked(title="买米", when=when, categories=("errand",), where="", note="")
    return await flow.open_request(town.ctx, await town.actor(who), asked, elder=town.uids["elder"])


async def known(town: Any, *, born_on: str, note: str) -> None:
    uid = town.uids["elder"]
    fact = AgeFact(sort=AgeSort.BORN_ON, value=born_on, said_on=town.ctx.today(), source="test")
    async with town.ctx.engine.atomic():
        await ages.add_age(town.ctx.engine, uid, fact, recorded_by="operator")
        person = await people.person(town.ctx.engine, uid)
        await people.save_person(town.ctx.engine, replace(person, health_note=note))


@pytest.mark.parametrize(
    ("born_on", "note", "helped"),
    [
        ("1940-01-01", "独居,听力不好", True),
        ("1960-01-01", "独居", False),  # too young
        ("1940-01-01", "和女儿同住", False),
        ("1940-01-01", "", True),  # nobody asked yet: the desk looks
    ],
)
async def test_only_those_whom_the_rules_name_ask_for_themselves(
    town: Any, born_on: str, note: str, helped: bool
) -> None:
    await give_rules(town.ctx, "dongqu", (date(2026, 1, 1), RULES))
    await known(town, born_on=born_on, note=note)
    if helped:
        assert (await ask(town, "elder")).owner == town.uids["elder"]
    else:
        with pytest.raises(NotEligible):
            await ask(town, "elder")
    assert (await ask(town, "worker")).owner == town.uids["elder"]


async def test_without_such_a_rule_anybody_asks(town: Any) -> None:
    await known(town, born_on="1999-01-01", note="")
    assert (await ask(town, "elder")).owner == town.uids["elder"]
