"""Text hygiene: widths, numerals, formula cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.text import (
    chinese_int,
    compared,
    folded,
    looks_like_formula,
    narrowed,
    neutralised,
)


def test_reading_folds_widths_and_keeping_only_narrows_letters_and_digits() -> None:
    assert folded("　每周二　９：００\u200b－１１：００ ") == "每周二 9:00-11:00"
    assert narrowed("可坐３０人，自带饮水（少）") == "可坐30人，自带饮水（少）"


@pytest.mark.parametrize("name", ["䶮七", "𠮷野", "㐂子", "﨑山", "王①", "Åsa"])
def test_rare_characters_of_a_name_survive(name: str) -> None:
    assert narrowed(name) == name


def test_comparing_ignores_width_case_space_and_punctuation() -> None:
    assert compared("联系 电话（必填）：") == compared("联系电话(必填)")
    assert compared("ＡＢ c-1") == "abc1"


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十五", 15), ("二十", 20), ("廿三", 23), ("两", 2), ("一百二十", 120), ("一百零五", 105), ("７".translate({0xFF17: "7"}), 7),
     ("三四", None), ("半", None), ("", None), ("十二百三", 203)],
)  # fmt: skip
def test_chinese_numerals(text: str, number: int | None) -> None:
    if text == "十二百三":  # malformed, but never an exception
        assert isinstance(chinese_int(text), int)
    else:
        assert chinese_int(text) == number


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "=1+1",
        "+1+cmd",
        "@SUM(A1)",
        "-2+3+cmd|x",
        '＝HYPERLINK("x")',
        "＋A1",
        "－A1",
        "＠x",
        "  =A1",
        "\t=A1",
        "\r=A1",
        "\n=A1",
    ],
)
def test_a_formula_is_seen_and_made_harmless(cell: str) -> None:
    assert looks_like_formula(cell)
    assert neutralised(cell).startswith("'")


@pytest.mark.parametrize(
    "cell", ["", "-", "—", "-5", "+86 199 0000 0002", "3-4人", "王阿姨", "50%", "- 12.5"]
)
def test_ordinary_cells_are_not_taken_for_formulas(cell: str) -> None:
    assert not looks_like_formula(cell)


@given(st.text(max_size=20))
def test_no_neutralised_cell_starts_with_a_dangerous_sign(cell: str) -> None:
    safe = neutralised(cell)
    assert not safe.lstrip(" \u3000").startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    )
