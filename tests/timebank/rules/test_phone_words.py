"""Text messages: a table of what people send and what it means, and that nothing is guessed."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.times import read_when
from timebank.catalogue.news import news_kinds
from timebank.help.requests.asking import TILES
from timebank.rules.telling.phone_words import KINDS, Act, Why, read_sms
from timebank.rules.telling.time_words import once, times_in

TUESDAY = date(2026, 11, 24)


def _table() -> list[tuple[str, str, str, str]]:
    with (Path(__file__).parent / "sms.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["message"], row["act"], row["kinds"] or "", row["time"] or "") for row in rows]


FRESH = [
    # traditional letters
    ("請打給我", "call_me", "", ""),
    ("沒來", "not_came", "", ""),
    ("沒有人來過", "not_came", "", ""),
    ("我後天去不了了", "cannot", "", "后天"),
    ("陪我去醫院", "ask", "doctor", ""),
    ("燈壞了，來修一下", "ask", "repair", ""),
    ("幫好了，謝謝", "came", "", ""),
    ("１號　明天下午", "ask", "shopping", "明天下午"),
    ("２ 下週三上午", "ask", "doctor", "下周三上午"),
    ("４，後天中午", "ask", "meal", "后天中午"),
    # wide digits, signs, several pictures
    ("５．", "ask", "talk", ""),
    ("①", "ask", "shopping", ""),
    ("1、3", "ask_many", "shopping,repair", ""),
    ("1和2 明天", "ask_many", "shopping,doctor", "明天"),
    ("１１", "ask", "shopping", ""),
    ("1 9", "unclear", "", ""),
    ("８", "unclear", "", ""),
    ("９　明天", "off", "", "明天"),
    ("0 急", "call_me", "", ""),
    ("1 取消", "off", "shopping", ""),
    # the way people talk
    ("明儿早上帮我买点菜", "ask", "shopping", "明儿早上"),
    ("今儿晌午送饭", "ask", "meal", "今儿晌午"),
    ("要得", "yes", "", ""),
    ("晓得了", "yes", "", ""),
    ("好嘞，我去", "sure", "", ""),
    ("莫来了", "off", "", ""),
    ("有事，来不成咯", "cannot", "", ""),
    ("俺去", "sure", "", ""),
    ("灯泡不亮了", "ask", "repair", ""),
    ("想找人唠唠", "ask", "talk", ""),
    ("能帮我买点米吗？", "ask", "shopping", ""),
    ("麻烦帮我看看手机", "ask", "other", ""),
    ("下礼拜三不用来了", "off", "", "下礼拜三"),
    ("改到后天下午行不行", "unclear", "", ""),
    ("改到后天下午", "move", "", "后天下午"),
    ("不是不来，是晚点来", "unclear", "", ""),
    ("去医院买药", "unclear", "", ""),
    ("我女儿回来了，取消吧", "off", "", ""),
    ("昨天没人来", "not_came", "", "昨天"),
    ("帮我去开下煤气漏了", "urgent", "", ""),
    ("喘不上气了", "urgent", "", ""),
    ("3楼灯坏了", "ask", "repair", ""),
    ("2个鸡蛋", "unclear", "", ""),
    ("5点来修水管", "ask", "repair", "5点"),
    ("11:30走了", "left", "", "11:30"),
    ("记多了", "time_wrong", "", ""),
    # English
    ("On my way", "on_way", "", ""),
    ("I'm here", "arrived", "", ""),
    ("nobody came", "not_came", "", ""),
    ("Please buy rice", "ask", "shopping", ""),
    ("I can't go", "cannot", "", ""),
    ("please ring me", "call_me", "", ""),
    ("chest pain", "urgent", "", ""),
    ("my code is 459744", "code_sent", "", ""),
    ("yes", "yes", "", ""),
    ("how many hours", "balance", "", ""),
    # what a gateway adds
    ("【东区社区】没来", "not_came", "", ""),
    ("能去【移动】", "sure", "", ""),
    ("【社区】验证码459744", "code_sent", "", ""),
    ("+86 139 0000 0000", "unclear", "", ""),
    ("", "unclear", "", ""),
    ("   。", "unclear", "", ""),
    ("😀", "unclear", "", ""),
]


@pytest.mark.parametrize(("message", "act", "kinds", "time"), [*_table(), *FRESH])
def test_a_message_means(message: str, act: str, kinds: str, time: str) -> None:
    said = read_sms(message)
    assert (said.act.value, ",".join(said.kinds), said.time) == (act, kinds, time), said


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(_table()) == 149
    assert len(FRESH) >= 40
    assert {Act(act) for _message, act, *_ in _table()} == set(Act)


def test_the_pictures_are_the_six_tiles_of_the_elders_page_in_their_order() -> None:
    assert tuple(tile.code for tile in TILES) == KINDS


def test_a_picture_and_words_that_differ_are_asked_back() -> None:
    assert read_sms("3 买灯泡").why is Why.KIND_DIFFERS
    assert read_sms("3 灯不亮").why is None
    assert read_sms("6 帮我买票").why is None, "“something else” holds everything"


def test_what_is_left_of_a_message_is_kept_in_its_own_words() -> None:
    assert read_sms("3 水管漏水 今天").rest == "水管漏水"
    assert read_sms("买菜 明早").rest == "买菜"
    assert read_sms("1 tomorrow morning").rest == "tomorrow morning"


def test_every_word_that_the_news_invites_is_understood() -> None:
    """A notice that says: reply “能去”, must be answered by “能去”."""
    invited = {word for kind in news_kinds().values() for word in re.findall(r"回“([^”]+)”", kind.zh)}
    assert invited >= {"好", "不是我", "不对", "再记"}
    assert {word for word in invited if read_sms(word).act is Act.UNCLEAR} == set()


@given(st.text(max_size=600))
def test_no_message_breaks_the_reading(text: str) -> None:
    said = read_sms(text)
    assert said.act in Act
    assert (said.act is Act.ASK) == (len(said.kinds) == 1 and said.act is Act.ASK)


def test_a_weekday_said_on_the_telephone_is_the_coming_one() -> None:
    assert read_when("周四上午", filed_on=TUESDAY).recurrences, "on a list it means every week"
    when = read_when(once("周四上午", on=TUESDAY), filed_on=TUESDAY)
    assert not when.recurrences
    assert when.said_zh.startswith("2026年11月26日(周四)")
    assert read_when(once("星期二下午", on=TUESDAY), filed_on=TUESDAY).said_zh.startswith("2026年11月24日")
    assert read_when(once("每周四上午", on=TUESDAY), filed_on=TUESDAY).recurrences
    assert once("下周四", on=TUESDAY) == "下周四"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("明儿早上", "2026年11月25日"),
        ("这几天", "2026年11月24日至2026年11月27日"),
        ("今晚", "2026年11月24日"),
    ],
)
def test_times_as_people_say_them_are_read(said: str, read: str) -> None:
    when = read_when(once(said, on=TUESDAY), filed_on=TUESDAY)
    assert when.said_zh.startswith(read)
    assert when.question is None


def test_a_message_without_a_time_keeps_its_words() -> None:
    assert times_in("买五斤米") == ("", "买五斤米")
