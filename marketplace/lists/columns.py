"""Which list a table is and which column holds which field, from the many names offices use.

The names are data (`data/columns.toml`); the first of each field is what exports write in Chinese, the second in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marketplace.lists.report import ListKind
from marketplace.text import compared

# A header must name this many fields of a list before we believe it.
FIELDS_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumns:
    """The columns of one list: field -> names, Chinese label first, English second."""

    zh: str
    en: str
    hints: tuple[str, ...]
    required: tuple[str, ...]
    identity: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]

    def label(self, field: str, lang: str = "zh") -> str:
        """What the office calls the field."""
        return self.fields[field][0 if lang.startswith("zh") else 1]


@cache
def all_columns() -> Mapping[ListKind, ListColumns]:
    """The known columns of every kind of list."""
    data = tomllib.loads(files("marketplace").joinpath("data/columns.toml").read_text("utf-8"))
    return {
        ListKind(kind): ListColumns(
            zh=row["zh"],
            en=row["en"],
            hints=tuple(row["hints"]),
            required=tuple(row["required"]),
            identity=tuple(row["identity"]),
            fields={field: tuple(names) for field, names in row["fields"].items()},
        )
        for kind, row in data.items()
    }


def fields_of(kind: ListKind) -> tuple[str, ...]:
    """The fields of a list; none for an unknown one."""
    return tuple(all_columns()[kind].fields) if kind in all_columns() else ()


def match_columns(kind: ListKind, columns: Sequence[str]) -> dict[str, str]:
    """Our field -> the file's column name; exact names first, then the longest name a column contains."""
    if kind not in all_columns():
        return {}
    exact, contained = _names(kind)
    free = {column: compared(column) or column.strip() for column in columns if column.strip()}
    found: dict[str, str] = {}
    # A field's earlier names are the surer ones, so a column that has one goes first.
    ranked = sorted(
        (rank, at, field, column)
        for at, (column, plain) in enumerate(free.items())
        for field, rank in exact.get(plain, ())
    )
    for _, _, field, column in ranked:
        if field not in found and column in free:
            found[field] = column
            del free[column]
    for name, field in contained:
        if field not in found and (column := next((one for one, plain in free.items() if name in plain), "")):
            found[field] = column
            del free[column]
    return found


@cache
def _names(kind: ListKind) -> tuple[Mapping[str, Sequence[tuple[str, int]]], Sequence[tuple[str, str]]]:
    """Plain name -> the fields that have it, with its rank there; and the names long enough to be looked for inside."""
    exact: dict[str, list[tuple[str, int]]] = {}
    contained: list[tuple[str, str]] = []
    for field, names in all_columns()[kind].fields.items():
        for rank, name in enumerate(names):
            plain = compared(name) or name.strip()
            exact.setdefault(plain, []).append((field, rank))
            # 联系电话(必填) contains 联系电话; a short English word would be found inside too many others.
            if len(plain) >= (4 if plain.isascii() else 2):
                contained.append((plain, field))
    return exact, sorted(contained, key=lambda one: (-len(one[0]), one))


def recognise(columns: Sequence[str], context: str) -> tuple[ListKind, dict[str, str]]:
    """The likeliest list for a header and its mapping; `context` is the file's and sheet's name and the titles."""
    best: tuple[int, ListKind, dict[str, str]] = (0, ListKind.UNKNOWN, {})
    hints = context.casefold()
    if sum(map(bool, columns)) < FIELDS_LEAST:
        return best[1], best[2]
    for kind, known in all_columns().items():
        mapping = match_columns(kind, columns)
        if len(mapping) < FIELDS_LEAST or not set(known.required) <= set(mapping):
            continue
        first_names = sum(
            compared(column) == compared(known.fields[field][0]) for field, column in mapping.items()
        )
        points = 10 * len(mapping) + 3 * first_names + 8 * any(hint in hints for hint in known.hints)
        if points > best[0]:
            best = (points, kind, mapping)
    return best[1], best[2]
