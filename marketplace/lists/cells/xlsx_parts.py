"""The parts of a workbook beside its sheets: relations, names of sheets, shared strings, styles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.lists.cells.formats import built_in
from marketplace.lists.cells.limits import Meter
from marketplace.lists.cells.values import Cell, CellKind
from marketplace.lists.cells.xml import Parser


@dataclass(slots=True)
class Style:
    code: str = "General"
    struck: bool = False


@dataclass(slots=True)
class Listed:
    """A sheet as the workbook names it."""

    name: str
    relation: str
    hidden: bool


class RelationsPart(Parser):
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


class WorkbookPart(Parser):
    def __init__(self) -> None:
        self.sheets: list[Listed] = []
        self.base_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(Listed(attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.base_1904 = attributes.get("date1904", "0") in ("1", "true")


class StringsPart(Parser):
    """The shared strings; what is struck out inside one is known by its runs."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.strings: list[Cell] = []
        self._rich = RichText()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._rich = RichText()
        self._rich.start(name, attributes)

    def text(self, text: str) -> None:
        self._rich.add(text)

    def end(self, name: str) -> None:
        self._rich.end(name)
        if name == "si":
            self.strings.append(self._rich.cell(self.meter))


class RichText:
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
            meter.kept(unescaped("".join(text for text, _ in self.pieces))),
            CellKind.TEXT,
            "",
            bool(struck) and not clean,
            bool(struck) and bool(clean),
        )


def unescaped(text: str) -> str:
    """_x000D_ and the like, as some programs write line breaks."""
    text = text.replace("\r\n", "\n")
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda one: chr(int(one[1], 16)), text) if "_x" in text else text


class StylesPart(Parser):
    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.fonts: list[bool] = []
        self.formats: list[tuple[int, int]] = []
        self._in_fonts = self._in_formats = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "numFmt":
                self.codes[whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "General")
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
                    (whole(attributes.get("numFmtId", "")), whole(attributes.get("fontId", "")))
                )

    def end(self, name: str) -> None:
        if name == "fonts":
            self._in_fonts = False
        elif name == "cellXfs":
            self._in_formats = False

    def styles(self) -> list[Style]:
        return [
            Style(self.codes.get(code) or built_in(code), font < len(self.fonts) and self.fonts[font])
            for code, font in self.formats
        ]


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
