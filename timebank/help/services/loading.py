"""Loading a service or somebody's part in it, with what the asker may see: the first paragraph of every flow here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from timebank.access import Actor, Facts, Sees, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.store.help import services

GONE = frozenset({State.CANCELLED, State.NO_SHOW})
# A team's leader saw the shift; what happened behind an elder's door is for the elder or the desk to say.
SAID_BY_LEADER_OF_SHIFTS_ONLY = frozenset({"ConfirmHours", "ConfirmService"})


def facts_of(
    service: Service, operation: str = "", *, owners: Iterable[str] = (), assigned: Iterable[str] = ()
) -> Facts:
    """How a service relates to people; who counts as owner depends on the operation."""
    by_leader = service.kind is Kind.SHIFT or operation not in SAID_BY_LEADER_OF_SHIFTS_ONLY
    return Facts(
        community=service.community,
        owners=frozenset(owners) - {""},
        assigned=frozenset(assigned),
        team=service.team if by_leader else "",
        unit=service.unit,
    )


def assigned_to(ctx: Context, service: Service, parts: Iterable[Attendance]) -> frozenset[str]:
    """Who comes or came, while the private card is open to them: from acceptance to some days after the end."""
    days = ctx.policy_of(service.community).identity.private_card_days_after
    until = service.ends_at + timedelta(days=days)
    if ctx.now() > until:
        return frozenset()
    return frozenset(part.member for part in parts if part.state not in GONE)


async def service_for(
    ctx: Context, actor: Actor, operation: str, uid: str, *, lock: bool = True
) -> tuple[Service, Sees]:
    """The service and what `actor` sees of it in this operation; the person helped counts as its owner.

    Raises:
        NotFound: unknown, or not for this person.
    """
    service = await services.service(ctx.engine, uid, lock=lock)
    if service is None:
        raise NotFound()
    return service, sees(actor, operation, facts_of(service, operation, owners=(service.recipient,)))


async def part_for(
    ctx: Context, actor: Actor, operation: str, uid: str, *, earner: bool = True, recipient: bool = True
) -> tuple[Attendance, Service]:
    """One person's part and its service, both locked, when `actor` may do `operation` with it.

    Args:
        earner, recipient: whether the one who serves, or the one who is helped, counts as an owner here.

    Raises:
        NotFound: unknown, or not for this person.
    """
    found = await services.attendance(ctx.engine, uid)
    if found is None:
        raise NotFound()
    # The service's row is the lock of all its parts; the part is read again once it is held.
    service = await services.service(ctx.engine, found.service, lock=True)
    part = await services.attendance(ctx.engine, uid, lock=True)
    assert service is not None
    assert part is not None
    owners = (part.member if earner else "", service.recipient if recipient else "")
    sees(actor, operation, facts_of(service, operation, owners=owners))
    return part, service


def may_join(service: Service, teams: frozenset[str]) -> bool:
    """Whether a volunteer of these teams can take a place by themselves.

    Shifts for many are open to everybody; a single errand is its team's, and what a unit gives is filled by the unit.
    """
    if service.kind is not Kind.SHIFT or service.unit:
        return False
    return service.capacity > 1 or service.team in teams


def is_recipient(actor: Actor, service: Service) -> bool:
    """Whether `actor` is the person helped, or may speak for them by a mandate."""
    return bool(service.recipient) and (actor.uid == service.recipient or service.recipient in actor.mandates)


def is_earner(actor: Actor, part: Attendance) -> bool:
    """Whether the hours would be the actor's own, or those of whom the actor acts for."""
    return part.member in {actor.uid, actor.subject}
