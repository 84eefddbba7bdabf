"""Saved plans with their certificates, and their matches as proposals that a person accepts or declines.

A new plan of a week takes the place of the old one: what it proposes as before stays the same proposal, so that a yes on a
page opened earlier still counts; what it proposes no longer is superseded. Answered ones stay, and `promised` hands them
to the next planning run as fixed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from marketplace.claims import Side, Stage
from marketplace.errors import LineClosed, ListsChanged, UnknownLine, WrongStage
from marketplace.planning import Fixed, Match, Plan
from marketplace.planning.answers.rendering import match_json, plan_json
from marketplace.planning.documents import MatchDocument, PlanDocument
from marketplace.store.claims import claims
from marketplace.store.lines import needs, resources
from marketplace.store.sql import Engine, Row, holders, locking, moment, read_moment
from marketplace.values import SHANGHAI, Week, Window

ProposalStage = Literal["proposed", "accepted", "declined", "superseded", "released"]
_STAGES_ZH = {
    "proposed": "等待答复",
    "accepted": "已接受",
    "declined": "已谢绝",
    "superseded": "已被替换",
    "released": "已取消",
}
_COLUMNS = (
    "uid, plan_uid, week, need_key, resource_key, starts_at, ends_at, minutes, quantity, unit, value, document, stage, "
    "answered_at, answered_by, reason"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One planned match; `document` is its JSON form with reasons, alternatives and notes, as the plan said it."""

    uid: str
    plan_uid: str
    week: str
    need_key: str
    resource_key: str
    window: Window
    minutes: int
    quantity: int
    unit: str
    value: int
    document: MatchDocument
    stage: str
    answered_at: datetime | None
    answered_by: str
    reason: str


async def save_plan(
    engine: Engine, community: str, plan: Plan, *, uid: str, at: datetime
) -> tuple[Proposal, ...]:
    """Save a plan; its matches become proposals `uid-1`, `uid-2`, … unless they are proposed already.

    Unanswered proposals of the week that are none of its matches give way.

    Raises:
        ListsChanged: a line it proposes was changed or taken off its list while the plan was made, or was promised to
            somebody else; nothing is saved.
    """
    document = json.dumps(plan_json(plan), ensure_ascii=False, sort_keys=True)
    async with engine.atomic():
        await _still_true(engine, community, plan)
        await engine.execute(
            "INSERT INTO mp_plan (uid, community, week, made_at, objective_version, primal, dual, document) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                uid,
                community,
                str(plan.week),
                moment(at),
                plan.objective.version,
                plan.certificate.primal,
                plan.certificate.dual,
                document,
            ],
        )
        standing = {
            _place(one.need_key, one.resource_key, one.window, one.quantity): one.uid
            for one in await proposals(engine, community, plan.week, stages=("proposed",))
        }
        planned = [match for match in plan.matches if match.source == "plan"]
        for number, match in enumerate(planned, start=1):
            place = _place(match.need.line_key, match.resource.line_key, match.window, match.quantity)
            kept = standing.pop(place, "")
            if kept:
                await _renew(engine, community, kept, match, plan_uid=uid)
            else:
                await _propose(engine, community, f"{uid}-{number}", match, plan_uid=uid, week=plan.week)
        for gone in standing.values():
            await engine.execute(
                "UPDATE mp_proposal SET stage = 'superseded' WHERE community = ? AND uid = ? AND stage = 'proposed'",
                [community, gone],
            )
        return await proposals(engine, community, plan.week, stages=("proposed",))


def _place(need_key: str, resource_key: str, window: Window, quantity: int) -> tuple[str, str, str, str, int]:
    """What makes two proposals of a week the same one."""
    return need_key, resource_key, moment(window.starts_at), moment(window.ends_at), quantity


async def _renew(engine: Engine, community: str, uid: str, match: Match, *, plan_uid: str) -> None:
    """The same proposal as the new plan explains it; whoever has answered meanwhile has answered."""
    await engine.execute(
        "UPDATE mp_proposal SET plan_uid = ?, value = ?, document = ? WHERE community = ? AND uid = ? AND stage = 'proposed'",
        [plan_uid, match.value, _document(match), community, uid],
    )


async def _propose(
    engine: Engine, community: str, uid: str, match: Match, *, plan_uid: str, week: Week
) -> None:
    await engine.execute(
        f"INSERT INTO mp_proposal (community, {_COLUMNS}) VALUES ({holders(17)})",
        [
            community,
            uid,
            plan_uid,
            str(week),
            match.need.line_key,
            match.resource.line_key,
            moment(match.window.starts_at),
            moment(match.window.ends_at),
            match.minutes,
            match.quantity,
            match.unit.value,
            match.value,
            _document(match),
            "proposed",
            None,
            "",
            "",
        ],
    )


def _document(match: Match) -> str:
    return json.dumps(match_json(match, "zh"), ensure_ascii=False, sort_keys=True)


async def planned_at(engine: Engine, community: str, week: Week) -> str:
    """When the newest plan of a week was made, as moments are written here; "" before the first."""
    rows = await engine.fetch(
        "SELECT made_at FROM mp_plan WHERE community = ? AND week = ? ORDER BY made_at DESC, uid DESC LIMIT 1",
        [community, str(week)],
    )
    return str(rows[0]["made_at"]) if rows else ""


async def _still_true(engine: Engine, community: str, plan: Plan) -> None:
    """Nothing, while the lines that the plan proposes stand as it read them and are promised to nobody else."""
    planned = [match for match in plan.matches if match.source == "plan"]
    open_needs = {one.line_key: one for one in await needs(engine, community)}
    open_resources = {one.line_key: one for one in await resources(engine, community)}
    for match in planned:
        if open_needs.get(match.need.line_key) != match.need:
            raise ListsChanged()
        if open_resources.get(match.resource.line_key) != match.resource:
            raise ListsChanged()
    asked, given = (
        {match.need.line_key for match in planned},
        {match.resource.line_key for match in planned},
    )
    for one in await promised(engine, community, plan.week):
        if one not in plan.fixed and (one.need_key in asked or one.resource_key in given):
            raise ListsChanged()


async def latest_plan(engine: Engine, community: str, week: Week) -> PlanDocument | None:
    """The JSON form of the newest plan of a week, with its `uid` and `made_at`; None before the first."""
    rows = await engine.fetch(
        "SELECT uid, made_at, document FROM mp_plan WHERE community = ? AND week = ? ORDER BY made_at DESC, uid DESC "
        "LIMIT 1",
        [community, str(week)],
    )
    if not rows:
        return None
    document: PlanDocument = json.loads(rows[0]["document"])
    document["uid"], document["made_at"] = rows[0]["uid"], rows[0]["made_at"]
    return document


async def proposals(
    engine: Engine,
    community: str,
    week: Week | None = None,
    *,
    stages: Sequence[ProposalStage] = (),
    need_key: str = "",
    resource_key: str = "",
) -> tuple[Proposal, ...]:
    """Proposals by their hour, narrowed by whatever is given."""
    where, args = ["community = ?"], [community]
    given = (("week", str(week) if week else ""), ("need_key", need_key), ("resource_key", resource_key))
    for column, value in given:
        if value:
            where.append(f"{column} = ?")
            args.append(value)
    if stages:
        where.append(f"stage IN ({holders(len(stages))})")
        args.extend(stages)
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_proposal WHERE {' AND '.join(where)} ORDER BY starts_at, uid",
        args,
    )
    return tuple(_proposal(row) for row in rows)


async def proposal(engine: Engine, community: str, uid: str) -> Proposal | None:
    """One proposal; None when this community has no such proposal."""
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_proposal WHERE community = ? AND uid = ?",
        [community, uid],
    )
    return _proposal(rows[0]) if rows else None


async def answer_proposal(
    engine: Engine,
    community: str,
    uid: str,
    *,
    stage: Literal["accepted", "declined", "released", "superseded"],
    by: str,
    at: datetime,
    reason: str = "",
) -> Proposal:
    """A person's answer: accepted, declined or superseded by another choice while proposed, released once accepted.

    Exactly one answer wins.

    Raises:
        UnknownLine: no such proposal in this community.
        WrongStage: somebody answered first, or a newer plan took its place.
        LineClosed: one of the two lines was taken off its list meanwhile.
    """
    before = "accepted" if stage == "released" else "proposed"
    async with engine.atomic():
        done = await engine.execute(
            "UPDATE mp_proposal SET stage = ?, answered_at = ?, answered_by = ?, reason = ? "
            "WHERE community = ? AND uid = ? AND stage = ?",
            [stage, moment(at), by, reason, community, uid, before],
        )
        present = await proposal(engine, community, uid)
        if present is None:
            raise UnknownLine(line_key=uid)
        if done and stage == "accepted":
            await _both_open(engine, community, present)
        if not done:
            raise WrongStage(
                stage=present.stage,
                stage_zh=_STAGES_ZH[present.stage],
                step=stage,
                step_zh=_STAGES_ZH[stage].removeprefix("已"),
            )
    return present


async def _both_open(engine: Engine, community: str, one: Proposal) -> None:
    for table, key in (("mp_need", one.need_key), ("mp_resource", one.resource_key)):
        rows = await engine.fetch(
            f"SELECT stage FROM {table} WHERE community = ? AND line_key = ?{locking(engine)}",
            [community, key],
        )
        if not rows or rows[0]["stage"] != "open":
            raise LineClosed()


async def promised(
    engine: Engine, community: str, week: Week, *, zone: tzinfo = SHANGHAI
) -> tuple[Fixed, ...]:
    """Help already agreed in a week of a place, for `plan_week(fixed=…)`: accepted proposals, and accepted claims with an hour."""
    fixed = [
        Fixed(need_key=one.need_key, resource_key=one.resource_key, window=one.window, quantity=one.quantity)
        for one in await proposals(engine, community, week, stages=("accepted",))
    ]
    first = datetime.combine(week.monday_on, datetime.min.time(), tzinfo=zone)
    whole_week = Window(first, first + timedelta(days=7))
    for claim in await claims(engine, community, stages=(Stage.ACCEPTED,)):
        if claim.window is None or claim.window.overlap(whole_week) is None:
            continue
        on_need = claim.side is Side.NEED
        need_key, resource_key = claim.line_key, claim.with_key
        if not on_need:
            need_key, resource_key = resource_key, need_key
        fixed.append(
            Fixed(need_key=need_key, resource_key=resource_key, window=claim.window, quantity=claim.quantity)
        )
    return tuple(fixed)


def _proposal(row: Row) -> Proposal:
    return Proposal(
        uid=row["uid"],
        plan_uid=row["plan_uid"],
        week=row["week"],
        need_key=row["need_key"],
        resource_key=row["resource_key"],
        window=Window(
            read_moment(row["starts_at"]).astimezone(SHANGHAI),
            read_moment(row["ends_at"]).astimezone(SHANGHAI),
        ),
        minutes=row["minutes"],
        quantity=row["quantity"],
        unit=row["unit"],
        value=row["value"],
        document=json.loads(row["document"]),
        stage=row["stage"],
        answered_at=read_moment(row["answered_at"]) if row["answered_at"] else None,
        answered_by=row["answered_by"],
        reason=row["reason"],
    )
