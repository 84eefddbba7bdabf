"""Every press that a view may offer: its words, the use case whose rights it needs, and what it asks for.

A view names presses (`catalogue/views.toml`); here they get a label. What a press does is in `help.services.keeping.doing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from timebank.web.i18n import lazy


class Asks(StrEnum):
    """What the page asks for before the press is sent."""

    NOTHING = "nothing"
    NOTE = "note"
    TIMES = "times"
    LEAVING = "leaving"
    FINDING = "finding"
    MOVE = "move"
    LINK = "link"
    STEP_IN = "step_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press.

    Attributes:
        label: what stands on the button.
        case: the use case whose rights it needs, as the access registry has it.
        kind: how the button looks; "" for the main one of its row.
        link: where the page goes instead, with {service}, {part}, {need} and {team}; "" when it is sent.
    """

    label: lazy
    case: str
    asks: Asks = Asks.NOTHING
    kind: str = "calm"
    link: str = ""


def _link(label: lazy, case: str, link: str, kind: str = "calm") -> Press:
    return Press(label=label, case=case, asks=Asks.LINK, kind=kind, link=link)


_OF_ELDER: Mapping[str, Press] = {
    "here": Press(label=lazy("他到了"), case="CheckIn", kind=""),
    "came": Press(label=lazy("帮好了"), case="ConfirmHours", kind="ok"),
    "not_came": Press(label=lazy("没来"), case="DisputeHours"),
    "time_wrong": Press(label=lazy("时间不对"), case="DisputeHours", asks=Asks.NOTE),
    "wrong": Press(label=lazy("不对"), case="DisputeHours", asks=Asks.NOTE),
    "off_date": Press(label=lazy("这次不用来了"), case="CallOffDate"),
    "off_series": Press(label=lazy("以后都不用来了"), case="CallOffDate"),
    "alt1": _link(lazy("换个时间"), "ChangeTime", "/elder/requests/{need}/time", kind=""),
    "alt2": _link(lazy("换个时间"), "ChangeTime", "/elder/requests/{need}/time"),
    "change": _link(lazy("换个时间"), "ChangeTime", "/elder/requests/{need}/time"),
    "again": _link(lazy("另约一次"), "ChangeTime", "/elder/requests/{need}/time", kind=""),
    "call_me": Press(label=lazy("请打给我"), case="AskForCall"),
}
_OF_WHO_GOES: Mapping[str, Press] = {
    "sure": Press(label=lazy("能去"), case="SpeakForPart", kind="ok"),
    "cannot": Press(label=lazy("去不了"), case="CancelAttendance", asks=Asks.NOTE),
    "swap": Press(label=lazy("请别人换"), case="SpeakForPart", asks=Asks.NOTE),
    "on_way": Press(label=lazy("我在路上"), case="SpeakForPart"),
    "arrive": Press(label=lazy("我到了"), case="CheckIn", kind=""),
    "leave": Press(label=lazy("我走了"), case="CheckOut", kind=""),
    "edit_own": Press(label=lazy("时间写错了"), case="WriteTimes", asks=Asks.TIMES),
    "times": Press(label=lazy("写几点到几点"), case="WriteTimes", asks=Asks.TIMES, kind=""),
    "went": Press(label=lazy("我去了"), case="WriteTimes", asks=Asks.TIMES, kind=""),
    "not_went": Press(label=lazy("我没去"), case="SpeakForPart"),
    "claim": Press(label=lazy("我来"), case="StepIn", asks=Asks.STEP_IN, kind=""),
}
_OF_LEADER: Mapping[str, Press] = {
    "name": _link(lazy("定下谁去"), "NameHelper", "/services/{service}#name", kind=""),
    "tick": Press(label=lazy("到了"), case="TickPresent", kind=""),
    "untick": Press(label=lazy("点错了，没到"), case="UndoCheckIn"),
    "leave_for": Press(label=lazy("写几点走的"), case="CheckOut", asks=Asks.LEAVING),
    "edit_time": Press(label=lazy("改时间"), case="WriteTimesFor", asks=Asks.TIMES),
    "times_for": Press(label=lazy("替他写时间"), case="WriteTimesFor", asks=Asks.TIMES),
    "went_for": Press(label=lazy("去了，写时间"), case="WriteTimesFor", asks=Asks.TIMES),
    "no_show": Press(label=lazy("没去"), case="FindOut"),
    "close": _link(lazy("收工"), "CloseShift", "/teams/{team}/shifts/{service}/close"),
    "confirm": Press(label=lazy("是这样，记上"), case="ConfirmHours", kind="ok"),
    "reopen": Press(label=lazy("重新打开"), case="ReopenService"),
    "rain": Press(label=lazy("下雨取消"), case="MoveService"),
    "move": Press(label=lazy("改到别的时间"), case="MoveService", asks=Asks.MOVE),
    "hold": Press(label=lazy("先别入账"), case="DisputeHours", asks=Asks.NOTE),
}
_OF_DESK: Mapping[str, Press] = {
    "word_came": Press(label=lazy("问过，来过"), case="ConfirmHours", kind="ok"),
    "word_not": Press(label=lazy("问过，没来"), case="FindOut"),
    "word_unknown": Press(label=lazy("问过，不清楚"), case="FindOut"),
    "sure_for": Press(label=lazy("他说能去"), case="SpeakForPart"),
    "cannot_for": Press(label=lazy("他去不了"), case="CancelAttendance", asks=Asks.NOTE),
    "assign": _link(lazy("派人"), "NameHelper", "/services/{service}#name", kind=""),
    "called": _link(lazy("去打电话"), "CallSheet", "/desk/calls"),
    "resolve_minutes": Press(label=lazy("问清了"), case="ResolveDispute", asks=Asks.FINDING, kind=""),
    "correct": Press(label=lazy("改正"), case="CorrectHours", asks=Asks.FINDING),
}
CALLED_OFF_ONCE = lazy("不用来了")
DESK_LINKS: Mapping[str, str] = {
    "change": "/desk/needs/{need}/edit",
    "again": "/desk/needs/{need}/edit",
}
"""Where the desk goes for what an elder does on a page of her own."""
PRESSES: Mapping[str, Press] = {**_OF_ELDER, **_OF_WHO_GOES, **_OF_LEADER, **_OF_DESK}
OF_NOBODY = frozenset({
    "off_date", "off_series", "change", "again", "alt1", "alt2", "call_me", "claim", "name", "assign", "cannot", "cannot_for",
    "rain", "move", "reopen", "close", "called",
})  # fmt: skip
"""Presses that make sense where nobody is named who goes; every other one speaks of somebody."""
ON_NEEDS = frozenset({"accept", "refuse", "accept_for", "refuse_for", "withdraw", "propose"})
"""Presses of a claim or a proposal, which the lists answer: nothing is arranged yet."""
