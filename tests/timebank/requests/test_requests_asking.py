"""The small rules of asking: what can be tapped, when it is due, where it is, and what the desk reads out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.notices import HolidayNotice, NoticedCalendar
from marketplace.times import mainland
from marketplace.values import Looseness, Need, Urgency, Week, When, Window
from timebank.community.registering import heard_phones
from timebank.errors import BadField, NotFound
from timebank.help.requests.asking import TILES, Moment, asked_time, due_on, moments, step_of, tile
from timebank.help.requests.intake import categories_for, heard_time
from timebank.policy import RequestPolicy
from timebank.rules.parts.attendance import Kind, Service, ServiceState, State

SHANGHAI = ZoneInfo("Asia/Shanghai")
FILED_ON = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (at(8, 40), {("today", "am"), ("today", "pm")}),
        (at(10, 59), {("today", "am"), ("today", "pm")}),
        (at(11, 1), {("today", "pm")}),  # less than an hour of the morning is left
        (at(17, 1), set()),
        (at(23, 59), set()),
    ],
)
def test_only_times_that_can_still_be_met_are_offered(now: datetime, left: set[tuple[str, str]]) -> None:
    offered = {(one.day, one.part) for one in moments(now, SHANGHAI)}
    assert {one for one in offered if one[0] == "today"} == left
    assert {("tomorrow", "am"), ("tomorrow", "pm"), ("days", "day"), ("any", "day")} <= offered


@pytest.mark.parametrize(
    ("moment", "windows"),
    [
        (Moment("today", "am"), [(at(9), at(12))]),  # from the coming half hour on
        (Moment("today", "pm"), [(at(13), at(18))]),
        (Moment("tomorrow", "am"), [(at(8, day=25), at(12, day=25))]),
        (Moment("days", "day"), [(at(8, day=day), at(18, day=day)) for day in (24, 25, 26, 27)]),
    ],
)
def test_a_tapped_time_opens_the_windows_it_says(
    moment: Moment, windows: list[tuple[datetime, datetime]]
) -> None:
    when = asked_time(moment, now=at(8, 40), zone=SHANGHAI)
    assert when.looseness is Looseness.BY_DATE, "any hour of it is welcome"
    assert [(one.starts_at, one.ends_at) for one in when.windows_in(Week.of(FILED_ON))] == windows
    assert when.said_zh
    assert when.said_en


@pytest.mark.parametrize(
    "moment", [Moment("today", "am"), Moment("yesterday", "am"), Moment("any", "am"), Moment("", "")]
)
def test_a_time_that_is_over_or_unknown_is_refused(moment: Moment) -> None:
    with pytest.raises(BadField) as refused:
        asked_time(moment, now=at(15), zone=SHANGHAI)
    assert refused.value.field == "when"


def test_every_tile_names_a_category_that_exists() -> None:
    for one in TILES:
        assert categories_for(one.category, one.title) or one.code == "other"
    with pytest.raises(NotFound):
        tile("money")


@pytest.mark.parametrize(
    ("when", "urgency", "due"),
    [
        (When(), Urgency.URGENT, date(2026, 11, 25)),
        (When(), Urgency.NORMAL, date(2026, 12, 1)),
        (When(), Urgency.LOW, date(2026, 12, 8)),
        (When(looseness=Looseness.BY_DATE, last_on=date(2026, 11, 27)), Urgency.LOW, date(2026, 11, 27)),
        (When(windows=(Window(at(9, day=26), at(10, day=26)),)), Urgency.URGENT, date(2026, 11, 26)),
    ],
)
def test_when_a_request_is_due(when: When, urgency: Urgency, due: date) -> None:
    need = Need(line_key="N", title="买米", when=when, urgency=urgency, filed_on=FILED_ON)
    assert due_on(need, promise=RequestPolicy(), zone=SHANGHAI) == due


def test_where_a_request_is_goes_only_forward() -> None:
    service = Service(
        uid="S1", community="c", kind=Kind.VISIT, title="t", starts_at=at(9), ends_at=at(10), recipient="M1"
    )
    order = [State.SIGNED_UP, State.CHECKED_IN, State.CHECKED_OUT, State.CONFIRMED, State.POSTED]
    assert [step_of(service, state) for state in order] == [2, 3, 4, 5, 6]
    assert step_of(None) == 1
    assert step_of(service, State.NO_SHOW) == 1
    assert step_of(service) == 2, "a team has taken it on, nobody is named yet"
    gone = Service(**{**{f: getattr(service, f) for f in service.__slots__}, "state": ServiceState.CANCELLED})
    assert step_of(gone, State.SIGNED_UP) == 1


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("过两天", "看不懂"),
        ("11月24日(周三)上午", "请确认"),
        ("2026年11月20日下午", "过去"),
        ("13月5日", "日历"),
    ],
)
def test_a_doubtful_time_is_asked_about_not_guessed(phrase: str, said: str) -> None:
    with pytest.raises(BadField) as refused:
        heard_time(phrase, filed_on=FILED_ON, confirmed=False)
    assert said in refused.value.zh
    assert refused.value.en


def test_what_could_not_be_read_at_all_is_not_taken_even_when_confirmed() -> None:
    with pytest.raises(BadField):
        heard_time("过两天", filed_on=FILED_ON, confirmed=True)
    assert heard_time("11月24日(周三)上午", filed_on=FILED_ON, confirmed=True).windows
    assert heard_time("", filed_on=FILED_ON, confirmed=False).looseness is Looseness.ANY


@pytest.mark.parametrize("text", ["1990000000", "199 0000 00001", "１９９"])
def test_digits_that_are_no_number_are_asked_about_while_somebody_waits(text: str) -> None:
    with pytest.raises(BadField):
        heard_phones(text)


@pytest.mark.parametrize("text", ["二二二", "问门卫", "19900000003（女儿）", "028-85550000转802"])
def test_what_can_be_rung_or_asked_for_is_kept_as_it_was_said(text: str) -> None:
    assert [one.written for one in heard_phones(text)] == [text]


def test_the_holidays_an_office_entered_are_days_when_a_caller_names_them() -> None:
    """Nobody knows the holidays of 2027 before they are announced, and the wish says so; from then on they are days."""
    asked = "法定节假日都可以"
    unknown = heard_time(asked, filed_on=FILED_ON, confirmed=False)
    assert [note.code for note in unknown.notes] == ["holidays_to_come"]
    assert not [
        one for week in ("2026-W53", "2027-W01") for one in unknown.windows_in(Week.parse(week), mainland())
    ]
    days_off = (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3))
    calendar = NoticedCalendar(base=mainland(), notices=(HolidayNotice(year=2027, days_off=days_off),))
    when = heard_time(asked, filed_on=FILED_ON, confirmed=False, calendar=calendar)
    weeks = (Week.parse("2026-W53"), Week.parse("2027-W01"))
    assert {one.day for week in weeks for one in when.windows_in(week, calendar)} == set(days_off)
