"""Rows become frozen values: by the names of their fields, read as the types of their fields say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from piccolo.columns import Boolean, Date, Integer, Varchar
from piccolo.query import Insert
from piccolo.query.methods.select import First, Select
from piccolo.table import Table

from ledger.store.engine import bind, open_engine, prepared
from timebank.store.rows import add_all, columns, rows_among, rows_of, typed, typed_all, typed_or_none


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Vest(Table, tablename="rows_vest"):
    """A vest, perhaps lent to somebody."""

    number = Varchar(length=8)
    lent_to = Varchar(length=16, null=True, default=None)
    colour = Varchar(length=8, default="red")
    washed_on = Date(null=True, default=None)
    times = Integer(default=0)
    torn = Boolean(default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    number: str
    lent_to: str
    colour: Colour
    washed_on: date | None
    times: int
    torn: bool
    note: str = ""


@prepared
def _vest(number: str) -> First:
    return Vest.select(*columns(Lent, Vest)).where(Vest.number == number).first()


@prepared
def _add(number: str, lent_to: str | None, colour: str) -> Insert[Vest]:
    return Vest.insert(Vest(number=number, lent_to=lent_to, colour=colour))


ROW = {
    "number": "021", "lent_to": None, "colour": "blue", "washed_on": None, "times": Decimal(3), "torn": 1,
}  # fmt: skip
READ = Lent(number="021", lent_to="", colour=Colour.BLUE, washed_on=None, times=3, torn=True)


def test_a_row_is_read_as_the_types_of_the_fields_say() -> None:
    lent = typed(Lent, {**ROW, "unasked": "left alone"})
    assert lent == READ
    assert type(lent.times) is int
    assert lent.torn is True


def test_a_field_with_a_default_needs_no_column() -> None:
    assert typed(Lent, {**ROW, "note": "small"}).note == "small"


def test_a_missing_column_is_an_error_and_never_a_guess() -> None:
    with pytest.raises(KeyError, match="times"):
        typed(Lent, {name: value for name, value in ROW.items() if name != "times"})


def test_a_word_that_no_enumeration_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="green"):
        typed(Lent, {**ROW, "colour": "green"})


def test_values_that_share_a_row_are_told_apart_by_their_prefix() -> None:
    joined = {f"a_{name}": value for name, value in ROW.items()} | {"b_number": "7"}
    assert typed_all(Lent, [joined, joined], "a_") == [READ, READ]


def test_nothing_found_is_none() -> None:
    assert typed_or_none(Lent, None) is None


def test_a_value_without_a_column_is_refused_before_anything_is_asked() -> None:
    @dataclass(frozen=True)
    class Wrong:
        size: str

    with pytest.raises(AttributeError, match="size"):
        columns(Wrong, Vest)


async def test_each_engine_answers_for_itself_whichever_the_table_is_bound_to(tmp_path: Path) -> None:
    async with (
        open_engine(f"sqlite:///{tmp_path}/east.db") as east,
        open_engine(f"sqlite:///{tmp_path}/west.db") as west,
    ):
        for engine in (east, west):
            bind(engine, Vest)
            await Vest.create_table()
        await _add.on(east)("021", None, "red")
        await _add.on(west)("022", "M1", "blue")

        assert typed_or_none(Lent, await _vest.on(east)("022")) is None
        assert typed(Lent, await _vest.on(east)("021") or {}).lent_to == ""
        assert typed(Lent, await _vest.on(west)("022") or {}).lent_to == "M1"
        wanted = Vest.select(*columns(Lent, Vest)).where(Vest.colour.is_in(["red", "blue"]))
        assert [one.number for one in typed_all(Lent, await rows_of(east, wanted))] == ["021"]


def _numbered(numbers: Sequence[str]) -> Select[Vest]:
    return Vest.select(*columns(Lent, Vest)).where(Vest.number.is_in(list(numbers))).order_by(Vest.number)


async def test_many_rows_are_written_and_found_each_once_however_many_are_asked_for(tmp_path: Path) -> None:
    async with open_engine(f"sqlite:///{tmp_path}/many.db") as engine:
        bind(engine, Vest)
        await Vest.create_table()
        numbers = [f"{at:04d}" for at in range(700)]
        rows = [
            {"number": one, "lent_to": "" if one < "0350" else "M1", "colour": Colour.BLUE} for one in numbers
        ]
        await add_all(engine, Vest, rows)
        for count in (0, 1, 2, 5, 99, 101, 500, 501, 700):
            found = typed_all(Lent, await rows_among(engine, _numbered, numbers[:count]))
            assert [one.number for one in found] == numbers[:count]
            assert all(one.colour is Colour.BLUE and one.times == 0 for one in found)
        assert await engine.fetch("SELECT COUNT(*) AS n FROM rows_vest WHERE lent_to IS NULL") == [{"n": 350}]
