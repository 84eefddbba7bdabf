"""Piccolo queries built once and run often, each time with other values.

Piccolo's own `freeze()` remembers the SQL of a query whose values never change. Most queries of an application differ from call
to call in their values only, and building one takes several times as long as SQLite takes to run it.

    @prepared
    def account(code: str) -> FirstRow:
        return Account.select(Account.minutes).where(Account.code == code).first()

    row = await account("M00042")                 # on the engine that the table is bound to
    row = await account.on(engine)("M00042")      # on this engine, as a store asks that is handed one

The function is called with placeholders, once for every combination of arguments that are None (`= NULL` and `IS NULL` are
different SQL), and what Piccolo makes of them is kept. It must therefore only pass its arguments on, never look at them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from functools import partial, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, overload

from piccolo.query.base import Query
from piccolo.query.methods.delete import Delete
from piccolo.query.methods.insert import Insert
from piccolo.query.methods.objects import First as FirstObject
from piccolo.query.methods.objects import Objects
from piccolo.query.methods.select import First as FirstRow
from piccolo.query.methods.select import Select
from piccolo.query.methods.update import Update
from piccolo.querystring import QueryString
from piccolo.table import Table

from ledger.store.engine.compiling import compiled
from ledger.store.engine.errors import CannotPrepare
from ledger.store.engine.interface import DurableEngine, Row

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", bound=Table)

_QUERIES = (Select, Objects, Insert, Update, Delete)
_FIRSTS = (FirstRow, FirstObject)


class _Slot:
    """Stands for the argument at `place` while a query is built."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


@dataclass(frozen=True, slots=True)
class _Plan:
    """One built query: its SQL, its arguments with slots among them, and the query that knows what its rows become."""

    query: Query[Any, Any]
    first: bool
    sql: str
    sql_marked: str
    args: tuple[Any, ...]
    querystring: QueryString

    async def run(self, values: tuple[Any, ...], engine: DurableEngine | None) -> Any:
        args = [values[arg.place] if type(arg) is _Slot else arg for arg in self.args]
        if engine is None:
            bound = QueryString("", query_type=self.querystring.query_type, table=self.querystring.table)
            bound._frozen_compiled_strings = (self.sql, args)
            rows = await self.query.table._meta.db.run_querystring(bound)
        else:
            rows = await engine.fetch(self.sql_marked, args)
        found = await self.query._process_results(rows)
        if self.first:
            return found[0] if found else None
        return found


class Prepared(Generic[P, R]):
    """A function that builds a query, with what it built; call it with values and await the rows."""

    def __init__(self, build: Callable[P, Any]) -> None:
        self._build = build
        self._signature = inspect.signature(build)
        self._count = len(self._signature.parameters)
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._dialect_of: type[Any] | None = None
        update_wrapper(self, build)

    async def __call__(self, *given: P.args, **named: P.kwargs) -> R:
        """What awaiting the built query would give.

        Raises:
            CannotPrepare: the query or a value is of a kind whose SQL depends on more than whether it is None.
            TypeError: arguments that the function does not take.
        """
        return await self._run(None, *given, **named)

    def on(self, engine: DurableEngine) -> Callable[P, Coroutine[Any, Any, R]]:
        """The same, asked of `engine`, whichever engine the table is bound to; both must speak one dialect."""
        return partial(self._run, engine)

    async def _run(self, engine: DurableEngine | None, /, *given: P.args, **named: P.kwargs) -> R:
        if named or len(given) != self._count:
            bound = self._signature.bind(*given, **named)
            bound.apply_defaults()
            values = tuple([_plain(value) for value in bound.args])
        else:
            values = tuple([_plain(value) for value in given])
        shape: tuple[object, ...] = (self._dialect(), *[value is None for value in values])
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = self._planned(values)
        found: R = await plan.run(values, engine)
        return found

    def _dialect(self) -> str:
        return "" if self._dialect_of is None else self._dialect_of._meta.db.engine_type

    def _planned(self, values: tuple[Any, ...]) -> _Plan:
        query, first = self._built(values)
        self._dialect_of = query.table
        querystring, sql, args = _statement(query)
        marked, _ = compiled(querystring, "sqlite")
        again = _statement(self._built(values)[0])
        if [*map(_known, again[2])] != [*map(_known, args)] or again[1] != sql:
            raise CannotPrepare(
                what="a query that is new each time, such as an insert with a made-up id or the time of day"
            )
        kept = {arg.place for arg in args if type(arg) is _Slot}
        for place, (name, value) in enumerate(zip(self._signature.parameters, values, strict=True)):
            if value is not None and place not in kept:
                raise CannotPrepare(what=f"the argument {name}, which does not reach the statement as it is")
        return _Plan(
            query=query, first=first, sql=sql, sql_marked=marked, args=tuple(args), querystring=querystring
        )

    def _built(self, values: tuple[Any, ...]) -> tuple[Query[Any, Any], bool]:
        build: Callable[..., Any] = self._build
        built = build(*[None if value is None else _Slot(place) for place, value in enumerate(values)])
        first = isinstance(built, _FIRSTS)
        query = built.query if first else built
        if not isinstance(query, _QUERIES):
            raise CannotPrepare(what=type(query).__name__)
        delegate = getattr(query, "callback_delegate", None)
        if delegate is not None and any(delegate._callbacks.values()):
            raise CannotPrepare(what="a query with callbacks")
        return query, first


def _statement(query: Query[Any, Any]) -> tuple[QueryString, str, list[Any]]:
    querystrings = query.querystrings
    if len(querystrings) != 1:
        raise CannotPrepare(what="a query of several statements")
    dialect = query.table._meta.db.engine_type
    sql, args = compiled(querystrings[0], "sqlite" if dialect == "sqlite" else "postgres")
    return querystrings[0], sql, args


def _known(arg: object) -> object:
    return ("slot", arg.place) if type(arg) is _Slot else arg


@overload
def prepared(build: Callable[P, FirstRow]) -> Prepared[P, Row | None]: ...


@overload
def prepared(build: Callable[P, FirstObject[T]]) -> Prepared[P, T | None]: ...


@overload
def prepared(build: Callable[P, Objects[T]]) -> Prepared[P, list[T]]: ...


@overload
def prepared(build: Callable[P, Select[T] | Insert[T] | Update[T] | Delete]) -> Prepared[P, list[Row]]: ...


def prepared(build: Callable[P, Any]) -> Prepared[P, Any]:
    """Remember what `build` builds."""
    return Prepared(build)


def _plain(value: Any) -> Any:
    """The value as Piccolo would hand it to the database."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple | set | dict) or hasattr(value, "_meta"):
        raise CannotPrepare(what=f"a value of type {type(value).__name__}")
    return value
