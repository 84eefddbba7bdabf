"""The lists written back to xlsx and csv, in either language, safe to open in any spreadsheet program.

A cell that a program could run (=, +, -, @, tab, line breaks and their full-width forms at its start) gets a leading
apostrophe and is written as plain text. What is written whole (`private`) in Chinese, and read again, is the same list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from marketplace.categories import CategoryTree, default_tree
from marketplace.lists.columns import all_columns, is_private, may_lack
from marketplace.lists.export.lines import Style, cells_of
from marketplace.lists.kinds import ListKind
from marketplace.lists.report import Line
from marketplace.text import neutralised


def csv_of(kind: ListKind, lines: Sequence[Line], *, lang: str = "zh", private: bool = False) -> bytes:
    """The list as csv in UTF-8 with a byte-order mark, so that spreadsheet programs show Chinese.

    `private` also writes contacts, phones and remarks; leave it off for anything that goes on a board.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(table_of(kind, lines, lang=lang, private=private))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(
    kind: ListKind, lines: Sequence[Line], *, lang: str = "zh", private: bool = False, title: str = ""
) -> bytes:
    """The list as a workbook with a title row, a fixed header and columns wide enough to print."""
    # Imported here: importing the package must not load a spreadsheet library.
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    known = all_columns()[kind]
    sheet = book.add_worksheet(known.zh if lang.startswith("zh") else known.en)
    rows = table_of(kind, lines, lang=lang, private=private)
    sheet.write_string(
        0,
        0,
        neutralised(title or (known.zh if lang.startswith("zh") else known.en)),
        book.add_format({"bold": True, "font_size": 16}),
    )
    header, plain = (
        book.add_format({"bold": True, "border": 1, "text_wrap": True}),
        book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
    )
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(at + 1, column, cell, header if at == 0 else plain)
    _laid_out(sheet, rows)
    book.close()
    return out.getvalue()


def _laid_out(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Column widths by content, header fixed and repeated on every printed A4 page."""
    for column in range(len(rows[0])):
        widest = max(sum(2 if ord(char) > 0x2E7F else 1 for char in row[column]) for row in rows)
        sheet.set_column(column, column, min(max(widest + 2, 6), 40))
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def table_of(
    kind: ListKind,
    lines: Sequence[Line],
    *,
    lang: str = "zh",
    private: bool = False,
    tree: CategoryTree | None = None,
) -> list[list[str]]:
    """Header and rows as text, every cell safe for a spreadsheet program; the base of csv and xlsx."""
    header, *rows = words_of(kind, lines, lang=lang, private=private, tree=tree)
    return [header, *([neutralised(cell) for cell in row] for row in rows)]


def words_of(
    kind: ListKind,
    lines: Sequence[Line],
    *,
    lang: str = "zh",
    private: bool = False,
    tree: CategoryTree | None = None,
) -> list[list[str]]:
    """Header and rows as a person reads them; not for a spreadsheet, which may run a cell."""
    known = all_columns()[kind]
    style = Style(lang=lang, whole=private, tree=tree or default_tree())
    cells = [{"number": str(number), **cells_of(line, style)} for number, line in enumerate(lines, start=1)]
    fields = [
        name
        for name in known.fields
        if (private or not is_private(kind, name))
        and (not may_lack(kind, name) or any(one.get(name) for one in cells))
    ]
    header = [known.label(name, lang) for name in fields]
    return [header, *([one.get(name, "") for name in fields] for one in cells)]
