"""What is read aloud: for every standing of a visit one short sentence, with numbers as people speak them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from timebank.rules.telling.ear import LENGTH_MAX, WORDS_MAX, clock, ear, instruction, number, spoken

ZH = {
    "due": "11月25日周三", "alt1": "11月26日(周四)8:00–12:00", "alt2": "11月27日(周五)14:00–15:00", "who": "欧阳师傅（红马甲019号）",
    "what": "陪着去市第一人民医院看病", "when": "11月24日(周二)8:30", "body": "东区社区卫生服务站", "at": "8:31", "till": "10:12",
    "hours": "原来3小时，现在2小时30分", "day": "11月24日", "next": "12月1日周二8:30",
}  # fmt: skip
EN = {
    "due": "Wed 25 Nov", "alt1": "Thu 26 Nov 8:00–12:00", "alt2": "Fri 27 Nov 14:00–15:00", "who": "Mr Ouyang, vest 019",
    "what": "company at the city hospital", "when": "Tue 24 Nov 8:30", "body": "The East Side health station", "at": "8:31",
    "till": "10:12", "hours": "3 h before, 2 h 30 min now", "day": "Tue 24 Nov", "next": "Tue 1 Dec 8:30",
}  # fmt: skip


def _standings() -> list[tuple[str, str, str, str]]:
    with (Path(__file__).parent / "ear.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["standing"], row["zh"], row["en"], row["presses"]) for row in rows]


@pytest.mark.parametrize(("standing", "zh", "en", "presses"), _standings())
def test_every_standing_has_a_sentence_for_the_ear(standing: str, zh: str, en: str, presses: str) -> None:
    said = ear(called="欧阳奶奶", standing=standing, sentence=zh.format(**ZH))
    assert len(said) <= LENGTH_MAX
    assert not re.search(r"\d|:", said), "no figure is left to the voice"
    assert re.search("按.+。$", said), "it ends with one thing to press"
    assert not re.search("红色|绿色|蓝色", said)
    english = ear(called="Mrs Ouyang", standing=standing, sentence=en.format(**EN), lang="en")
    assert len(english.split()) <= WORDS_MAX
    assert "press" in english
    assert said.endswith(instruction(presses.split())), "the place is the place of the page"


def test_there_are_as_many_as_a_visit_has_standings() -> None:
    assert len(_standings()) == 29


def test_she_is_called_by_her_name_and_told_what_to_press_by_its_place() -> None:
    said = ear(called="王奶奶", standing="left", sentence="钱师傅来过了：帮好了吗？")
    assert said == "王奶奶，钱师傅来过了：帮好了吗？帮好了按第一个，没来按第二个。"
    assert ear(called="", standing="off_date", sentence="这一次不用来了，别的日子照旧。").startswith("这一次")


def test_the_place_is_where_the_button_stands_on_the_page() -> None:
    assert instruction(["call_me", "not_came", "came"]) == "帮好了按第三个，没来按第二个。"
    assert instruction(["again", "undo"]) == "按错了按“改回”。"
    assert instruction([]) == "有事按“请打给我”。"
    assert (
        instruction(["accept", "refuse"], "en")
        == "For yes press the first button, for no press the second button."
    )


def test_two_other_times_are_never_left_out_for_length() -> None:
    sentence = {standing: zh for standing, zh, _en, _presses in _standings()}["overdue"].format(**ZH)
    said = ear(called="欧阳奶奶", standing="overdue", sentence=sentence)
    assert "十一月二十六号星期四" in said
    assert "十一月二十七号星期五" in said


def test_a_sentence_of_any_length_keeps_its_instruction() -> None:
    for standing in ("arranged", "overdue", "nothing we know"):
        for sentence in ("很长" * 200, "一，" * 200, ""):
            said = ear(called="王奶奶", standing=standing, sentence=sentence)
            assert len(said) <= LENGTH_MAX
            assert re.search("按.+。$", said)
    assert len(ear(called="", standing="left", sentence="word " * 300, lang="en").split()) <= WORDS_MAX


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("8:30", "八点半"), ("14:05", "下午两点零五分"), ("12:00", "中午十二点"), ("19:45", "晚上七点四十五分"), ("0:15", "零点十五分"),
        ("11月24日(周二)", "十一月二十四号星期二"), ("11月24日周二8:30", "十一月二十四号星期二八点半"), ("2026年11月5日", "十一月五号"),
        ("8:30–11:30", "八点半到十一点半"), ("14:00–15:30", "下午两点到三点半"), ("红马甲019号", "红马甲零幺九号"),
        ("红马甲 4", "红马甲 四"), ("打62345678", "打六二三四五六七八"), ("2小时30分", "两小时三十分"), ("打120", "打幺二零"),
    ],
)  # fmt: skip
def test_numbers_are_spoken(written: str, said: str) -> None:
    assert spoken(written) == said


def test_numbers_below_a_hundred_and_every_minute_of_a_day_are_said() -> None:
    assert [number(one) for one in (0, 9, 10, 11, 20, 24, 99)] == [
        "零",
        "九",
        "十",
        "十一",
        "二十",
        "二十四",
        "九十九",
    ]
    said = [clock(hour, minute) for hour in range(24) for minute in range(60)]
    assert len(set(said)) == len(said)
