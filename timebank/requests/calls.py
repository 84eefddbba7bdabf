"""The desk's call list in words: what each notice says to the person it is for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from timebank.i18n import gettext as _
from timebank.i18n import lazy
from timebank.web import filters

SENTENCES: dict[str, lazy] = {
    "help_comes": lazy("有人来帮您了，时间定在%(at)s。"),
    "help_promised": lazy("您登记的事有单位接了，时间定在%(at)s，定下是谁再告诉您。"),
    "you_go": lazy("请您去帮一个忙，时间是%(at)s，详情看“我的服务”。"),
    "name_helper": lazy("%(at)s有一次服务，请定下派谁去。"),
    "called_off": lazy("约好的一次服务取消了。"),
    "request_opened": lazy("社区替您登记了一件事，找到人就告诉您。"),
    "request_cancelled": lazy("您登记的一件事取消了。"),
    "mandate_recorded": lazy("社区登记了一位代办人，可以替您登记和确认。"),
    "code_issued": lazy("社区给您开了登录的验证码或卡片。"),
}


def in_words(line: Mapping[str, Any], zone: ZoneInfo) -> str:
    """One sentence for a notice, in the language of the moment; a notice of a kind we have no words for says so."""
    sentence = SENTENCES.get(line["kind"])
    if sentence is None:
        return _("有一条新消息，请登录看一看。")
    at = line["known"].get("at", "")
    return _(sentence.message, at=_moment(at, zone) if at else "")


def _moment(at: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(at)
    return f"{filters.day(moment, zone)} {filters.clock(moment, zone)}"
