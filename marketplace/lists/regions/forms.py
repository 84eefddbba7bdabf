"""Forms: labels beside their values, one line for each round of labels."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.lists.cells import Cell, Sheet
from marketplace.lists.headers.cutting import read_header, weekday_of
from marketplace.lists.headers.words import plain
from marketplace.lists.regions.columns import tidy
from marketplace.lists.regions.header import ALSO_VALUES, labelled_value
from marketplace.lists.regions.rows import said
from marketplace.lists.regions.values import BodyRow, Region, Row, RowState, texts_of


def forms_of(grid: Sequence[tuple[int, Row]], sheet: Sheet) -> list[Region]:
    """Labels beside their values, three or more: each round of labels is one line."""
    pairs: list[tuple[int, str, Cell]] = []
    titles: list[str] = []
    for number, row in grid:
        places = sorted(place for place, cell in row.items() if cell.text)
        at = 0
        found = False
        while at < len(places):
            text = row[places[at]].text
            if _is_label(text, first=at == 0):
                value = (
                    row[places[at + 1]]
                    if at + 1 < len(places) and not _is_label(row[places[at + 1]].text, first=False)
                    else None
                )
                pairs.append((number, tidy(text).rstrip(":："), value or Cell("")))
                at += 2 if value is not None else 1
                found = True
            else:
                at += 1
        if not found and not pairs:
            titles += texts_of(row)
    with_values = [one for one in pairs if one[2].text]
    filled = sum(1 for _, row in grid for cell in row.values() if cell.text) - len(titles)
    if len({label for _, label, _ in with_values}) < 3 or len(with_values) * 2 < 0.5 * filled:
        return []
    return [_form_region(pairs, titles, sheet)]


def _is_label(text: str, *, first: bool) -> bool:
    """A word that stands in cells of lists too (电话, 居民) is a label only at the head of its row."""
    if len(text) > 14 or labelled_value(text):
        return False
    if weekday_of(text) is not None:
        return True
    word = read_header(text)
    return bool(word.concepts) and word.sure and (first or plain(text) not in ALSO_VALUES)


def _form_region(pairs: Sequence[tuple[int, str, Cell]], titles: Sequence[str], sheet: Sheet) -> Region:
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
        ),
        form=True,
    )
