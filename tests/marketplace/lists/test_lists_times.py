"""Time phrases: every reading in words, every doubt by its code, and the concrete windows of a week."""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lists import ListKind, read_file
from marketplace.times import ChinaCalendar, PlainCalendar, mainland, read_when, with_notice
from marketplace.times.cutting import tokens_of
from marketplace.values import Frequency, Looseness, Recurrence, Week, When

HERE = Path(__file__).parent
FILES = HERE.parents[2] / "examples" / "data" / "lists"
FILED_ON = date(2026, 11, 18)


def table(name: str) -> list[tuple[str, str, str, str]]:
    """Rows of a phrase table: phrase, reading, question, notes."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    return [(row[0], row[1], row[2], row[3]) for row in rows]


REFUSED = [
    (row.split("\t")[0], row.split("\t")[1])
    for row in (HERE / "phrases_refused.tsv").read_text("utf-8").splitlines()[1:]
]
WEEKS = [Week.of(FILED_ON + timedelta(weeks=step)) for step in range(0, 60, 7)]
GIVEN, CHINESE, ENGLISH = table("phrases_given.tsv"), table("phrases_zh.tsv"), table("phrases_en.tsv")


@cache
def read(phrase: str | None, filed_on: date = FILED_ON) -> When:
    return read_when(phrase, filed_on=filed_on)


def codes(when: When) -> tuple[str, str]:
    return (when.question.code if when.question else "-", ",".join(note.code for note in when.notes) or "-")


def substance(when: When) -> When:
    """The time without its words; a deadline runs from the day of filing, which words need not repeat."""
    first_on = None if when.looseness is Looseness.BY_DATE else when.first_on
    return replace(when, phrase="", said_zh="", said_en="", question=None, notes=(), first_on=first_on)


def windows(when: When, week: str) -> list[str]:
    found = when.windows_in(Week.parse(week))
    return [f"{window.starts_at:%m-%d %H:%M}-{window.ends_at:%H:%M}" for window in found]


@pytest.mark.parametrize(("phrase", "reading", "question", "notes"), GIVEN + CHINESE)
def test_a_chinese_phrase_is_read_or_asked_about(
    phrase: str, reading: str, question: str, notes: str
) -> None:
    when = read(phrase)
    assert (when.said_zh, *codes(when)) == (reading, question, notes)
    assert when.phrase == phrase


@pytest.mark.parametrize(("phrase", "reading", "question", "notes"), ENGLISH)
def test_an_english_phrase_is_read_or_asked_about(
    phrase: str, reading: str, question: str, notes: str
) -> None:
    when = read(phrase)
    assert (when.said_en, *codes(when)) == (reading, question, notes)


def test_the_tables_are_as_long_as_promised() -> None:
    chinese, english = (
        {row[0] for row in GIVEN + CHINESE} | {row for row, _ in REFUSED if not row.isascii()},
        {row[0] for row in ENGLISH} | {row for row, _ in REFUSED if row.isascii()},
    )
    assert len([row for row in GIVEN + CHINESE if row[2] == "-"]) >= 150
    assert len([row for row in ENGLISH if row[2] == "-"]) >= 50
    assert (len(chinese), len(english)) >= (500, 130)


@pytest.mark.parametrize(("phrase", "question"), REFUSED)
def test_a_contradictory_empty_or_unclear_time_is_asked_about_and_opens_no_window(
    phrase: str, question: str
) -> None:
    when = read(phrase)
    assert codes(when)[0] == question
    assert not [week for week in WEEKS if when.windows_in(week)]


def test_every_time_in_the_given_files_stands_in_the_table_and_none_needs_a_question() -> None:
    phrases = {row[0] for row in GIVEN}
    fields = {ListKind.NEEDS: "when", ListKind.RESOURCES: "when", ListKind.ACTIVITIES: "when",
              ListKind.PROJECTS: "due", ListKind.VOLUNTEERS: "when"}  # fmt: skip
    seen = 0
    for path in sorted(FILES.iterdir()):
        for found in read_file(path, filed_on=FILED_ON).tables:
            column = found.mapping.get(fields.get(found.kind, ""), "")
            for row in found.rows:
                phrase = row.cells.get(column, "")
                seen += bool(phrase)
                assert not phrase or phrase in phrases
                assert not phrase or read(phrase).question is None
    assert seen == 22 + 22 + 6 + 3 + 9


@pytest.mark.parametrize(
    "phrase", [row[0] for row in GIVEN + CHINESE + ENGLISH if row[2] == "-" and row[0] not in "无—"]
)
def test_the_reading_in_words_reads_back_as_the_same_time_in_both_languages(phrase: str) -> None:
    when = read(phrase)
    assert substance(read(when.said_zh)) == substance(when)
    assert substance(read(when.said_en)) == substance(when)


@pytest.mark.parametrize(
    ("phrase", "week", "expected"),
    [
        ("每周二上午", "2026-W48", ["11-24 08:00-12:00"]),
        ("每周二、周四晚上7:00-8:30", "2026-W48", ["11-24 19:00-20:30", "11-26 19:00-20:30"]),
        ("每月第一、第三个周二 14:00-17:00", "2026-W49", ["12-01 14:00-17:00"]),
        ("每月第一、第三个周二 14:00-17:00", "2026-W50", []),
        ("每月第一、第三个周二 14:00-17:00", "2026-W51", ["12-15 14:00-17:00"]),
        ("每月最后一个周五15:00", "2026-W48", ["11-27 15:00-16:00"]),
        ("每月最后一个周五15:00", "2026-W47", []),
        ("每月第五个周一", "2026-W49", ["11-30 08:00-20:00"]),
        ("每月第五个周一", "2026-W53", []),
        ("每月15日 14:00—16:00", "2026-W51", ["12-15 14:00-16:00"]),
        ("每月31日", "2026-W49", []),
        ("2026-11-26 8:00-11:30", "2026-W48", ["11-26 08:00-11:30"]),
        ("2026-11-26 8:00-11:30", "2026-W49", []),
        ("周一闭馆,其余 9:00-20:30", "2026-W48", [f"11-{day} 09:00-20:30" for day in range(24, 30)]),
        ("周六 9:00-12:00、10:00-13:00", "2026-W48", ["11-28 09:00-13:00"]),
        ("12月中旬前", "2026-W50", [f"12-{day:02} 08:00-20:00" for day in range(7, 11)]),
        ("12月第一周", "2026-W49", [f"12-{day:02} 08:00-20:00" for day in range(1, 7)]),
        ("尽快,白天都在家", "2026-W47", [f"11-{day} 08:00-18:00" for day in range(18, 23)]),
        ("12月任意工作日下午", "2026-W49", [f"12-{day:02} 13:00-18:00" for day in range(1, 5)]),
        ("12月25日除外,每天上午", "2026-W52", [f"12-{day} 08:00-12:00" for day in (21, 22, 23, 24, 26, 27)]),
        ("期末(1月)停止", "2027-W01", []),
        ("", "2026-W48", [f"11-{day} 08:00-20:00" for day in range(23, 30)]),
    ],
)
def test_a_time_opens_exactly_these_windows(phrase: str, week: str, expected: list[str]) -> None:
    assert windows(read(phrase), week) == expected


def test_workdays_follow_the_public_calendar_with_its_holidays_and_make_up_days() -> None:
    workdays = read("工作日上午", date(2026, 9, 1))
    assert windows(workdays, "2026-W40") == [f"09-{day} 08:00-12:00" for day in (28, 29, 30)]
    # Saturday 10 October 2026 makes up for the national holiday.
    assert windows(workdays, "2026-W41") == [f"10-{day:02} 08:00-12:00" for day in (8, 9, 10)]


def test_weekly_times_can_leave_out_public_and_school_holidays() -> None:
    assert windows(read("每天上午,节假日除外"), "2026-W40")[-1] == "09-30 08:00-12:00"
    lessons = read("周一至周五 16:30-18:00(寒暑假除外)")
    assert windows(lessons, "2026-W06") == []
    assert len(windows(lessons, "2026-W48")) == 5


def test_another_place_brings_its_own_calendar() -> None:
    own = PlainCalendar(
        holidays=frozenset({date(2026, 11, 26)}),
        makeup_workdays=frozenset({date(2026, 11, 28)}),
        school_holidays=((date(2026, 11, 23), date(2026, 11, 24)),),
    )
    days = [
        window.starts_at.day
        for window in read("weekdays except school holidays").windows_in(Week(2026, 48), own)
    ]
    assert days == [25, 27, 28]
    assert own.is_public_holiday(date(2026, 11, 26))


def test_years_without_a_holiday_notice_fall_back_to_the_plain_week_and_say_so() -> None:
    known_until = ChinaCalendar().known_until
    later = date(known_until.year + 1, 3, 1)
    assert codes(read(f"{later.year}年3月工作日上午", later))[1] == "calendar_unknown"
    plain_week = Week.of(later)
    assert [
        mainland().is_workday(date.fromisocalendar(plain_week.year, plain_week.number, day))
        for day in range(1, 8)
    ] == [True] * 5 + [False] * 2


def test_a_questioned_time_opens_no_window_until_a_person_confirms_it() -> None:
    when = read("周二上午,老地方见")
    assert when.windows_in(Week(2026, 48)) == ()
    assert windows(when.confirmed(), "2026-W48") == ["11-24 08:00-12:00"]


def test_reversed_times_are_never_swapped() -> None:
    when = read("每周二 16:00-14:00")
    assert when.question is not None
    assert when.question.code == "times_reversed"
    assert "16:00" in when.question.zh
    assert "14:00" in when.question.en


def test_a_date_and_a_weekday_that_disagree_are_asked_about_with_the_true_weekday() -> None:
    question = read("11月24日(周三)上午9点到11点").question
    assert question is not None
    assert "周二" in question.zh
    assert "Tuesday" in question.en


def test_an_unstated_end_takes_the_length_the_quantity_gives() -> None:
    assert windows(read_when("每周二上午8:30", filed_on=FILED_ON, minutes=150), "2026-W48") == [
        "11-24 08:30-11:00"
    ]


def test_a_warning_in_another_column_joins_the_time_and_its_words() -> None:
    when = with_notice(read("每周二"), 3)
    assert (when.notice_days, when.said_zh) == (3, "每周二,提前3天预约")
    assert with_notice(when, 1) is when


@pytest.mark.parametrize(
    ("phrase", "filed_on", "first"),
    [
        ("1月5日", date(2026, 12, 20), "2027-01-05"),  # the coming January
        ("11月12日", date(2026, 11, 18), "2026-11-12"),  # a few days ago, not next year
        ("2月29日", date(2026, 11, 18), "2028-02-29"),  # the next leap year
        ("明年3月1日", date(2026, 11, 18), "2027-03-01"),
    ],
)
def test_a_date_without_a_year_is_the_next_one_unless_it_has_just_passed(
    phrase: str, filed_on: date, first: str
) -> None:
    assert read(phrase, filed_on).windows[0].starts_at.date().isoformat() == first


def test_a_day_that_has_passed_is_noted() -> None:
    assert codes(read("11月12日"))[1] == "date_passed"


def test_full_width_and_odd_dashes_read_like_plain_ones() -> None:
    plain = substance(read("每周二 9:00-11:00"))
    for phrase in (
        "每周二９：００－１１：００",
        "每周二 9:00—11:00",
        "每周二 9：00～11：00",
        "每周二 9:00 – 11:00",
        "每 周二 9:00至11:00",
    ):
        assert substance(read(phrase)) == plain, phrase


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reader(phrase: str) -> None:
    when = read(phrase)
    assert isinstance(when.windows_in(Week(2026, 48)), tuple)
    assert when.said_zh
    assert when.said_en


DAYS = st.sampled_from(
    [
        "每周二",
        "周一、周三",
        "周一至周五",
        "工作日",
        "每天",
        "周末",
        "每月15日",
        "每月第二个周三",
        "12月5日",
        "weekdays",
        "Tue and Thu",
    ]
)
HOURS = st.sampled_from(
    ["", "上午", "下午", "晚上", "9:00-11:00", "下午2点到4点", "14:00—16:00", " 8.30-11.30", " 2-4 pm"]
)
TAILS = st.sampled_from(
    ["", "(寒暑假除外)", ",周一除外", ",提前2天预约", ",节假日除外", ",1月除外", ", except Fridays"]
)


@settings(max_examples=200, deadline=None)
@given(DAYS, HOURS, TAILS)
def test_days_hours_and_exceptions_combine_freely_and_read_back(days: str, hours: str, tail: str) -> None:
    when = read(f"{days} {hours}{tail}")
    assert when.question is None
    assert substance(read(when.said_zh)) == substance(when)
    assert substance(read(when.said_en)) == substance(when)


PIECES = st.sampled_from(
    [
        "周二",
        "每月",
        "第一个",
        "上午",
        "9点",
        "到",
        "11点",
        "前",
        "后",
        "12月",
        "中旬",
        "除外",
        "两次",
        "随时",
        "、",
        ",",
        ";",
        "(",
        ")",
        "5日",
        "至",
        "工作日",
        "左右",
        "本周",
        "内",
        "提前2天",
        "休息",
        "每",
        "半",
        "8.30",
        "monday",
        "first",
        "of",
        "every",
        "month",
        "2pm",
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=9))
def test_shuffled_words_of_time_are_read_or_asked_about_but_never_dropped(pieces: list[str]) -> None:
    phrase = " ".join(pieces)
    when = read(phrase)
    assert isinstance(when.windows_in(Week(2026, 48)), tuple)
    if when.question is None and tokens_of(phrase):
        again = read(when.said_zh)
        for week in range(47, 54):
            assert again.windows_in(Week(2026, week)) == when.windows_in(Week(2026, week))


SOUND_DAYS = ["每周二", "周一至周五", "工作日", "每月15日", "12月5日", "Tuesdays", "weekdays"]
SOUND_HOURS = ["", "上午", "9:00-11:00", "下午2点到4点", "in the evening"]
CONTRADICTIONS = st.sampled_from(
    [
        ("{days} 11:00-9:00", "the end is not after the start"),
        ("{days} 下午4点到2点", "the same in words"),
        ("{days} 25:00", "no such hour"),
        ("{days} 9:75-10:00", "no such minute"),
        ("{days} 凌晨9点", "the part of the day and the clock"),
        ("{days} {hours},13月除外", "no such month"),
        ("{days} {hours},2月30日除外", "no such day"),
        ("{days} {hours},每周0次", "never"),
        ("{days} {hours};每周两次;每周三次", "two counts"),
        ("{days} {hours},12月10日至12月1日", "the last day before the first"),
        ("{days} {hours},周一至周日除外", "nothing is left"),
        ("12月32日 {hours}", "no such day"),
        ("12月6日(周三) {hours}", "the date is a Sunday"),
        ("每月第七个周二 {hours}", "no month has seven"),
        ("每月第0个周二 {hours}", "nor a zeroth"),
        ("每月32日 {hours}", "no such day"),
        ("周八 {hours}", "no such weekday"),
        ("{hours} 31 November", "no such day"),
        ("12月1日至12月5日每周日 {hours}", "no Sunday among them"),
        ("每周二 {hours},周二除外", "nothing is left"),
        ("每天 {hours},每天除外", "nothing is left"),
        ("9999年1月1日 {hours}", "far away"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    CONTRADICTIONS,
    st.sampled_from(SOUND_DAYS),
    st.sampled_from(SOUND_HOURS),
    st.sampled_from(["", ",提前2天预约", "(寒暑假除外)", " 请联系居委会"]),
    st.booleans(),
)
def test_no_window_ever_opens_for_a_contradiction_whatever_stands_beside_it(
    contradiction: tuple[str, str], days: str, hours: str, tail: str, wide: bool
) -> None:
    phrase = contradiction[0].format(days=days, hours=hours) + tail
    if wide:
        phrase = phrase.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    when = read(phrase)
    assert when.question is not None, phrase
    assert not [week for week in WEEKS if when.windows_in(week)]
    assert when.question.zh
    assert when.question.en


@settings(max_examples=250, deadline=None)
@given(
    st.text(
        alphabet="周一二三四五六日天每月第个上下午晚早点半到至-0123456789:.,;、()除外前后内左右旬底初农历腊正春节国庆学期假隔两次随时尽快",
        max_size=18,
    )
)
def test_no_mixture_of_time_characters_breaks_the_reader_or_changes_when_said_back(phrase: str) -> None:
    when = read(phrase)
    if when.question is None and when.looseness is not Looseness.UNSTATED:
        again = read(when.said_zh)
        for week in WEEKS:
            assert again.windows_in(week) == when.windows_in(week)


def test_a_rule_made_by_hand_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Recurrence(frequency=Frequency.DAILY, starts=time(9), ends=time(9))


def test_windows_are_ordered_and_never_overlap() -> None:
    for phrase, *_ in GIVEN + CHINESE:
        found = read(phrase).windows_in(Week(2026, 49))
        assert all(one.ends_at < other.starts_at for one, other in pairwise(found))


def test_hours_of_loose_times_default_to_the_day() -> None:
    assert (read("随时").day_starts, read("随时").day_ends) == (time(8), time(20))
