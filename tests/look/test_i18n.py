"""Which language a reader gets, and how a sentence is put into it."""

from __future__ import annotations

import asyncio

import pytest

from timebank.web import i18n
from timebank.web.i18n import gettext, lazy, negotiate, ngettext, pgettext, speaking, use


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "lang"),
    [
        ("", "", "", "zh-CN"),
        (None, None, None, "zh-CN"),
        ("en", "zh-CN", "zh-CN", "en"),
        ("zh-CN", "en", "en", "zh-CN"),
        ("", "en", "zh-CN", "en"),
        ("klingon", "en", "", "en"),
        ("", "", "en-US,en;q=0.9", "en"),
        ("", "", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "", "zh_HK", "zh-CN"),
        ("", "", "fr", "zh-CN"),
        ("", "", "fr,en;q=0.5", "en"),
        ("", "", "en;q=0.3,zh;q=0.8", "zh-CN"),
        ("", "", "en;q=0,fr", "zh-CN"),
        ("", "", "en;q=much", "zh-CN"),
        ("", "", ";;;,,,=", "zh-CN"),
        ("../../etc", "\x00", "*", "zh-CN"),
    ],
)
def test_the_link_comes_before_the_choice_and_the_choice_before_the_browser(
    query: str | None, cookie: str | None, accept: str | None, lang: str
) -> None:
    assert negotiate(query, cookie, accept) == lang


def test_chinese_is_the_message_itself() -> None:
    assert gettext("您正在代 %(name)s 办事", name="王奶奶") == "您正在代 王奶奶 办事"


def test_english_comes_from_the_catalogues_and_fills_in_names() -> None:
    with speaking("en"):
        assert gettext("您正在代 %(name)s 办事", name="Granny Wang") == "You are acting for Granny Wang"
    assert gettext("返回") == "返回"


def test_one_thing_and_several_things_differ_in_english_only() -> None:
    message = "有 %(num)s 处要改一下，您填的都还在。"
    assert ngettext(message, message, 1).startswith("有 1 处")
    with speaking("en"):
        assert ngettext(message, message, 1).startswith("One thing")
        assert ngettext(message, message, 3).startswith("3 things")


def test_a_word_with_two_meanings_takes_the_english_of_its_context() -> None:
    with speaking("en"):
        assert pgettext("passbook", "余") == "Left"
        assert pgettext("nowhere", "余") == "余"


def test_a_lazy_label_is_translated_when_it_is_shown() -> None:
    label = lazy("公示栏")
    with speaking("en"):
        assert str(label) == "Notice board"
    assert str(label) == "公示栏"
    assert label == lazy("公示栏")


def test_an_unknown_language_means_chinese() -> None:
    with speaking("en"):
        use("xx")
        assert i18n.current() == "zh-CN"


async def test_two_requests_at_once_keep_their_own_language() -> None:
    async def request(lang: str) -> str:
        use(lang)
        await asyncio.sleep(0)
        return gettext("返回")

    answers = await asyncio.gather(*(request(lang) for lang in ("en", "zh-CN", "en")))
    assert answers == ["Back", "返回", "Back"]
