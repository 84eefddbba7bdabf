"""Seeds the demo community by walking the real flows through its past month, day by day, on a clock of its own.

The story ends on Tuesday 2026-11-24 at 8:40: the red vests are gathering, somebody is on the way to 王奶奶, and the
week is planned. From then on the demo's clock runs at the pace of the real one, so every visitor meets that Tuesday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from marketplace.store import edit_need, need_private, needs, proposals
from marketplace.values import SHANGHAI, Need, Place, Quantity, Week, Window
from timebank.access import Actor
from timebank.adapters.system import SeededIds, SetClock, SystemClock
from timebank.catalogue import Heard, Scope, Side
from timebank.catalogue.named import DEPUTY, LEADER, TEAM_MEMBER, UNIT_CONTACT, WORKER
from timebank.community import relating
from timebank.community.founding.flow import found_community
from timebank.community.identity import flow as identity
from timebank.community.registering import register
from timebank.community.staff import flow as staff
from timebank.context import Context
from timebank.demo.people import ELDERS, NUMBERS, STAFF, TUESDAYS, VESTS, VISITS, Visit
from timebank.help.arranging import arrange
from timebank.help.hours import flow as hours
from timebank.help.imports import flow as lists
from timebank.help.matching import flow as matching
from timebank.help.opening import entering
from timebank.help.opening import flow as opening
from timebank.help.posting.resting import post_due
from timebank.help.services import flow as services
from timebank.help.services.teams import shifts
from timebank.help.services.words import confirming
from timebank.rules.parts.attendance import Kind, Service, State
from timebank.rules.relationships import OPERATOR, Party, member
from timebank.store import settings
from timebank.store.help import services as rows
from timebank.store.identity import actors
from timebank.store.members import people, phones
from timebank.store.places import communities
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT

CODE = "dongqu"
TODAY = datetime(2026, 11, 24, 8, 40, tzinfo=SHANGHAI)
RED_VESTS = "周二红马甲服务队"
SEEDED = "demo_seeded"
DEMO_PASSWORD = "east-side-2026"  # noqa: S105 made-up people on one machine  # nosec B105

HERE = Path(__file__).parent
# In the wheel the lists lie beside this file; in a checkout they are the examples'.
LISTS = next(
    folder for folder in (HERE / "lists", HERE.parents[1] / "examples" / "data" / "lists") if folder.is_dir()
)

# Lines of the needs list that belong to people we know: part of the title → whose it is.
OWNED = (
    ("帮忙买米", "wang"), ("买药", "wang"), ("卫生间灯坏了", "liu"), ("陪去市一院", "zhao"), ("想有人说说话", "zhou"),
    ("午饭送到家", "sun"), ("老花镜", "ma"),
)  # fmt: skip

# Needs whose proposals the worker has agreed to by Tuesday morning.
ACCEPTED = ("帮忙买米", "午饭送到家", "孩子放学后", "卫生间灯坏了", "陪去市一院", "子女在外")


@dataclass
class Story:
    """The seeding while it runs: where the clock stands and who is who."""

    ctx: Context
    clock: SetClock
    uids: dict[str, str] = field(default_factory=dict)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Move the clock to a local moment."""
        self.clock.now = datetime.combine(day, time(hour, minute), tzinfo=self.ctx.zone)
        return self.clock.now

    async def actor(self, key: str) -> Actor:
        return await actors.actor_of(self.ctx.engine, self.ctx.catalogue_of, self.uids[key], self.ctx.today())


SEEDING_LIMIT_S = 900.0


async def seed(ctx: Context) -> None:
    """Fill an empty database with the demo community; a database that has it is left as it is."""
    if await settings.setting(ctx.engine, SEEDED):
        return
    clock = SetClock(datetime(2026, 10, 19, 9, tzinfo=ctx.zone))
    story = Story(replace(ctx, clock=clock, ids=SeededIds(20261124)), clock)
    # Nobody waits for the writer yet, and a slow or busy machine needs longer than a request may.
    limit_s, ctx.engine.unit_limit_s = ctx.engine.unit_limit_s, SEEDING_LIMIT_S
    try:
        await _all_or_nothing(ctx, story)
    finally:
        ctx.engine.unit_limit_s = limit_s


async def _all_or_nothing(ctx: Context, story: Story) -> None:
    async with ctx.engine.atomic():
        await _found(story)
        await _october_and_november(story)
        await _lists_arrive(story)
        await _this_week(story)
        offset = int((TODAY - SystemClock()()).total_seconds())
        await settings.set_setting(ctx.engine, "clock_offset_seconds", str(offset))
        await settings.set_setting(ctx.engine, SEEDED, TODAY.isoformat())


async def sign_in_links(ctx: Context) -> dict[str, str]:
    """A fresh sign-in token for one person of each role; earlier ones end."""
    chosen = {
        "elder": "19900000101", "proxy": "19900000206", "volunteer": "19900000004", "leader": "19900000301",
        "unit": "19900000204", "worker": "19900000201", "auditor": "19900000203",
    }  # fmt: skip
    tokens = {}
    async with ctx.engine.atomic():
        await identity.end_links(ctx)
        for role, phone in chosen.items():
            (person,) = await phones.cards_by_number(ctx.engine, CODE, phone)
            tokens[role] = ctx.ids.token()
            await identity.add_code(
                ctx,
                member=person.uid,
                secret=tokens[role],
                kind="link",
                uses=1_000_000,
                lasts=timedelta(days=3650),
            )
    return tokens


async def _found(story: Story) -> None:
    ctx = story.ctx
    grids = ("一网格", "二网格", "三网格", "四网格", "五网格")
    await found_community(
        ctx, code=CODE, name="东区社区", name_en="Dongqu Community", phone="0555-1234567", address="东区路18号",
        opens="周一至周五 8:30–17:30，周六上午", grids=grids,
    )  # fmt: skip
    office = await communities.community(ctx.engine, CODE)
    assert office is not None, "just founded"
    opens, says = (
        "周一到周五 8:30–17:30，周六上午",
        "进门左手第一间，门口挂着红马甲。有热水，有椅子，坐下慢慢说。",
    )
    await communities.save_community(ctx.engine, replace(office, opens=opens, page_text=says))
    for someone in (*STAFF, *ELDERS, *VESTS):
        story.uids[someone.key] = await register(ctx, CODE, someone.newcomer, recorded_by=OPERATOR)
    await _staff(story)
    await _stands(
        story, "proxy", "proxy", member(story.uids["wang"]), heard=Heard.TOLD, note="女儿",
        scope=ctx.catalogue_of(CODE).relationships["proxy"].scope,
    )  # fmt: skip
    await lists.import_files(ctx, None, CODE, [_file("报到志愿者.csv")], filed_on=date(2026, 10, 19))
    for name, (number, called) in NUMBERS.items():
        (card,) = await people.cards_named(ctx.engine, CODE, name)
        story.uids[name] = card.uid
        row = await people.member(ctx.engine, card.uid)
        assert row is not None
        await people.save_member(ctx.engine, replace(row, number=number))
        await people.save_person(
            ctx.engine, replace(await people.person(ctx.engine, card.uid), called=called)
        )
    team = await organisations.organisation_named(ctx.engine, CODE, RED_VESTS, TEAM)
    assert team is not None, "the volunteers' file names the red vests"
    for kind, key in ((LEADER, "zheng"), (DEPUTY, "deng")):
        await _stands(story, kind, key, relating.organisation(team.code))
    for someone in VESTS:
        await _stands(story, TEAM_MEMBER, someone.key, relating.organisation(team.code), heard=Heard.LIST)
    story.uids["team"] = team.code
    await _paper_passbooks(story)


async def _staff(story: Story) -> None:
    """The first worker by the operator, the second by the first and the operator, the auditor by both workers."""
    ctx, here = story.ctx, relating.area(CODE)
    office = relating.operator(CODE)
    for key, kind, login in (
        ("worker", WORKER, "chen"),
        ("worker2", WORKER, "lin"),
        ("auditor", "auditor", ""),
    ):
        first, second = {
            "worker": (office, office),
            "worker2": (await story.actor("worker"), office),
            "auditor": (await story.actor("worker"), await story.actor("worker2")),
        }[key]
        wanted = relating.Wanted(
            kind=kind, holder=member(story.uids[key]), target=here, holder_yes=Heard.PAPER
        )
        offered = await relating.offer(ctx, first, wanted)
        await relating.approve(ctx, second, offered.uid)
        if login:
            # Their own choice: one that the office made up would end after a week of the story.
            own = await story.actor(key)
            await staff.give_password(
                ctx, own, member_uid=own.uid, login=login, password=DEMO_PASSWORD, action="change_password"
            )


async def _stands(
    story: Story,
    kind: str,
    key: str,
    target: Party,
    *,
    heard: Heard = Heard.PAPER,
    scope: tuple[Scope, ...] = (),
    note: str = "",
) -> None:
    """The worker writes down who stands to whom; both sides said yes on paper, on the telephone or on a list."""
    asked = story.ctx.catalogue_of(CODE).relationships[kind].yes
    await relating.offer(
        story.ctx,
        await story.actor("worker"),
        relating.Wanted(
            kind=kind, holder=member(story.uids[key]), target=target, scope=scope, note=note,
            holder_yes=heard if Side.HOLDER in asked else None, target_yes=heard if Side.TARGET in asked else None,
        ),
    )  # fmt: skip


async def _paper_passbooks(story: Story) -> None:
    """Hours that two elders had saved on paper before the office began to keep this book: entered by one, approved by another."""
    first, second = await story.actor("worker"), await story.actor("worker2")
    batch = (await opening.begin(story.ctx, first, note="社区成立以前的纸质存折")).uid
    for key, amount, number in (("wang", "8小时", "0012"), ("ma", "90分", "0031")):
        typed = entering.Typed(amount=amount, book=number)
        await entering.enter(story.ctx, first, batch, member=story.uids[key], typed=typed)
    shown = await opening.show(story.ctx, second, batch)
    await opening.approve(story.ctx, second, batch, seen=shown.seen)


async def _october_and_november(story: Story) -> None:
    days = sorted({tuesday for tuesday, _, _ in TUESDAYS} | {visit.on for visit in VISITS})
    closed = False
    for day in days:
        if day.month == 11 and not closed:
            story.at(date(2026, 11, 2), 10)
            await hours.close_month(story.ctx, await story.actor("worker"), CODE, "2026-10")
            closed = True
        for tuesday, came, early in TUESDAYS:
            if tuesday == day:
                await _shift(story, day, came, early)
        for visit in VISITS:
            if visit.on == day:
                await _visit(story, visit)


async def _shift(story: Story, day: date, came: Sequence[str], early: dict[str, tuple[int, int]]) -> None:
    """One Tuesday from roll-call to confirmation by a worker."""
    ctx = story.ctx
    starts_at = story.at(day, 8, 30)
    shift = Service(
        uid=ctx.ids.uid("S"), community=CODE, kind=Kind.SHIFT, title="周二“红马甲”在行动", category="environment",
        team=story.uids["team"], lead=story.uids["zheng"], place="社区小广场（移动办公桌）", starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3), capacity=len(came),
    )  # fmt: skip
    worker = await story.actor("worker")
    story.at(day - timedelta(days=1), 18)
    await rows.add_service(ctx, shift, created_by=story.uids["worker"])
    parts = {key: await services.join(ctx, worker, shift, story.uids[key]) for key in came}
    leader, deputy = await story.actor("zheng"), await story.actor("worker2")
    for number, (key, part) in enumerate(parts.items()):
        story.at(day, 8, 28 + number)
        await services.tick(ctx, deputy if key == "zheng" else leader, part.uid)
    for key, (hour, minute) in sorted(early.items(), key=lambda item: item[1]):
        story.at(day, hour, minute)
        await services.check_out(ctx, leader, parts[key].uid)
    story.at(day, 11, 30)
    await services.close_shift(ctx, leader, shift.uid, absent_known=True)
    story.at(day, 16)
    await confirming.confirm_service(ctx, await story.actor("worker"), shift.uid)
    await _rested(story)


async def _visit(story: Story, visit: Visit) -> None:
    """One visit: the helper arrives and leaves, somebody else confirms."""
    part = await _helped(story, visit)
    story.at(visit.on, 17)
    await confirming.record_confirmation(story.ctx, await story.actor(visit.confirmer), part)
    await _rested(story)


async def _rested(story: Story) -> None:
    """The minutes pass in which a word can be taken back."""
    story.clock.now += timedelta(minutes=story.ctx.policy_of(CODE).promise.undo_minutes)
    await post_due(story.ctx)


async def _helped(story: Story, visit: Visit) -> str:
    """A visit up to check-out; the uid of the helper's part."""
    ctx = story.ctx
    starts_at = story.at(visit.on, *visit.at)
    elder = next(one for one in ELDERS if one.key == visit.elder)
    planned = max(30, -(-visit.minutes // 30) * 30)
    asked = Need(
        line_key=f"{visit.on:%m%d}-{visit.elder}", title=visit.title, owner=story.uids[visit.elder],
        categories=(visit.category,), place=Place(grid=elder.newcomer.address[:3]), filed_on=visit.on - timedelta(days=3),
        private_note=elder.newcomer.health_note, quantity=Quantity(minutes_each=planned),
    )  # fmt: skip
    story.at(visit.on - timedelta(days=1), 15)
    service = await arrange(
        ctx, await story.actor("worker"), need=asked, resource=None, member=story.uids[visit.helper],
        window=Window(starts_at, starts_at + timedelta(minutes=planned)), source="by_hand",
    )  # fmt: skip
    (part,) = await rows.attendances(ctx.engine, service.uid)
    helper = await story.actor(visit.helper)
    clock = story.at(visit.on, *visit.at)
    await services.check_in(ctx, helper, part.uid)
    story.clock.now = clock + timedelta(minutes=visit.minutes)
    await services.check_out(ctx, helper, part.uid)
    return part.uid


async def _lists_arrive(story: Story) -> None:
    """The office's files of mid-November, and last Tuesday's paper sheet typed in and confirmed."""
    ctx = story.ctx
    story.at(date(2026, 11, 18), 9, 30)
    worker = await story.actor("worker")
    files = [
        _file(name)
        for name in ("东区社区四张清单.xlsx", "区人民银行营业部-资源.csv", "2026-11-17-红马甲签到表.csv")
    ]
    await lists.import_files(ctx, None, CODE, files, filed_on=date(2026, 11, 18))
    for unit, contact in (("区第二人民医院", "nurse"), ("实验小学", "teacher")):
        known = await organisations.organisation_named(ctx.engine, CODE, unit, UNIT)
        assert known is not None, "the resources list names the unit"
        await _stands(story, UNIT_CONTACT, contact, relating.organisation(known.code))
    said = await _said(story)
    for part_of_title, key in OWNED:
        need = next(need for need in said.values() if part_of_title in need.title)
        await edit_need(ctx.engine, CODE, replace(need, owner=story.uids[key]), at=ctx.now())
    story.at(date(2026, 11, 18), 10)
    for part, service in await rows.waiting_for_confirmation(ctx.engine, CODE):
        if service.team == story.uids["team"] and part.state is State.CHECKED_OUT:
            await confirming.record_confirmation(ctx, worker, part.uid)
    await _rested(story)


async def _this_week(story: Story) -> None:
    """Monday's plan, today's roll-call half done, and one visit that waits for 王奶奶's word."""
    ctx, week = story.ctx, Week.of(TODAY.date())
    story.at(date(2026, 11, 23), 8, 30)
    worker = await story.actor("worker")
    await matching.plan_week(ctx, worker, CODE, week)
    await _accept(story, worker, week)
    await _helped(
        story,
        Visit(date(2026, 11, 23), (15, 0), 58, "周五", "wang", "陪聊，念家信", "companionship", "wang"),
    )
    story.at(date(2026, 11, 23), 18)
    made = await shifts.ensure_shifts(ctx, CODE, week, worker)
    today = next(shift for shift in made if shift.starts_at.astimezone(ctx.zone).date() == TODAY.date())
    coming = ("zheng", "deng", "tang", "xu", "luo", "yuan", "cai", "fang", "pan", "qiu", "李四")
    parts = [await services.join(ctx, worker, today, story.uids[key]) for key in coming]
    leader = await story.actor("zheng")
    for number, part in enumerate(parts[1:6]):
        story.at(TODAY.date(), 8, 29 + 2 * number)
        await services.tick(ctx, leader, part.uid)


async def _accept(story: Story, worker: Actor, week: Week) -> None:
    """What the worker agreed on Monday for Tuesday onwards; the rest is left for the visitor to decide."""
    ctx = story.ctx
    said = await _said(story)
    for one in await proposals(ctx.engine, CODE, week, stages=("proposed",)):
        agreed = any(part in said[one.need_key].title for part in ACCEPTED)
        if not agreed or one.window.starts_at.astimezone(ctx.zone).date() < TODAY.date():
            continue
        service = await matching.accept_proposal(ctx, worker, one.uid)
        if service.team == story.uids["team"] and service.recipient:
            await services.name_helper(ctx, worker, service.uid, member=story.uids["钱二"])


async def _said(story: Story) -> dict[str, Need]:
    """Every need of the lists as it was said, by key."""
    found = {}
    for need in await needs(story.ctx.engine, CODE):
        private = await need_private(story.ctx.engine, CODE, need.line_key)
        assert private is not None
        found[need.line_key] = private
    return found


def _file(name: str) -> tuple[str, bytes]:
    return name, (LISTS / name).read_bytes()
