"""What holds for any people: the order of candidates, strangers and repeats change nothing."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from marketplace.names import name_key, unreadable
from tests.timebank.rules.people_on_record import Town, described, on_record
from timebank.rules.people.described import Answer, Candidate, Described, digests
from timebank.rules.people.recognising import Known, Maybe, New, Why, recognise
from timebank.rules.relationships import Life

names = st.sampled_from(["张伟", "张　伟", "张玮", "李四", "李斯", "王奶奶", "王秀英", "古丽娜尔·阿不都拉", "古丽娜尔", "张\ue000", "李?", "", "——"])  # fmt: skip
numbers = st.sampled_from(["", "", "19900000001", "+86 19900000001", "19900000002", "19900000001/19900000002", "028-85550000转802", "028-85550000", "见公示栏"])  # fmt: skip
births = st.sampled_from(["", "", "1960-02-29", "1960", "66", "2010-05-01", "高一", "未成年"])
places = st.sampled_from(["", "X", "Y"])

rows = st.builds(described, names, numbers, born=births, occupation=st.sampled_from(["", "退休"]), team=places, area=places,
                 sheet=st.booleans(), source_number=st.sampled_from(["", "v:1"]), lineage=places, file=places)  # fmt: skip
records = st.builds(on_record, st.just(""), names.filter(bool), numbers, called=st.sampled_from(["", "王奶奶"]), born=births, team=places, area=places,
                    life=st.sampled_from(Life), gives=st.booleans(), source_number=st.sampled_from(["", "v:1"]), left_the_list=st.booleans())  # fmt: skip


@st.composite
def towns(draw: st.DrawFn) -> list[Candidate]:
    found = draw(st.lists(records, max_size=5))
    return [on_record_as(f"M{at}", one) for at, one in enumerate(found)]


def on_record_as(uid: str, one: Candidate) -> Candidate:
    return Candidate(**{name: getattr(one, name) for name in Candidate.__slots__ if name != "uid"}, uid=uid)


@given(rows, towns(), st.randoms())
def test_the_order_of_candidates_changes_nothing(
    row: Described, people: list[Candidate], draw: Random
) -> None:
    found = recognise(row, people, [])
    mixed = list(people)
    draw.shuffle(mixed)
    again = recognise(row, mixed, [])
    assert again == found


@given(rows, towns())
def test_only_somebody_whose_name_or_number_or_source_number_agrees_is_known(
    row: Described, people: list[Candidate]
) -> None:
    found = recognise(row, people, [])
    if isinstance(found, Known):
        person = next(one for one in people if one.uid == found.uid)
        assert name_key(row.name) in person.keys
        assert person.life is Life.ACTIVE
        assert not unreadable(row.name)


@given(rows, towns())
def test_whom_an_answer_excludes_is_never_meant(row: Described, people: list[Candidate]) -> None:
    others = [Answer(described=digests(row)[0], uid=one.uid, same=False) for one in people]
    found = recognise(row, people, others)
    assert isinstance(found, New) or (isinstance(found, Maybe) and found.uids == ())


@given(rows, towns())
def test_a_question_answered_is_never_asked_again(row: Described, people: list[Candidate]) -> None:
    found = recognise(row, people, [])
    if isinstance(found, Maybe) and found.fits:
        living = [one.uid for one in people if one.uid in found.uids and one.life is Life.ACTIVE]
        for uid in living[:1]:
            answer = Answer(described=found.digest, uid=uid, same=True)
            assert recognise(row, people, [answer]) == Known(uid=uid, why=Why.ANSWERED)


@given(rows, towns())
def test_who_was_registered_as_new_is_known_the_next_time(row: Described, people: list[Candidate]) -> None:
    town = Town()
    for one in people:
        town.add(one)
    if isinstance(town.bring(row, "N"), New):
        again = town.bring(row, "-")
        assert isinstance(again, Known)
        assert again.uid == "N"


@given(rows, towns())
def test_an_answer_for_another_description_is_passed_over(row: Described, people: list[Candidate]) -> None:
    other = [Answer(described="another", uid=one.uid, same=True) for one in people]
    assert recognise(row, people, other) == recognise(row, people, [])
