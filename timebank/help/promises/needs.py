"""A need for which nothing is arranged yet, as whoever asked sees it: looked for, late, or waiting for their own yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from marketplace import store as lists
from marketplace.claims import Claim, Side, Stage
from marketplace.values import Need, Window
from timebank.access import Actor
from timebank.context import Context
from timebank.help.promises.standing_in import other_times
from timebank.help.promises.words import Named, sentence
from timebank.rules.parts.attendance import Kind, Service
from timebank.rules.parts.promises import Person, Standing, view, wanted
from timebank.store.members import people
from timebank.store.relations import organisations

ANSWERED_BY = time(18, 0)
"""An answer promised for a day comes by this hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPromise:
    """Where a need stands for its reader.

    Attributes:
        others: hours at which somebody could come, where the promised answer is late.
        claim: uid of the claim that waits for the reader's yes; "" for none.
    """

    need: Need
    standing: Standing
    sentence: str
    others: tuple[Window, ...] = ()
    claim: str = ""


async def need_promise(ctx: Context, actor: Actor, need: Need, due_on: date, *, lang: str) -> NeedPromise:
    """One open need of the elder whose affairs the actor handles."""
    claim = await _claimed(ctx, actor.community, need.line_key)
    due_at = datetime.combine(due_on, ANSWERED_BY, tzinfo=ctx.zone)
    standing = wanted(due_at=due_at, now=ctx.now(), claimed=claim is not None)
    # Only what comes once can simply take another hour.
    once = not (need.when.recurrences or need.when.demand)
    late = standing is Standing.OVERDUE
    others = await other_times(ctx, actor.community, need) if late and once else ()
    person = Person.PROXY if actor.acting_for else Person.ELDER
    named = Named(
        who=await _called(ctx, claim.claimant) if claim else "", due_at=due_at,
        elder=await _called(ctx, need.owner), others=tuple(one.starts_at for one in others),
    )  # fmt: skip
    said = sentence(
        view(standing, person), _as_service(actor.community, need, claim, due_at), None, named,
        now=ctx.now(), lang=lang, zone=ctx.zone,
    )  # fmt: skip
    return NeedPromise(
        need=need, standing=standing, sentence=said, others=others, claim=claim.uid if claim else ""
    )


async def _claimed(ctx: Context, community: str, key: str) -> Claim | None:
    """The oldest claim that waits for the owner of the need."""
    found = [
        one
        for one in await lists.claims(ctx.engine, community, stages=(Stage.OPEN,))
        if one.side is Side.NEED and one.line_key == key and one.expires_at > ctx.now()
    ]
    return found[0] if found else None


async def _called(ctx: Context, owner: str) -> str:
    """How a member, or an organisation, is called."""
    card = (await people.cards(ctx.engine, [owner])).get(owner)
    if card is not None:
        return card.says
    body = await organisations.organisation(ctx.engine, owner)
    return body.name if body else ""


def _as_service(community: str, need: Need, claim: Claim | None, due_at: datetime) -> Service:
    """The need as the service it would become, for the words of its sentence."""
    window = claim.window if claim else None
    starts_at = window.starts_at if window else due_at
    ends_at = window.ends_at if window else due_at + timedelta(hours=1)
    return Service(
        uid=need.line_key[:16], community=community, kind=Kind.VISIT, title=need.title[:120] or "-",
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
