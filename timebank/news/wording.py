"""News as a sentence in the language of whoever it is for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from timebank.catalogue.news import news_kinds
from timebank.store.channels.news import ABOUT, News
from timebank.web import filters
from timebank.web.i18n import speaking


def said(one: News, lang: str, zone: ZoneInfo, *, matter_of: str = "", also: Sequence[News] = ()) -> str:
    """The sentence of a piece of news; a copy says whose affair it is.

    Args:
        matter_of: how the person is called whose affair it is; "" for one's own.
        also: others that differ from it by their time alone (`alike`), said in the same sentence.
    """
    kind, english = news_kinds()[one.kind], lang == "en"
    if one.known.get("erased"):
        return "Older than 90 days; its words were erased." if english else "90天以前的消息，内容已经清掉。"
    minutes = int(one.known.get("minutes", 0))
    moments = [datetime.fromisoformat(at) for each in (one, *also) if (at := str(each.known.get("at", "")))]
    what = str(one.known.get("en" if english else "zh", ""))
    with speaking("en" if english else "zh-CN"):
        sentence = (kind.en if english else kind.zh).format(
            at=_moments(moments, zone, ", " if english else "、"),
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


def alike(one: News) -> tuple[str, str, frozenset[tuple[str, str | int]]]:
    """What two pieces of news share that make one sentence: everything but their time and what they are about."""
    said_of = {(key, value) for key, value in one.known.items() if key not in {"at", *ABOUT}}
    return one.kind, one.matter_of, frozenset(said_of)


def _moments(moments: Sequence[datetime], zone: ZoneInfo, comma: str) -> str:
    """The days and their clock: 11月24日 周二、11月25日 周三 9:00; with a clock each where they differ."""
    days = [filters.day(one, zone) for one in moments]
    clocks = [filters.clock(one, zone) for one in moments]
    if len(set(clocks)) == 1:
        return f"{comma.join(days)} {clocks[0]}"
    return comma.join(f"{day} {clock}" for day, clock in zip(days, clocks, strict=True))
