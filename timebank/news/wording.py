"""News as a sentence in the language of whoever it is for. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from timebank.catalogue.news import news_kinds
from timebank.store.channels.news import News
from timebank.web import filters
from timebank.web.i18n import speaking


def said(one: News, lang: str, zone: ZoneInfo, *, matter_of: str = "") -> str:
    """The sentence of a piece of news; a copy says whose affair it is.

    Args:
        matter_of: how the person is called whose affair it is; "" for one's own.
    """
    kind, english = news_kinds()[one.kind], lang == "en"
    if one.known.get("erased"):
        return "Older than 90 days; its words were erased." if english else "90天以前的消息，内容已经清掉。"
    at, minutes = str(one.known.get("at", "")), int(one.known.get("minutes", 0))
    what = str(one.known.get("en" if english else "zh", ""))
    with speaking("en" if english else "zh-CN"):
        sentence = (kind.en if english else kind.zh).format(
            at=_moment(at, zone) if at else "",
            hours=filters.hours(minutes),
            done=one.known.get("done", 0),
            coming=one.known.get("coming", 0),
            what=what or ("a duty or relationship of yours" if english else "和您有关的一个岗位或关系"),
        )
    if not matter_of:
        return sentence
    return f"For {matter_of}: {sentence}" if english else f"替{matter_of}：{sentence}"


def signed_for(names: str, lang: str, sentence: str) -> str:
    """The sentence with whom of those who share a telephone it is for."""
    return f"For {names}: {sentence}" if lang == "en" else f"给{names}：{sentence}"


def _moment(at: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(at)
    return f"{filters.day(moment, zone)} {filters.clock(moment, zone)}"
