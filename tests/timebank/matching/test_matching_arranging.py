"""An agreed match becomes a service, once, with the right place, payer and people; and the whole way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger import Leg, Transfer
from marketplace import store as lists
from marketplace.ages import AgeFact, AgeSort
from marketplace.times import read_when
from marketplace.values import Looseness, Need, Per, Place, Quantity, Resource, Unit, When, Window
from tests.timebank.kept_versions import give_rules
from tests.timebank.told import told as told_to
from timebank.community.calling_off import call_off
from timebank.community.policy.limits import apply_limits
from timebank.context import issuing_account, member_account
from timebank.errors import AlreadyDone, Clash, GuardianNeeded, NotFound, WrongMoment
from timebank.help.arranging import arrange, comes_once, fitted, minutes_of
from timebank.rules.parts.attendance import Kind, Off, ServiceState, State
from timebank.store.help import services
from timebank.store.members import ages

SHANGHAI = ZoneInfo("Asia/Shanghai")
FILED_ON = date(2026, 11, 20)


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


MORNING = Window(at(9), at(12))
AFTERNOON = Window(at(14), at(16))


def a_need(owner: str = "", **known: Any) -> Need:
    standard: dict[str, Any] = {
        "line_key": "N1",
        "title": "换灯泡",
        "owner": owner,
        "categories": ("electrical",),
        "place": Place(text="一网格3号楼502", grid="一网格"),
        "when": When(phrase="随时", looseness=Looseness.ANY),
        "filed_on": FILED_ON,
        "private_note": "先打电话",
    }
    return Need(**{**standard, **known})


def a_line(owner: str, owner_kind: str = "volunteer", **known: Any) -> Resource:
    return Resource(
        line_key=f"L-{owner}",
        title="会电工",
        owner=owner,
        owner_kind=owner_kind,
        categories=("electrical",),
        **known,
    )


async def listed(town: Any, need: Need) -> Need:
    async with town.ctx.engine.atomic():
        await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
    return need


async def arranged(
    town: Any, need: Need, resource: Resource | None, window: Window = MORNING, **known: Any
) -> Any:
    actor = await town.actor("worker")
    async with town.ctx.engine.atomic():
        return await arrange(
            town.ctx, actor, need=need, resource=resource, window=window, source="plan", **known
        )


async def give_hours(town: Any, who: str, minutes: int) -> None:
    legs = (Leg(issuing_account("dongqu"), minutes), Leg(member_account(town.uids[who]), -minutes))
    await town.ctx.book("dongqu").post(
        Transfer(key=f"gift:{who}", legs=legs, reason="opening"), at=town.ctx.now()
    )


async def test_a_volunteers_own_line_signs_them_up(town: Any) -> None:
    need = await listed(town, a_need(town.uids["elder"]))
    service = await arranged(town, need, a_line(town.uids["volunteer2"]))
    assert service.kind is Kind.VISIT
    assert service.recipient == town.uids["elder"]
    assert (service.starts_at, service.ends_at) == (at(9), at(10)), "an unstated visit takes an hour"
    (part,) = await services.attendances(town.ctx.engine, service.uid)
    assert (part.member, part.state) == (town.uids["volunteer2"], State.SIGNED_UP)
    told = {(line.member, line.kind) for line in await told_to(town.ctx.engine)}
    assert (town.uids["elder"], "help_comes") in told
    assert (town.uids["volunteer2"], "you_go") in told


async def test_the_street_and_the_note_go_on_the_private_card_only(town: Any) -> None:
    need = await listed(town, a_need(town.uids["elder"]))
    public = await lists.need(town.ctx.engine, "dongqu", "N1")
    assert public is not None
    assert public.private_note == ""
    service = await arranged(town, public, a_line(town.uids["volunteer2"]))
    assert service.place == "一网格"
    private = await services.service_private(town.ctx.engine, service.uid)
    assert private.place_exact == "一网格3号楼502"
    assert private.note_private == need.private_note, "read anew, though the plan never saw it"


async def test_a_need_that_one_visit_settles_leaves_the_list_and_is_not_arranged_twice(town: Any) -> None:
    need = await listed(town, a_need(town.uids["elder"]))
    await arranged(town, need, a_line(town.uids["volunteer2"]))
    assert await lists.needs(town.ctx.engine, "dongqu") == ()
    with pytest.raises(AlreadyDone):
        await arranged(town, need, a_line(town.uids["volunteer"]), Window(at(9, day=27), at(12, day=27)))


async def test_a_weekly_need_stays_and_remembers_who_came(town: Any) -> None:
    weekly = a_need(town.uids["elder"], when=read_when("每周三上午", filed_on=FILED_ON))
    await listed(town, weekly)
    await arranged(town, weekly, a_line(town.uids["volunteer2"]))
    (kept,) = await lists.needs(town.ctx.engine, "dongqu")
    assert kept.last_helpers == (town.uids["volunteer2"],)
    with pytest.raises(AlreadyDone):
        await arranged(town, kept, a_line(town.uids["volunteer"]))
    next_week = Window(MORNING.starts_at + timedelta(days=7), MORNING.ends_at + timedelta(days=7))
    await arranged(town, kept, a_line(town.uids["volunteer"]), next_week)


async def test_a_team_and_a_unit_name_their_helper_later(town: Any) -> None:
    await listed(town, a_need(town.uids["elder"]))
    service = await arranged(town, a_need(town.uids["elder"]), a_line("red-vests", "team"))
    assert (service.team, service.lead) == ("red-vests", town.uids["leader"])
    assert await services.attendances(town.ctx.engine, service.uid) == []

    other = a_need(line_key="N2", source="community", title="量血压", place=Place(text="社区活动室"))
    other = replace(other, quantity=Quantity(amount=60, unit=Unit.PERSON))
    service = await arranged(town, other, a_line("hospital", "unit"))
    assert (service.unit, service.kind, service.place) == ("hospital", Kind.SHIFT, "社区活动室")
    assert service.minutes_planned == 180, "a clinic takes the hours it was given"
    told = {(line.member, line.kind) for line in await told_to(town.ctx.engine)}
    assert (town.uids["leader"], "name_helper") in told
    assert (town.uids["unit"], "name_helper") in told


async def test_the_recipient_pays_with_a_hold_when_the_hours_suffice(town: Any) -> None:
    await give_hours(town, "elder", 90)
    service = await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))
    assert service.payer == "recipient"
    hold = await town.ctx.book("dongqu").hold(service.hold_uid)
    assert (hold.amount, hold.payee) == (60, member_account(town.uids["volunteer2"]))
    balance = await town.ctx.book("dongqu").balance(member_account(town.uids["elder"]))
    assert balance.available == 30


async def test_the_community_pays_when_the_hours_do_not_suffice(town: Any) -> None:
    await give_hours(town, "elder", 59)
    service = await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))
    assert (service.payer, service.hold_uid) == ("institution", "")


async def test_a_room_or_a_meal_takes_nobodys_hours(town: Any) -> None:
    await give_hours(town, "elder", 600)
    service = await arranged(town, a_need(town.uids["elder"]), a_line("hospital", "unit", kind="meals"))
    assert service.payer == "institution"


async def test_a_busy_helper_comes_at_the_first_free_hour_and_clashes_when_there_is_none(town: Any) -> None:
    await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))
    second = a_need(town.uids["elder"], line_key="N2")
    service = await arranged(town, second, a_line(town.uids["volunteer2"]))
    assert (service.starts_at, service.ends_at) == (at(10), at(11))
    third = a_need(town.uids["elder"], line_key="N3")
    with pytest.raises(Clash):
        await arranged(town, third, a_line(town.uids["volunteer2"]), Window(at(9, 30), at(10, 30)))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("minor", GuardianNeeded), ("stranger_volunteer", NotFound), ("elder", WrongMoment)],
)
async def test_a_helper_who_cannot_come_leaves_nothing_behind(
    town: Any, who: str, refusal: type[Exception]
) -> None:
    await listed(town, a_need(town.uids["elder"]))
    await give_hours(town, "elder", 90)
    with pytest.raises(refusal):
        await arranged(town, a_need(town.uids["elder"]), None, member=town.uids[who])
    assert await services.services(town.ctx.engine, "dongqu") == []
    assert len(await lists.needs(town.ctx.engine, "dongqu")) == 1
    balance = await town.ctx.book("dongqu").balance(member_account(town.uids["elder"]))
    assert balance.available == 90


async def test_calling_off_gives_everything_back(town: Any) -> None:
    await give_hours(town, "elder", 90)
    await listed(town, a_need(town.uids["elder"]))
    service = await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))
    actor = await town.actor("worker")
    async with town.ctx.engine.atomic():
        called_off = await call_off(town.ctx, actor, service, reason="下雨", off=Off.RELEASED)
    assert called_off.state is ServiceState.CANCELLED
    (part,) = await services.attendances(town.ctx.engine, service.uid)
    assert part.state is State.CANCELLED
    balance = await town.ctx.book("dongqu").balance(member_account(town.uids["elder"]))
    assert balance.available == 90
    assert len(await lists.needs(town.ctx.engine, "dongqu")) == 1
    await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))


async def test_what_has_begun_is_not_called_off(town: Any) -> None:
    service = await arranged(town, a_need(town.uids["elder"]), a_line(town.uids["volunteer2"]))
    (part,) = await services.attendances(town.ctx.engine, service.uid)
    await services.save_attendance(town.ctx.engine, replace(part, state=State.CHECKED_IN))
    actor = await town.actor("worker")
    with pytest.raises(WrongMoment):
        async with town.ctx.engine.atomic():
            await call_off(town.ctx, actor, service, reason="", off=Off.RELEASED)


@pytest.mark.parametrize(
    ("phrase", "quantity", "minutes"),
    [
        ("2026-11-26 8:00-11:30", Quantity(), 210),  # hours that were asked for
        ("11月26日上午", Quantity(), 60),  # a morning in which an hour is welcome
        ("每周二上午", Quantity(minutes_each=40), 40),  # the need says itself
        ("每周二上午", Quantity(amount=60, unit=Unit.PERSON), 240),  # people come all morning
        ("随时", Quantity(amount=90, unit=Unit.MINUTE), 90),
        ("随时", Quantity(unit=Unit.ITEM), 15),
    ],
)
def test_how_long_a_service_takes(phrase: str, quantity: Quantity, minutes: int) -> None:
    need = a_need(when=read_when(phrase, filed_on=FILED_ON), quantity=quantity)
    window = need.when.windows[0] if need.when.windows else Window(at(8), at(12))
    assert minutes_of(need, window) == minutes


def test_a_window_is_trimmed_to_the_first_free_stretch() -> None:
    busy = [Window(at(9), at(9, 30)), Window(at(10), at(11))]
    assert fitted(MORNING, 30, busy=busy) == Window(at(9, 30), at(10))
    assert fitted(MORNING, 60, busy=busy) == Window(at(11), at(12))
    assert fitted(MORNING, 90, busy=busy) == Window(at(9), at(10, 30)), (
        "never free: the clash is told, not hidden"
    )
    assert fitted(Window(at(9), at(9, 20)), 60) == Window(at(9), at(9, 20))


@pytest.mark.parametrize(
    ("known", "once"),
    [
        ({}, True),
        ({"quantity": Quantity(amount=40, unit=Unit.MINUTE)}, True),
        ({"quantity": Quantity(amount=60, unit=Unit.PERSON)}, False),
        ({"quantity": Quantity(helpers=4)}, False),
        ({"quantity": Quantity(per=Per.WEEK)}, False),
        ({"when": read_when("每周三上午", filed_on=FILED_ON)}, False),
    ],
)
def test_which_needs_one_visit_settles(known: dict[str, Any], once: bool) -> None:
    assert comes_once(a_need(**known)) is once


async def test_low_fee_help_is_arranged_takes_nobodys_hours_and_earns_none(town: Any) -> None:
    await give_hours(town, "elder", 120)
    need = await listed(town, a_need(town.uids["elder"]))
    service = await arranged(town, need, replace(a_line(town.uids["volunteer2"]), free=False))
    assert (service.free, service.payer) == (False, "institution")
    kept = await services.service(town.ctx.engine, service.uid)
    assert kept is not None
    assert kept.free is False
    free = await listed(town, a_need(town.uids["elder"], line_key="N9"))
    assert (await arranged(town, free, a_line(town.uids["volunteer"]), AFTERNOON)).free is True


async def test_hours_are_used_only_by_whom_the_rules_name(town: Any) -> None:
    await give_hours(town, "elder", 120)
    await give_rules(
        town.ctx,
        "dongqu",
        (date(2026, 1, 1), "[credit]\npayer = 'recipient_first'\n[redeeming]\nage_min = 60\n"),
    )
    need = await listed(town, a_need(town.uids["elder"]))
    service = await arranged(town, need, a_line(town.uids["volunteer2"]))
    assert service.payer == "institution", "an age that is not on record leaves nobody without help"
    fact = AgeFact(sort=AgeSort.BORN_ON, value="1950-01-01", said_on=town.ctx.today(), source="test")
    async with town.ctx.engine.atomic():
        await ages.add_age(town.ctx.engine, town.uids["elder"], fact, recorded_by="operator")
    other = await listed(town, a_need(town.uids["elder"], line_key="N9"))
    assert (await arranged(town, other, a_line(town.uids["volunteer"]), AFTERNOON)).payer == "recipient"


async def test_an_overdraft_lets_somebody_pay_with_hours_they_have_yet_to_earn(town: Any) -> None:
    await give_rules(
        town.ctx, "dongqu",
        (date(2026, 1, 1), "[credit]\npayer = 'recipient_first'\n[redeeming]\noverdraft_minutes = 60\n"),
    )  # fmt: skip
    await apply_limits(town.ctx, "dongqu")
    need = await listed(town, a_need(town.uids["elder"]))
    assert (await arranged(town, need, a_line(town.uids["volunteer2"]))).payer == "recipient"
    other = await listed(town, a_need(town.uids["elder"], line_key="N9"))
    assert (await arranged(town, other, a_line(town.uids["volunteer"]), AFTERNOON)).payer == "institution"
