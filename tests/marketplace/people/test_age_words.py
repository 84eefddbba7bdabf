"""Ages as people write them: columns of age and birth, and words about the person and nobody else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.age_words import facts_in_words, read_age
from marketplace.ages import Minority, minor

SAID = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "sort", "value"),
    [
        ("16", "age", "16"),
        ("１６", "age", "16"),
        ("16岁", "age", "16"),
        ("16周岁", "age", "16"),
        ("十六", "age", "16"),
        ("六十六岁", "age", "66"),
        ("16岁半", "age", "16"),
        ("虚岁17", "age", "15-16"),  # one at birth, one more at each new year
        ("17虚岁", "age", "15-16"),
        ("70多岁", "age", "70-79"),
        ("60岁左右", "age", "55-65"),
        ("17-18岁", "age", "17-18"),
        ("aged 16", "age", "16"),
        ("2010-05-01", "born_on", "2010-05-01"),
        ("2010/5/1", "born_on", "2010-05-01"),
        ("2010.5.1", "born_on", "2010-05-01"),
        ("2010年5月1日", "born_on", "2010-05-01"),
        ("20100501", "born_on", "2010-05-01"),
        ("2010-05-01 00:00:00", "born_on", "2010-05-01"),
        ("1960-02-29", "born_on", "1960-02-29"),
        ("85.3.2", "born_on", "1985-03-02"),
        ("10.5.1", "born_on", "2010-05-01"),
        ("13/5/2010", "born_on", "2010-05-13"),
        ("5/13/2010", "born_on", "2010-05-13"),
        ("5/6/2010", "born_year", "2010"),  # May or June
        ("2010-05", "born_year", "2010-05"),
        ("2010年5月", "born_year", "2010-05"),
        ("1958.11", "born_year", "1958-11"),
        ("201005", "born_year", "2010-05"),
        ("1960", "born_year", "1960"),
        ("1960年生", "born_year", "1960"),
        ("80后", "born_year", "1980/1989"),
        ("00后", "born_year", "2000/2009"),
        ("农历1960年八月初五", "born_year", "1960-01-21/1961-02-20"),
        ("2009-11-25/2010-11-24", "born_year", "2009-11-25/2010-11-24"),  # as lists are exported
        ("高一", "grade", "10"),
        ("未成年", "minor_said", ""),
        ("已成年", "of_age", ""),
    ],
)
def test_a_cell_of_age_or_birth_is_read(text: str, sort: str, value: str) -> None:
    found = read_age(text, said_on=SAID, source="born")
    assert found is not None
    assert (found.sort.value, found.value, found.said_on, found.source) == (sort, value, SAID, "born")


@pytest.mark.parametrize(
    "text",
    ["", "不详", "保密", "150", "0", "-5", "2030-01-01", "2010-13-01", "1961-02-29", "1800", "9999", "0000", "1989-01-01/1980-01-01", "66.5", "510100195603080025"],
)  # fmt: skip
def test_what_can_be_nobodys_age_is_not_guessed(text: str) -> None:
    assert read_age(text, said_on=SAID, source="age") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17岁学生", "yes"),
        ("17岁高二学生", "yes"),
        ("学生，17岁", "yes"),
        ("虚岁17", "yes"),
        ("初中生", "yes"),
        ("小学生", "yes"),
        ("高一", "yes"),
        ("高一(3)班", "yes"),
        ("高一学生", "yes"),
        ("九年级", "yes"),
        ("初三学生", "yes"),
        ("小学三年级", "yes"),
        ("东区小学三年级学生", "yes"),
        ("东区小学学生", "yes"),
        ("市七中高一学生", "yes"),
        ("在读初中生", "yes"),
        ("未成年", "yes"),
        ("未成年，需家人接送", "yes"),
        ("未满18周岁", "yes"),
        ("aged 16", "yes"),
        ("junior high school student", "yes"),
        ("under 18", "yes"),
        ("高三", "unknown"),
        ("高中生", "unknown"),
        ("中学生", "unknown"),
        ("high school student", "unknown"),
        ("18岁", "no"),
        ("66岁退休工人", "no"),
        ("成年人", "no"),
        ("18岁以上", "no"),
    ],
)
def test_words_about_the_person_tell_their_age(text: str, expected: str) -> None:
    found = facts_in_words(text, said_on=SAID, source="identity")
    assert found
    assert minor(found, SAID) is Minority(expected)


@pytest.mark.parametrize(
    "text",
    [
        "初中生物老师",
        "高中生家长",
        "小学生托管班负责人",
        "小学教师",
        "中学高级教师",
        "高一班主任",
        "幼儿园老师",
        "未成年人保护工作者",
        "学生家长",
        "家长（高中生）",
        "高中生 家长",
        "3岁孩子的妈妈",
        "有17岁儿子",
        "照顾80岁母亲",
        "辅导小学生",
        "接送小学生",
        "辅导东区小学学生",
        "教初中生英语",
        "给东区小学学生上课",
        "小学",  # how far somebody went to school
        "高中毕业",
        "高中毕业生",
        "初中文化",
        "大学生",
        "退休教师",
        "大年初一来",
        "high school teacher",
        "minor repairs",
        "教龄17年",
        "",
    ],
)
def test_a_childs_word_about_somebody_else_tells_nothing(text: str) -> None:
    assert facts_in_words(text, said_on=SAID, source="identity") == ()


@given(st.text(alphabet="0123456789岁年月日-/.初高中小学生虚半多后一二三十 农历男女a", max_size=16))
def test_no_cell_breaks_the_reading(text: str) -> None:
    found = read_age(text, said_on=SAID, source="age")
    assert found is None or found.births.earliest <= SAID
    facts_in_words(text, said_on=SAID, source="remark")
