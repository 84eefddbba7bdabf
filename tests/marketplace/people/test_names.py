"""One key for one name: widths, spaces, dots, radicals, letters of old fonts; sound and slips."""

import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.names import name_key, similar, sound, unreadable

UNICODE_DATA = Path("/usr/share/unicode/EquivalentUnifiedIdeograph.txt")


def pairs(filename: str) -> dict[str, str]:
    lines = files("marketplace").joinpath("data", filename).read_text("utf-8").splitlines()
    fields = [line.split("#")[0].split(";") for line in lines if line.split("#")[0].strip()]
    return {chr(int(code, 16)): chr(int(letter, 16)) for code, letter in fields}


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("张三", "张　三"),  # padded so that columns line up
        ("张三", " 张 三\u200b"),
        ("张三", "张\u00a0三"),
        ("张三", "‘张三’"),
        ("古丽娜尔·阿不都拉", "古丽娜尔•阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔・阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔．阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔.阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔ㆍ阿不都拉"),  # a Korean keyboard's dot is a letter to Unicode
        ("古丽娜尔·阿不都拉", "古丽娜尔ᐧ阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔丶阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔⋅阿不都拉"),
        ("古丽娜尔·阿不都拉", "古丽娜尔‧阿不都拉"),
        ("马丽", "⻢丽"),  # U+2EE2, a radical
        ("金山", "⾦⼭"),
        ("䶮七", "\ue863七"),  # as GBK fonts kept it
        ("𠂇", "\ue816"),  # one of the 14 the codec leaves private
        ("Zhang Wei", "ＺＨＡＮＧ　ｗｅｉ"),
        ("Åsa", "A\u030asa"),
        ("Åsa", "\u212bsa"),
        ("O'Neill", "o’neill"),
        ("神田", "神田"),  # a compatibility ideograph
        ("葛󠄀西", "葛西"),  # a variation selector
    ],
)
def test_one_name_has_one_key_however_it_is_written(written: str, also: str) -> None:
    assert name_key(written) == name_key(also) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("文静", "文婧"), ("张三", "张三丰"), ("陈伟", "陳偉"), ("﨑山", "崎山"), ("〇一", "一"), ("བཀྲ་ཤིས", "བཀར་ཤས"), ("王1", "王2")],
)  # fmt: skip
def test_other_letters_are_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_an_ideograph_newer_than_the_tables_is_a_letter() -> None:
    assert name_key("王\U000323b0") != name_key("王")
    assert not unreadable("王\U000323b0")


@pytest.mark.parametrize("name", ["", " ", "·", "——", "。"])
def test_signs_alone_are_no_name(name: str) -> None:
    assert name_key(name) == ""


@given(st.text(max_size=12))
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(alphabet="张三李四王伟古丽娜尔\ue863⻢", min_size=1, max_size=6), st.integers(0, 6), st.sampled_from("  　·•・\u200b\ufe00"))  # fmt: skip
def test_spaces_and_dots_anywhere_change_nothing(name: str, at: int, sign: str) -> None:
    assert name_key(name[:at] + sign + name[at:]) == name_key(name)


@pytest.mark.parametrize(
    "name", ["张\ue000", "李?四", "王*", "李＊＊", "赵〓", "钱□", "孙\ufffd", "王○", "⿰王文七"]
)
def test_a_lost_letter_makes_a_name_unreadable(name: str) -> None:
    assert unreadable(name)


@pytest.mark.parametrize(
    "name", ["张三", "\ue863七", "〇一", "古丽娜尔·阿不都拉", "O'Neill", "王①", "ཀུན་དགའ", "ئالىم"]
)
def test_rare_but_whole_names_are_readable(name: str) -> None:
    assert not unreadable(name)


def test_an_unknown_private_sign_is_not_taken_for_its_absence() -> None:
    assert name_key("张\ue000三") != name_key("张三")


@pytest.mark.parametrize(
    ("name", "heard"),
    [("张偉", "zhangwei"), ("张玮", "zhangwei"), ("Zhang Wei", "zhangwei"), ("曾志偉", "zengzhiwei"), ("單雄信", "shanxiongxin"),
     ("吕布", "lvbu"), ("Lü Bu", "lvbu"), ("古丽娜尔·阿不都拉", "gulinaerabudoula"), ("", ""), ("曾", "ceng")],
)  # fmt: skip
def test_a_name_sounds_alike_in_both_forms_of_letters(name: str, heard: str) -> None:
    assert sound(name) == heard


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("文静", "文婧"),
        ("李四", "李斯"),
        ("陈伟", "陳偉"),
        ("张伟", "ZHANG WEI"),
        ("欧阳小明", "欧阳晓明"),
        ("张晓明", "张小民"[:2] + "明"),
        ("王建国", "王建囯"),  # a look-alike
        ("王建国", "王国建"),  # two letters changed places
        ("张三", "张三丰"),
        ("阿卜杜拉", "卜杜拉"),
        ("古丽娜尔", "古丽娜尔·阿不都拉"),  # the father's name left out
        ("张三", "张三（组长）"),
    ],
)
def test_a_slip_of_ear_pen_or_keyboard_is_similar_both_ways(one: str, other: str) -> None:
    assert similar(one, other)
    assert similar(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三", "张　三"),  # equal, not similar
        ("张三", "李三"),  # of two letters, another is another name
        ("王建国", "王建军国"[:2] + "军英"),
        ("张", "张三"),
        ("", "张三"),
        ("王秀英", "李秀梅"),
        ("张三", "张三丰李四"),
    ],
)
def test_other_people_are_not_similar(one: str, other: str) -> None:
    assert not similar(one, other)
    assert not similar(other, one)


@given(st.text(max_size=6), st.text(max_size=6))
def test_similarity_is_symmetric_and_never_holds_for_equal_keys(one: str, other: str) -> None:
    assert similar(one, other) == similar(other, one)
    assert not (name_key(one) == name_key(other) and similar(one, other))


# --- the data


def test_the_radicals_are_those_that_nfkc_leaves_alone() -> None:
    known = pairs("radicals.txt")
    assert len(known) == 132
    assert sum("\u31c0" <= code <= "\u31ef" for code in known) == 20  # strokes
    assert all("\u2e80" <= code <= "\u2fdf" or "\u31c0" <= code <= "\u31ef" for code in known)
    assert all(unicodedata.normalize("NFKC", code) == code for code in known)
    assert all(is_ideograph(letter) for letter in known.values())


def test_every_radical_and_stroke_with_a_letter_is_that_letter_and_the_rest_are_signs() -> None:
    radicals = [chr(code) for code in (*range(0x2E80, 0x2FD6), *range(0x31C0, 0x31E4))]
    assigned = [one for one in radicals if unicodedata.category(one) != "Cn"]
    signs = [one for one in assigned if not name_key(one)]
    # ⼂ and ㇔ are the stroke that people type for a dot; Unicode has no letter for the others.
    assert signs == list("⺀⼂㇀㇁㇂㇃㇄㇅㇇㇈㇉㇊㇋㇌㇍㇎㇔㇢㇣")
    assert all(is_ideograph(name_key(one)) for one in assigned if one not in signs)


def is_ideograph(letter: str) -> bool:
    """One of the unified ideographs, among them those newer than this Python's tables."""
    return (
        unicodedata.name(letter, "").startswith("CJK UNIFIED IDEOGRAPH") or 0x20000 <= ord(letter) < 0x40000
    )


def test_the_radicals_are_unicodes_where_its_data_are_installed() -> None:
    lines = UNICODE_DATA.read_text("utf-8").splitlines() if UNICODE_DATA.exists() else []
    official: dict[str, str] = {}
    for line in lines:
        if body := line.split("#")[0].strip():
            codes, letter = (part.strip() for part in body.split(";"))
            first, _, last = codes.partition("..")
            official |= {
                chr(code): chr(int(letter, 16)) for code in range(int(first, 16), int(last or first, 16) + 1)
            }
    # Without the file every committed pair must at least stand by itself: read once, it reads the same again.
    expected = official or pairs("radicals.txt")
    assert {code: name_key(code) for code in expected} == {
        code: name_key(letter) for code, letter in expected.items()
    }
    assert all(expected[code] == letter for code, letter in pairs("radicals.txt").items())


def test_the_private_letters_are_those_of_gbk() -> None:
    known = pairs("private_use.txt")
    assert sorted(map(ord, known)) == list(range(0xE815, 0xE865))
    rows = [row for row in range(0x50, 0xA1) if row != 0x7F]
    decoded = {chr(0xE815 + at): bytes([0xFE, row]).decode("gb18030") for at, row in enumerate(rows)}
    by_hand = {code for code, letter in decoded.items() if unicodedata.category(letter) == "Co"}
    assert len(by_hand) == 14
    assert {code: letter for code, letter in known.items() if code not in by_hand} == {
        code: letter for code, letter in decoded.items() if code not in by_hand
    }
    assert not any(unreadable(code) for code in known)
