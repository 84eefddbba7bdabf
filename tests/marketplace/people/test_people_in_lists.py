"""What lists and sheets say of names, numbers and ages, read row by row."""

from datetime import date

import pytest

from marketplace.ages import AgeSort
from marketplace.lists import ListKind, RowReport, Verdict, csv_of, read_file
from marketplace.values import AttendanceEntry, VolunteerEntry

FILED = date(2026, 11, 24)


def rows(text: str) -> list[RowReport]:
    [report] = read_file(text.encode(), "list.csv", filed_on=FILED).reports()
    return list(report.rows)


def people(text: str) -> list[VolunteerEntry]:
    return [row.value for row in rows(text) if isinstance(row.value, VolunteerEntry)]


def codes(row: RowReport) -> list[str]:
    return [reason.code for reason in row.reasons]


PHONES = """姓名,手机,特长
人甲,028-85550000转802,聊天
人乙,028-85550000-802,聊天
人丙,19900000001/19900000002,聊天
人丁,19900000003（女儿）,聊天
人戊,86 19900000004,聊天
人己,tel:19900000005,聊天
"""


def test_every_number_that_can_be_rung_is_kept_and_asks_nothing_by_itself() -> None:
    found = {person.name: person for person in people(PHONES)}
    assert all(person.phone for person in found.values())
    assert [one.number for one in found["人丙"].phones] == ["19900000001", "19900000002"]
    assert (found["人丁"].phone, found["人丁"].phones[0].note) == ("19900000003", "女儿")
    assert {(one.phone, one.phones[0].extension) for one in (found["人甲"], found["人乙"])} == {
        ("02885550000", "802")
    }
    assert {row.verdict for row in rows(PHONES)} == {Verdict.ACCEPTED}
    [noted] = [row.row_number for row in rows(PHONES) if "phone_shared" in [note.code for note in row.notes]]
    assert noted == 3  # 人甲 and 人乙 have one extension


def test_two_extensions_of_one_switchboard_are_two_numbers() -> None:
    found = rows(
        "姓名,手机,特长\n甲,028-85550000转802,聊天\n乙,028-85550000转803,聊天\n丙,19900000001/19900000002,聊天\n丁,19900000002,聊天\n"
    )
    noted = [[note.code for note in row.notes if note.code == "phone_shared"] for row in found]
    assert noted == [[], [], [], ["phone_shared"]]


def test_a_second_number_that_cannot_be_read_is_a_note_and_stops_nothing() -> None:
    [row] = rows("姓名,手机,特长\n人甲,19900000001/问女儿,聊天\n")
    assert row.verdict is Verdict.ACCEPTED
    assert [note.code for note in row.notes if note.field == "手机"] == ["phone_part_unread"]
    assert isinstance(row.value, VolunteerEntry)
    assert [one.written for one in row.value.phones] == ["19900000001", "问女儿"]


def test_age_and_birth_columns_say_who_is_under_18() -> None:
    text = "姓名,手机,年龄,出生日期,特长\n小明,19900000001,16,,理发\n小红,19900000002,,2010-05-01,英语\n老王,19900000003,66,1960-02-29,象棋\n"
    found = rows(text)
    entries = [row.value for row in found if isinstance(row.value, VolunteerEntry)]
    assert [one.minor for one in entries] == [True, True, False]
    assert [codes(row) for row in found] == [["guardian_consent"], ["guardian_consent"], []]
    [said] = entries[0].ages
    assert (said.sort, said.value, said.said_on, said.source) == (AgeSort.AGE, "16", FILED, "age")
    assert [one.sort for one in entries[2].ages] == [AgeSort.BORN_ON, AgeSort.AGE]


@pytest.mark.parametrize("header", ["年龄", "岁数", "Age", "出生年月", "生日", "出生日期", "Date of birth"])
def test_the_columns_go_by_many_names(header: str) -> None:
    [person] = people(f"姓名,手机,{header},特长\n小明,19900000001,2010-05-01,理发\n")
    assert person.minor


def test_a_childs_word_in_a_trade_makes_nobody_a_child() -> None:
    text = "姓名,手机,身份,特长\n甲一,19900000001,初中生物老师,辅导\n乙二,19900000002,高中生家长,接送\n丙三,19900000003,小学生托管班负责人,接送\n"
    assert [(one.minor, one.ages) for one in people(text)] == [(False, ())] * 3


def test_whom_somebody_wants_to_help_is_not_how_old_they_are() -> None:
    [person] = people("姓名,手机,愿意服务的对象,特长\n甲一,19900000001,小学生,辅导小学生\n")
    assert not person.minor


@pytest.mark.parametrize(
    ("age", "born", "expected"),
    [
        ("高三", "", ["age_unknown"]),
        ("40", "2010-05-01", ["age_differs", "guardian_consent"]),
        ("十几", "", []),
        ("150", "", ["age_unreadable"]),
        ("", "2030-01-01", ["age_unreadable"]),
        ("66", "", []),
    ],
)
def test_a_doubtful_age_is_asked_about(age: str, born: str, expected: list[str]) -> None:
    [row] = rows(f"姓名,手机,年龄,出生日期,特长\n小明,19900000001,{age},{born},理发\n")
    assert codes(row) == expected


def test_the_number_of_an_identity_card_in_a_birth_column_is_neither_kept_nor_said_again() -> None:
    text = "姓名,手机,出生日期,特长\n小明,19900000001,510100195603080025,理发\n"
    [report] = read_file(text.encode(), "list.csv", filed_on=FILED).reports()
    assert [(one.column, one.why) for one in report.left_out] == [("出生日期", "sensitive")]
    assert "510100195603080025" not in repr(report)


def test_such_a_number_among_birthdays_is_masked_and_asked_about() -> None:
    [_, row] = rows(
        "姓名,手机,出生日期,特长\n大红,19900000002,1990-05-01,唱歌\n小明,19900000001,510100195603080025,理发\n"
    )
    assert codes(row) == ["age_unreadable"]
    assert "510100195603080025" not in repr(row)


def test_a_sheet_reads_numbers_and_ages_too() -> None:
    text = "周二签到表\n2026年11月17日\n姓名,手机,签到,签退,备注\n吴六,19900000006/19900000007,8:30,11:30,未成年\n丁一,,8:30,11:30,带小学生来\n"
    [report] = read_file(text.encode(), "sheet.csv", filed_on=FILED).reports()
    entries = [value for value in report.values if isinstance(value, AttendanceEntry)]
    assert [(one.phone, len(one.phones), one.minor) for one in entries] == [
        ("19900000006", 2, True),
        ("", 0, False),
    ]


def test_two_rows_of_one_person_keep_every_number_and_every_age() -> None:
    text = "姓名,手机,年龄,特长,所属队伍\n钱二,19900000002/19900000003,40,电工,甲\n钱二,19900000002/19900000004,41,电工,乙\n"
    [report] = read_file(text.encode(), "list.csv", filed_on=FILED).reports()
    person = report.values[0]
    assert isinstance(person, VolunteerEntry)
    assert [one.number for one in person.phones] == ["19900000002", "19900000003", "19900000004"]
    assert [one.value for one in person.ages] == ["40", "41"]


def test_a_list_written_out_is_read_again_as_the_same_people() -> None:
    text = (
        PHONES.replace("特长", "特长,年龄,出生日期")
        .replace("聊天", "聊天,16,2010-05-01", 1)
        .replace("聊天\n", "聊天,66,\n")
    )
    before = people(text)
    written = csv_of(ListKind.VOLUNTEERS, before, private=True)
    [report] = read_file(written, "again.csv", filed_on=date(2028, 1, 1)).reports()
    after = [value for value in report.values if isinstance(value, VolunteerEntry)]
    assert [[(one.number, one.extension, one.note) for one in person.phones] for person in after] == [
        [(one.number, one.extension, one.note) for one in person.phones] for person in before
    ]
    assert [person.ages[0].births for person in after] == [person.ages[0].births for person in before]


def test_ages_and_numbers_stand_on_no_list_for_a_board() -> None:
    text = "姓名,手机,年龄,特长\n小明,19900000001,16,理发\n"
    written = csv_of(ListKind.VOLUNTEERS, people(text)).decode()
    assert "19900000001" not in written
    assert "出生" not in written
    assert "年龄" not in written


SHEET = "周二“红马甲”在行动 签到表,,,\n2026年11月17日,,,\n姓名,签到,签退,备注\n"


@pytest.mark.parametrize(
    ("registered", "written"),
    [
        ("张　三", "张三"),
        ("李四", "李　四"),
        ("古丽娜尔·阿不都拉", "古丽娜尔•阿不都拉"),
        ("马丽", "⻢丽"),
        ("䶮七", "\ue863七"),
    ],
)
def test_a_registered_name_is_no_walk_up_however_it_is_written(registered: str, written: str) -> None:
    text = f"{SHEET}{written},8:30,11:30,\n"
    [report] = read_file(text.encode(), "sheet.csv", filed_on=FILED).reports(known_people={registered})
    assert [row.verdict for row in report.rows] == [Verdict.ACCEPTED]


def test_another_name_is_a_walk_up_still() -> None:
    [report] = read_file(f"{SHEET}张三,8:30,11:30,\n".encode(), "sheet.csv", filed_on=FILED).reports(
        known_people={"张三丰"}
    )
    assert [codes(row) for row in report.rows] == [["walk_up"]]


def test_one_person_written_in_two_ways_cannot_be_at_two_places_at_once() -> None:
    text = f"{SHEET}张三,8:30,11:30,\n张　三,9:00,10:00,早走\n"
    [report] = read_file(text.encode(), "sheet.csv", filed_on=FILED).reports()
    assert codes(report.rows[1]) == ["times_overlap"]
