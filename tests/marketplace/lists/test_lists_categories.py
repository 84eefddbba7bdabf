"""The category tree: checked when built, ranked with reasons, grown by corrections, measured on a held-out set."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.categories import Category, CategoryTree, default_tree, read_tree
from marketplace.errors import CategoryTreeBroken, UnknownCategory
from marketplace.text import compared

HELD_OUT = [
    (line.split("\t")[0], line.split("\t")[1])
    for line in (Path(__file__).parent / "requests_labelled.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
TREE = default_tree()


def small(**parents: str) -> CategoryTree:
    return CategoryTree(
        version=1,
        categories={code: Category(code=code, zh=code, en=code, parent=up) for code, up in parents.items()},
    )


def test_every_category_has_both_labels_and_a_known_parent() -> None:
    for one in TREE.categories.values():
        assert one.zh
        assert one.en
        assert not one.parent or one.parent in TREE.categories
    assert TREE.version >= 1
    labels = [compared(one.zh) for one in TREE.categories.values()]
    assert len(labels) == len(set(labels))


def test_the_tree_names_no_place_and_no_office_of_one_city() -> None:
    words = " ".join(word for one in TREE.categories.values() for word in (one.zh, one.en, *one.synonyms))
    assert not any(name in words for name in ("东区", "市一院", "青松", "北京", "上海", "党员"))


def test_held_out_requests_are_mostly_understood() -> None:
    assert len(HELD_OUT) >= 200
    first = sum(
        TREE.suggest(text, k=1)[:1] != () and TREE.suggest(text, k=1)[0].code == code
        for text, code in HELD_OUT
    )
    among = sum(code in [one.code for one in TREE.suggest(text, k=3)] for text, code in HELD_OUT)
    # Measured: 174 and 206 of 213; docs/lists.md reports it.
    assert first >= 0.80 * len(HELD_OUT)
    assert among >= 0.95 * len(HELD_OUT)


def test_no_held_out_request_stands_in_the_tree() -> None:
    synonyms = {compared(word) for one in TREE.categories.values() for word in one.synonyms}
    assert not [text for text, _ in HELD_OUT if compared(text) in synonyms]


def test_every_suggestion_shows_the_pieces_that_speak_for_it() -> None:
    best = TREE.suggest("卫生间灯坏了,不敢爬高", k=3)[0]
    assert best.code == "electrical"
    # Overlapping pieces are told as one.
    assert best.because[0] == "灯坏了"
    assert TREE.suggest("lights in the stairwell")[0].because == ("light",)
    for one in TREE.suggest("阳台的灯坏了,想找人看看", k=3):
        assert one.points > 0
        assert all(piece in "阳台的灯坏了,想找人看看" for piece in one.because)


def test_a_text_that_says_nothing_gets_no_suggestion() -> None:
    assert TREE.suggest("") == ()
    assert TREE.suggest("!!! 123") == ()
    assert TREE.of_need("", "") == ()


def test_offers_that_list_several_things_serve_several_categories() -> None:
    assert TREE.of_resource("志愿者", "辅导功课、手机教学、陪伴聊天") == (
        "tutoring",
        "phone_lessons",
        "companionship",
    )
    assert TREE.of_resource("车辆", "轮椅无障碍车接送就医") == ("transport", "escort")


def test_generic_words_of_the_column_do_not_decide() -> None:
    assert TREE.is_generic("心愿")
    assert TREE.of_need("心愿", "想要一副老花镜") == ("glasses",)
    assert TREE.of_need("维修", "轮椅刹车坏了") == ("aid_repair",)
    assert TREE.of_need("理发", "下周有空吗") == ("haircut",)


def test_a_correction_becomes_a_synonym_of_a_new_tree() -> None:
    text = "想找人给我念念报纸"
    assert TREE.suggest(text, k=1)[0].code != "companionship"
    grown = TREE.learned("companionship", text)
    assert grown.suggest(text, k=1)[0].code == "companionship"
    assert grown.suggest("请人念念报纸", k=1)[0].code == "companionship"
    assert TREE.suggest(text, k=1)[0].code != "companionship"
    assert grown.version == TREE.version + 1
    assert grown.learned("companionship", text) is grown
    assert grown.learned("companionship", "  ？！ ") is grown
    with pytest.raises(UnknownCategory):
        TREE.learned("flying", text)


def test_corrections_kept_in_order_give_the_same_tree_again_and_a_file_of_it_reads_back() -> None:
    corrections = [("companionship", "念念报纸"), ("mediation", "楼上蹦迪"), ("companionship", "念念报纸")]
    grown = TREE.learned_all(corrections)
    assert grown == TREE.learned_all(corrections)
    assert grown.version == TREE.version + 2
    assert grown.suggest("楼上又在蹦迪", k=1)[0].code == "mediation"
    assert read_tree(grown.as_toml()) == grown
    with pytest.raises(UnknownCategory):
        TREE.learned_all([("mediation", "楼上蹦迪"), ("flying", "飞")])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_wording_survives_the_way_to_a_file_and_back(wording: str) -> None:
    grown = small(a="").learned("a", wording)
    assert read_tree(grown.as_toml()) == grown


def test_kinship_of_categories() -> None:
    assert TREE.ancestors("haircut") == ("daily",)
    assert "haircut" in TREE.children("daily")
    assert "daily" in TREE.children("")
    assert TREE.covers("daily", "haircut")
    assert TREE.covers("haircut", "daily")
    assert TREE.covers("haircut", "haircut")
    assert not TREE.covers("haircut", "meals")
    assert (TREE.label("haircut"), TREE.label("haircut", "en")) == ("理发", "Haircuts")
    assert TREE.named("Haircuts") == TREE.named("剪头发") == "haircut"
    assert TREE.named("什么都不是") is None
    with pytest.raises(UnknownCategory):
        TREE.category("flying")


@pytest.mark.parametrize(
    ("parents", "why"),
    [
        ({"a": "b", "b": "a"}, "cycle"),
        ({"a": "a"}, "cycle"),
        ({"a": "b", "b": "c", "c": "a"}, "cycle"),
        ({"a": "nowhere"}, "unknown_parent"),
    ],
)
def test_a_broken_tree_is_refused(parents: dict[str, str], why: str) -> None:
    with pytest.raises(CategoryTreeBroken) as refused:
        small(**parents)
    assert refused.value.fields["why"] == why
    assert refused.value.sentence("zh")


def test_a_code_twice_is_refused() -> None:
    line = '[[category]]\ncode = "a"\nzh = "甲"\nen = "A"\n'
    assert read_tree("version = 1\n" + line).category("a").zh == "甲"
    with pytest.raises(CategoryTreeBroken):
        read_tree("version = 1\n" + line + line)


@pytest.mark.parametrize(
    "text",
    [
        "version = ",  # no TOML
        '[[category]]\ncode = "a"\nzh = "甲"\nen = "A"\n',  # no version
        'version = 1.5\n[[category]]\ncode = "a"\nzh = "甲"\nen = "A"\n',
        'version = 1\n[[category]]\ncode = "a"\nzh = "甲"\n',  # no English label
        'version = 1\n[[category]]\ncode = 5\nzh = "甲"\nen = "A"\nsynonyms = "理发"\n',
        'version = 1\n[[category]]\ncode = "a"\nzh = "甲"\nen = "A"\nsynonyms = [1.5]\n',
        "version = 1\ncategory = 3\n",
        "version = 1\n",
    ],
)
def test_a_file_that_is_no_tree_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(CategoryTreeBroken) as refused:
        read_tree(text)
    assert refused.value.fields["why"] == "unreadable"


def test_a_kind_served_too_must_exist() -> None:
    with pytest.raises(CategoryTreeBroken):
        read_tree('version = 1\n[[category]]\ncode = "a"\nzh = "甲"\nen = "A"\nalso = ["b"]\n')


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.integers(min_value=1, max_value=5))
def test_suggestions_are_ordered_few_and_always_the_same(text: str, k: int) -> None:
    found = TREE.suggest(text, k=k)
    assert len(found) <= k
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)
    assert found == TREE.suggest(text, k=k)
    assert all(type(one.points) is int for one in found)
