"""What somebody has vouched for and that waits for another: with why, whose word is wanted, and one press."""

from __future__ import annotations

from dataclasses import dataclass

from timebank.access import Actor, Facts, Role, sees
from timebank.community.eligibility import day_of
from timebank.community.hands import standing_of
from timebank.context import Context
from timebank.errors import NotFound, NotYet, OwnHours
from timebank.help.promises.second import why
from timebank.help.services.loading import facts_of, is_earner
from timebank.help.services.rolls import to_speak_for
from timebank.help.services.words.confirming import Confirmed, give_word, note_hours
from timebank.rules.parts.attendance import Attendance, Kind, Service
from timebank.rules.parts.hands import Waits, counted_words
from timebank.store.help import services
from timebank.store.members import people
from timebank.store.places import areas
from timebank.store.relations import rosters

SHOWN_MAX = 200
OF_WORDS = frozenset({Waits.NO_WORD.value, Waits.ONE_HAND.value})
CONFIRM, APPROVE, VOUCH = "ConfirmHours", "ApproveHours", "VouchForHours"
STEPS = {CONFIRM: "confirm", APPROVE: "approve", VOUCH: "vouch"}
"""Use case -> the last word of the address to press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One part that waits for a word the reader may give.

    Attributes:
        title: what was done; "" for a visit of which the reader learns no more than that it was one.
        name, helped: who served, and whom; "" for an auditor, who reads no names, and where nobody is helped.
        why: why it waits for the reader's word, or another's.
        step: which press says it.
    """

    part: Attendance
    service: Service
    title: str
    name: str
    helped: str
    why: str
    step: str


async def wanted_of(ctx: Context, actor: Actor) -> tuple[Wanted, ...]:
    """Everything that waits for a second hand and that the actor's own word could end, the oldest first."""
    found = []
    waiting = await services.waiting_for_second(ctx.engine, actor.community, limit=SHOWN_MAX)
    new = await to_speak_for(ctx, actor, waiting)
    for part, service in waiting:
        if part.uid in new and (case := await _case(ctx, actor, part, service)):
            found.append((part, service, STEPS[case]))
    # Who is to ask has to know whom: their names, and of a visit no more than that, unless it is the reader's own.
    asks = actor.has(Role.WORKER, Role.LEADER, Role.UNIT, Role.OFFICER)
    both = [uid for part, service, _step in found for uid in (part.member, service.recipient)]
    names = await people.names(ctx.engine, both) if asks else {}
    return tuple(
        Wanted(
            part=part, service=service, title=service.title if _reads_title(actor, service) else "",
            name=names.get(part.member, ""), helped=names.get(service.recipient, ""), why=why(part), step=step,
        )
        for part, service, step in found
    )  # fmt: skip


def _reads_title(actor: Actor, service: Service) -> bool:
    """The title of a visit is the words of whoever asked: the desk reads it, and whoever sent the helper."""
    if service.kind is not Kind.VISIT or actor.has(Role.WORKER):
        return True
    return service.team in actor.teams or service.unit in actor.units


async def vouch(ctx: Context, actor: Actor, attendance_uid: str) -> Confirmed:
    """The helper's leader, the officer of the place or the contact of the unit has asked and says that it was so.

    Raises:
        NotFound: none of theirs; OwnHours; NotYet: it does not wait for somebody else's word; what `give_word` raises.
    """
    async with ctx.engine.atomic():
        found = await services.attendance(ctx.engine, attendance_uid)
        if found is None:
            raise NotFound()
        service = await services.service(ctx.engine, found.service, lock=True)
        part = await services.attendance(ctx.engine, attendance_uid, lock=True)
        assert service is not None
        assert part is not None
        sees(actor, VOUCH, await _facts(ctx, actor, part, service))
        if is_earner(actor, part):
            raise OwnHours()
        if not part.waits:
            raise NotYet("这一条现在不用再说。", "Nothing more needs to be said about this one now.")
        done = await give_word(ctx, actor, part, service)
        await note_hours(ctx, actor, [done])
    return done


async def _facts(ctx: Context, actor: Actor, part: Attendance, service: Service) -> Facts:
    """How hours relate to the unit that sent somebody; a visit also to who leads its helper's team or looks after the place."""
    if service.kind is not Kind.VISIT:
        return Facts(community=service.community, unit=service.unit)
    teams = await rosters.team_codes_of(ctx.engine, part.member, ctx.today())
    ours = sorted(teams & actor.teams) or [service.team if service.team in actor.teams else ""]
    path = ""
    if service.recipient:
        homes = await people.areas_of(ctx.engine, [service.recipient])
        area = await areas.area(ctx.engine, homes.get(service.recipient, ""))
        path = area.path if area is not None else ""
    return Facts(community=service.community, team=ours[0], unit=service.unit, path=path)


async def _case(ctx: Context, actor: Actor, part: Attendance, service: Service) -> str:
    """Under which use case the actor may end what this part waits for; "" for none."""
    facts = facts_of(service, CONFIRM, owners=(service.recipient,))
    asked = [(CONFIRM, facts), (APPROVE, facts), (VOUCH, await _facts(ctx, actor, part, service))]
    policy = ctx.policy_of(service.community, day_of(ctx, service)).hands
    words = counted_words(policy, visit=service.kind is Kind.VISIT)
    standing = standing_of(actor, part, service)
    allowed = standing in words or (part.waits not in OF_WORDS and standing in policy.approvers)
    return next((case for case, of in asked if allowed and _may(actor, case, of)), "")


def _may(actor: Actor, case: str, facts: Facts) -> bool:
    try:
        sees(actor, case, facts)
    except NotFound:
        return False
    return True
