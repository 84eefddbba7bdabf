"""Three circles of people with something of everything between them, made by the app's own flows, stored once.

Every private field holds a word of its own (a canary). Who may ever read it stands beside it, in words of the policy:
the person, their proxy, the helper who was accepted, the desk of their community; for what a list keeps for the desk,
the desk alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger import Leg, Transfer
from marketplace import store as market
from marketplace.admission import Brings, Difficulty
from marketplace.rota import RotaTurn
from marketplace.values import Week, Window
from tests.timebank.access.access_people import AWAY, HERE, PASSWORD, STREET, THERE, WALKERS
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import hold, mandate, of_age, settle, team, unit
from timebank.access import Role
from timebank.adapters.system import SeededIds, SetClock
from timebank.channels import kiosk
from timebank.community import passwords
from timebank.community.founding.flow import found_community
from timebank.community.identity import card_list, signed_in
from timebank.community.people import by_two, households, lives, newcomers
from timebank.community.policy import flow as policy
from timebank.community.relationships import posts
from timebank.context import Context, issuing_account, team_account, unit_account
from timebank.help.hours import flow as hours
from timebank.help.hours import giving
from timebank.help.imports import flow as lists
from timebank.help.lists import claiming, offers
from timebank.help.lists.offers import Offer
from timebank.help.matching import flow as matching
from timebank.help.matching.flow import ByHand
from timebank.help.opening import entering
from timebank.help.opening import flow as opening
from timebank.help.posting.resting import post_due
from timebank.help.requests import flow as requests
from timebank.help.requests.intake import Asked, heard_time
from timebank.help.services import flow as services
from timebank.help.services.words import putting_right
from timebank.help.services.words.speaking import speak
from timebank.help.services.writing_times import write_times
from timebank.help.team_hours import opened_account
from timebank.installation import make_context
from timebank.news.feeds import flow as feeds
from timebank.office.admission import tasks
from timebank.office.admission.tasks import Stated
from timebank.office.agreements import flow as agreeing
from timebank.office.agreements.items import Pledge
from timebank.rules.parts.arrival import arrival_code
from timebank.rules.parts.statements import Said
from timebank.rules.radar import Flag, KeptFlag, Look, Pattern
from timebank.rules.relationships import OPERATOR, Absence, Party, Sort, State, member
from timebank.rules.telling.feeds import Purpose
from timebank.settings import Settings
from timebank.store.channels import feeds as kept_feeds
from timebank.store.channels import news
from timebank.store.help import services as stored
from timebank.store.help import statements
from timebank.store.identity import second_factors, sessions
from timebank.store.identity.actors import actor_of
from timebank.store.identity.second_factors import SecondFactor
from timebank.store.members import people
from timebank.store.office import founding_skips
from timebank.store.office.founding_skips import Skipped
from timebank.store.oversight import flags as kept_flags
from timebank.store.places import areas
from timebank.store.relations import absences, organisations, relationships
from timebank.store.relations.organisations import Organisation
from timebank.store.upgrade import upgrade

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 24, 8, 40, tzinfo=SHANGHAI)
WEEK = Week.parse("2026-W48")
BEGINNINGS = ("zq", "199555")
LONGEST = 60
"""How a canary begins, which nothing else in this world does, and how many characters it has at most."""
# Where each private field of a person is kept.
PERSON_FIELDS = {
    "name": ("tb_person.name", "tb_person.name_key", "tb_person.sound"),
    "called": ("tb_person.called", "tb_person.called_key"),
    "phone": ("tb_phone.number", "tb_phone.written"),
    "address": ("tb_person.address", "tb_person.door_key"),
    "occupation": ("tb_person.occupation",),
    "health_note": ("tb_person.health_note",),
    "wishes": ("tb_profile.wishes",),
}


@dataclass(frozen=True, slots=True)
class Canary:
    """A word that stands in one private field only.

    Attributes:
        word: as stored; of: whose; what: which field.
        may: names of walkers who may read it anywhere at all.
        columns: `table.column` where the database may keep it.
    """

    word: str
    of: str
    what: str
    may: frozenset[str]
    columns: frozenset[str]


@dataclass(slots=True)
class World:
    """The stored town: where it is, who is who, what can be asked for."""

    path: Path | str
    uids: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)

    def named(self, ctx: Context) -> World:
        """The same world with everything a request may name in one table."""
        self.ids |= {f"uid_{who}": uid for who, uid in self.uids.items()}
        self.ids |= {
            "team": "team",
            "unit_code": "unit",
            "code": arrival_code(ctx.settings, self.ids["shift_today"]),
        }
        return self


def open_context(where: Path | str, at: datetime = NOW, *, seed: int = 11) -> Context:
    """A context on a database file or at a database's address, with a clock that stands still and ids of its own."""
    database = where if isinstance(where, str) else f"sqlite:///{where}"
    settings = Settings(database=database, city="dongqu", demo=True)
    return make_context(settings, clock=SetClock(at), ids=SeededIds(seed))


async def build(where: Path | str) -> World:
    """The whole world in a new file, or in an empty database at an address."""
    ctx = open_context(where, MONDAY, seed=7)
    await ctx.engine.start()
    try:
        await upgrade(ctx.engine)
        maker = _Maker(ctx, World(where))
        await maker.everything()
        return maker.world.named(ctx)
    finally:
        await ctx.engine.close()


class _Maker:
    """Walks the flows, a day and a half long."""

    def __init__(self, ctx: Context, world: World) -> None:
        self.ctx, self.world = ctx, world
        self.phones = 0

    async def everything(self) -> None:
        await self.settle()
        await self.files()
        for suffix in ("", "_2", "_3"):
            await self.circle(suffix)
        await self.monday()
        await self.tuesday()
        await self.rules()
        await self.agreements()

    async def agreements(self) -> None:
        """One draft with an item, one that both sides signed, and a task that waits for the desk."""
        ctx, desk, contact = self.ctx, await self.actor("worker"), await self.actor("unit")
        clinic = Pledge(unit="unit", title="坐诊测血糖", when="每周一9:00-11:00")
        term = {"first_on": date(2026, 11, 1), "last_on": date(2027, 10, 31)}
        for name in ("agreement", "agreed_on"):
            made = await agreeing.draft(ctx, desk, title="共建协议", units=["unit"], **term)
            made = await agreeing.add_item(ctx, desk, made.uid, clinic)
            self.world.ids[name] = made.uid
            self.world.ids[f"{name}_item"] = made.items[0].key
        leaflets = Stated(
            title="入户宣传", minutes_per_week=300, difficulty=Difficulty.EASY, first_on=date(2026, 12, 1),
            last_on=date(2026, 12, 31), brings=(Brings.PEOPLE,), category="talks",
        )  # fmt: skip
        self.world.ids["task"] = (await tasks.state(ctx, contact, "unit", leaflets)).uid
        await agreeing.sign(ctx, desk, self.world.ids["agreed_on"], party="community")
        await agreeing.sign(ctx, contact, self.world.ids["agreed_on"], party="unit")

    # --- whose hours may go where, and a draft that waits for somebody else

    async def rules(self) -> None:
        ctx, uid = self.ctx, self.world.uids
        await give_rules(
            ctx,
            HERE,
            (
                date(2026, 1, 1),
                "[giving]\nto = ['fund', 'friend']\n[grant]\nfirst_minutes = 30\nfirst_to = 'oriented'\n",
            ),
        )
        draft = await policy.draft(
            ctx, await self.actor("worker"), text="[credit]\nminutes_per_day_max = 60\n", starts_on=date(2026, 12, 10)
        )  # fmt: skip
        self.world.ids |= {"policy": str(draft.number), "fingerprint": draft.fingerprint}
        elder = await people.member(ctx.engine, uid["elder"])
        assert elder is not None
        book = ctx.book(HERE)
        async with ctx.engine.atomic():
            await people.save_member(ctx.engine, replace(elder, number="901"))
            for account in (team_account("team"), unit_account("unit")):
                legs = (Leg(issuing_account(HERE), 60), Leg(account, -60))
                await opened_account(ctx, HERE, account, on=ctx.today())
                await book.post(Transfer(key=f"given:{account}", legs=legs), at=ctx.now())

    # --- who there is

    async def settle(self) -> None:
        async with self.ctx.engine.atomic():
            await found_community(
                self.ctx, code=HERE, name="东区社区", name_en="Dongqu", grids=("一网格", "二网格")
            )
            await found_community(self.ctx, code=THERE, name="南区社区", name_en="Nanqu", grids=("一网格",))
            for who, walker in WALKERS.items():
                if who == walker.who and who and who != "helper":
                    await self.person(who, walker.community, walker.roles & {Role.WORKER, Role.AUDITOR})
            for who in ("worker", "auditor"):
                await sessions.set_login(
                    self.ctx.engine, member=self.world.uids[who], login=f"zq-{who}", hashed=passwords.hashed(PASSWORD)
                )  # fmt: skip
            elsewhere = await sessions.open_session(
                self.ctx, member=self.world.uids["elder"], idle_minutes=100_000, lasts=timedelta(days=400)
            )
            self.world.ids["sign_in"] = signed_in.name_of(sessions.token_hash(elsewhere))
            telephone = SecondFactor(
                member=self.world.uids["auditor"], nonce="zq", last_step=0, made_at=self.ctx.now()
            )
            await second_factors.set_second_factor(self.ctx.engine, telephone)
            street = await areas.add_area(
                self.ctx.engine, code=STREET, kind="street", name="东街道", parent=None, community="",
                since_on=self.ctx.today() - timedelta(days=30),
            )  # fmt: skip
            here = await areas.area(self.ctx.engine, HERE)
            assert here is not None
            await areas.move_area(
                self.ctx.engine, here, street, since_on=self.ctx.today() + timedelta(days=1)
            )
            grid = await areas.area(self.ctx.engine, f"{HERE}-2")
            assert grid is not None
            await areas.add_area(
                self.ctx.engine, code="A0EMPTY", kind="building", name="空楼", parent=grid, community=HERE,
                since_on=self.ctx.today(),
            )  # fmt: skip
            self.world.ids["empty_place"] = "A0EMPTY"
            left_out = Skipped(
                community=HERE,
                step="balances",
                skipped_by=OPERATOR,
                skipped_at=self.ctx.now(),
                why="没有存折",
            )
            await founding_skips.add_skip(self.ctx.engine, left_out)
            for suffix, community in (("", HERE), ("_2", HERE), ("_3", THERE)):
                uid = self.world.uids
                await team(
                    self.ctx, community, f"team{suffix}", f"红马甲{suffix}服务队",
                    leader=uid[f"leader{suffix}"], people=(uid[f"volunteer{suffix}"],),
                )  # fmt: skip
                await unit(
                    self.ctx, community, f"unit{suffix}", f"医院{suffix}", contacts=(uid[f"unit{suffix}"],)
                )
            await self.held_beside()

    async def held_beside(self) -> None:
        """Every other relationship that grants something, and the absences on which those of stand-ins do."""
        ctx, uid = self.ctx, self.world.uids
        uid["child"] = await settle(ctx, HERE, "孩子", minor=True, asks=True)
        self.world.ids["late"] = uid["late"] = await settle(ctx, HERE, "已故的人")
        died = await by_two.enter_death(ctx, await self.actor("worker"), uid=uid["late"], died_on=ctx.today())
        await by_two.approve(ctx, await self.actor("desk_2"), died.uid)
        self.world.ids["death"] = died.uid
        head = Organisation(
            code="association", community=HERE, kind="association", name="志愿者协会", area=HERE, since_on=ctx.today()
        )  # fmt: skip
        await organisations.add_organisation(ctx.engine, head)
        for who, walker in WALKERS.items():
            for kind, towards, scope in walker.holds if who == walker.who else ():
                sort, _, code = towards.partition(":")
                target = Party(Sort(sort), uid.get(code, code) if sort == "member" else code)
                await hold(ctx, walker.community, kind, uid[who], target, scope=scope)
        for who in AWAY:
            await absences.add_absence(ctx.engine, Absence(member=uid[who], from_on=ctx.today()))

    async def person(self, who: str, community: str, offices: frozenset[Role]) -> None:
        known: dict[str, Any] = {}
        for what in PERSON_FIELDS:
            known[what] = (
                self.phone() if what == "phone" else f"zq{what.replace('_', '')}{who.replace('_', '')}q"
            )
        for what, word in known.items():
            self.canary(word, who, what, _readers(who, what), *PERSON_FIELDS[what], *_copies(what))
        kind = who.partition("_")[0]
        self.world.uids[who] = await settle(
            self.ctx, community, known.pop("name"), *(office.value for office in offices), area=f"{community}-1",
            asks=kind == "elder", gives=kind in ("volunteer", "leader", "former"), **known,
        )  # fmt: skip

    def phone(self) -> str:
        self.phones += 1
        return f"199555{self.phones:05d}"

    def canary(self, word: str, of: str, what: str, may: frozenset[str], *columns: str) -> str:
        assert word.startswith(BEGINNINGS)
        assert len(word) <= LONGEST
        if what in ("name", "called"):
            may |= _stand_beside(of)
        beside = {who for who, walker in WALKERS.items() if walker.like in may}
        self.world.canaries.append(Canary(word, of, what, may | beside, frozenset(columns)))
        return word

    async def actor(self, who: str, acting_for: str = "") -> Any:
        uid = self.world.uids
        return await actor_of(
            self.ctx.engine, self.ctx.catalogue_of, uid[who], self.ctx.today(), acting_for=uid.get(acting_for, "")
        )  # fmt: skip

    # --- the office's files

    async def files(self) -> None:
        desk = _desk(HERE)
        volunteers = (
            "姓名,手机,身份,特长,愿意服务的时间,愿意服务的对象,所属队伍,备注\n"
            f"{self.canary('zqnamehelperq', 'helper', 'name', _readers('helper', 'name'), *_IMPORTED, *PERSON_FIELDS['name'])},"
            f"{self.canary(self.phone(), 'helper', 'phone', desk | {'helper'}, *_IMPORTED, *PERSON_FIELDS['phone'])},"
            f"{self.canary('zqidentityhelperq', 'helper', 'occupation', desk, *_IMPORTED, 'tb_person.occupation')},电工,随时,"
            f"{self.canary('zqwishhelperq', 'helper', 'wishes', desk, *_IMPORTED, 'tb_profile.wishes')},,\n"
            f"周生,1995550001,在职,,周末,老人,,{self.canary('zqdoubtedq', 'a doubted row', 'raw cell', desk, *_IMPORTED)}\n"
        )
        needs = (
            "需求来源,需求内容,希望时间,数量,服务对象,地点,联系人,备注\n"
            f"居民,上门理发 {self.canary('zqlisttitleq', 'a list', 'title', desk, *_IMPORTED, 'mp_need.said')},每周四上午,2人次,{self.canary('zqservedq', 'a list', 'served', desk, *_IMPORTED, 'mp_need.served')},"
            f"一网格3号楼{self.canary('zqlistplaceq', 'a list', 'place', desk, *_IMPORTED, 'mp_need.place_text')},"
            f"{self.canary('zqcontactq', 'a list', 'contact', desk, *_IMPORTED, 'mp_need.contact')},"
            f"{self.canary('zqremarkq', 'a list', 'remark', desk, *_IMPORTED, 'mp_need.private_note')}\n"
        )
        offered = (
            "单位名称,可提供资源,可服务时间,数量,联系部门\n"
            f"红马甲服务队,环境清扫,每周五上午,8人,{self.canary('zqteamcontactq', 'a list', 'contact', desk, *_IMPORTED, 'mp_resource.contact')}\n"
        )
        activities = (
            "活动名称,轮值牵头单位,时间,地点,需要志愿者\n"
            "周一清扫,红马甲服务队,每周一8:30-11:30,小广场,8人\n"
            "周二清扫,红马甲服务队,每周二8:30-11:30,小广场,8人\n"
        )
        named = (
            ("志愿者.csv", volunteers),
            ("需求.csv", needs),
            ("资源.csv", offered),
            ("活动.csv", activities),
        )
        reports = await lists.import_files(
            self.ctx, await self.actor("worker"), HERE, [(name, text.encode()) for name, text in named]
        )
        self.world.ids["file"] = reports[0].uid
        self.world.ids["row"] = str(next(at for at, row in enumerate(reports[0].rows) if row.waits))
        self.world.uids["helper"] = reports[0].rows[0].target
        self.world.ids["need_listed"] = reports[1].rows[0].target
        self.world.ids["activity"] = reports[3].rows[1].target
        turns = [
            RotaTurn(activity_key=self.world.ids["activity"], period=month, unit=unit)
            for month, unit in (("2026-12", "unit"), ("2027-01", "unit_2"))
        ]
        await market.add_turns(self.ctx.engine, HERE, turns)

    # --- what every circle has

    async def circle(self, suffix: str) -> None:
        elder, unit = f"elder{suffix}", f"unit{suffix}"
        desk = "worker" if suffix != "_3" else "worker_3"
        uid = self.world.uids
        self.world.ids[f"mandate{suffix}"] = await mandate(
            self.ctx, WALKERS[elder].community, elder=uid[elder], proxy=uid[f"proxy{suffix}"]
        )
        self.world.ids[f"need_open{suffix}"] = await self.need(elder, "买菜", "随时")
        if not suffix:
            self.world.ids["need_child"] = await self.need("child", "陪读", "随时", by="guardian")
        contact = self.canary(
            f"zqofferq{suffix}q", unit, "contact", frozenset({unit}) | _desk(WALKERS[unit].community),
            "mp_resource.contact",
        )  # fmt: skip
        offer = await offers.save_offer(
            self.ctx, await self.actor(unit),
            Offer(title="量血压", when="每周四 9:00-11:00", quantity="6人次", contact=contact), sure=True,
        )  # fmt: skip
        self.world.ids[f"offer{suffix}"] = offer.line_key
        self.world.ids[f"visit_later{suffix}"] = await self.visit(
            elder, f"volunteer{suffix}", NOW + timedelta(days=1), by=desk
        )

    async def need(
        self, elder: str, title: str, when: str, category: str = "errand", *, helper: str = "", by: str = ""
    ) -> str:
        """A need of an elder with words, a place and a note that nobody else may read but the accepted helper."""
        of = f"{elder} {title}"
        may = _circle_of(elder) | ({helper} if helper else frozenset())
        note = self.canary(
            f"zqnote{len(self.world.canaries)}q",
            of,
            "note",
            may,
            "mp_need.private_note",
            "tb_service.note_private",
        )
        where = self.canary(
            f"zqplace{len(self.world.canaries)}q",
            of,
            "place",
            may,
            "mp_need.place_text",
            "tb_service.place_exact",
        )
        said = self.canary(f"zqtitle{len(self.world.canaries)}q", of, "title", may, "mp_need.said")
        asked = Asked(
            title=f"{title} 透析后 {said}", when=heard_time(when, filed_on=self.ctx.today(), confirmed=True), categories=(category,),
            where=where, note=note,
        )  # fmt: skip
        made = await requests.open_request(
            self.ctx, await self.actor(by or elder), asked, elder=self.world.uids[elder]
        )
        return made.line_key

    async def visit(
        self, elder: str, helper: str, starts_at: datetime, *, by: str = "worker", comes: bool = True
    ) -> str:
        """A visit chosen by hand; its service's uid. Who does not come in the end may not read its card."""
        title = f"上门{len(self.world.canaries)}"
        key = await self.need(elder, title, "随时", helper=helper if comes else "")
        self.world.ids[f"need_of_{elder}"] = key
        window = Window(starts_at, starts_at + timedelta(hours=1))
        why = self.canary(
            f"zqwhy{len(self.world.canaries)}q", f"{elder} {title}", "reason", _desk(WALKERS[elder].community),
            "tb_service.reasons", "mp_override.reason",
        )  # fmt: skip
        choice = ByHand(window=window, reason=f"老熟人{why}", member=self.world.uids[helper])
        return (await matching.decide_by_hand(self.ctx, await self.actor(by), key, choice)).uid

    async def part(self, service: str, who: str) -> str:
        found = await stored.attendance_of(self.ctx.engine, service, self.world.uids[who])
        assert found is not None
        return found.uid

    # --- two days in the first circle

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        moment = datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)
        self.ctx.clock.now = moment  # type: ignore[attr-defined]
        return moment

    async def served(self, starts_at: datetime) -> tuple[str, str]:
        """(service, part) of a visit that the volunteer made and left."""
        service = await self.visit("elder", "volunteer", starts_at)
        part = await self.part(service, "volunteer")
        self.at(starts_at.day, starts_at.hour)
        volunteer = await self.actor("volunteer")
        await services.check_in(self.ctx, volunteer, part)
        self.at(starts_at.day, starts_at.hour + 1)
        await services.check_out(self.ctx, volunteer, part)
        return service, part

    async def seconds(self) -> None:
        """Two visits that wait: one for another hand than the desk's, one for a third because it was so long."""
        ids, ctx, worker = self.world.ids, self.ctx, await self.actor("worker")
        need = ids["need_of_elder"]
        written = await self.part(await self.visit("elder", "volunteer", self.at(23, 17)), "volunteer")
        self.at(23, 18)
        hour = ctx.now() - timedelta(hours=1)
        await write_times(ctx, worker, written, arrived=hour, left=ctx.now())
        await services.record_confirmation(ctx, worker, written)
        long = await self.part(await self.visit("elder", "volunteer", self.at(23, 19)), "volunteer")
        await services.check_in(ctx, await self.actor("volunteer"), long)
        self.at(23, 22, 30)
        await services.check_out(ctx, await self.actor("volunteer"), long)
        await services.record_confirmation(ctx, await self.actor("elder"), long)
        ids["part_second"], ids["part_third"], ids["need_of_elder"] = written, long, need

    async def monday(self) -> None:
        ids, ctx = self.world.ids, self.ctx
        await services.plan_shifts(ctx, await self.actor("leader"), "team")
        shifts = await stored.services(ctx.engine, HERE, team="team")
        ids["shift_monday"], ids["shift_today"] = shifts[0].uid, shifts[1].uid
        ids["shift_later"] = shifts[-1].uid
        ids["visit_posted"], ids["part_posted"] = await self.served(self.at(23, 8))
        await services.record_confirmation(ctx, await self.actor("elder"), ids["part_posted"])
        self.at(23, 9, 30)
        [posted] = await post_due(ctx)
        ids["transfer"] = posted.part.transfer_uid
        walked = await services.add_walk_up(
            ctx, await self.actor("leader"), ids["shift_monday"], member=self.world.uids["former"]
        )
        ids["part_shift_waiting"] = walked.uid
        self.at(23, 11, 30)
        await services.close_shift(ctx, await self.actor("leader"), ids["shift_monday"], absent_known=True)
        ids["visit_waiting"], ids["part_waiting"] = await self.served(self.at(23, 13))
        ids["visit_disputed"], ids["part_disputed"] = await self.served(self.at(23, 15))
        await self.seconds()
        note = self.canary(
            "zqdisputeq",
            "elder",
            "attendance note",
            _circle_of("elder") | {"volunteer"},
            "tb_attendance.note",
            "tb_statement.note",
        )
        await services.dispute(ctx, await self.actor("elder"), ids["part_disputed"], note=note)

    async def tuesday(self) -> None:
        ids, ctx, uid = self.world.ids, self.ctx, self.world.uids
        # Who was accepted and then could not come.
        self.at(23, 17)
        ids["visit_left"] = await self.visit(
            "elder", "former", datetime(2026, 11, 24, 15, tzinfo=SHANGHAI), comes=False
        )
        ids["part_left"] = await self.part(ids["visit_left"], "former")
        why = self.canary(
            "zqcancelq",
            "former",
            "attendance note",
            _desk(HERE) | {"former"},
            "tb_attendance.note",
            "tb_statement.note",
        )
        await services.cancel_attendance(ctx, await self.actor("former"), ids["part_left"], note=why)
        ids["visit_today"] = await self.visit(
            "elder", "volunteer", datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
        )
        ids["part_today"] = await self.part(ids["visit_today"], "volunteer")
        ids["visit_now"] = await self.visit("elder", "helper", datetime(2026, 11, 24, 8, tzinfo=SHANGHAI))
        ids["part_now"] = await self.part(ids["visit_now"], "helper")
        await self.claims()
        await self.relationships()
        await requests.ask_for_call(ctx, await self.actor("elder"))
        rows = await ctx.engine.fetch("SELECT uid FROM tb_news WHERE kind = 'call_me'")
        ids["call"] = rows[0]["uid"]
        ids["feed_secret"] = await feeds.make(
            ctx, await self.actor("volunteer"), purpose=Purpose.OWN, of=self.world.uids["volunteer"]
        )
        ids["feed"] = (await kept_feeds.feeds_of(ctx.engine, self.world.uids["volunteer"]))[0].uid
        async with ctx.engine.atomic():
            await news.put(ctx, community="dongqu", member=self.world.uids["elder"], kind="off_parked")
        rows = await ctx.engine.fetch("SELECT uid FROM tb_news WHERE kind = 'off_parked'")
        ids["parked"] = rows[0]["uid"]
        await kiosk.declare(ctx, await self.actor("worker"), "zq-tablet")
        rows = await ctx.engine.fetch("SELECT uid FROM tb_kiosk")
        ids["kiosk"] = rows[0]["uid"]
        ids["need_plan"] = await self.need("elder", "换灯泡", "这周内", "electrical")
        ids["need_free"] = await self.need("elder", "陪散步", "11月27日 14:00-16:00", "companionship")
        await self.proposals()
        ids["part_shift_today"] = (
            await services.sign_up(ctx, await self.actor("former"), ids["shift_today"])
        ).uid
        self.at(24, 8, 5)
        await services.check_in(ctx, await self.actor("helper"), ids["part_now"])
        self.at(24, 8, 35)
        ids["part_shift_here"] = (
            await services.add_walk_up(
                ctx, await self.actor("leader"), ids["shift_today"], member=uid["volunteer_2"]
            )
        ).uid
        self.at(24, 8, 40)
        await self.people()
        await self.said()

    async def said(self) -> None:
        """A press that can still be taken back, and hours to be put right that wait for a second person."""
        ids, ctx = self.world.ids, self.ctx
        await speak(ctx, await self.actor("volunteer"), ids["part_today"], Said.SURE)
        ids["statement"] = (await statements.of_part(ctx.engine, ids["part_today"]))[-1].uid
        change = await putting_right.enter(
            ctx, await self.actor("clerk"), ids["part_posted"], minutes_served=15, note="记多了"
        )
        ids["put_right"] = change.uid
        given = await giving.donate(ctx, await self.actor("volunteer"), minutes=1)
        back = await hours.reverse(ctx, await self.actor("clerk"), given.transfer, reason="wrong_minutes")
        ids["by_two"] = back.waits
        await self.flags()

    async def flags(self) -> None:
        """What the radar saw of two people, once open, and once looked at with a sentence."""
        ctx, uid = self.ctx, self.world.uids
        seen = Flag(
            rule=Pattern.SPLIT, people=tuple(sorted((uid["volunteer"], uid["elder"]))), parts=(self.world.ids["part_posted"],),
            figures={"days": 1, "parts": 4, "same": 4, "minutes": 30, "percent": 90},
        )  # fmt: skip
        auditors = {
            who for who, one in WALKERS.items() if Role.AUDITOR in one.roles and one.community == HERE
        }
        says = self.canary("zqradarq", "a flag", "what was found", _desk(HERE) | auditors, "tb_flag.says")
        fresh = KeptFlag(uid=ctx.ids.uid("F"), community=HERE, flag=seen, seen_at=ctx.now())
        looked = replace(
            fresh, uid=ctx.ids.uid("F"), flag=replace(seen, rule=Pattern.ROUND), state=Look.EXPLAINED,
            looked_by=uid["desk_2"], looked_at=ctx.now(), says=says,
        )  # fmt: skip
        for name, kept in (("flag", fresh), ("flag_looked", looked)):
            await kept_flags.add_flag(ctx.engine, kept)
            self.world.ids[name] = kept.uid

    async def people(self) -> None:
        """Somebody who asks to join, one who left, a home of two, an absence, a duty at another door, a report that waits."""
        ctx, ids, uid, desk = self.ctx, self.world.ids, self.world.uids, await self.actor("worker")
        told = newcomers.Told(name="zqjoinnameq", phone="19955599999", says="zqjoinsaysq", gives=True)
        for what, word in (("name", told.name), ("phone", told.phone), ("says", told.says)):
            self.canary(word, "applicant", what, _desk(HERE), f"tb_applicant.{what}")
        ids["applicant"] = (await newcomers.ask_to_join(ctx, HERE, told)).uid
        async with ctx.engine.atomic():
            ids["left"] = await settle(ctx, HERE, "离开的人")
            await areas.add_area(
                ctx.engine, code="house", kind="building", name="3号楼", parent=await areas.area(ctx.engine, "dongqu-2"),
                community=HERE, since_on=ctx.today(),
            )  # fmt: skip
            await hold(ctx, HERE, "building_head", uid["helper"], Party(Sort.AREA, "house"))
            await absences.add_absence(
                ctx.engine,
                Absence(member=uid["volunteer"], from_on=date(2026, 12, 20), to_on=date(2026, 12, 21)),
            )
        await lives.leave(ctx, desk, ids["left"], moved=True)
        await households.live_together(ctx, desk, uid["helper"], other=uid["former"])
        [duty] = await lives.asked_after_moving(ctx, uid["helper"])
        ids["duty"] = duty.uid
        await self.passbooks()
        ids["change"] = (await by_two.enter_death(ctx, desk, uid=uid["helper"], died_on=ctx.today())).uid

    async def passbooks(self) -> None:
        """A batch of paper passbooks that waits, entered by a colleague, one that was approved, and a printed card."""
        ctx, ids, uid, desk = self.ctx, self.world.ids, self.world.uids, await self.actor("worker")
        async with ctx.engine.atomic():
            uid["clerk"] = await settle(ctx, HERE, "录入的同事", "worker")
        clerk = await self.actor("clerk")
        await card_list.issue_cards(ctx, desk, [uid["former"]])
        for name, owner in (("opening_done", "volunteer"), ("opening", "helper")):
            ids[name] = (await opening.begin(ctx, clerk)).uid
            typed = entering.Typed(amount="2小时")
            line = await entering.enter(ctx, clerk, ids[name], member=uid[owner], typed=typed)
            ids["passbook"], ids["seen"] = line.uid, (await opening.show(ctx, desk, ids[name])).seen
            if name == "opening_done":
                await opening.approve(ctx, desk, ids[name], seen=ids["seen"])

    async def relationships(self) -> None:
        """One that is asked, one that waits for the second person, one that ends soon; a post, and days away."""
        ids, ctx, uid = self.world.ids, self.ctx, self.world.uids
        elder = member(uid["elder"])
        async with ctx.engine.atomic():
            await of_age(ctx, uid["former"])
            asked: dict[str, Any] = {"state": State.OFFERED, "holder_yes": None, "target_yes": None}
            await hold(ctx, HERE, "proxy", uid["asker"], elder, scope="ask")
            ids["asked"] = await hold(ctx, HERE, "friend", uid["helper"], elder, **asked)
            ids["unapproved"] = await hold(
                ctx,
                HERE,
                "auditor",
                uid["former"],
                Party(Sort.AREA, HERE),
                state=State.OFFERED,
                approved_by="",
            )
            ids["ending"] = await hold(
                ctx, HERE, "kin", uid["helper"], elder, until_on=ctx.today() + timedelta(days=20)
            )
            ids["post"] = await posts.add_post(ctx, HERE, kind="post", title="车棚看护", places=200)
            away = Absence(member=uid["elder"], from_on=ctx.today() + timedelta(days=3))
            await absences.add_absence(ctx.engine, replace(away, to_on=away.from_on))
        leading = await relationships.held_by(ctx.engine, member(uid["leader"]), kinds=("leader",))
        ids["leads"] = leading[0].uid
        belongs = await relationships.held_by(ctx.engine, member(uid["volunteer"]), kinds=("team_member",))
        ids["on_roster"] = belongs[0].uid

    async def claims(self) -> None:
        ids, ctx = self.world.ids, self.ctx

        def window(day: int, hour: int) -> Window:
            starts_at = datetime(2026, 11, day, hour, tzinfo=SHANGHAI)
            return Window(starts_at, starts_at + timedelta(hours=1))

        for name, day, as_whom, who in (
            ("open", 27, "me", "volunteer"),
            ("agreed", 28, "me", "volunteer"),
            ("team", 29, "team:team", "leader"),
        ):
            need = await self.need(
                "elder", f"陪聊{name}", f"11月{day}日 9:00-11:00", "companionship",
                helper="volunteer" if name == "agreed" else "",
            )  # fmt: skip
            claim = await claiming.claim_line(
                ctx, await self.actor(who), side="need", key=need, as_whom=as_whom, window=window(day, 9)
            )
            ids[f"need_{name}_claimed"], ids[f"claim_{name}"] = need, claim.uid
        await claiming.accept(ctx, await self.actor("elder"), ids["claim_agreed"])
        ids["visit_team"] = (await claiming.accept(ctx, await self.actor("elder"), ids["claim_team"])).uid
        asked = await claiming.claim_line(
            ctx, await self.actor("elder"), side="resource", key=ids["offer"], window=window(26, 9)
        )
        ids["visit_unit"] = (await claiming.accept(ctx, await self.actor("unit"), asked.uid)).uid
        ids["claim_offer"] = (
            await claiming.claim_line(
                ctx, await self.actor("elder_2"), side="resource", key=ids["offer"], window=window(26, 9)
            )
        ).uid

    async def proposals(self) -> None:
        made = await matching.plan_week(self.ctx, await self.actor("worker"), HERE, WEEK)
        for one in made:
            owner = one.document["resource"]["owner"]
            if owner == self.world.uids["helper"]:
                self.world.ids["proposal"] = one.uid


_IMPORTED = ("mp_import_row.cells", "mp_import_row.reasons")


def _copies(what: str) -> tuple[str, ...]:
    return ("tb_service.place_exact",) if what == "address" else ()


def _desk(community: str) -> frozenset[str]:
    workers = {who for who, walker in WALKERS.items() if Role.WORKER in walker.roles}
    return frozenset(who for who in workers if WALKERS[who].community == community)


def _circle_of(elder: str) -> frozenset[str]:
    """The elder, their proxy, whoever acts for them, the desk."""
    if elder == "child":
        return frozenset({"guardian"}) | _desk(HERE)
    suffix = elder.removeprefix("elder")
    acting = {"proxy_acting"} if not suffix else set()
    return frozenset({elder, f"proxy{suffix}"}) | acting | _desk(WALKERS[elder].community)


def _readers(who: str, what: str) -> frozenset[str]:
    """Which walkers may read this field of a person, anywhere in the app."""
    walker = WALKERS[who]
    desk, self_ = _desk(walker.community), {who}
    suffix = who.lstrip("abcdefghijklmnopqrstuvwxyz")
    if what in {"phone_written", "identity"}:
        return desk
    if what == "wishes":  # only in the copy that somebody takes of everything about themselves
        return desk | self_
    if who.startswith("elder"):
        helpers = {f"volunteer{suffix}"} | ({"helper"} if not suffix else set())
        found = _circle_of(who) | helpers
        # Whoever gives a place in a clinic learns how the person who asked for it is called, never more.
        asks_unit = {"elder": {"unit"}, "elder_2": {"unit"}}.get(who, set()) if what == "called" else set()
        asker = {"asker", "asker_acting"} if who == "elder" and what in ("name", "called") else set()
        # The card on the fridge says whose it is, as it is printed on it, and reads nothing else.
        asker |= {"elder_card"} if who == "elder" and what == "called" else set()
        # Whoever is to ask whether a visit was made learns who is to be asked.
        asker |= {"leader", *LOOK_AFTER} if who == "elder" and what == "called" else set()
        return found | asks_unit | asker
    if what not in {"name", "called"}:
        return desk | self_
    return desk | self_ | _knows_by_name(who, suffix)


def _stand_beside(of: str) -> frozenset[str]:
    """The other side of each relationship of theirs, and who leads where they hold one."""
    sides = {
        (who, towards.removeprefix("member:"))
        for who, walker in WALKERS.items()
        for _kind, towards, _scope in walker.holds
    }
    others = {other for who, other in sides if who == of} | {who for who, other in sides if other == of}
    leads = {"organisation:team": "leader", "area:dongqu-1": "officer"}
    return frozenset((others & WALKERS.keys()) | {leads[other] for other in others if other in leads})


LOOK_AFTER = frozenset({"officer", "adviser", "stand_in_grid"})
"""Of the grid where the elder lives."""


def _knows_by_name(who: str, suffix: str) -> set[str]:
    """Who works beside somebody: those they help, the team's leader, whoever stands on the same roster; whose card the desk read."""
    if who in ("worker", "desk_2"):
        return {"elder", "proxy", "proxy_acting", "volunteer", "asker_acting"}
    if who == "volunteer":
        # Somebody has to say that their visit was so where the desk both wrote it down and vouched for it.
        return {"elder", "proxy", "proxy_acting", "leader", "helper", "former", *LOOK_AFTER}
    if who == "asker":
        return {"elder", "asker_acting"}
    if who.startswith("proxy"):
        return {f"elder{suffix}"} | (set() if suffix else {"proxy_acting"})
    if who == "helper":
        return {"elder", "proxy", "proxy_acting", "leader", "volunteer", "former"}
    if who == "former":
        return {"elder", "proxy", "proxy_acting", "leader", "volunteer_2", "volunteer"}
    if who == "volunteer_2":
        return {"elder_2", "proxy_2", "leader", "leader_2", "former"}
    if who == "volunteer_3":
        return {"elder_3", "proxy_3", "leader_3"}
    if who.startswith("leader"):
        return {"elder", "proxy"} if not suffix else set()
    return set()
