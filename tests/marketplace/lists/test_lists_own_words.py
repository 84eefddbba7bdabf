"""A community's own words for kinds of help lie over the shipped tree."""

from __future__ import annotations

import pytest

from marketplace.categories import default_tree
from marketplace.errors import UnknownCategory
from marketplace.own_words import OwnWords, Wording, tree_with


def test_what_a_community_says_of_its_words_counts_and_can_be_forgotten() -> None:
    tree = default_tree()
    own = OwnWords().taught(Wording(text="弹棉花", code="locks"), tree)
    own = own.taught(Wording(text="弹 棉花", code="plumbing"), tree)
    assert [one.code for one in own.wordings] == ["plumbing"]
    grown = tree_with(own)
    assert (grown.named("弹棉花"), grown.version) == ("plumbing", tree.version + 1)
    assert tree_with(own.forgotten("弹棉花")) is tree
    with pytest.raises(UnknownCategory):
        own.taught(Wording(text="弹棉花", code="no such kind"), tree)


def test_a_kind_of_its_own_stands_below_a_shipped_one_and_its_number_is_never_used_twice() -> None:
    own = OwnWords().with_kind("locks", zh="配车钥匙", en="car keys", synonyms=("车钥匙丢了",))
    own = own.with_kind("plumbing", zh="通下水", en="drains")
    assert [one.code for one in own.kinds] == ["locks.1", "plumbing.2"]
    tree = tree_with(own)
    assert tree.of_need("", "车钥匙丢了")[0] == "locks.1"
    assert tree.with_above(("locks.1",)) == ("locks.1", "locks")
    assert default_tree().category("locks.1").parent == "locks"
    with pytest.raises(UnknownCategory):
        own.with_kind("locks.1", zh="一", en="one")
