"""How times, minutes and days are written on a page, in the language of the moment, and how Jinja learns it.

Pure functions first; `install` hands them to a Jinja environment. Days and clocks are shown in the community's time
zone, which is an argument everywhere and Asia/Shanghai when left out. Minutes are whole numbers; hours exist on
screen only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from marketplace.phones import read_phone
from timebank.rules.telling.ear import ear
from timebank.web import i18n, parts

SHANGHAI = ZoneInfo("Asia/Shanghai")
STATIC = Path(__file__).parent.parent / "static"

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_EN_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"


class Stretch(Protocol):
    """Anything with a start and an end: a window, a service."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def _english() -> bool:
    return i18n.current() == "en"


def _on(value: date | datetime, tz: ZoneInfo) -> date:
    return value.astimezone(tz).date() if isinstance(value, datetime) else value


def hours(minutes: int) -> str:
    """Minutes in words: 3 小时 30 分, 30 分, 0 分; 3 h 30 min in English."""
    sign, minutes = (_MINUS, -minutes) if minutes < 0 else ("", minutes)
    whole, rest = divmod(minutes, 60)
    hour, minute = ("h", "min") if _english() else ("小时", "分")
    parts = [f"{whole} {hour}"] if whole else []
    if rest or not whole:
        parts.append(f"{rest} {minute}")
    return sign + " ".join(parts)


def hm(minutes: int | None) -> str:
    """Minutes for a column: 3:30, 0:05; nothing at all for None."""
    if minutes is None:
        return ""
    sign, minutes = (_MINUS, -minutes) if minutes < 0 else ("", minutes)
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def signed(points: int) -> str:
    """A whole number with its sign: +180, −40, 0, +1,000,180."""
    return f"+{points:,}" if points > 0 else f"{points:,}".replace("-", _MINUS)


def day(value: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """11月24日 周二; Tue 24 Nov."""
    on = _on(value, tz)
    if _english():
        return f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1]}"
    return f"{on.month}月{on.day}日 周{_WEEKDAYS_ZH[on.weekday()]}"


def day_long(value: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """2026年11月24日 星期二; Tuesday, 24 November 2026. For paper."""
    on = _on(value, tz)
    if _english():
        return f"{_WEEKDAYS_EN_LONG[on.weekday()]}, {on.day} {_MONTHS_EN_LONG[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日 星期{_WEEKDAYS_ZH[on.weekday()]}"


def day_short(value: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """11-24; 24 Nov. For a narrow column."""
    on = _on(value, tz)
    return f"{on.day} {_MONTHS_EN[on.month - 1]}" if _english() else f"{on.month:02d}-{on.day:02d}"


def day_full(value: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """2026年11月24日; 24 November 2026. For books, where the year counts and the weekday does not."""
    on = _on(value, tz)
    return (
        f"{on.day} {_MONTHS_EN_LONG[on.month - 1]} {on.year}"
        if _english()
        else f"{on.year}年{on.month}月{on.day}日"
    )


def month(value: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """2026年11月; November 2026."""
    on = _on(value, tz)
    return f"{_MONTHS_EN_LONG[on.month - 1]} {on.year}" if _english() else f"{on.year}年{on.month}月"


def clock(value: datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """8:30, in both languages."""
    local = value.astimezone(tz)
    return f"{local.hour}:{local.minute:02d}"


def relative(value: date | datetime, now: date | datetime, tz: ZoneInfo = SHANGHAI) -> str:
    """今天, 明天, 后天 or 昨天 when it is one of them, else the day."""
    on = _on(value, tz)
    apart = (on - _on(now, tz)).days
    near = {-1: ("昨天", "yesterday"), 0: ("今天", "today"), 1: ("明天", "tomorrow"), 2: ("后天", "")}
    zh, en = near.get(apart, ("", ""))
    return (en if _english() else zh) or day(on)


def span(stretch: Stretch, tz: ZoneInfo = SHANGHAI) -> str:
    """The clock times of a stretch: 9:00–11:00; the end's day is named when it is another one."""
    starts, ends = stretch.starts_at.astimezone(tz), stretch.ends_at.astimezone(tz)
    midnight = ends.date() - starts.date() == timedelta(days=1) and (ends.hour, ends.minute) == (0, 0)
    if starts.date() == ends.date() or midnight:
        return f"{clock(starts, tz)}{_DASH}{'24:00' if midnight else clock(ends, tz)}"
    return f"{clock(starts, tz)}{_DASH}{day(ends, tz)} {clock(ends, tz)}"


def when(stretch: Stretch, tz: ZoneInfo = SHANGHAI) -> str:
    """Weekday and clock: 周二 9:00–11:00; Tue 9:00–11:00."""
    weekday = stretch.starts_at.astimezone(tz).weekday()
    name = _WEEKDAYS_EN[weekday] if _english() else f"周{_WEEKDAYS_ZH[weekday]}"
    return f"{name} {span(stretch, tz)}"


def when_full(stretch: Stretch, tz: ZoneInfo = SHANGHAI) -> str:
    """Day and clock: 11月24日 周二 9:00–11:00."""
    return f"{day(stretch.starts_at, tz)} {span(stretch, tz)}"


def phone(written: str) -> str:
    """A mobile number in groups that can be read aloud, 199 0000 0002, however it was written; anything else as it is."""
    one = read_phone(written)
    alone = one.mobile and not one.note and one.written == written.strip()
    return f"{one.number[:3]} {one.number[3:7]} {one.number[7:]}" if alone else written


def dial(written: str) -> str:
    """The address that makes a telephone ring a number: tel:19900000002, and behind a switchboard tel:55550000,12."""
    one = read_phone(written)
    return f"tel:{one.number or one.digits}" + (f",{one.extension}" if one.extension else "")


def big_hours(minutes: int) -> Markup:
    """The same words as `hours`, each number marked up so that it can be set large."""
    number, word = Markup("<b>{}</b>"), Markup("<span>{}</span>")
    marked = (
        (number if said.lstrip(_MINUS).isdigit() else word).format(said) for said in hours(minutes).split(" ")
    )
    return Markup('<span class="hours">{}</span>').format(Markup(" ").join(marked))


@cache
def _digest(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file with a mark of its content, so that browsers may keep it for long."""
    path = STATIC / name
    return f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


FILTERS: dict[str, Callable[..., Any]] = {
    "hours": hours, "hm": hm, "big_hours": big_hours, "signed": signed, "day": day, "day_long": day_long,
    "day_short": day_short, "day_full": day_full, "month": month, "clock": clock, "relative": relative, "span": span, "when": when,
    "when_full": when_full, "phone": phone, "dial": dial, "person": parts.person,
}  # fmt: skip


def _at_render(shown: Callable[..., Any]) -> Callable[..., Any]:
    # Jinja works out a filter of a constant when it compiles a template, in whatever language that happens to be;
    # asking for the context keeps it for the moment of rendering.
    @pass_context
    @wraps(shown)
    def at_render(_context: Context, *args: Any, **kwargs: Any) -> Any:
        return shown(*args, **kwargs)

    return at_render


class SpokenTemplate(Template):
    """A template whose English pages mark and explain what stays Chinese on them."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        html = super().render(*args, **kwargs)
        return parts.in_english(html) if _english() else html


def install(environment: Environment) -> None:
    """Give a Jinja environment our filters, the translations, and the globals `asset`, `language` and `ear`."""
    environment.template_class = SpokenTemplate
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.plain_gettext,
        i18n.plain_ngettext,
        newstyle=True,
        pgettext=i18n.plain_pgettext,
        npgettext=i18n.plain_npgettext,
    )
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update({name: _at_render(shown) for name, shown in FILTERS.items()})
    environment.globals["asset"] = asset
    environment.globals["language"] = i18n.current
    environment.globals["ear"] = ear
