"""Numbers as people write them: one normal form, several in a cell, nothing lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.phones import PhoneNumber, first_number, read_phone, read_phones, same_phone

ONE = "19900000001"
TWO = "19900000002"
LAND = "02885550000"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("19900000002", TWO),
        ("１９９００００００００２"[:11], "19900000000"),
        ("１９９０００００００２", TWO),
        ("+86 199 0000 0002", TWO),
        ("+8619900000002", TWO),
        ("0086-199-0000-0002", TWO),
        ("86 19900000002", TWO),
        ("(86)19900000002", TWO),
        ("（+86）19900000002", TWO),
        ("tel:19900000002", TWO),
        ("tel:+86-199-0000-0002", TWO),
        ("Tel. 19900000002", TWO),
        ("手机：19900000002", TWO),
        ("联系电话19900000002", TWO),
        ("199.0000.0002", TWO),
        ("199‑0000‑0002", TWO),  # a hyphen that does not break
        ("19900000002-", TWO),
        ("19900000002*", TWO),
        ("(010) 6655-4433", "01066554433"),
        ("028-8555-0000", LAND),
        ("028—85550000", LAND),
        ("(028)85550000", LAND),
        ("028（85550000）", LAND),
        ("+86 28 8555 0000", LAND),
        ("86-028-85550000", LAND),
        ("0830-1234567", "08301234567"),
        ("6655443", "6655443"),
        ("85550000", "85550000"),
        ("400-810-1234", "4008101234"),
        ("12345", "12345"),
        ("95588", "95588"),
        ("+852 6123 4567", "0085261234567"),
        ("0085261234567", "0085261234567"),
    ],
)
def test_a_number_has_one_normal_form(text: str, number: str) -> None:
    [phone] = read_phones(text)
    assert (phone.number, phone.extension, phone.note, phone.doubt) == (number, "", "", "")
    assert phone.written == text.strip()


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("028-85550000转802", "802"),
        ("028-85550000-802", "802"),
        ("０２８—８５５５００００—８０２", "802"),
        ("02885550000-802", "802"),
        ("028-85550000 转 802", "802"),
        ("028-85550000（转802）", "802"),
        ("028-85550000分机802", "802"),
        ("028-85550000 ext. 802", "802"),
        ("028-85550000x802", "802"),
        ("028-85550000#8", "8"),
        ("028-8555-0000-802", "802"),
    ],
)
def test_an_extension_is_kept_beside_the_number(text: str, extension: str) -> None:
    [phone] = read_phones(text)
    assert (phone.number, phone.extension) == (LAND, extension)


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [("400-8101234-5", "4008101234", "5"), ("85550000-802", "85550000", "802"), ("19900000001转1234", ONE, "1234"), ("8555-0000", "85550000", ""), ("8555-000-1", "85550001", "")],
)  # fmt: skip
def test_other_switchboards_have_extensions_too(text: str, number: str, extension: str) -> None:
    [phone] = read_phones(text)
    assert (phone.number, phone.extension) == (number, extension)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("19900000001（女儿）", "女儿"),
        ("19900000001 女儿", "女儿"),
        ("女儿19900000001", "女儿"),
        ("女儿：19900000001", "女儿"),
        ("（女儿19900000001）", "女儿"),
        ("张三（19900000001）", "张三"),
        ("19900000001（女儿，周末打）", "女儿,周末打"),
        ("19900000001（微信同号）", "微信同号"),
        ("Mr Wang 19900000001", "Mr Wang"),
        ("19900000001（女儿", "女儿"),  # a bracket that nobody closed
    ],
)
def test_what_stands_beside_a_number_is_its_note(text: str, note: str) -> None:
    [phone] = read_phones(text)
    assert (phone.number, phone.note) == (ONE, note)


@pytest.mark.parametrize(
    "text",
    [
        "19900000001/19900000002",
        "19900000001、19900000002",
        "19900000001；19900000002",
        "19900000001, 19900000002",
        "19900000001或19900000002",
        "19900000001 or 19900000002",
        "19900000001和19900000002",
        "19900000001\n19900000002",
        "19900000001 19900000002",
        "199 0000 0001 199 0000 0002",
        "1990000000119900000002",
        "19900000001（19900000002）",
        "19900000001/+86 199 0000 0002/19900000001",  # one of them twice
    ],
)
def test_a_cell_may_hold_two(text: str) -> None:
    assert [one.number for one in read_phones(text)] == [ONE, TWO]


def test_each_of_several_keeps_its_own_note_extension_and_area_code() -> None:
    found = read_phones("家 028-85550000、办公室 85550001转12/19900000001（儿子）")
    assert [(one.number, one.extension, one.note) for one in found] == [
        (LAND, "", "家"),
        ("02885550001", "12", "办公室"),
        (ONE, "", "儿子"),
    ]


def test_neighbouring_lines_and_extensions_are_written_short() -> None:
    assert [one.number for one in read_phones("028-85550000/1")] == [LAND, "02885550001"]
    assert [one.extension for one in read_phones("028-85550000-802/803")] == ["802", "803"]


def test_a_local_number_gets_the_area_code_of_the_place() -> None:
    assert first_number(read_phones("85550000", area_code="028")) == LAND
    assert first_number(read_phones(ONE, area_code="028")) == ONE


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("1990000003", "phone_length"),  # a digit lost
        ("１９９００００００２", "phone_length"),  # full-width, and one digit lost
        ("199000000044", "phone_length"),  # a digit too many
        ("199O0000004", "phone_characters"),  # a letter O
        ("见公示栏", "phone_characters"),
        ("问队长", "phone_characters"),
        ("微信abc19900000001", "phone_characters"),
        ("=1+1", "phone_characters"),
        ("内线802", "phone_characters"),
        ("0000000000000000000000000000", "phone_length"),
    ],
)
def test_what_holds_no_number_is_kept_as_written_with_its_doubt(text: str, doubt: str) -> None:
    assert read_phones(text) == (PhoneNumber(written=text),)
    assert read_phone(text).doubt == doubt


@pytest.mark.parametrize("text", ["", "  ", "无", "没有", "-", "/", "暂无", "不详", "None"])
def test_a_sign_for_nothing_is_no_number_and_no_doubt(text: str) -> None:
    assert read_phones(text) == ()
    assert (read_phone(text).number, read_phone(text).doubt) == ("", "")


def test_the_first_that_can_be_dialled_is_the_phone() -> None:
    assert read_phone("问女儿，19900000001").number == ONE


def test_two_ring_alike_by_number_unless_their_extensions_differ() -> None:
    board, desk, other = (read_phone(f"028-85550000{tail}") for tail in ("", "转802", "转803"))
    assert board.rings_like(desk)
    assert not desk.rings_like(other)
    assert read_phone("85550000").rings_like(board)
    assert not read_phone("5550000").rings_like(board)
    assert not read_phone("见公示栏").rings_like(read_phone("见公示栏"))
    assert same_phone(read_phones("19900000001/19900000002"), read_phones("+86 199 0000 0002"))


def test_the_last_four_digits_are_those_of_the_number() -> None:
    assert read_phone("028-85550000转802").tail == "0000"
    assert read_phone("12345").tail == "2345"
    assert read_phone("见公示栏").tail == ""


@given(st.text(alphabet="0123456789+-() /、转x女儿tel:;,．１\n或", max_size=40))
def test_any_cell_is_read_without_losing_a_number_once_read(text: str) -> None:
    for one in read_phones(text):
        assert one.number or one.doubt
        if one.number:
            assert re.fullmatch(r"\d{5,17}", one.number)
            assert read_phone(one.number).number == one.number
            assert same_phone((one,), read_phones(one.number))
