"""What is on record of somebody, put right: names, numbers, place, age, notes; and what they want as a volunteer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace import store as lists
from marketplace.ages import AgeFact
from marketplace.categories import default_tree
from marketplace.clients import wished_groups
from marketplace.names import name_key
from marketplace.preferences import Preferences
from marketplace.times import read_when
from marketplace.times.reader import with_notice
from marketplace.values import Per, Quantity, Resource, Unit
from timebank.access import Actor, Facts, sees
from timebank.community.people import consenting
from timebank.community.people.newcomers import free_number, read_age_typed
from timebank.community.registering import heard_phones
from timebank.context import Context
from timebank.errors import BadField, NotFound, Stale
from timebank.rules.people.readings import why_of
from timebank.rules.relationships import Life
from timebank.store.locks import one_at_a_time
from timebank.store.members import ages, people, phones, source_keys
from timebank.store.members.people import Member, Person, Profile
from timebank.store.members.phones import Phone
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places import calendars

WHOSE = ("", "guardian", "emergency")
"""Whose a number may be: the member's own, a guardian's, of somebody to ring when something happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """Everything that can be corrected of one person."""

    member: Member
    person: Person
    phones: Sequence[Phone]
    ages: Sequence[AgeFact]
    profile: Profile

    def typed(self) -> dict[str, str]:
        """The form as it stands before anything is changed."""
        numbers = {
            whose: "、".join(one.shown for one in self.phones if one.whose == whose) for whose in WHOSE
        }
        return {
            "name": self.person.name,
            "called": self.person.called,
            "number": self.member.number,
            "phone": numbers[""],
            "guardian_phone": numbers["guardian"],
            "emergency_phone": numbers["emergency"],
            "address": self.person.address,
            "occupation": self.person.occupation,
            "health_note": self.person.health_note,
            "size": self.member.size,
            "age": "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The whole form, as typed; an empty age says nothing, every other empty field takes the old word away."""

    name: str
    called: str = ""
    number: str = ""
    phone: str = ""
    guardian_phone: str = ""
    emergency_phone: str = ""
    address: str = ""
    occupation: str = ""
    health_note: str = ""
    size: str = ""
    age: str = ""
    consented: bool = False


async def on_record(ctx: Context, actor: Actor, uid: str, operation: str) -> OnRecord:
    """One person with everything that can be corrected, the reading logged; NotFound for anybody not theirs to see."""
    member = await people.member(ctx.engine, uid)
    if member is None or member.life is Life.ERASED:
        raise NotFound()
    sees(actor, operation, Facts(community=member.community, owners=frozenset({uid})))
    if actor.uid != uid:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=uid, reason=operation)
            await looked_at(ctx, actor, [uid], why_of(operation))
    return OnRecord(
        member=member,
        person=await people.person(ctx.engine, uid),
        phones=await phones.phones(ctx.engine, uid),
        ages=await ages.ages(ctx.engine, uid),
        profile=await people.profile(ctx.engine, uid),
    )


async def correct(
    ctx: Context, actor: Actor, uid: str, new: Corrections, *, was: Mapping[str, str] | None = None
) -> OnRecord:
    """The record as it is said to be now; what stood before is overwritten, the log says that it was.

    Args:
        was: the record's form that the corrections were made on, to be changed only while it is so; None for any.

    Raises:
        NotFound: nobody here. BadField: a name, a number or an age that cannot be. Stale: the record is not `was` any more.
    """
    if not name_key(new.name):
        raise BadField("请写上姓名。", "Please write down the name.", field="name")
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"member:{uid}")
        old = await on_record(ctx, actor, uid, "CorrectMember")
        if was is not None and old.typed() != was:
            raise Stale()
        number = await free_number(ctx, old.member.community, new.number, but=uid)
        facts = read_age_typed(new.age, on=ctx.today(), source="counter")
        await consenting.refuse_health(ctx, uid, new.health_note)
        person = replace(
            old.person, name=new.name, called=new.called, address=new.address, occupation=new.occupation,
            health_note=new.health_note,
        )  # fmt: skip

        await people.save_member(ctx.engine, replace(old.member, number=number, size=new.size))
        await people.save_person(ctx.engine, person)
        for whose, typed in zip(WHOSE, (new.phone, new.guardian_phone, new.emergency_phone), strict=True):
            if typed != old.typed()[_FIELD[whose]]:
                await phones.set_phones(
                    ctx.engine,
                    community=old.member.community,
                    member=uid,
                    numbers=heard_phones(typed),
                    whose=whose,
                )
        for fact in facts:
            await ages.add_age(ctx.engine, uid, fact, recorded_by=actor.uid)
        if new.consented:
            await ages.add_consent(
                ctx.engine, uid, ages.GUARDIAN, heard="paper", on=ctx.today(), recorded_by=actor.uid
            )
        await audit.note(ctx, actor, "correct_member", object=uid)
    return await on_record(ctx, actor, uid, "CorrectMember")


_FIELD = {"": "phone", "guardian": "guardian_phone", "emergency": "emergency_phone"}


# ---- what a volunteer wants


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """What somebody offers and asks, as typed on their page.

    Attributes:
        services, declines: category codes.
        serves, times, languages: words, such as 独居老人, 周二下午, 四川话.
        hours_per_week_max: 0 for no limit. same_building, light_work_only: as said. grids: names of places.
    """

    asks: bool = False
    gives: bool = False
    services: tuple[str, ...] = ()
    declines: tuple[str, ...] = ()
    skills: str = ""
    serves: str = ""
    times: str = ""
    languages: str = ""
    grids: tuple[str, ...] = ()
    hours_per_week_max: int = 0
    notice_days: int = 0
    same_building: bool = False
    light_work_only: bool = False
    limits: str = ""

    @property
    def preferences(self) -> Preferences:
        """The limits that the planner keeps."""
        return Preferences(
            services=self.services,
            declines=self.declines,
            minutes_per_week_max=self.hours_per_week_max * 60,
            notice_days=self.notice_days,
            grids=self.grids,
            same_building=self.same_building,
            light_work_only=self.light_work_only,
            languages=tuple(_words(self.languages)),
        )


async def wants_of(ctx: Context, found: OnRecord) -> Wants:
    """What is known of it: the profile's words, and their own line on the resources list."""
    profile = found.profile
    offer = await _offer(ctx, found.member)
    wants = Wants(
        asks=profile.asks, gives=profile.gives, skills=profile.skills, serves=profile.serves, times=profile.times,
        languages=profile.languages, limits=profile.limits,
    )  # fmt: skip
    if offer is None:
        return wants
    return replace(
        wants,
        services=offer.categories,
        declines=offer.declines,
        times=wants.times or offer.when.phrase,
        languages=wants.languages or "、".join(sorted(offer.languages)),
        grids=offer.reach_grids,
        hours_per_week_max=offer.minutes_per_week_max // 60,
        notice_days=offer.when.notice_days,
        same_building=offer.same_building,
        light_work_only=offer.light_work_only,
    )


async def save_wants(ctx: Context, actor: Actor, uid: str, wants: Wants) -> None:
    """Profile and offer, together: whoever gives and says what has a line on the resources list, whoever stops has none.

    Raises:
        NotFound: not this person's. BadField: a service nobody knows, or a time that cannot be read.
    """
    tree = default_tree()
    if unknown := [code for code in (*wants.services, *wants.declines) if code not in tree.categories]:
        raise BadField("没有这个类别。", f"There is no such kind of help: {unknown[0]}.", field="services")
    async with ctx.engine.atomic():
        found = await on_record(ctx, actor, uid, "SaveProfile")
        profile = replace(
            found.profile, asks=wants.asks, gives=wants.gives, skills=wants.skills, serves=wants.serves,
            times=wants.times, languages=wants.languages, limits=wants.limits,
        )  # fmt: skip
        await people.save_profile(ctx.engine, profile)
        await _save_offer(ctx, found.member, wants, today=ctx.today())
        await audit.note(ctx, actor, "save_profile", object=uid)


async def _save_offer(ctx: Context, member: Member, wants: Wants, *, today: date) -> None:
    old = await _offer(ctx, member)
    if not wants.gives or not wants.services:
        if old is not None:
            await lists.close_line(ctx.engine, member.community, "resource", old.line_key, at=ctx.now())
        return
    calendar = await calendars.calendar_of(ctx.engine, member.community, today)
    when = read_when(wants.times or "随时", filed_on=today, calendar=calendar, zone=ctx.zone)
    if when.question is not None:
        raise BadField(when.question.zh, when.question.en, field="times")
    tree = default_tree()
    title = wants.skills or "、".join(tree.label(code, "zh") for code in wants.services)
    base = old or Resource(
        line_key=await source_keys.source_key_of(ctx.engine, member.uid) or member.uid,
        title=title,
        owner=member.uid,
        owner_kind="volunteer",
        quantity=Quantity(amount=1, unit=Unit.HELPER, per=Per.OCCASION, helpers=1),
    )
    offer = replace(
        replace(base, languages=frozenset(), reach_grids=(), declines=()).within(wants.preferences),
        title=title,
        when=with_notice(when, wants.notice_days),
        serves=wished_groups(tuple(_words(wants.serves))),
        minutes_per_week_max=wants.hours_per_week_max * 60,
        same_building=wants.same_building,
        light_work_only=wants.light_work_only,
    )
    if old is not None:
        await lists.edit_resource(ctx.engine, member.community, offer, at=ctx.now())
        return
    await lists.save_resources(ctx.engine, member.community, [offer], at=ctx.now())
    await lists.reopen_line(ctx.engine, member.community, "resource", offer.line_key, at=ctx.now())


async def _offer(ctx: Context, member: Member) -> Resource | None:
    """The member's own open line; their first where they have several."""
    own = await lists.resources(ctx.engine, member.community, owner=member.uid)
    return await lists.resource_private(ctx.engine, member.community, own[0].line_key) if own else None


def _words(text: str) -> list[str]:
    for mark in "，,；;/ ":
        text = text.replace(mark, "、")
    return [word.strip() for word in text.split("、") if word.strip()]
