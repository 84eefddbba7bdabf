"""One line typed into a form, read by the same readers as a row of a file; nothing else reads what people type.

    read = read_typed(ListKind.ACTIVITIES, {"title": "周二红马甲", "when": "每周二上午8:30"}, filed_on=today)
    read.line, read.doubts

The fields are those of `columns.toml`. A doubt is told at the field it came from; the line is there beside it, read as far
as it could be, so that a person can say that the reading is right. What cannot be read at all stays refused (`firm`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from marketplace.categories import CategoryTree, default_tree
from marketplace.lists.columns import all_columns
from marketplace.lists.export import words_of
from marketplace.lists.judging import judge
from marketplace.lists.kinds import ListKind
from marketplace.lists.report import Line
from marketplace.lists.table import SourceRow, Table
from marketplace.values import SHANGHAI, Activity, Calendar, Need, Project, Refusal, Resource, When

TYPED_KINDS = (ListKind.NEEDS, ListKind.RESOURCES, ListKind.ACTIVITIES, ListKind.PROJECTS)
# What no yes can mend: there is nothing to say yes to.
_ALWAYS_REFUSED = frozenset({"required_missing", "cell_formula", "date_unreadable"})
_TIMES = frozenset({"when", "due"})
_NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A typed line after reading.

    Attributes:
        line: None when a required field is empty.
        doubts: what was not understood, or not for sure; `field` is the name of the form's field.
        firm: fields whose doubt no yes can mend.
        notes: assumptions we went on with, told the same way.
    """

    line: Line | None
    doubts: tuple[Refusal, ...] = ()
    firm: frozenset[str] = frozenset()
    notes: tuple[Refusal, ...] = ()


def read_typed(
    kind: ListKind,
    typed: Mapping[str, str],
    *,
    filed_on: date,
    calendar: Calendar | None = None,
    tree: CategoryTree | None = None,
    zone: tzinfo = SHANGHAI,
) -> TypedLine:
    """What was typed, read as a row of a file of this list would be.

    Args:
        typed: field -> text as typed; fields the list does not have are left out.
        filed_on: the day it is written down, from which "tomorrow" counts.
    """
    fields = {name: all_columns()[kind].label(name) for name in all_columns()[kind].fits}
    cells = {fields[name]: text for name, text in typed.items() if name in fields and text}
    table = Table(
        sheet="",
        kind=kind,
        columns=tuple(fields.values()),
        mapping=fields,
        rows=(SourceRow(number=1, cells=cells),),
        filed_on=filed_on,
    )
    (row,) = judge(table, calendar=calendar, tree=tree, zone=zone).rows
    named = {label: name for name, label in fields.items()}
    doubts = tuple(replace(one, field=named.get(one.field, one.field)) for one in row.reasons)
    notes = tuple(replace(one, field=named.get(one.field, one.field)) for one in row.notes)
    return TypedLine(
        line=row.value,
        doubts=doubts,
        firm=frozenset(one.field for one in doubts if _is_firm(one, row.value)),
        notes=notes,
    )


def typed_of(
    line: Need | Resource | Activity | Project, *, tree: CategoryTree | None = None
) -> dict[str, str]:
    """Field -> what would have to be typed to get this line again, with what only the desk reads."""
    kind = kind_of(line)
    named = {known[0]: name for name, known in all_columns()[kind].fields.items()}
    header, words = words_of(kind, [line], lang="zh", private=True, tree=tree or default_tree())
    return {named[label]: text for label, text in zip(header, words, strict=True) if named[label] != _NUMBER}


def kind_of(line: Need | Resource | Activity | Project) -> ListKind:
    """The list a line stands on."""
    if isinstance(line, Need):
        return ListKind.NEEDS
    if isinstance(line, Resource):
        return ListKind.RESOURCES
    return ListKind.ACTIVITIES if isinstance(line, Activity) else ListKind.PROJECTS


def confirmed(line: Line) -> Line:
    """The line after somebody said that our reading of its time and quantity is right."""
    if isinstance(line, Need | Resource):
        return replace(line, when=line.when.confirmed(), quantity=replace(line.quantity, question=None))
    if isinstance(line, Activity):
        helpers = replace(line.helpers, question=None) if line.helpers else None
        return replace(line, when=line.when.confirmed(), helpers=helpers)
    if isinstance(line, Project):
        return replace(line, due=line.due.confirmed())
    return line


def _is_firm(doubt: Refusal, line: Line | None) -> bool:
    if doubt.code in _ALWAYS_REFUSED:
        return True
    when = line.due if isinstance(line, Project) else getattr(line, "when", None)
    return doubt.field in _TIMES and isinstance(when, When) and not _says_something(when)


def _says_something(when: When) -> bool:
    """Whether there is a reading that somebody could agree to."""
    opened = when.confirmed()
    return bool(opened.recurrences or opened.windows or opened.last_on or opened.demand)
