"""Known layouts of other systems: their headers settle both the list and its columns."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.lists.headers.fitting import Fit, LeftOut, mapped
from marketplace.lists.headers.stay_columns import stays_named
from marketplace.lists.headers.words import Layout, plain, vocabulary


def layout_of(columns: Sequence[str]) -> Layout | None:
    """The known layout of another system these columns are."""
    names = {plain(name) for name in columns if name}
    for layout in vocabulary().layouts:
        if layout.must <= names and len(names & set(layout.fields)) >= 0.6 * len(names):
            return layout
    return None


def laid_out(layout: Layout, columns: Sequence[str]) -> Fit:
    """The columns of a known layout in their fields."""
    answers: dict[str, str] = {}
    units: dict[str, int] = {}
    left: list[LeftOut] = []
    for name in columns:
        to, _, unit = layout.fields.get(plain(name), "").partition(":")
        if to and to != "-":
            answers[name] = to
            units[name] = {"hours": 60, "minutes": 1}.get(unit, 0)
        else:
            left.append(LeftOut(column=name, why="not_kept"))
    mapping, more = mapped(answers)
    return Fit(
        kind=layout.kind,
        points=99.0,
        mapping=mapping,
        more=more,
        stays=stays_named(mapping, units) if layout.kind == "attendance" else (),
        left_out=tuple(left),
    )
