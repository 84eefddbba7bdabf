"""The funnel as a workbook: the figures on the first sheet, each leading to the sheet of everybody behind it."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from timebank.office.funnel.flow import Funnel
from timebank.store.office.funnel import Person, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The workbook's words in the reader's language.

    Attributes:
        head: over the figures: stage, people, percentage, what it means. columns: over a list: number, name, place.
        notes: lines below the figures. few: instead of a figure with too few people behind it.
    """

    title: str
    stages: Mapping[Stage, str]
    meanings: Mapping[Stage, str]
    head: tuple[str, str, str, str]
    columns: tuple[str, str, str]
    notes: Sequence[str]
    few: str = ""


def workbook(
    shown: Funnel,
    people: Mapping[Stage, Sequence[Person]],
    words: Words,
    *,
    hidden: Collection[Stage] = (),
) -> bytes:
    """The bytes of an xlsx file; nothing in it is a formula.

    Args:
        people: everybody behind each figure, a sheet for each; none for a workbook that goes outside.
        hidden: stages that say `words.few` instead of their figure.
    """
    import xlsxwriter  # A spreadsheet library is loaded by whoever asks for a workbook.

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    large = book.add_format({"bold": True, "font_size": 16})
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"border": 1, "num_format": "#,##0", "valign": "top", "underline": 1})
    percent = book.add_format({"border": 1, "num_format": "0.0%", "valign": "top"})
    first = book.add_worksheet(words.title)
    first.write_string(0, 0, words.title, large)
    for column, text in enumerate(words.head):
        first.write_string(1, column, text, bold)
    for at, figure in enumerate(shown.figures, start=2):
        name = words.stages[figure.stage]
        first.write_string(at, 0, name, plain)
        if figure.stage in hidden:
            first.write_string(at, 1, words.few, plain)
            first.write_string(at, 2, "", plain)
        else:
            if people:
                first.write_url(at, 1, f"internal:'{name}'!A1", number, string=str(figure.people))
            first.write_number(at, 1, figure.people, number)
            first.write_number(at, 2, figure.per_mille / 1000, percent)
        first.write_string(at, 3, words.meanings[figure.stage], plain)
    for at, note in enumerate(words.notes, start=3 + len(shown.figures)):
        first.write_string(at, 0, note)
    first.set_column(0, 2, 12)
    first.set_column(3, 3, 70)
    for figure in shown.figures if people else ():
        sheet = book.add_worksheet(words.stages[figure.stage])
        for column, text in enumerate(words.columns):
            sheet.write_string(0, column, text, bold)
        for at, one in enumerate(people[figure.stage], start=1):
            for column, text in enumerate((one.number, one.name, one.area)):
                sheet.write_string(at, column, text)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, 14)
    book.close()
    return out.getvalue()
