"""What strangers may read of a line: kind of help, grid and time; never a resident's own words, never an illness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marketplace.categories import Category, default_tree
from marketplace.own_words import OwnWords, tree_with
from marketplace.public_words import (
    SOMEBODY,
    as_said,
    kind_of_help,
    offer_as_said,
    public_need,
    public_resource,
    public_title,
    said_in,
    tells_of_health,
)
from marketplace.times import read_when
from marketplace.values import Need, Place, Quantity, Question, Resource

FILED = date(2026, 11, 24)
NEED = Need(
    line_key="n-1",
    title="周三透析后扶我上五楼",
    categories=("escort",),
    category_phrase="透析陪护",
    place=Place(text="一网格3号楼2单元502", grid="一网格", building="3号楼"),
    when=read_when("每周三上午9点到11点", filed_on=FILED),
    quantity=Quantity(phrase="1人,要有力气", detail="要有力气", helpers=1),
    filed_on=FILED,
    contact="13800000000",
    private_note="钥匙在门垫下",
    served="独居老人",
)
WORDS = ("透析", "五楼", "陪护", "502", "3号楼", "力气", "13800000000", "钥匙", "独居")


def test_a_residents_line_says_the_kind_of_help_and_none_of_their_words() -> None:
    public = public_need(NEED)
    assert public.title == default_tree().label("escort")
    assert public.place == Place(grid="一网格")
    assert [word for word in WORDS if word in repr(public)] == []
    # What a plan is made from stays: the hours, how many, the categories.
    assert public.when.recurrences == NEED.when.recurrences
    assert (public.quantity.helpers, public.categories) == (1, NEED.categories)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_title_is_made_of_kind_grid_and_time_in_both_languages(lang: str) -> None:
    title = public_title(NEED, lang)
    assert title.startswith(default_tree().label("escort", lang) + " · 一网格 · ")
    assert title.endswith(NEED.when.said_en if lang == "en" else NEED.when.said_zh)
    assert [word for word in WORDS if word in title] == []


def test_a_need_of_no_known_kind_is_somebody_who_needs_a_hand() -> None:
    assert public_need(replace(NEED, categories=())).title == SOMEBODY[0]
    assert public_title(replace(NEED, categories=()), "en").startswith(SOMEBODY[1])


def test_the_words_are_kept_beside_the_line_and_come_back_whole() -> None:
    said = said_in(NEED)
    assert said is not None
    back = as_said(public_need(NEED), said)
    assert (back.title, back.category_phrase, back.when, back.quantity) == (
        NEED.title, NEED.category_phrase, NEED.when, NEED.quantity,
    )  # fmt: skip


def test_a_time_that_nobody_could_read_is_asked_about_and_not_shown() -> None:
    doubted = replace(
        NEED.when, phrase="透析完了以后", question=Question(code="x", zh="“透析完了以后”是几点？", en="?")
    )
    public = public_need(replace(NEED, when=doubted))
    assert "透析" not in repr(public)
    assert public.when.question is not None


@pytest.mark.parametrize("source", ["community", "unit"])
def test_a_bodys_line_says_its_own_title_unless_that_tells_of_health(source: str) -> None:
    plain = replace(
        NEED, source=source, title="图书整理", category_phrase="", quantity=Quantity(phrase="6人")
    )
    assert public_need(plain).title == "图书整理"
    ill = replace(plain, title="给糖尿病的王大爷送餐", categories=("meals",), category_phrase="糖尿病餐")
    assert public_need(ill).title == default_tree().label("meals")
    assert "糖尿病" not in repr(public_need(ill))


def test_a_persons_offer_never_tells_of_health_and_a_bodys_announcement_stays() -> None:
    offer = Resource(
        line_key="r-1", title="偏瘫过,只能陪聊", owner="M1", owner_kind="volunteer", categories=("companionship",),
        conditions="有高血压,不搬重物", contact="13900000000",
    )  # fmt: skip
    public = public_resource(offer)
    assert not tells_of_health(repr(public))
    said = said_in(offer)
    assert said is not None
    assert replace(offer_as_said(public, said), contact=offer.contact) == offer
    clinic = replace(offer, owner_kind="unit", title="高血压义诊", conditions="")
    assert public_resource(clinic).title == "高血压义诊"


def test_no_shipped_kind_of_help_and_no_word_for_somebody_tells_of_health() -> None:
    tree = default_tree()
    for code in tree.categories:
        for lang in ("zh", "en"):
            assert not tells_of_health(tree.label(code, lang)), tree.label(code, lang)
            assert kind_of_help((code,), lang) == tree.label(code, lang)
    assert not any(map(tells_of_health, SOMEBODY))


def test_a_communitys_own_kind_named_after_an_illness_is_called_by_the_kind_above_it() -> None:
    own = OwnWords(kinds=(Category(code="escort.1", parent="escort", zh="透析陪护", en="dialysis company"),))
    tree = tree_with(own)
    assert kind_of_help(("escort.1",), "zh", tree) == tree.label("escort")
    assert kind_of_help(("escort.1",), "en", tree) == tree.label("escort", "en")


@pytest.mark.parametrize(
    "text",
    [
        "王奶奶透析",
        "ＤＩＡＬＹＳＩＳ on Monday",
        "she has Dementia",
        "糖 尿 病",
        "帕金森,手抖",
        "bedridden",
        "术后要人陪",
    ],
)
def test_words_of_health_are_known_in_both_languages_and_however_they_are_written(text: str) -> None:
    assert tells_of_health(text)


@pytest.mark.parametrize(
    "text", ["陪同就医", "量血压测血糖", "水管疏通", "Deafening music", "a blindfold game", "Aidan", ""]
)
def test_other_words_are_no_illness(text: str) -> None:
    assert not tells_of_health(text)
