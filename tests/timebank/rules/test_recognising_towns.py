"""Whole towns: thousands of registrants, a third sharing a name, imported again and from another office's file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from marketplace.phones import read_phones
from tests.timebank.rules.people_on_record import Town, described
from timebank.rules.people.described import Answer, Described
from timebank.rules.people.recognising import Known, Maybe, New

REGISTRANTS = 8_723
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国春梅红"


def registrants(seed: int, *, without_number: float = 0.0) -> list[Described]:
    """The rows of one list, every person a number of their own; some left it out."""
    draw = Random(seed)
    rows = []
    for at in range(REGISTRANTS):
        length = 1 if draw.random() < 0.12 else 2
        name = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(length))
        number = "" if draw.random() < without_number else f"199{at:08d}"
        occupation = draw.choice(("退休", "在职", "大学生", ""))
        rows.append(described(name, number, occupation=occupation, lineage="agencies", file="first"))
    return rows


def from_another_office(row: Described) -> Described:
    """The same person in another file: names padded, numbers with the country's code, nothing beside."""
    number = f"+86 {row.phones[0].number}" if row.phones else ""
    name = f"{row.name[0]}　{row.name[1:]}" if len(row.name) == 2 else row.name
    return replace(
        row, name=name, phones=read_phones(number), occupation="", lineage="another", file="second"
    )


def brought(town: Town, rows: list[Described]) -> Counter[str]:
    before = len(town.people)
    return Counter(type(town.bring(row, f"M{before + at:05d}")).__name__ for at, row in enumerate(rows))


def test_a_town_imported_twice_and_from_another_file_is_everybody_once_and_asks_nothing() -> None:
    town, rows = Town(), registrants(9)
    names = Counter(row.name for row in rows)
    assert sum(count for count in names.values() if count > 1) > 2_500  # homonyms are common
    assert brought(town, rows) == {"New": REGISTRANTS}
    assert brought(town, rows) == {"Known": REGISTRANTS}
    assert brought(town, [from_another_office(row) for row in rows]) == {"Known": REGISTRANTS}
    assert (len(town.people), len(town.questions), len(town.answers)) == (REGISTRANTS, 0, 0)


def test_nobody_becomes_somebody_else() -> None:
    town, rows = Town(), registrants(10)
    brought(town, rows)
    for row in rows:
        found = town.bring(from_another_office(row), "-")
        assert isinstance(found, Known)
        assert town.people[found.uid].numbers == row.numbers


@pytest.fixture(scope="module")
def asked_town() -> tuple[Town, list[Described]]:
    town, rows = Town(), registrants(11, without_number=0.03)
    brought(town, rows)
    return town, rows


def test_missing_numbers_ask_about_homonyms_only_and_each_once(
    asked_town: tuple[Town, list[Described]],
) -> None:
    town, rows = asked_town
    silent = sum(not row.numbers for row in rows)
    people, questions = len(town.people), len(town.questions)
    assert 0 < questions < 5 * silent
    again = brought(town, rows)
    assert again["New"] == 0
    assert (len(town.people), len(town.questions)) == (people, questions)


def test_answered_once_nobody_is_asked_again(asked_town: tuple[Town, list[Described]]) -> None:
    """Every question is answered "another", the newcomer registered, and every list after that is known."""
    town, rows = asked_town
    for at, row in enumerate(rows):
        found = town.bring(row, f"N{at:05d}")
        while isinstance(found, Maybe):
            for fit in found.fits:
                town.answer(Answer(described=found.digest, uid=fit.uid, same=False))
            found = town.bring(row, f"N{at:05d}")
        assert not isinstance(found, Maybe)
    assert brought(town, rows)["New"] == 0
    known = brought(town, rows)
    assert known["Known"] == REGISTRANTS, known
    assert New.__name__ not in known
