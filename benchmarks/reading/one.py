"""One file read by one reader in a process of its own: `python -m benchmarks.reading.one READER PATH`; prints seconds and megabytes.

Readers: ours (cells, tables, columns, every row judged), cells (our cells alone), openpyxl and calamine (the same cells).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO


def _ours(content: bytes) -> int:
    from marketplace.lists import read_file

    reports = read_file(content, "list", filed_on=date(2026, 11, 24)).reports()
    return sum(len(report.rows) for report in reports)


def _cells(content: bytes) -> int:
    from marketplace.lists.cells import read_cells
    from marketplace.lists.headers.claiming import header_words

    return sum(
        len(row) for sheet in read_cells(content, "list", known=header_words) for row in sheet.rows.values()
    )


def _openpyxl(content: bytes) -> int:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(content), data_only=True, read_only=True)
    return sum(
        value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )


def _calamine(content: bytes) -> int:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return sum(
        value != ""
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for value in row
    )


READERS: dict[str, Callable[[bytes], int]] = {
    "ours": _ours, "cells": _cells, "openpyxl": _openpyxl, "calamine": _calamine,
}  # fmt: skip


def main() -> None:
    """Read once to load what is loaded once, then read the file."""
    reader, path = sys.argv[1:]
    with open(path, "rb") as file:
        content = file.read()
    with open(sys.argv[2] + ".warm", "rb") as file:
        READERS[reader](file.read())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = READERS[reader](content)
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {"seconds": spent, "megabytes": peak / 1024, "more": (peak - before) / 1024, "found": found}
        )
    )


if __name__ == "__main__":
    main()
