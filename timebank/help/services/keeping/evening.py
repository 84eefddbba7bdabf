"""What stands first on the desk and on the evening list: promises that need somebody now, each with who could go instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.help.planning.gathering import Given, gather
from timebank.help.promises.pressing import pressing_promises
from timebank.help.promises.seen import Promise
from timebank.help.promises.standing_by import InCase, soon_in_case
from timebank.help.promises.standing_in import StandIn, stand_ins
from timebank.rules.parts.attendance import Off, Service
from timebank.rules.parts.promises import Standing
from timebank.rules.people.readings import Why
from timebank.store.members import phones
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at

SHOWN = 30
SENT_INSTEAD = frozenset(
    {
        Standing.LATE,
        Standing.SILENT,
        Standing.SAID_NOT,
        Standing.SEARCHING,
        Standing.UNNAMED,
        Standing.DID_NOT,
    }
)
"""Standings in which somebody else may still be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningRow:
    """One promise, the numbers of both sides, and who could go instead."""

    promise: Promise
    phone_of_who_goes: str
    phone_of_helped: str
    stand_ins: tuple[StandIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """The first rows, how many there are, and the urgent visits of the coming day and a half with who stands by."""

    rows: tuple[EveningRow, ...]
    waiting: int
    in_case: tuple[tuple[Service, InCase], ...] = ()


async def evening(ctx: Context, actor: Actor, lang: str) -> Evening:
    """Everything without a word, the worst first, with the numbers to ring; the reading is noted."""
    sees(actor, "EveningList", Facts(community=actor.community))
    found = await pressing_promises(ctx, actor, lang)
    shown = found[:SHOWN]
    if shown:
        # The list gives numbers to ring, so reading it is reading private cards.
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_evening_list")
    whose = [uid for one in shown for uid in (one.part.member if one.part else "", one.service.recipient)]
    rung = await phones.first_phones(ctx.engine, whose)
    await looked_at(ctx, actor, whose, Why.EVENING)
    given: dict[Week, Given] = {}
    rows = [await _row(ctx, one, rung, given) for one in shown]
    return Evening(rows=tuple(rows), waiting=len(found), in_case=await soon_in_case(ctx, actor.community))


async def _row(ctx: Context, one: Promise, rung: dict[str, str], given: dict[Week, Given]) -> EveningRow:
    going = one.part.member if one.part else ""
    instead: Sequence[StandIn] = ()
    if one.standing in SENT_INSTEAD and one.service.off in (None, Off.RELEASED):
        week = Week.of(max(one.service.starts_at, ctx.now()).astimezone(ctx.zone).date())
        if one.service.need_key and week not in given:
            given[week] = await gather(ctx, one.service.community, week)
        instead = await stand_ins(ctx, one.service, without=going, given=given.get(week))
    return EveningRow(
        promise=one, phone_of_who_goes=rung.get(going, ""), phone_of_helped=rung.get(one.service.recipient, ""),
        stand_ins=tuple(instead),
    )  # fmt: skip
