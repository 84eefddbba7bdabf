"""A month of the demo town, by its own flows and on a clock that stands still between steps.

Every day visits are arranged for the next one; some helpers cancel, some visits are called off, the others take place and
are confirmed; the desk rings and prints slips; neighbours ask to be rung and get sign-in codes. What is told of all this
goes by real processes to real servers.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from marketplace.values import Need, Place, Window
from timebank.access import Actor
from timebank.community.calling_off import call_off
from timebank.community.identity import flow as identity
from timebank.context import Context
from timebank.demo.people import ELDERS, VESTS
from timebank.demo.seed import CODE
from timebank.help.arranging import arrange
from timebank.help.requests import flow as requests
from timebank.help.services import flow as services
from timebank.help.services.keeping import reminding
from timebank.help.services.words import confirming
from timebank.news.telling import flow as telling
from timebank.news.telling import handing
from timebank.rules.parts.attendance import Off, Service, State
from timebank.rules.telling.news import Call
from timebank.store.help import services as rows
from timebank.store.identity import actors
from timebank.store.members import people, reach
from timebank.store.members.reach import ReachOf

FIRST = date(2026, 11, 25)
STEPS = (time(8), time(9, 30), time(11), time(13), time(15), time(17, 5), time(19, 30), time(22))
STARTS = (time(9, 30), time(11), time(13), time(15))
TITLES = ("买菜", "陪聊", "修灯", "理发")


@dataclass
class Visit:
    """One visit of tomorrow: who helps whom, and what becomes of it."""

    service: Service
    part: str
    elder: str
    helper: str
    fate: str


@dataclass
class Month:
    """The town while its month runs."""

    ctx: Context
    seed: int = 3
    visits_a_day: int = 4
    uids: dict[str, str] = field(default_factory=dict)
    coming: list[Visit] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    async def begin(self) -> None:
        """Who is who; two read mail first, one has no telephone, one wants no text messages."""
        names = {one.newcomer.name: one.key for one in (*ELDERS, *VESTS)}
        for card in await people.roster(self.ctx.engine, CODE):
            if card.name in names:
                self.uids[names[card.name]] = card.uid
            elif card.name == "陈晓":
                self.uids["worker"] = card.uid
        for key in (one.key for one in VESTS):
            # The demo's Tuesday has begun: some are at their shift and never sign out of it here.
            there = await rows.attendances_of(self.ctx.engine, self.uids[key], states=[State.CHECKED_IN])
            self.helpers += [] if there else [key]
        async with self.ctx.engine.atomic():
            for key in (self.helpers[0], "liu"):
                uid = self.uids[key]
                await self._wants(ReachOf(member=uid, ways="mail,sms", mail=f"{key}@example.org"))
            await self._wants(ReachOf(member=self.uids[self.helpers[1]], stopped_at=self.ctx.now()))
        await self.ctx.engine.execute("DELETE FROM tb_phone WHERE member = ?", [self.uids["zhou"]])

    async def _wants(self, wants: ReachOf) -> None:
        await reach.save_reach(self.ctx.engine, wants, by=wants.member, now=self.ctx.now())

    async def actor(self, key: str) -> Actor:
        return await actors.actor_of(self.ctx.engine, self.ctx.catalogue_of, self.uids[key], self.ctx.today())

    async def step(self, at: datetime) -> None:
        """What people do at this moment."""
        clock = at.astimezone(self.ctx.zone).time()
        await self._visits_end(at)
        if clock in STARTS:
            await self._visits_begin(at)
        if clock == time(8):
            await self._slips()
        if clock == time(11):
            await self._desk_rings()
        if clock == time(13):
            await self._arrange(at.astimezone(self.ctx.zone).date() + timedelta(days=1))
        if clock in (time(15), time(22)):
            await self._some_cancel("night" if clock == time(22) else "day")
        if clock == time(17, 5):
            await reminding.remind(self.ctx, CODE)
        if clock == time(19, 30) and self.random.random() < 0.5:
            await self._asks()

    async def _arrange(self, day: date) -> None:
        elders = self.random.sample([one.key for one in ELDERS], len(ELDERS))
        helpers = self.random.sample(self.helpers, len(self.helpers))
        worker = await self.actor("worker")
        for number in range(min(self.visits_a_day, len(helpers))):
            start = datetime.combine(day, STARTS[number % len(STARTS)], tzinfo=self.ctx.zone)
            elder, helper = elders[number % len(elders)], helpers[number % len(helpers)]
            need = Need(
                line_key=f"month-{day:%m%d}-{number}", title=self.random.choice(TITLES), owner=self.uids[elder],
                categories=("companionship",), place=Place(grid="一网格"), filed_on=self.ctx.today(),
            )  # fmt: skip
            async with self.ctx.engine.atomic():
                service = await arrange(
                    self.ctx, worker, need=need, resource=None, member=self.uids[helper],
                    window=Window(start, start + timedelta(minutes=60)), source="by_hand",
                )  # fmt: skip
            (part,) = await rows.attendances(self.ctx.engine, service.uid)
            fate = self.random.choices(("goes", "cancels", "off", "cancels at night"), (70, 12, 10, 8))[0]
            self.coming.append(Visit(service=service, part=part.uid, elder=elder, helper=helper, fate=fate))

    async def _some_cancel(self, when: str) -> None:
        for visit in list(self.coming):
            if visit.fate == ("cancels at night" if when == "night" else "cancels"):
                await services.cancel_attendance(self.ctx, await self.actor(visit.helper), visit.part)
                self.coming.remove(visit)
            elif visit.fate == "off" and when == "day":
                async with self.ctx.engine.atomic():
                    await call_off(
                        self.ctx, await self.actor("worker"), visit.service, reason="改天", off=Off.DATE
                    )
                self.coming.remove(visit)

    async def _visits_begin(self, at: datetime) -> None:
        for visit in self.coming:
            if visit.service.starts_at == at and visit.fate == "goes":
                await services.check_in(self.ctx, await self.actor(visit.helper), visit.part)
                visit.fate = "there"

    async def _visits_end(self, at: datetime) -> None:
        for visit in list(self.coming):
            if visit.fate == "there" and visit.service.ends_at <= at:
                await services.check_out(self.ctx, await self.actor(visit.helper), visit.part)
                visit.fate = "done"
            elif visit.fate == "done" and at.astimezone(self.ctx.zone).time() >= time(19, 30):
                if self.random.random() < 0.8:
                    await confirming.record_confirmation(self.ctx, await self.actor(visit.elder), visit.part)
                self.coming.remove(visit)

    async def _slips(self) -> None:
        worker = await self.actor("worker")
        for slip in (await handing.to_carry(self.ctx, worker, "zh-CN")).slips:
            word = "given" if slip.printed else "printed"
            await handing.slips_said(self.ctx, worker, slip.uids, word)

    async def _desk_rings(self) -> None:
        worker = await self.actor("worker")
        for row in (await telling.call_sheet(self.ctx, worker, "zh-CN")).rows[:5]:
            if row.member in self.uids.values():
                word = Call.REACHED if self.random.random() < 0.7 else Call.MISSED
                # It may have become too late while they dialled.
                with suppress(telling.NotOnSheet):
                    await telling.call_made(self.ctx, worker, row.uids[0], word, read_out=row.uids)

    async def _asks(self) -> None:
        elder = self.random.choice(ELDERS).key
        if self.random.random() < 0.5:
            await requests.ask_for_call(self.ctx, await self.actor(elder))
        else:
            await identity.issue_code(
                self.ctx, await self.actor("worker"), member=self.uids[elder], kind="code"
            )
