"""轮值 as people meet it: whose month it is to lead an activity, swaps between units, and turns that were missed.

The desk plans the months ahead and says afterwards who led; a unit asks another one to swap and answers when asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace import rota
from marketplace import store as lists
from marketplace.names import name_key
from marketplace.rota import STATES_ZH, RotaTurn, Step, TurnState
from marketplace.values import Activity
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.owners import body_of
from timebank.store.oversight import audit
from timebank.store.relations import organisations, owners
from timebank.store.relations.organisations import UNIT

UNIT_STEPS = frozenset({Step.ASK_SWAP, Step.AGREE_SWAP, Step.DECLINE_SWAP, Step.TAKE_BACK})
STATES_EN = {
    TurnState.AHEAD: "ahead",
    TurnState.ASKED: "asking to swap",
    TurnState.DONE: "led",
    TurnState.MISSED: "missed",
    TurnState.COVERED: "another unit stood in",
}
_WRITTEN = re.compile(r"(\d{1,2})月(?:份)?轮值[:：]\s*([^\s;；,，、]+)")
_TONES = {TurnState.DONE: "done", TurnState.MISSED: "act", TurnState.COVERED: "wait", TurnState.ASKED: "wait"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """One turn on a page.

    Attributes:
        month: its period in words; title: of the activity; said: its state in words; tone: how the state is coloured.
        mine: a unit's own turn; asked_of_us: another unit asks to swap its turn with one of ours.
        unit, covered_by, swapped_with: what the units are called; "" for none.
        others: turns it could be swapped with, (period, month and unit in words).
        swap_month, makes_up_month: the months a swap is asked for, or a missed turn is made up for, in words.
    """

    turn: RotaTurn
    month: str
    title: str
    said: str
    tone: str
    unit: str = ""
    covered_by: str = ""
    swapped_with: str = ""
    mine: bool = False
    asked_of_us: bool = False
    others: tuple[tuple[str, str], ...] = ()
    swap_month: str = ""
    makes_up_month: str = ""

    @property
    def waiting(self) -> bool:
        """True while nobody has said yet how the turn went."""
        return self.turn.state in (TurnState.AHEAD, TurnState.ASKED)


async def of_activity(ctx: Context, community: str, key: str, lang: str) -> tuple[TurnRow, ...]:
    """All turns of one activity, by month."""
    turns = await lists.turns(ctx.engine, community, activity_key=key)
    names = await _names(ctx, community, turns)
    return tuple(_row(turn, "", lang, names=names) for turn in turns)


async def of_unit(
    ctx: Context, community: str, code: str, activities: Sequence[Activity], lang: str
) -> tuple[TurnRow, ...]:
    """A unit's own turns, and those of others who ask to swap with it; what is over is left out but what is owed."""
    titles = {one.line_key: one.title for one in activities}
    known = await lists.turns(ctx.engine, community)
    names = await _names(ctx, community, known)
    rows = []
    for turn in known:
        there = [one for one in known if one.activity_key == turn.activity_key]
        asks_us = turn.state is TurnState.ASKED and any(
            one.period == turn.swap_with and one.unit == code for one in there
        )
        if (
            turn.activity_key in titles
            and (turn.unit == code or asks_us)
            and turn.state is not TurnState.DONE
        ):
            others = tuple(
                (one.period, f"{month_said(one.period, lang)} · {names.get(one.unit, one.unit)}")
                for one in there
                if one.unit != turn.unit and one.state is TurnState.AHEAD
            )
            rows.append(
                _row(
                    turn,
                    titles[turn.activity_key],
                    lang,
                    names=names,
                    mine=turn.unit == code,
                    asked=asks_us,
                    others=others,
                )
            )
    return tuple(rows)


def _row(
    turn: RotaTurn,
    title: str,
    lang: str,
    *,
    names: Mapping[str, str],
    mine: bool = False,
    asked: bool = False,
    others: tuple[tuple[str, str], ...] = (),
) -> TurnRow:
    words = STATES_EN if lang == "en" else STATES_ZH
    return TurnRow(
        turn=turn,
        month=month_said(turn.period, lang),
        title=title,
        said=words[turn.state],
        tone=_TONES.get(turn.state, ""),
        unit=names.get(turn.unit, turn.unit),
        covered_by=names.get(turn.covered_by, turn.covered_by),
        swapped_with=names.get(turn.swapped_with, turn.swapped_with),
        mine=mine,
        asked_of_us=asked,
        others=others,
        swap_month=month_said(turn.swap_with, lang),
        makes_up_month=month_said(turn.makes_up, lang),
    )


async def _names(ctx: Context, community: str, turns: Iterable[RotaTurn]) -> dict[str, str]:
    """What the units of these turns are called."""
    codes = {code for one in turns for code in (one.unit, one.covered_by, one.swapped_with)}
    return await owners.names_of_bodies(ctx.engine, community, codes)


def month_said(period: str, lang: str) -> str:
    """2026-12 as 2026年12月 or December 2026; "" for none, and what is no month as it is."""
    year, dash, month = period.partition("-")
    if not (dash and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return period
    return f"{date(int(year), int(month), 1):%B} {year}" if lang == "en" else f"{year}年{int(month)}月"


async def plan(ctx: Context, actor: Actor, key: str) -> tuple[RotaTurn, ...]:
    """The new turns of the months ahead, one partner unit after the other; who owes a turn comes first.

    Raises:
        NotFound: no such activity here; NobodyInTurn: the community has no partner unit yet; TurnTaken: planned twice.
    """
    sees(actor, "PlanRota", Facts(community=actor.community))
    async with ctx.engine.atomic():
        activity = await _activity(ctx, actor.community, key)
        units = [row.code for row in await organisations.organisations(ctx.engine, actor.community, UNIT)]
        called = await organisations.every_name(ctx.engine, actor.community)
        by_name = {one.name_key: one.code for one in reversed(called) if one.code in units}
        first = by_name.get(name_key(activity.lead), "")
        # The unit named on the list leads first, the others follow in the order of their codes.
        units.sort(key=lambda code: code != first)
        given = await lists.turns(ctx.engine, actor.community, activity_key=key)
        known = {turn.period for turn in given}
        months = _months(ctx, actor.community)
        written = [
            RotaTurn(activity_key=key, period=month, unit=by_name[name_key(name)])
            for month, name in written_turns(activity.rota, months)
            if name_key(name) in by_name and month not in known
        ]
        planned = rota.rota(key, units, months, [*given, *written])
        added = tuple(turn for turn in planned if turn.period not in known)
        await lists.add_turns(ctx.engine, actor.community, added)
        await audit.note(ctx, actor, "plan_rota", object=key)
    return added


async def take(
    ctx: Context, actor: Actor, key: str, period: str, step: Step, *, other: str = "", reason: str = ""
) -> None:
    """One step of a turn: a unit's about its own or an asked swap, the desk's about how the turn went.

    Args:
        other: for a swap the other period, for a stand-in the code of the unit that led.

    Raises:
        NotFound: no such turn or unit here, or not this person's step; RotaRefused: a subclass says why.
    """
    async with ctx.engine.atomic():
        known = {one.period: one for one in await lists.turns(ctx.engine, actor.community, activity_key=key)}
        if period not in known:
            raise NotFound()
        party = _party(known, known[period], step)
        sees(actor, "TurnStep", Facts(community=actor.community, unit=party))
        if step in UNIT_STEPS and not actor.has(Role.WORKER) and party not in actor.units:
            raise NotFound()
        if step is Step.COVER and await body_of(ctx, actor.community, other) is None:
            raise NotFound()
        await lists.change_turns(
            ctx.engine,
            actor.community,
            key,
            lambda turns: _decided(turns, period, step, by=party, other=other, reason=reason),
        )
        await audit.note(ctx, actor, f"rota_{step.value}", object=f"{key}:{period}")


def _party(known: Mapping[str, RotaTurn], turn: RotaTurn, step: Step) -> str:
    """The unit whose step it is; "" for the desk's own."""
    if step in (Step.AGREE_SWAP, Step.DECLINE_SWAP):
        return known[turn.swap_with].unit if turn.swap_with in known else ""
    return turn.unit if step in UNIT_STEPS else ""


def _decided(
    turns: Mapping[str, RotaTurn], period: str, step: Step, *, by: str, other: str, reason: str
) -> Sequence[RotaTurn]:
    turn = turns[period]
    match step:
        case Step.ASK_SWAP:
            return [rota.ask_swap(turn, turns[other], by=by, reason=reason)]
        case Step.AGREE_SWAP:
            return rota.agree_swap(turn, turns[turn.swap_with], by=by)
        case Step.DECLINE_SWAP:
            return [rota.decline_swap(turn, turns[turn.swap_with], by=by, reason=reason)]
        case Step.TAKE_BACK:
            return [rota.take_back_swap(turn, by=by)]
        case Step.HOLD:
            return [rota.hold(turn)]
        case Step.MISS:
            return [rota.miss(turn, reason=reason)]
        case Step.COVER:
            return [rota.cover(turn, by=other, reason=reason)]


def written_turns(said: str, months: Sequence[str]) -> list[tuple[str, str]]:
    """(period, unit) for each month that the list itself gives to a unit, as 12月轮值:实验小学 does."""
    found = {int(month): unit for month, unit in _WRITTEN.findall(said)}
    return [(month, found[int(month[5:])]) for month in months if int(month[5:]) in found]


def _months(ctx: Context, community: str) -> list[str]:
    """This month and those after it, as `2026-12`."""
    first = ctx.today().year * 12 + ctx.today().month - 1
    ahead = ctx.policy_of(community).lists.months_ahead
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, first + ahead)]


async def _activity(ctx: Context, community: str, key: str) -> Activity:
    for one in await lists.activities(ctx.engine, community):
        if one.line_key == key:
            return one
    raise NotFound()
