"""A file becomes sheets of cells: by its content, not by its name, and within limits that are counted while it streams in.

    sheets = read_cells(content, "名单.xlsx", known=header_words)

xlsx, xls, ods, tables of a web page, and text with any usual separator and encoding. What cannot be read is refused with a
sentence that says what to do.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

from marketplace.errors import FileUnreadable
from marketplace.lists.cells import limits
from marketplace.lists.cells.html import read_html
from marketplace.lists.cells.limits import Meter
from marketplace.lists.cells.ods import read_ods
from marketplace.lists.cells.text import Known, decoded, read_text
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet
from marketplace.lists.cells.xls import read_xls
from marketplace.lists.cells.xlsx import read_xlsx

__all__ = ["Cell", "CellKind", "Known", "Rectangle", "Sheet", "read_cells"]

# Files that are no table, by their first bytes; each has its own sentence.
_FOREIGN = (
    (b"%PDF", "pdf"), (b"\xff\xd8\xff", "picture"), (b"\x89PNG", "picture"), (b"GIF8", "picture"), (b"BM", "picture"),
    (b"{\\rtf", "document"),
)  # fmt: skip


def read_cells(source: bytes, filename: str, *, known: Known) -> list[Sheet]:
    """The sheets of a file.

    Args:
        known: how many cells of a row are header words; it settles encoding and separator of a text file.

    Raises:
        FileUnreadable: `why` says what it is instead; FileTooLarge: beyond `limits`.
    """
    if len(source) > limits.BYTES_MAX:
        raise Meter(filename=filename).too_large(f"{limits.BYTES_MAX // 1024 // 1024} MB")
    meter = Meter(filename=filename, packed=len(source))
    stem = PurePath(filename).stem or "csv"
    for start, why in _FOREIGN:
        if source.startswith(start) and (start != b"BM" or b"\x00" in source[:64]):
            raise FileUnreadable(filename=filename, why=why)
    if source[:2] == b"PK":
        return _zipped(source, meter)
    if source[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return read_xls(source, meter)
    head = source[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if head.startswith(b"mime-version") or b"content-type: multipart/related" in head:
        raise FileUnreadable(filename=filename, why="web_archive")
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise FileUnreadable(filename=filename, why="xml_2003")
    if head.startswith(b"<") and re.search(rb"<(?:!doctype html|html|table|head|body|meta|div)", head):
        return read_html(_html_text(source, filename, known), meter, stem)
    return read_text(decoded(source, filename, known), meter, stem, known)


def _zipped(source: bytes, meter: Meter) -> list[Sheet]:
    try:
        names = zipfile.ZipFile(BytesIO(source)).namelist()
    except Exception as error:  # damaged archives raise many kinds
        raise FileUnreadable(filename=meter.filename, why="broken") from error
    if "content.xml" in names:
        return read_ods(source, meter)
    if any(name.casefold().startswith("word/") for name in names):
        raise FileUnreadable(filename=meter.filename, why="document")
    if not any(name.casefold().endswith("workbook.xml") for name in names):
        why = "xlsb" if any(name.casefold().endswith("workbook.bin") for name in names) else "zip"
        raise FileUnreadable(filename=meter.filename, why=why)
    return read_xlsx(source, meter)


def _html_text(source: bytes, filename: str, known: Known) -> str:
    """The page as text: by what it says of itself, else as any text."""
    said = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", source[:4096])
    encoding = said[1].decode("ascii", "replace").casefold() if said else ""
    if encoding and source[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        encoding = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig"}.get(encoding, encoding)
        try:
            return source.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    return decoded(source, filename, known)
