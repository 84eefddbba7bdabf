"""A volunteers' list becomes members: one person once, in as many teams as the list says, with an offer of their own.

A row that only its writer can explain (a formula for a name) makes nobody. Somebody under 18 is registered, and asked
about: signing up waits for the guardian's consent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marketplace import store as lists
from marketplace.lists import RowReport, Verdict
from marketplace.values import VolunteerEntry
from timebank.access import Role
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.imports import saved
from timebank.help.imports.saved import Saved
from timebank.store import members

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
    if found is None and not sure and await members.by_name(ctx.engine, community, entry.name):
        return saved.asked(row, saved.same_name(entry.name, NAME_FIELD))
    known = bool(found)
    uid = found or await _register(ctx, community, entry)
    changes = 0 if known else 1
    if known:
        changes += await _complete(ctx, uid, entry, row)
    if sure and entry.minor:
        consent = {"minor": True, "guardian_consent": True}
        changes += await members.fill_in(ctx.engine, uid, member=consent, person={})
    for name in entry.teams:
        changes += await join(ctx, community, name, uid)
    changes += await _offer(ctx, community, entry, uid)
    if known and not target:
        return saved.merged(row, saved.known_person(entry.name, NAME_FIELD), uid, changes)
    return saved.kept(row, uid, changes)


async def join(ctx: Context, community: str, name: str, member: str) -> int:
    """The member in the team of this name, which is made when nobody knew it; how much changed."""
    team = await members.team_by_name(ctx.engine, community, name)
    code = team["code"] if team else ctx.ids.uid("T")
    if team is None:
        await members.add_team(ctx, code=code, community=community, name=name)
    joined = await members.join_team(ctx, team=code, member=member, since_on=ctx.today())
    return int(team is None) + int(joined)


def _nameless(row: RowReport) -> bool:
    entry = row.value
    assert isinstance(entry, VolunteerEntry)
    return entry.name.startswith("'") or any(reason.code in NAMELESS for reason in row.reasons)


async def _found(ctx: Context, community: str, entry: VolunteerEntry) -> str | None:
    """Uid of the member this is: by the list's own key, else by name with a number that does not speak against it."""
    if row := await members.by_line_key(ctx.engine, community, entry.line_key):
        return str(row["uid"])
    named = await members.by_name(ctx.engine, community, entry.name)
    fitting = [row for row in named if not entry.phone or not row["phone"] or row["phone"] == entry.phone]
    return str(fitting[0]["uid"]) if len(fitting) == 1 else None


async def _register(ctx: Context, community: str, entry: VolunteerEntry) -> str:
    return await members.add_member(
        ctx,
        community=community,
        name=entry.name,
        roles=(Role.VOLUNTEER,),
        number=await members.next_number(ctx.engine, community),
        phone=entry.phone,
        identity=entry.occupation[:60],
        wishes=_wishes(entry),
        skills="、".join(entry.skills),
        minor=entry.minor,
        line_key=entry.line_key,
    )


async def _complete(ctx: Context, uid: str, entry: VolunteerEntry, row: RowReport) -> int:
    """What the list adds to somebody who is known; what the office wrote is never taken away."""
    member, person = await members.member(ctx.engine, uid), await members.person(ctx.engine, uid)
    assert member is not None
    skills = [skill for skill in member["skills"].split("、") if skill]
    wanted: dict[str, Any] = {
        "skills": "、".join(dict.fromkeys((*skills, *entry.skills))),
        "line_key": member["line_key"] or entry.line_key,
        "minor": bool(member["minor"]) or entry.minor,
    }
    named: dict[str, Any] = {
        "name": entry.name if person["name"].startswith("'") else person["name"],
        "phone": person["phone"] or entry.phone,
        "identity": person.get("identity") or entry.occupation[:60],
        "wishes": person.get("wishes") or _wishes(entry),
    }
    changed = await members.fill_in(ctx.engine, uid, member=wanted, person=named)
    await members.grant_role(ctx.engine, uid, Role.VOLUNTEER)
    return int(changed)


def _wishes(entry: VolunteerEntry) -> str:
    """When and for whom, in the person's own words."""
    return " · ".join(filter(None, (entry.when.phrase, "、".join(entry.serves))))


async def _offer(ctx: Context, community: str, entry: VolunteerEntry, uid: str) -> int:
    """The person's own line on the resources list, so that the plan can propose them; it names nobody."""
    if not entry.categories:
        return 0
    member = await members.member(ctx.engine, uid)
    assert member is not None
    offer = replace(entry.as_resource(uid), line_key=member["line_key"] or entry.line_key)
    report = await lists.save_resources(ctx.engine, community, [offer], at=ctx.now())
    return report.changes
