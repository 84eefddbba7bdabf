"""The cells of one sheet of a workbook, as they stream in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from marketplace.lists.cells.formats import plain_number, shown
from marketplace.lists.cells.limits import COLUMNS_MAX, Meter
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet
from marketplace.lists.cells.xlsx_parts import Listed, RichText, Style, unescaped, whole
from marketplace.lists.cells.xml import Parser


@dataclass(slots=True)
class _Open:
    """The cell being read."""

    column: int
    kind: str
    style: Style
    value: list[str] = field(default_factory=list)
    formula: list[str] = field(default_factory=list)
    has_formula: bool = False
    inline: RichText | None = None


_NO_STYLE = Style()


class SheetPart(Parser):
    """The cells of one sheet, in the order of the file."""

    def __init__(
        self, meter: Meter, number: int, strings: list[Cell], styles: list[Style], *, base_1904: bool
    ) -> None:
        self.meter, self.number, self.strings, self.styles = meter, number, strings, styles
        self.base_1904 = base_1904
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merges: list[Rectangle] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._row, self._column = 0, -1
        self._attributes: dict[str, str] = {}
        self._cell: _Open | None = None
        self._into: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "c":
                # Most cells of a file made to hurt are empty: nothing is made of one before it holds something.
                self._column = -2 if "r" in attributes else self._column_now() + 1
                self._attributes, self._cell = attributes, None
            case "v":
                self._into = self._opened().value
            case "f":
                self._opened().has_formula = True
                self._into = self._opened().formula
            case "row":
                self._row = whole(attributes.get("r", "")) or self._row + 1
                self._column = -1
                if attributes.get("hidden") in ("1", "true"):
                    self.hidden_rows.add(self._row)
            case "is":
                self._opened().inline = RichText()
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "col" if attributes.get("hidden") in ("1", "true"):
                first, last = whole(attributes.get("min", "")), whole(attributes.get("max", ""))
                if len(self.hidden_columns) < COLUMNS_MAX:
                    self.hidden_columns.update(range(max(first - 1, 0), min(last, COLUMNS_MAX)))
            case _ if self._cell is not None and self._cell.inline is not None:
                self._cell.inline.start(name, attributes)

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)
        elif self._cell is not None and self._cell.inline is not None:
            self._cell.inline.add(text)

    def end(self, name: str) -> None:
        match name:
            case "v" | "f":
                self._into = None
            case "c" if self._cell is not None:
                self._end_cell(self._cell)
                self._cell = None
            case _ if self._cell is not None and self._cell.inline is not None:
                self._cell.inline.end(name)

    def _column_now(self) -> int:
        """The column of the cell last opened."""
        if self._column == -2:
            self._column = column_of(self._attributes.get("r", ""))
        return self._column

    def _opened(self) -> _Open:
        """The cell being read, made when its first content comes."""
        if self._cell is None:
            style = whole(self._attributes.get("s", ""))
            self._cell = _Open(
                self._column_now(),
                self._attributes.get("t", "n"),
                self.styles[style] if style < len(self.styles) else _NO_STYLE,
            )
        return self._cell

    def _end_cell(self, one: _Open) -> None:
        cell = self._read(one)
        if not cell.text and not cell.formula:
            return
        if one.style.struck and not cell.struck:
            cell = cell._replace(struck=True, partly_struck=False)
        self.meter.cell(self.number, self._row, one.column)
        self.rows.setdefault(self._row, {})[one.column] = cell

    def _read(self, one: _Open) -> Cell:
        value = "".join(one.value)
        formula = ("".join(one.formula)[:200] or "…") if one.has_formula else ""
        if one.inline is not None:
            return one.inline.cell(self.meter)._replace(formula=formula)
        match one.kind:
            case "s":
                at = whole(value)
                return self.strings[at] if value and at < len(self.strings) else Cell("")
            case "str":
                return Cell(self.meter.kept(unescaped(value)), CellKind.TEXT, formula)
            case "b":
                return Cell({"1": "是", "0": "否"}.get(value, ""), CellKind.BOOLEAN, formula)
            case "e":
                return Cell(value, CellKind.ERROR, formula)
            case "d":
                return Cell(
                    value.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00"), CellKind.DAY, formula
                )
        try:
            number = float(value) if value else None
        except ValueError:
            return Cell(self.meter.kept(value), CellKind.TEXT, formula)
        if number is None or number != number or abs(number) == float("inf"):
            return Cell("", CellKind.TEXT, formula)
        if one.style.code == "General":
            return Cell(plain_number(number), CellKind.NUMBER, formula)
        text, kind = shown(number, one.style.code, base_1904=self.base_1904)
        return Cell(text, kind, formula)

    def _merge(self, ref: str) -> None:
        found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", ref)
        if found:
            self.meter.merge()
            self.merges.append(
                Rectangle(int(found[2]), column_of(found[1]), int(found[4]), column_of(found[3]))
            )

    def sheet(self, listed: Listed) -> Sheet:
        return Sheet(
            name=listed.name,
            rows=self.rows,
            hidden=listed.hidden,
            merges=tuple(self.merges),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            cut=self.meter.cut,
        )


def column_of(address: str) -> int:
    """A1 -> 0, AB7 -> 27."""
    number = 0
    for letter in address:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1
