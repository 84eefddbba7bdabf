"""Requests as residents make them: none is taken for what it is not; one that is not understood is doubted, not accepted."""

from __future__ import annotations

import pytest

from marketplace.categories import default_tree
from marketplace.clients import all_groups, groups_of, read_groups
from marketplace.cues import cued, default_cues
from marketplace.text import compared
from tests.marketplace.reading.judged import LATER_REQUESTS, Verdict, judged_request, request_rows
from tests.marketplace.reading.reading_oracle import Row, rows

TREE = default_tree()
ROWS = request_rows()
LATER = [row for name in LATER_REQUESTS for row in rows(name)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.phrase)
def test_no_request_is_accepted_as_what_it_is_not(row: Row) -> None:
    judged = judged_request(row)
    assert judged.verdict is not Verdict.WRONG, judged.why


@pytest.mark.parametrize("row", LATER, ids=lambda row: row.phrase)
def test_no_later_request_is_accepted_as_what_it_is_not(row: Row) -> None:
    judged = judged_request(row)
    assert judged.verdict is not Verdict.WRONG, judged.why


def test_most_requests_with_one_reading_are_read() -> None:
    plain = [judged_request(row) for row in (*ROWS, *LATER) if row.plain]
    assert sum(one.verdict is Verdict.RIGHT for one in plain) >= 0.85 * len(plain)


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


@pytest.mark.parametrize(
    ("wish", "kinds"),
    [
        ("想借个轮椅", {"aids"}),
        ("轮椅坏了", {"aid_repair"}),
        ("轮椅坏了,想借一个先用", {"aids", "aid_repair"}),  # two kinds claim it: asked
        ("borrow a wheelchair", {"aids"}),
        ("borrow wheelchairs", set()),  # English words count whole
        ("轮椅", set()),  # one word alone leaves it open
    ],
)
def test_two_words_together_settle_what_one_leaves_open(wish: str, kinds: set[str]) -> None:
    assert cued(wish) == kinds
    assert TREE.understands("", wish) or len(kinds) != 1


def test_a_correction_comes_before_a_cue() -> None:
    wish = "想借个轮椅"
    assert TREE.of_need("", wish) == ("aids",)
    corrected = TREE.learned("transport", wish)
    assert corrected.of_need("", wish)[0] == "transport"


def test_every_cue_names_a_kind_of_the_tree() -> None:
    assert {cue.code for cue in default_cues().cues} <= set(TREE.categories)


@pytest.mark.parametrize(
    "wish", ["楼道灯坏了物业不修,要投诉", "想当志愿者教孩子英语", "老年食堂在哪里", "how much is a haircut"]
)
def test_who_asks_complains_or_offers_is_heard_before_a_helper_is_sent(wish: str) -> None:
    assert not TREE.understands("", wish)


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
