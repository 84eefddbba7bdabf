"""Where a header stands, of how many rows it is, and where the next table begins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

from marketplace.lists.cells import Sheet
from marketplace.lists.headers.claiming import day_head
from marketplace.lists.headers.cutting import read_header, weekday_of
from marketplace.lists.headers.shapes import shapes_of
from marketplace.lists.headers.words import plain, vocabulary
from marketplace.lists.regions.values import Row, texts_of

_HEADER_LETTERS_MAX = 24


# Words of headers that stand in cells of lists too, so that they make no second header.
ALSO_VALUES = frozenset(
    {"居民", "电话", "无偿", "微心愿", "志愿队", "单位", "社区", "老人", "场地", "设备", "服务", "活动", "志愿者", "学生", "到", "起", "止", "名", "姓", "网格", "紧急", "phone", "place", "volunteer", "resident", "unit", "community", "visit", "service", "services", "activity", "in", "out", "free", "skills", "work", "needs"}
)  # fmt: skip


def is_header(row: Row) -> bool:
    """At least two cells are header words, more than half of all, and hardly any looks like data."""
    texts = [cell.text for cell in row.values() if cell.text]
    if len(texts) < 2:
        return False
    claimed = [text for text in texts if _claims(text)]
    days = _day_heads(row)
    if days >= 3 and claimed:
        return len(claimed) + days > len(texts) / 2
    data = sum(1 for text in texts if is_data(text))
    least = len(claimed) >= 2 and (len(claimed) > len(texts) / 2 or (len(claimed) >= 4 and 2 * len(claimed) >= len(texts)))  # fmt: skip
    return least and data * 5 <= len(texts)


def _claims(text: str) -> bool:
    """A sentence that holds a known word (请人教用手机挂号) is no header: at most half its letters may be unread."""
    if len(text) > _HEADER_LETTERS_MAX * 2 or labelled_value(text):
        return False
    word = read_header(text)
    return bool(word.concepts) and 2 * word.unread <= len(text)


def labelled_value(text: str) -> bool:
    """活动名称:周二读报 is a title, not a header."""
    return re.search(r"[:：]\s*\S", re.sub(r"[(（].*?[)）]", "", text)) is not None


def is_data(text: str) -> bool:
    return bool(shapes_of(text) & {"phone", "date", "clock", "number", "email", "long_number", "range"})


def _day_heads(row: Row) -> int:
    """How many cells in order name ascending days or weekdays; a single run of three or more counts."""
    heads = [cell.text for _, cell in sorted(row.items()) if cell.text]
    weekdays = sum(1 for text in heads if weekday_of(text) is not None)
    days = [text for text in heads if day_head(text)]
    numbers = [int(re.sub(r"\D", "", text)) for text in days if re.fullmatch(r"\d{1,2}\s*[日号]?", text)]
    if len(numbers) == len(days) and numbers and any(b - a != 1 for a, b in pairwise(numbers)):
        days = []
    return max(weekdays, len(days))


def header_rows(
    grid: Sequence[tuple[int, Row]], header: int, sheet: Sheet, above: Sequence[tuple[int, Row]]
) -> tuple[int, int]:
    """(first row, row after the last) of a header that may have several rows."""
    top, bottom = header, header + 1
    if above and _spans(grid[header - 1], sheet) >= 1 and _may_be_upper(grid[header - 1][1]):
        top = header - 1
    while bottom < len(grid) and bottom - header < 3 and _continues(grid, header, bottom, sheet):
        bottom += 1
    return top, bottom


def _spans(row: tuple[int, Row], sheet: Sheet) -> int:
    """Cells of the row merged across columns, but not the whole row (that is a title)."""
    return sum(
        1
        for area in sheet.merges
        if area.top == row[0] and area.right > area.left and area.left in row[1] and len(row[1]) >= 2
    )


def _may_be_upper(row: Row) -> bool:
    texts = texts_of(row)
    return len(texts) >= 2 and all(
        len(text) <= 12 and not labelled_value(text) and not is_data(text) for text in texts
    )


def _continues(grid: Sequence[tuple[int, Row]], header: int, at: int, sheet: Sheet) -> bool:
    """Whether the row at `at` is the lower part of the header."""
    number, row = grid[at]
    own = {
        column: cell.text
        for column, cell in row.items()
        if column not in grid[at - 1][1] or grid[at - 1][1][column].text != cell.text
    }
    if not own or any(is_data(text) and not day_head(text) for text in own.values()):
        return False
    under_span = any(
        area.left <= column <= area.right and header <= _index(grid, area.top) < at and area.right > area.left
        for area in sheet.merges
        for column in own
    )
    down = any(
        area.top <= grid[at - 1][0] and area.bottom >= number and area.bottom > area.top
        for area in sheet.merges
    )
    blanks = any(column not in grid[at - 1][1] for column in own)
    if not (under_span or down or (blanks and not sheet.merges)):
        return False
    known = sum(1 for text in own.values() if _claims(text) or read_header(text).part)
    weekdays = sum(1 for text in own.values() if weekday_of(text) is not None)
    if not (under_span or down):
        return known >= 2 and known == len(own)
    return weekdays >= 2 or (known >= 1 and known + weekdays > len(own) / 2)


def _index(grid: Sequence[tuple[int, Row]], number: int) -> int:
    return bisect_left(grid, number, key=lambda one: one[0])


def next_header(grid: Sequence[tuple[int, Row]], start: int, header: Row) -> tuple[int, int | None]:
    """(where the body ends, where the next table's header stands or None)."""
    known = vocabulary().words
    mine = {column: plain(cell.text) for column, cell in header.items() if cell.text}
    for at in range(start, len(grid)):
        row = grid[at][1]
        exact = sum(
            1
            for cell in row.values()
            if len(cell.text) <= 12 and (word := known.get(plain(cell.text))) is not None and word.concepts
        )
        if exact < 2 or same_header(row, mine) or not _is_sure_header(row):
            continue
        end = at
        while end > start and len(texts_of(grid[end - 1][1])) == 1:
            end -= 1
        return end, at
    return len(grid), None


def same_header(row: Row, mine: Mapping[int, str]) -> bool:
    same = sum(1 for column, text in mine.items() if column in row and plain(row[column].text) == text)
    return same >= 2 and same >= 0.8 * len(mine)


def _is_sure_header(row: Row) -> bool:
    texts = [cell.text for _, cell in sorted(row.items()) if cell.text]
    sure = [
        text for text in texts if _claims(text) and read_header(text).sure and plain(text) not in ALSO_VALUES
    ]
    return len(sure) >= 2 and len(sure) >= 0.6 * len(texts) and not texts[0].isdigit()
