"""What the pages of people show: a member's page at the desk, and the archive. Reads only; every reading is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.ages import AgeFact, Minority, best, minor
from marketplace.categories import default_tree
from timebank.access import Actor
from timebank.community import cards
from timebank.community.cards import Card, Mandate
from timebank.community.people import lives
from timebank.context import Context
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State
from timebank.rules.people.readings import Why
from timebank.rules.relationships import Absence, Life, Relationship, Sort, member
from timebank.store.help import lines, services
from timebank.store.help.lines import Filed
from timebank.store.members import ages, finding, households, people, phones, record_changes
from timebank.store.members.people import Member, Profile
from timebank.store.members.phones import Phone
from timebank.store.members.record_changes import RecordChange
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places import areas
from timebank.store.relations import absences, organisations
from timebank.store.relations import relationships as rows

SHOWN = 12
ARCHIVE_LINES = 20
DUTIES_SHOWN = 12
"""Relationships on one page of somebody; a family doctor has two thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody else who is named on a member's page."""

    uid: str
    says: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A relationship as the page says it: what, towards whom or what, since and until when."""

    uid: str
    kind_zh: str
    kind_en: str
    towards: str
    since_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """Everything the desk sees of one person.

    Attributes:
        minor: under 18 today, not, or nobody knows.
        same_name, same_phone: others who share it: notes, no reproach.
        asked: duties that no longer fit where they live.
        joined_names: earlier records of the same person.
    """

    member: Member
    card: Card
    phones: Sequence[Phone]
    age: AgeFact | None
    minor: Minority
    needs: Sequence[Filed]
    mandates: Sequence[Mandate]
    minutes: int
    household: Sequence[Named]
    same_name: Sequence[Named]
    same_phone: Sequence[Named]
    absences: Sequence[Absence]
    changes: Sequence[RecordChange]
    duties: Sequence[Duty]
    duties_count: int
    asked: Sequence[Duty]
    joined: int


async def member_page(ctx: Context, actor: Actor, uid: str) -> MemberPage:
    """One person for the desk; NotFound for anybody else."""
    row = await lives.record_of(ctx, actor, uid, "DeskMember")
    card = await cards.card(ctx, actor, uid, "DeskMember")
    facts = await ages.ages(ctx.engine, uid)
    numbers = await phones.phones(ctx.engine, uid)
    filed = await lines.filed_by(ctx.engine, row.community, uid)
    related = await rows.held_by(ctx.engine, member(uid))
    asked = await lives.asked_after_moving(ctx, uid)
    balance = await ctx.book(row.community).balance(row.account)
    person = await people.person(ctx.engine, uid)
    return MemberPage(
        member=row,
        card=card,
        phones=numbers,
        age=best(facts) if facts else None,
        minor=minor(facts, ctx.today()) if facts else Minority.UNKNOWN,
        needs=filed[::-1][:SHOWN],
        mandates=await cards.mandates(ctx, uid),
        minutes=balance.available,
        household=await _household(ctx, row),
        same_name=await _named(ctx, await finding.same_name(ctx.engine, person)),
        same_phone=await _sharing(ctx, row, numbers),
        absences=await absences.absences(ctx.engine, uid, since=ctx.today()),
        changes=[
            one
            for one in await record_changes.changes_of(ctx.engine, uid)
            if one.kind in record_changes.OF_A_RECORD
        ],
        duties=await _duties(ctx, row.community, related[:DUTIES_SHOWN]),
        duties_count=len(related),
        asked=await _duties(ctx, row.community, asked),
        joined=len(await people.joined_into(ctx.engine, uid)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """One service of the archive: when, what, with whom, and the minutes that were recorded."""

    on: date
    title: str
    with_whom: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A member on one page and one sheet of paper (档案).

    Attributes:
        services: labels of what they offer, in (zh, en).
        given, received: the latest, newest first; `given_count`, `given_minutes`: of all.
        heir: whoever reads it because the member has died.
    """

    member: Member
    card: Card
    phones: Sequence[Phone]
    age: AgeFact | None
    profile: Profile
    services: Sequence[tuple[str, str]]
    duties: Sequence[Duty]
    duties_count: int
    given: Sequence[Helped]
    given_count: int
    given_minutes: int
    received: Sequence[Helped]
    received_count: int
    minutes: int
    needs: Sequence[Filed]


async def archive(ctx: Context, actor: Actor, uid: str) -> Archive:
    """Everything on record of somebody, for themselves, the desk and, after a death, the relative who may read."""
    row = await lives.record_of(ctx, actor, uid, "MemberArchive")
    if actor.uid != uid:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_archive", object=uid)
            await looked_at(ctx, actor, [uid], Why.ARCHIVE)
    every = [uid, *await people.joined_into(ctx.engine, uid)]
    parts = [pair for one in every for pair in await services.attendances_of(ctx.engine, one, limit=1000)]
    done = sorted(
        (pair for pair in parts if pair[0].state in (State.CONFIRMED, State.POSTED)),
        key=lambda pair: pair[1].starts_at,
        reverse=True,
    )
    helped = [
        one
        for each in every
        for one in await services.services(ctx.engine, row.community, recipient=each)
        if one.state is ServiceState.DONE
    ]
    helped.sort(key=lambda one: one.starts_at, reverse=True)
    offers = await _offered(ctx, row)
    related = await rows.held_by(ctx.engine, member(uid), closed=True)
    # What stands comes before what is over, so that a long life hides no office of today.
    related.sort(key=lambda one: not one.is_open)
    facts = await ages.ages(ctx.engine, uid)
    balance = await ctx.book(row.community).balance(row.account)
    return Archive(
        member=row,
        card=await _card(ctx, row),
        phones=await phones.phones(ctx.engine, uid),
        age=best(facts) if facts else None,
        profile=await people.profile(ctx.engine, uid),
        services=offers,
        duties=await _duties(ctx, row.community, related[:DUTIES_SHOWN]),
        duties_count=len(related),
        given=[_given(ctx, *pair) for pair in done[:ARCHIVE_LINES]],
        given_count=len(done),
        given_minutes=sum(part.minutes_credited for part, _service in done),
        received=await _received(ctx, helped[:ARCHIVE_LINES]),
        received_count=len(helped),
        minutes=balance.balance,
        needs=(await lines.filed_by(ctx.engine, row.community, uid, open_only=True))[:SHOWN],
    )


def _given(ctx: Context, part: Attendance, service: Service) -> Helped:
    return Helped(
        on=service.starts_at.astimezone(ctx.zone).date(), title=service.title, with_whom="",
        minutes=part.minutes_credited,
    )  # fmt: skip


async def _received(ctx: Context, helped: Sequence[Service]) -> list[Helped]:
    found: list[Helped] = []
    for service in helped:
        parts = await services.attendances(ctx.engine, service.uid)
        came = [part for part in parts if part.state in (State.CONFIRMED, State.POSTED, State.CHECKED_OUT)]
        names = await people.names(ctx.engine, [part.member for part in came])
        found.append(
            Helped(
                on=service.starts_at.astimezone(ctx.zone).date(), title=service.title,
                with_whom="、".join(names.values()), minutes=sum(part.minutes_served for part in came),
            )
        )  # fmt: skip
    return found


async def _card(ctx: Context, row: Member) -> Card:
    person = await people.person(ctx.engine, row.uid)
    place = await areas.area(ctx.engine, row.area) if row.area != row.community else None
    return Card(
        uid=row.uid, name=person.name, called=person.says, phone="", address=person.address,
        area=place.name if place else "", number=row.number, health_note=person.health_note,
    )  # fmt: skip


async def _offered(ctx: Context, row: Member) -> list[tuple[str, str]]:
    from marketplace import store as lists

    tree = default_tree()
    codes = [
        code
        for offer in await lists.resources(ctx.engine, row.community, owner=row.uid)
        for code in offer.categories
        if code in tree.categories
    ]
    return [(tree.label(code, "zh"), tree.label(code, "en")) for code in dict.fromkeys(codes)]


async def _household(ctx: Context, row: Member) -> list[Named]:
    home = await households.household_of(ctx.engine, row.household)
    return [Named(uid=one.uid, says=one.says, number=one.number) for one in home if one.uid != row.uid]


async def _sharing(ctx: Context, row: Member, numbers: Sequence[Phone]) -> list[Named]:
    """Others of the community reached at one of the same numbers."""
    found: dict[str, Named] = {}
    for number in dict.fromkeys(one.number for one in numbers if one.number):
        for one in await phones.cards_by_number(ctx.engine, row.community, number):
            if one.uid != row.uid:
                found[one.uid] = Named(uid=one.uid, says=one.says, number=one.number)
    return list(found.values())


async def _named(ctx: Context, uids: Sequence[str]) -> list[Named]:
    found = await people.cards(ctx.engine, uids)
    return [
        Named(uid=one.uid, says=one.says, number=one.number)
        for one in found.values()
        if one.life not in (Life.JOINED, Life.ERASED)
    ]


async def _duties(ctx: Context, community: str, related: Sequence[Relationship]) -> list[Duty]:
    kinds = ctx.catalogue_of(community).relationships
    people_named = await people.names(
        ctx.engine, [one.target.code for one in related if one.target.sort is Sort.MEMBER]
    )
    bodies = await organisations.organisations_by_code(
        ctx.engine, [one.target.code for one in related if one.target.sort is Sort.ORGANISATION]
    )
    found: list[Duty] = []
    for one in related:
        match one.target.sort:
            case Sort.MEMBER:
                towards = people_named.get(one.target.code, "")
            case Sort.ORGANISATION:
                towards = bodies[one.target.code].name if one.target.code in bodies else ""
            case Sort.AREA:
                place = await areas.area(ctx.engine, one.target.code)
                towards = place.name if place else ""
            case _:
                towards = ""
        found.append(
            Duty(
                uid=one.uid, kind_zh=kinds[one.kind].zh, kind_en=kinds[one.kind].en, towards=towards,
                since_on=one.since_on, until_on=one.until_on,
            )
        )  # fmt: skip
    return found
