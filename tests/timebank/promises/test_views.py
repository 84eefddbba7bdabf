"""What is told of each standing: the worked-out table holds, every sentence of a standing claims the same, every press exists."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from timebank.catalogue.views import views
from timebank.help.promises.presses import ON_NEEDS, PRESSES
from timebank.rules.parts.promises import Person, Standing, view

TABLE = list(csv.DictReader((Path(__file__).parent / "views.tsv").open(encoding="utf-8"), delimiter="\t"))
NO_PRESS_OF_OURS = {"approve", "correct_look"}
"""Presses of the worked-out table that belong to the auditor's second look."""
WORDS = {
    "who", "when", "what", "due", "alt1", "alt2", "body", "elder", "at", "at2", "hours", "old", "why", "till", "next", "n",
    "day",
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['standing']}-{row['person']}")
def test_the_worked_out_table_holds(row: dict[str, str]) -> None:
    found = view(Standing(row["standing"]), Person(row["person"]))
    presses = tuple(one for one in row["presses"].split() if one != "-" and one not in NO_PRESS_OF_OURS)
    assert (found.says, found.zh, found.en, found.presses) == (row["says"], row["zh"], row["en"], presses)


def test_every_standing_is_told_to_every_person() -> None:
    assert set(views()) == {one.value for one in Standing}
    for standing in Standing:
        for person in Person:
            assert view(standing, person).zh
            assert view(standing, person).en


def test_every_press_that_is_offered_exists_and_every_press_is_offered_somewhere() -> None:
    offered = {press for told in views().values() for line in told.lines.values() for press in line.presses}
    assert offered == PRESSES.keys() | ON_NEEDS


def test_sentences_name_nothing_that_no_page_can_fill_in() -> None:
    for told in views().values():
        for line in told.lines.values():
            for said in (line.zh, line.en):
                assert set(re.findall(r"{(\w+)}", said)) <= WORDS


def test_nobody_is_told_that_somebody_comes_when_nobody_does() -> None:
    for code in ("searching", "unfilled", "silent", "did_not", "off_date", "off_series", "off_rain"):
        assert "C-" in views()[code].says


def test_the_auditor_presses_nothing_that_enters_hours() -> None:
    for told in views().values():
        assert told.lines.get("auditor") is None or not set(told.lines["auditor"].presses) - {"hold"}
