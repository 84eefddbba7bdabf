"""The tables of a sheet: titles, a header of one or more rows, lines, and all the other rows a list has.

Tables below or beside each other come apart. Every filled cell is accounted for: it is title, header, a cell of a line, or
of a row that was passed over and is named with its reason. A form with its labels beside the values is one line.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import FileTooLarge
from marketplace.lists.cells import Cell, CellKind, Sheet
from marketplace.lists.headers.claiming import PATH, day_head
from marketplace.lists.headers.cutting import read_header, weekday_of
from marketplace.lists.headers.shapes import shapes_of
from marketplace.lists.headers.words import plain, vocabulary

HEADER_WITHIN_ROWS = 30
_FILLS_MAX = 1_000_000
_HEADER_LETTERS_MAX = 24
_TOTAL = re.compile(
    r"^(?:合计|小计|总计|共计|总人数|总时长|累计|total|totals|subtotal|sum|grand total)(?:\b|[:：\s(（]|$|\d)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"^[(（]?(?:例|示例|样例|范例|举例|填写示例|例如|example|e\.g\.|sample)[)）]?(?:[:：\s.]|$|\d)",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"请填|请按|请写|请选|必填|选填|填写说明|格式如|如实填写|please fill|fill in|required|optional|dropdown|下拉选择",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|填表说明|注意事项|温馨提示|填表人|制表人|制表|填报人|审核人|审核|经办人|负责人签字|负责人|联系人|联系电话|单位(?:负责人)?[（(]?(?:盖章|签字)|盖章|签字|日期|填表日期|填报日期|"
    r"note|notes|nb|prepared by|approved by|signed|contact)\s*[:：)）(（]|^(?:注|note)\s*\d|以上.{0,30}(?:属实|承诺|人员)",
    re.IGNORECASE,
)
# Words of headers that stand in cells of lists too, so that they make no second header.
_ALSO_VALUES = frozenset(
    {"居民", "电话", "无偿", "微心愿", "志愿队", "单位", "社区", "老人", "场地", "设备", "服务", "活动", "志愿者", "学生", "到", "起", "止", "名", "姓", "网格", "紧急", "phone", "place", "volunteer", "resident", "unit", "community", "visit", "service", "services", "activity", "in", "out", "free", "skills", "work", "needs"}
)  # fmt: skip
# What makes a table of its own when it stands twice in one header.
_SUBJECTS = frozenset({"person", "need", "offer", "owner", "activity", "project"})


class RowState(StrEnum):
    """What a row below a header is; the first is a line, the next five are asked about, the rest are passed over."""

    LINE = "line"
    HIDDEN = "hidden"
    STRUCK = "struck"
    PARTLY_STRUCK = "partly_struck"
    ERROR = "error"
    LONE = "lone"
    TOTAL = "total"
    NOTE = "note"
    EXAMPLE = "example"
    INSTRUCTION = "instruction"
    NUMBERED_BLANK = "numbered_blank"
    HEADER_AGAIN = "header_again"
    GROUP = "group"


ASKED = frozenset({RowState.HIDDEN, RowState.STRUCK, RowState.PARTLY_STRUCK, RowState.ERROR, RowState.LONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """One filled row below a header: column -> what the office sees there."""

    number: int
    cells: Mapping[int, str]
    state: RowState


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One table of a sheet.

    Attributes:
        columns: place in the sheet -> name of the column; names are unique, the header's path joined with " | ".
        hidden: names of columns hidden in the file.
        form: the labels stood beside the values.
    """

    titles: tuple[str, ...]
    columns: Mapping[int, str]
    rows: tuple[BodyRow, ...]
    hidden: frozenset[str] = frozenset()
    form: bool = False


Row = Mapping[int, Cell]


def regions_of(sheet: Sheet) -> list[Region]:
    """The tables of a sheet in reading order; none when it is empty."""
    grid = _filled(sheet)
    if not grid:
        return []
    header = next((at for at in range(min(len(grid), HEADER_WITHIN_ROWS)) if _is_header(grid[at][1])), None)
    if header is None:
        return _forms(grid, sheet) or _unknown(grid, sheet)
    found: list[Region] = []
    above = grid[:header]
    while header is not None:
        top, bottom = _header_rows(grid, header, sheet, above)
        end, following = _next_header(grid, bottom, grid[header][1])
        titles = [text for _, row in above[: len(above) - (header - top)] for text in _texts(row)]
        body = grid[bottom:end]
        for columns in _blocks(grid[top:bottom], body, sheet):
            found.append(_region(columns, body, titles, sheet, grid[header][1]))
        above, header = (grid[end:following], following) if following is not None else ([], None)
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


def _texts(row: Row) -> list[str]:
    return list(dict.fromkeys(cell.text for _, cell in sorted(row.items()) if cell.text))


def _is_header(row: Row) -> bool:
    """At least two cells are header words, more than half of all, and hardly any looks like data."""
    texts = [cell.text for cell in row.values() if cell.text]
    if len(texts) < 2:
        return False
    claimed = [text for text in texts if _claims(text)]
    days = _day_heads(row)
    if days >= 3 and claimed:
        return len(claimed) + days > len(texts) / 2
    data = sum(1 for text in texts if _is_data(text))
    least = len(claimed) >= 2 and (len(claimed) > len(texts) / 2 or (len(claimed) >= 4 and 2 * len(claimed) >= len(texts)))  # fmt: skip
    return least and data * 5 <= len(texts)


def _claims(text: str) -> bool:
    return (
        len(text) <= _HEADER_LETTERS_MAX * 2
        and not _labelled_value(text)
        and bool(read_header(text).concepts)
    )


def _labelled_value(text: str) -> bool:
    """活动名称:周二读报 is a title, not a header."""
    return re.search(r"[:：]\s*\S", re.sub(r"[(（].*?[)）]", "", text)) is not None


def _is_data(text: str) -> bool:
    return bool(shapes_of(text) & {"phone", "date", "clock", "number", "email", "long_number", "range"})


def _day_heads(row: Row) -> int:
    """How many cells in order name ascending days or weekdays; a single run of three or more counts."""
    heads = [cell.text for _, cell in sorted(row.items()) if cell.text]
    weekdays = sum(1 for text in heads if weekday_of(text) is not None)
    days = [text for text in heads if day_head(text)]
    numbers = [int(re.sub(r"\D", "", text)) for text in days if re.fullmatch(r"\d{1,2}\s*[日号]?", text)]
    if len(numbers) == len(days) and numbers and any(b - a != 1 for a, b in itertools.pairwise(numbers)):
        days = []
    return max(weekdays, len(days))


def _header_rows(
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
    texts = _texts(row)
    return len(texts) >= 2 and all(
        len(text) <= 12 and not _labelled_value(text) and not _is_data(text) for text in texts
    )


def _continues(grid: Sequence[tuple[int, Row]], header: int, at: int, sheet: Sheet) -> bool:
    """Whether the row at `at` is the lower part of the header."""
    number, row = grid[at]
    own = {
        column: cell.text
        for column, cell in row.items()
        if column not in grid[at - 1][1] or grid[at - 1][1][column].text != cell.text
    }
    if not own or any(_is_data(text) and not day_head(text) for text in own.values()):
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


def _next_header(grid: Sequence[tuple[int, Row]], start: int, header: Row) -> tuple[int, int | None]:
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
        if exact < 2 or _same_header(row, mine) or not _is_sure_header(row):
            continue
        end = at
        while end > start and len(_texts(grid[end - 1][1])) == 1:
            end -= 1
        return end, at
    return len(grid), None


def _same_header(row: Row, mine: Mapping[int, str]) -> bool:
    same = sum(1 for column, text in mine.items() if column in row and plain(row[column].text) == text)
    return same >= 2 and same >= 0.8 * len(mine)


def _is_sure_header(row: Row) -> bool:
    texts = [cell.text for _, cell in sorted(row.items()) if cell.text]
    sure = [
        text for text in texts if _claims(text) and read_header(text).sure and plain(text) not in _ALSO_VALUES
    ]
    return len(sure) >= 2 and len(sure) >= 0.6 * len(texts) and not texts[0].isdigit()


def _blocks(
    header: Sequence[tuple[int, Row]], body: Sequence[tuple[int, Row]], sheet: Sheet
) -> Iterator[dict[int, str]]:
    """The columns of each table standing side by side under one header: place -> name."""
    names = _names(header, sheet)
    places = sorted(names)
    heads = {place: read_header(names[place].split(PATH)[-1]).concepts[:1] for place in places}
    cuts = {0}
    for at in range(1, len(places)):
        place, before = places[at], places[at - 1]
        if (
            place - before > 1
            and not any(column in row for _, row in body for column in range(before + 1, place))
            and _has_subject(heads, places[at:])
            and _has_subject(heads, places[max(cuts) : at])
        ) or (
            plain(names[place]) == plain(names[places[max(cuts)]])
            and _repeats(names, places, max(cuts), at, heads)
        ):
            cuts.add(at)
    edges = [*sorted(cuts), len(places)]
    last = max((max(row, default=0) for _, row in body), default=0)
    for first, after in itertools.pairwise(edges):
        inside = places[first:after]
        until = places[after] if after < len(places) else last + 1
        columns = {place: names[place] for place in inside}
        # What stands beside the header belongs to the table on its left.
        for place in range(inside[0], until):
            columns.setdefault(place, "")
        if first == 0:
            for place in range(inside[0]):
                columns.setdefault(place, "")
        yield _unique(dict(sorted(columns.items())))


def _has_subject(heads: Mapping[int, tuple[str, ...]], places: Sequence[int]) -> bool:
    found = [concept for place in places for concept in heads[place]]
    return len(found) >= 2 and bool(_SUBJECTS & set(found))


def _repeats(
    names: Mapping[int, str], places: Sequence[int], first: int, at: int, heads: Mapping[int, tuple[str, ...]]
) -> bool:
    """序号 姓名 电话 序号 姓名 电话: the header of the block begins again, its subject with it."""
    width = at - first
    block, again = places[first:at], places[at : at + width]
    same = sum(1 for one, two in zip(block, again, strict=False) if plain(names[one]) == plain(names[two]))
    return width >= 2 and same >= 2 and same >= 0.6 * width and _has_subject(heads, again)


def _names(header: Sequence[tuple[int, Row]], sheet: Sheet) -> dict[int, str]:
    """Place -> the header's path there; a cell merged across stands above each of its columns."""
    paths: dict[int, list[str]] = {}
    for number, row in header:
        spread: dict[int, str] = {column: cell.text for column, cell in row.items() if cell.text}
        for area in sheet.merges:
            if area.top <= number <= area.bottom and area.right > area.left and area.left in row:
                for column in range(area.left, min(area.right, 300) + 1):
                    spread.setdefault(column, row[area.left].text)
        for column, text in spread.items():
            path = paths.setdefault(column, [])
            name = _tidy(text)
            if name and name not in path[-1:]:
                path.append(name)
    lowest = {column for column, cell in header[-1][1].items() if cell.text}
    return {
        column: PATH.join(path)
        for column, path in paths.items()
        # A wide upper cell over a column without its own name and without cells is only its shadow.
        if column in lowest or len(path) > 0
    }


def _tidy(text: str) -> str:
    """A header cell on one line; spaces inside Han words are layout."""
    return re.sub(r"\s+", "", text) if not text.isascii() else re.sub(r"\s+", " ", text).strip()


def _unique(columns: Mapping[int, str]) -> dict[int, str]:
    """Names made unique (备注, 备注 2); a column without a name is called by its place (#5)."""
    seen: dict[str, int] = {}
    made: dict[int, str] = {}
    for place, name in columns.items():
        named = name or f"#{place + 1}"
        seen[named] = seen.get(named, 0) + 1
        made[place] = f"{named} {seen[named]}" if seen[named] > 1 else named
    return made


def _region(
    columns: Mapping[int, str],
    body: Sequence[tuple[int, Row]],
    titles: Sequence[str],
    sheet: Sheet,
    header: Row,
) -> Region:
    mine = {place: plain(cell.text) for place, cell in header.items() if place in columns and cell.text}
    numbers = {place for place, name in columns.items() if "number" in read_header(name).concepts}
    subject = next((place for place, name in columns.items() if _SUBJECTS & set(read_header(name.split(PATH)[-1]).concepts)), -1)  # fmt: skip
    wide = {area.top for area in sheet.merges if area.right - area.left + 1 >= max(2, len(columns) // 2)}
    rows: list[BodyRow] = []
    for number, row in body:
        cells = {place: row[place] for place in columns if place in row}
        if not cells:
            continue
        state = _state(number, cells, columns, numbers, subject, mine, wide, sheet)
        rows.append(
            BodyRow(number=number, cells={place: _said(cell) for place, cell in cells.items()}, state=state)
        )
    used = {place for row in rows for place in row.cells}
    kept = {place: name for place, name in columns.items() if not name.startswith("#") or place in used}
    return Region(
        titles=tuple(dict.fromkeys(titles)),
        columns=kept,
        rows=tuple(rows),
        hidden=frozenset(name for place, name in kept.items() if place in sheet.hidden_columns),
    )


def _said(cell: Cell) -> str:
    """What the office sees; a formula whose result the file does not hold stands as the formula, to be asked about."""
    return cell.text if cell.text or not cell.formula else f"={cell.formula.lstrip('=')}"


def _state(
    number: int,
    cells: Mapping[int, Cell],
    columns: Mapping[int, str],
    numbers: set[int],
    subject: int,
    header: Mapping[int, str],
    wide: set[int],
    sheet: Sheet,
) -> RowState:
    texts = [cell.text for _, cell in sorted(cells.items()) if cell.text]
    said = _passed_over(number, cells, texts, columns, numbers, subject, header, wide)
    if said is not None and said not in ASKED:
        return said
    if sheet.hidden or number in sheet.hidden_rows:
        return RowState.HIDDEN
    struck = sum(cell.struck for cell in cells.values())
    if struck >= 0.6 * len(cells):
        return RowState.STRUCK
    if struck or any(cell.partly_struck for cell in cells.values()):
        return RowState.PARTLY_STRUCK
    if any(cell.kind is CellKind.ERROR for cell in cells.values()):
        return RowState.ERROR
    return said or RowState.LINE


def _passed_over(
    number: int,
    cells: Mapping[int, Cell],
    texts: Sequence[str],
    columns: Mapping[int, str],
    numbers: set[int],
    subject: int,
    header: Mapping[int, str],
    wide: set[int],
) -> RowState | None:
    """What a row is when it is no line, by its words and its place."""
    if not texts:
        return None
    if set(cells) <= numbers and len(columns) > len(numbers):
        return (
            RowState.NUMBERED_BLANK
            if all(re.fullmatch(r"\d+\.?", text) for text in texts)
            else _lone_word(texts[0])
        )
    if len(header) >= 2 and _same_header(cells, header):
        return RowState.HEADER_AGAIN
    if any(_TOTAL.match(text) for text in texts[:3]):
        return RowState.TOTAL
    if any(_EXAMPLE.match(text) for text in texts[:3]):
        return RowState.EXAMPLE
    if sum(1 for text in texts if _INSTRUCTION.search(text)) * 2 >= len(texts):
        return RowState.INSTRUCTION
    first = min(cells)
    if (
        _NOTE.match(texts[0])
        and first <= min(columns, default=0) + 1
        and (len(texts) == 1 or len(texts) < 0.7 * len(columns))
    ):
        return RowState.NOTE
    if len(texts) == 1 and len(columns) >= 3:
        if number in wide:
            return RowState.NOTE if len(texts[0]) > 20 else RowState.GROUP
        return None if _is_subject_cell(first, texts[0], subject, columns) else _lone_word(texts[0])
    return None


def _is_subject_cell(place: int, text: str, subject: int, columns: Mapping[int, str]) -> bool:
    """A line may hold nothing but its name or title; in the first column a long sentence is more likely a note."""
    return place == subject and (place != min(columns) or ("name" in shapes_of(text) and len(text) <= 20))


def _lone_word(text: str) -> RowState:
    if _TOTAL.match(text):
        return RowState.TOTAL
    if _NOTE.match(text) or len(text) > 30:
        return RowState.NOTE
    return RowState.LONE


def _forms(grid: Sequence[tuple[int, Row]], sheet: Sheet) -> list[Region]:
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
                pairs.append((number, _tidy(text).rstrip(":："), value or Cell("")))
                at += 2 if value is not None else 1
                found = True
            else:
                at += 1
        if not found and not pairs:
            titles += _texts(row)
    with_values = [one for one in pairs if one[2].text]
    filled = sum(1 for _, row in grid for cell in row.values() if cell.text) - len(titles)
    if len({label for _, label, _ in with_values}) < 3 or len(with_values) * 2 < 0.5 * filled:
        return []
    return [_form_region(pairs, titles, sheet)]


def _is_label(text: str, *, first: bool) -> bool:
    """A word that stands in cells of lists too (电话, 居民) is a label only at the head of its row."""
    if len(text) > 14 or _labelled_value(text):
        return False
    if weekday_of(text) is not None:
        return True
    word = read_header(text)
    return bool(word.concepts) and word.sure and (first or plain(text) not in _ALSO_VALUES)


def _form_region(pairs: Sequence[tuple[int, str, Cell]], titles: Sequence[str], sheet: Sheet) -> Region:
    labels = list(dict.fromkeys(label for _, label, _ in pairs))
    rounds: list[tuple[int, dict[int, str]]] = []
    for number, label, cell in pairs:
        place = labels.index(label)
        if not rounds or place in rounds[-1][1]:
            rounds.append((number, {}))
        rounds[-1][1][place] = _said(cell)
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


def _unknown(grid: Sequence[tuple[int, Row]], sheet: Sheet) -> list[Region]:
    """A table nobody recognises: its header is the first of the widest rows, so that a person can point at its columns."""
    first = grid[:HEADER_WITHIN_ROWS]
    widest = max(sum(1 for cell in row.values() if cell.text and not _is_data(cell.text)) for _, row in first)
    header = next(
        at
        for at, (_, row) in enumerate(first)
        if sum(1 for cell in row.values() if cell.text and not _is_data(cell.text)) == widest
    )
    titles = [text for _, row in grid[:header] for text in _texts(row)]
    body = grid[header + 1 :]
    return [
        _region(columns, body, titles, sheet, grid[header][1])
        for columns in _blocks(grid[header : header + 1], body, sheet)
    ]
