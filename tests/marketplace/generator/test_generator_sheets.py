"""A written list is an answer sheet: the importers must judge every row as its fault deserves, and read clean rows as meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

import pytest

from marketplace.categories import default_tree
from marketplace.generator import (
    COMMUNITY,
    FAULTS,
    ZONE,
    Sheet,
    Town,
    attendance_of,
    csv_of_sheet,
    scaled,
    volunteers_of,
    workbook_of,
    xlsx_of_sheets,
)
from marketplace.generator.kinds import ALL_KINDS
from marketplace.lists import ImportReport, ListKind, Verdict, read_file
from marketplace.planning import PlanContext
from marketplace.planning.problem.tasks import tasks_of
from marketplace.values import SHANGHAI, Need, VolunteerEntry

CONTEXT = PlanContext(now=datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI))


@cache
def written(dirty_per_cent: int) -> tuple[Town, tuple[tuple[Sheet, ImportReport], ...]]:
    """A sixteenth of the zone as files, with what the importers made of each."""
    town = Town(replace(scaled(ZONE, 16), dirty_per_cent=dirty_per_cent), Random(8))
    at, draw = town.community(0), Random(9)
    sheets = workbook_of(town, at, draw)
    pairs = list(zip(sheets, read(town, xlsx_of_sheets(sheets), "四张清单.xlsx"), strict=True))
    people = volunteers_of(town, at, draw)
    pairs.append((people, *read(town, csv_of_sheet(people, encoding="gb18030"), "报到志愿者.csv")))
    for sheet in attendance_of(town, at, draw):
        pairs.append((sheet, *read(town, csv_of_sheet(sheet), f"{sheet.name}.csv")))
    return town, tuple(pairs)


def read(town: Town, data: bytes, filename: str) -> Any:
    return read_file(data, filename, filed_on=town.filed_on).reports()


def rows_of(pairs: Iterable[tuple[Sheet, ImportReport]]) -> Any:
    for sheet, report in pairs:
        assert report.kind is sheet.kind
        for row, judged in zip(sheet.rows, report.rows, strict=True):
            yield sheet, row.fault, judged


def test_a_list_without_slips_is_accepted_row_by_row() -> None:
    _, pairs = written(0)
    verdicts = Counter((sheet.kind, judged.verdict) for sheet, _, judged in rows_of(pairs))
    assert {verdict for _, verdict in verdicts} == {Verdict.ACCEPTED}
    assert {kind for kind, _ in verdicts} == set(ListKind) - {ListKind.UNKNOWN}


def test_every_slip_is_judged_as_it_deserves() -> None:
    _, pairs = written(60)
    met: Counter[Any] = Counter()
    wrong: list[Any] = []
    for sheet, fault, judged in rows_of(pairs):
        expected = fault.verdict if fault else Verdict.ACCEPTED
        met[sheet.kind, fault.code if fault else ""] += 1
        codes = {reason.code for reason in judged.reasons}
        if judged.verdict is not expected or (fault and fault.reason and fault.reason not in codes):
            wrong.append((sheet.kind, fault.code if fault else "", judged.verdict, codes))
    assert wrong == []
    faults = {(kind, fault.code) for kind, known in FAULTS.items() for fault in known}
    assert {key for key in faults if not met[key]} <= {(ListKind.RESOURCES, code) for _, code in faults}


def test_slips_come_at_the_stated_rate() -> None:
    _, pairs = written(60)
    clean = Counter(fault is None for sheet, fault, _ in rows_of(pairs) if sheet.kind in FAULTS)
    assert 50 <= 100 * clean[False] // clean.total() <= 70


def test_the_importers_read_each_need_as_it_was_meant() -> None:
    town, pairs = written(0)
    read_back = {line.line_key: line for line in lines(pairs, ListKind.NEEDS)}
    same_category = 0
    for need in town.needs_of(town.community(0)):
        found = read_back.pop(need.line_key)
        assert isinstance(found, Need)
        for ours, theirs in zip(
            tasks_of(need, town.week, CONTEXT), tasks_of(found, town.week, CONTEXT), strict=True
        ):
            assert (ours.windows, ours.minutes, ours.demand) == (
                theirs.windows,
                theirs.minutes,
                theirs.demand,
            )
        assert (found.urgency, found.place, found.channel) == (need.urgency, need.place, need.channel)
        same_category += found.categories[0] == need.categories[0]
    assert not read_back
    assert same_category >= 0.97 * len(list(town.needs_of(town.community(0))))


def test_the_importers_read_each_resource_and_person_as_meant() -> None:
    town, pairs = written(0)
    at = town.community(0)
    resources = {line.line_key: line for line in lines(pairs, ListKind.RESOURCES)}
    for one in town.listed_resources(at):
        found = resources[one.line_key]
        assert (found.owner, found.kind, found.reach_grids, found.free) == (
            one.owner,
            one.kind,
            one.reach_grids,
            one.free,
        )
        assert found.when.windows_in(town.week) == one.when.windows_in(town.week)
        assert (found.quantity.amount, found.quantity.per) == (one.quantity.amount, one.quantity.per)
        assert found.categories[0] == one.categories[0]
    people = {line.line_key: line for line in lines(pairs, ListKind.VOLUNTEERS)}
    for person in town.people(at):
        meant, found = person.entry(), people[person.entry().line_key]
        assert isinstance(found, VolunteerEntry)
        assert (found.phone, found.skills, found.teams, found.serves) == (
            meant.phone, meant.skills, meant.teams, meant.serves,
        )  # fmt: skip
        if meant.skills:
            assert found.when.windows_in(town.week) == meant.when.windows_in(town.week)
            assert set(meant.categories) <= set(found.categories)


def lines(pairs: Iterable[tuple[Sheet, ImportReport]], kind: ListKind) -> list[Any]:
    return [judged.value for sheet, report in pairs if sheet.kind is kind for judged in report.rows]


def test_one_workbook_is_the_same_bytes_every_time() -> None:
    def workbook() -> bytes:
        town = Town(COMMUNITY, Random(7))
        return xlsx_of_sheets(workbook_of(town, town.community(0), Random(1)))

    assert workbook() == workbook()


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda one: one.code)
def test_the_tree_finds_each_kind_in_its_own_words(kind: Any) -> None:
    tree = default_tree()
    for title in kind.titles:
        assert tree.of_need(kind.phrase, title)[0] == kind.code, title
    assert kind.code in tree.of_resource("", kind.skill)


def test_rare_characters_come_back_whole() -> None:
    _, pairs = written(60)
    names = {line.name for line in lines(pairs, ListKind.VOLUNTEERS) if line is not None}
    assert any("䶮" in name for name in names)
    assert any("𬸚" in name for name in names)
