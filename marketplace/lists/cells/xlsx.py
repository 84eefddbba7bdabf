"""Workbooks (xlsx, xlsm) of every writer, read as a stream with the standard library's XML parser.

Values, shown text, stored results of formulas, what is hidden or struck out and which areas are merged come out; looks do
not. A broken styles part loses looks, not values; elements are known without their namespace (strict OOXML, prefixes);
cells and rows without an address count on from the one before. Chart sheets are left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

from marketplace.errors import FileUnreadable, ListRefused
from marketplace.lists.cells.formats import built_in, plain_number, shown
from marketplace.lists.cells.limits import PARTS_MAX, Meter
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet
from marketplace.lists.cells.xml import Parser, parse

_CHUNK = 1 << 16


@dataclass(slots=True)
class _Style:
    code: str = "General"
    struck: bool = False


@dataclass(slots=True)
class _Listed:
    """A sheet as the workbook names it."""

    name: str
    relation: str
    hidden: bool


def read_xlsx(source: bytes, meter: Meter) -> list[Sheet]:
    """The sheets of a workbook in their order.

    Raises:
        FileUnreadable: no workbook, or a broken one. FileTooLarge: beyond `limits`.
    """
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            if len(archive.infolist()) > PARTS_MAX:
                raise meter.too_large(f"{PARTS_MAX} 个部件/parts")
            return _Workbook(archive, meter).sheets()
    except ListRefused:
        raise
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise FileUnreadable(filename=meter.filename, why="broken") from error
    except Exception as error:  # zlib and struct errors of a damaged archive
        raise FileUnreadable(filename=meter.filename, why="broken") from error


class _Workbook:
    """One open archive."""

    def __init__(self, archive: zipfile.ZipFile, meter: Meter) -> None:
        self.archive, self.meter = archive, meter
        self.names = {name.casefold(): name for name in archive.namelist()}
        self.base_1904 = False

    def sheets(self) -> list[Sheet]:
        book = self._target("", "officeDocument") or "xl/workbook.xml"
        listed = _WorkbookPart()
        self._parse(book, listed)
        self.base_1904 = listed.base_1904
        relations = self._relations(book)
        strings = self._strings(_first(relations, "sharedStrings"))
        styles = self._styles(_first(relations, "styles"))
        found: list[Sheet] = []
        for at, one in enumerate(listed.sheets):
            kind, path = relations.get(one.relation, ("", ""))
            if kind.endswith("/worksheet") and path.casefold() in self.names:
                part = _SheetPart(self, at, strings, styles)
                self._parse(path, part)
                found.append(part.sheet(one))
        return found

    def _target(self, part: str, kind: str) -> str:
        return _first(self._relations(part), kind)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (type, path inside the archive)."""
        path = PurePosixPath(part)
        of = str(path.parent / "_rels" / f"{path.name}.rels") if part else "_rels/.rels"
        if of.casefold() not in self.names:
            return {}
        found = _RelationsPart(str(path.parent) if part else "")
        self._parse(of, found)
        return found.relations

    def _strings(self, path: str) -> list[Cell]:
        if not path or path.casefold() not in self.names:
            return []
        found = _StringsPart(self.meter)
        self._parse(path, found)
        return found.strings

    def _styles(self, path: str) -> list[_Style]:
        if not path or path.casefold() not in self.names:
            return []
        found = _StylesPart()
        try:
            self._parse(path, found)
        except expat.ExpatError:
            return []
        return found.styles()

    def _parse(self, path: str, part: Parser) -> None:
        parse(self._chunks(path), part)

    def _chunks(self, path: str) -> Iterator[bytes]:
        with self.archive.open(self.names[path.casefold()]) as stream:
            while chunk := stream.read(_CHUNK):
                self.meter.bytes(len(chunk))
                yield chunk


def _first(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((path for of, path in relations.values() if of.endswith(f"/{kind}")), "")


class _RelationsPart(Parser):
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.relations: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{self.folder}/{target}"
            parts: list[str] = []
            for piece in path.split("/"):
                if piece == "..":
                    parts = parts[:-1]
                elif piece not in ("", "."):
                    parts.append(piece)
            self.relations[attributes.get("Id", "")] = (attributes.get("Type", ""), "/".join(parts))


class _WorkbookPart(Parser):
    def __init__(self) -> None:
        self.sheets: list[_Listed] = []
        self.base_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(_Listed(attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.base_1904 = attributes.get("date1904", "0") in ("1", "true")


class _StringsPart(Parser):
    """The shared strings; what is struck out inside one is known by its runs."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.strings: list[Cell] = []
        self._rich = _RichText()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._rich = _RichText()
        self._rich.start(name, attributes)

    def text(self, text: str) -> None:
        self._rich.add(text)

    def end(self, name: str) -> None:
        self._rich.end(name)
        if name == "si":
            self.strings.append(self._rich.cell(self.meter))


class _RichText:
    """Text in runs, some of them struck out; phonetic hints are left out."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []
        self._inside = self._phonetic = self._struck = False
        self._letters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._inside = not self._phonetic
        elif name == "rPh":
            self._phonetic = True
        elif name == "r":
            self._struck = False
        elif name == "strike":
            self._struck = attributes.get("val", "1") not in ("0", "false")

    def end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._phonetic = False

    def add(self, text: str) -> None:
        # Letters beyond what a cell may hold are dropped while they stream in.
        if self._inside and self._letters < 100_000:
            self._letters += len(text)
            self.pieces.append((text, self._struck))

    def cell(self, meter: Meter) -> Cell:
        struck = [text for text, is_struck in self.pieces if is_struck and text.strip()]
        clean = [text for text, is_struck in self.pieces if not is_struck and text.strip()]
        return Cell(
            meter.kept(_unescaped("".join(text for text, _ in self.pieces))),
            CellKind.TEXT,
            "",
            bool(struck) and not clean,
            bool(struck) and bool(clean),
        )


def _unescaped(text: str) -> str:
    """_x000D_ and the like, as some programs write line breaks."""
    text = text.replace("\r\n", "\n")
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda one: chr(int(one[1], 16)), text) if "_x" in text else text


class _StylesPart(Parser):
    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.fonts: list[bool] = []
        self.formats: list[tuple[int, int]] = []
        self._in_fonts = self._in_formats = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "numFmt":
                self.codes[_int(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "General")
            case "fonts":
                self._in_fonts = True
            case "cellXfs":
                self._in_formats = True
            case "font" if self._in_fonts:
                self.fonts.append(False)
            case "strike" if self._in_fonts and self.fonts:
                self.fonts[-1] = attributes.get("val", "1") not in ("0", "false")
            case "xf" if self._in_formats:
                self.formats.append(
                    (_int(attributes.get("numFmtId", "")), _int(attributes.get("fontId", "")))
                )

    def end(self, name: str) -> None:
        if name == "fonts":
            self._in_fonts = False
        elif name == "cellXfs":
            self._in_formats = False

    def styles(self) -> list[_Style]:
        return [
            _Style(self.codes.get(code) or built_in(code), font < len(self.fonts) and self.fonts[font])
            for code, font in self.formats
        ]


def _int(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(slots=True)
class _Open:
    """The cell being read."""

    column: int
    kind: str
    style: _Style
    value: list[str] = field(default_factory=list)
    formula: list[str] = field(default_factory=list)
    has_formula: bool = False
    inline: _RichText | None = None


_NO_STYLE = _Style()


class _SheetPart(Parser):
    """The cells of one sheet, in the order of the file."""

    def __init__(self, book: _Workbook, number: int, strings: list[Cell], styles: list[_Style]) -> None:
        self.book, self.number, self.strings, self.styles = book, number, strings, styles
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
                self._row = _int(attributes.get("r", "")) or self._row + 1
                self._column = -1
                if attributes.get("hidden") in ("1", "true"):
                    self.hidden_rows.add(self._row)
            case "is":
                self._opened().inline = _RichText()
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "col" if attributes.get("hidden") in ("1", "true"):
                first, last = _int(attributes.get("min", "")), _int(attributes.get("max", ""))
                self.hidden_columns.update(range(max(first - 1, 0), min(last, 400)))
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
            self._column = _column_of(self._attributes.get("r", ""))
        return self._column

    def _opened(self) -> _Open:
        """The cell being read, made when its first content comes."""
        if self._cell is None:
            style = _int(self._attributes.get("s", ""))
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
        self.book.meter.cell(self.number, self._row, one.column)
        self.rows.setdefault(self._row, {})[one.column] = cell

    def _read(self, one: _Open) -> Cell:
        value = "".join(one.value)
        formula = ("".join(one.formula)[:200] or "…") if one.has_formula else ""
        if one.inline is not None:
            return one.inline.cell(self.book.meter)._replace(formula=formula)
        match one.kind:
            case "s":
                at = _int(value)
                return self.strings[at] if value and at < len(self.strings) else Cell("")
            case "str":
                return Cell(self.book.meter.kept(_unescaped(value)), CellKind.TEXT, formula)
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
            return Cell(self.book.meter.kept(value), CellKind.TEXT, formula)
        if number is None or number != number or abs(number) == float("inf"):
            return Cell("", CellKind.TEXT, formula)
        if one.style.code == "General":
            return Cell(plain_number(number), CellKind.NUMBER, formula)
        text, kind = shown(number, one.style.code, base_1904=self.book.base_1904)
        return Cell(text, kind, formula)

    def _merge(self, ref: str) -> None:
        found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", ref)
        if found:
            self.book.meter.merge()
            self.merges.append(
                Rectangle(int(found[2]), _column_of(found[1]), int(found[4]), _column_of(found[3]))
            )

    def sheet(self, listed: _Listed) -> Sheet:
        return Sheet(
            name=listed.name,
            rows=self.rows,
            hidden=listed.hidden,
            merges=tuple(self.merges),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            cut=self.book.meter.cut,
        )


def _column_of(address: str) -> int:
    """A1 -> 0, AB7 -> 27."""
    number = 0
    for letter in address:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1
