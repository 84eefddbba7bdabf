"""Everybody presses anything at any time on the real app, then a month of silence; what must hold is looked at after each press.

Looked at: the part is what its statements leave; every page claims the same; the claims agree with the book and with what
was pressed; nobody's own hand posts; nothing is posted twice; and in the end every promise ends in a word.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any

from ledger import LedgerRefusal
from timebank.community.saying import promise_of
from timebank.daily import do_what_is_due
from timebank.errors import AppRefusal
from timebank.help.promises.seen import Promise, promise
from timebank.help.requests.views import elder_home
from timebank.help.services.flow import name_helper
from timebank.help.services.keeping import evening as evenings
from timebank.help.services.keeping.doing import Pressed, press
from timebank.help.services.keeping.sending import send_instead
from timebank.help.services.keeping.undoing import take_back
from timebank.help.services.pages.views import volunteer_home
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.promises import Standing
from timebank.rules.parts.statements import Said, fold
from timebank.store.help import services, statements

ENDS = frozenset({
    Standing.POSTED, Standing.CORRECTED, Standing.DID_NOT, Standing.UNKNOWN, Standing.CANNOT, Standing.SWAPPED,
    Standing.OFF_DATE, Standing.OFF_SERIES, Standing.OFF_RAIN, Standing.MOVED, Standing.SEARCHING, Standing.UNFILLED,
})  # fmt: skip
"""Where a part may rest for ever: each says what became of it."""
WAITS = (0, 1, 3, 8, 12, 20, 35, 60, 90, 240, 1_500)
READERS = ("elder", "volunteer", "volunteer2", "leader", "worker", "unit")


class Untrue(AssertionError):
    """Two pages tell different stories, or one tells what is not so."""


@dataclass
class Run:
    """One service with its people, and what was pressed so far."""

    scene: Any
    service: Service
    dice: random.Random
    actors: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    refused: int = 0

    async def step(self) -> None:
        """Somebody does something, allowed or not; time passes."""
        self.scene.pass_time(self.dice.choice(WAITS))
        who = self.dice.choice(READERS)
        try:
            await self._deed(who)
        except (AppRefusal, LedgerRefusal):
            self.refused += 1
        await self.look()

    async def _deed(self, who: str) -> None:
        ctx, actor = self.scene.ctx, self.actors[who]
        roll = self.dice.random()
        if roll < 0.08:
            await do_what_is_due(ctx, ["dongqu"])
            self.done.append("clock")
            return
        if roll < 0.12 and who == "worker":
            member = self.scene.town.uids[self.dice.choice(("volunteer", "volunteer2"))]
            if self.dice.random() < 0.5:
                await name_helper(ctx, actor, self.service.uid, member=member)
            else:
                await send_instead(ctx, actor, self.service.uid, member=member)
            self.done.append("sent")
            return
        seen = await self._seen(who)
        if seen is None:
            return
        if seen.undo and roll < 0.3:
            await take_back(ctx, actor, self.service.uid, seen.undo)
            self.done.append(f"{who}:undo")
            return
        names = [name for name, one in seen.presses if not seen.link(name)]
        # Now and then a press that the page does not offer: it is refused, whatever it is.
        name = (
            self.dice.choice(("came", "confirm", "arrive", "off_date"))
            if roll > 0.9
            else self.dice.choice(names or ["came"])
        )
        starts_at = self.service.starts_at.astimezone(ctx.zone)
        pressed = Pressed(
            name=name, part=seen.part.uid if seen.part else "", note="就是这样", minutes=self.dice.choice((0, 30, 60, 400)),
            arrived=starts_at.time(), left=self.dice.choice((time(10, 30), time(10, 45), time(11, 30))),
            to=ctx.now() + timedelta(days=1),
        )  # fmt: skip
        await press(ctx, actor, self.service.uid, pressed, lang="zh-CN")
        self.done.append(f"{who}:{name}")

    async def _seen(self, who: str) -> Promise | None:
        service = await self._service()
        parts = await services.attendances(self.scene.ctx.engine, self.service.uid)
        chosen = self.dice.choice(parts).uid if parts and who not in ("volunteer", "volunteer2") else ""
        try:
            return await promise(self.scene.ctx, self.actors[who], service, lang="zh-CN", part=chosen)
        except AppRefusal:
            return None

    async def _service(self) -> Service:
        found = await services.service(self.scene.ctx.engine, self.service.uid)
        assert found is not None
        return found

    async def look(self) -> None:
        """What must hold at any time."""
        ctx = self.scene.ctx
        service = await self._service()
        for part in await services.attendances(ctx.engine, self.service.uid):
            await self._folded(service, part)
            await self._one_story(service, part)
            await self._as_the_book(part)
        await self._pages(service)

    async def _folded(self, service: Service, part: Attendance) -> None:
        policy = promise_of(self.scene.ctx, service)
        found = fold(
            part, await statements.of_part(self.scene.ctx.engine, part.uid),
            rests=timedelta(minutes=policy.undo_minutes), minutes_planned=service.minutes_planned,
            minutes_over=policy.over_plan_minutes,
        )  # fmt: skip
        found = replace(found, grade=part.grade)
        if part.waits:
            found = replace(found, state=State.CHECKED_OUT, rests_until=None, waits=part.waits)
        self._holds(found == part, f"the row is not what was said: {found} {part}")

    async def _one_story(self, service: Service, part: Attendance) -> None:
        """Everybody who reads of this part reads the same claim, and it is not against what was pressed."""
        ctx = self.scene.ctx
        told: dict[str, str] = {}
        for who in READERS:
            try:
                seen = await promise(ctx, self.actors[who], service, lang="zh-CN", part=part.uid)
            except AppRefusal:
                continue
            if seen.part is not None and seen.part.uid == part.uid:
                told[who] = seen.says
        own_end = part.state is State.CANCELLED
        self._holds(own_end or len(set(told.values())) <= 1, f"{told}")
        for says in told.values():
            self._holds(not (own_end and "C+" in says), "a part that ended is promised")
            over = ctx.now() >= service.ends_at + timedelta(minutes=60)
            self._holds(
                not (over and says == "C+ W0 H0" and part.checked_in_at is None), "silence is told as coming"
            )
            if part.said_not_at is not None and part.posted_at is None and part.confirmed_by == "":
                self._holds("W+" not in says, "she said that nobody came")

    async def _as_the_book(self, part: Attendance) -> None:
        entries = await self.scene.posted()
        keys = [
            one
            for one in entries
            if one.key.startswith(f"attendance:{part.uid}") and not one.key.endswith(":rest")
        ]
        standing = [one for one in keys if one.uid not in await self._reversed(entries)]
        self._holds(len(standing) <= 1, f"posted twice: {[one.key for one in standing]}")
        self._holds(bool(standing) == bool(part.transfer_uid), f"the book has {standing}, the part {part}")
        if part.posted_at is not None:
            said = await statements.of_part(self.scene.ctx.engine, part.uid)
            vouched = {one.by for one in said if one.what in {Said.WORD, Said.AMOUNT}}
            self._holds(bool(vouched - {part.member}), "one hand posted its own hours")

    async def _reversed(self, entries: list[Any]) -> set[str]:
        return {one.reverses for one in await self.scene.ctx.book("dongqu").transfers() if one.reverses}

    async def _pages(self, service: Service) -> None:
        """The pages themselves: the elder's, the volunteers', the desk's list."""
        ctx = self.scene.ctx
        home = {
            one.part.uid: one
            for one in (await elder_home(ctx, self.actors["elder"], "zh-CN")).promises
            if one.part
        }
        for who in ("volunteer", "volunteer2"):
            page = await volunteer_home(ctx, self.actors[who])
            own = [card.promise for card in (page.now_on, *page.later) if card and card.promise]
            for one in (*own, *page.told):
                if one.part and one.part.uid in home and one.part.state is not State.CANCELLED:
                    self._holds(home[one.part.uid].says == one.says, f"{home[one.part.uid]} {one}")
        listed = {
            row.promise.part.uid: row.promise
            for row in (await evenings.evening(ctx, self.actors["worker"], "zh-CN")).rows
            if row.promise.part
        }
        for part in await services.attendances(ctx.engine, service.uid):
            silent = part.state is State.SIGNED_UP and part.said_not_at is None and not part.confirmed_by
            late = ctx.now() >= service.starts_at + timedelta(minutes=15)
            if silent and late and service.off is None and ctx.now() < service.starts_at + timedelta(days=13):
                self._holds(part.uid in listed, "somebody who did not come stands on no list")

    async def silence(self) -> None:
        """Nobody says anything any more; every part ends in a word."""
        for _day in range(40):
            self.scene.pass_time(1_440)
            await do_what_is_due(self.scene.ctx, ["dongqu"])
        service = await self._service()
        for part in await services.attendances(self.scene.ctx.engine, self.service.uid):
            seen = await promise(self.scene.ctx, self.actors["worker"], service, lang="zh-CN", part=part.uid)
            self._holds(seen.standing in ENDS, f"no word ever came: {seen.standing}")
        await self.look()

    def _holds(self, truth: bool, said: str) -> None:
        if not truth:
            raise Untrue(f"{said}\nafter {self.done}")


async def run(
    scene: Any, seed: int, *, steps: int, kind: str = "visit", watch: Callable[[Run], None] | None = None
) -> Run:
    """One service from two hours before it to forty days after, with these dice."""
    dice = random.Random(seed)
    starts_at = scene.ctx.now().astimezone(scene.ctx.zone).replace(hour=10, minute=0) + timedelta(days=1)
    scene.ctx.clock.now = starts_at - timedelta(minutes=dice.choice((40, 90, 200, 1_500)))
    if kind == "visit":
        service, _part = await scene.visit(starts_at=starts_at, minutes=60)
    else:
        service = await scene.shift("volunteer", "volunteer2", starts_at=starts_at)
    machine = Run(scene=scene, service=service, dice=dice)
    for who in READERS:
        machine.actors[who] = await scene.actor(who)
    for _number in range(steps):
        await machine.step()
    await machine.silence()
    if watch is not None:
        watch(machine)
    return machine
