"""The alphabet that time phrases of both languages are cut into: one kind of token for each thing a phrase can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of a phrase speaks of."""

    DATE = "date"  # (year or 0, month, day)
    FESTIVAL = "festival"  # (year or 0, how it is named, name)
    LUNAR_DATE = "lunar_date"  # (year or 0, month or 0, day or 0 for the whole month)
    SEASON = "season"  # winter, summer, term, next_term, term_start
    OFFSET = "offset"  # days before (negative) or after the date named
    MONTH_YEAR = "month_year"  # (year or 0, month)
    MONTH_RANGE = "month_range"  # (first, last)
    TENTH = "tenth"  # start, middle, end, last
    MONTH_DAYS = "month_days"  # (days...)
    WEEKDAYS = "weekdays"  # (0..6, ...)
    NTHS = "nths"  # (1..5 or -1, ...)
    NTH_WEEK = "nth_week"  # 1..5 or -1
    EVERY = "every"  # (how many, 0, of which period)
    TIMES = "times"  # how often
    AT_LEAST = "at_least"
    CHOICE = "choice"  # one of them will do
    EACH = "each"  # every one of them counts
    EACH_TIME = "each_time"  # the length of one visit follows
    EVEN_WEEKS = "even_weeks"
    ENDINGS = "endings"  # (days...) of every month
    LUNAR_DAYS = "lunar_days"  # (days...) of every lunar month
    ANCHOR = "anchor"  # (year, month, day) from which every other week is counted
    FROM_NOW = "from_now"
    HOURS_IN = "hours_in"  # hours
    DOTTED = "dotted"  # (a, b, text of b): 8.30 is a time or a date
    SLASHED = "slashed"  # (year or 0, a, b): 3/4 is a day of March or of April
    NEXT_DAY = "next_day"
    OR = "or"
    RELATIVE_DAY = "relative_day"  # offset in days
    RELATIVE_WEEK = "relative_week"  # offset in weeks
    RELATIVE_MONTH = "relative_month"  # offset in months, 12 for the end of this year
    SPAN = "span"  # a stretch in days
    DURATION = "duration"  # minutes
    WORKDAYS = "workdays"
    WEEKEND = "weekend"
    DAILY = "daily"
    REST = "rest"
    PART = "part"  # a name in DAY_PARTS
    CLOCK = "clock"  # (hour, minute, "" | am | pm | open | bare | 24h)
    NOTICE = "notice"  # days
    ANY = "any"
    SOON = "soon"
    ABOUT = "about"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"
    EXCEPT_SUFFIX = "except_suffix"
    EXCEPT_PREFIX = "except_prefix"
    SCHOOL_HOLIDAY = "school_holiday"
    PUBLIC_HOLIDAY = "public_holiday"
    EXAMS = "exams"
    RANGE = "range"
    LIST = "list"  # joins equals: 、 and
    COMMA = "comma"
    STOP = "stop"  # ends a clause: ; 。
    OPEN = "open"
    CLOSE = "close"
    FILLER = "filler"
    UNKNOWN = "unknown"


Value = int | str | tuple[int, ...] | tuple[int, int, str] | None


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a phrase; `text` as written after folding."""

    kind: Kind
    value: Value
    text: str

    @property
    def leads(self) -> bool:
        """True for "before Friday", 最迟周五: the word stands in front of what it bounds, where 周五前 stands behind."""
        return self.text.isascii() or self.text.startswith(("最", "至", "不"))
