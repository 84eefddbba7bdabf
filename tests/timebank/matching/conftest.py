"""A small market in the town: what is asked for this week, and who offers what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.times import read_when
from marketplace.values import Looseness, Need, Place, Quantity, Resource, Unit, Urgency, When

FILED_ON = date(2026, 11, 20)


def when(phrase: str) -> When:
    return read_when(phrase, filed_on=FILED_ON)


@pytest.fixture
async def market(town: Any) -> Any:
    """Three needs, one of which nobody can meet, and lines of a volunteer, the red vests and the hospital."""
    elder = town.uids["elder"]
    needs = [
        Need(line_key="bulb", title="换灯泡", owner=elder, categories=("electrical",), urgency=Urgency.URGENT,
             place=Place(grid="一网格"), when=When(looseness=Looseness.ANY, phrase="随时"), filed_on=FILED_ON,
             private_note="CANARY note"),
        Need(line_key="sweep", title="清理楼道", source="community", categories=("environment",), place=Place(text="3号楼"),
             when=when("每周四上午"), quantity=Quantity(helpers=4, minutes_each=120), filed_on=FILED_ON),
        Need(line_key="blood", title="量血压", source="community", categories=("health_check",), place=Place(text="活动室"),
             when=when("2026-11-25 9:00-11:00"), quantity=Quantity(amount=60, unit=Unit.PERSON), filed_on=FILED_ON),
        Need(line_key="law", title="问遗嘱", owner=elder, categories=("legal_advice",), place=Place(grid="一网格"),
             when=When(looseness=Looseness.ANY, phrase="随时"), filed_on=FILED_ON),
    ]  # fmt: skip
    resources = [
        Resource(line_key="qian", title="会电工", owner=town.uids["volunteer2"], owner_kind="volunteer",
                 categories=("electrical",), when=when("周三上午")),
        Resource(line_key="vests", title="环境整治", owner="red-vests", owner_kind="team", categories=("environment",),
                 when=when("周四上午"), quantity=Quantity(amount=8, unit=Unit.HELPER, helpers=8)),
        Resource(line_key="clinic", title="量血压", owner="hospital", owner_type="医疗机构", categories=("health_check",),
                 when=when("周三上午"), quantity=Quantity(amount=6, unit=Unit.PERSON)),
    ]  # fmt: skip
    async with town.ctx.engine.atomic():
        await lists.save_needs(town.ctx.engine, "dongqu", needs, at=town.ctx.now())
        await lists.save_resources(town.ctx.engine, "dongqu", resources, at=town.ctx.now())
    return town
