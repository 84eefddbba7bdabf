"""What leaders and the desk look at: the roll-call, the teams, and everything that waits for a word.

Each function loads, asks `sees` first, and gives back plain values to render.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from timebank.access import Actor, Facts, sees
from timebank.community.eligibility import day_of
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.posting.crediting import credit_now
from timebank.help.posting.paying import as_posted
from timebank.help.promises.second import next_hand, why
from timebank.help.promises.seen import Promise, promise, promises
from timebank.help.services.loading import facts_of, is_earner
from timebank.rules.hours.credit import Credit
from timebank.rules.parts.arrival import arrival_code
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.rules.parts.promises import WITHOUT_A_WORD
from timebank.rules.parts.statements import Said, Statement
from timebank.store.help import services, statements, totals
from timebank.store.members import people
from timebank.store.members.people import Card
from timebank.store.oversight import audit
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import TEAM, Organisation
from timebank.web.i18n import gettext as _

AHEAD = timedelta(days=14)
JUST_OVER = timedelta(hours=12)
REST_SHOWN = 30
"""So many can be ticked by a button of their own; everybody else is found by name or vest number."""
WAITING_SHOWN = 50
"""Parts on one page of what waits for a word."""
COMING = (State.SIGNED_UP, State.CHECKED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's part as a roster shows it.

    Attributes:
        said: the reader has given their word or entered the times, so that somebody else's is wanted.
        second: why it waits and for whom; "" where it does not, or waits for the reader.
    """

    part: Attendance
    card: Card
    credit: Credit | None = None
    own: bool = False
    said: bool = False
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """A shift on its leader's phone.

    Attributes:
        promises: each person's part as the reader sees it, by uid of the part; `whole`: the shift itself.
        rest: the first of the team's people who are not on it; `more`: how many there are beside them.
    """

    service: Service
    team: Organisation
    rows: tuple[Row, ...]
    rest: tuple[Card, ...] = ()
    more: int = 0
    code: str = ""
    promises: Mapping[str, Promise] = field(default_factory=dict)
    whole: Promise | None = None

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
        return tuple(
            row for row in self.rows if row.part.state is State.CHECKED_OUT and not row.own and not row.said
        )

    @property
    def for_others(self) -> tuple[Row, ...]:
        """Rows of others for which the reader has done what one person may: another has to speak."""
        return tuple(row for row in self.rows if row.part.state is State.CHECKED_OUT and row.said)

    @property
    def closed(self) -> bool:
        """Nobody is there any more, and somebody was."""
        return not self.still_there and not self.missing and self.here > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamShifts:
    """A team with its shifts of the coming days; `agreed`: visits that the team has promised and its leader answers for."""

    team: Organisation
    size: int
    shifts: tuple[tuple[Service, int], ...]
    waiting: tuple[tuple[Service, int], ...] = ()
    agreed: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A service whose hours wait at the desk; `elsewhere`: for somebody other than the reader, all of them."""

    service: Service
    rows: tuple[Row, ...]
    recipient: str = ""
    confirmable: int = field(default=0)

    @property
    def elsewhere(self) -> bool:
        return all(row.said or row.own for row in self.rows)


async def roll_call(
    ctx: Context, actor: Actor, uid: str, *, operation: str = "RollCall", lang: str = "zh-CN"
) -> RollCall:
    """The shift with everybody on it, what each would get once they have left, and the team's people not on it.

    Raises:
        NotFound: no such shift, or another team's.
    """
    service = await services.service(ctx.engine, uid)
    if service is None or not service.team:
        raise NotFound()
    sees(actor, operation, facts_of(service))
    team = await organisations.organisation(ctx.engine, service.team)
    assert team is not None
    parts = [
        part for part in await services.attendances(ctx.engine, uid) if part.state is not State.CANCELLED
    ]
    on_it = {part.member for part in parts}
    rest = [
        row
        for row in await rosters.team_members(ctx.engine, service.team, ctx.today())
        if row.uid not in on_it
    ]
    return RollCall(
        service=service,
        team=team,
        rows=tuple(sorted(await rows_of(ctx, actor, parts, service=service), key=_by_number)),
        rest=tuple(rest[:REST_SHOWN]),
        more=max(0, len(rest) - REST_SHOWN),
        code=arrival_code(ctx.settings, uid),
        promises={
            one.part.uid: one
            for one in await promises(ctx, actor, [service], lang=lang)
            if one.part is not None
        },
        whole=await promise(ctx, actor, service, lang=lang, of_office=True),
    )


def _by_number(row: Row) -> tuple[bool, str]:
    # People without a vest number yet came last and stand last.
    return not row.card.number, row.card.number


async def teams_home(ctx: Context, actor: Actor, lang: str = "zh-CN") -> tuple[TeamShifts, ...]:
    """The reader's teams (the desk sees all), each with its shifts of the coming days and what waits for a word."""
    now = ctx.now()
    found = []
    for team in await organisations.organisations(ctx.engine, actor.community, TEAM):
        try:
            sees(actor, "TeamsHome", Facts(community=team.community, team=team.code))
        except NotFound:
            continue
        shifts = await services.services(
            ctx.engine, actor.community, team=team.code, starts_from=now - AHEAD, starts_before=now + AHEAD
        )
        shown = [one for one in shifts if one.kind is Kind.SHIFT and one.state is not ServiceState.CANCELLED]
        taken = await totals.taken_by_service(ctx.engine, [one.uid for one in shown])
        coming = [
            one for one in shown if one.ends_at > now - JUST_OVER and one.state is not ServiceState.DONE
        ]
        waiting = []
        for one in shown:
            parts = await services.attendances(ctx.engine, one.uid)
            if count := len(await to_speak_for(ctx, actor, [(part, one) for part in parts])):
                waiting.append((one, count))
        found.append(
            TeamShifts(
                team=team,
                size=len(await rosters.team_members(ctx.engine, team.code, ctx.today())),
                shifts=tuple((one, taken.get(one.uid, 0)) for one in coming),
                waiting=tuple(waiting),
                agreed=await _agreed(ctx, actor, shifts, lang) if team.code in actor.teams else (),
            )
        )
    return tuple(found)


async def _agreed(ctx: Context, actor: Actor, found: Sequence[Service], lang: str) -> tuple[Promise, ...]:
    """The visits among a team's services; what is settled and over is left out."""
    visits = [one for one in found if one.kind is not Kind.SHIFT]
    seen = await promises(ctx, actor, visits, lang=lang)
    return tuple(one for one in seen if one.service.ends_at > ctx.now() or one.standing in WITHOUT_A_WORD)


async def confirm_list(ctx: Context, actor: Actor, *, at: int = 0) -> tuple[tuple[Waiting, ...], int]:
    """(a page of what waits for a word in the community, by service, oldest first; how many parts wait); noted."""
    async with ctx.engine.atomic():
        sees(actor, "ConfirmList", Facts(community=actor.community))
        found = await services.waiting_for_confirmation(ctx.engine, actor.community, limit=2_000)
        if found:
            await audit.note(ctx, actor, "read_confirm_list")
    by_service: dict[str, list[Attendance]] = {}
    known = {service.uid: service for _part, service in found}
    # One press confirms the whole service, so its number counts also those on other pages.
    mine = await to_speak_for(ctx, actor, found)
    ready = Counter(service.uid for part, service in found if part.uid in mine)
    # First what the reader can do something about.
    found = sorted(found, key=lambda one: one[0].state is State.CHECKED_OUT and one[0].uid not in mine)
    for part, service in found[at * WAITING_SHOWN : (at + 1) * WAITING_SHOWN]:
        by_service.setdefault(service.uid, []).append(part)
    called = await people.names(
        ctx.engine, sorted({one.recipient for one in known.values() if one.recipient})
    )
    waiting = []
    for uid, parts in by_service.items():
        rows = await rows_of(ctx, actor, parts, service=known[uid])
        waiting.append(
            Waiting(
                service=known[uid],
                rows=rows,
                recipient=called.get(known[uid].recipient, ""),
                confirmable=ready.get(uid, 0),
            )
        )
    return tuple(waiting), len(found)


async def to_speak_for(
    ctx: Context, actor: Actor, found: Sequence[tuple[Attendance, Service]]
) -> frozenset[str]:
    """Uids of the parts for which a word of the actor's would bring something new.

    Not for their own hours, not for the second time, and not for a shift whose times they entered: these wait for somebody
    else. Of a visit that the desk wrote down its word is what asks another.
    """
    waiting = [(part, service) for part, service in found if part.state is State.CHECKED_OUT]
    said = await statements.spoken_by(ctx.engine, actor.uid, [part.uid for part, _service in waiting])
    return frozenset(
        part.uid
        for part, service in waiting
        if not is_earner(actor, part) and not _has_spoken(part, service, said.get(part.uid, []))
    )


def _has_spoken(part: Attendance, service: Service, said: Sequence[Statement]) -> bool:
    """Whether somebody who said this of a part has done what one person may."""
    done = {one.what for one in said}
    if service.kind is Kind.SHIFT and done & {Said.ARRIVAL, Said.LEAVING, Said.AMOUNT}:
        return True
    return bool(part.waits) and Said.WORD in done


async def rows_of(
    ctx: Context, actor: Actor, parts: Sequence[Attendance], *, service: Service | None = None
) -> tuple[Row, ...]:
    """Rows with names; with a `service`, also what each part earned or would earn."""
    cards = await people.cards(ctx.engine, sorted({part.member for part in parts}))
    mine = await to_speak_for(ctx, actor, [(part, service) for part in parts]) if service is not None else ()
    rows = []
    for part in parts:
        credit = None
        if service is not None and part.state in {State.CHECKED_OUT, State.DISPUTED}:
            credit = await credit_now(ctx, part, service)
        elif service is not None and part.state is State.POSTED:
            credit = (await as_posted(ctx, part, service)).credit
        own, second = is_earner(actor, part), ""
        said = part.state is State.CHECKED_OUT and not own and part.uid not in mine
        if service is not None and (part.waits or said):
            rules = ctx.policy_of(service.community, day_of(ctx, service)).hands
            named = next_hand(part, service, rules)
            second = (
                _("%(why)s，还差%(next)s说一句", why=why(part), next=named)
                if part.waits
                else _("您记的时间，还差%(next)s说一句", next=named)
            )
        rows.append(Row(part=part, card=cards[part.member], credit=credit, own=own, said=said, second=second))
    return tuple(rows)
