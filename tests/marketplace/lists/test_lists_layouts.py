"""Every layout of the corpus is read as its offices mean it, or asked about; none is taken for another list."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from marketplace.lists import ImportReport, ListKind, Table, read_file
from marketplace.values import AttendanceEntry
from tests.marketplace.lists.layouts_judged import judged, layouts

FILED_ON = date(2026, 11, 24)
SIGHTS = ("layouts_first_sight.toml", "layouts_second_sight.toml")
LAYOUTS = tomllib.loads((Path(__file__).parent / "layouts.toml").read_text("utf-8"))["layout"]


def read(layout: Mapping[str, object]) -> list[tuple[Table, ImportReport]]:
    """The layout as the csv file it would be."""
    out = io.StringIO()
    rows = [line.split("|") for line in str(layout["grid"]).strip("\n").split("\n")]
    csv.writer(out).writerows([cell.strip() for cell in row] for row in rows)
    workbook = read_file(out.getvalue().encode(), "表.csv", filed_on=FILED_ON)
    return list(zip(workbook.tables, workbook.reports(), strict=True))


@pytest.mark.parametrize("layout", LAYOUTS, ids=[one["name"] for one in LAYOUTS])
def test_a_layout_is_read_as_it_is_meant(layout: Mapping[str, object]) -> None:
    found = read(layout)
    kinds = layout.get("kinds") or [layout["kind"]] * int(str(layout.get("tables", 1)))
    wanted = ["unknown" if kind == "asked" else kind for kind in kinds]  # type: ignore[attr-defined]
    assert [table.kind.value for table, _ in found] == wanted, [table.questions for table, _ in found]
    for table, report in found:
        if table.kind is ListKind.UNKNOWN:
            assert any(one.code.startswith("kind_") for one in table.questions)
            assert not report.values
        fields = layout.get("fields", {})
        assert isinstance(fields, dict)
        assert {name: table.mapping.get(name) for name in fields} == fields
    if "lines" in layout:
        assert sum(len(report.rows) for _, report in found) == layout["lines"]
    assert sum(len(table.passed) for table, _ in found) == layout.get("passed", 0)


@pytest.mark.parametrize("layout", LAYOUTS, ids=[one["name"] for one in LAYOUTS])
def test_every_column_is_used_left_out_with_a_reason_or_asked_about(layout: Mapping[str, object]) -> None:
    for table, _ in read(layout):
        if table.kind is ListKind.UNKNOWN:
            continue
        asked = {one.column for one in table.questions if one.column and one.code.startswith("column_")}
        left = {one.column for one in table.left_out}
        wanted_asked, wanted_left = layout.get("asked", []), layout.get("left", [])
        assert isinstance(wanted_asked, list)
        assert isinstance(wanted_left, list)
        assert asked == set(wanted_asked)
        assert set(wanted_left) <= left
        codes = {one.code for one in table.questions if not one.column or one.code == "unit_unknown"}
        assert codes == set(layout.get("questions", []))  # type: ignore[call-overload]
        used = {
            *table.mapping.values(),
            *(column for _, column in table.more),
            *(one.column for one in table.ticks),
        }
        used |= {
            name
            for stay in table.stays
            for name in (stay.signed_in, stay.signed_out, stay.minutes, stay.cell)
        }
        filled = {name for row in table.rows for name, text in row.cells.items() if text}
        assert filled <= used | left | asked


@pytest.mark.parametrize(
    "layout",
    [one for one in LAYOUTS if "minutes" in one],
    ids=[one["name"] for one in LAYOUTS if "minutes" in one],
)
def test_the_minutes_of_a_sign_in_sheet_are_those_its_office_would_add_up(
    layout: Mapping[str, object],
) -> None:
    values = [
        value for _, report in read(layout) for value in report.values if isinstance(value, AttendanceEntry)
    ]
    assert sum(value.minutes_served for value in values) == layout["minutes"]


def test_the_corpus_is_wide_enough_to_mean_something() -> None:
    assert len(LAYOUTS) >= 60
    assert len({one["name"] for one in LAYOUTS}) == len(LAYOUTS)


@pytest.mark.parametrize("name", SIGHTS)
def test_layouts_nobody_tuned_for_are_read_as_meant_or_asked_about_and_most_are_read(name: str) -> None:
    results = [judged(layout) for layout in layouts(name)]
    assert [one for one in results if one.wrong] == []
    assert sum(1 for one in results if one.outcome == "right") >= 0.85 * len(results)
