"""Offers, answers, approvals, ends and renewals: each loads what stands around it, decides, saves and carries out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace.store import give_way
from timebank.access import Actor, Role
from timebank.catalogue import Heard, RelationshipKind, Scope, Side
from timebank.community.hands import another_hand
from timebank.community.relating.carrying import News, carry_out_effects
from timebank.community.relating.refusals import HolderUnknown, KindUnknown, OwnMandate, TargetUnknown
from timebank.community.relating.surroundings import Surroundings, around
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import (
    Approve,
    Command,
    Decided,
    End,
    Offer,
    Party,
    PlanStale,
    Relationship,
    RelationshipRefusal,
    Renew,
    SayNo,
    SayYes,
    State,
    Tell,
    decide,
    lapsed,
    member,
)
from timebank.store.channels.news import answered
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.store.relations import relationships

# Rows of a list that are decided before whoever else is ready on the event loop may go on.
DECIDED_AT_A_STRETCH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One relationship that is to be, as a page or a row of a list says it.

    Attributes:
        kind: code of the kind.
        since_on, until_on: first and last day; None for today and for the kind's own term.
        holder_yes, target_yes: how a yes is known that came with it.
    """

    kind: str
    holder: Party
    target: Party
    since_on: date | None = None
    until_on: date | None = None
    scope: tuple[Scope | str, ...] = ()
    holder_yes: Heard | None = None
    target_yes: Heard | None = None
    note: str = ""


async def offer(ctx: Context, by: Actor, wanted: Wanted, *, community: str = "") -> Relationship:
    """The new relationship: offered, or in force when every yes and approval is there.

    Args:
        community: whose it is; the actor's own when left out.

    Raises:
        KindUnknown, HolderUnknown, TargetUnknown: something named is not there.
        RelationshipRefusal: it cannot stand, or not like this.
    """
    [made] = await offer_all(ctx, by, [wanted], community=community)
    if isinstance(made, RelationshipRefusal):
        raise made
    return made


async def offer_all(
    ctx: Context, by: Actor, rows: Sequence[Wanted], *, community: str = ""
) -> list[Relationship | RelationshipRefusal]:
    """What became of each, in their order; each counts with those before it. A refused one writes nothing."""
    code = community or by.community
    await one_change_at_a_time(ctx, code)
    found = await around(ctx, code, (party for row in rows for party in (row.holder, row.target)))
    news = News(by=by)
    await _write_down_terms(ctx, found, news)
    made: list[Relationship | RelationshipRefusal] = []
    waiting: list[Decided] = []
    for at, row in enumerate(rows):
        if at % DECIDED_AT_A_STRETCH == DECIDED_AT_A_STRETCH - 1:
            await give_way()
        try:
            decided = _offered(ctx, by, row, found)
        except RelationshipRefusal as refusal:
            made.append(refusal)
            continue
        made.append(decided.relationship)
        if _stands_alone(decided):
            found.learn(decided.relationship)
            waiting.append(decided)
            continue
        await _save_all(ctx, waiting, found, news)
        waiting = []
        await _save(ctx, decided, found, news, new=True)
    if len(rows) > DECIDED_AT_A_STRETCH:
        await give_way()
    await _save_all(ctx, waiting, found, news)
    done = [one for one in made if isinstance(one, Relationship)]
    if len(rows) == 1:
        for one in done:
            await audit.note(ctx, by, "relationship_offered", object=one.uid, reason=one.kind, community=code)
    elif done:
        await audit.note(
            ctx, by, "relationships_listed", reason=f"{len(done)} of {len(rows)}", community=code
        )
    await news.put(ctx, found)
    return made


def _offered(ctx: Context, by: Actor, row: Wanted, found: Surroundings) -> Decided:
    kind = found.catalogue.relationships.get(row.kind)
    if kind is None:
        raise KindUnknown()
    if not found.knows(row.holder):
        raise HolderUnknown()
    if not found.knows(row.target):
        raise TargetUnknown()
    _not_for_oneself(kind, by, row.holder, row.target_yes)
    command = Offer(
        uid=ctx.ids.uid("R"), by=by.uid, since_on=row.since_on, until_on=row.until_on, scope=row.scope,
        holder_yes=row.holder_yes, target_yes=row.target_yes, note=row.note[:200],
    )  # fmt: skip
    return _sure(decide(kind, None, command, found.facts(kind, row.holder, row.target)))


async def say_yes(ctx: Context, by: Actor, uid: str, side: Side, heard: Heard = Heard.PAGE) -> Relationship:
    """One side agrees; the relationship as it stands then.

    Raises:
        NotFound: no such relationship; RelationshipRefusal: not now, or not by this person.
    """
    offered = await relationships.relationship(ctx.engine, uid)
    kind = (
        ctx.catalogue_of(offered.community).relationships.get(offered.kind) if offered is not None else None
    )
    if offered is not None and kind is not None and side is Side.TARGET:
        _not_for_oneself(kind, by, offered.holder, heard)
    return await _change(ctx, by, uid, SayYes(by=by.uid, side=side, heard=heard), "relationship_yes")


def _not_for_oneself(kind: RelationshipKind, by: Actor, holder: Party, target_yes: Heard | None) -> None:
    """Refuse a mandate whose holder heard the other side's yes themselves.

    Raises:
        OwnMandate.
    """
    mandate = any(grant.role == Role.PROXY for grant in kind.grants)
    if mandate and holder == member(by.uid or "-") and target_yes not in (None, Heard.PAGE):
        raise OwnMandate()


async def say_no(ctx: Context, by: Actor, uid: str, side: Side, heard: Heard = Heard.PAGE) -> Relationship:
    """One side declines the offer."""
    return await _change(ctx, by, uid, SayNo(by=by.uid, side=side, heard=heard), "relationship_no")


async def approve(ctx: Context, by: Actor, uid: str) -> Relationship:
    """The second person agrees to what another entered; never one whom the first could be."""
    offered = await relationships.relationship(ctx.engine, uid)
    if offered is not None:
        await another_hand(ctx, by, {offered.offered_by, offered.holder.code})
    return await _change(ctx, by, uid, Approve(by=by.uid), "relationship_approved")


async def end(ctx: Context, by: Actor, uid: str, reason: str) -> Relationship:
    """It ends today, or the offer is taken back."""
    return await _change(ctx, by, uid, End(by=by.uid, reason=reason), "relationship_ended")


async def renew(
    ctx: Context,
    by: Actor,
    uid: str,
    *,
    until_on: date | None = None,
    holder_yes: Heard | None = None,
    target_yes: Heard | None = None,
) -> Relationship:
    """The offer that goes on from this one, in its last days; consents are asked again."""
    command = Renew(
        uid=ctx.ids.uid("R"), by=by.uid, until_on=until_on, holder_yes=holder_yes, target_yes=target_yes
    )
    return await _change(ctx, by, uid, command, "relationship_renewed")


async def carry_out(
    ctx: Context, by: Actor, decided: Iterable[Decided], *, community: str = "", about: str = ""
) -> None:
    """Write what a flow for a whole life decided (dying, moving, joining records), and do what follows from it.

    A relationship that is not stored yet is added; each is told as its effects say.

    Args:
        about: uid of the member it happened to, who is told nothing of it.
    """
    code = community or by.community
    await one_change_at_a_time(ctx, code)
    all_of_it = list(decided)
    sides = (party for one in all_of_it for party in (one.relationship.holder, one.relationship.target))
    found = await around(ctx, code, sides)
    news = News(by=by, about=about)
    apart = frozenset(one.relationship.uid for one in all_of_it)
    for one in all_of_it:
        new = await relationships.relationship(ctx.engine, one.relationship.uid) is None
        await _save(ctx, one, found, news, new=new, apart=apart)
    await news.put(ctx, found)


async def _change(ctx: Context, by: Actor, uid: str, command: Command, word: str) -> Relationship:
    first = await relationships.relationship(ctx.engine, uid)
    if first is None:
        raise NotFound()
    await one_change_at_a_time(ctx, first.community)
    one = await relationships.relationship(ctx.engine, uid)
    assert one is not None, "relationships are never deleted"
    found = await around(ctx, first.community, (one.holder, one.target))
    news = News(by=by)
    await _write_down_terms(ctx, found, news)
    kind = found.catalogue.relationships[one.kind]
    followed = await relationships.relationship(ctx.engine, one.follows) if one.follows else None
    facts = found.facts(kind, one.holder, one.target, followed=followed)
    decided = _sure(decide(kind, found.open.get(uid, one), command, facts))
    await _save(ctx, decided, found, news, new=isinstance(command, Renew))
    await audit.note(
        ctx, by, word, object=decided.relationship.uid, reason=kind.code, community=first.community
    )
    if decided.relationship.state is not State.OFFERED:
        await answered(ctx.engine, decided.relationship.uid)
    await news.put(ctx, found)
    return decided.relationship


async def one_change_at_a_time(ctx: Context, community: str) -> None:
    """Two who name a leader at once would each see a free place; the database refuses the second as a last resort."""
    assert ctx.engine.in_unit(), "a relationship changes together with what follows from it"
    await one_at_a_time(ctx.engine, f"relating:{community}")


async def _write_down_terms(ctx: Context, found: Surroundings, news: News) -> None:
    """What ended by its date gives its place free before anything else is judged."""
    for one in list(found.open.values()):
        over = lapsed(found.catalogue.relationships[one.kind], one, today=found.today)
        if over is not None and one.community == found.community:
            await _save(ctx, over, found, news, new=False)


async def _save(
    ctx: Context,
    decided: Decided,
    found: Surroundings,
    news: News,
    *,
    new: bool,
    apart: frozenset[str] = frozenset(),
) -> None:
    """One row and what follows from it; rows `apart` are decided on their own and not once more because of this one."""
    for row in decided.first:
        await relationships.save_relationship(ctx.engine, row)
        found.learn(row)
    write = relationships.add_relationship if new else relationships.save_relationship
    await write(ctx.engine, decided.relationship)
    found.learn(decided.relationship)
    dropped = await carry_out_effects(ctx, decided, found, news)
    for one in dropped:
        if one.relationship.uid not in apart:
            await _save(ctx, one, found, news, new=False)


def _stands_alone(decided: Decided) -> bool:
    """Whether it only adds a row: nothing else is written first, and what follows changes no other relationship or line."""
    return not decided.first and all(isinstance(effect, Tell | PlanStale) for effect in decided.effects)


async def _save_all(ctx: Context, decided: Sequence[Decided], found: Surroundings, news: News) -> None:
    """New relationships that stand alone, together, and what follows from each kind of effect once."""
    await relationships.add_relationships(ctx.engine, [one.relationship for one in decided])
    plan_is_stale = False
    for one in decided:
        stale = any(isinstance(effect, PlanStale) for effect in one.effects)
        if stale and plan_is_stale:
            one = replace(
                one, effects=tuple(effect for effect in one.effects if not isinstance(effect, PlanStale))
            )
        plan_is_stale = plan_is_stale or stale
        await carry_out_effects(ctx, one, found, news)


def _sure(decided: Decided | RelationshipRefusal) -> Decided:
    if isinstance(decided, RelationshipRefusal):
        raise decided
    return decided
