"""Workbooks (xlsx, xlsm) of every writer, read as a stream with the standard library's XML parser.

Values, shown text, stored results of formulas, what is hidden or struck out and which areas are merged come out; looks do
not. A broken styles part loses looks, not values; elements are known without their namespace (strict OOXML, prefixes);
cells and rows without an address count on from the one before. Chart sheets are left out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat

from marketplace.errors import FileUnreadable, ListRefused
from marketplace.lists.cells.limits import PARTS_MAX, Meter
from marketplace.lists.cells.values import Cell, Sheet
from marketplace.lists.cells.xlsx_parts import RelationsPart, StringsPart, Style, StylesPart, WorkbookPart
from marketplace.lists.cells.xlsx_sheet import SheetPart
from marketplace.lists.cells.xml import Parser, parse

_CHUNK = 1 << 16


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
    except (
        Exception
    ) as error:  # a damaged archive raises errors of zip, zlib, struct, XML and of what its numbers lead to
        raise FileUnreadable(filename=meter.filename, why="broken") from error


class _Workbook:
    """One open archive."""

    def __init__(self, archive: zipfile.ZipFile, meter: Meter) -> None:
        self.archive, self.meter = archive, meter
        self.names = {name.casefold(): name for name in archive.namelist()}
        self.base_1904 = False

    def sheets(self) -> list[Sheet]:
        book = self._target("", "officeDocument") or "xl/workbook.xml"
        listed = WorkbookPart()
        self._parse(book, listed)
        self.base_1904 = listed.base_1904
        relations = self._relations(book)
        strings = self._strings(_first(relations, "sharedStrings"))
        styles = self._styles(_first(relations, "styles"))
        found: list[Sheet] = []
        for at, one in enumerate(listed.sheets):
            kind, path = relations.get(one.relation, ("", ""))
            if kind.endswith("/worksheet") and path.casefold() in self.names:
                part = SheetPart(self.meter, at, strings, styles, base_1904=self.base_1904)
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
        found = RelationsPart(str(path.parent) if part else "")
        self._parse(of, found)
        return found.relations

    def _strings(self, path: str) -> list[Cell]:
        if not path or path.casefold() not in self.names:
            return []
        found = StringsPart(self.meter)
        self._parse(path, found)
        return found.strings

    def _styles(self, path: str) -> list[Style]:
        if not path or path.casefold() not in self.names:
            return []
        found = StylesPart()
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
