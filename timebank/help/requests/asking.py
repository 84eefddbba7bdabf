"""What an elder can tap: six kinds of help and a handful of times, each with the words it becomes. Pure.

A tapped time is loose on purpose: "tomorrow morning" welcomes any hour of that morning, so the plan can choose one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace.values import Looseness, Need, Urgency, When, Window
from timebank.community.pictures import SIX
from timebank.errors import BadField, NotFound
from timebank.policy import RequestPolicy
from timebank.rules.parts.attendance import Service, ServiceState, State
from timebank.web.i18n import lazy

MORNING = (time(8, 0), time(12, 0))
AFTERNOON = (time(13, 0), time(18, 0))
DAYTIME = (time(8, 0), time(18, 0))
USUAL = RequestPolicy()
_WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of help on the elder's first page; `title` is what the need is called, `category` its code."""

    code: str
    label: lazy
    icon: str
    title: str
    category: str


_BECOMES = {
    "shopping": ("帮买东西", "errand"),
    "doctor": ("陪着去看病", "escort"),
    "repair": ("家里东西坏了,请人来修", "repair"),
    "meal": ("帮忙解决吃饭", "meals"),
    "talk": ("来家里聊聊天", "companionship"),
    "other": ("", ""),
}

TILES = tuple(Tile(one.code, one.label, one.icon, *_BECOMES[one.code]) for one in SIX)


def tile(code: str) -> Tile:
    """The tile with this code; NotFound for any other."""
    for one in TILES:
        if one.code == code:
            return one
    raise NotFound()


@dataclass(frozen=True, slots=True)
class Moment:
    """One tappable time: a day (`today`, `tomorrow`, `days`, `any`) and a part of it (`am`, `pm`, `day`)."""

    day: str
    part: str


def moments(now: datetime, zone: ZoneInfo, policy: RequestPolicy = USUAL) -> tuple[Moment, ...]:
    """The times that can still be asked for, soonest first."""
    near = [Moment(day, part) for day in ("today", "tomorrow") for part in ("am", "pm")]
    every = [*near, Moment("days", "day"), Moment("any", "day")]
    return tuple(one for one in every if _still_open(one, now.astimezone(zone), policy))


def asked_time(moment: Moment, *, now: datetime, zone: ZoneInfo, policy: RequestPolicy = USUAL) -> When:
    """The tapped time with its reading in words.

    Raises:
        BadField: the time is over, or there is no such choice.
    """
    local = now.astimezone(zone)
    if moment not in moments(now, zone, policy):
        raise BadField(
            "这个时间已经来不及了，请换一个。", "That time has passed. Please pick another.", field="when"
        )
    today = local.date()
    starts, ends = {"am": MORNING, "pm": AFTERNOON, "day": DAYTIME}[moment.part]
    if moment.day == "any":
        return When(
            phrase="随时", looseness=Looseness.ANY, first_on=today, day_starts=starts, day_ends=ends,
            said_zh="哪天都行", said_en="any day",
        )  # fmt: skip
    if moment.day == "days":
        last = today + timedelta(days=policy.soon_days)
        return When(
            phrase="这几天", looseness=Looseness.BY_DATE, first_on=today, last_on=last, day_starts=starts, day_ends=ends,
            said_zh=f"这几天({_zh(last)}前)", said_en=f"in the next few days, by {last:%a} {last.day} {last:%b}",
        )  # fmt: skip
    on = today if moment.day == "today" else today + timedelta(days=1)
    if on == today:
        starts = max(starts, _next_half_hour(local))
    zh = {"today": "今天", "tomorrow": "明天"}[moment.day] + {"am": "上午", "pm": "下午"}[moment.part]
    en = f"{moment.day} {'morning' if moment.part == 'am' else 'afternoon'}"
    return When(
        phrase=zh, looseness=Looseness.BY_DATE, first_on=on, last_on=on, day_starts=starts, day_ends=ends,
        said_zh=f"{zh}({_zh(on)} {_clocks(starts, ends)})",
        said_en=f"{en} ({on:%a} {on.day} {on:%b}, {_clocks(starts, ends)})",
    )  # fmt: skip


def exact_time(starts_at: datetime, ends_at: datetime, *, now: datetime, zone: ZoneInfo) -> When:
    """One of the hours at which somebody could come.

    Raises:
        BadField: it is over, or ends before it begins.
    """
    if starts_at <= now or ends_at <= starts_at:
        raise BadField(
            "这个时间已经来不及了，请换一个。", "That time has passed. Please pick another.", field="when"
        )
    local = starts_at.astimezone(zone)
    clocks = _clocks(local.time(), ends_at.astimezone(zone).time())
    return When(
        phrase=f"{_zh(local.date())} {clocks}", windows=(Window(starts_at, ends_at),),
        said_zh=f"{_zh(local.date())} {clocks}", said_en=f"{local:%a} {local.day} {local:%b} {clocks}",
    )  # fmt: skip


def due_on(need: Need, *, promise: RequestPolicy, zone: ZoneInfo) -> date:
    """The day by which somebody must be found: the day asked for, else so many days after filing as the city promises."""
    days = {
        Urgency.URGENT: promise.days_urgent,
        Urgency.NORMAL: promise.days_normal,
        Urgency.LOW: promise.days_low,
    }[need.urgency]
    promised = need.filed_on + timedelta(days=days)
    if need.when.windows:
        return min(window.starts_at for window in need.when.windows).astimezone(zone).date()
    if need.when.last_on is not None:
        return need.when.last_on
    return promised


_STEPS = {
    State.SIGNED_UP: 2,
    State.CHECKED_IN: 3,
    State.CHECKED_OUT: 4,
    State.DISPUTED: 4,
    State.CONFIRMED: 5,
    State.POSTED: 6,
    State.NO_SHOW: 1,
    State.UNKNOWN: 4,
    State.CANCELLED: 1,
}


def step_of(service: Service | None, state: State | None = None) -> int:
    """Where a request is: 1 filed, 2 somebody comes, 3 arrived, 4 helped, 5 hours on their way, 6 all done.

    Args:
        state: of the helper's part; None while nobody is named.
    """
    if service is None or service.state is ServiceState.CANCELLED:
        return 1
    if state is not None:
        return _STEPS[state]
    return 6 if service.state is ServiceState.DONE else 2


def _still_open(moment: Moment, local: datetime, policy: RequestPolicy) -> bool:
    if moment.day != "today":
        return True
    end = MORNING[1] if moment.part == "am" else AFTERNOON[1]
    ahead = timedelta(minutes=policy.ahead_minutes_min)
    return datetime.combine(local.date(), end, tzinfo=local.tzinfo) - local >= ahead


def _next_half_hour(local: datetime) -> time:
    """The coming full or half hour, so that a plan made a few minutes later can still use it."""
    later = local + timedelta(minutes=30)
    return time(later.hour, 30 if later.minute >= 30 else 0)


def _zh(on: date) -> str:
    return f"{on.month}月{on.day}日周{_WEEKDAYS_ZH[on.weekday()]}"


def _clocks(starts: time, ends: time) -> str:
    return f"{starts.hour}:{starts:%M}–{ends.hour}:{ends:%M}"
