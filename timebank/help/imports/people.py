"""A volunteers' list becomes members: one person once, in as many teams as the list says, with an offer of their own.

A row that only its writer can explain (a formula for a name) makes nobody. Somebody under 18 is registered, and asked
about: signing up waits for the guardian's consent.
"""

from __future__ import annotations

from dataclasses import replace

from marketplace import store as lists
from marketplace.ages import AgeFact, AgeSort, Minority, minor
from marketplace.lists import RowReport, Verdict
from marketplace.phones import read_phones
from marketplace.values import VolunteerEntry
from timebank.catalogue import Heard
from timebank.community import relating
from timebank.community.organising import found_organisation
from timebank.community.registering import Newcomer, register
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.imports import saved
from timebank.help.imports.saved import Saved
from timebank.rules.relationships import OPERATOR
from timebank.rules.relationships import member as party
from timebank.store import ages, organisations, people, phones, relationships
from timebank.store.organisations import TEAM
from timebank.store.rosters import TEAM_MEMBER

SOURCE = "volunteers"
NAME_FIELD = "姓名"
# A name that a person must first spell out.
NAMELESS = frozenset({"cell_formula", "name_doubtful"})


async def save_volunteer(
    ctx: Context, community: str, row: RowReport, *, sure: bool = False, target: str = ""
) -> Saved:
    """The person of one row registered, or found and completed. In the caller's unit of work.

    Args:
        sure: the desk has seen the doubts and says that the row is right; consent of a minor's guardian is there.
        target: uid of the member whom this row became before, when it is corrected now.

    Raises:
        BadField: sure, but the name still is no name.
    """
    entry = row.value
    if row.verdict in (Verdict.MERGED, Verdict.REFUSED) or not isinstance(entry, VolunteerEntry):
        return saved.kept(row)
    if _nameless(row):
        if sure:
            raise BadField("请写上真实的姓名。", "Please give the person's real name.", field="name")
        return saved.asked(row)
    found = target or await _found(ctx, community, entry)
    if not found and not sure and await people.cards_named(ctx.engine, community, entry.name):
        return saved.asked(row, saved.same_name(entry.name, NAME_FIELD))
    known = bool(found)
    uid = found or await _register(ctx, community, entry)
    changes = 0 if known else 1
    if known:
        changes += await _complete(ctx, uid, entry)
    if sure and entry.minor:
        changes += await ages.add_consent(
            ctx.engine, uid, ages.GUARDIAN, heard="told", on=ctx.today(), recorded_by=""
        )
    for name in entry.teams:
        changes += await join(ctx, community, name, uid)
    changes += await _offer(ctx, community, entry, uid)
    if known and not target:
        return saved.merged(row, saved.known_person(entry.name, NAME_FIELD), uid, changes)
    return saved.kept(row, uid, changes)


async def join(ctx: Context, community: str, name: str, member: str) -> int:
    """The member in the team of this name, which is made when nobody knew it; how much changed."""
    found = await organisations.organisation_named(ctx.engine, community, name, TEAM)
    team = relating.organisation(
        (found or await found_organisation(ctx, community, kind=TEAM, name=name)).code
    )
    held = await relationships.held_by(ctx.engine, party(member), kinds=(TEAM_MEMBER,))
    if any(one.target == team for one in held):
        return 0
    joins = relating.Wanted(
        kind=TEAM_MEMBER, holder=party(member), target=team, holder_yes=Heard.LIST, target_yes=Heard.LIST
    )
    await relating.offer(ctx, relating.operator(community), joins)
    return 1 + int(found is None)


def _nameless(row: RowReport) -> bool:
    entry = row.value
    assert isinstance(entry, VolunteerEntry)
    return entry.name.startswith("'") or any(reason.code in NAMELESS for reason in row.reasons)


async def _found(ctx: Context, community: str, entry: VolunteerEntry) -> str:
    """Uid of the member this is: by the list's own key, else by name with a number that does not speak against it."""
    if uid := await people.member_of_row(ctx.engine, community, SOURCE, entry.line_key):
        return uid
    named = await people.cards_named(ctx.engine, community, entry.name)
    rung = {card.uid: await phones.phones(ctx.engine, card.uid) for card in named}
    fitting = [
        card.uid
        for card in named
        if not entry.phone or not rung[card.uid] or any(one.number == entry.phone for one in rung[card.uid])
    ]
    return fitting[0] if len(fitting) == 1 else ""


async def _register(ctx: Context, community: str, entry: VolunteerEntry) -> str:
    said = AgeFact(sort=AgeSort.MINOR_SAID, said_on=ctx.today(), source=SOURCE)
    return await register(
        ctx,
        community,
        Newcomer(
            name=entry.name,
            number=await people.next_number(ctx.engine, community),
            phones=read_phones(entry.phone),
            occupation=entry.occupation,
            ages=(said,) if entry.minor else (),
            gives=True,
            wishes=_wishes(entry),
            skills="、".join(entry.skills),
            source=SOURCE,
            row_key=entry.line_key,
        ),
        recorded_by=OPERATOR,
    )


async def _complete(ctx: Context, uid: str, entry: VolunteerEntry) -> int:
    """What the list adds to somebody who is known; what the office wrote is never taken away."""
    person, profile = await people.person(ctx.engine, uid), await people.profile(ctx.engine, uid)
    completed = replace(
        person,
        name=entry.name if person.name.startswith("'") else person.name,
        occupation=person.occupation or entry.occupation[:60],
    )
    skills = [skill for skill in profile.skills.split("、") if skill]
    told = replace(
        profile,
        gives=True,
        skills="、".join(dict.fromkeys((*skills, *entry.skills))),
        wishes=profile.wishes or _wishes(entry),
    )
    changes = 0
    if completed != person:
        await people.save_person(ctx.engine, completed)
        changes = 1
    if told != profile:
        await people.save_profile(ctx.engine, told)
        changes = 1
    if entry.phone and not await phones.phones(ctx.engine, uid):
        numbers = read_phones(entry.phone)
        await phones.set_phones(ctx.engine, community=person.community, member=uid, numbers=numbers)
        changes = 1
    if entry.minor:
        said = AgeFact(sort=AgeSort.MINOR_SAID, said_on=ctx.today(), source=SOURCE)
        if minor(await ages.ages(ctx.engine, uid), ctx.today()) is Minority.UNKNOWN:
            changes |= await ages.add_age(ctx.engine, uid, said, recorded_by=OPERATOR)
    return int(changes)


def _wishes(entry: VolunteerEntry) -> str:
    """When and for whom, in the person's own words."""
    return " · ".join(filter(None, (entry.when.phrase, "、".join(entry.serves))))


async def _offer(ctx: Context, community: str, entry: VolunteerEntry, uid: str) -> int:
    """The person's own line on the resources list, so that the plan can propose them; it names nobody."""
    if not entry.categories:
        return 0
    key = await people.source_key_of(ctx.engine, uid)
    offer = replace(entry.as_resource(uid), line_key=key or entry.line_key)
    report = await lists.save_resources(ctx.engine, community, [offer], at=ctx.now())
    return report.changes
