"""Values to JSON text and back, guided by their own type hints; a field at its default is left out.

Kept general so that a new field of a value needs nothing here: old rows read back with the field's default, and a field
that was replaced is translated by `renewals`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from marketplace.store.renewals import RENEWALS

Value = TypeVar("Value")
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dumps(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, text as it is."""
    return _WRITER.encode(plain(value))


def loads(kind: type[Value], text: str) -> Value:
    """The value of type `kind` that `dumps` wrote."""
    return cast(Value, _read(kind, json.loads(text)))


def plain(value: object) -> Any:
    """The value as what JSON knows."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is tuple or kind is list:
        return [plain(one) for one in cast(Sequence[object], value)]
    if is_dataclass(kind):
        return {
            name: plain(given) for name, default in _shape(kind) if (given := getattr(value, name)) != default
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(plain(one) for one in value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    assert isinstance(value, str | int), f"no JSON for {kind.__name__}"
    return value


@cache
def _shape(kind: type) -> tuple[tuple[str, object], ...]:
    """(name, default) of each field; a field without a default has one that no value equals."""
    return tuple((one.name, _default(one)) for one in fields(kind))


def _default(one: Any) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, given: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return None if given is None else _read(inner[0], given)
    if origin is tuple:
        parts = get_args(kind)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_read(parts[0], one) for one in given)
        return tuple(_read(part, one) for part, one in zip(parts, given, strict=True))
    if origin is frozenset:
        return frozenset(_read(get_args(kind)[0], one) for one in given)
    if origin is not None and issubclass(origin, Mapping):
        return dict(given)
    if isinstance(kind, type):
        if is_dataclass(kind):
            hints = _hints(kind)
            given = RENEWALS[kind](given) if kind in RENEWALS else given
            return kind(**{name: _read(hints[name], one) for name, one in given.items() if name in hints})
        if issubclass(kind, Enum):
            return kind(given)
        if issubclass(kind, datetime | date | time):
            return kind.fromisoformat(given)
    return given
