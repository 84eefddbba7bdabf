"""JSON as Python holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"


def as_object(value: Json) -> JsonObject:
    """A value that is known to be an object."""
    assert isinstance(value, dict)
    return value


def as_list(value: Json) -> list[Json]:
    """A value that is known to be a list."""
    assert isinstance(value, list)
    return value


def without(known: Mapping[str, Json], *names: str) -> JsonObject:
    """An object without some of its names."""
    return {name: value for name, value in known.items() if name not in names}
