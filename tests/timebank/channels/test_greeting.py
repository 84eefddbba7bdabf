"""The daily greeting: any sign of life answers it, silence is rung about, and nobody gets it who did not ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from timebank.channels import texts
from timebank.channels.greeting import greet
from timebank.rules.relationships import KnownBy, Party, Relationship, Sort, State, Yes
from timebank.store.channels import news
from timebank.store.relations import relationships


async def asked_for_it(town: Any, who: str = "elder") -> None:
    today, uid = town.ctx.today(), town.uids[who]
    one = Relationship(
        uid=f"G{who}"[:12].upper(), community="dongqu", kind="daily_greeting", holder=Party(Sort.MEMBER, uid),
        target=Party(Sort.AREA, "dongqu"), since_on=today, state=State.IN_FORCE, offered_by=uid,
        holder_yes=Yes(known_by=KnownBy.PAGE, by=uid, on=today),
    )  # fmt: skip
    async with town.ctx.engine.atomic():
        await relationships.add_relationship(town.ctx.engine, one)


def at(town: Any, hour: int, minute: int = 0) -> None:
    day = town.ctx.today()
    town.ctx.clock.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=town.ctx.zone)


async def kinds(town: Any) -> list[str]:
    since = town.ctx.now() - timedelta(hours=20)
    return [one.kind for one in await news.lately_told(town.ctx.engine, town.uids["elder"], since=since)]


async def morning(town: Any) -> None:
    await asked_for_it(town)
    at(town, 7, 59)
    assert await greet(town.ctx, "dongqu") == 0
    at(town, 8, 5)
    for _turn in range(2):
        assert await greet(town.ctx, "dongqu") == 1
    assert await kinds(town) == ["greeting"]


async def test_silence_until_half_past_ten_is_rung_about_once(town: Any) -> None:
    await morning(town)
    at(town, 10, 29)
    await greet(town.ctx, "dongqu")
    assert await kinds(town) == ["greeting"]
    at(town, 10, 31)
    for _turn in range(2):
        await greet(town.ctx, "dongqu")
    assert sorted(await kinds(town)) == ["greeting", "greeting_missed"]
    assert "第二次没接就上门" in (await (await town.client("worker")).page("/desk/calls")).text


async def test_a_word_answers(town: Any) -> None:
    await morning(town)
    taken = await texts.take(town.ctx, gateway_id="1", sender="19900000101", words="好")
    assert taken.deed == "greeted"
    at(town, 11)
    await greet(town.ctx, "dongqu")
    assert "greeting_missed" not in await kinds(town)


async def test_an_opened_page_answers(town: Any) -> None:
    await morning(town)
    elder = await town.client("elder")
    await elder.page("/news")
    at(town, 11)
    await greet(town.ctx, "dongqu")
    assert "greeting_missed" not in await kinds(town)


async def test_whoever_did_not_ask_or_was_not_greeted_is_not_rung(town: Any) -> None:
    at(town, 11)
    assert await greet(town.ctx, "dongqu") == 0
    await asked_for_it(town)
    await greet(town.ctx, "dongqu")
    assert await kinds(town) == []


async def test_her_page_says_that_opening_it_was_the_answer(town: Any) -> None:
    elder = await town.client("elder")
    at(town, 8, 5)
    assert "早上好" not in (await elder.page("/elder")).text, "nobody greeted her"
    await morning(town)
    assert "社区就知道您今天好" in (await elder.page("/elder")).text
    at(town, 12, 1)
    assert "早上好" not in (await elder.page("/elder")).text
