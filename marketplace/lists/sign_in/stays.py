"""Rows of a sign-in sheet: each tells one stay or several, by clocks or by a length, on a day of its own or of the title.

What a row says is either saved or asked about, minute by minute; nothing is merged because it looks alike, nothing is
dated ahead, nothing is swapped. A row whose day or hour is unknown is never "the same" as another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from marketplace.lists.headers.stay_columns import StayColumns
from marketplace.lists.people import ages_in, phones_in
from marketplace.lists.reading import RowReading, line_key
from marketplace.lists.sign_in.clocks import (
    MIDNIGHT,
    NOON,
    Clock,
    ClockUnread,
    clock_of,
    clocks_of,
    is_bare_number,
    length_of,
)
from marketplace.lists.sign_in.days import day_of, row_day, today
from marketplace.lists.sign_in.row import activity_of, ask_state, is_walk_up, place_of
from marketplace.text import folded
from marketplace.values import AttendanceEntry

# A longer stay is more likely a forgotten sign-out than a shift.
STAY_HOURS_MAX = 12


# A length that differs from the clocks by more was not only rounded.
LENGTH_SLACK_MINUTES = 15


# A stay that begins this late may end on the next day, up to noon.
NIGHT_FROM = 18 * 60


_TICK_ONLY = frozenset("√✓✔☑●○") | {"v", "y", "是", "到", "出勤", "yes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayReading:
    """One stay of a row with the doubts about it alone."""

    reading: RowReading
    entry: AttendanceEntry


@dataclass(slots=True)
class _Span:
    """What the cells say of one stay, as far as it could be read: minutes of the day, the end beyond 1440 on the next."""

    day: date | None = None
    starts: int | None = None
    ends: int | None = None
    length: int = 0


def read_stays(reading: RowReading) -> list[StayReading]:
    """The stays a row tells; a row that tells none is one stay that is asked about."""
    columns = reading.table.stays or (StayColumns(),)
    pieces: list[tuple[StayColumns, str]] = []
    for one in columns:
        cell = _cell(reading, one.cell)
        if cell:
            pieces += [(one, piece) for piece in _pieces(cell)]
        elif not one.cell and any(
            _cell(reading, name) for name in (one.signed_in, one.signed_out, one.minutes, one.also_minutes)
        ):
            pieces.append((one, ""))
    if not pieces:
        pieces = [(columns[0], "")]
    return [_stay(reading, one, piece, at) for at, (one, piece) in enumerate(pieces)]


def _pieces(cell: str) -> list[str]:
    """8:30-10:00;14:00-16:00 is two stays."""
    parts = [part.strip() for part in re.split(r"[;；,，、\n]", cell) if part.strip()]
    return (
        parts if len(parts) > 1 and all(re.search(r"\d.*[-—–~至到].*\d", part) for part in parts) else [cell]
    )


def _cell(reading: RowReading, column: str) -> str:
    text = reading.row.cells.get(column, "").strip() if column else ""
    return "" if text in ("-", "—", "--", "/", "无", "×", "x", "X") else text


def _stay(row: RowReading, columns: StayColumns, piece: str, part: int) -> StayReading:
    """One stay, read with doubts and notes of its own."""
    reading = replace(row, doubts=[], notes=[], _formulas=set())
    name, remark = reading.text("name"), reading.text("remark")
    activity, place = activity_of(reading), place_of(reading)
    of_row = row_day(reading, columns)
    span = _span(reading, columns, piece, of_row)
    span.day = day_of(reading, of_row, span.day)
    walk_up = is_walk_up(reading, name, remark)
    ages = ages_in(reading)
    ask_state(reading)
    starts, ends = _moments(reading, span)
    entry = AttendanceEntry(
        line_key=_key(reading, span, activity, name, part),
        name=name,
        activity=activity,
        held_on=span.day,
        place=place,
        signed_in_at=starts,
        signed_out_at=ends,
        minutes_stated=span.length,
        did=reading.text("did"),
        phones=phones_in(reading) if reading.raw("phone") else (),
        ages=ages,
        remark=remark,
        walk_up=walk_up,
    )
    return StayReading(reading=reading, entry=entry)


def _key(reading: RowReading, span: _Span, activity: str, name: str, part: int) -> str:
    """Known day and hours make the key; without them every row is its own."""
    known = span.day is not None and ((span.starts is not None and span.ends is not None) or span.length)
    if not known:
        table = reading.table
        where = [table.filename, table.sheet, str(reading.row.number), str(part)]
        return line_key("attendance", [*where, name])
    assert span.day is not None
    when = f"{span.starts}-{span.ends}" if span.starts is not None else f"{span.length} min"
    return line_key("attendance", [span.day.isoformat(), activity, name, when.replace("-", "to")])


def _span(reading: RowReading, columns: StayColumns, piece: str, of_row: date | None) -> _Span:
    if columns.cell:
        return _grid_cell(reading, columns, piece, of_row)
    in_text, out_text = _said(reading, columns.signed_in), _said(reading, columns.signed_out)
    stated = _cell(reading, columns.minutes)
    # Beside both clocks a number without a unit says nothing more.
    bare = in_text and out_text and is_bare_number(stated) and not columns.unit_minutes
    span = _Span(length=0 if bare else _length(reading, columns, stated))
    span.length = _with_minutes(reading, columns, span.length)
    if not in_text and not out_text and columns.minutes:
        if not span.length and not stated and not _cell(reading, columns.also_minutes):
            reading.doubt("stay_missing", "minutes")
        return span
    starts: Clock | None
    ends: Clock | None
    if in_text and not out_text and (both := _both(reading, in_text)):
        starts, ends = both
    else:
        starts = _clock(reading, "signed_in", columns.signed_in, in_text)
        ends = _clock(reading, "signed_out", columns.signed_out, out_text)
    span.day = _clock_day(reading, starts, ends, of_row)
    return _placed(reading, columns, span, starts, ends, span.day or of_row)


def _said(reading: RowReading, column: str) -> str:
    """The cell of a clock; a formula whose result nobody knows is asked about and not read."""
    text = _cell(reading, column)
    if text.startswith("="):
        reading.doubt("cell_formula", text=text[:60], column=column)
        return ""
    return text


def _both(reading: RowReading, text: str) -> tuple[Clock, Clock] | None:
    try:
        return clocks_of(text, filed_on=today(reading))
    except ClockUnread:
        return None


def _clock(reading: RowReading, name: str, column: str, text: str) -> Clock | None:
    if not text:
        reading.doubt("clock_missing", name, column=column or reading.column(name))
        return None
    try:
        return clock_of(text, filed_on=today(reading))
    except ClockUnread as why:
        reading.doubt(str(why), name, text=text)
        return None


def _placed(
    reading: RowReading,
    columns: StayColumns,
    span: _Span,
    starts: Clock | None,
    ends: Clock | None,
    day: date | None,
) -> _Span:
    """Both clocks on one line of minutes, the end on the next day where it must be."""
    first = _minute(columns.part, starts)
    last = _minute(columns.part, ends)
    if first is not None and last is not None and starts is not None and ends is not None:
        last = _ending(first, last, starts, ends, day)
        if last <= first:
            reading.doubt("times_reversed", "signed_out", starts=_said_clock(first), ends=_said_clock(last))
        elif last - first > STAY_HOURS_MAX * 60:
            reading.doubt("stay_long", "signed_out", hours=str((last - first) // 60))
        elif span.length and abs(last - first - span.length) > LENGTH_SLACK_MINUTES:
            reading.doubt("length_differs", "minutes", length=str(span.length), clocks=str(last - first))
    elif last is not None and ends is not None:
        last = _after_unknown(last, ends, day)
    # A night's end is settled by its start; any other small hour without 上午 or 下午 is asked about.
    night = first is not None and last is not None and first >= NIGHT_FROM and last > MIDNIGHT
    if starts is not None and first is not None and starts.half_day_doubtful and first == starts.minute:
        reading.doubt("clock_half_day", "signed_in", text=_said_clock(first))
        first = None
    if (
        ends is not None
        and last is not None
        and ends.half_day_doubtful
        and not night
        and last % MIDNIGHT == ends.minute
    ):
        reading.doubt("clock_half_day", "signed_out", text=_said_clock(last))
        last = None
    span.starts, span.ends = first, last
    if first is not None and last is not None:
        span.length = 0
    return span


def _minute(part: str, clock: Clock | None) -> int | None:
    """The minute of the day; 2:00 in a column of afternoons is 14:00."""
    if clock is None:
        return None
    small = clock.minute < NOON and not clock.part and not clock.next_day
    if small and (
        (part == "afternoon" and clock.minute < 9 * 60) or (part == "evening" and clock.minute >= 4 * 60)
    ):
        return clock.minute + NOON
    return clock.minute


def _ending(first: int, last: int, starts: Clock, ends: Clock, day: date | None) -> int:
    """The end, beyond midnight where the cell or the clocks say so."""
    if ends.day is not None and day is not None:
        return last + MIDNIGHT if ends.day == day + timedelta(days=1) else last
    if ends.next_day and last < MIDNIGHT:
        return last + MIDNIGHT
    night = first >= NIGHT_FROM and last <= NOON and ends.part in ("", "am")
    if last <= first and (ends.part == "dawn" or night):
        return last + MIDNIGHT
    return last


def _after_unknown(last: int, ends: Clock, day: date | None) -> int:
    """The end of a stay whose start nobody knows: on the next day only where its own cell says so."""
    dated = ends.day is not None and day is not None and ends.day == day + timedelta(days=1)
    return last + MIDNIGHT if last < MIDNIGHT and (dated or ends.next_day) else last


def _said_clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _clock_day(
    reading: RowReading, starts: Clock | None, ends: Clock | None, of_row: date | None
) -> date | None:
    """The day the clocks themselves name; an end dated on the next day belongs to its start's."""
    first, last = starts.day if starts else None, ends.day if ends else None
    begun = first or of_row
    if begun and last and last - begun not in (timedelta(0), timedelta(days=1)):
        reading.doubt("days_disagree", "signed_out", cell=last.isoformat(), row=begun.isoformat())
    return first or (None if of_row else last)


def _length(reading: RowReading, columns: StayColumns, text: str) -> int:
    if not text:
        return 0
    minutes = length_of(text, unit_minutes=columns.unit_minutes)
    if minutes is None:
        code = "length_without_unit" if is_bare_number(text) else "length_unread"
        reading.doubt(code, "minutes", text=text)
        return 0
    if minutes == 0:
        reading.doubt("stay_missing", "minutes")
    elif minutes > STAY_HOURS_MAX * 60:
        reading.doubt("stay_long", "minutes", hours=str(minutes // 60))
    return minutes


def _with_minutes(reading: RowReading, columns: StayColumns, length: int) -> int:
    """2 hours and 30 minutes side by side are 150; 2.5 hours and 150 minutes too; anything else is asked about."""
    text = _cell(reading, columns.also_minutes)
    beside = length_of(text, unit_minutes=1) if text else 0
    if beside is None:
        reading.doubt("length_unread", "minutes", text=text)
        return length
    if not beside or beside == length:
        return length or beside
    if beside < 60 and length % 60 == 0:
        return length + beside
    reading.doubt("lengths_differ", "minutes", length=str(length), beside=str(beside))
    return length


def _grid_cell(reading: RowReading, columns: StayColumns, piece: str, of_row: date | None) -> _Span:
    """The cell of a day: 8:30-11:30, or a length, or a tick that does not say how long."""
    if not piece or folded(piece).casefold() in _TICK_ONLY:
        reading.doubt("stay_missing", text=piece)
        return _Span()
    both = _both(reading, piece)
    if both is not None:
        return _placed(reading, columns, _Span(), *both, of_row)
    return _Span(length=_length(reading, columns, piece))


def _moments(reading: RowReading, span: _Span) -> tuple[datetime | None, datetime | None]:
    return _moment(reading, span.day, span.starts), _moment(reading, span.day, span.ends)


def _moment(reading: RowReading, day: date | None, minute: int | None) -> datetime | None:
    if day is None or minute is None:
        return None
    at = time(minute // 60 % 24, minute % 60)
    return datetime.combine(day + timedelta(days=minute // MIDNIGHT), at, reading.zone)
