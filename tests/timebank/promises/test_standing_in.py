"""Who could go instead: after the hour somebody is there in whole minutes, and a unit stands in for a unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from marketplace import store as lists
from marketplace.times import read_when
from marketplace.values import Need, Resource, Window
from tests.timebank.settling import settle, unit
from timebank.adapters.system import SetClock
from timebank.help.arranging import arrange
from timebank.help.matching.flow import ByHand, decide_by_hand
from timebank.help.promises.standing_in import stand_ins, starts_instead
from timebank.help.services.keeping.evening import evening
from timebank.help.services.keeping.off import give_back
from timebank.help.services.keeping.sending import send_instead
from timebank.rules.parts.attendance import Service

HOUR = timedelta(hours=1)


async def _arranged(town: Any, first: Resource, second: Resource, starts_at: datetime) -> Service:
    """A need on the list at an hour, promised by the first line; the second could go as well."""
    day = f"{starts_at:%Y年%-m月%-d日 %-H:%M}-{starts_at + HOUR:%-H:%M}"
    need = Need(
        line_key="N1", title="换灯泡", owner=town.uids["elder"], categories=("electrical",),
        when=read_when(day, filed_on=starts_at.date()), filed_on=starts_at.date(),
    )  # fmt: skip
    async with town.ctx.engine.atomic():
        await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
        await lists.save_resources(town.ctx.engine, "dongqu", [first, second], at=town.ctx.now())
        return await arrange(
            town.ctx, await town.actor("worker"), need=need, resource=first,
            window=Window(starts_at, starts_at + HOUR), source="plan",
        )  # fmt: skip


def _line(owner: str, owner_kind: str) -> Resource:
    when = read_when("每天", filed_on=datetime(2026, 11, 1).date())
    return Resource(
        line_key=f"L-{owner}", title="会电工", owner=owner, owner_kind=owner_kind, categories=("electrical",), when=when,
    )  # fmt: skip


async def test_after_the_hour_somebody_is_suggested_however_many_seconds_the_clock_shows(town: Any) -> None:
    starts_at = town.ctx.now().replace(minute=0, second=0, microsecond=0) + HOUR
    first, second = (_line(town.uids[who], "volunteer") for who in ("volunteer", "volunteer2"))
    service = await _arranged(town, first, second, starts_at)
    late = replace(town.ctx, clock=SetClock(starts_at + timedelta(minutes=20, seconds=7, microseconds=3)))
    (found,) = await stand_ins(late, service, without=town.uids["volunteer"])
    assert found.member == town.uids["volunteer2"]
    assert "一般" not in found.why_zh, "how urgent the need is says nothing about who goes"
    sent = await send_instead(late, await town.actor("worker"), service.uid, member=found.member)
    assert sent.member == town.uids["volunteer2"]
    assert starts_instead(service, late.now()) == starts_at + timedelta(minutes=55), (
        "an hour that one can be told"
    )


async def test_a_unit_that_gives_its_date_back_is_followed_by_another_with_its_number_and_one_press(
    town: Any,
) -> None:
    contact = await settle(town.ctx, "dongqu", "周经理", phone="19911110088")
    await unit(town.ctx, "dongqu", "power", "供电所", subkind="企业", contacts=(contact,))
    starts_at = town.ctx.now().replace(minute=0, second=0, microsecond=0) + 2 * HOUR
    service = await _arranged(town, _line("hospital", "unit"), _line("power", "unit"), starts_at)
    await give_back(town.ctx, await town.actor("unit"), service.uid)
    desk = await town.actor("worker")
    (row,) = [
        one for one in (await evening(town.ctx, desk, "zh-CN")).rows if one.promise.service.uid == service.uid
    ]
    power = next(one for one in row.stand_ins if one.line == "L-power")
    assert (power.member, power.says, power.phone) == ("", "供电所", "19911110088")
    chosen = ByHand(
        window=Window(service.starts_at, service.ends_at), reason="原来答应的来不了", resource_key=power.line
    )
    again = await decide_by_hand(town.ctx, desk, "N1", chosen)
    assert again.unit == "power"
    left = (await evening(town.ctx, desk, "zh-CN")).rows
    assert service.uid not in {one.promise.service.uid for one in left}
