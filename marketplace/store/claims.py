"""Claims in the database: load the line with its claims, let the pure rules decide, save.

The line's row is locked (PostgreSQL) or the one writer holds (SQLite) from loading to saving, so two claims on the last
unit are judged one after the other, and the second is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from marketplace import claims as rules
from marketplace.claims import Claim, Line, Side, Stage
from marketplace.errors import UnknownLine
from marketplace.store.codec import loads
from marketplace.store.sql import Engine, Row, holders, locking, moment, read_moment
from marketplace.values import SHANGHAI, Need, Resource, Window

_COLUMNS = (
    "uid, side, line_key, claimant, with_key, starts_at, ends_at, quantity, stage, origin, opened_at, expires_at, "
    "answered_at, answered_by, reason"
)


async def claim_line(
    engine: Engine,
    community: str,
    side: Side,
    line_key: str,
    *,
    uid: str,
    claimant: str,
    quantity: int = 1,
    window: Window | None = None,
    with_key: str = "",
    origin: str = "order",
    certificates: Mapping[str, date | None] | None = None,
    at: datetime,
    expires_at: datetime,
    zone: tzinfo = SHANGHAI,
) -> Claim:
    """Claim units of a line; `certificates` as in `marketplace.claims.open_claim`.

    Raises:
        UnknownLine: no such line in this community.
        ClaimRefused: a subclass, as `marketplace.claims.open_claim` says.
    """
    async with engine.atomic():
        line = await _locked_line(engine, community, side, line_key)
        others = await claims(engine, community, side=side, line_key=line_key)
        made = rules.open_claim(
            line,
            others,
            uid=uid,
            claimant=claimant,
            quantity=quantity,
            window=window,
            with_key=with_key,
            origin=origin,
            certificates=certificates,
            at=at,
            expires_at=expires_at,
            zone=zone,
        )
        for lapsed in others:
            if (closed := rules.expire(lapsed, at=at)) is not lapsed:
                await _update(engine, community, closed)
        await engine.execute(
            f"INSERT INTO mp_claim (community, {_COLUMNS}) VALUES ({holders(16)})",
            [community, *_row(made)],
        )
    return made


async def answer_claim(
    engine: Engine, community: str, uid: str, decide: Callable[[Claim, Line], Claim]
) -> Claim:
    """Take a claim one step on: `decide` is one of the steps of `marketplace.claims`.

        await answer_claim(engine, code, uid, lambda claim, line: accept(claim, line, by=unit, at=now))

    Raises:
        UnknownLine: no such claim in this community.
        ClaimRefused: what `decide` raises; nothing is changed then.
    """
    async with engine.atomic():
        before = await claim(engine, community, uid)
        if before is None:
            raise UnknownLine(line_key=uid)
        line = await _locked_line(engine, community, before.side, before.line_key)
        # Read again behind the lock: somebody may have answered meanwhile.
        present = await claim(engine, community, uid)
        assert present is not None
        after = decide(present, line)
        await _update(engine, community, after)
    return after


async def expire_claims(engine: Engine, community: str, *, at: datetime) -> int:
    """Close every claim whose time for an answer is over; how many."""
    return await engine.execute(
        "UPDATE mp_claim SET stage = 'expired', answered_at = expires_at "
        "WHERE community = ? AND stage = 'open' AND expires_at <= ?",
        [community, moment(at)],
    )


async def claim(engine: Engine, community: str, uid: str) -> Claim | None:
    """One claim; None when this community has no such claim."""
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_claim WHERE community = ? AND uid = ?",
        [community, uid],
    )
    return _claim(rows[0]) if rows else None


async def claims(
    engine: Engine,
    community: str,
    *,
    side: Side | None = None,
    line_key: str = "",
    claimant: str = "",
    stages: Sequence[Stage] = (),
) -> tuple[Claim, ...]:
    """Claims in the order they were opened, narrowed by whatever is given."""
    where, args = ["community = ?"], [community]
    for column, given in (
        ("side", side.value if side else ""),
        ("line_key", line_key),
        ("claimant", claimant),
    ):
        if given:
            where.append(f"{column} = ?")
            args.append(given)
    if stages:
        where.append(f"stage IN ({holders(len(stages))})")
        args.extend(stage.value for stage in stages)
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_claim WHERE {' AND '.join(where)} ORDER BY opened_at, uid",
        args,
    )
    return tuple(_claim(row) for row in rows)


async def _locked_line(engine: Engine, community: str, side: Side, line_key: str) -> Line:
    table = "mp_need" if side is Side.NEED else "mp_resource"
    rows = await engine.fetch(
        f"SELECT line, stage FROM {table} WHERE community = ? AND line_key = ?{locking(engine)}",
        [community, line_key],
    )
    if not rows:
        raise UnknownLine(line_key=line_key)
    is_open = rows[0]["stage"] == "open"
    if side is Side.NEED:
        return Line.of_need(loads(Need, rows[0]["line"]), is_open=is_open)
    return Line.of_resource(loads(Resource, rows[0]["line"]), is_open=is_open)


async def _update(engine: Engine, community: str, one: Claim) -> None:
    await engine.execute(
        "UPDATE mp_claim SET stage = ?, answered_at = ?, answered_by = ?, reason = ? WHERE community = ? AND uid = ?",
        [
            one.stage.value,
            moment(one.answered_at) if one.answered_at else None,
            one.answered_by,
            one.reason,
            community,
            one.uid,
        ],
    )


def _row(one: Claim) -> list[Any]:
    return [
        one.uid,
        one.side.value,
        one.line_key,
        one.claimant,
        one.with_key,
        moment(one.window.starts_at) if one.window else None,
        moment(one.window.ends_at) if one.window else None,
        one.quantity,
        one.stage.value,
        one.origin,
        moment(one.opened_at),
        moment(one.expires_at),
        moment(one.answered_at) if one.answered_at else None,
        one.answered_by,
        one.reason,
    ]


def _claim(row: Row) -> Claim:
    window = Window(read_moment(row["starts_at"]), read_moment(row["ends_at"])) if row["starts_at"] else None
    return Claim(
        uid=row["uid"],
        side=Side(row["side"]),
        line_key=row["line_key"],
        claimant=row["claimant"],
        with_key=row["with_key"],
        window=window,
        quantity=row["quantity"],
        stage=Stage(row["stage"]),
        origin=row["origin"],
        opened_at=read_moment(row["opened_at"]),
        expires_at=read_moment(row["expires_at"]),
        answered_at=read_moment(row["answered_at"]) if row["answered_at"] else None,
        answered_by=row["answered_by"],
        reason=row["reason"],
    )
