"""The paper roster typed in: each changed row is what one person says of it afterwards, all of them in one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.services.joining import join
from timebank.help.services.loading import GONE, is_earner, service_for
from timebank.help.services.people import who_came
from timebank.help.services.teams.closing import with_room
from timebank.help.services.words.speaking import find_out
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.roster_grid import Stay, sums
from timebank.rules.parts.statements import Said
from timebank.store.help import services
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody on the paper who is not on the roster: by name or vest number, with the clocks as typed."""

    name: str
    stay: Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """What the foot of the paper says; None where it says nothing."""

    heads: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """How many rows were written, and whose were left to others."""

    written: int
    own: int


class SumsDiffer(BadField):
    """What was typed does not come to what the paper says."""

    code = "sums_differ"


async def write_paper(
    ctx: Context,
    actor: Actor,
    service_uid: str,
    stays: Sequence[Stay],
    newcomers: Sequence[Newcomer],
    paper: OnPaper,
) -> Typed:
    """The rows that say something new; the writer's own row is left to somebody else.

    Raises:
        NotFound; SumsDiffer; what writing times refuses; BadField: a name that means several people.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "PaperGrid", service_uid)
        parts = {one.uid: one for one in await services.attendances(ctx.engine, service.uid, lock=True)}
        _as_on_paper([*stays, *(one.stay for one in newcomers)], paper)
        written = own = 0
        for stay in stays:
            part = parts.get(stay.key)
            if part is None or stay.says_nothing or _stands(ctx, part, stay):
                continue
            if is_earner(actor, part):
                own += 1
                continue
            await _write(ctx, actor, part, stay)
            written += 1
        for one in newcomers:
            await _write(ctx, actor, await _joined(ctx, actor, service, one.name), one.stay)
            written += 1
        await audit.note(ctx, actor, "write_paper", object=service.uid)
    return Typed(written=written, own=own)


def _as_on_paper(stays: Sequence[Stay], paper: OnPaper) -> None:
    heads, minutes = sums(stays)
    if paper.heads is not None and paper.heads != heads:
        raise SumsDiffer(
            f"纸上写 {paper.heads} 人，这里是 {heads} 人，差 {abs(paper.heads - heads)} 人。",
            f"The paper says {paper.heads} people, typed are {heads}.", field="heads",
        )  # fmt: skip
    if paper.minutes is not None and paper.minutes != minutes:
        raise SumsDiffer(
            f"纸上写 {paper.minutes} 分钟，这里是 {minutes} 分钟，差 {abs(paper.minutes - minutes)} 分钟。",
            f"The paper says {paper.minutes} minutes, typed are {minutes}.", field="minutes",
        )  # fmt: skip


def _stands(ctx: Context, part: Attendance, stay: Stay) -> bool:
    """Whether the part says so already."""
    if stay.absent:
        return part.state is State.NO_SHOW
    return stay.arrived in (None, _clock(ctx, part, arrived=True)) and stay.left in (
        None,
        _clock(ctx, part, arrived=False),
    )


def _clock(ctx: Context, part: Attendance, *, arrived: bool) -> time | None:
    at = part.checked_in_at if arrived else part.checked_out_at
    return at.astimezone(ctx.zone).time().replace(second=0, microsecond=0) if at else None


async def _write(ctx: Context, actor: Actor, part: Attendance, stay: Stay) -> None:
    if stay.absent:
        await find_out(ctx, actor, part.uid, Said.FOUND_NOT)
        return
    await write_times(ctx, actor, part.uid, arrived=stay.arrived, left=stay.left)


async def _joined(ctx: Context, actor: Actor, service: Service, name: str) -> Attendance:
    uid = await who_came(ctx, service.community, name=name, team=service.team, file=service.uid, by=actor.uid)
    found = await services.attendance_of(ctx.engine, service.uid, uid)
    if found is not None and found.state not in GONE:
        return found
    return await join(ctx, actor, await with_room(ctx, service), uid)
