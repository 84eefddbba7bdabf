"""What stays Chinese on an English page: romanised, explained where that is certain, and marked."""

from __future__ import annotations

import pytest

from timebank.web import i18n, parts


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王奶奶", "Granny Wang"),
        ("单老师", "Teacher Shan"),
        ("欧阳阿姨", "Auntie Ouyang"),
        ("邓姐", "Sister Deng"),
        ("王秀英", ""),
        ("奶奶", ""),
    ],
)
def test_a_form_of_address_is_one_in_english_too(name: str, said: str) -> None:
    assert parts.addressed(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("一网格", "Grid 1"),
        ("十二网格", "Grid 12"),
        ("二十网格", "Grid 20"),
        ("3号楼", "Building 3"),
        ("一网格3号楼2单元502", "Grid 1, building 3, unit 2, 502"),
        ("空楼", ""),
        ("502", ""),
    ],
)
def test_a_numbered_place_has_its_english(name: str, said: str) -> None:
    assert parts.place(name) == said


def test_the_original_stays_beside_what_is_said_of_it() -> None:
    assert (
        parts.in_english("<p>Hello, 王奶奶.</p>")
        == '<p>Hello, Granny Wang <span lang="zh-CN">王奶奶</span>.</p>'
    )


def test_what_says_its_language_already_is_left_alone() -> None:
    html = '<p lang="zh-CN">王奶奶<b>和李四</b></p><script>"王奶奶"</script>'
    assert parts.in_english(html) == html


def test_an_option_is_marked_itself() -> None:
    assert (
        parts.in_english('<option value="1">一网格</option>')
        == '<option value="1" lang="zh-CN">Grid 1 一网格</option>'
    )


def test_the_title_of_a_tab_is_explained_and_holds_no_markup() -> None:
    assert parts.in_english("<title>王奶奶 · Dongqu</title>") == "<title>Granny Wang 王奶奶 · Dongqu</title>"


def test_an_end_without_a_beginning_closes_nothing() -> None:
    html = '<div lang="zh-CN"></p>王奶奶</div>'
    assert parts.in_english(html) == html


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("周叔 006 · 陪聊", ["周叔", "陪聊"]),
        ("理发 一网格", ["理发", "一网格"]),
        ("11月 24 日，每周一 9:00–11:00", ["月 24 日，每周一"]),
        ("古丽娜尔·阿不都拉", ["古丽娜尔·阿不都拉"]),
        ("一网格3号楼2单元502", ["一网格3号楼2单元502"]),
    ],
)
def test_a_phrase_ends_where_its_reader_would_end_it(text: str, runs: list[str]) -> None:
    assert parts.RUN.findall(text) == runs


def test_two_phrases_are_not_one_because_english_stands_between_them() -> None:
    found = parts.in_english("<p>周叔 came: 陪聊，念家信.</p>")
    assert found == (
        '<p>Uncle Zhou <span lang="zh-CN">周叔</span> came: <span lang="zh-CN">陪聊，念家信</span>.</p>'
    )


def test_a_quoted_bracket_in_an_attribute_does_not_end_its_tag() -> None:
    assert (
        parts.in_english('<a title="a > b">李四</a>') == '<a title="a > b"><span lang="zh-CN">李四</span></a>'
    )


def test_a_name_cannot_become_markup() -> None:
    with i18n.speaking("en"):
        assert "<" not in str(parts.person("<b>王秀英"))
        assert str(parts.person("王秀英")) == "Wang Xiuying 王秀英"
    assert parts.person("王秀英") == "王秀英"
