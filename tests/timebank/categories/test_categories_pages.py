"""Kinds of help at the desk: a sentence is tried, taught, taken back; a kind is added; whatever comes in is read so."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.categories import default_tree
from marketplace.lists import read_file
from marketplace.own_words import OwnWords, Wording, tree_with
from timebank.office.categories import flow
from timebank.store.places.categories import own_words, tree_of

SENTENCE = "晾衣架掉下来了"
FILE = f"需求内容,需求时间\n{SENTENCE},周三上午\n".encode()


async def test_a_sentence_taught_at_the_desk_is_understood_from_then_on_and_may_be_taken_back(
    town: Any,
) -> None:
    desk = await town.client("worker")
    assert "要问一声" in (await desk.get("/desk/categories", params={"say": SENTENCE})).text
    answer = await desk.submit("/desk/categories/words", {"text": SENTENCE, "category": "furniture"})
    assert answer.status_code == 200
    assert "记下了" in answer.text
    tree = await tree_of(town.ctx.engine, "dongqu")
    assert tree.understands("", SENTENCE)
    assert tree.of_need("", SENTENCE)[0] == "furniture"
    assert tree.version == default_tree().version + 1
    await desk.submit("/desk/categories/forget", {"text": SENTENCE})
    assert await own_words(town.ctx.engine, "dongqu") == OwnWords()


async def test_a_file_is_read_with_the_words_its_community_taught(town: Any) -> None:
    (asked,) = read_file(FILE, "x.csv", filed_on=town.ctx.today()).reports()
    assert "category_unsure" in codes(asked)
    worker = await town.actor("worker")
    await flow.teach(town.ctx, worker, text=SENTENCE, code="furniture")
    tree = await tree_of(town.ctx.engine, "dongqu")
    (read,) = read_file(FILE, "x.csv", filed_on=town.ctx.today()).reports(tree=tree)
    assert "category_unsure" not in codes(read)


def codes(report: Any) -> set[str]:
    return {reason.code for row in report.rows for reason in row.reasons}


async def test_a_kind_of_ones_own_stands_below_a_shipped_one_wherever_only_that_is_known(town: Any) -> None:
    desk = await town.client("worker")
    kind = {"parent": "locks", "zh": "弹棉花", "en": "quilt fluffing", "words": "弹被子，棉花匠"}
    assert "加上了" in (await desk.submit("/desk/categories/kinds", kind)).text
    tree = await tree_of(town.ctx.engine, "dongqu")
    assert tree.of_need("", "弹被子") == ("locks.1", "locks")
    assert default_tree().label("locks.1") == default_tree().label("locks")
    assert default_tree().covers("locks", "locks.1")
    again = await desk.submit("/desk/categories/kinds", kind)
    assert again.status_code == 422
    assert "已经有这个名字了" in again.text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("words", {"text": "", "category": "locks"}),
        ("words", {"text": "x" * 61, "category": "locks"}),
        ("words", {"text": SENTENCE, "category": "no_such_kind"}),
        ("kinds", {"parent": "no_such_kind", "zh": "弹棉花", "en": "quilt fluffing"}),
        ("kinds", {"parent": "locks", "zh": "", "en": "scissors"}),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_changes_nothing(town: Any, path: str, form: Any) -> None:
    desk = await town.client("worker")
    answer = await desk.submit(f"/desk/categories/{path}", form)
    assert answer.status_code == 422
    assert await own_words(town.ctx.engine, "dongqu") == OwnWords()


def test_the_same_words_said_again_mean_the_newer_kind() -> None:
    tree = default_tree()
    own = OwnWords().taught(Wording(text=SENTENCE, code="furniture"), tree)
    own = own.taught(Wording(text=SENTENCE, code="home_adaptation"), tree)
    assert [one.code for one in own.wordings] == ["home_adaptation"]
    assert tree_with(own).of_need("", SENTENCE)[0] == "home_adaptation"


def test_words_about_a_kind_that_is_gone_mean_nothing() -> None:
    own = OwnWords(wordings=(Wording(text=SENTENCE, code="given_up"),))
    assert tree_with(own).version == default_tree().version


def test_every_kind_that_has_none_below_may_be_chosen_and_its_own_kinds_do_not_hide_it() -> None:
    leaves = default_tree().leaves
    assert "companionship" in leaves
    assert "daily" not in leaves
    own = OwnWords().with_kind("companionship", zh="下棋", en="chess")
    assert {"companionship", "companionship.1"} <= set(tree_with(own).leaves)
