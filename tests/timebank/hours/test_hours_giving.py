"""Giving hours on: to whom the rules allow, from one's own passbook only, and what a team can only give on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.ages import AgeFact, AgeSort
from marketplace.phones import read_phones
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import unit
from timebank.context import fund_account, team_account
from timebank.errors import AlreadyDone, BadField, NotAllowed, NotEligible, NotFound, OwnHours, PairFull
from timebank.help.hours import by_two, flow, giving
from timebank.help.services import flow as services
from timebank.policy import GiftTo
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store.members import ages, people, phones

EARLY = date(2026, 1, 1)
KIN = "[giving]\nto = ['fund', 'lineal', 'spouse']\nage_min = 60\n"


async def number_of(scene: Any, who: str) -> str:
    """The number on their passbook; one is written down for whoever has none."""
    found = await people.member(scene.ctx.engine, scene.town.uids[who])
    assert found is not None
    if found.number:
        return found.number
    async with scene.ctx.engine.atomic():
        number = await people.next_number(scene.ctx.engine, "dongqu")
        await people.save_member(scene.ctx.engine, replace(found, number=number))
    return number


async def phone_of(scene: Any, who: str, number: str) -> str:
    async with scene.ctx.engine.atomic():
        await phones.set_phones(
            scene.ctx.engine, community="dongqu", member=scene.town.uids[who], numbers=read_phones(number)
        )
    return number


async def aged(scene: Any, who: str, born_on: str) -> None:
    fact = AgeFact(sort=AgeSort.BORN_ON, value=born_on, said_on=scene.ctx.today(), source="test")
    async with scene.ctx.engine.atomic():
        await ages.add_age(scene.ctx.engine, scene.town.uids[who], fact, recorded_by="operator")


async def give(scene: Any, to: GiftTo, minutes: int, *, receiver: str = "elder") -> Any:
    return await giving.give(
        scene.ctx, await scene.actor("volunteer"), to=to, number=await number_of(scene, receiver), minutes=minutes
    )  # fmt: skip


@pytest.fixture
async def kin(scene: Any) -> Any:
    """Rules that let saved hours go to lineal relatives and spouses of sixty; 李四 has 100 minutes."""
    await give_rules(scene.ctx, "dongqu", (EARLY, KIN))
    await scene.give("volunteer", 100)
    return scene


async def test_hours_go_to_a_parent_of_sixty(kin: Any) -> None:
    await aged(kin, "elder", "1948-03-01")
    given = await give(kin, GiftTo.PARENT, 60)
    assert (given.minutes, given.minutes_left) == (60, 40)
    assert (await kin.balance("volunteer"), await kin.balance("elder")) == (40, 60)
    assert await kin.ctx.book("dongqu").verify() == []


async def test_an_age_that_is_not_on_record_is_asked_for(kin: Any) -> None:
    with pytest.raises(BadField) as refused:
        await give(kin, GiftTo.PARENT, 60)
    assert refused.value.field == "number"
    assert "登记年龄" in refused.value.zh


async def test_somebody_too_young_or_a_friend_gets_none_here(kin: Any) -> None:
    await aged(kin, "elder", "1990-03-01")
    with pytest.raises(NotEligible):
        await give(kin, GiftTo.PARENT, 60)
    with pytest.raises(NotEligible):
        await give(kin, GiftTo.FRIEND, 60)
    assert await kin.balance("volunteer") == 100


@pytest.mark.parametrize("minutes", [0, -5, 101])
async def test_only_what_is_there_can_be_given(kin: Any, minutes: int) -> None:
    await aged(kin, "elder", "1948-03-01")
    with pytest.raises(BadField):
        await give(kin, GiftTo.SPOUSE, minutes)


async def test_an_overdraft_is_not_for_gifts(kin: Any) -> None:
    await give_rules(kin.ctx, "dongqu", (EARLY, KIN + "[redeeming]\noverdraft_minutes = 600\n"))
    await aged(kin, "elder", "1948-03-01")
    with pytest.raises(BadField):
        await give(kin, GiftTo.SPOUSE, 101)


async def test_nobody_gives_to_themselves_to_nobody_or_to_a_stranger(kin: Any) -> None:
    actor = await kin.actor("volunteer")
    numbers = [await number_of(kin, "volunteer"), "nobody", ""]
    for number in numbers:
        with pytest.raises(BadField):
            await giving.give(kin.ctx, actor, to=GiftTo.SPOUSE, number=number, minutes=10)


async def test_a_telephone_names_the_receiver_unless_several_share_it(kin: Any) -> None:
    await aged(kin, "elder", "1948-03-01")
    shared = await phone_of(kin, "elder", "13900001111")
    actor = await kin.actor("volunteer")
    await giving.give(kin.ctx, actor, to=GiftTo.SPOUSE, number="139 0000 1111", minutes=10)
    assert await kin.balance("elder") == 10
    await phone_of(kin, "proxy", shared)
    with pytest.raises(BadField):
        await giving.give(kin.ctx, actor, to=GiftTo.SPOUSE, number=shared, minutes=10)


async def test_nobody_gives_while_acting_for_somebody(kin: Any) -> None:
    actor = await kin.actor("proxy", acting_for="elder")
    with pytest.raises(NotAllowed):
        await giving.give(kin.ctx, actor, to=GiftTo.SPOUSE, number="1", minutes=10)


async def test_the_receivers_store_has_its_limit_too(kin: Any) -> None:
    await give_rules(kin.ctx, "dongqu", (EARLY, KIN + "[credit]\nminutes_total_max = 50\n"))
    await aged(kin, "elder", "1948-03-01")
    with pytest.raises(BadField):
        await give(kin, GiftTo.SPOUSE, 60)
    await give(kin, GiftTo.SPOUSE, 50)


async def test_where_the_rules_name_no_fund_nothing_goes_there(scene: Any) -> None:
    await scene.give("volunteer", 100)
    await give_rules(scene.ctx, "dongqu", (EARLY, "[giving]\nto = ['spouse']\n"))
    with pytest.raises(NotEligible):
        await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=10)


async def test_a_team_gives_on_what_it_earned(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[earning]\nteam_hours = 'given_on'\n"))
    shift = await scene.shift("volunteer")
    await scene.served(await scene.part(shift, "volunteer"), 120)
    leader = await scene.actor("leader")
    assert (await giving.team_hours(scene.ctx, leader, "red-vests")).minutes == 0
    await services.confirm_service(scene.ctx, leader, shift.uid)
    assert (await giving.team_hours(scene.ctx, leader, "red-vests")).minutes == 120
    with pytest.raises(BadField):
        await giving.give_on(scene.ctx, leader, "red-vests", minutes=121)
    given = await giving.give_on(scene.ctx, leader, "red-vests", minutes=100)
    assert given.minutes_left == 20
    book = scene.ctx.book("dongqu")
    assert (await book.balance(team_account("red-vests"))).balance == 20
    assert (await book.balance(fund_account("dongqu"))).balance == 100
    for who in ("volunteer", "unit", "auditor", "stranger_worker"):
        with pytest.raises(NotFound):
            await giving.give_on(scene.ctx, await scene.actor(who), "red-vests", minutes=1)


async def test_the_passbook_offers_only_whom_the_rules_name(kin: Any) -> None:
    await aged(kin, "elder", "1948-03-01")
    browser = await kin.town.client("volunteer")
    page = await browser.page("/hours")
    assert "配偶" in page.text
    assert "朋友" not in page.text.split("对方是您的")[1].split("</select>")[0]
    sent = {"to": "parent", "number": await number_of(kin, "elder"), "minutes": "30", "idempotency_key": "k1"}
    first, again = await browser.submit("/hours/give", sent), await browser.submit("/hours/give", sent)
    assert "已转给" in first.text
    assert again.status_code == 200
    assert await kin.balance("elder") == 30
    wrong = await browser.submit("/hours/give", {**sent, "to": "friend", "idempotency_key": "k2"})
    assert wrong.status_code == 422
    team = await (await kin.town.client("leader")).page("/teams/red-vests/hours")
    assert "只能转赠" in team.text


async def test_programs_give_too(kin: Any) -> None:
    await aged(kin, "elder", "1948-03-01")
    browser = await kin.town.client("volunteer")
    body = {"to": "grandparent", "number": await number_of(kin, "elder"), "minutes": 15}
    answer = await browser.post("/api/hours/give", json=body)
    assert (answer.status_code, answer.json()["minutes_left"]) == (200, 85)
    refused = await browser.post("/api/hours/give", json={**body, "to": "friend"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_eligible")
    assert (await browser.post("/api/hours/give", json={**body, "to": "cousin"})).status_code in (400, 422)


FIRST_HOURS = (EARLY, "[grant]\nfirst_minutes = 120\nfirst_to = 'oriented'\n")


async def test_first_hours_take_two_and_are_given_once_and_by_nobody_to_themselves(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", FIRST_HOURS)
    worker, colleague, uids = await scene.actor("worker"), await scene.actor("worker2"), scene.town.uids
    change = await by_two.enter_first_hours(scene.ctx, worker, uids["volunteer"])
    assert await scene.balance("volunteer") == 0
    with pytest.raises(AlreadyDone):
        await by_two.enter_first_hours(scene.ctx, colleague, uids["volunteer"])
    with pytest.raises(SecondPerson):
        await by_two.approve(scene.ctx, worker, change.uid)
    await by_two.approve(scene.ctx, colleague, change.uid)
    assert await scene.balance("volunteer") == 120
    with pytest.raises(AlreadyDone):
        await by_two.approve(scene.ctx, colleague, change.uid)
    with pytest.raises(AlreadyDone):
        await by_two.enter_first_hours(scene.ctx, worker, uids["volunteer"])
    with pytest.raises(OwnHours):
        await by_two.enter_first_hours(scene.ctx, worker, uids["worker"])
    with pytest.raises(NotFound):
        await by_two.enter_first_hours(scene.ctx, worker, uids["stranger_elder"])
    with pytest.raises(NotFound):
        await by_two.enter_first_hours(scene.ctx, await scene.actor("leader"), uids["volunteer2"])


async def test_the_same_two_give_first_hours_to_no_more_people_than_two_may(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[grant]\nfirst_minutes = 1_500\nfirst_to = 'oriented'\n"))
    worker, colleague = await scene.actor("worker"), await scene.actor("worker2")
    changes = [
        await by_two.enter_first_hours(scene.ctx, worker, scene.town.uids[who])
        for who in ("volunteer", "volunteer2")
    ]
    await by_two.approve(scene.ctx, colleague, changes[0].uid)
    with pytest.raises(PairFull):
        await by_two.approve(scene.ctx, colleague, changes[1].uid)
    assert await scene.balance("volunteer2") == 0
    await by_two.approve(scene.ctx, await scene.actor("auditor"), changes[1].uid)
    assert await scene.balance("volunteer2") == 1_500


async def test_first_hours_wait_on_a_page_for_a_colleague_or_the_auditor(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", FIRST_HOURS)
    desk, path = await scene.town.client("worker"), f"/desk/members/{scene.town.uids['volunteer2']}"
    assert "给初始时间" in (await desk.page(f"{path}/hours")).text
    assert "等另一位同意就入账" in (await desk.submit(f"{path}/first-hours")).text
    own = (await desk.page("/books/by-two")).text
    assert "给初始时间 2 小时" in own
    assert "对，就这样记" not in own
    auditor = await scene.town.client("auditor")
    assert "1 笔时间等另一位同意" in (await auditor.page("/books")).text
    shown = await auditor.page("/books/by-two")
    assert "给初始时间 2 小时" in shown.text
    assert "钱二" not in shown.text
    [waiting] = await by_two.waiting(scene.ctx, await scene.actor("auditor"))
    assert "记好了。" in (await auditor.submit(f"/books/by-two/{waiting.change.uid}/approve")).text
    assert await scene.balance("volunteer2") == 120


async def test_first_hours_that_are_dropped_change_nothing(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", FIRST_HOURS)
    worker, uid = await scene.actor("worker"), scene.town.uids["volunteer"]
    change = await by_two.enter_first_hours(scene.ctx, worker, uid)
    await by_two.drop(scene.ctx, worker, change.uid)
    with pytest.raises(AlreadyDone):
        await by_two.approve(scene.ctx, await scene.actor("worker2"), change.uid)
    assert await scene.balance("volunteer") == 0
    assert await by_two.enter_first_hours(scene.ctx, worker, uid)


async def test_a_gift_is_taken_back_by_two(scene: Any) -> None:
    await scene.give("volunteer", 90)
    given = await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=60)
    worker, colleague = await scene.actor("worker"), await scene.actor("worker2")
    entered = await flow.reverse(scene.ctx, worker, given.transfer, reason="wrong_person")
    assert (entered.reversed, entered.by, bool(entered.waits)) == ((), (), True)
    assert await scene.balance("volunteer") == 30
    with pytest.raises(AlreadyDone):
        await flow.reverse(scene.ctx, colleague, given.transfer, reason="wrong_person")
    [waiting] = await by_two.waiting(scene.ctx, colleague)
    assert (waiting.minutes, waiting.transfer) == (60, given.transfer)
    with pytest.raises(SecondPerson):
        await by_two.approve(scene.ctx, worker, entered.waits)
    await by_two.approve(scene.ctx, colleague, entered.waits)
    assert await scene.balance("volunteer") == 90
    assert await flow.verify(scene.ctx, "dongqu") == []


async def test_no_first_hours_where_the_rules_give_none(scene: Any) -> None:
    with pytest.raises(NotEligible):
        await by_two.enter_first_hours(scene.ctx, await scene.actor("worker"), scene.town.uids["volunteer"])


async def test_a_passbook_speaks_of_the_communitys_own_unit(scene: Any) -> None:
    await scene.give("volunteer", 150)
    browser = await scene.town.client("volunteer")
    assert "时间币" not in (await browser.page("/hours")).text
    await give_rules(scene.ctx, "dongqu", (EARLY, "[unit]\nzh = '时间币'\nen = 'time coins'\n"))
    assert "合 2.5 时间币" in (await browser.page("/hours")).text
    worker = await scene.town.client("worker")
    assert "合 2.5 时间币" in (await worker.page(f"/desk/members/{scene.town.uids['volunteer']}/hours")).text


BODIES = "[giving]\nto = ['fund', 'nonprofit']\n"


@pytest.fixture
async def bodies(scene: Any) -> Any:
    """Rules that let hours go to non-profit bodies; one such body with its contact, beside an ordinary unit."""
    await give_rules(scene.ctx, "dongqu", (EARLY, BODIES))
    await scene.give("volunteer", 100)
    async with scene.ctx.engine.atomic():
        await unit(
            scene.ctx, "dongqu", "sunset", "夕阳红为老服务中心", subkind="公益为老机构",
            contacts=(scene.town.uids["proxy"],),
        )  # fmt: skip
    return scene


async def test_a_body_for_elders_gets_hours_and_can_only_give_them_on(bodies: Any) -> None:
    given = await giving.give_body(
        bodies.ctx, await bodies.actor("volunteer"), body="夕阳红为老服务中心", minutes=60
    )
    assert (given.minutes, given.minutes_left) == (60, 40)
    contact = await bodies.actor("proxy")
    here = await giving.team_hours(bodies.ctx, contact, "sunset")
    assert (here.minutes, here.is_unit) == (60, True)
    with pytest.raises(BadField):
        await giving.give_on(bodies.ctx, contact, "sunset", minutes=61)
    on = await giving.give_on(bodies.ctx, contact, "sunset", minutes=45)
    assert on.minutes_left == 15
    fund = await bodies.ctx.book("dongqu").balance(fund_account("dongqu"))
    assert fund.balance == 45
    assert await bodies.ctx.book("dongqu").verify() == []


async def test_only_bodies_for_elders_are_meant_and_only_where_the_rules_say_so(bodies: Any) -> None:
    actor = await bodies.actor("volunteer")
    for name in ("区第二人民医院", "hospital", "没有的机构", ""):
        with pytest.raises(BadField):
            await giving.give_body(bodies.ctx, actor, body=name, minutes=10)
    assert [one.code for one in await giving.bodies(bodies.ctx, "dongqu")] == ["sunset"]
    assert await giving.bodies(bodies.ctx, "nanqu") == [], "the rules next door say nothing of bodies"
    await give_rules(bodies.ctx, "dongqu", (EARLY, "[giving]\nto = ['fund']\n"))
    with pytest.raises(NotEligible):
        await giving.give_body(bodies.ctx, actor, body="sunset", minutes=10)
    assert await bodies.balance("volunteer") == 100


async def test_the_hours_of_a_body_are_for_its_own_contact_and_the_desk(bodies: Any) -> None:
    for who in ("unit", "leader", "volunteer", "stranger_worker"):
        with pytest.raises(NotFound):
            await giving.team_hours(bodies.ctx, await bodies.actor(who), "sunset")
    assert (await giving.team_hours(bodies.ctx, await bodies.actor("worker"), "sunset")).minutes == 0


async def test_the_passbook_offers_the_body_and_the_page_gives_once(bodies: Any) -> None:
    client = await bodies.town.client("volunteer")
    page = await client.page("/hours")
    assert "夕阳红为老服务中心" in page.text
    form = {"to": "nonprofit", "number": "sunset", "minutes": "30", "idempotency_key": "once-and-no-more"}
    await client.submit("/hours/give", form)
    page = await client.submit("/hours/give", form)
    assert await bodies.balance("volunteer") == 70
    assert "送给公益为老机构" in (await client.page("/hours")).text
    answer = await client.post(
        "/api/hours/give", json={"to": "nonprofit", "number": "hospital", "minutes": 5}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")
    contact = await bodies.town.client("proxy")
    assert "只能转赠" in (await contact.page("/teams/sunset/hours")).text
    assert "居民送来的时间" in (await contact.page("/unit?unit=sunset")).text
