"""Tables of a web page, as many systems hand out under the name of an xls file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from marketplace.lists.cells.limits import Meter
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet

_STRUCK = frozenset({"s", "del", "strike"})


def read_html(text: str, meter: Meter, name: str) -> list[Sheet]:
    """Every table of the page as a sheet; a table inside a cell is part of that cell's text.

    Raises:
        FileTooLarge: beyond `limits`.
    """
    page = _Page(meter, name)
    page.feed(text)
    page.close()
    page.end_table()
    return [sheet for sheet in page.sheets if sheet.rows]


class _Page(HTMLParser):
    def __init__(self, meter: Meter, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.meter, self.name = meter, name
        self.sheets: list[Sheet] = []
        self._depth = 0
        self._clear()

    def _clear(self) -> None:
        self._rows: dict[int, dict[int, Cell]] = {}
        self._merges: list[Rectangle] = []
        self._hidden_rows: set[int] = set()
        self._taken: set[tuple[int, int]] = set()
        self._row, self._column = 0, 0
        self._cell: dict[str, str] | None = None
        self._text: list[tuple[str, bool]] = []
        self._struck = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._depth += 1
        elif not self._depth:
            return
        elif tag == "tr" and self._depth == 1:
            self._end_cell()
            self._row += 1
            self._column = 0
            if "display:none" in attributes.get("style", "").replace(" ", "").casefold():
                self._hidden_rows.add(self._row)
        elif tag in ("td", "th") and self._depth == 1:
            self._end_cell()
            self._row = self._row or 1
            self._cell, self._text = attributes, []
        elif tag in ("br", "p", "div") and self._cell is not None and self._text:
            self._text.append(("\n", False))
        elif tag in _STRUCK:
            self._struck += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
            if self._depth <= 0:
                self.end_table()
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()
        elif tag in _STRUCK:
            self._struck = max(self._struck - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._text.append((data, self._struck > 0))

    def end_table(self) -> None:
        """The table so far becomes a sheet."""
        self._end_cell()
        self._depth = 0
        number = len(self.sheets) + 1
        self.sheets.append(
            Sheet(
                name=self.name if number == 1 else f"{self.name} {number}",
                rows=self._rows,
                merges=tuple(self._merges),
                hidden_rows=frozenset(self._hidden_rows),
                cut=self.meter.cut,
            )
        )
        self._clear()

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        attributes, self._cell = self._cell, None
        while (self._row, self._column) in self._taken:
            self._column += 1
        across, down = _span(attributes, "colspan"), _span(attributes, "rowspan")
        text = self.meter.kept(_spaced("".join(piece for piece, _ in self._text)))
        style = attributes.get("style", "").replace(" ", "").casefold()
        struck = [piece for piece, is_struck in self._text if is_struck and piece.strip()]
        clean = [piece for piece, is_struck in self._text if not is_struck and piece.strip()]
        whole = "line-through" in style or (bool(struck) and not clean)
        if text:
            self.meter.cell(len(self.sheets), self._row, self._column)
            kind = CellKind.ERROR if text.startswith(("#N/A", "#REF!", "#VALUE!")) else CellKind.TEXT
            self._rows.setdefault(self._row, {})[self._column] = Cell(
                text, kind, "", whole, bool(struck) and bool(clean) and not whole
            )
        if across > 1 or down > 1:
            self.meter.merge()
            self.meter.repeats(across * down - 1)
            self._merges.append(
                Rectangle(self._row, self._column, self._row + down - 1, self._column + across - 1)
            )
            self._taken.update(
                (row, column)
                for row in range(self._row + 1, self._row + down)
                for column in range(self._column, self._column + across)
            )
        self._column += across


def _span(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "").strip()
    return min(int(text), 300) if text.isascii() and text.isdigit() and int(text) else 1


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\r\f\v]+", " ", re.sub(r"\s*\n\s*", "\n", text.replace("\xa0", " ")))
