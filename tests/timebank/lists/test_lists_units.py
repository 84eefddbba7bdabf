"""A partner unit's own page: its offers are read back, put on the list, paused; nobody else's can be touched."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace import store as lists
from marketplace.times import mainland, read_when
from marketplace.values import Need, Quantity, Resource, Unit
from tests.timebank.conftest import Town
from timebank.errors import BadFields, NotFound
from timebank.help.lists import offers
from timebank.help.lists.offers import Offer

CLINIC = Offer(title="家庭医生坐诊:量血压", when="每周二 9:00-11:00", quantity="每次6个号", contact="公卫科")


async def test_an_offer_is_read_back_before_it_stands_on_the_list(town: Town) -> None:
    unit = await town.client("unit")
    typed = {"title": CLINIC.title, "when": CLINIC.when, "quantity": CLINIC.quantity, "unit": "hospital"}
    shown = await unit.submit("/unit/resources", {**typed, "step": "read"})
    assert "每周二" in shown.text
    assert "对，放上清单" in shown.text
    assert await lists.resources(town.ctx.engine, "dongqu") == ()
    saved = await unit.submit("/unit/resources", {**typed, "step": "save"})
    assert "放上清单了" in saved.text
    (line,) = await lists.resources(town.ctx.engine, "dongqu", owner="hospital")
    assert (line.quantity.amount, line.owner_kind) == (6, "unit")


async def test_a_doubted_time_waits_for_a_yes(town: Town) -> None:
    actor = await town.actor("unit")
    doubtful = Offer(title="讲座", when="11月24日(周三)上午9点", quantity="1场")
    with pytest.raises(BadFields) as refused:
        await offers.save_offer(town.ctx, actor, doubtful)
    assert [one.field for one in refused.value.fields] == ["when"]
    line = await offers.save_offer(town.ctx, actor, doubtful, sure=True)
    assert line.when.question is None


async def test_a_changed_offer_keeps_its_line(town: Town) -> None:
    actor = await town.actor("unit")
    line = await offers.save_offer(town.ctx, actor, CLINIC)
    changed = Offer(title="家庭医生坐诊:量血压、测血糖", when="每周二 9:00-11:00", quantity="每次8个号")
    await offers.save_offer(town.ctx, actor, changed, key=line.line_key)
    (after,) = await lists.resources(town.ctx.engine, "dongqu", owner="hospital")
    assert (after.line_key, after.quantity.amount) == (line.line_key, 8)


async def test_a_paused_offer_leaves_the_list_and_comes_back(town: Town) -> None:
    actor = await town.actor("unit")
    line = await offers.save_offer(town.ctx, actor, CLINIC)
    assert await offers.pause_offer(town.ctx, actor, line.line_key) is False
    assert await lists.resources(town.ctx.engine, "dongqu") == ()
    assert line.line_key in (await offers.unit_home(town.ctx, actor)).paused
    assert await offers.pause_offer(town.ctx, actor, line.line_key) is True


async def test_nobody_touches_the_offer_of_another_unit(town: Town) -> None:
    other = Resource(line_key="r-other", title="音乐教室", owner="实验小学", contact="总务处")
    await lists.save_resources(town.ctx.engine, "dongqu", [other], at=town.ctx.now())
    actor = await town.actor("unit")
    for touch in (
        offers.own_offer(town.ctx, actor, "r-other"),
        offers.pause_offer(town.ctx, actor, "r-other"),
        offers.save_offer(town.ctx, actor, CLINIC, key="r-other"),
        offers.unit_home(town.ctx, actor, "nobodys"),
    ):
        with pytest.raises(NotFound):
            await touch
    for who in ("volunteer", "worker", "elder"):
        with pytest.raises(NotFound):
            await offers.unit_home(town.ctx, await town.actor(who))


async def test_the_page_names_what_the_unit_could_do_with_the_reasons(town: Town) -> None:
    actor = await town.actor("unit")
    await offers.save_offer(town.ctx, actor, CLINIC)
    need = Need(
        line_key="n-bp", title="老年人量血压", source="community", categories=("health_check",),
        when=read_when("11月24日(周二)上午9点到11点", filed_on=date(2026, 11, 18), calendar=mainland()),
        quantity=Quantity(phrase="60人", amount=60, unit=Unit.PERSON), filed_on=date(2026, 11, 5),
    )  # fmt: skip
    await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
    home = await offers.unit_home(town.ctx, actor)
    assert [one.need.line_key for one in home.could_do] == ["n-bp"]
    assert sum(reason.points for reason in home.could_do[0].reasons) == home.could_do[0].value
    page = await (await town.client("unit")).page("/unit")
    assert "这个月可以做的" in page.text
    assert "我们来做" in page.text


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_an_empty_unit_page_says_how_to_begin(town: Town, lang: str) -> None:
    page = await (await town.client("unit")).page(f"/unit?lang={lang}")
    assert page.status_code == 200
    assert ("写第一项" in page.text) == (lang == "zh-CN")


async def test_programs_put_an_offer_on_the_list(town: Town) -> None:
    unit = await town.client("unit")
    body = {"title": "轮椅借用", "when": "工作日", "quantity": "4辆", "kind": "equipment"}
    answer = await unit.post("/api/units/hospital/resources", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["amount"] == 4
    assert (await unit.post("/api/units/others/resources", json=body)).status_code == 404
    assert (await unit.post("/api/units/hospital/resources", json={**body, "price": 5})).status_code in (
        400,
        422,
    )
