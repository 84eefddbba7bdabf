"""Every box in which the desk looks for somebody takes a name, its beginning, a number and digits of any width."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from marketplace import store as market
from marketplace.values import Need
from tests.timebank.settling import settle

Look = Callable[[Any, Any, str], Awaitable[str]]


async def in_the_list(town: Any, worker: Any, typed: str) -> str:
    return str((await worker.submit("/desk/members", {"q": typed})).text)


async def for_a_household(town: Any, worker: Any, typed: str) -> str:
    return str((await worker.submit(f"/desk/pick/household/{town.uids['elder']}", {"q": typed})).text)


async def for_the_owner_of_a_need(town: Any, worker: Any, typed: str) -> str:
    return str((await worker.submit("/desk/pick/need/need-1", {"q": typed})).text)


async def for_a_relationship(town: Any, worker: Any, typed: str) -> str:
    page = await worker.page("/desk/relationships/new", params={"kind": "proxy", "holder_q": typed})
    return str(page.text)


async def for_who_goes(town: Any, worker: Any, typed: str) -> str:
    page = await worker.submit("/desk/needs/need-1/assign", {"look": typed, "step": "look"})
    assert page.status_code == 200
    return str(page.text)


@pytest.mark.parametrize(
    "look", [in_the_list, for_a_household, for_the_owner_of_a_need, for_a_relationship, for_who_goes]
)
@pytest.mark.parametrize(
    "typed",
    ["周海棠", " 周 海棠 ", "周海", "077", "０７７", "4321", "４３２１", "19955554321", "１９９５５５５４３２１", "199-5555-4321"],
)  # fmt: skip
async def test_a_search_box_finds(town: Any, look: Look, typed: str) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        uid = await settle(ctx, "dongqu", "周海棠", phone="19955554321", number="077", gives=True)
        await settle(ctx, "dongqu", "吴不相干", phone="19955551111", number="078", gives=True)
    need = Need(line_key="need-1", title="换灯泡", owner=town.uids["elder"], filed_on=ctx.today())
    await market.save_needs(ctx.engine, "dongqu", [need], at=ctx.now())
    text = await look(town, await town.client("worker"), typed)
    assert uid in text, typed
    assert "吴不相干" not in text
