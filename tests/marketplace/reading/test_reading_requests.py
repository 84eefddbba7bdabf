"""Requests as residents make them: none is taken for what it is not; one that is not understood is doubted, not accepted."""

from __future__ import annotations

import pytest

from marketplace.categories import default_tree
from marketplace.clients import all_groups, groups_of, read_groups
from marketplace.text import compared
from tests.marketplace.reading.judged import Verdict, judged_request, request_rows
from tests.marketplace.reading.reading_oracle import Row

TREE = default_tree()
ROWS = request_rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.phrase)
def test_no_request_is_accepted_as_what_it_is_not(row: Row) -> None:
    judged = judged_request(row)
    assert judged.verdict is not Verdict.WRONG, judged.why


def test_the_corpus_is_large_and_none_of_it_stands_in_the_tree() -> None:
    assert len({row.phrase for row in ROWS}) >= 300
    wordings = {compared(word) for one in TREE.categories.values() for word in one.synonyms}
    assert not [row.phrase for row in ROWS if compared(row.phrase) in wordings]


@pytest.mark.parametrize(
    "wish", ["晾衣架掉下来了", "床腿断了", "屋里有股怪味", "帮个忙", "Something is wrong with the thing"]
)
def test_a_character_in_common_is_no_understanding(wish: str) -> None:
    assert not TREE.understands("", wish)


@pytest.mark.parametrize(
    ("phrase", "wish"),
    [
        ("", "想要一副老花镜(300度)"),
        ("家电维修", "卫生间灯坏了,不敢自己爬高换"),
        ("维修", "卫生间灯坏了,不敢爬高换"),
        ("理发", "下周有空吗"),
        ("", "水龙头滴水"),
        ("", "门锁坏了打不开"),
    ],
)
def test_a_known_wording_or_the_column_of_kinds_settles_a_request(phrase: str, wish: str) -> None:
    assert TREE.understands(phrase, wish)


def test_a_column_that_names_another_kind_than_the_words_is_doubted() -> None:
    assert not TREE.understands("理发", "请人来讲讲高血压")


def test_a_correction_makes_a_request_understood() -> None:
    wish = "晾衣架掉下来了"
    assert TREE.learned("furniture", wish).understands("", wish)


@pytest.mark.parametrize(
    ("phrase", "group"),
    [
        ("老年人", "elder"),
        ("青少年", "youth"),
        ("残疾人", "disabled"),
        ("留守儿童", "left_behind"),
        ("困难家庭", "low_income"),
        ("高校毕业生", "graduate"),
        ("下岗失业人员", "laid_off"),
        ("空巢老人", "empty_nest"),
        ("外来务工人员", "migrant"),
        ("老模范", "veteran_member"),
    ],
)
def test_each_of_the_ten_cared_for_groups_is_known(phrase: str, group: str) -> None:
    assert group in groups_of(phrase)


def test_groups_of_people_are_data_in_both_languages() -> None:
    for group in all_groups().values():
        assert group.zh
        assert group.en
        assert group.words
    own = read_groups(
        'version = 7\n[[group]]\ncode = "twins"\nzh = "双胞胎"\nen = "twins"\nwords = ["双胞胎"]\n'
    )
    assert groups_of("双胞胎家庭", own) == ("twins",)
