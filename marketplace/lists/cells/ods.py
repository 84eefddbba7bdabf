"""OpenDocument spreadsheets, read as a stream; repeated empty cells and rows are only counted.

Source: OpenDocument 1.3, part 3, section 9 (table:table-row, table:table-cell and their repetition).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from marketplace.errors import FileUnreadable, ListRefused
from marketplace.lists.cells.limits import PARTS_MAX, REPEATS_MAX, UNPACKED_TIMES_ODS, Meter
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet
from marketplace.lists.cells.xml import Parser, parse

_CHUNK = 1 << 16
_KINDS = {
    "float": CellKind.NUMBER, "percentage": CellKind.NUMBER, "currency": CellKind.NUMBER, "date": CellKind.DAY,
    "time": CellKind.CLOCK, "boolean": CellKind.BOOLEAN,
}  # fmt: skip


def read_ods(source: bytes, meter: Meter) -> list[Sheet]:
    """The sheets of a document in their order.

    Raises:
        FileUnreadable: no such document, or a broken or encrypted one. FileTooLarge: beyond `limits`.
    """
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            if len(archive.infolist()) > PARTS_MAX:
                raise meter.too_large(f"{PARTS_MAX} 个部件/parts")
            meter.times = UNPACKED_TIMES_ODS
            content = _Content(meter)
            parse(_chunks(archive, meter), content)
    except ListRefused:
        raise
    except Exception as error:  # zip, zlib and XML errors of a damaged file
        raise FileUnreadable(filename=meter.filename, why="broken") from error
    return content.sheets


def _chunks(archive: zipfile.ZipFile, meter: Meter) -> Iterator[bytes]:
    with archive.open("content.xml") as stream:
        while chunk := stream.read(_CHUNK):
            meter.bytes(len(chunk))
            yield chunk


def _attribute(attributes: dict[str, str], name: str) -> str:
    """By its name without prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _count(attributes: dict[str, str], name: str) -> int:
    text = _attribute(attributes, name)
    return int(text) if text.isascii() and text.isdigit() else 1


class _Content(Parser):
    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.sheets: list[Sheet] = []
        self._struck_styles: set[str] = set()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._name, self._hidden = "", False
        self._rows: dict[int, dict[int, Cell]] = {}
        self._merges: list[Rectangle] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._row, self._column = 1, 0
        self._row_cells: dict[int, Cell] = {}
        self._at, self._repeat, self._row_hidden = 0, 1, False
        self._cell_attributes: dict[str, str] = {}
        self._text: list[tuple[str, bool]] = []
        self._in_paragraph = self._in_note = 0
        self._spans: list[bool] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "style":
                self._style = _attribute(attributes, "name")
            case "text-properties":
                line = _attribute(attributes, "text-line-through-style")
                kind = _attribute(attributes, "text-line-through-type")
                if line not in ("", "none") or kind not in ("", "none"):
                    self._struck_styles.add(self._style)
            case "table-properties" if _attribute(attributes, "display") == "false":
                self._hidden_styles.add(self._style)
            case "table":
                self._start_sheet(attributes)
            case "table-column":
                self._start_column(attributes)
            case "table-row":
                self._repeat = _count(attributes, "number-rows-repeated")
                self._row_hidden = _attribute(attributes, "visibility") in ("collapse", "filter")
                self._row_cells, self._at = {}, 0
            case "table-cell" | "covered-table-cell":
                self._cell_attributes, self._text = attributes, []
            case "annotation":
                self._in_note += 1
            case "p" if not self._in_note:
                if self._text:
                    self._text.append(("\n", False))
                self._in_paragraph += 1
            case "span":
                self._spans.append(_attribute(attributes, "style-name") in self._struck_styles)
            case "s" if self._in_paragraph:
                self.text(" " * min(_count(attributes, "c"), 20))
            case "line-break" if self._in_paragraph:
                self.text("\n")

    def text(self, text: str) -> None:
        if self._in_paragraph and not self._in_note and len(self._text) < 10_000:
            self._text.append((text, any(self._spans)))

    def end(self, name: str) -> None:
        match name:
            case "p" if not self._in_note:
                self._in_paragraph = max(self._in_paragraph - 1, 0)
            case "annotation":
                self._in_note -= 1
            case "span" if self._spans:
                self._spans.pop()
            case "table-cell" | "covered-table-cell":
                self._end_cell()
            case "table-row":
                self._end_row()
            case "table":
                self.sheets.append(self._sheet())

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self._name = _attribute(attributes, "name")
        self._hidden = _attribute(attributes, "style-name") in self._hidden_styles
        self._rows, self._merges = {}, []
        self._hidden_rows, self._hidden_columns = set(), set()
        self._row, self._column = 1, 0
        self._row_cells, self._cell_attributes = {}, {}
        self._at, self._repeat, self._row_hidden = 0, 1, False

    def _start_column(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, "number-columns-repeated")
        if _attribute(attributes, "visibility") in ("collapse", "filter"):
            self._hidden_columns.update(range(self._column, min(self._column + count, 400)))
        self._column += count

    def _end_cell(self) -> None:
        attributes = self._cell_attributes
        repeat = _count(attributes, "number-columns-repeated")
        cell = self._read(attributes)
        if cell.text or cell.formula:
            times = min(repeat, REPEATS_MAX)
            self.meter.repeats(times - 1)
            for at in range(self._at, self._at + times):
                self._row_cells[at] = cell
            across, down = (
                _count(attributes, "number-columns-spanned"),
                _count(attributes, "number-rows-spanned"),
            )
            if across > 1 or down > 1:
                self.meter.merge()
                self._merges.append(
                    Rectangle(self._row, self._at, self._row + down - 1, self._at + across - 1)
                )
        self._at += repeat

    def _read(self, attributes: dict[str, str]) -> Cell:
        text = self.meter.kept("".join(piece for piece, _ in self._text))
        kind = _KINDS.get(_attribute(attributes, "value-type"), CellKind.TEXT)
        formula = _attribute(attributes, "formula")[:200]
        if kind is CellKind.DAY:
            text = (
                _attribute(attributes, "date-value").replace("T", " ").removesuffix(" 00:00:00")[:16] or text
            )
        if text.startswith(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "Err:")):
            kind = CellKind.ERROR
        struck = [piece for piece, is_struck in self._text if is_struck and piece.strip()]
        clean = [piece for piece, is_struck in self._text if not is_struck and piece.strip()]
        whole = _attribute(attributes, "style-name") in self._struck_styles
        return Cell(
            text,
            kind,
            formula,
            whole or (bool(struck) and not clean),
            bool(struck) and bool(clean) and not whole,
        )

    def _end_row(self) -> None:
        if self._row_hidden:
            self._hidden_rows.update(range(self._row, self._row + min(self._repeat, 10_000)))
        if self._row_cells:
            times = min(self._repeat, REPEATS_MAX)
            self.meter.repeats((times - 1) * len(self._row_cells))
            for number in range(self._row, self._row + times):
                for column in self._row_cells:
                    self.meter.cell(len(self.sheets), number, column)
                self._rows[number] = dict(self._row_cells)
        self._row += self._repeat

    def _sheet(self) -> Sheet:
        return Sheet(
            name=self._name,
            rows=self._rows,
            hidden=self._hidden,
            merges=tuple(self._merges),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            cut=self.meter.cut,
        )
