"""Prepared Piccolo queries: the same rows as plain ones, and a refusal wherever remembering would be wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from piccolo.columns import UUID, BigInt, Serial, Timestamptz, Varchar
from piccolo.table import Table

from ledger.store.engine import CannotPrepare, PostgresEngine, SQLiteEngine, bind, prepared

Engine = SQLiteEngine | PostgresEngine


NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


class Member(Table, tablename="prepared_member"):
    """A member with minutes; `team` may be empty."""

    id: Serial
    code = Varchar(length=20, unique=True)
    team = Varchar(length=20, null=True, default=None)
    minutes = BigInt(default=0)


class Visit(Table, tablename="prepared_visit"):
    """A row whose defaults are new each time."""

    key = UUID(primary_key=True)
    at = Timestamptz()


class Team(Enum):
    RED = "red vests"


@prepared
def member(code: Any) -> Any:
    return Member.select(Member.code, Member.team, Member.minutes).where(Member.code == code).first()


@prepared
def of_team(team: Any, minutes: Any = 0) -> Any:
    return (
        Member.select(Member.code)
        .where((Member.team == team) & (Member.minutes >= minutes))
        .order_by(Member.code)
    )


@prepared
def objects_of(team: Any) -> Any:
    return Member.objects().where(Member.team == team).order_by(Member.code)


@prepared
def add(code: Any, team: Any, minutes: Any) -> Any:
    return Member.insert(Member(code=code, team=team, minutes=minutes))


@prepared
def credit(code: Any, minutes: Any) -> Any:
    return Member.update({Member.minutes: minutes}).where(Member.code == code)


@prepared
def remove(code: Any) -> Any:
    return Member.delete().where(Member.code == code)


@pytest.fixture
async def tables(engine: Engine) -> Engine:
    bind(engine, Member, Visit)
    await Member.create_table()
    await Visit.create_table()
    return engine


async def test_every_kind_of_query_answers_as_its_plain_form(tables: Engine) -> None:
    for code, team, minutes in (("M1", "red vests", 30), ("M2", None, 60), ("M3", Team.RED, 90)):
        [row] = await add(code, team, minutes)
        assert [row] == await Member.select(Member.id).where(Member.code == code)
    await credit("M1", 45)
    assert await member("M1") == {"code": "M1", "team": "red vests", "minutes": 45}
    assert await member("nobody") is None
    assert [row["code"] for row in await of_team(Team.RED)] == ["M1", "M3"]
    assert [row["code"] for row in await of_team(minutes=60, team="red vests")] == ["M3"]
    found = await objects_of("red vests")
    assert [(one.code, one.minutes, one._exists_in_db) for one in found] == [
        ("M1", 45, True),
        ("M3", 90, True),
    ]
    await remove("M1")
    assert await member("M1") is None


async def test_none_asks_for_is_null_and_does_not_change_what_is_remembered_for_values(
    tables: Engine,
) -> None:
    await add("M1", "red vests", 0)
    await add("M2", None, 0)
    for _ in range(2):
        assert [row["code"] for row in await of_team("red vests")] == ["M1"]
        assert [row["code"] for row in await of_team(None)] == ["M2"]


async def test_prepared_queries_belong_to_the_unit_they_are_run_in(tables: Engine) -> None:
    async def fail_after_adding() -> None:
        async with tables.atomic():
            await add("M1", None, 0)
            assert (await member("M1"))["code"] == "M1"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_adding()
    assert await member("M1") is None


async def test_values_are_never_part_of_the_sql(tables: Engine) -> None:
    name = "'; DROP TABLE prepared_member; --"[:20]
    await add(name, "{} ? $1", 0)
    assert (await member(name))["team"] == "{} ? $1"


@pytest.mark.parametrize(
    ("build", "value"),
    [
        (lambda at: Visit.insert(Visit(at=at)), NOON),  # its id would be the same for ever
        (
            lambda code: Member.select().where(Member.code.is_in([code])),
            ["M1", "M2"],
        ),  # length decides the SQL
        (
            lambda code: Member.select().where(Member.code == f"{code}"),
            "M1",
        ),  # looked at instead of passed on
        (lambda code: Member.select().where(Member.code == code).callback(print), "M1"),
        (lambda code: Member.count().where(Member.code == code), "M1"),
        (lambda team: Member.select().where(Member.team == team), {"team": "red vests"}),
        (lambda _: "SELECT 1", 1),
    ],
)
async def test_what_cannot_be_remembered_is_refused(tables: Engine, build: Any, value: Any) -> None:
    with pytest.raises(CannotPrepare):
        await prepared(build)(value)


async def test_wrong_arguments_are_an_ordinary_type_error(tables: Engine) -> None:
    with pytest.raises(TypeError):
        await member()
    with pytest.raises(TypeError):
        await member("M1", "M2")
