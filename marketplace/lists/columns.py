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
    names = all_columns()[kind].fields
    found: dict[str, str] = {}
    free = [column for column in columns if compared(column) or column == "#"]
    for rank in range(max(map(len, names.values()))):
        # A field's earlier names are the surer ones, so all first names are tried before any second name.
        for field, synonyms in names.items():
            if field in found or rank >= len(synonyms):
                continue
            column = next((one for one in free if _same(one, synonyms[rank])), None)
            if column is not None:
                found[field] = column
                free.remove(column)
    for field, synonyms in names.items():
        if field not in found and (column := _containing(free, synonyms)) is not None:
            found[field] = column
            free.remove(column)
    return found


def _same(column: str, name: str) -> bool:
    return column.strip() == name or (compared(column) == compared(name) != "")


def _containing(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """A column whose name contains one of the names, such as 联系电话(必填)."""
    long = sorted((compared(name) for name in names if len(compared(name)) >= 2), key=len, reverse=True)
    for name in long:
        for column in columns:
            if name in compared(column) and (not name.isascii() or len(name) >= 4):
                return column
    return None


def recognise(columns: Sequence[str], context: str) -> tuple[ListKind, dict[str, str]]:
    """The likeliest list for a header and its mapping; `context` is the file's and sheet's name and the titles."""
    best: tuple[int, ListKind, dict[str, str]] = (0, ListKind.UNKNOWN, {})
    hints = context.casefold()
    for kind, known in all_columns().items():
        mapping = match_columns(kind, columns)
        if len(mapping) < FIELDS_LEAST or not set(known.required) <= set(mapping):
            continue
        first_names = sum(_same(column, known.fields[field][0]) for field, column in mapping.items())
        points = 10 * len(mapping) + 3 * first_names + 8 * any(hint in hints for hint in known.hints)
        if points > best[0]:
            best = (points, kind, mapping)
    return best[1], best[2]
