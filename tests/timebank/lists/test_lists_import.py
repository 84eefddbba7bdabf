"""The office's own files come in: judged row by row, saved once, answered at the desk, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace import store as lists
from marketplace.lists import Verdict
from timebank.lists import flow

GIVEN = Path(__file__).parents[3] / "examples" / "data" / "lists"


def given() -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(GIVEN.iterdir())]


async def test_all_four_given_files_come_in_with_every_row_accounted_for(town) -> None:
    reports = await flow.import_files(town.ctx, None, "dongqu", given())
    for r in reports:
        print(r.name, r.counts, r.changes)
        for row in r.rows:
            if row.reasons: print("  ", row.number, row.verdict, row.target, [x.code for x in row.reasons])
    again = await flow.import_files(town.ctx, None, "dongqu", given())
    assert [r.changes for r in again] == [0,0,0,0]
    assert 0
