"""A town whose office had kept its hours on paper: two workers at the desk, and a third for what they cannot do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.settling import settle
from timebank.help.opening import entering, flow
from timebank.store.members import people


class Paper:
    """What the office does with its paper passbooks, in few words."""

    def __init__(self, town: Any) -> None:
        self.town, self.ctx = town, town.ctx

    async def actor(self, who: str) -> Any:
        return await self.town.actor(who)

    async def batch(self, who: str = "worker") -> str:
        return (await flow.begin(self.ctx, await self.actor(who))).uid

    async def enter(
        self, batch: str, owner: str, amount: str = "15小时30分", *, by: str = "worker", **known: Any
    ) -> Any:
        return await entering.enter(
            self.ctx, await self.actor(by), batch, member=self.town.uids[owner],
            typed=entering.Typed(amount=amount, **known),
        )  # fmt: skip

    async def approve(self, batch: str, by: str = "worker2", *, seen: str = "") -> Any:
        actor = await self.actor(by)
        seen = seen or (await flow.show(self.ctx, actor, batch)).seen
        return await flow.approve(self.ctx, actor, batch, seen=seen)

    async def posted(self, owner: str, amount: str = "15小时30分", **known: Any) -> str:
        """A batch of one, approved."""
        batch = await self.batch()
        await self.enter(batch, owner, amount, **known)
        await self.approve(batch)
        return batch

    async def saved(self, who: str) -> int:
        row = await people.member(self.ctx.engine, self.town.uids[who])
        assert row is not None
        return int((await self.ctx.book(row.community).balance(row.account)).balance)


@pytest.fixture
async def paper(town: Any) -> Paper:
    async with town.ctx.engine.atomic():
        town.uids["worker3"] = await settle(
            town.ctx, "dongqu", "赵三", "worker", called="赵社工", phone="19900000108"
        )
    return Paper(town)
