"""The decision table of recognising, row by row: who is known, who is asked about, who is new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.timebank.rules.people_on_record import Town, described, on_record, said
from timebank.rules.people.described import Answer, Candidate, Described, digests
from timebank.rules.people.recognising import Known, Maybe, New, Note, NoteCode, Why, recognise
from timebank.rules.relationships import Life

ONE, TWO, THREE = "19900000001", "19900000002", "19900000003"
LAND = "028-85550000"
VEST = "T-red"


def who(row: Described, *people: Candidate, answers: tuple[Answer, ...] = ()) -> str:
    return said(recognise(row, people, answers))


KNOWN = {
    "the same list again": (described("张三", ONE), [on_record("A", "张三", ONE)]),
    "F01: a padded name on the team's sheet": (
        described("张三", team=VEST, sheet=True),
        [on_record("A", "张　三", ONE, team=VEST)],
    ),
    "F02: another dot on the team's sheet": (
        described("古丽娜尔•阿不都拉", team=VEST, sheet=True),
        [on_record("A", "古丽娜尔·阿不都拉", ONE, team=VEST)],
    ),
    "F03: a radical in the name": (described("⻢丽", ONE), [on_record("A", "马丽", ONE)]),
    "F04: a letter as an old font kept it": (described("\ue863七", ONE), [on_record("A", "䶮七", ONE)]),
    "one of two numbers": (described("张三", TWO), [on_record("A", "张三", f"{ONE}/{TWO}")]),
    "one of the name in the team, one elsewhere, on the sheet": (
        described("张伟", team=VEST, sheet=True),
        [on_record("A", "张伟", ONE, team=VEST), on_record("B", "张伟", TWO, team="T-other")],
    ),
    "F34: on no roster, the only giver of the name, on a sheet": (
        described("李四", team=VEST, sheet=True),
        [on_record("A", "李四", ONE)],
    ),
    "a giver and a resident of one name, on a sheet": (
        described("李四", team=VEST, sheet=True),
        [on_record("A", "李四", ONE), on_record("B", "李四", TWO, gives=False)],
    ),
    "name, birth and grid without a number": (
        described("张三", born="1960-02-29", area="G1"),
        [on_record("A", "张三", ONE, born="1960-02-29", area="G1")],
    ),
    "as she is called, with her number": (
        described("王奶奶", LAND),
        [on_record("A", "王秀英", LAND, called="王奶奶")],
    ),
    "two of one name on a landline whose births tell": (
        described("张伟", LAND, born="1990-05-01"),
        [on_record("A", "张伟", LAND, born="1990-05-01"), on_record("B", "张伟", LAND, born="1960-05-01")],
    ),
    "three of one name, one has the number": (
        described("张伟", ONE),
        [on_record("A", "张伟", ONE), on_record("B", "张伟", TWO), on_record("C", "张伟")],
    ),
    "the list's own number, a new phone": (
        described("张三", TWO, source_number="volunteers:17"),
        [on_record("A", "张三", ONE, source_number="volunteers:17")],
    ),
}


@pytest.mark.parametrize("case", KNOWN)
def test_known(case: str) -> None:
    row, people = KNOWN[case]
    assert who(row, *people) == "known A"
    assert who(row, *reversed(people)) == "known A"


def test_known_by_the_answer_same() -> None:
    row, person = described("张伟", occupation="大学生"), on_record("A", "张伟", ONE)
    assert who(row, person) == "maybe A same_name_no_number"
    answer = Answer(described=digests(row)[0], uid="A", same=True)
    assert recognise(row, [person], [answer]) == Known(uid="A", why=Why.ANSWERED)


MAYBE = {
    "F05: a teacher, then a student without a number": (
        described("张伟", occupation="大学生"),
        [on_record("A", "张伟", ONE)],
        "A same_name_no_number",
    ),
    "both without a number": (described("张伟"), [on_record("A", "张伟")], "A same_name_no_number"),
    "two of one name on one landline": (
        described("张伟", LAND),
        [on_record("A", "张伟", LAND), on_record("B", "张伟", LAND)],
        "A B several_fit",
    ),
    "same name and number, born thirty years apart": (
        described("张伟", LAND, born="1990-05-01"),
        [on_record("A", "张伟", LAND, born="1960-05-01")],
        "A age_differs",
    ),
    "same name and birth only": (
        described("张三", born="1960-02-29"),
        [on_record("A", "张三", ONE, born="1960-02-29", area="G1")],
        "A same_name_no_number",
    ),
    "F13: a new number and the same birth": (
        described("张三", TWO, born="1960-02-29"),
        [on_record("A", "张三", ONE, born="1960-02-29")],
        "A number_changed",
    ),
    "F13: a new number, and the old line left the list": (
        described("张三", TWO),
        [on_record("A", "张三", ONE, left_the_list=True)],
        "A number_changed",
    ),
    "F13: a new number on the team's sheet": (
        described("张三", TWO, team=VEST, sheet=True),
        [on_record("A", "张三", ONE, team=VEST)],
        "A number_changed",
    ),
    "F06: a wrong digit on the team's sheet": (
        described("李四", "19900000012", team=VEST, sheet=True),
        [on_record("A", "李四", TWO, team=VEST)],
        "A number_changed",
    ),
    "two of one name in the team": (
        described("张伟", team=VEST, sheet=True),
        [on_record("A", "张伟", ONE, team=VEST), on_record("B", "张伟", TWO, team=VEST)],
        "A B several_fit",
    ),
    "two givers of one name, none on the roster": (
        described("张伟", team=VEST, sheet=True),
        [on_record("A", "张伟", ONE), on_record("B", "张伟", TWO)],
        "A B several_fit",
    ),
    "at a shift, where only a resident bears the name": (
        described("王秀英", team=VEST, sheet=True),
        [on_record("A", "王秀英", ONE, gives=False)],
        "A same_name_no_number",
    ),
    "F06: 李斯 with 李四's number": (described("李斯", ONE), [on_record("A", "李四", ONE)], "A name_spelled_differently"),
    "文婧 for 文静 in the team": (
        described("文婧", team=VEST, sheet=True),
        [on_record("A", "文静", ONE, team=VEST)],
        "A name_spelled_differently",
    ),
    "a name cut short in the team": (
        described("古丽娜尔·阿不都", team=VEST),
        [on_record("A", "古丽娜尔·阿不都拉", ONE, team=VEST)],
        "A name_spelled_differently",
    ),
    "the landline of three people, no name": (
        described("", LAND),
        [on_record(uid, name, LAND) for uid, name in zip("ABC", ("张三", "李四", "王五"), strict=True)],
        "A B C number_only",
    ),
    "a number only": (described("", ONE), [on_record("A", "张三", ONE)], "A number_only"),
    "a number of nobody, no name": (described("", TWO), [on_record("A", "张三", ONE)], "number_only"),
    "nothing at all": (described(), [on_record("A", "张三", ONE)], "nothing_to_go_by"),
    "signs for a name": (described("——", "见公示栏"), [on_record("A", "张三", ONE)], "nothing_to_go_by"),
    "as she is called, without a number": (
        described("王奶奶"),
        [on_record("A", "王秀英", LAND, called="王奶奶")],
        "A called_no_number",
    ),
    "left, on the list again": (described("张三", ONE), [on_record("A", "张三", ONE, life=Life.LEFT)], "A has_left"),
    "died, on the list again": (described("张三", ONE), [on_record("A", "张三", ONE, life=Life.DIED)], "A has_died"),
    "died, a bare name": (described("张三"), [on_record("A", "张三", ONE, life=Life.DIED)], "A has_died"),
    "the list's own number now bears another name": (
        described("李四", TWO, source_number="volunteers:17"),
        [on_record("A", "张三", ONE, source_number="volunteers:17")],
        "A source_number_other_name",
    ),
    "the list's own number on two of the name": (
        described("张三", TWO, source_number="volunteers:17"),
        [on_record(uid, "张三", ONE, source_number="volunteers:17") for uid in "AB"],
        "A B several_fit",
    ),
    "an unknown private-use sign": (
        described("张\ue000", ONE),
        [on_record("A", "张三", ONE), on_record("B", "张\ue000", TWO)],
        "A name_unreadable",
    ),
    "a name with a lost letter, on record": (
        described("李四", ONE),
        [on_record("A", "李?", ONE)],
        "A name_unreadable",
    ),
    "as she is called, with her number and another's age": (
        described("王奶奶", LAND, born="1990"),
        [on_record("A", "王秀英", LAND, called="王奶奶", born="1940")],
        "A age_differs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MAYBE)
def test_asked_about(case: str) -> None:
    row, people, expected = MAYBE[case]
    assert who(row, *people) == f"maybe {expected}"
    assert who(row, *reversed(people)) == f"maybe {expected}"


def test_answered_another_and_then_a_second_homonym_is_asked_about() -> None:
    row, first, second = (
        described("张伟", occupation="大学生"),
        on_record("A", "张伟", ONE),
        on_record("B", "张伟", TWO),
    )
    another = Answer(described=digests(row)[0], uid="A", same=False)
    assert who(row, first, answers=(another,)) == "new"
    assert who(row, first, second, answers=(another,)) == "maybe B same_name_no_number"


NEW = {
    "two homonyms, two numbers": (described("张伟", TWO), [on_record("A", "张伟", ONE)], "same_name"),
    "births against, no number": (
        described("张伟", born="2000-05-01"),
        [on_record("A", "张伟", ONE, born="1960-05-01")],
        "same_name",
    ),
    "births against, on the team's sheet": (
        described("张伟", born="2000", team=VEST, sheet=True),
        [on_record("A", "张伟", ONE, born="1960", team=VEST)],
        "same_name",
    ),
    "F67: a couple on one number": (described("李梅", ONE), [on_record("A", "张三", ONE)], "phone_shared"),
    "F21: a parent's number on two children": (
        described("王小红", f"{ONE}（妈妈）"),
        [on_record("A", "王大明", f"{ONE}（妈妈）")],
        "phone_shared",
    ),
    "the same sound, another number": (described("李斯", TWO, team=VEST), [on_record("A", "李四", ONE, team=VEST)], ""),
    "the same sound, nothing near": (described("文婧", team="T-other"), [on_record("A", "文静", ONE, team=VEST)], ""),
    "number and name of nobody": (described("赵六", THREE), [on_record("A", "张三", ONE)], ""),
    "a new number, births unknown, still on the list": (described("张三", TWO), [on_record("A", "张三", ONE)], "same_name"),
    "a homonym who has left, another number": (
        described("张伟", TWO),
        [on_record("A", "张伟", ONE, life=Life.LEFT)],
        "same_name",
    ),
    "a switchboard's other extension": (
        described("张伟", f"{LAND}转802"),
        [on_record("A", "张伟", f"{LAND}转803")],
        "same_name",
    ),
    "a similar name of another age on the family's number": (
        described("王晓明", LAND, born="1990"),
        [on_record("A", "王小明", LAND, born="1950")],
        "phone_shared",
    ),
    "called like somebody with another number": (
        described("王奶奶", TWO),
        [on_record("A", "王秀英", ONE, called="王奶奶")],
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NEW)
def test_new(case: str) -> None:
    row, people, notes = NEW[case]
    assert who(row, *people).split() == ["new", *notes.split()]


def test_new_by_the_answer_another_with_a_note_of_whom_they_share_with() -> None:
    row, person = described("张伟", ONE), on_record("A", "张伟", ONE)
    another = Answer(described=digests(row)[0], uid="A", same=False)
    assert recognise(row, [person], [another]) == New()
    couple = recognise(described("李梅", ONE), [person, on_record("B", "李梅", TWO)], [])
    assert couple == New(
        notes=(Note(code=NoteCode.SAME_NAME, uids=("B",)), Note(code=NoteCode.PHONE_SHARED, uids=("A",)))
    )


# --- candidates together


def test_the_number_beats_the_roster() -> None:
    row = described("张伟", ONE, team=VEST, sheet=True)
    people = on_record("A", "张伟", ONE), on_record("B", "张伟", team=VEST)
    assert who(row, *people) == "known A"


def test_somebody_on_the_roster_beats_a_giver_elsewhere_but_not_when_gone() -> None:
    row = described("张伟", team=VEST, sheet=True)
    gone, giver = on_record("A", "张伟", ONE, team=VEST, life=Life.LEFT), on_record("B", "张伟", TWO)
    assert who(row, gone, giver) == "known B"


def test_the_likeliest_reason_is_asked_first() -> None:
    row = described("张三", TWO, born="1960-02-29")
    people = [on_record("A", "张三"), on_record("B", "张三", ONE, born="1960-02-29")]
    found = recognise(row, people, [])
    assert isinstance(found, Maybe)
    assert (found.why, {fit.uid: fit.why for fit in found.fits}) == (
        Why.SAME_NAME_NO_NUMBER,
        {"A": Why.SAME_NAME_NO_NUMBER, "B": Why.NUMBER_CHANGED},
    )


def test_two_answers_same_are_asked_about_again() -> None:
    row, people = described("张伟"), [on_record("A", "张伟", ONE), on_record("B", "张伟", TWO)]
    answers = [Answer(described=digests(row)[0], uid=uid, same=True) for uid in "AB"]
    assert said(recognise(row, people, answers)) == "maybe A B several_fit"


def test_an_answer_about_somebody_who_died_or_is_gone_revives_nobody() -> None:
    row = described("张伟")
    answer = Answer(described=digests(row)[0], uid="A", same=True)
    assert who(row, on_record("A", "张伟", ONE, life=Life.DIED), answers=(answer,)) == "maybe A has_died"
    assert who(row, answers=(answer,)) == "new"


def test_an_unreadable_name_is_asked_once() -> None:
    row, person = described("张\ue000", ONE), on_record("A", "张三", ONE)
    answer = Answer(described=digests(row)[0], uid="A", same=True)
    assert who(row, person, answers=(answer,)) == "known A"
    assert digests(row) != digests(replace(row, lineage="another office's font"))


# --- digests and answers that travel or not


@pytest.mark.parametrize(
    "more",
    [{}, {"name": "张　三"}, {"phone": "+86 199 0000 0001"}, {"phone": f"{ONE}（女儿）"}, {"lineage": "another"}, {"occupation": "退休"}, {"team": VEST}],
)  # fmt: skip
def test_a_description_with_a_number_is_one_in_any_list(more: dict[str, Any]) -> None:
    first = described("张三", ONE)
    assert digests(described(**{"name": "张三", "phone": ONE, **more}))[0] == digests(first)[0]


@pytest.mark.parametrize(
    "more",
    [{"name": "李四"}, {"phone": ""}, {"phone": TWO}, {"phone": f"{ONE}/{TWO}"}, {"born": "1960-02-29"}],
)
def test_another_name_number_or_birth_is_another_description(more: dict[str, Any]) -> None:
    first = described("张三", ONE)
    assert digests(described(**{"name": "张三", "phone": ONE, **more}))[0] != digests(first)[0]


@pytest.mark.parametrize(
    "more", [{"occupation": "退休"}, {"team": VEST}, {"area": "G1"}, {"lineage": "another"}]
)
def test_without_a_number_what_stands_beside_the_name_counts(more: dict[str, Any]) -> None:
    assert digests(described("张三"))[0] != digests(described("张三", **more))[0]


def test_an_answer_to_a_bare_name_does_not_travel_to_another_list() -> None:
    person = on_record("A", "张伟", ONE)
    answer = Answer(described=digests(described("张伟"))[0], uid="A", same=True)
    assert who(described("张伟", file="two"), person, answers=(answer,)) == "known A"
    assert who(described("张伟", lineage="other"), person, answers=(answer,)) == "maybe A same_name_no_number"


def test_on_a_sheet_where_two_fit_the_answer_holds_for_that_file_alone() -> None:
    row = described("张伟", team=VEST, sheet=True, file="17 November")
    people = [on_record("A", "张伟", ONE, team=VEST), on_record("B", "张伟", TWO, team=VEST)]
    found = recognise(row, people, [])
    assert isinstance(found, Maybe)
    answer = Answer(described=found.digest, uid="A", same=True)
    assert said(recognise(row, people, [answer])) == "known A"
    later = replace(row, file="24 November")
    assert said(recognise(later, people, [answer])) == "maybe A B several_fit"


def test_a_known_bare_name_on_a_sheet_is_asked_about_once_a_second_joins_the_team() -> None:
    town = Town()
    town.add(on_record("A", "张伟", ONE, team=VEST))
    sheet = described("张伟", team=VEST, sheet=True, file="17 November")
    assert said(town.bring(sheet, "-")) == "known A"
    town.add(on_record("B", "张伟", TWO, team=VEST))
    assert said(town.bring(sheet, "-")) == "known A"
    assert said(town.bring(replace(sheet, file="24 November"), "-")) == "maybe A B several_fit"


def test_a_newcomer_without_a_number_is_known_the_next_time_whoever_joins_meanwhile() -> None:
    town = Town()
    row = described("张伟", occupation="大学生")
    assert said(town.bring(row, "A")) == "new"
    assert said(town.bring(described("张伟", TWO, occupation="教师"), "B")) == "maybe A same_name_no_number"
    town.add(on_record("B", "张伟", TWO))
    assert said(town.bring(row, "-")) == "known A"


def test_a_second_import_finds_the_open_question() -> None:
    town = Town()
    town.add(on_record("A", "张伟", ONE))
    for _ in range(2):
        assert isinstance(town.bring(described("张伟", occupation="大学生"), "-"), Maybe)
    assert len(town.questions) == 1


@pytest.mark.parametrize("life", [Life.JOINED, Life.ERASED])
def test_a_record_that_was_joined_or_erased_is_nobody(life: Life) -> None:
    row, gone = described("张三", ONE), replace(on_record("A", "张三", ONE), life=life)
    assert who(row, gone) == who(row)
    assert who(row, gone, on_record("B", "张三", ONE)) == "known B"
