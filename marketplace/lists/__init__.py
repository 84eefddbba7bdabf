"""The four lists, the volunteers' list and the roll-call, read from the files offices keep and written back to them.

    workbook = read_file(path, filed_on=date(2026, 11, 18))
    for report in workbook.reports():
        print(report.kind, len(report.accepted), len(report.questioned), len(report.refused))

A file becomes cells (`cells`), the tables on its sheets come apart (`regions`), their columns are recognised by their words
and their cells (`headers`), what is not sure is a question (`Table.questions`, answered by `Table.answered`), and each row is
judged by itself (`judging` and one module per list). Nothing is lost: a refused row keeps its cells and says why.
"""

from marketplace.lists.export import csv_of, page_of, xlsx_of
from marketplace.lists.files import read_file
from marketplace.lists.kinds import ListKind, Verdict
from marketplace.lists.questions import TableQuestion
from marketplace.lists.report import ImportReport, RowReport
from marketplace.lists.table import SourceRow, Table, TableAnswers
from marketplace.lists.workbook import Workbook
from marketplace.values import AttendanceEntry, VolunteerEntry

__all__ = [
    "AttendanceEntry",
    "ImportReport",
    "ListKind",
    "RowReport",
    "SourceRow",
    "Table",
    "TableAnswers",
    "TableQuestion",
    "Verdict",
    "VolunteerEntry",
    "Workbook",
    "csv_of",
    "page_of",
    "read_file",
    "xlsx_of",
]
