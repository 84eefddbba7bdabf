"""The tables of a whole sheet, in reading order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from marketplace.errors import FileTooLarge
from marketplace.lists.cells import Cell, Sheet
from marketplace.lists.cells.limits import TABLES_MAX
from marketplace.lists.regions.columns import blocks_of
from marketplace.lists.regions.forms import forms_of
from marketplace.lists.regions.header import header_rows, is_data, is_header, next_header
from marketplace.lists.regions.rows import region_of
from marketplace.lists.regions.values import Region, Row, texts_of

HEADER_WITHIN_ROWS = 30


_FILLS_MAX = 1_000_000


def regions_of(sheet: Sheet) -> list[Region]:
    """The tables of a sheet in reading order; none when it is empty."""
    grid = _filled(sheet)
    if not grid:
        return []
    header = next((at for at in range(min(len(grid), HEADER_WITHIN_ROWS)) if is_header(grid[at][1])), None)
    if header is None:
        return forms_of(grid, sheet) or _unknown(grid, sheet)
    # Skills | languages may be a header of two columns; below and above other labels it is one of them.
    if len(texts_of(grid[header][1])) <= 2 and (forms := forms_of(grid, sheet)):
        return forms
    found: list[Region] = []
    above, widths = grid[:header], _widths(sheet)
    while header is not None:
        near = _near(sheet, grid, header)
        top, bottom = header_rows(grid, header, near, above)
        end, following = next_header(grid, bottom, grid[header][1])
        titles = [text for _, row in above[: len(above) - (header - top)] for text in texts_of(row)]
        body = grid[bottom:end]
        for columns in blocks_of(grid[top:bottom], body, near):
            found.append(region_of(columns, body, titles, sheet, grid[header][1], widths))
        if len(found) > TABLES_MAX:
            raise FileTooLarge(filename=sheet.name, most=f"{TABLES_MAX} 张表/tables")
        above, header = (grid[end:following], following) if following is not None else ([], None)
    return found


def _near(sheet: Sheet, grid: Sequence[tuple[int, Row]], header: int) -> Sheet:
    """The sheet with the merged areas about its header alone, for a sheet may have thousands of them and of headers."""
    first, last = grid[max(header - 1, 0)][0], grid[min(header + 3, len(grid) - 1)][0]
    return replace(
        sheet, merges=tuple(one for one in sheet.merges if one.top <= last and one.bottom >= first)
    )


def _widths(sheet: Sheet) -> dict[int, int]:
    """Row -> how many columns its widest merged cell runs across."""
    found: dict[int, int] = {}
    for area in sheet.merges:
        found[area.top] = max(found.get(area.top, 1), area.right - area.left + 1)
    return found


def _filled(sheet: Sheet) -> list[tuple[int, dict[int, Cell]]]:
    """The rows in order; a cell merged over several rows stands in each of them."""
    numbers = sorted(sheet.rows)
    rows = {number: dict(sheet.rows[number]) for number in numbers}
    fills = 0
    for area in sheet.merges:
        anchor = sheet.rows.get(area.top, {}).get(area.left)
        if anchor is None or area.bottom <= area.top:
            continue
        for at in range(bisect_right(numbers, area.top), bisect_right(numbers, area.bottom)):
            fills += 1
            if fills > _FILLS_MAX:
                raise FileTooLarge(filename=sheet.name, most=f"{_FILLS_MAX} 处合并/merged cells")
            rows[numbers[at]].setdefault(area.left, anchor)
    return [(number, rows[number]) for number in numbers]


def _unknown(grid: Sequence[tuple[int, Row]], sheet: Sheet) -> list[Region]:
    """A table nobody recognises: its header is the first of the widest rows, so that a person can point at its columns."""
    first = grid[:HEADER_WITHIN_ROWS]
    widest = max(sum(1 for cell in row.values() if cell.text and not is_data(cell.text)) for _, row in first)
    header = next(
        at
        for at, (_, row) in enumerate(first)
        if sum(1 for cell in row.values() if cell.text and not is_data(cell.text)) == widest
    )
    titles = [text for _, row in grid[:header] for text in texts_of(row)]
    body = grid[header + 1 :]
    return [
        region_of(columns, body, titles, sheet, grid[header][1], _widths(sheet))
        for columns in blocks_of(grid[header : header + 1], body, sheet)
    ]
