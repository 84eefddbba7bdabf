"""The words of a short message that say when, lifted out of it, and as one spoken moment rather than a rule. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NUMBER = r"(?:\d{1,2}|十[一二]?|[一二两三四五六七八九])"
_PART = r"(?:早上|早晨|清早|一早|上午|中午|晌午|下午|后晌|后半晌|傍晚|晚上|夜里)"
_DAY = (
    r"(?:大后天|后天|后儿|明天|明儿个?|明日|今天|今儿个?|今日|昨天|昨儿|前天|这几天|这两天|随时|哪天都行|尽快"
    r"|(?:这|本|下下|下|上)?个?(?:周|星期|礼拜)[一二三四五六日天]|(?:这|本|下)?个?周末|(?:\d{1,2}月)?\d{1,2}[日号](?![楼院门])|月底)"
)
_CLOCK = rf"(?:{_NUMBER}点(?:半|[一三]刻|\d{{1,2}}分?|[一二三四五]?十[一二三四五六七八九]?分?)?(?:钟|整)?|\d{{1,2}}:\d{{2}})"
_TIME = re.compile(rf"[明今后][早晚]|{_DAY}{_PART}?|{_PART}?{_CLOCK}|{_PART}")

_SAID = {
    "今儿个": "今天", "今儿": "今天", "今日": "今天", "明儿个": "明天", "明儿": "明天", "明日": "明天", "后儿": "后天",
    "晌午": "中午", "后半晌": "下午", "后晌": "下午", "哪天都行": "随时", "今早": "今天早上", "今晚": "今天晚上",
    "明晚": "明天晚上", "后早": "后天早上", "后晚": "后天晚上",
}  # fmt: skip
_DIALECT = re.compile("|".join(sorted(_SAID, key=len, reverse=True)))
_WEEKDAY = re.compile(
    r"(?P<which>每|这个?|本|下下个?|下个?|上个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_SOON = re.compile("这[几两]天")
SOON_DAYS = 3


def times_in(text: str) -> tuple[str, str]:
    """The times that a text names, in its own words and joined by spaces, and what is left without them."""
    found = [one.group() for one in _TIME.finditer(text)]
    return " ".join(found), re.sub(" +", " ", _TIME.sub(" ", text)).strip()


def once(phrase: str, *, on: date) -> str:
    """A spoken time as one moment for `read_when`: who rings and says "周四上午" means the coming one, not every week.

    Args:
        on: the day it was said. A weekday named on that very day is today. "每周四" stays what it is.
    """
    plain = _DIALECT.sub(lambda found: _SAID[found.group()], phrase)
    plain = _SOON.sub(lambda _: f"{_day(on)}至{_day(on + timedelta(days=SOON_DAYS))}", plain)

    def coming(found: re.Match[str]) -> str:
        if found.group("which"):
            return found.group()
        day = "一二三四五六日".find(found.group("day").replace("天", "日"))
        return _day(on + timedelta(days=(day - on.weekday()) % 7))

    return _WEEKDAY.sub(coming, plain)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
