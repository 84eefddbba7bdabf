"""Forms: labels beside their values, one line for each round of labels."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.lists.cells import Cell, Sheet
from marketplace.lists.headers.cutting import read_header, weekday_of
from marketplace.lists.headers.words import plain
from marketplace.lists.regions.columns import tidy
from marketplace.lists.regions.header import ALSO_VALUES, is_data, labelled_value
from marketplace.lists.regions.rows import said
from marketplace.lists.regions.values import BodyRow, Region, Row, RowState, texts_of

Pair = tuple[int, str, Cell]


def forms_of(grid: Sequence[tuple[int, Row]], sheet: Sheet) -> list[Region]:
    """Labels beside their values, three or more: each round of labels is one line.

    A cell that is neither is kept under its place, so that somebody is asked; a row without any label is a title or a note.
    """
    pairs: list[Pair] = []
    titles: list[str] = []
    notes: list[BodyRow] = []
    for number, row in grid:
        found = _pairs_of(number, row, inside=bool(pairs))
        if found and (pairs or len(texts_of(row)) > 1):
            pairs += found
        elif not pairs:
            titles += texts_of(row)
        else:
            cells = {place: said(cell) for place, cell in row.items() if cell.text}
            notes.append(BodyRow(number=number, cells=cells, state=RowState.NOTE))
    with_values = [one for one in pairs if one[2].text and not one[1].startswith("#")]
    sure = {label for _, label, _ in with_values if _is_label(label, first=True)}
    filled = sum(1 for _, row in grid for cell in row.values() if cell.text) - len(titles)
    if len(sure) < 3 or len(with_values) * 2 < 0.5 * filled:
        return []
    return [_form_region(pairs, titles, notes, sheet)]


def _pairs_of(number: int, row: Row, *, inside: bool) -> list[Pair]:
    """The labels of a row, each with the value beside it; none when no label stands there.

    `inside` a form, or behind a label, a short word with something beside it is a label too, whatever it means.
    """
    places = sorted(place for place, cell in row.items() if cell.text)
    found: list[Pair] = []
    at = 0
    while at < len(places):
        text = row[places[at]].text
        beside = row[places[at + 1]] if at + 1 < len(places) else None
        if _is_label(text, first=at == 0) or (
            (found or inside) and beside is not None and _may_be_label(text)
        ):
            last = at + 2 == len(places)
            value = (
                beside if beside is not None and (last or not _is_label(beside.text, first=False)) else None
            )
            found.append((number, tidy(text).rstrip(":："), value or Cell("")))
            at += 2 if value is not None else 1
        else:
            found.append((number, f"#{places[at] + 1}", row[places[at]]))
            at += 1
    return found if any(not label.startswith("#") for _, label, _ in found) else []


def _may_be_label(text: str) -> bool:
    return _is_short(text) and not labelled_value(text) and not is_data(text)


def _is_short(text: str) -> bool:
    return len(text) <= (40 if text.isascii() else 14)


def _is_label(text: str, *, first: bool) -> bool:
    """A word that stands in cells of lists too (电话, 居民) is a label only at the head of its row."""
    if not _is_short(text) or labelled_value(text):
        return False
    if weekday_of(text) is not None:
        return True
    word = read_header(text)
    return bool(word.concepts) and word.sure and (first or plain(text) not in ALSO_VALUES)


def _form_region(
    pairs: Sequence[Pair], titles: Sequence[str], notes: Sequence[BodyRow], sheet: Sheet
) -> Region:
    labels = list(dict.fromkeys(label for _, label, _ in pairs))
    rounds: list[tuple[int, dict[int, str]]] = []
    for number, label, cell in pairs:
        place = labels.index(label)
        if not rounds or place in rounds[-1][1]:
            rounds.append((number, {}))
        rounds[-1][1][place] = said(cell)
    state = RowState.HIDDEN if sheet.hidden else RowState.LINE
    return Region(
        titles=tuple(titles),
        columns=dict(enumerate(labels)),
        rows=tuple(
            BodyRow(number=number, cells={place: text for place, text in cells.items() if text}, state=state)
            for number, cells in rounds
        )
        + tuple(notes),
        form=True,
    )
