"""The year's holiday notice as an office enters it: which days are off, which weekend days are worked instead.

The libraries know the notices of past years; the next one is published late in the year and nothing updates itself. The
office enters it, by its text or day by day, and `NoticedCalendar` asks it before the calendar it stands on.

    reading = read_notice("一、元旦：1月1日（周五）至3日（周日）放假，共3天。", year=2027)
    calendar = NoticedCalendar(base=mainland(), notices=(reading.notice,))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from marketplace.calendars import Calendar, DateRange
from marketplace.text import folded
from marketplace.when import Question

WEEKDAYS_ZH = "一二三四五六日"
_DAY = timedelta(days=1)
# No notice of the mainland names more; a longer one is a slip.
DAYS_OFF_MAX = 60
# Nor does a school close for longer between two terms.
BREAK_DAYS_MAX = 120
_DATE = r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:\((?P<about>[^)]*)\))?"
_PIECE = re.compile(
    rf"{_DATE}|(?P<to>至|到|-|~|—)|(?P<off>放假|补休|休息)|(?P<on>上班|补班)|共(?P<count>\d{{1,2}})天|(?P<end>[。;\n])"
)
_SENTENCES = {
    "notice_no_days": ("没有读到放假的日子，请检查文字或逐日填写。", "No days off were found. Please check the text or enter the days one by one."),
    "notice_no_such_day": ("“{text}”不是日历上的日期。", "“{text}” is not a date on the calendar."),
    "notice_weekday": ("{date}是周{weekday}，与通知里写的不一样。", "{date} falls on another weekday than the notice says."),
    "notice_count": ("“{text}”写共{said}天，数出来是{found}天。", "“{text}” says {said} days; {found} were counted."),
    "notice_workday": ("{date}本来就是工作日，不用补班，请核对。", "{date} is a working day as it is. Please check."),
    "notice_both": ("{date}又放假又上班，请核对。", "{date} is both off and worked. Please check."),
    "notice_other_year": ("{date}不在{year}年，请核对年份。", "{date} is not in {year}. Please check the year."),
    "notice_unread": ("“{text}”没有读懂。", "“{text}” was not understood."),
    "notice_long": ("放假{found}天，多得不合常理，请核对。", "{found} days off are too many to be right. Please check."),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayNotice:
    """One year's days off and make-up workdays.

    Attributes:
        year: the year the notice is for.
        days_off: every day off, weekends inside a holiday included; the last days of December before may be among them.
        makeup_workdays: weekend days on which offices work.
        text: the notice as published, "" when the days were entered one by one.
    """

    year: int
    days_off: tuple[date, ...]
    makeup_workdays: tuple[date, ...] = ()
    text: str = ""

    def __post_init__(self) -> None:
        days = (*self.days_off, *self.makeup_workdays)
        if not self.days_off or any(not self._covers(on) for on in days):
            raise ValueError("a notice names days off of its own year")
        if set(self.days_off) & set(self.makeup_workdays):
            raise ValueError("a day is off or worked, not both")
        if any(on.weekday() < 5 for on in self.makeup_workdays):
            raise ValueError("only a weekend day is worked instead")

    def _covers(self, on: date) -> bool:
        return on.year == self.year or (on.year == self.year - 1 and on.month == 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolHolidays:
    """The school holidays of one year, as a city's education bureau publishes them and an office enters them.

    Attributes:
        year: the year in which each of them ends; the winter holiday may begin in the December before.
        breaks: first and last day of each, in order.

    Raises:
        ValueError: a break ends before it begins or outside its year, is longer than `BREAK_DAYS_MAX`, or meets another one.
    """

    year: int
    breaks: tuple[DateRange, ...]

    def __post_init__(self) -> None:
        for first, last in self.breaks:
            if not first <= last < first + timedelta(days=BREAK_DAYS_MAX) or last.year != self.year:
                raise ValueError(
                    "a school holiday ends in its year, not before it begins, and not after months"
                )
        if any(second[0] <= first[1] for first, second in pairwise(self.breaks)):
            raise ValueError("school holidays come one after the other")

    def covers(self, on: date) -> bool:
        """Whether pupils are off on that day."""
        return any(first <= on <= last for first, last in self.breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticedCalendar:
    """A calendar with the notices an office entered; what they do not cover is asked of the calendar below.

    Attributes:
        base: knows school holidays, lunar dates and the years without a notice of their own.
        notices: in any order; of two for one year the later one holds.
        schools: the school holidays of the years that an office entered; other years are asked of the base.
    """

    base: Calendar
    notices: tuple[HolidayNotice, ...] = ()
    schools: tuple[SchoolHolidays, ...] = ()

    def is_workday(self, on: date) -> bool:
        if (named := self._named(on)) is not None:
            return named
        return on.weekday() < 5 if self._notice(on.year) else self.base.is_workday(on)

    def is_public_holiday(self, on: date) -> bool:
        if (named := self._named(on)) is not None:
            return not named
        return False if self._notice(on.year) else self.base.is_public_holiday(on)

    def is_school_holiday(self, on: date) -> bool:
        if any(one.covers(on) for one in self.schools):
            return True
        return all(one.year != on.year for one in self.schools) and self.base.is_school_holiday(on)

    def lunar_on(self, year: int, month: int, day: int) -> date | None:
        return self.base.lunar_on(year, month, day)

    def solar_term_on(self, name: str, year: int) -> date | None:
        return self.base.solar_term_on(name, year)

    @property
    def known_until(self) -> date:
        """The last day of the years in a row that a notice covers, ours or the base's."""
        known: date | None = getattr(self.base, "known_until", None)
        until = known or date(min((one.year for one in self.notices), default=1) - 1, 12, 31)
        while self._notice(until.year + 1):
            until = date(until.year + 1, 12, 31)
        return until

    def _notice(self, year: int) -> HolidayNotice | None:
        return next((one for one in reversed(self.notices) if one.year == year), None)

    def _named(self, on: date) -> bool | None:
        """True for a make-up workday, False for a day off, None for a day that no notice names."""
        for notice in (self._notice(on.year), self._notice(on.year + 1)):
            if notice and on in notice.makeup_workdays:
                return True
            if notice and on in notice.days_off:
                return False
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReading:
    """What a text was read as: the notice, None while a doubt forbids one, and every doubt."""

    notice: HolidayNotice | None
    doubts: tuple[Question, ...] = ()


def read_notice(text: str, *, year: int) -> NoticeReading:
    """The days of a published notice; every weekday and every 共N天 in it is checked against the calendar.

    Never guesses: a day that does not exist, a weekday or a count that disagrees, a workday "made up" are doubts, and
    no notice comes out until they are gone.
    """
    doubts: list[Question] = []
    off: list[date] = []
    worked: list[date] = []
    for days, kind, words in _statements(folded(text), year, doubts):
        (worked if kind == "on" else off).extend(days)
        if not days:
            doubts.append(_doubt("notice_unread", text=words))
    return noticed(year, off, worked, text=text.strip(), doubts=doubts)


def noticed(
    year: int,
    days_off: Iterable[date],
    makeup_workdays: Iterable[date],
    *,
    text: str = "",
    doubts: Iterable[Question] = (),
) -> NoticeReading:
    """The notice of these days, as a text or a form with boxes names them, or what speaks against it."""
    off, worked = sorted(set(days_off)), sorted(set(makeup_workdays))
    found = list(doubts)
    found += [_doubt("notice_both", date=on.isoformat()) for on in off if on in worked]
    found += [_doubt("notice_workday", date=on.isoformat()) for on in worked if on.weekday() < 5]
    found += [
        _doubt("notice_other_year", date=on.isoformat(), year=str(year))
        for on in (*off, *worked)
        if on.year != year and not (on.year == year - 1 and on.month == 12)
    ]
    found += [_doubt("notice_long", found=str(len(off)))] * (len(off) > DAYS_OFF_MAX)
    found += [_doubt("notice_no_days")] * (not off)
    if found:
        return NoticeReading(notice=None, doubts=tuple(dict.fromkeys(found)))
    notice = HolidayNotice(year=year, days_off=tuple(off), makeup_workdays=tuple(worked), text=text)
    return NoticeReading(notice=notice)


def _statements(text: str, year: int, doubts: list[Question]) -> Iterator[tuple[list[date], str, str]]:
    """(days, "off" or "on", the words) for each 放假 and each 上班 of the text, 共N天 checked on the way."""
    days: list[date] = []
    counted: list[date] = []
    open_range, began = False, 0
    for piece in _PIECE.finditer(text):
        if piece["day"]:
            on = _date(piece, days, year, doubts)
            if on is not None:
                days.extend(_through(days[-1] + _DAY, on) if open_range and days else [on])
            open_range = False
        elif piece["to"]:
            open_range = bool(days)
        elif piece["count"]:
            if counted and len(counted) != int(piece["count"]):
                words = text[began : piece.end()].strip()
                doubts.append(
                    _doubt("notice_count", text=words, said=piece["count"], found=str(len(counted)))
                )
        elif piece["end"]:
            counted, began = [], piece.end()
        elif days:
            # 放假调休 and 放假 close the days before them; a bare 休息 without days says nothing.
            yield days, "on" if piece["on"] else "off", text[began : piece.end()]
            counted, days = ([] if piece["on"] else days), []
    if days:
        yield [], "off", text[began:].strip()


def _date(piece: re.Match[str], before: list[date], year: int, doubts: list[Question]) -> date | None:
    """The day of one piece; without a month it belongs to that of the day before it."""
    month = int(piece["month"]) if piece["month"] else (before[-1].month if before else 0)
    named = int(piece["year"]) if piece["year"] else (before[-1].year if before else year)
    try:
        on = date(named, month, int(piece["day"]))
    except ValueError:
        doubts.append(_doubt("notice_no_such_day", text=piece[0]))
        return None
    weekday = re.search(r"(?:周|星期)([一二三四五六日天])", piece["about"] or "")
    if weekday and WEEKDAYS_ZH.index(weekday[1].replace("天", "日")) != on.weekday():
        doubts.append(_doubt("notice_weekday", date=on.isoformat(), weekday=WEEKDAYS_ZH[on.weekday()]))
    return on


def _through(first: date, last: date) -> list[date]:
    return [first + _DAY * step for step in range((last - first).days + 1)] if last >= first else [last]


def _doubt(code: str, **known: str) -> Question:
    zh, en = _SENTENCES[code]
    return Question(code=code, zh=zh.format(**known), en=en.format(**known), field="notice")
