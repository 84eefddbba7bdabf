"""What the pages of services show: each function loads, asks `sees` first, and gives back plain values to render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from timebank.access import Actor, Facts, Role, Sees, sees
from timebank.arrival import arrival_code
from timebank.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.context import Context
from timebank.credit import Credit
from timebank.errors import NotFound
from timebank.services.confirming import as_posted, preview
from timebank.services.loading import GONE, assigned_to, facts_of, is_earner
from timebank.store import audit, members, services, totals

AHEAD = timedelta(days=14)
JUST_OVER = timedelta(hours=12)
COMING = (State.SIGNED_UP, State.CHECKED_IN)
WAITING = (State.CHECKED_OUT, State.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCard:
    """Whom to help, where exactly and what to know; for those that `sees` lets read it."""

    name: str = ""
    called: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    health_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's part as a roster shows it."""

    part: Attendance
    card: dict[str, Any]
    credit: Credit | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A service with the part of it that concerns the reader."""

    service: Service
    part: Attendance | None = None
    private: PrivateCard | None = None
    rows: tuple[Row, ...] = ()
    code: str = ""
    reasons: tuple[dict[str, Any], ...] = ()
    sees: Sees = Sees.PUBLIC_CARD
    may_name: tuple[dict[str, Any], ...] = ()
    team_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerHome:
    """A volunteer's own page."""

    now_on: Card | None
    later: tuple[Card, ...]
    waiting: tuple[tuple[Attendance, Service], ...]
    open_shifts: tuple[tuple[Service, int], ...]
    minutes_stored: int
    me: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """A shift on its leader's phone."""

    service: Service
    team: dict[str, Any]
    rows: tuple[Row, ...]
    rest: tuple[dict[str, Any], ...] = ()
    code: str = ""

    def count(self, *states: State) -> int:
        return sum(row.part.state in states for row in self.rows)

    @property
    def here(self) -> int:
        return self.count(State.CHECKED_IN, State.CHECKED_OUT, State.CONFIRMED, State.POSTED, State.DISPUTED)

    @property
    def expected(self) -> int:
        return len(self.rows) - self.count(State.CANCELLED)

    @property
    def missing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.part.state is State.SIGNED_UP)

    @property
    def still_there(self) -> int:
        return self.count(State.CHECKED_IN)

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Rows whose hours wait for somebody else's word, the reader's own left out."""
        return tuple(row for row in self.rows if row.part.state is State.CHECKED_OUT and not row.own)

    @property
    def closed(self) -> bool:
        """Nobody is there any more, and somebody was."""
        return not self.still_there and not self.missing and self.here > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamShifts:
    """A team with its shifts of the coming days."""

    team: dict[str, Any]
    size: int
    shifts: tuple[tuple[Service, int], ...]
    waiting: tuple[tuple[Service, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A service whose hours wait at the desk."""

    service: Service
    rows: tuple[Row, ...]
    recipient: str = ""
    confirmable: int = field(default=0)


async def volunteer_home(ctx: Context, actor: Actor) -> VolunteerHome:
    """The next service first; then what waits, what can be joined, and the hours in store."""
    sees(actor, "VolunteerHome", Facts(community=actor.community, owners=frozenset({actor.uid})))
    now = ctx.now()
    parts = await services.attendances_of(ctx.engine, actor.uid, states=(*COMING, *WAITING))
    coming = [
        (part, service)
        for part, service in parts
        if part.state in COMING
        and service.state is not ServiceState.CANCELLED
        and service.ends_at > now - JUST_OVER
    ]
    # Where somebody is checked in comes before everything else, and what is over after everything else.
    coming.sort(
        key=lambda one: (one[0].state is not State.CHECKED_IN, one[1].ends_at <= now, one[1].starts_at)
    )
    cards = [await _own_card(ctx, actor, part, service) for part, service in coming]
    shifts = await services.services(
        ctx.engine,
        actor.community,
        starts_from=now,
        starts_before=now + AHEAD,
        states=(ServiceState.PLANNED,),
    )
    mine = {service.uid for _part, service in coming}
    open_shifts = [one for one in shifts if one.kind is Kind.SHIFT and one.uid not in mine]
    taken = await totals.taken_by_service(ctx.engine, [one.uid for one in open_shifts])
    me = (await members.cards(ctx.engine, [actor.uid]))[actor.uid]
    balance = await ctx.book(actor.community).balance(me["account"])
    return VolunteerHome(
        now_on=cards[0] if cards else None,
        later=tuple(cards[1:]),
        waiting=tuple((part, service) for part, service in parts if part.state in WAITING),
        open_shifts=tuple(
            (one, one.capacity - taken.get(one.uid, 0))
            for one in open_shifts
            if taken.get(one.uid, 0) < one.capacity
        ),
        minutes_stored=balance.balance,
        me=me,
    )


async def _own_card(ctx: Context, actor: Actor, part: Attendance, service: Service) -> Card:
    seen = sees(actor, "ServiceCard", facts_of(service, assigned=assigned_to(ctx, service, [part])))
    team = await members.team(ctx.engine, service.team) if service.team else None
    return Card(
        service=service,
        part=part,
        private=await _private(ctx, service) if seen in {Sees.PRIVATE_CARD, Sees.OWN} else None,
        sees=seen,
        team_name=team["name"] if team else "",
    )


async def service_card(ctx: Context, actor: Actor, uid: str) -> Card:
    """One service for somebody it concerns; a worker who reads a private card leaves a line in the audit log.

    Raises:
        NotFound: unknown, or none of the reader's business.
    """
    async with ctx.engine.atomic():
        service = await services.service(ctx.engine, uid)
        if service is None:
            raise NotFound()
        parts = await services.attendances(ctx.engine, uid)
        assigned = assigned_to(ctx, service, parts)
        seen = sees(actor, "ServiceCard", facts_of(service, owners=(service.recipient,), assigned=assigned))
        private = await _private(ctx, service) if seen in {Sees.PRIVATE_CARD, Sees.OWN} else None
        if private is not None and actor.has(Role.WORKER) and actor.uid not in assigned:
            await audit.note(ctx, actor, "read_card", object=uid)
    mine = next((part for part in parts if part.member == actor.uid), None)
    team = await members.team(ctx.engine, service.team) if service.team else None
    # The digits prove that helper and helped met: the helper gets them at the door, not from a page.
    of_shift = seen is Sees.ROSTER and service.kind is Kind.SHIFT
    knows_code = seen is Sees.OWN or of_shift or (actor.has(Role.WORKER) and mine is None)
    return Card(
        service=service,
        part=mine,
        private=private,
        rows=await _rows(ctx, actor, [part for part in parts if part.state is not State.CANCELLED]),
        code=arrival_code(ctx.settings, uid) if knows_code else "",
        reasons=tuple(await services.service_reasons(ctx.engine, uid)),
        sees=seen,
        may_name=await _may_name(ctx, actor, service, parts),
        team_name=team["name"] if team else "",
    )


async def roll_call(ctx: Context, actor: Actor, uid: str, *, operation: str = "RollCall") -> RollCall:
    """The shift with everybody on it, what each would get once they have left, and the team's people not on it.

    Raises:
        NotFound: no such shift, or another team's.
    """
    service = await services.service(ctx.engine, uid)
    if service is None or not service.team:
        raise NotFound()
    sees(actor, operation, facts_of(service))
    team = await members.team(ctx.engine, service.team)
    assert team is not None
    parts = [
        part for part in await services.attendances(ctx.engine, uid) if part.state is not State.CANCELLED
    ]
    on_it = {part.member for part in parts}
    rest = [row for row in await members.team_members(ctx.engine, service.team) if row["uid"] not in on_it]
    return RollCall(
        service=service,
        team=team,
        rows=await _rows(ctx, actor, parts, service=service),
        rest=tuple({**row, "says": row["called"] or row["name"]} for row in rest),
        code=arrival_code(ctx.settings, uid),
    )


async def roll_row(ctx: Context, actor: Actor, part: Attendance) -> Row:
    """One row again, after a tick."""
    return (await _rows(ctx, actor, [part]))[0]


async def teams_home(ctx: Context, actor: Actor) -> tuple[TeamShifts, ...]:
    """The reader's teams (the desk sees all), each with its shifts of the coming days and what waits for a word."""
    now = ctx.now()
    found = []
    for team in await members.teams(ctx.engine, actor.community):
        try:
            sees(actor, "TeamsHome", Facts(community=team["community"], team=team["code"]))
        except NotFound:
            continue
        shifts = await services.services(
            ctx.engine, actor.community, team=team["code"], starts_from=now - AHEAD, starts_before=now + AHEAD
        )
        shown = [one for one in shifts if one.kind is Kind.SHIFT and one.state is not ServiceState.CANCELLED]
        taken = await totals.taken_by_service(ctx.engine, [one.uid for one in shown])
        coming = [
            one for one in shown if one.ends_at > now - JUST_OVER and one.state is not ServiceState.DONE
        ]
        waiting = []
        for one in shown:
            parts = await services.attendances(ctx.engine, one.uid)
            if count := sum(part.state is State.CHECKED_OUT and not is_earner(actor, part) for part in parts):
                waiting.append((one, count))
        found.append(
            TeamShifts(
                team=team,
                size=len(await members.team_members(ctx.engine, team["code"])),
                shifts=tuple((one, taken.get(one.uid, 0)) for one in coming),
                waiting=tuple(waiting),
            )
        )
    return tuple(found)


async def confirm_list(ctx: Context, actor: Actor) -> tuple[Waiting, ...]:
    """Everything that waits for a word in the community, by service, oldest first; the reading is noted."""
    async with ctx.engine.atomic():
        sees(actor, "ConfirmList", Facts(community=actor.community))
        found = await services.waiting_for_confirmation(ctx.engine, actor.community)
        if found:
            await audit.note(ctx, actor, "read_confirm_list")
    by_service: dict[str, list[Attendance]] = {}
    known = {service.uid: service for _part, service in found}
    for part, service in found:
        by_service.setdefault(service.uid, []).append(part)
    called = await members.names(
        ctx.engine, sorted({one.recipient for one in known.values() if one.recipient})
    )
    waiting = []
    for uid, parts in by_service.items():
        rows = await _rows(ctx, actor, parts, service=known[uid])
        ready = sum(row.part.state is State.CHECKED_OUT and not row.own for row in rows)
        waiting.append(
            Waiting(
                service=known[uid],
                rows=rows,
                recipient=called.get(known[uid].recipient, ""),
                confirmable=ready,
            )
        )
    return tuple(waiting)


async def _rows(
    ctx: Context, actor: Actor, parts: Sequence[Attendance], *, service: Service | None = None
) -> tuple[Row, ...]:
    """Rows with names; with a `service`, also what each part earned or would earn."""
    cards = await members.cards(ctx.engine, sorted({part.member for part in parts}))
    rows = []
    for part in parts:
        credit = None
        if service is not None and part.state in {State.CHECKED_OUT, State.DISPUTED}:
            credit = await preview(ctx, part, service)
        elif service is not None and part.state is State.POSTED:
            credit = (await as_posted(ctx, part, service)).credit
        rows.append(Row(part=part, card=cards[part.member], credit=credit, own=is_earner(actor, part)))
    return tuple(rows)


async def _private(ctx: Context, service: Service) -> PrivateCard:
    exact = await services.service_private(ctx.engine, service.uid)
    person = await members.person(ctx.engine, service.recipient) if service.recipient else {}
    return PrivateCard(
        name=person.get("name", ""),
        called=person.get("called", "") or person.get("name", ""),
        phone=person.get("phone", ""),
        address=exact["place_exact"] or person.get("address", ""),
        note=exact["note_private"],
        health_note=person.get("health_note", ""),
    )


async def _may_name(
    ctx: Context, actor: Actor, service: Service, parts: Sequence[Attendance]
) -> tuple[dict[str, Any], ...]:
    """Whom the reader may send: shown while a place is free and it is the reader's to fill."""
    over = service.state in {ServiceState.DONE, ServiceState.CANCELLED}
    full = sum(part.state not in GONE for part in parts) >= service.capacity
    if over or full:
        return ()
    try:
        sees(actor, "NameHelper", facts_of(service))
    except NotFound:
        return ()
    if service.team:
        rows = await members.team_members(ctx.engine, service.team)
    elif service.unit:
        rows = await ctx.engine.fetch(
            "SELECT m.uid, m.number, m.skills, m.minor, p.name, p.called FROM tb_unit_contact c JOIN tb_member m"
            " ON m.uid = c.member LEFT JOIN tb_person p ON p.member = m.uid WHERE c.unit IN"
            " (SELECT code FROM tb_unit WHERE code = ? OR name = ?)",
            [service.unit, service.unit],
        )
    else:
        rows = await members.people(ctx.engine, service.community, Role.VOLUNTEER)
    here = {part.member for part in parts if part.state not in GONE}
    return tuple(
        {
            "uid": row["uid"],
            "says": row["called"] or row["name"],
            "number": row["number"],
            "skills": row["skills"],
        }
        for row in rows
        if row["uid"] not in here and row["uid"] != service.recipient
    )


async def shift_to_join(ctx: Context, actor: Actor, uid: str) -> Service:
    """The shift behind a QR code, for a volunteer of the same community.

    Raises:
        NotFound: no such shift, or a visit.
    """
    service = await services.service(ctx.engine, uid)
    if service is None or service.kind is not Kind.SHIFT:
        raise NotFound()
    sees(actor, "ArrivePage", facts_of(service))
    return service
