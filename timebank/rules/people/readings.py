"""Why somebody reads another person's private card, in words that the person understands. Pure.

One reading is told once: the same reader for the same reason within ten minutes has looked once, however often the page was
shown again. A day's readings for one reason are one line, with how often and when first and last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

SAME_LOOK = timedelta(minutes=10)


class Why(StrEnum):
    """What the reading was for."""

    CALL = "call"
    LIST = "list"
    EVENING = "evening"
    HOURS = "hours"
    ASK = "ask"
    NEED = "need"
    VISIT = "visit"
    RECORD = "record"
    SAME = "same"
    ARCHIVE = "archive"
    COPY = "copy"
    LEAVE = "leave"
    FILE = "file"
    WAYS = "ways"


class AsWhat(StrEnum):
    """In what capacity somebody reads."""

    DESK = "desk"
    HELPER = "helper"
    PROXY = "proxy"
    OTHER = "other"


WHY: Mapping[Why, tuple[str, str]] = {
    Why.CALL: ("接电话时核对是谁、住哪里", "checked on the telephone who you are and where you live"),
    Why.LIST: ("准备给您打电话", "was going to ring you"),
    Why.EVENING: ("核对当天的服务，好打电话问", "looked after the day's visits, to ring and ask"),
    Why.HOURS: ("核对时间记录", "checked the hours on record"),
    Why.ASK: ("替您提要帮的忙", "asked for help on your behalf"),
    Why.NEED: ("安排您要帮的忙", "arranged the help you asked for"),
    Why.VISIT: ("来帮您，看了上门要知道的", "comes to help you and read what a visit needs"),
    Why.RECORD: ("查看或更正登记的信息", "looked at or corrected your details"),
    Why.SAME: ("核对是不是同一个人", "made sure that two records are not one person"),
    Why.ARCHIVE: ("看了档案", "read your file"),
    Why.COPY: ("给您取一份全部信息", "took out the copy of everything about you"),
    Why.LEAVE: ("办搬家、离开一类的事", "dealt with a move or a leaving"),
    Why.FILE: ("导入或下载了带联系方式的清单", "loaded or took out a list with contacts"),
    Why.WAYS: ("发登录码或卡片", "issued a code or a card"),
}

# Operations that show a private card, and what somebody who presses them is about to do.
_OF: Mapping[Why, tuple[str, ...]] = {
    Why.CALL: ("PhoneIntake", "TakeCall"),
    Why.NEED: ("DeskNeed", "NeedSlip", "EditNeedPage", "EditNeed", "DeskLine", "SaveLine", "ShowRequest", "ChangeTimePage",
               "ApiOpenRequest", "ApiShowRequest", "SetNeedOwner"),
    Why.RECORD: ("DeskMember", "CorrectMember", "CorrectPage", "PickMember", "MemberProfile", "SaveProfile", "ApplicantPage"),
    Why.SAME: ("IdentityQuestions", "JoinRecordsPage", "RegisterMember", "ApiRegisterMember", "RegisterPage", "AnswerApplicant"),
    Why.LEAVE: ("MovePage", "LeavePage", "DeathPage"),
}  # fmt: skip
_WHY_OF = {operation: why for why, operations in _OF.items() for operation in operations}


def why_of(operation: str) -> Why:
    """What somebody who uses an operation reads a card for; a use that nobody named is a look at the record."""
    return _WHY_OF.get(operation, Why.RECORD)
