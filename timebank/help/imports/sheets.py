"""A roll-call sheet typed in afterwards: one shift with everybody who was there, waiting for somebody's confirmation.

Nobody's hours are posted here. Whoever is not registered, is under 18 without consent, or has times that cannot be, is
kept as a question for the desk.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from marketplace.lists import RowReport, Verdict
from marketplace.text import compared
from marketplace.values import AttendanceEntry, Refusal
from timebank.access import Role
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, GuardianNeeded
from timebank.help.imports import saved
from timebank.help.imports.saved import Saved
from timebank.rules import attendance
from timebank.rules.attendance import Attendance, Evidence, Kind, Service, ServiceState, State
from timebank.store import members, outbox, services

NAME_FIELD = "姓名"
_TEAM_WORDS = ("志愿服务队", "服务队", "志愿队", "队")
_UNREADABLE = frozenset(
    {"times_reversed", "clock_missing", "clock_unreadable", "held_on_missing", "stay_long", "times_overlap"}
)


async def save_entry(ctx: Context, community: str, row: RowReport, *, by: str, sure: bool = False) -> Saved:
    """One line of the sheet as a checked-out attendance with the evidence of paper. In the caller's unit of work.

    Args:
        by: uid of who types it in; "" for the command line.
        sure: the desk has seen the doubts: a walk-up is registered by name, a guardian's consent is there.

    Raises:
        BadField: sure, but the times still cannot be.
    """
    entry = row.value
    if row.verdict in (Verdict.MERGED, Verdict.REFUSED) or not isinstance(entry, AttendanceEntry):
        return saved.kept(row)
    if not _timed(entry) or _impossible(row):
        if sure:
            raise BadField(
                "签到、签退的时间还不对，请改好再收下。",
                "The times in and out are still not right; please correct them first.",
                field="signed_out",
            )
        return saved.asked(row)
    member, doubt = await _member(ctx, community, entry, sure=sure)
    if member is None:
        return saved.asked(row, *([doubt] if doubt else []))
    if (entry.minor or member["minor"]) and not member["guardian_consent"]:
        if not sure:
            return _once(row, saved.consent_missing(entry.name, NAME_FIELD))
        consent = {"minor": True, "guardian_consent": True}
        await members.fill_in(ctx.engine, member["uid"], member=consent, person={})
    try:
        return await _enter(ctx, community, row, entry, member["uid"], by=by)
    except GuardianNeeded:
        return _once(row, saved.consent_missing(entry.name, NAME_FIELD))
    except AppRefusal as refusal:
        doubt = Refusal(code=refusal.code, zh=refusal.zh, en=refusal.en, field=NAME_FIELD)
        return saved.asked(row, doubt)


async def _enter(
    ctx: Context, community: str, row: RowReport, entry: AttendanceEntry, member: str, *, by: str
) -> Saved:
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    service, made = await _shift(ctx, community, entry, by=by)
    part = await services.attendance_of(ctx.engine, service.uid, member)
    if part is not None and part.state is not State.SIGNED_UP:
        return saved.merged(row, saved.already_there(entry.name, NAME_FIELD), part.uid, 0)
    if part is None:
        part = await _signed_up(ctx, service, entry, member)
        await services.add_attendance(ctx.engine, part)
    part = attendance.check_in(part, at=entry.signed_in_at, by=by, evidence=Evidence.SHEET)
    part = attendance.check_out(part, at=entry.signed_out_at)
    await services.save_attendance(ctx.engine, replace(part, note=entry.did[:200]))
    return saved.kept(row, part.uid, 1 + made)


async def _signed_up(ctx: Context, service: Service, entry: AttendanceEntry, member: str) -> Attendance:
    """A place in the shift for somebody who was in fact there; the sheet counts more than the places once planned."""
    assert entry.signed_in_at is not None
    known = await members.member(ctx.engine, member)
    others = [
        other
        for part, other in await services.attendances_of(ctx.engine, member)
        if part.state not in (State.CANCELLED, State.NO_SHOW)
    ]
    return attendance.sign_up(
        service,
        uid=ctx.ids.uid("A"),
        member=member,
        at=entry.signed_in_at,
        taken=0,
        others=tuple(others),
        minor_without_consent=bool(known and known["minor"] and not known["guardian_consent"]),
    )


async def _shift(ctx: Context, community: str, entry: AttendanceEntry, *, by: str) -> tuple[Service, int]:
    """The shift of the sheet, found by its day and team or made; widened to the hours people were there."""
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    starts_at, ends_at = entry.signed_in_at, entry.signed_out_at
    team = team_of(entry.activity, await members.teams(ctx.engine, community))
    found = await _shift_that_day(ctx, community, entry, team["code"] if team else "")
    if found is None:
        shift = Service(
            uid=ctx.ids.uid("S"),
            community=community,
            kind=Kind.SHIFT,
            title=(entry.activity or "签到表")[:120],
            team=team["code"] if team else "",
            lead=team["leader"] if team else "",
            place=entry.place[:120],
            starts_at=starts_at,
            ends_at=ends_at,
            state=ServiceState.UNDER_WAY,
        )
        await services.add_service(ctx, shift, created_by=by)
        if shift.lead:
            await outbox.put(
                ctx, community=community, member=shift.lead, kind="sheet_entered", service=shift.uid
            )
        return shift, 1
    taken = await services.taken(ctx.engine, found.uid)
    wider = replace(
        found,
        starts_at=min(found.starts_at, starts_at),
        ends_at=max(found.ends_at, ends_at),
        capacity=max(found.capacity, taken + 1),
        state=ServiceState.UNDER_WAY if found.state is not ServiceState.CANCELLED else found.state,
    )
    await services.save_service(ctx.engine, wider)
    return wider, 0


async def _shift_that_day(ctx: Context, community: str, entry: AttendanceEntry, team: str) -> Service | None:
    assert entry.signed_in_at is not None
    day = entry.signed_in_at.astimezone(ctx.zone).date()
    midnight = datetime.combine(day, time.min, tzinfo=ctx.zone)
    shifts = await services.services(
        ctx.engine, community, team=team, starts_from=midnight, starts_before=midnight + timedelta(days=1)
    )
    titled = [one for one in shifts if compared(one.title) == compared(entry.activity)]
    fitting = titled or [one for one in shifts if team]
    return next((one for one in fitting if one.kind is Kind.SHIFT), None)


def team_of(activity: str, teams: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The team whose brand the sheet's title bears: 周二“红马甲”在行动 belongs to 周二红马甲服务队."""
    title = compared(activity)
    for team in teams:
        name = str(team["name"])
        brand = compared(next((name.removesuffix(word) for word in _TEAM_WORDS if name.endswith(word)), name))
        if brand and brand in title:
            return team
    return None


async def _member(
    ctx: Context, community: str, entry: AttendanceEntry, *, sure: bool
) -> tuple[dict[str, Any] | None, Refusal | None]:
    """Who it was: (member row, None), or (None, the doubt that the reader has not raised itself)."""
    named = await members.by_name(ctx.engine, community, entry.name)
    if entry.phone:
        named = [one for one in named if one["phone"] == entry.phone] or named
    if len(named) == 1:
        return await members.member(ctx.engine, named[0]["uid"]), None
    if named:
        return None, saved.several_of_name(entry.name, NAME_FIELD)
    if not sure:
        return None, None
    uid = await members.add_member(
        ctx,
        community=community,
        name=entry.name,
        roles=(Role.VOLUNTEER,),
        number=await members.next_number(ctx.engine, community),
        phone=entry.phone,
        minor=entry.minor,
        guardian_consent=entry.minor,
    )
    return await members.member(ctx.engine, uid), None


def _timed(entry: AttendanceEntry) -> bool:
    return (
        entry.signed_in_at is not None
        and entry.signed_out_at is not None
        and entry.signed_in_at < entry.signed_out_at
    )


def _impossible(row: RowReport) -> bool:
    return any(reason.code in _UNREADABLE for reason in row.reasons)


def _once(row: RowReport, doubt: Refusal) -> Saved:
    """The row held back with this doubt, unless the reader has raised the same one."""
    return saved.asked(row, *([] if any(one.code == doubt.code for one in row.reasons) else [doubt]))
