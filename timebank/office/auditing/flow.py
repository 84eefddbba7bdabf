"""Use cases of auditing: lists of one kind over some weeks, and the log searched by person, day and amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.rules.oversight import auditing
from timebank.rules.oversight.auditing import Burst, OfPart, Spoken, What
from timebank.store.oversight import audited
from timebank.store.oversight.audited import CameIn, CardsRead, LogLine, Wanted

DAYS = (30, 90, 365)
"""How far back the lists may look; the first unless something else is asked."""
SHOWN_MAX, LINES = 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Every list of the last days, each complete.

    Attributes:
        cards: who read private cards. came_in: who signed in, acted for somebody or gave out a way in.
    """

    days: int
    alone: tuple[OfPart, ...]
    late: tuple[OfPart, ...]
    bursts: tuple[Burst, ...]
    corrections: tuple[OfPart, ...]
    cards: tuple[CardsRead, ...]
    came_in: tuple[CameIn, ...]

    def counts(self) -> dict[What, int]:
        """How much there is on each list; of readings and sign-ins, of how many people."""
        return {
            What.ALONE: len(self.alone),
            What.LATE: len(self.late),
            What.BURSTS: len(self.bursts),
            What.CORRECTIONS: len(self.corrections),
            What.CARDS: len({one.reader for one in self.cards}),
            What.SIGN_INS: len({one.actor for one in self.came_in}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came to.

    Attributes:
        lines: of the log. older: id below which the next page goes on, 0 for the end.
        spoken: what was said of exactly the amount that was asked for; () where none was.
    """

    lines: tuple[LogLine, ...]
    older: int
    spoken: tuple[Spoken, ...]


async def looks(ctx: Context, actor: Actor, *, days: int = DAYS[0]) -> Looks:
    """What there is to look at in the actor's community."""
    sees(actor, "AuditLooks", Facts(community=actor.community))
    span = days if days in DAYS else DAYS[0]
    since = ctx.now() - timedelta(days=span)
    spoken = await audited.spoken_since(ctx.engine, actor.community, since)
    return Looks(
        days=span,
        alone=tuple(auditing.alone(spoken)),
        late=tuple(auditing.late(spoken, ctx.zone)),
        bursts=tuple(auditing.bursts(spoken)),
        corrections=tuple(auditing.corrections(spoken)),
        cards=tuple(await audited.cards_read(ctx.engine, actor.community, since)),
        came_in=tuple(await audited.came_in(ctx.engine, actor.community, since)),
    )


async def search(
    ctx: Context,
    actor: Actor,
    *,
    who: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    minutes: int | None = None,
    below: int = 0,
) -> Found:
    """The log of the actor's community, by person, day and amount; what is left out matters not."""
    sees(actor, "AuditLog", Facts(community=actor.community))
    wanted = Wanted(
        who=who.strip().upper(),
        since=_midnight(ctx, from_on) if from_on else None,
        before=_midnight(ctx, to_on + timedelta(days=1)) if to_on else None,
        below=below,
    )
    spoken: Sequence[Spoken] = ()
    if minutes is not None:
        spoken = await audited.spoken_of_minutes(
            ctx.engine, actor.community, minutes, wanted, limit=SHOWN_MAX
        )
    lines = await audited.log_lines(ctx.engine, actor.community, wanted, limit=LINES + 1)
    older = lines[LINES - 1].id if len(lines) > LINES else 0
    return Found(lines=tuple(lines[:LINES]), older=older, spoken=tuple(spoken))


def _midnight(ctx: Context, on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=ctx.zone)
