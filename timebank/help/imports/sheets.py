"""A roll-call sheet typed in afterwards: one shift with everybody who was there, waiting for somebody's confirmation.

Nobody's hours are posted here. Whoever is not registered, is under 18 without consent, or has times that cannot be, is
kept as a question for the desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from marketplace.ages import AgeFact
from marketplace.lists import RowReport, Verdict
from marketplace.text import compared
from marketplace.values import AttendanceEntry, Refusal
from timebank.community import recognition
from timebank.community.recognition import Known, Maybe
from timebank.community.registering import Newcomer, register
from timebank.community.saying import say_unwritten
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import Ahead, AppRefusal, BadField, GuardianNeeded
from timebank.help.imports import saved
from timebank.help.imports.kept import People
from timebank.help.imports.saved import Saved
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, ServiceState, State, busy_in
from timebank.rules.parts.hands import Hand
from timebank.rules.parts.statements import Said, Statement
from timebank.rules.people.described import Described
from timebank.store.help import services
from timebank.store.members import ages, people
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import TEAM, Organisation

NAME_FIELD = "姓名"
_TEAM_WORDS = ("志愿服务队", "服务队", "志愿队", "队")
# Doubts that no yes can settle: there is no day, no length, or one that cannot be.
_UNREADABLE = frozenset(
    {
        "times_reversed", "clock_missing", "clock_unreadable", "clock_impossible", "clock_half_day", "held_on_missing",
        "held_on_unread", "days_disagree", "day_ahead", "stay_missing", "length_unread", "length_without_unit",
        "length_differs", "stay_long", "times_overlap",
    }
)  # fmt: skip


async def save_entry(
    ctx: Context,
    community: str,
    row: RowReport,
    sheet: People,
    *,
    by: str,
    via: str = "",
    sure: bool = False,
    who: str = "",
) -> Saved:
    """One line of the sheet as a checked-out attendance with the evidence of paper. In the caller's unit of work.

    Args:
        by: uid of who types it in; "" for the command line. via: the way by which they had come in.
        sure: the desk has seen the doubts: a walk-up is registered by name, a guardian's consent is there.
        who: uid of the person meant, or anything else for none of those shown, where the desk was asked.

    Raises:
        BadField: sure, but the times still cannot be, or nobody said who of several is meant.
    """
    entry = row.value
    if row.verdict in (Verdict.MERGED, Verdict.REFUSED) or not isinstance(entry, AttendanceEntry):
        return saved.kept(row)
    if not (_timed(entry) or (entry.held_on and entry.minutes_stated)) or _impossible(row):
        if sure:
            raise BadField(
                "签到、签退的时间还不对，请改好再收下。",
                "The times in and out are still not right; please correct them first.",
                field="signed_out",
            )
        return saved.asked(row)
    member, doubt = await _member(ctx, community, row, entry, sheet, by=by, sure=sure, who=who)
    if doubt is not None:
        return _once(row, doubt)
    entry = await _clocked(ctx, entry, member)
    on = entry.signed_in_at.astimezone(ctx.zone).date() if entry.signed_in_at else ctx.today()
    known_minor = ages.may_be_minor(await ages.ages(ctx.engine, member), on)
    if (entry.minor or known_minor) and not await ages.has_consent(ctx.engine, member, ages.GUARDIAN, on):
        if not sure:
            return _once(row, saved.consent_missing(entry.name, NAME_FIELD))
        await _consented(ctx, member, said=entry.ages, on=on, by=by)
    try:
        return await _enter(ctx, community, row, entry, member, hand=Hand(by=by, via=via))
    except GuardianNeeded:
        return _once(row, saved.consent_missing(entry.name, NAME_FIELD))
    except AppRefusal as refusal:
        doubt = Refusal(code=refusal.code, zh=refusal.zh, en=refusal.en, field=NAME_FIELD)
        return saved.asked(row, doubt)


async def _consented(ctx: Context, member: str, *, said: Sequence[AgeFact], on: date, by: str) -> None:
    """A guardian's yes that the desk has seen, with what the sheet says of the age."""
    for fact in said:
        await ages.add_age(ctx.engine, member, fact, recorded_by=by)
    await ages.add_consent(ctx.engine, member, ages.GUARDIAN, heard="told", on=on, recorded_by=by)


async def _clocked(ctx: Context, entry: AttendanceEntry, member: str) -> AttendanceEntry:
    """The stay with clocks. A sheet that states only how long puts it at the day's beginning, after what is there already.

    The clocks say no more than the length does: midnight is nobody's hour, so that everybody sees that none was written.
    """
    if entry.signed_in_at is not None or entry.held_on is None:
        return entry
    starts_at = datetime.combine(entry.held_on, time.min, tzinfo=ctx.zone)
    length = timedelta(minutes=entry.minutes_stated)
    for part, _ in sorted(await _stays(ctx, member), key=lambda one: one[0].checked_in_at or starts_at):
        assert part.checked_in_at is not None
        assert part.checked_out_at is not None
        same = part.checked_out_at - part.checked_in_at == length and part.note == entry.did[:200]
        if same and part.checked_in_at.astimezone(ctx.zone) == starts_at:
            break  # The very stay of another file: let it be found again.
        if part.checked_in_at < starts_at + length and starts_at < part.checked_out_at:
            starts_at = part.checked_out_at
    return replace(entry, signed_in_at=starts_at, signed_out_at=starts_at + length)


async def _stays(ctx: Context, member: str) -> list[tuple[Attendance, Service]]:
    """What the member has signed in and out of, and was not called off."""
    return [
        (part, service)
        for part, service in await services.attendances_of(ctx.engine, member)
        if part.state not in (State.CANCELLED, State.NO_SHOW) and part.checked_in_at and part.checked_out_at
    ]


async def _enter(
    ctx: Context, community: str, row: RowReport, entry: AttendanceEntry, member: str, *, hand: Hand
) -> Saved:
    """The stay entered in a shift of its day: the one where this very stay stands, else one the member has no part in."""
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    if entry.signed_out_at > ctx.now():
        raise Ahead()
    team = await _team(ctx, community, entry.activity)
    free: list[Service] = []
    for shift in await _shifts_that_day(ctx, community, entry, team.code if team else ""):
        part = await services.attendance_of(ctx.engine, shift.uid, member)
        if part is None or part.state is State.SIGNED_UP:
            free.append(shift)
        elif _overlaps(part, entry):
            return saved.merged(row, saved.already_there(entry.name, NAME_FIELD), part.uid, 0)
    service, made = await _shift(ctx, community, entry, team, free, by=hand.by)
    part = await services.attendance_of(ctx.engine, service.uid, member)
    if part is None:
        part = await _signed_up(ctx, service, entry, member)
        await services.add_attendance(ctx.engine, part)
    attendance.refuse_arrival(part)
    policy = ctx.policy_of(community, entry.signed_in_at.astimezone(ctx.zone).date()).services
    attendance.refuse_stay(entry.signed_in_at, entry.signed_out_at, policy=policy)
    await say_unwritten(ctx, part, service, *_said(ctx, part, entry, hand))
    return saved.kept(row, part.uid, 1 + made)


def _said(ctx: Context, part: Attendance, entry: AttendanceEntry, hand: Hand) -> tuple[Statement, Statement]:
    """What one line of a sheet says: when they came and when they left."""
    arrived = Statement(
        uid=ctx.ids.uid("Q"), part=part.uid, service=part.service, what=Said.ARRIVAL, by=hand.by, via=hand.via, said_at=ctx.now(),
        at=entry.signed_in_at, evidence=Evidence.SHEET,
    )  # fmt: skip
    left = replace(
        arrived, uid=ctx.ids.uid("Q"), what=Said.LEAVING, at=entry.signed_out_at, evidence=None, note=entry.did[:200]
    )  # fmt: skip
    return arrived, left


def _overlaps(part: Attendance, entry: AttendanceEntry) -> bool:
    """Whether the stay on record and that of the sheet share any time; one without clocks shares all."""
    if part.checked_in_at is None or part.checked_out_at is None:
        return True
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    return part.checked_in_at < entry.signed_out_at and entry.signed_in_at < part.checked_out_at


async def _signed_up(ctx: Context, service: Service, entry: AttendanceEntry, member: str) -> Attendance:
    """A place in the shift for somebody who was in fact there; the sheet counts more than the places once planned.

    Only the hours somebody was there can clash, not those the shift lasted for others.
    """
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    busy = [
        busy_in(part, other)
        for part, other in await services.attendances_of(ctx.engine, member)
        if part.state not in (State.CANCELLED, State.NO_SHOW)
    ]
    return attendance.sign_up(
        replace(service, starts_at=entry.signed_in_at, ends_at=entry.signed_out_at),
        uid=ctx.ids.uid("A"),
        member=member,
        at=entry.signed_in_at,
        taken=0,
        busy=busy,
        minor_without_consent=await ages.minor_without_consent(
            ctx.engine, member, entry.signed_in_at.astimezone(ctx.zone).date()
        ),
    )


async def _shift(
    ctx: Context,
    community: str,
    entry: AttendanceEntry,
    team: Organisation | None,
    free: Sequence[Service],
    *,
    by: str,
) -> tuple[Service, int]:
    """The shift of the sheet, one of `free` or a new one; widened to the hours people were there."""
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    starts_at, ends_at = entry.signed_in_at, entry.signed_out_at
    if not free:
        shift = Service(
            uid=ctx.ids.uid("S"),
            community=community,
            kind=Kind.SHIFT,
            title=(entry.activity or "签到表")[:120],
            team=team.code if team else "",
            lead=await rosters.lead_of(ctx.engine, team.code, ctx.today()) if team else "",
            place=entry.place[:120],
            starts_at=starts_at,
            ends_at=ends_at,
            state=ServiceState.UNDER_WAY,
        )
        await services.add_service(ctx, shift, created_by=by)
        if shift.lead:
            await tell_duty(
                ctx, community=community, member=shift.lead, kind="sheet_entered", by=by, service=shift.uid
            )
        return shift, 1
    found = max(free, key=lambda one: min(one.ends_at, ends_at) - max(one.starts_at, starts_at))
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


async def _shifts_that_day(ctx: Context, community: str, entry: AttendanceEntry, team: str) -> list[Service]:
    """The shifts of the sheet's title on its day, else those of the team its title names."""
    assert entry.signed_in_at is not None
    day = entry.held_on or entry.signed_in_at.astimezone(ctx.zone).date()
    midnight = datetime.combine(day, time.min, tzinfo=ctx.zone)
    shifts = await services.services(
        ctx.engine, community, team=team, starts_from=midnight, starts_before=midnight + timedelta(days=1)
    )
    titled = [one for one in shifts if compared(one.title) == compared(entry.activity or "签到表")]
    return [one for one in titled or [one for one in shifts if team] if one.kind is Kind.SHIFT]


async def _team(ctx: Context, community: str, activity: str) -> Organisation | None:
    """The team whose sheet it is by any of its names."""
    called = await organisations.names_by_code(ctx.engine, community)
    return team_of(activity, await organisations.organisations(ctx.engine, community, TEAM), called)


def team_of(
    activity: str, teams: list[Organisation], called: Mapping[str, Sequence[str]]
) -> Organisation | None:
    """The team whose brand the sheet's title bears: 周二“红马甲”在行动 belongs to 周二红马甲服务队, also when renamed.

    Args:
        called: code -> every name by which the lists call a team.
    """
    title = compared(activity)
    for team in teams:
        for name in called.get(team.code, (team.name,)):
            brand = compared(
                next((name.removesuffix(word) for word in _TEAM_WORDS if name.endswith(word)), name)
            )
            if brand and brand in title:
                return team
    return None


async def _member(
    ctx: Context,
    community: str,
    row: RowReport,
    entry: AttendanceEntry,
    sheet: People,
    *,
    by: str,
    sure: bool,
    who: str,
) -> tuple[str, Refusal | None]:
    """Who it was: (uid, None), or ("", the doubt that keeps the line waiting)."""
    team = await _team(ctx, community, entry.activity)
    said = Described(
        name=entry.name, phones=entry.phones, ages=entry.ages, teams=frozenset({team.code} if team else ()),
        sheet=True, lineage=sheet.lineage, file=sheet.file,
    )  # fmt: skip
    bench = await recognition.load(ctx, community, [said])
    found = bench.recognise(said)
    if isinstance(found, Maybe) and who:
        found = await recognition.answered(ctx, community, bench, said, found, who=who, by=by)
    if isinstance(found, Maybe):
        if sure:
            raise saved.choose(found)
        await recognition.ask(ctx, community, found, seen_in=sheet.seen(row))
        return "", saved.who_is_it(found, entry.name, NAME_FIELD)
    if isinstance(found, Known):
        uid = found.uid
    elif sure or who:
        uid = await _register(ctx, community, entry, by=by)
    else:
        return "", saved.walk_up(entry.name, NAME_FIELD)
    await recognition.keep(ctx, community, said, found, uid, by=by)
    return uid, None


async def _register(ctx: Context, community: str, entry: AttendanceEntry, *, by: str) -> str:
    newcomer = Newcomer(
        name=entry.name, number=await people.next_number(ctx.engine, community), phones=entry.phones,
        ages=entry.ages, gives=True,
    )  # fmt: skip
    return await register(ctx, community, newcomer, recorded_by=by)


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
