"""What each row below a header is: a line, something to ask about, or something that is no line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from marketplace.lists.cells import Cell, CellKind, Sheet
from marketplace.lists.headers.claiming import PATH
from marketplace.lists.headers.cutting import read_header
from marketplace.lists.headers.shapes import shapes_of
from marketplace.lists.headers.words import plain
from marketplace.lists.regions.columns import SUBJECTS
from marketplace.lists.regions.header import same_header
from marketplace.lists.regions.values import ASKED, BodyRow, Region, Row, RowState

_TOTAL = re.compile(
    r"^(?:合计|小计|总计|共计|总人数|总时长|累计|total|totals|subtotal|sum|grand total)(?:\b|[:：\s(（]|$|\d)|^(?:以上)?(?:共计?|合计)\s*\d+\s*(?:人|条|户|名|项|次|行)",
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
    r"^(?:注|备注|说明|附注|填表说明|注意事项|温馨提示|填表人|制表人|制表|填报人|审核人|审核|经办人|负责人签字|负责人|带班(?:人|领导)?|领队|组长|队长|记录人?|登记人|核对人?|复核人?|统计人?|联系人|联系电话|单位(?:负责人)?[（(]?(?:盖章|签字)|盖章|签字|日期|填表日期|填报日期|"
    r"note|notes|nb|prepared by|approved by|signed|contact)\s*[:：)）(（]|^(?:注|note)\s*\d|以上.{0,30}(?:属实|承诺|人员)",
    re.IGNORECASE,
)


def region_of(
    columns: Mapping[int, str],
    body: Sequence[tuple[int, Row]],
    titles: Sequence[str],
    sheet: Sheet,
    header: Row,
    widths: Mapping[int, int],
) -> Region:
    """One table; `widths` tells of each row how many columns its widest merged cell runs across."""
    mine = {place: plain(cell.text) for place, cell in header.items() if place in columns and cell.text}
    numbers = {place for place, name in columns.items() if "number" in read_header(name).concepts}
    subject = next((place for place, name in columns.items() if SUBJECTS & set(read_header(name.split(PATH)[-1]).concepts)), -1)  # fmt: skip
    wide = {number for number, _ in body if widths.get(number, 1) >= max(2, len(columns) // 2)}
    rows: list[BodyRow] = []
    for number, row in body:
        cells = {place: row[place] for place in columns if place in row}
        if not cells:
            continue
        state = _state(number, cells, columns, numbers, subject, mine, wide, sheet)
        rows.append(
            BodyRow(number=number, cells={place: said(cell) for place, cell in cells.items()}, state=state)
        )
    used = {place for row in rows for place in row.cells}
    kept = {place: name for place, name in columns.items() if not name.startswith("#") or place in used}
    return Region(
        titles=tuple(dict.fromkeys(titles)),
        columns=kept,
        rows=tuple(rows),
        hidden=frozenset(name for place, name in kept.items() if place in sheet.hidden_columns),
    )


def said(cell: Cell) -> str:
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
    if len(header) >= 2 and same_header(cells, header):
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
