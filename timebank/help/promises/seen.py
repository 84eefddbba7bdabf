"""A service with its parts as one person sees it: where it stands, the sentence for them, what they may press now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from timebank.access import Actor, Facts, Role, sees
from timebank.community.eligibility import day_of
from timebank.community.saying import promise_of
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.promises.presses import CALLED_OFF_ONCE, DESK_LINKS, OF_NOBODY, PRESSES, Press
from timebank.help.promises.second import next_hand, why
from timebank.help.promises.words import Named, sentence
from timebank.policy import PromisePolicy
from timebank.rules.parts.attendance import Attendance, Kind, Off, Service, State
from timebank.rules.parts.promises import (
    Person,
    Standing,
    is_pressing,
    presses_now,
    seen_by,
    standing_of,
    stands,
    view,
)
from timebank.rules.parts.statements import taken_back_by
from timebank.store.help import lines, services, statements
from timebank.store.members import people
from timebank.store.relations import organisations
from timebank.web.i18n import speaking

ASK_BY_PICTURE = "/elder#ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise as one person sees it.

    Attributes:
        part: the part it goes by; None where it goes by nobody's.
        presses: what may be pressed now, by name; the first is the likeliest.
        undo: uid of the statement that this person may still take back; "" for none.
        who, number: who goes and the vest, where the reader may know; body: the team or unit that promised.
    """

    service: Service
    part: Attendance | None
    person: Person
    standing: Standing
    says: str
    sentence: str
    presses: tuple[tuple[str, Press], ...]
    pressing: bool
    undo: str = ""
    who: str = ""
    number: str = ""
    body: str = ""
    repeats: bool = False

    def link(self, name: str) -> str:
        """Where a press leads that is not sent; "" for one that is."""
        path = DESK_LINKS.get(name, "") if self.person is Person.DESK else ""
        if name == "assign" and self.service.off is Off.RELEASED:
            # What was given back is over; somebody is found for the need anew.
            path = "/desk/needs/{need}/assign"
        if name == "again" and self.repeats and self.person in {Person.ELDER, Person.PROXY}:
            # What comes every week comes next week anyhow; for this once she asks by its picture.
            path = ASK_BY_PICTURE
        return (path or PRESSES[name].link).format(
            service=self.service.uid, part=self.part.uid if self.part else "", need=self.service.need_key,
            team=self.service.team,
        )  # fmt: skip

    def label(self, name: str) -> str:
        """What stands on the button; what comes only once is simply called off."""
        once = name == "off_date" and not self.repeats
        said = str(CALLED_OFF_ONCE if once else PRESSES[name].label)
        # Some words stand within sentences elsewhere; on a button they begin one.
        return said[:1].upper() + said[1:]


def person_for(actor: Actor, service: Service, part: Attendance | None) -> Person:
    """As whom somebody meets a promise; their own part comes before any office.

    Raises:
        NotFound: it is none of theirs.
    """
    helped = service.recipient
    if part is not None and actor.uid == part.member and not actor.acting_for:
        return Person.VOLUNTEER
    if helped and actor.uid == helped:
        return Person.ELDER
    if helped and (helped in actor.mandates or actor.acting_for == helped):
        return Person.PROXY
    if service.unit and service.unit in actor.units:
        return Person.UNIT
    if service.team and service.team in actor.teams:
        return Person.LEADER
    for role, person in ((Role.WORKER, Person.DESK), (Role.AUDITOR, Person.AUDITOR)):
        if actor.has(role):
            return person
    raise NotFound()


async def promises(
    ctx: Context, actor: Actor, found: Iterable[Service], *, lang: str, of: str = ""
) -> list[Promise]:
    """Services as the actor sees them, earliest first; a service of several once for each of them.

    Args:
        of: uid of the member whose parts are asked for; "" for all.
    """
    occasions = await _occasions(ctx, found)
    lately = await _lately(ctx, actor, occasions)
    shown = []
    for one in occasions:
        wanted = [part for part in one.parts if part.member == of] if of else _each(one.parts)
        for part in wanted or [None]:
            shown.append(await _one(ctx, actor, one, part, lately=lately, lang=lang))
    return shown


async def promise(
    ctx: Context, actor: Actor, service: Service, *, lang: str, part: str = "", of_office: bool = False
) -> Promise:
    """One service as the actor sees it, by a part of it where one is named; else by their own, or as a whole.

    Args:
        of_office: as whoever leads or keeps it, although they have a part of their own.
    """
    [one] = await _occasions(ctx, [service])
    named = next((found for found in one.parts if found.uid == part), None)
    own = next((found for found in one.parts if found.member == actor.uid), None)
    chosen = named if named or of_office else own
    return await _one(ctx, actor, one, chosen, lately=await _lately(ctx, actor, [one]), lang=lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasion:
    """A service with everything that all its readers have in common."""

    service: Service
    parts: Sequence[Attendance]
    policy: PromisePolicy
    cards: Mapping[str, people.Card]
    body: str
    repeats: bool
    next_at: datetime | None


async def _occasions(ctx: Context, found: Iterable[Service]) -> list[_Occasion]:
    """The services in the order of their hours, each loaded once."""
    ordered = sorted(found, key=lambda one: (one.starts_at, one.uid))
    parts = {one.uid: await services.attendances(ctx.engine, one.uid) for one in ordered}
    known = [part.member for each in parts.values() for part in each]
    cards = await people.cards(ctx.engine, [*known, *(one.recipient for one in ordered)])
    bodies = await _bodies(ctx, ordered)
    return [
        _Occasion(
            service=one, parts=parts[one.uid], policy=promise_of(ctx, one), cards=cards,
            body=bodies.get(one.team or one.unit, ""), repeats=await _repeats(ctx, one),
            next_at=await _moved_to(ctx, one),
        )
        for one in ordered
    ]  # fmt: skip


async def offered(ctx: Context, service: Service, *, lang: str) -> Promise:
    """A place that is free, or wanted to be given away, as somebody sees it who could take it."""
    found = view(Standing.SEARCHING, Person.VOLUNTEER)
    said = sentence(found, service, None, Named(), now=ctx.now(), lang=lang, zone=ctx.zone)
    return Promise(
        service=service, part=None, person=Person.VOLUNTEER, standing=Standing.SEARCHING, says=found.says,
        sentence=said, presses=tuple((name, PRESSES[name]) for name in found.presses), pressing=False,
    )  # fmt: skip


def _each(parts: Sequence[Attendance]) -> list[Attendance | None]:
    """Everybody who has not taken leave; where all have, the occasion goes by nobody's part."""
    return [one for one in parts if one.state is not State.CANCELLED]


async def _one(
    ctx: Context,
    actor: Actor,
    occasion: _Occasion,
    part: Attendance | None,
    *,
    lately: frozenset[str],
    lang: str,
) -> Promise:
    now, service, policy = ctx.now(), occasion.service, occasion.policy
    whole, goes_by = stands(service, occasion.parts, now=now, policy=policy)
    person = person_for(actor, service, part)
    alone = None if part is None else standing_of(service, part, now=now, policy=policy)
    if part is not None and alone is not None and part.state is not State.CANCELLED:
        # Each of several who come has a standing of their own.
        whole, goes_by = alone, part
    standing = seen_by(person, whole, alone)
    # Of somebody who took leave only they themselves read it; for all others the occasion goes on.
    shown = part if part is not None and standing is alone else goes_by
    found = view(standing, person)
    early = ctx.policy_of(service.community, day_of(ctx, service)).services.early_minutes
    offered = presses_now(found, service, now=now, policy=policy, early_minutes=early)
    goes = _took_over(occasion.parts) if standing is Standing.SWAPPED else shown
    card = occasion.cards.get(goes.member) if goes and _may_read(actor, occasion) else None
    helped = occasion.cards.get(service.recipient)
    named = Named(
        who=card.says if card else "", body=occasion.body, elder=helped.says if helped else "",
        next_at=occasion.next_at,
    )  # fmt: skip
    if shown is not None and shown.waits:
        rules = ctx.policy_of(service.community, day_of(ctx, service)).hands
        with speaking("en" if lang == "en" else "zh-CN"):
            named = replace(named, second_why=why(shown), second=next_hand(shown, service, rules))
    return Promise(
        service=service, part=shown, person=person, standing=standing, says=found.says,
        sentence=sentence(found, service, shown, named, now=now, lang=lang, zone=ctx.zone),
        presses=_in_order(
            name
            for name in offered
            if name in PRESSES
            and (shown is not None or name in OF_NOBODY)
            and _fits(name, service, occasion.repeats)
            and not _for_others(name, actor, service, shown)
            and _may(actor, PRESSES[name], service, shown)
        ),
        pressing=is_pressing(standing, service, now),
        undo=await _undo(ctx, actor, service, shown, policy, lately),
        who=named.who, number=card.number if card else "", body=occasion.body, repeats=occasion.repeats,
    )  # fmt: skip


def _took_over(parts: Sequence[Attendance]) -> Attendance | None:
    """Whoever came last to a place that was given away."""
    there = [one for one in parts if one.state is not State.CANCELLED]
    return max(there, key=lambda one: (one.signed_up_at, one.uid), default=None)


def _in_order(names: Iterable[str]) -> tuple[tuple[str, Press], ...]:
    """The next action first; two ways to the same page are one."""
    found = [(name, PRESSES[name]) for name in names]
    if "name" in dict(found):
        found = [(name, one) for name, one in found if name != "assign"]
    return tuple(sorted(found, key=lambda each: each[1].kind == "calm"))


def _for_others(name: str, actor: Actor, service: Service, part: Attendance | None) -> bool:
    """Whether it is a word that somebody else has to give: this person has given it, or ticked who came to the shift."""
    if name not in {"came", "confirm", "word_came"} or part is None:
        return False
    if service.kind is Kind.SHIFT and part.checked_out_at is not None and part.checked_in_by == actor.uid:
        return True
    return bool(part.waits) and actor.uid in {part.confirmed_by, part.member}


def _fits(name: str, service: Service, repeats: bool) -> bool:
    """What comes once is called off by one press; a visit to one elder is not rained off, nor a shift called off by date."""
    if name in {"off_date", "off_series", "name", "claim"} and service.off is not None:
        return False
    if name == "off_series":
        return repeats
    if name in {"rain", "move"}:
        return service.kind is Kind.SHIFT
    if name in {"close"}:
        return service.kind is Kind.SHIFT and bool(service.team)
    if name == "off_date":
        return bool(service.recipient)
    if name == "again":
        return bool(service.recipient and service.need_key)
    if name in {"change", "alt1"}:
        return bool(service.recipient and service.need_key) and not repeats
    # One way to another time is enough on one page.
    return name != "alt2"


def _may(actor: Actor, press: Press, service: Service, part: Attendance | None) -> bool:
    """Whether the registry lets this person do what the press does."""
    try:
        sees(actor, press.case, facts(service, part, press.case))
    except NotFound:
        return False
    return True


def _may_read(actor: Actor, occasion: _Occasion) -> bool:
    """Whether this person may know who goes: a proxy who may only ask may press, and reads no name."""
    about = {occasion.service.recipient, *(part.member for part in occasion.parts)}
    try:
        sees(actor, "ServiceCard", replace(facts(occasion.service, None, ""), owners=frozenset(about) - {""}))
    except NotFound:
        return False
    return True


def facts(service: Service, part: Attendance | None, case: str) -> Facts:
    """How a service with one part relates to people; nobody speaks for hours behind an elder's door as a leader."""
    by_leader = service.kind is Kind.SHIFT or case not in {"ConfirmHours", "ConfirmService"}
    # Nobody is the owner of a word about their own hours.
    earner = part.member if part and case not in {"ConfirmHours", "FindOut", "CallOffDate"} else ""
    return Facts(
        community=service.community,
        owners=frozenset({service.recipient, earner}) - {""},
        team=service.team if by_leader else "",
        unit=service.unit,
    )


async def _repeats(ctx: Context, service: Service) -> bool:
    """Whether the need behind it comes again after this date."""
    if not service.need_key:
        return False
    found = await lines.filed(ctx.engine, service.community, service.need_key)
    return found is not None and bool(found.need.when.recurrences or found.need.when.demand)


async def _moved_to(ctx: Context, service: Service) -> datetime | None:
    if not service.moved_to:
        return None
    moved = await services.service(ctx.engine, service.moved_to)
    return moved.starts_at if moved else None


async def _bodies(ctx: Context, found: Sequence[Service]) -> dict[str, str]:
    if not any(one.team or one.unit for one in found):
        return {}
    rows = await organisations.organisations(ctx.engine, found[0].community)
    return {row.code: row.name for row in rows}


async def _lately(ctx: Context, actor: Actor, occasions: Sequence[_Occasion]) -> frozenset[str]:
    """The parts of which the actor has said something that can still be taken back."""
    within = max((one.policy.undo_minutes for one in occasions), default=0)
    if not within or not actor.uid:
        return frozenset()
    since = ctx.now() - timedelta(minutes=within)
    return await statements.parts_lately_spoken_of(ctx.engine, actor.uid, since=since)


async def _undo(
    ctx: Context,
    actor: Actor,
    service: Service,
    part: Attendance | None,
    policy: PromisePolicy,
    lately: frozenset[str],
) -> str:
    """The press of a part, or of a date on which nobody was named, that the actor may still take back."""
    of = [uid for uid in ((part.uid if part else ""), "") if uid in lately]
    if not of:
        return ""
    within = timedelta(minutes=policy.undo_minutes)
    said = await statements.of_service(ctx.engine, service.uid)
    for uid in of:
        about = [one for one in said if one.part == uid]
        if (found := taken_back_by(about, actor.uid, now=ctx.now(), within=within)) is not None:
            return found.uid
    return ""
