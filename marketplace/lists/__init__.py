"""The four lists, the volunteers' list and the roll-call, read from the files offices keep and written back to them.

    workbook = read_file(path, filed_on=date(2026, 11, 18))
    for report in workbook.reports():
        print(report.kind, len(report.accepted), len(report.questioned), len(report.refused))

A file becomes tables (`files`), a table's columns are recognised by their many names (`columns`), each row is judged by
itself (`judging` and one module per list) and nothing is lost: a refused row keeps its cells and says why.
"""

from marketplace.lists.export import csv_of, xlsx_of
from marketplace.lists.files import read_file
from marketplace.lists.pages import page_of
from marketplace.lists.report import ImportReport, ListKind, RowReport, Table, Verdict, Workbook
from marketplace.values import AttendanceEntry, VolunteerEntry

__all__ = [
    "AttendanceEntry",
    "ImportReport",
    "ListKind",
    "RowReport",
    "Table",
    "Verdict",
    "VolunteerEntry",
    "Workbook",
    "csv_of",
    "page_of",
    "read_file",
    "xlsx_of",
]
