"""A payment file becomes one batch, after it was shown; what cannot be right is told by its row."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from ledger import errors as no
from ledger.payments import batch_of, preview, read_rows, read_sheet

ZHANG, LI, WANG = (f"Liabilities:Member:M0000{n}" for n in (1, 2, 3))
HEADING = ("账户", "付出", "收到")


def written(tmp_path, rows, heading=HEADING):
    book = Workbook()
    for row in (heading, *rows):
        book.active.append(row)
    book.save(tmp_path / "pay.xlsx")
    return tmp_path / "pay.xlsx"


async def test_a_file_is_shown_and_then_posted_once(any_town, tmp_path):
    town = any_town
    await town.post(town.earn(ZHANG, 60))
    await town.post(town.earn(LI, 30))
    rows = [(ZHANG, 50, None), (LI, 10.0, 0), (), (WANG, None, 25), (town.issuer, None, 35)]
    payments, faults = read_sheet(written(tmp_path, rows))
    shown = preview(payments, faults, await town.book.accounts())
    assert shown.faults == ()
    assert shown.totals == {"MIN": 60}
    assert [(line.before, line.after) for line in shown.lines] == [(60, 10), (30, 20), (0, 25), (-90, -55)]
    for _ in range(2):
        await town.post(batch_of(payments, actor="W1"))
    assert [await town.available(who) for who in (ZHANG, LI, WANG)] == [10, 20, 25]
    assert await town.book.verify() == []


@pytest.mark.parametrize(
    ("rows", "row", "said"),
    [
        ([(ZHANG, 5, None), (ZHANG, 6, None), (LI, None, 11)], 3, "row 2 already"),
        ([(ZHANG, 5, None), (LI, None, 6)], 0, "5 is given and 6 received"),
        ([(ZHANG, 5, 5), (LI, 5, None), (WANG, None, 5)], 2, "must not be zero"),
        ([(ZHANG, 5.5, None), (LI, None, 5)], 2, "whole number"),
        ([(ZHANG, -5, None), (LI, None, 5)], 2, "negative"),
        ([("张三", 5, None), (LI, None, 5)], 2, "not an account code"),
        ([(ZHANG, "5", None), (LI, None, 5)], 2, "whole number"),
        ([(ZHANG, True, None), (LI, None, 5)], 2, "whole number"),
    ],
)
def test_what_cannot_be_right_is_told_by_its_row(rows, row, said):
    _, faults = read_rows([("account", "gives", "receives"), *rows])
    assert any(fault.row == row and said in fault.en and fault.zh for fault in faults), faults


def test_a_file_without_rows_or_columns_is_told():
    assert read_rows([])[1][0].en == "The file is empty."
    assert "receives" in read_rows([("account", "gives")])[1][0].en
    assert read_rows([HEADING]) == ([], [])


async def test_the_preview_sees_bounds_closed_accounts_and_strangers(town):
    await town.post(town.earn(ZHANG, 60))
    rows = [
        ("account", "gives", "receives", "commodity"),
        (ZHANG, 61, None, None),
        ("Assets:Nobody", None, 61, "MIN"),
    ]
    shown = preview(*read_rows(rows), await town.book.accounts())
    assert [(fault.row, fault.en.split(":")[0].split(" would")[0]) for fault in shown.faults] == [
        (2, ZHANG.split(":")[0]), (3, "There is no such account"),
    ]  # fmt: skip
    assert shown.lines[0].beyond_bounds


def test_an_uneven_file_makes_no_batch():
    payments, _ = read_rows([("account", "gives", "receives"), (ZHANG, 5, None), (LI, None, 6)])
    with pytest.raises(no.Unbalanced):
        batch_of(payments)


def test_two_commodities_are_paired_each_for_itself():
    rows = [("account", "gives", "receives", "commodity"), (ZHANG, 5, None, "MIN"), (LI, None, 5, "MIN"), (LI, 3, None, "PTS"), (ZHANG, None, 3, "PTS")]  # fmt: skip
    payments, faults = read_rows(rows)
    assert faults == []
    assert [[leg.commodity for leg in one.legs] for one in batch_of(payments).commands] == [
        ["MIN", "MIN"],
        ["PTS", "PTS"],
    ]
