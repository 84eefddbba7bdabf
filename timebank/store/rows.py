"""From rows of the database to frozen dataclasses, and the one convention that lies between them: none is NULL there, "" here.

    @prepared
    def _file(uid: str) -> First:
        return Import.select(*columns(ImportedFile, Import)).where(Import.uid == uid).first()

    async def file(engine: DurableEngine, uid: str) -> ImportedFile | None:
        return typed_or_none(ImportedFile, await _file.on(engine)(uid))

    await add(engine, Import, values_of(file))
    await change(engine, Import, {"changes": 3}, uid=file.uid)

A field's type says how its column is read: text that is NULL becomes "", a word becomes a member of its enumeration,
numbers that a sum made large become plain integers, and SQLite's 0 and 1 become False and True.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from enum import Enum
from functools import cache
from inspect import Parameter, Signature
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from piccolo.columns import Column
from piccolo.query import Insert, Query, Select, Update
from piccolo.table import Table

from ledger.store.engine import prepared
from ledger.store.engine.compiling import compiled

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from ledger.store.engine import DurableEngine, Prepared, Row

T = TypeVar("T")


def typed(kind: type[T], row: Mapping[str, Any], prefix: str = "") -> T:
    """The row as a value of `kind`, a dataclass whose fields are named like the columns.

    Args:
        prefix: what stands before the names of its columns in a row that holds several values.

    Raises:
        KeyError: the row lacks a column for a field that has no default.
    """
    return kind(
        **{
            name: read(row[prefix + name]) if read else row[prefix + name]
            for name, needed, read in _fields(kind)
            if needed or prefix + name in row
        }
    )


def typed_or_none(kind: type[T], row: Mapping[str, Any] | None) -> T | None:
    """The row as a value of `kind`; None when nothing was found."""
    return None if row is None else typed(kind, row)


def typed_all(kind: type[T], rows: Iterable[Mapping[str, Any]], prefix: str = "") -> list[T]:
    """The rows as values of `kind`, in their order."""
    return [typed(kind, row, prefix) for row in rows]


def columns(kind: type[Any], *tables: type[Table]) -> list[Column]:
    """The columns that a value of `kind` is made of, for `select`; a name is looked for in the tables from left to right.

    Raises:
        AttributeError: no table has a column for a field that has no default.
    """
    found: list[Column] = []
    for name, needed, _ in _fields(kind):
        column = next((getattr(table, name) for table in tables if _has(table, name)), None)
        if column is not None:
            found.append(column)
        elif needed:
            raise AttributeError(f"no column {name} for {kind.__name__}")
    return found


async def rows_of(engine: DurableEngine, query: Query[Any, Any]) -> list[Row]:
    """The rows of a query that is built anew each time, because its shape depends on what is asked; else prepare it."""
    [querystring] = query.querystrings
    sql, args = compiled(
        querystring, "sqlite"
    )  # the engine numbers the marks where its database wants numbers
    return await engine.fetch(sql, args)


async def rows_among(
    engine: DurableEngine, build: Callable[[Sequence[Any]], Select[Any]], values: Sequence[object]
) -> list[Row]:
    """The rows of a query that asks whether a column is one of many values.

    Args:
        build: makes the query from the values, and is the same function each time: it is called once for each of a few
            numbers of values, and what it built is kept, as by `prepared`.
        values: none for no rows. Some are repeated, so that their number is one that was asked before; for more than
            `AMONG_MAX` the query is built anew.
    """
    if not values:
        return []
    if len(values) > AMONG_MAX:
        return await rows_of(engine, build(values))
    size = next(size for size in _SIZES if size >= len(values))
    padded = [*values, *[values[-1]] * (size - len(values))]
    return await _among(build, size).on(engine)(*padded)


async def add(
    engine: DurableEngine, table: type[Table], values: Mapping[str, object], *, once: tuple[str, ...] = ()
) -> bool:
    """Insert one row; columns not named take their default.

    Args:
        once: columns that together are unique: when a row has these values already, nothing happens.

    Returns:
        Whether a row was added; only ever False with `once`.
    """
    kept = _kept(table, values)
    return bool(await _adding(table, tuple(kept), once).on(engine)(*kept.values()))


async def add_all(
    engine: DurableEngine,
    table: type[Table],
    rows: Sequence[Mapping[str, object]],
    *,
    once: tuple[str, ...] = (),
) -> None:
    """Insert many rows that name the same columns, by one statement that is prepared once; other columns take their default.

    Args:
        once: columns that together are unique: a row whose values are there already changes nothing.
    """
    if not rows:
        return
    names = tuple(rows[0])
    sql, defaults = _adding_many(table, names, once)
    empty = _may_be_empty(table)
    named = [(name, name in empty) for name in names]
    written: list[list[object]] = []
    for row in rows:
        values: list[object] = []
        for name, may_be_empty in named:
            value = row[name]
            if isinstance(value, Enum):
                value = value.value
            values.append(None if may_be_empty and value == "" else value)
        values += defaults
        written.append(values)
    await engine.execute_many(sql, written, savepoint=False)


async def change(
    engine: DurableEngine, table: type[Table], values: Mapping[str, object], **where: object
) -> int:
    """Set columns of the rows that have these values; how many rows those were."""
    kept = _kept(table, values)
    changing = _changing(table, tuple(kept), tuple(where))
    return len(await changing.on(engine)(*kept.values(), *where.values()))


def values_of(value: DataclassInstance) -> dict[str, object]:
    """The fields of a dataclass by name, as they are."""
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _kept(table: type[Table], values: Mapping[str, object]) -> dict[str, object]:
    """The values as the table keeps them: "" is NULL where a column may be empty, so that a foreign key may stand on it."""
    empty = _may_be_empty(table)
    return {name: None if value == "" and name in empty else value for name, value in values.items()}


@cache
def _may_be_empty(table: type[Table]) -> frozenset[str]:
    return frozenset(column._meta.name for column in table._meta.columns if column._meta.null)


@cache
def _adding(table: type[Table], names: tuple[str, ...], once: tuple[str, ...]) -> Prepared[..., list[Row]]:
    def insert(*values: object) -> Insert[Table]:
        row = {table._meta.get_column_by_name(name): value for name, value in zip(names, values, strict=True)}
        query = table.insert(table(row))
        if not once:
            return query
        return query.on_conflict(target=tuple(getattr(table, name) for name in once), action="DO NOTHING")

    return _prepared(insert, names)


@cache
def _adding_many(
    table: type[Table], names: tuple[str, ...], once: tuple[str, ...]
) -> tuple[str, tuple[object, ...]]:
    """(the statement with marks, the values of the columns that nobody names, which stand last)."""
    # By hand: Piccolo asks every inserted row for its id, which a statement run for many rows cannot answer.
    blank, key = table(_ignore_missing=True), table._meta.primary_key._meta.name
    others = [one for one in table._meta.columns if one._meta.name not in (*names, key)]
    every = [*names, *(one._meta.name for one in others)]
    sql = f"INSERT INTO {table._meta.tablename} ({', '.join(every)}) VALUES ({', '.join('?' for _ in every)})"
    if once:
        sql += f" ON CONFLICT ({', '.join(once)}) DO NOTHING"
    return sql, tuple(_bare(getattr(blank, one._meta.name)) for one in others)


def _bare(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


_SIZES = (1, 4, 20, 100, 500)
AMONG_MAX = _SIZES[-1]


@cache
def _among(build: Callable[[Sequence[Any]], Select[Any]], size: int) -> Prepared[..., list[Row]]:
    def asked(*values: object) -> Select[Any]:
        return build(values)

    return _prepared(asked, [f"value_{at}" for at in range(size)])


@cache
def _changing(table: type[Table], names: tuple[str, ...], where: tuple[str, ...]) -> Prepared[..., list[Row]]:
    def update(*values: object) -> Update[Table]:
        query = table.update(dict(zip(names, values, strict=False)))
        for name, value in zip(where, values[len(names) :], strict=True):
            query = query.where(getattr(table, name) == value)
        return query.returning(table._meta.primary_key)

    return _prepared(update, [*names, *(f"where_{name}" for name in where)])


def _prepared(
    build: Callable[..., Insert[Table] | Update[Table] | Select[Any]], names: Iterable[str]
) -> Prepared[..., list[Row]]:
    # `prepared` asks a function for the names of its arguments; here they are the columns'.
    build.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in names])  # type: ignore[attr-defined]
    return prepared(build)


def _has(table: type[Table], name: str) -> bool:
    return any(column._meta.name == name for column in table._meta.columns)


_Field = tuple[str, bool, Callable[[Any], Any] | None]
_KNOWN: dict[type[Any], tuple[_Field, ...]] = {}


def _fields(kind: type[Any]) -> tuple[_Field, ...]:
    """(name, whether a column must be there, how it is read or None for as it is) of each field."""
    if kind not in _KNOWN:
        hints = get_type_hints(kind)
        _KNOWN[kind] = tuple(
            (one.name, one.default is MISSING and one.default_factory is MISSING, _reader(hints[one.name]))
            for one in fields(kind)
            if one.init
        )
    return _KNOWN[kind]


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    optional = False
    if get_origin(hint) in (Union, UnionType):
        inner = [one for one in get_args(hint) if one is not NoneType]
        if len(inner) != 1:
            return None
        optional, hint = True, inner[0]
    if not isinstance(hint, type):
        return None
    if issubclass(hint, Enum):
        return _word_or_none(hint) if optional else hint
    if hint is str and not optional:
        return _text
    if hint in (int, bool):
        return _number_or_none(hint) if optional else hint
    return None


def _text(value: str | None) -> str:
    return "" if value is None else value


def _word_or_none(kind: type[Enum]) -> Callable[[Any], Enum | None]:
    return lambda value: kind(value) if value else None


def _number_or_none(kind: type[int]) -> Callable[[Any], int | None]:
    return lambda value: None if value is None else kind(value)
