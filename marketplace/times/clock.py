"""Clock times and parts of a day, gathered from tokens into stretches of one day.

A part beside a clock settles morning or evening (晚上7:00 is 19:00). Without one, one to four o'clock is the afternoon
and noted, five is asked about. A stretch that starts in the evening may end on the next day; any other that would end
before it starts is asked about, never swapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from marketplace.times.doubts import ask
from marketplace.times.tokens import Kind, Token
from marketplace.values import Question

DAY_STARTS, DAY_ENDS = time(8), time(20)
ASSUMED_MINUTES = 60
ABOUT_MINUTES = 30

# The hours meant by a part of the day; `all_day` equals the hours a loose time opens.
DAY_PARTS: dict[str, tuple[time, time]] = {
    "dawn": (time(5), time(7)),
    "early": (time(6), time(9)),
    "morning": (time(8), time(12)),
    "noon": (time(11), time(13)),
    "afternoon": (time(13), time(18)),
    "dusk": (time(17), time(19)),
    "evening": (time(18), time(21)),
    "daytime": (time(8), time(18)),
    "all_day": (DAY_STARTS, DAY_ENDS),
    "night": (time(0), time(5)),
}
# The hours of the day a clock may show beside a part: 晚上2点 is night, 下午9点 is a slip.
_PART_HOURS: dict[str, range] = {
    "dawn": range(4, 9),
    "early": range(4, 13),
    "morning": range(5, 13),
    "noon": range(11, 15),
    "afternoon": range(12, 20),
    "dusk": range(16, 21),
    "evening": range(17, 24),
    "daytime": range(6, 21),
    "all_day": range(24),
    "night": range(7),
}
_NOON = Token(Kind.CLOCK, (12, 0, ""), "12:00")
_LATE = ("afternoon", "dusk", "evening")
# What stands between two hours of one part of the day.
_LINKS = (Kind.LIST, Kind.COMMA, Kind.OR, Kind.EACH)


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Hours that start on one day, read from clocks or a part; an end not after the start lies on the next day."""

    starts: time
    ends: time


@dataclass(slots=True)
class Doubts:
    """Questions that stop the reading and notes that do not, in the order they came up."""

    questions: list[Question]
    notes: list[Question]

    def ask(self, code: str, **known: str) -> None:
        question = ask(code, **known)
        if question not in self.questions:
            self.questions.append(question)

    def note(self, code: str, **known: str) -> None:
        question = ask(code, **known)
        if question not in self.notes:
            self.notes.append(question)


def gather(tokens: list[Token], doubts: Doubts, *, minutes: int) -> list[Token | Stretch]:
    """The tokens with every run of parts and clocks replaced by the stretch it means.

    `minutes` is the length of a stretch whose end is not written; 0 takes ASSUMED_MINUTES.
    """
    items: list[Token | Stretch] = []
    at = 0
    late: Token | None = None
    while at < len(tokens):
        if late is not None and tokens[at].kind is Kind.CLOCK:
            _inherit(tokens, at, late, items, doubts)
        if tokens[at].kind is Kind.AFTER and tokens[at].text == "from" and _opens_range(tokens, at + 1):
            # "From 9 am to 5 pm" says no more than 9 to 5.
            at += 1
        if _part_bounds_clock(tokens, at):
            # "evenings after 6" says as much as "evening 6, after".
            tokens[at + 1], tokens[at + 2] = tokens[at + 2], tokens[at + 1]
        if tokens[at].kind in (Kind.PART, Kind.CLOCK):
            begins = at
            at, stretch = _stretch(tokens, at, doubts, minutes or ASSUMED_MINUTES)
            late = _late_part(tokens[begins:at])
            if stretch is not None:
                items.append(stretch)
                _drop_part_said_twice(tokens, at, stretch)
        elif tokens[at].kind is Kind.NEXT_DAY:
            doubts.ask("range_unclear", text=tokens[at].text)
            at += 1
        elif (
            tokens[at].kind in (Kind.BEFORE, Kind.AFTER, Kind.ABOUT)
            and tokens[at].leads
            and _clock_at(tokens, at + 1)
        ):
            if tokens[at].text in ("by", "no later than", "not later than") or not tokens[at].text.isascii():
                # By 5pm: of which day?
                doubts.ask("range_unclear", text=f"{tokens[at].text} {tokens[at + 1].text}")
            # English says "before 11 am" where Chinese says 11点前: turn it round.
            tokens[at : _past_clock(tokens, at + 1)] = [
                *tokens[at + 1 : _past_clock(tokens, at + 1)],
                tokens[at],
            ]
        elif tokens[at].kind is Kind.ABOUT and _clock_at(tokens, at + 1):
            tokens[at : _past_clock(tokens, at + 1)] = [
                *tokens[at + 1 : _past_clock(tokens, at + 1)],
                tokens[at],
            ]
        else:
            items.append(tokens[at])
            at += 1
    return items


def _late_part(tokens: list[Token]) -> Token | None:
    """The part of a stretch that lies behind noon, as it was written or as pm says it; None for any other."""
    parts = [one for one in tokens if one.kind is Kind.PART]
    if parts:
        return parts[-1] if parts[-1].value in _LATE else None
    hours = [_clock(one)[0] for one in tokens if one.kind is Kind.CLOCK and _clock(one)[2] == "pm"]
    return (
        Token(Kind.PART, "afternoon" if hours[-1] < 6 or hours[-1] == 12 else "evening", "pm")
        if hours
        else None
    )


def _inherit(tokens: list[Token], at: int, late: Token, items: list[Token | Stretch], doubts: Doubts) -> None:
    """下午5点或6点: the second clock is of the same part of the day, which is written in front of it here.

    Where another day stands between them (周三晚上7点、周四8点), nobody can tell and it is asked.
    """
    hour, _, mark = _clock(tokens[at])
    if mark not in ("", "bare") or hour > 12 or _has_part(tokens, at):
        return
    between = 0
    while between < len(items) and not isinstance(items[-1 - between], Stretch):
        between += 1
    linked = all(isinstance(one, Token) and one.kind in _LINKS for one in items[len(items) - between :])
    if linked:
        tokens.insert(at, late)
    elif hour > 4 and hour + 12 in _PART_HOURS[str(late.value)]:
        doubts.ask("clock_half_day", text=tokens[at].text)


def _has_part(tokens: list[Token], at: int) -> bool:
    """Whether the stretch that begins with the clock at `at` says its own part of the day, or its half by am and pm."""
    end = _past_clock(tokens, at)
    return any(
        one.kind is Kind.PART or (one.kind is Kind.CLOCK and _clock(one)[2] in ("am", "pm", "24h"))
        for one in tokens[at:end]
    )


def _drop_part_said_twice(tokens: list[Token], at: int, stretch: Stretch) -> None:
    """10pm to 6am every night, 8:00-9:00每天早上: the part behind only tells again which hours they are."""
    if _kind(tokens, at) is Kind.DAILY and _kind(tokens, at + 1) is Kind.PART:
        alone = _kind(tokens, at + 2) not in (Kind.CLOCK, Kind.RANGE)
        if alone and stretch.starts.hour in _PART_HOURS[str(tokens[at + 1].value)]:
            del tokens[at + 1]


def _opens_range(tokens: list[Token], at: int) -> bool:
    return _kind(tokens, at) is Kind.CLOCK and _kind(tokens, at + 1) is Kind.RANGE


def _part_bounds_clock(tokens: list[Token], at: int) -> bool:
    return (
        tokens[at].kind is Kind.PART
        and _kind(tokens, at + 1) in (Kind.BEFORE, Kind.AFTER)
        and tokens[at + 1].leads
        and _kind(tokens, at + 2) is Kind.CLOCK
    )


def _clock_at(tokens: list[Token], at: int) -> bool:
    if at < len(tokens) and tokens[at].kind is Kind.NEXT_DAY:
        at += 1
    if at < len(tokens) and tokens[at].kind is Kind.PART:
        at += 1
    return at < len(tokens) and tokens[at].kind is Kind.CLOCK


def _past_clock(tokens: list[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind in (Kind.PART, Kind.CLOCK, Kind.RANGE):
        at += 1
    return at


def _stretch(tokens: list[Token], at: int, doubts: Doubts, minutes: int) -> tuple[int, Stretch | None]:
    """The stretch that starts at token `at`, and the place after it."""
    part = ""
    if tokens[at].kind is Kind.PART:
        part = str(tokens[at].value)
        at += 1
        if _kind(tokens, at) is Kind.RANGE and _kind(tokens, at + 1) is Kind.PART:
            return _parts(tokens, at + 1, part, doubts)
        if part == "noon" and _kind(tokens, at) is Kind.RANGE and _clock_at(tokens, at + 1):
            return _range(tokens, at + 1, _NOON, part, doubts)
        if _kind(tokens, at) in (Kind.BEFORE, Kind.AFTER) and not tokens[at].leads:
            return at + 1, _beside_noon(tokens, at, part, doubts)
        if _kind(tokens, at) in (Kind.OPEN, Kind.COMMA) and _kind(tokens, at + 1) is Kind.CLOCK:
            # 晚上(7:00-8:30): the clock makes the part exact.
            at += 1
        if _kind(tokens, at) is not Kind.CLOCK:
            return at, Stretch(*DAY_PARTS[part])
    first = tokens[at]
    at += 1
    at, part = _part_after(tokens, at, part)
    about = _kind(tokens, at) is Kind.ABOUT
    at += about
    if _kind(tokens, at) is Kind.RANGE and _clock_at(tokens, at + 1):
        return _range(tokens, at + 1, first, part, doubts)
    starts = _time(first, part, doubts)
    if starts is None:
        return at, None
    if _kind(tokens, at) is Kind.RANGE and _kind(tokens, at + 1) is Kind.PART:
        return at + 2, _checked(starts, _end_of(str(tokens[at + 1].value)), doubts)
    if _kind(tokens, at) is Kind.BEFORE:
        # 中午12点前 tells which twelve, not from when.
        opens = DAY_PARTS[part][0] if part not in ("", "noon") else min(DAY_STARTS, starts)
        return at + 1, _checked(opens, starts, doubts)
    if _kind(tokens, at) is Kind.AFTER and _starts_length(tokens, at):
        at += 1
    elif _kind(tokens, at) is Kind.AFTER and tokens[at].text == "开始":
        # 13:30开始 tells when it begins, 13:30起 that any hour from then on will do.
        at += 1
    elif _kind(tokens, at) is Kind.AFTER:
        ends = DAY_ENDS if starts < time(19) else time(22)
        if part == "evening":
            ends = max(ends, DAY_PARTS[part][1])
        return at + 1, _checked(starts, ends, doubts)
    return _open_end(tokens, at, starts, about, doubts, minutes)


def _beside_noon(tokens: list[Token], at: int, part: str, doubts: Doubts) -> Stretch | None:
    """中午前 ends at noon, 中午以后 begins there; before or after another part of the day is asked about."""
    if part == "noon":
        noon = time(12)
        return Stretch(DAY_STARTS, noon) if tokens[at].kind is Kind.BEFORE else Stretch(noon, DAY_ENDS)
    doubts.ask("range_unclear", text=tokens[at - 1].text + tokens[at].text)
    return None


def _starts_length(tokens: list[Token], at: int) -> bool:
    """True for 9点起两个小时: the length follows the start."""
    at += 1
    if _kind(tokens, at) is Kind.COMMA:
        at += 1
    return _kind(tokens, at) is Kind.DURATION


def _parts(tokens: list[Token], at: int, part: str, doubts: Doubts) -> tuple[int, Stretch | None]:
    """上午到下午; a clock behind the second part (上午到下午3点) makes the end exact."""
    second = str(tokens[at].value)
    if _kind(tokens, at + 1) is not Kind.CLOCK:
        return at + 1, _checked(DAY_PARTS[part][0], _end_of(second), doubts)
    ends = _time(tokens[at + 1], second, doubts)
    return at + 2, None if ends is None else _checked(DAY_PARTS[part][0], ends, doubts)


def _end_of(part: str) -> time:
    """The end a part of the day gives a stretch: until noon means until twelve."""
    return time(12) if part == "noon" else DAY_PARTS[part][1]


def _part_after(tokens: list[Token], at: int, part: str) -> tuple[int, str]:
    """The part written behind (9:00 in the morning, 3:00-5:00下午), unless it begins the next stretch."""
    if not part and _kind(tokens, at) is Kind.PART:
        in_words = tokens[at].text.startswith(("in the", "at "))
        if in_words or (_kind(tokens, at + 1) not in (Kind.CLOCK, Kind.RANGE) and _halves(tokens, at)):
            return at + 1, str(tokens[at].value)
    return at, part


def _open_end(
    tokens: list[Token], at: int, starts: time, about: bool, doubts: Doubts, minutes: int
) -> tuple[int, Stretch | None]:
    if _kind(tokens, at) is Kind.ABOUT:
        about, at = True, at + 1
    if _kind(tokens, at) is Kind.COMMA and _kind(tokens, at + 1) is Kind.DURATION:
        at += 1
    if _kind(tokens, at) is Kind.DURATION:
        value = tokens[at].value
        assert isinstance(value, int)
        minutes, at = value, at + 1
    else:
        doubts.note("end_unstated", minutes=str(minutes))
    ends = _later(starts, minutes)
    if about:
        doubts.note("about_hour")
        starts, ends = _later(starts, -ABOUT_MINUTES), _later(ends, ABOUT_MINUTES)
    return at, _checked(starts, ends, doubts)


def _halves(tokens: list[Token], at: int) -> bool:
    """True where a part behind a clock can only tell its half of the day: no stretch of its own stands beside it."""
    return _kind(tokens, at - 1) is Kind.CLOCK and tokens[at].value in ("morning", "afternoon", "evening")


def _range(
    tokens: list[Token], at: int, first: Token, part: str, doubts: Doubts
) -> tuple[int, Stretch | None]:
    part_two, next_day = "", _kind(tokens, at) is Kind.NEXT_DAY
    at += next_day
    if tokens[at].kind is Kind.PART:
        part_two, at = str(tokens[at].value), at + 1
    second = tokens[at]
    at, trailing = _part_after(tokens, at + 1, part or part_two)
    if not part and not part_two:
        part = trailing
    if _kind(tokens, at) is Kind.ABOUT:
        at += 1
    if _kind(tokens, at) is Kind.NEXT_DAY:
        next_day, at = True, at + 1
    if next_day or (part_two == "night" and part not in ("", "night")):
        return at, _over_night(first, second, part, part_two, doubts)
    if not part and not part_two and (plain := _without_part(first, second, doubts)) is not None:
        return at, plain
    ends = _end(second, part_two, part, doubts)
    starts = _shared_mark(first, second, ends) or _time(first, part, doubts)
    if starts is None or ends is None:
        return at, None
    return at, _checked(starts, ends, doubts)


def _end(token: Token, part_two: str, part: str, doubts: Doubts) -> time | None:
    """The end of a stretch, whose part may be that of its start (下午2点到4点) or lie beyond it (上午9点到1点)."""
    hour, minute, mark = _clock(token)
    if mark in ("", "bare") and not part_two:
        if hour in (12, 24) and minute == 0 and part == "evening":
            return time(0)
        if part in ("early", "morning") and 1 <= hour <= 6:
            doubts.note("afternoon_assumed", text=token.text)
            return time(hour + 12, minute)
        if part == "evening" and 1 <= hour <= 5:
            return time(hour, minute)
    return _time(token, part_two or part, doubts, inherited=not part_two)


def _over_night(first: Token, second: Token, part: str, part_two: str, doubts: Doubts) -> Stretch | None:
    """晚上10点到次日6点: the end is told as an hour of the next day."""
    starts = _time(first, part, doubts)
    hour, minute, mark = _clock(second)
    early = not part_two and mark in ("", "bare", "24h") and hour < 12 and minute < 60
    ends = time(hour, minute) if early else _time(second, part_two, doubts)
    if starts is None or ends is None:
        return None
    if ends > starts:
        # More than a day, or the evening of the next.
        doubts.ask("range_unclear", text=first.text + second.text)
        return None
    return Stretch(starts, ends)


def _without_part(first: Token, second: Token, doubts: Doubts) -> Stretch | None:
    """2点到4点, 11-1, 9-5: the one stretch between six and eight that fits; None where the clocks tell it themselves."""
    hour, minute, mark = _clock(first)
    hour_two, minute_two, mark_two = _clock(second)
    if mark not in ("", "bare") or mark_two not in ("", "bare") or max(minute, minute_two) > 59:
        return None
    if 1 <= hour <= 4 and hour < hour_two <= 8:
        starts, ends = time(hour + 12, minute), time(hour_two + 12, minute_two)
    elif 6 <= hour <= 12 and 1 <= hour_two <= 6 and hour_two < hour:
        starts, ends = time(hour, minute), time(hour_two + 12, minute_two)
    elif hour >= 18 and hour_two <= 6:
        return Stretch(time(hour, minute), time(hour_two, minute_two)) if hour < 24 else None
    else:
        return None
    doubts.note("afternoon_assumed", text=f"{first.text}-{second.text}")
    return Stretch(starts, ends)


def _shared_mark(first: Token, second: Token, ends: time | None) -> time | None:
    """4:30-6pm: the mark of the end serves the start too, unless that would turn them round (11-1pm)."""
    hour, minute, mark = _clock(first)
    _, _, second_mark = _clock(second)
    if (
        ends is None
        or mark in ("am", "pm")
        or second_mark not in ("am", "pm")
        or not 1 <= hour <= 12
        or minute > 59
    ):
        return None
    same = time(_half_day(hour, second_mark), minute)
    if same < ends:
        return same
    return time(_half_day(hour, "am"), minute)


def _time(token: Token, part: str, doubts: Doubts, *, inherited: bool = False) -> time | None:
    """The time of day a clock token means beside `part`; None with a question when it cannot be told.

    `inherited`: the part stands before the start of a stretch, whose end may lie beyond it (上午9点到下午, 上午9:00-13:00).
    """
    at = _unchecked(token, part, doubts, inherited)
    if at is None or not part or inherited or at.hour in _PART_HOURS[part]:
        return at
    doubts.ask("part_contradicts", text=token.text)
    return None


def _unchecked(token: Token, part: str, doubts: Doubts, inherited: bool) -> time | None:
    """The time by its marks and its part, whether they agree or not; only the end of a stretch may be 24:00."""
    hour, minute, mark = _clock(token)
    if (hour, minute) == (24, 0) and inherited:
        return time(0)
    if minute > 59 or hour > 23:
        doubts.ask("clock_impossible", text=token.text)
        return None
    if mark in ("am", "pm"):
        if not 1 <= hour <= 12:
            doubts.ask("clock_impossible", text=token.text)
            return None
        return time(_half_day(hour, mark), minute)
    if mark == "open":
        doubts.ask("clock_half_day", text=token.text)
        return None
    if mark == "24h" and not part:
        return time(hour, minute)
    return _beside_part(token, hour, minute, part, doubts)


def _beside_part(token: Token, hour: int, minute: int, part: str, doubts: Doubts) -> time | None:
    if part in _LATE:
        if part == "evening" and hour == 12:
            doubts.ask("part_contradicts", text=token.text)
            return None
        return time(hour + 12 if hour < 12 else hour, minute)
    if part == "noon" and 1 <= hour <= 3:
        return time(hour + 12, minute)
    if part in ("", "daytime", "all_day") and 1 <= hour <= 4:
        doubts.note("afternoon_assumed", text=token.text)
        return time(hour + 12, minute)
    open_hours = (5, 6, 7) if _clock(token)[2] == "bare" else (5,)
    if part in ("", "daytime", "all_day") and hour in open_hours:
        doubts.ask("clock_half_day", text=token.text)
        return None
    return time(hour, minute)


def _checked(starts: time, ends: time, doubts: Doubts) -> Stretch | None:
    """The stretch; over midnight only from the evening on."""
    if ends <= starts and (starts.hour < 18 and ends != time(0)):
        doubts.ask("times_reversed", starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}")
        return None
    return Stretch(starts, ends)


def _later(at: time, minutes: int) -> time:
    total = (at.hour * 60 + at.minute + minutes) % (24 * 60)
    return time(total // 60, total % 60)


def _half_day(hour: int, mark: str) -> int:
    return hour % 12 + (12 if mark == "pm" else 0)


def _clock(token: Token) -> tuple[int, int, str]:
    value = token.value
    assert isinstance(value, tuple)
    assert len(value) == 3
    assert isinstance(value[2], str)
    return int(value[0]), int(value[1]), value[2]


def _kind(tokens: list[Token], at: int) -> Kind | None:
    return tokens[at].kind if at < len(tokens) else None
