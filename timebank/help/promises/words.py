"""The sentence of a promise, filled with names, hours and days in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from timebank.rules.parts.attendance import Attendance, Evidence, Service
from timebank.rules.parts.promises import View
from timebank.web import filters
from timebank.web.i18n import gettext as _
from timebank.web.i18n import lazy, speaking

HOURS_TO_FIND_OUT = 72
"""Within so many hours the office says what it found out about two sides that differ."""

EVIDENCE = {
    Evidence.CODE: lazy("扫码或报码签到"),
    Evidence.ELDER: lazy("被帮的人说到了"),
    Evidence.ROLL_CALL: lazy("队长点名"),
    Evidence.DESK: lazy("社区登记"),
    Evidence.SELF: lazy("本人自己签到"),
    Evidence.SHEET: lazy("纸质签到表"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who and what a sentence speaks of, as far as its reader may know.

    Attributes:
        who: who goes; body: the team or unit that promised; elder: how the person helped is called.
        due_at: by when an answer is promised, where nothing is arranged yet.
        next_at: when it takes place instead, or next.
        others: when it could be instead.
        untold: how many people have not been told yet.
        second_why, second: why it waits for a second hand, and whose; "" where it does not.
    """

    who: str = ""
    body: str = ""
    elder: str = ""
    due_at: datetime | None = None
    next_at: datetime | None = None
    others: tuple[datetime, ...] = ()
    untold: int = 0
    second_why: str = ""
    second: str = ""


def sentence(
    view: View,
    service: Service,
    part: Attendance | None,
    named: Named,
    *,
    now: datetime,
    lang: str,
    zone: ZoneInfo,
) -> str:
    """The sentence of a view as its reader hears it."""
    with speaking("en" if lang == "en" else "zh-CN"):
        words = _words(service, part, named, now=now, zone=zone)
    said = (view.en if lang == "en" else view.zh).format(**words)
    return said[:1].upper() + said[1:]


def _words(
    service: Service, part: Attendance | None, named: Named, *, now: datetime, zone: ZoneInfo
) -> Mapping[str, str]:
    due_at = named.due_at or _due(service, part, now)
    one, other = (*named.others, None, None)[:2]
    day = filters.relative(service.starts_at, now, zone)
    return {
        "who": named.who or named.body or _("来的人"),
        "body": named.body or _("社区"),
        "elder": named.elder,
        "what": service.title,
        "when": f"{day} {filters.span(service, zone)}",
        "day": day,
        "due": _moment(due_at, now, zone),
        "alt1": _moment(one, now, zone) if one else _("别的日子"),
        "alt2": _moment(other, now, zone) if other else _("再晚些"),
        "next": _moment(named.next_at, now, zone) if named.next_at else _("另行通知"),
        "n": str(named.untold),
        **_of_part(part, zone),
        **({"why": named.second_why, "next": named.second} if named.second else {}),
    }


def _of_part(part: Attendance | None, zone: ZoneInfo) -> Mapping[str, str]:
    came = part.checked_in_at if part else None
    went = part.checked_out_at if part else None
    minutes = part.minutes_credited if part and part.posted_at else part.minutes_served if part else 0
    return {
        "at": filters.clock(came, zone) if came else "",
        "at2": filters.clock(went, zone) if went else "",
        "hours": filters.hours(minutes),
        "old": filters.hours(part.minutes_before or 0 if part else 0),
        "why": (part.note if part else "") or _("核对过"),
        "till": filters.clock(part.rests_until, zone) if part and part.rests_until else "",
    }


def _due(service: Service, part: Attendance | None, now: datetime) -> datetime:
    """By when somebody hears more: of two sides that differ after three days, of a search an hour before the start."""
    if part is not None and part.wrong_at is not None:
        return part.wrong_at + timedelta(hours=HOURS_TO_FIND_OUT)
    return max(now, service.starts_at - timedelta(hours=1))


def _moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"{filters.relative(at, now, zone)} {filters.clock(at, zone)}"
