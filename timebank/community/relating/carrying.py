"""What follows from a decision, carried out: news, the plan, places of a line, sign-ins, renewals."""

from __future__ import annotations

from dataclasses import dataclass, field

from marketplace import store as lists
from timebank.access import Actor
from timebank.community.plan_stale import mark_plan_stale
from timebank.community.relating.surroundings import Surroundings
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.rules.relationships import (
    SYSTEM,
    Decided,
    DropRenewals,
    EndReason,
    EndSignIns,
    FreePlace,
    KnownBy,
    Party,
    PlanStale,
    Relationship,
    Sort,
    State,
    TakePlace,
    Tell,
    Told,
    ended,
)
from timebank.store.channels import news
from timebank.store.identity import sessions
from timebank.store.relations import relationships


@dataclass(slots=True, kw_only=True)
class News:
    """Who is to be told what of the relationships that change in one unit of work; a list of hundreds is told once.

    Attributes:
        by: who changes them; about: uid of the member to whom it all happens. Neither is told.
    """

    by: Actor
    about: str = ""
    _told: list[tuple[Relationship, Tell]] = field(default_factory=list)

    def add(self, relationship: Relationship, tell: Tell) -> None:
        self._told.append((relationship, tell))

    async def put(self, ctx: Context, found: Surroundings) -> None:
        """Leave the notices; whoever did it knows, and the desk sees what waits for it on its own page."""
        notices: dict[tuple[str, str], list[Relationship]] = {}
        duties: set[tuple[str, str]] = set()
        for one, tell in self._told:
            side, yes = one.party(tell.side), one.yes_of(tell.side)
            if tell.what is Told.IN_FORCE and yes is not None and yes.known_by is KnownBy.LIST:
                continue  # Their word is the list itself: thousands of a volunteers' list need not be rung up.
            for uid in found.speakers(side) - {self.by.uid, self.about} - self._desk(found, side):
                notices.setdefault((uid, tell.what.value), []).append(one)
                if side.sort is not Sort.MEMBER:
                    duties.add((uid, tell.what.value))
        for (uid, what), about in sorted(notices.items(), key=lambda item: item[0]):
            kind = found.catalogue.relationships[about[0].kind]
            known: dict[str, str | int] = {
                "relationship": about[0].uid,
                "zh": kind.zh,
                "en": kind.en,
                "count": len(about),
            }
            word = f"relationship_{what}" if len(about) == 1 else f"relationships_{what}"
            if (uid, what) in duties:
                by = self.by.uid
                await tell_duty(ctx, community=found.community, member=uid, kind=word, by=by, **known)
            else:
                await news.put(
                    ctx, community=found.community, member=uid, kind=word, pressed_by=self.by.uid, **known
                )

    def _desk(self, found: Surroundings, side: Party) -> frozenset[str]:
        """Staff who speak for a side only because they work here."""
        return frozenset() if side.sort is Sort.MEMBER else found.staff


async def carry_out_effects(ctx: Context, decided: Decided, found: Surroundings, news: News) -> list[Decided]:
    """Do what follows; what has to be decided anew because of it comes back."""
    again: list[Decided] = []
    for effect in decided.effects:
        match effect:
            case Tell():
                if effect.what is not Told.ASKED or decided.relationship.state is State.OFFERED:
                    news.add(decided.relationship, effect)
            case PlanStale():
                await mark_plan_stale(ctx, found.community)
            case TakePlace(line=line) | FreePlace(line=line):
                await _count_places(ctx, found, line)
            case EndSignIns(member=member):
                await sessions.close_sessions_of(ctx.engine, member)
            case DropRenewals(follows=uid):
                again += [
                    ended(
                        found.catalogue.relationships[one.kind], one, reason=EndReason.NO_LONGER_NEEDED, by=SYSTEM,
                        on=found.today,
                    )
                    for one in await relationships.following(ctx.engine, uid)
                ]  # fmt: skip
    return again


async def _count_places(ctx: Context, found: Surroundings, line: str) -> None:
    """The line stands on the list while a place of it is free."""
    party = Party(Sort.LINE, line)
    side = found.ends.get(party)
    if side is None:
        return
    taken = sum(one.state is State.IN_FORCE and one.target == party for one in found.at(party))
    change = lists.close_line if taken >= side.places else lists.reopen_line
    await change(ctx.engine, found.community, "need", line, at=ctx.now())
