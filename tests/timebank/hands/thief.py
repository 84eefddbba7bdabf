"""One person who holds any set of offices, or two who conspire, press anything at all, in the real app, to bring hours into the book.

thief = await Thief.at(scene, seed=7)
await thief.work(steps=40)
thief.minutes      # what came into the book that no honest person had said
thief.days         # how much of it on which day
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ledger import LedgerRefusal
from marketplace.errors import MarketplaceRefusal
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import hold, settle
from timebank.access import Actor
from timebank.catalogue import Heard
from timebank.channels import texts
from timebank.community import relating
from timebank.community.identity import flow as identity
from timebank.community.knowing import flow as knowing
from timebank.community.registering import Newcomer, register
from timebank.community.staff import flow as staff
from timebank.errors import AppRefusal
from timebank.help.hours import by_two
from timebank.help.hours import flow as hours
from timebank.help.imports import flow as imports
from timebank.help.opening import entering
from timebank.help.opening import flow as opening
from timebank.help.posting.resting import post_due
from timebank.help.services import flow
from timebank.help.services.words import correcting, putting_right, second
from timebank.help.services.words.speaking import find_out
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import State
from timebank.rules.parts.statements import Said
from timebank.rules.relationships import Party, Sort, member
from timebank.store.help import services
from timebank.store.identity import sessions, ways
from timebank.store.members import people, phones

HOME = "一网格9号楼901"
OFFICES = ("worker", "leader", "officer", "unit", "auditor", "proxy", "volunteer")
SHEET = "周二“红马甲”在行动 签到表\n{day},地点:社区小广场\n姓名,签到,签退,服务内容,备注\n{rows}"
PAIR_DAY = 240
RULES = f"[grant]\nfirst_minutes = 120\nfirst_to = 'oriented'\n[hands]\npair_day_minutes = {PAIR_DAY}\n"
NOBODY_REFUSED = (AppRefusal, LedgerRefusal, MarketplaceRefusal)


@dataclass
class Thief:
    """The thief at work.

    Attributes:
        own: who is at the keys: the thief and their spouse; of two who conspire, the other one too.
        tokens: bearer tokens of every sign-in that the thief got hold of.
        honest: part -> minutes that honest people said of it.
        days: day -> minutes that came in on it.
    """

    scene: Any
    rng: random.Random
    uid: str
    offices: tuple[str, ...]
    own: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    honest: dict[str, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    minutes: int = 0
    days: Counter[date] = field(default_factory=Counter)

    @classmethod
    async def at(cls, scene: Any, seed: int, *, two: bool = False) -> Thief:
        """A thief with drawn offices comes to town, with their spouse; two honest visits lie there.

        Args:
            two: a second one who lives elsewhere, with offices drawn anew, is in it.
        """
        rng = random.Random(seed)
        await give_rules(scene.ctx, "dongqu", (date(2026, 1, 1), RULES))
        uid = await settle(
            scene.ctx, "dongqu", f"贼{seed}", phone=f"1980000{seed:04}", address=HOME, gives=True
        )
        thief = cls(scene=scene, rng=rng, uid=uid, offices=())
        await thief._joined(uid)
        await thief._joined(
            await settle(scene.ctx, "dongqu", f"贼家{seed}", address=HOME, gives=True, asks=True)
        )
        if two:
            await thief._joined(await settle(scene.ctx, "dongqu", f"同伙{seed}", gives=True, asks=True))
        _service, whole = await scene.visit(helper="volunteer")
        await scene.served(whole, 60)
        thief.honest[whole.uid] = 60
        _service, begun = await scene.visit(helper="volunteer2")
        await flow.check_in(scene.ctx, await scene.actor("volunteer2"), begun.uid)
        return thief

    async def _joined(self, uid: str) -> None:
        """One more at the keys, in offices that are drawn."""
        offices = tuple(one for one in OFFICES if self.rng.random() < 0.6)
        await self._appointed(uid, offices)
        self.own.append(uid)
        self.offices = tuple(sorted({*self.offices, *offices}))

    async def _appointed(self, uid: str, offices: tuple[str, ...]) -> None:
        ctx, uids = self.scene.ctx, self.scene.town.uids
        targets: Mapping[str, tuple[str, Party]] = {
            "worker": ("worker", Party(Sort.AREA, "dongqu")),
            "auditor": ("auditor", Party(Sort.AREA, "dongqu")),
            "officer": ("grid_worker", Party(Sort.AREA, "dongqu-1")),
            "leader": ("deputy", relating.organisation("red-vests")),
            "volunteer": ("team_member", relating.organisation("red-vests")),
            "unit": ("unit_contact", relating.organisation("hospital")),
            "proxy": ("proxy", member(uids["elder"])),
        }
        for one in offices:
            kind, target = targets[one]
            await hold(ctx, "dongqu", kind, uid, target)

    # --- whose hands the thief has

    async def hand(self) -> Actor:
        """The thief, or one of those as whom the thief is signed in."""
        ctx = self.scene.ctx
        from timebank.store.identity.actors import actor_of

        own = await actor_of(ctx.engine, ctx.catalogue_of, self.rng.choice(self.own), ctx.today())
        if not self.tokens or self.rng.random() < 0.5:
            return own
        found = await sessions.find_session(
            ctx.engine, ctx.catalogue_of, self.rng.choice(self.tokens), ctx.now()
        )
        return found.actor if found is not None else own

    async def part(self) -> Any:
        """Any part there is."""
        found = await self.scene.ctx.engine.fetch("SELECT uid FROM tb_attendance ORDER BY id")
        part = await services.attendance(self.scene.ctx.engine, self.rng.choice(found)["uid"])
        assert part is not None
        return part

    async def anybody(self) -> str:
        uids = self.scene.town.uids
        here = [uid for who, uid in uids.items() if not who.startswith("stranger")]
        anybody: str = self.rng.choice([*here, *self.invented, *self.invented, *self.own])
        return anybody

    # --- what the thief can do

    async def work(self, *, steps: int) -> None:
        """So many tries; refused ones change nothing."""
        for _step in range(steps):
            name, deed = self.rng.choice(DEEDS)
            try:
                await deed(self)
            except NOBODY_REFUSED:
                continue
            self.done.append(name)
            await self._counted()
        self.scene.pass_time(15)
        await post_due(self.scene.ctx)
        await self._counted()

    async def _counted(self) -> None:
        stolen = await self._stolen()
        self.days[self.scene.ctx.today()] += max(0, stolen - self.minutes)
        self.minutes = max(self.minutes, stolen)

    async def _stolen(self) -> int:
        """Minutes in the book that no honest person had said."""
        rows = await self.scene.ctx.engine.fetch(
            "SELECT uid, minutes_credited FROM tb_attendance WHERE state = 'posted'"
        )
        stolen: int = sum(max(0, row["minutes_credited"] - self.honest.get(row["uid"], 0)) for row in rows)
        book = await self.scene.ctx.book("dongqu").transfers()
        opened: int = sum(
            posting.amount
            for entry in book
            if entry.key.startswith(("opening:", "first:"))
            for posting in entry.postings
            if posting.amount > 0
        )
        return stolen + opened

    async def _signed_in(self, signed_in: Any) -> None:
        self.tokens.append(signed_in.token)

    async def code(self) -> None:
        ctx, who = self.scene.ctx, await self.anybody()
        secret = await identity.issue_code(ctx, await self.hand(), member=who, kind="code")
        await self._signed_in(
            await identity.sign_in_by_code(
                ctx, community="dongqu", who=who, code=secret, source=f"s{len(self.done)}"
            )
        )

    async def password(self) -> None:
        ctx, hand = self.scene.ctx, await self.hand()
        who = self.scene.town.uids[self.rng.choice(("worker2", "auditor", "worker"))]
        if await sessions.login_of(ctx.engine, who):
            made = await staff.reset_account(ctx, hand, member_uid=who)
        else:
            made = await staff.open_account(ctx, hand, member_uid=who, login=f"login{len(self.done)}")
        login = await sessions.login_of(ctx.engine, who)
        await self._signed_in(
            await identity.sign_in_by_password(ctx, login=login, password=made, source=f"p{len(self.done)}")
        )

    async def know(self) -> None:
        """Acknowledge one of the thief's own telephones with another of the thief's hands."""
        ctx = self.scene.ctx
        unknown = await ways.not_known(ctx.engine, "dongqu", since=ctx.now() - timedelta(days=400))
        if unknown:
            shown = knowing.digits_of(ctx.settings, self.rng.choice(unknown).uid, ctx.now())
            await knowing.know(ctx, await self.hand(), digits=shown)

    async def invent(self) -> None:
        hand = await self.hand()
        if (
            not hand.has(*{role for role in hand.roles if role.value == "worker"})
            or "worker" not in self.offices
        ):
            return
        ctx = self.scene.ctx
        async with ctx.engine.atomic():
            name = f"造人{len(self.invented)}"
            self.invented.append(
                await register(
                    ctx, "dongqu", Newcomer(name=name, gives=True, asks=True), recorded_by=hand.uid
                )
            )

    async def appoint(self) -> None:
        """An office for somebody invented, heard and written down by the thief."""
        ctx, hand, who = self.scene.ctx, await self.hand(), await self.anybody()
        kind, target = self.rng.choice(
            (
                ("leader", relating.organisation("red-vests")),
                ("deputy", relating.organisation("red-vests")),
                ("team_member", relating.organisation("red-vests")),
                ("worker", relating.area("dongqu")),
                ("auditor", relating.area("dongqu")),
                ("proxy", member(self.scene.town.uids["elder"])),
            )
        )
        wanted = relating.Wanted(
            kind=kind, holder=member(who), target=target, holder_yes=Heard.PAPER, target_yes=Heard.PAPER
        )
        async with ctx.engine.atomic():
            offered = await relating.offer(ctx, hand, wanted)
        async with ctx.engine.atomic():
            await relating.approve(ctx, await self.hand(), offered.uid)

    async def sheet(self) -> None:
        ctx, hand = self.scene.ctx, await self.hand()
        days = self.rng.choice((0, 1, 7, 40, 89, -20))
        on = ctx.today() - timedelta(days=days)
        names = [(await people.names(ctx.engine, [await self.anybody()])).popitem()[1] for _ in range(3)]
        rows = "\n".join(f"{name},8:00,{self.rng.choice(('9:00', '12:00', '16:00'))},巡逻," for name in names)
        text = SHEET.format(day=f"{on:%Y年%m月%d日}", rows=rows)
        await imports.import_files(ctx, hand, "dongqu", [(f"{len(self.done)}.csv", text.encode())])

    async def walk_up(self) -> None:
        shift = await self.scene.shift(starts_at=self.scene.ctx.now() - timedelta(hours=2))
        hand = await self.hand()
        await flow.add_walk_up(self.scene.ctx, hand, shift.uid, member=await self.anybody())
        await flow.close_shift(
            self.scene.ctx, await self.hand(), shift.uid, at=self.scene.ctx.now(), absent_known=True
        )

    async def close(self) -> None:
        part = await self.part()
        await flow.close_shift(
            self.scene.ctx, await self.hand(), part.service, at=self.scene.ctx.now(), absent_known=True
        )

    async def visit(self) -> None:
        """A visit of somebody the thief chooses to somebody the thief chooses, as the desk arranges it."""
        hand = await self.hand()
        names = {uid: who for who, uid in self.scene.town.uids.items()}
        helper, helped = await self.anybody(), await self.anybody()
        if "worker" in self.offices and helper in names and helped in names and helper != helped and hand.uid:
            await self.scene.visit(
                helper=names[helper],
                recipient=names[helped],
                starts_at=self.scene.ctx.now() - timedelta(hours=3),
            )

    async def times(self) -> None:
        part, now = await self.part(), self.scene.ctx.now()
        length = timedelta(minutes=self.rng.choice((30, 60, 170)))
        await write_times(self.scene.ctx, await self.hand(), part.uid, arrived=now - length, left=now)

    async def arrive(self) -> None:
        await flow.check_in(self.scene.ctx, await self.hand(), (await self.part()).uid)

    async def tick(self) -> None:
        await flow.tick(self.scene.ctx, await self.hand(), (await self.part()).uid)

    async def leave(self) -> None:
        await flow.check_out(self.scene.ctx, await self.hand(), (await self.part()).uid)

    async def say_so(self) -> None:
        """A word by whichever press there is."""
        ctx, hand, part = self.scene.ctx, await self.hand(), await self.part()
        press: Callable[[Any, Actor, str], Awaitable[Any]] = self.rng.choice(
            (flow.record_confirmation, flow.approve_hours, second.vouch, flow.said_came)
        )
        await press(ctx, hand, part.uid)

    async def say_all(self) -> None:
        await flow.confirm_service(self.scene.ctx, await self.hand(), (await self.part()).service)

    async def dispute(self) -> None:
        await flow.dispute(self.scene.ctx, await self.hand(), (await self.part()).uid, note="不对")

    async def resolve(self) -> None:
        minutes = self.rng.choice((30, 240, 480))
        await flow.resolve_dispute(
            self.scene.ctx, await self.hand(), (await self.part()).uid, minutes_served=minutes, note="问过了"
        )

    async def not_came(self) -> None:
        await find_out(self.scene.ctx, await self.hand(), (await self.part()).uid, Said.FOUND_NOT)

    async def correct(self) -> None:
        part = await self.part()
        await correcting.correct(
            self.scene.ctx,
            await self.hand(),
            part.uid,
            minutes_served=self.rng.choice((60, 480)),
            note="改正",
        )

    async def put_right(self) -> None:
        ctx, part = self.scene.ctx, await self.part()
        if part.state is not State.POSTED:
            return
        change = await putting_right.enter(ctx, await self.hand(), part.uid, minutes_served=480, note="改正")
        await putting_right.approve(ctx, await self.hand(), change.uid)

    async def reverse(self) -> None:
        part = await self.part()
        if part.transfer_uid:
            await hours.reverse(
                self.scene.ctx, await self.hand(), part.transfer_uid, reason=next(iter(hours.REASONS))
            )

    async def first(self) -> None:
        """First hours for anybody, or whatever waits for a second person agreed to."""
        ctx, hand = self.scene.ctx, await self.hand()
        waiting = await by_two.waiting(ctx, hand)
        if waiting and self.rng.random() < 0.6:
            await by_two.approve(ctx, hand, self.rng.choice(waiting).change.uid)
        else:
            await by_two.enter_first_hours(ctx, hand, await self.anybody())

    async def paper(self) -> None:
        """A paper passbook for somebody, entered and approved."""
        ctx, hand = self.scene.ctx, await self.hand()
        batch = (await opening.begin(ctx, hand, note="旧存折")).uid
        typed = entering.Typed(amount="8小时", book=f"{len(self.done)}")
        await entering.enter(ctx, hand, batch, member=await self.anybody(), typed=typed)
        other = await self.hand()
        shown = await opening.show(ctx, other, batch)
        await opening.approve(ctx, other, batch, seen=shown.seen)

    async def message(self) -> None:
        """A text message from the number of somebody on record."""
        ctx = self.scene.ctx
        numbers = await phones.phones_of(ctx.engine, [await self.anybody()])
        for kept in numbers.values():
            if "worker" in self.offices:
                words = self.rng.choice(("来过了", "帮好了", "1"))
                await texts.take(
                    ctx,
                    gateway_id=f"g{len(self.done)}{self.rng.random()}",
                    sender=kept[0].number,
                    words=words,
                )

    async def later(self) -> None:
        self.scene.pass_time(self.rng.choice((1, 12, 90)))
        await post_due(self.scene.ctx)


DEEDS: list[tuple[str, Callable[[Thief], Awaitable[None]]]] = [
    (name, getattr(Thief, name))
    for name, weight in {
        "code": 3, "password": 2, "know": 2, "invent": 1, "appoint": 1, "sheet": 2, "walk_up": 2, "close": 1, "visit": 2,
        "times": 4, "arrive": 2, "tick": 1, "leave": 2, "say_so": 12, "say_all": 4, "dispute": 2, "resolve": 3, "not_came": 1,
        "correct": 1, "put_right": 1, "reverse": 1, "first": 3, "paper": 1, "message": 1, "later": 2,
    }.items()
    for _ in range(weight)
]  # fmt: skip


async def told(thief: Thief) -> list[str]:
    """What was said of every part that came into the book beyond what honest people had said."""
    from timebank.store.help import statements

    rows = await thief.scene.ctx.engine.fetch("SELECT * FROM tb_attendance WHERE state = 'posted'")
    found = []
    for row in rows:
        if row["minutes_credited"] > thief.honest.get(row["uid"], 0):
            said = await statements.of_part(thief.scene.ctx.engine, row["uid"])
            names = {uid: who for who, uid in thief.scene.town.uids.items()} | dict.fromkeys(
                thief.own, "THIEF"
            )
            found += [f"{row['uid']} of {names.get(row['member'], row['member'])}: {row['minutes_credited']}"]
            found += [
                f"  {one.what.value} by {names.get(one.by, one.by)} via {one.via} as {one.standing} {one.minutes}"
                for one in said
            ]
    keys = await thief.scene.ctx.engine.fetch(
        "SELECT uid, member, made_by, made_via, known_by, known_via FROM tb_way_in"
    )
    return [*found, *map(str, keys)]
