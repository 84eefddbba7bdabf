"""Text files of any usual encoding and separator: the reading under which most header words are known is the right one.

Big5 text decodes as GB18030 without an error, and times hold more semicolons than a table has commas, so neither the
encoding nor the separator is guessed from its letters alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import pstdev

from marketplace.errors import FileUnreadable
from marketplace.lists.cells.limits import Meter
from marketplace.lists.cells.values import Cell, CellKind, Sheet

# How many cells of a row are words of a header.
Known = Callable[[Sequence[str]], int]

DELIMITERS = (",", "\t", ";", "|", "，")
_HEADER_WITHIN_ROWS = 20
_SAMPLE_LETTERS = 40_000
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


def decoded(source: bytes, filename: str, known: Known) -> str:
    """The text in UTF-8, UTF-16, GB18030 or Big5, whichever knows the header.

    Raises:
        FileUnreadable: binary, or in no such encoding.
    """
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(source, "utf-16", filename)
    if b"\x00" in source[:4096]:
        wide = _wide(source)
        if not wide:
            raise FileUnreadable(filename=filename, why="binary")
        return _decoded(source, wide, filename)
    if b"\x00" in source:
        raise FileUnreadable(filename=filename, why="binary")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    best: tuple[int, int, str] | None = None
    for at, encoding in enumerate(("gb18030", "big5")):
        try:
            text = source.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = max(_score(text, delimiter, known)[0] for delimiter in DELIMITERS)
        if best is None or (score, -at) > best[:2]:
            best = (score, -at, text)
    if best is None:
        raise FileUnreadable(filename=filename, why="encoding")
    return best[2]


def _wide(source: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain letters is zero."""
    odd, even = source[1:400:2].count(0), source[0:400:2].count(0)
    if odd > 20 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 20 and not odd else ""


def _decoded(source: bytes, encoding: str, filename: str) -> str:
    try:
        return source.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise FileUnreadable(filename=filename, why="encoding") from error


def read_text(text: str, meter: Meter, name: str, known: Known) -> list[Sheet]:
    """The one sheet of a text file.

    Raises:
        FileUnreadable: a quoted cell without end. FileTooLarge: beyond `limits`.
    """
    said = re.match(r"\s*\"?sep=(.)\"?\r?\n?", text)
    first = 1
    if said:
        text, delimiter, first = text[said.end() :], said[1], 2
    else:
        delimiter = delimiter_of(text, known)
    rows: dict[int, dict[int, Cell]] = {}
    csv.field_size_limit(10_000_000)
    try:
        for number, row in enumerate(_reader(text, delimiter), start=first):
            cells: dict[int, Cell] = {}
            for column, raw in enumerate(row):
                if content := meter.kept(raw.replace("\r\n", "\n")):
                    meter.cell(0, number, column)
                    kind = CellKind.ERROR if content in _ERRORS else CellKind.TEXT
                    cells[column] = Cell(content, kind)
            if cells:
                rows[number] = cells
    except csv.Error as error:
        raise FileUnreadable(filename=meter.filename, why="csv") from error
    return [Sheet(name=name, rows=rows, cut=meter.cut)]


def delimiter_of(text: str, known: Known) -> str:
    """The separator under which most header words are known, else the one of the steadiest width, else a comma."""
    scored = [(*_score(text, one, known), -at, one) for at, one in enumerate(DELIMITERS)]
    return max(scored)[-1]


def _score(text: str, delimiter: str, known: Known) -> tuple[int, float]:
    """(header words known in the best of the first rows, steadiness of the width)."""
    try:
        rows = list(islice(_reader(text[:_SAMPLE_LETTERS], delimiter), _HEADER_WITHIN_ROWS))
    except csv.Error:
        return 0, 0.0
    widths = [len(row) for row in rows if any(row)]
    best = max((known(row) for row in rows if len(row) > 1), default=0)
    if not widths or max(widths) < 2:
        return best, 0.0
    average = sum(widths) / len(widths)
    return best, (average - 1) / (1 + pstdev(widths))


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
