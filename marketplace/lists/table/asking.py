"""What a person must say of a table before its rows are read: which list it is, what a column is, what a number counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from marketplace.lists.columns import all_columns, every_list
from marketplace.lists.headers.claiming import PATH
from marketplace.lists.headers.fitting import SEVERAL, Fit, is_foreign
from marketplace.lists.headers.shapes import shares
from marketplace.lists.headers.stay_columns import StayColumns
from marketplace.lists.kinds import NONE, ListKind
from marketplace.lists.questions import TableQuestion, question
from marketplace.lists.regions import ASKED, RowState
from marketplace.lists.table.parts import SourceRow


def kind_question(
    rows: Sequence[SourceRow], said: str, fit: Fit | None, guesses: tuple[str, ...], *, sure: bool
) -> TableQuestion:
    """Which list it is, or that it is one nobody brings in; `said` is the list that somebody named."""
    lines = tuple(row.number for row in rows if row.state is RowState.LINE)
    if fit is not None and is_foreign(fit.kind) and not sure:
        fit = None
    if fit is not None and is_foreign(fit.kind):
        known = every_list()[fit.kind]
        return question("kind_foreign", guess=NONE, options=(NONE,), rows=lines, zh=known.zh, en=known.en)
    if fit is None:
        return question("kind_unknown", options=guesses, rows=lines)
    known = every_list()[fit.kind]
    code = "kind_lacks" if fit.lacks and said else "kind_uncertain"
    lacks = sorted(fit.lacks)
    return question(
        code,
        guess=fit.kind,
        options=guesses,
        rows=lines,
        zh=known.zh,
        en=known.en,
        lacks_zh="、".join(known.label(name) for name in lacks),
        lacks_en=", ".join(known.label(name, "en") for name in lacks),
    )


def column_questions(
    kind: ListKind, mapping: Mapping[str, str], hidden_columns: Sequence[str], fit: Fit
) -> Iterable[TableQuestion]:
    """What each column is that nobody claimed for sure."""
    known = all_columns()[kind]
    for one in fit.open:
        guess = "" if one.guess in mapping and one.guess not in SEVERAL else one.guess
        hidden = one.column in hidden_columns
        yield question(
            "column_hidden" if hidden else one.code,
            column=one.column,
            guess=guess,
            name=one.column.replace(PATH, " · "),
            other=one.other.replace(PATH, " · "),
            guess_zh=known.label(guess) if guess else "",
            guess_en=known.label(guess, "en") if guess else "",
        )


def unit_questions(stays: Sequence[StayColumns], rows: Sequence[SourceRow]) -> Iterable[TableQuestion]:
    """A number without a unit is neither hours nor minutes until somebody says so; one question for all its columns."""
    columns = [
        stay.minutes or stay.cell
        for stay in stays
        if not stay.unit_minutes and (stay.minutes or stay.cell) and not (stay.signed_in and stay.signed_out)
    ]
    if not columns:
        return
    numbers = tuple(
        row.number
        for row in rows
        if row.state is RowState.LINE
        and any("number" in shares([row.cells.get(column, "")]) for column in columns)
    )
    if numbers:
        yield question("unit_unknown", column=columns[0], rows=numbers, name=columns[0].replace(PATH, " · "))


def row_questions(rows: Sequence[SourceRow], said: Mapping[str, str]) -> Iterable[TableQuestion]:
    """Whether rows that are hidden, struck out and the like come in; `said` by their state."""
    for state in RowState:
        numbers = tuple(row.number for row in rows if row.state is state)
        if state in ASKED and numbers and state.value not in said:
            yield question(f"rows_{state.value}", rows=numbers, count=str(len(numbers)))
