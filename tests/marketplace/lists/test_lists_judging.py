"""Rows judged: repeats merged, near repeats asked about, people joined, nobody lost."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lists import ImportReport, Verdict, read_file
from marketplace.lists.regions import RowState
from marketplace.values import AttendanceEntry, Need, Resource, VolunteerEntry

FILED_ON = date(2026, 11, 18)
NEED = "需求内容,服务对象,希望时间,数量,登记日期,备注\n"
PERSON = "姓名,手机,身份,特长,愿意服务的时间,所属队伍\n"
ROLL = "红马甲 签到表,,,\n2026年11月17日,,,\n姓名,签到,签退,备注\n"


def report(source: str, **more: Any) -> ImportReport:
    known = more.get("known_people")
    assert known is None or isinstance(known, set)
    return read_file(source.encode(), "list.csv", filed_on=FILED_ON).reports(known_people=known)[0]


def verdicts(found: ImportReport) -> list[str]:
    return [one.verdict.value for one in found.rows]


def codes(found: ImportReport) -> list[list[str]]:
    return [[reason.code for reason in one.reasons] for one in found.rows]


def test_a_repeated_line_is_merged_whatever_its_width_spacing_or_remark() -> None:
    found = report(
        NEED
        + "上门理发2人,高龄老人,周二,2人次,2026-11-03,\n上门理发２人 ,高龄老人,周二,2人次,2026/11/03,又写了一遍\n"
    )
    assert verdicts(found) == ["accepted", "merged"]
    assert found.merged[0].merged_into == 2
    assert len(found.values) == 1


def test_a_line_that_nearly_repeats_another_is_kept_under_its_own_key_and_asked_about() -> None:
    found = report(NEED + "理发,老人,周二,1人次,,\n理发,老人,周四,1人次,,\n理发,老人,周五,1人次,,\n")
    assert verdicts(found) == ["accepted", "questioned", "questioned"]
    assert codes(found)[1] == ["line_similar"]
    keys = [value.line_key for value in found.values]
    assert len(set(keys)) == 3
    assert keys[1] == f"{keys[0]}-2"
    assert keys[2] == f"{keys[0]}-3"


def test_a_questioned_cell_keeps_the_row_and_its_other_cells() -> None:
    found = report(NEED + "理发,老人,13月5日,0人,2027-01-01,\n")
    assert codes(found) == [["date_in_future", "quantity_zero", "date_impossible"]]
    need = found.values[0]
    assert isinstance(need, Need)
    assert need.when.question is not None
    assert need.quantity.question is not None
    assert need.title == "理发"


def test_a_need_no_category_fits_is_asked_about() -> None:
    found = report(NEED + "嗯嗯,老人,周二,1次,,\n")
    assert codes(found) == [["category_unknown"]]


def test_an_unreadable_filing_date_falls_back_to_the_sheet_and_is_asked_about() -> None:
    found = report(NEED + "理发,老人,周二,1次,前天,\n")
    assert codes(found) == [["date_unreadable"]]
    assert isinstance(found.values[0], Need)
    assert found.values[0].filed_on == FILED_ON


def test_unknown_words_of_small_columns_are_noted_not_refused() -> None:
    found = report("需求内容,紧急程度,登记方式,需求来源\n理发,火烧眉毛,飞鸽传书,外星人\n")
    assert verdicts(found) == ["accepted"]
    need = found.values[0]
    assert isinstance(need, Need)
    assert (need.urgency.value, need.channel, need.source) == ("normal", "other", "resident")
    assert sum(note.code == "word_unknown" for note in found.rows[0].notes) == 3


def test_one_phone_written_three_ways_is_one_person_with_all_teams() -> None:
    found = report(
        PERSON
        + "钱二,１９９０００００００２,在职,电工,周末,红马甲队\n"
        + '钱二,+86 199 0000 0002,在职,"电工,开车",周六,供电公司\n'
        + "钱二,199-0000-0002,在职,摄影,周日,摄影队\n"
    )
    assert verdicts(found) == ["accepted", "merged", "merged"]
    person = found.values[0]
    assert isinstance(person, VolunteerEntry)
    assert person.teams == ("红马甲队", "供电公司", "摄影队")
    assert person.skills == ("电工", "开车", "摄影")
    assert len(found.values) == 1


def test_the_same_name_with_another_number_is_another_person() -> None:
    found = report(PERSON + "李四,19900000004,退休,理发,周二,甲\n李四,19900000014,退休,理发,周二,乙\n")
    assert verdicts(found) == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("second", "joined"),
    [
        ("钱二,1990000002,在职,电工,周末,乙", True),  # a digit lost, the same work
        ("钱二,1990000002,退休,做饭,周末,乙", False),  # nothing else in common
        ("钱三,1990000002,在职,电工,周末,乙", False),  # another name
        ("钱二,1990000009,在职,电工,周末,乙", False),  # another number
        ("钱二,,在职,电工,周末,乙", False),  # no number at all
    ],
)
def test_a_lost_digit_joins_two_rows_only_with_name_and_work_alike(second: str, joined: bool) -> None:
    found = report(f"{PERSON}钱二,19900000002,在职,电工,周末,甲\n{second}\n")
    assert (Verdict.MERGED in {one.verdict for one in found.rows}) is joined
    assert len(found.values) == (1 if joined else 2)


def test_two_people_with_one_number_are_kept_and_it_is_noted() -> None:
    found = report(PERSON + "王大,19900000009,退休,聊天,周二,甲\n王二,19900000009,退休,聊天,周二,甲\n")
    assert verdicts(found) == ["accepted", "accepted"]
    assert [note.code for note in found.rows[1].notes] == ["phone_shared"]


def test_a_refused_phone_never_reaches_the_entry() -> None:
    person = report(PERSON + "孙三,1990000003,大学生,英语,周六,甲\n").values[0]
    assert isinstance(person, VolunteerEntry)
    assert (person.phone, person.phone_doubtful) == ("", "1990000003")


def test_a_person_may_serve_twice_a_day_but_not_at_two_places_at_once() -> None:
    found = report(ROLL + "李四,8:30,10:00,\n李四,14:00,16:00,\n李四,9:00,11:00,\n")
    assert verdicts(found) == ["accepted", "accepted", "questioned"]
    assert codes(found)[2] == ["times_overlap"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("李四,8:30,,", ["clock_missing"]),  # no sign-out
        ("李四,,,", ["clock_missing", "clock_missing"]),
        ("李四,8:30,8:30,", ["times_reversed"]),  # no time at all
        ("李四,6:00,22:00,", ["stay_long"]),  # somebody forgot to sign out
        ("李四,3点,5点,", ["clock_half_day", "clock_half_day"]),
        ("李四,八点,十一点半,", []),
        ("王阿姨,8:30,11:30,没登记过", ["walk_up"]),
        ("赵一,8:30,11:30,", ["walk_up"]),  # not among the people known
        ("李四,25:00,26:00,", ["clock_impossible", "clock_impossible"]),
    ],
)
def test_a_roll_call_line_keeps_the_person_and_asks(row: str, expected: list[str]) -> None:
    found = report(f"{ROLL}{row}\n", known_people={"李四"})
    assert codes(found) == [expected]
    assert isinstance(found.values[0], AttendanceEntry)
    assert found.values[0].name == row.split(",")[0]


def test_a_sheet_without_a_date_is_asked_about() -> None:
    found = report("姓名,签到,签退\n李四,8:30,11:30\n")
    assert codes(found) == [["held_on_missing"]]


def test_paid_offers_are_kept_and_noted_as_earning_no_hours() -> None:
    found = report("单位名称,可提供资源,可服务时间,数量,是否无偿\n饭店,午餐,工作日,40份,低偿\n")
    offer = found.values[0]
    assert isinstance(offer, Resource)
    assert not offer.free
    assert [note.code for note in found.rows[0].notes] == ["not_free"]


CELLS = st.sampled_from(
    [
        "理发",
        "",
        "=1+1",
        "周二",
        "19900000001",
        "1990000001",
        "0人",
        "13月5日",
        "—",
        "䶮",
        "8.30",
        "11点半",
        "“",
        "\t",
        "17岁",
        "钱二",
        "60%",
    ]
)
HEADERS = st.sampled_from(
    [
        NEED,
        PERSON,
        "姓名,签到,签退,服务内容,备注,手机\n",
        "单位名称,可提供资源,可服务时间,数量,条件,是否无偿\n",
        "活动名称,轮值牵头单位,时间,地点,需要志愿者,状态\n",
        "项目名称,实施单位,完成时限,进度,主要内容,所需资源\n",
    ]
)


@settings(max_examples=120, deadline=None)
@given(HEADERS, st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6))
def test_no_row_is_ever_lost_and_the_verdicts_add_up(header: str, rows: list[list[str]]) -> None:
    source = header + "".join(",".join(row) + "\n" for row in rows)
    workbook = read_file(source.encode(), "list.csv", filed_on=FILED_ON)
    found = workbook.reports()[0]
    assert len(found.rows) == len(workbook.tables[0].rows)
    assert len(found.accepted) + len(found.merged) + len(found.questioned) + len(found.refused) == len(
        found.rows
    )
    # A row with a single word, or one that was struck out, is nobody's line until somebody says so.
    held = {row.number for row in workbook.tables[0].rows if row.state is not RowState.LINE}
    for one in found.rows:
        assert one.verdict is Verdict.ACCEPTED or one.reasons
        if one.row_number in held:
            assert (one.value, one.verdict) == (None, Verdict.QUESTIONED)
        else:
            assert (one.value is None) == (one.verdict is Verdict.REFUSED)
        assert one.cells
    keys = [value.line_key for value in found.values]
    assert len(keys) == len(set(keys))
    assert workbook.reports()[0] == found


def test_a_length_in_the_time_is_the_length_of_a_visit_where_the_quantity_gives_none() -> None:
    text = "需求内容,希望时间,数量\n陪聊,周三下午两小时,1次\n陪聊天,周三下午两小时,每次1小时\n"
    (report,) = read_file(text.encode(), "x.csv", filed_on=date(2026, 11, 18)).reports()
    needs = [value for value in report.values if isinstance(value, Need)]
    assert [need.quantity.minutes_each for need in needs] == [120, 60]
