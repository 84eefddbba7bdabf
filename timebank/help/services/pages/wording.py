"""The words for states and evidence, in the language of the moment."""

from __future__ import annotations

from timebank.help.promises.words import EVIDENCE
from timebank.rules.parts.attendance import Attendance, State
from timebank.web import filters
from timebank.web.i18n import gettext as _
from timebank.web.i18n import lazy

STATES = {
    State.SIGNED_UP: lazy("报了名"),
    State.CHECKED_IN: lazy("到了"),
    State.CHECKED_OUT: lazy("等确认"),
    State.CONFIRMED: lazy("待入账"),
    State.POSTED: lazy("已记时"),
    State.NO_SHOW: lazy("没来"),
    State.CANCELLED: lazy("取消了"),
    State.DISPUTED: lazy("社区在核实"),
    State.UNKNOWN: lazy("没问清"),
}
KINDS = {
    State.SIGNED_UP: "",
    State.CHECKED_IN: "done",
    State.CHECKED_OUT: "wait",
    State.CONFIRMED: "wait",
    State.POSTED: "done",
    State.NO_SHOW: "",
    State.CANCELLED: "",
    State.DISPUTED: "act",
    State.UNKNOWN: "",
}


def row_note(part: Attendance) -> str:
    """The line under a name on the roll: when they came, how we know, when they left, what it makes."""
    if part.state is State.SIGNED_UP:
        return _said_before(part)
    if part.checked_in_at is None or part.state in {State.NO_SHOW, State.CANCELLED}:
        return ""
    came = _("%(clock)s 到", clock=filters.clock(part.checked_in_at))
    said = [came, str(EVIDENCE[part.evidence])] if part.evidence else [came]
    if part.checked_out_at is not None:
        said = [
            came,
            _("%(clock)s 走", clock=filters.clock(part.checked_out_at)),
            _("服务 %(hours)s", hours=filters.hours(part.minutes_served)),
        ]
    return " · ".join(said)


def _said_before(part: Attendance) -> str:
    """What somebody who is expected has said so far, the latest first."""
    if part.swap_at is not None:
        return _("想请别人换，在问队里的人")
    if part.on_way_at is not None:
        return _("在路上")
    return _("说了能来") if part.sure_at is not None else _("还没到")
