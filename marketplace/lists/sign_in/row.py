"""What a row of a sign-in sheet says beside its hours: the activity, the place, whether it counts, whether somebody walked up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.hanzi import simplified
from marketplace.lists.reading import RowReading
from marketplace.names import name_key

_CONFIRMED = ("通过", "完成", "已结束", "正常", "有效", "认定", "认证", "已录入", "已发放", "approved", "confirmed", "completed", "complete", "done", "verified")  # fmt: skip


def activity_of(reading: RowReading) -> str:
    """The activity of the row, else of the first title that is no date line, without the word for the sheet."""
    if own := reading.text("activity"):
        return own
    for title in reading.table.titles:
        labelled = re.search(
            r"(?:活动(?:名称)?|服务项目|activity|event)\s*[:：]\s*([^,，;；|]+)", title, re.IGNORECASE
        )
        if labelled:
            return labelled[1].strip()
        name = re.sub(
            r"(?:的)?\s*(?:签到表|簽到表|考勤表|签到册|时长登记表|时长表|登记表|attendance|sign-in sheet)\s*$",
            "",
            title,
            flags=re.IGNORECASE,
        )
        if name and not re.match(r"\d{4}|时间|時間|日期|地点|地點|date|place", name, re.IGNORECASE):
            return name.strip()
    return ""


def place_of(reading: RowReading) -> str:
    """The place of the row, else the one a title names."""
    if own := reading.text("place"):
        return own
    for title in reading.table.titles:
        found = re.search(r"(?:地点|地點|场所|place|venue)\s*[:：]\s*([^,，;；]+)", title, re.IGNORECASE)
        if found:
            return found[1].strip()
    return ""


def ask_state(reading: RowReading) -> None:
    """A state that does not say that the time counts (declined, 待审核) is asked about."""
    text = reading.text("state")
    if text and not _says(simplified(text).casefold(), _CONFIRMED):
        reading.doubt("state_open", "state", text=text)


def _says(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words) and not re.search(r"未|不|没|待|un|not ", text)


def is_walk_up(reading: RowReading, name: str, remark: str) -> bool:
    """True when the remark says so, or the name is not among those registered."""
    said = re.search("没登记|未登记|没有登记|未注册|临时来|walk-?up|not registered", remark) is not None
    unknown = reading.known_people is not None and name_key(name) not in reading.known_people
    if said or unknown:
        reading.doubt("walk_up", "name", name=name)
    return said or unknown
