"""Hours saved on paper before this book began: how they are read, which passbook is the same, and what refuses it. Pure.

minutes_of("15 h 30") == minutes_of("15小时30分") == minutes_of("930分") == 930
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from marketplace.lists.sign_in.clocks import is_bare_number, length_of
from marketplace.names import name_key
from marketplace.text import narrowed
from timebank.errors import BadField, OwnHours, WrongMoment

MINUTES_MAX = 600_000
"""Ten thousand hours: more than a working life of Sundays is a slip of the pen."""


class HoursUnreadable(BadField):
    """The cell holds no length of time."""

    code = "hours_unreadable"
    zh, en = (
        "时间看不懂，请写成“15小时30分”或“930分”。",
        "The time cannot be read; write it as 15 h 30 or 930 min.",
    )


class UnitMissing(BadField):
    """A bare number: hours or minutes, nobody said."""

    code = "hours_or_minutes"
    zh, en = "请写明是小时还是分钟。", "Please say whether these are hours or minutes."


class NoHours(BadField):
    """Nothing stands in the passbook, or more than anybody can have saved."""

    code = "hours_not_likely"
    zh, en = "时间要在1分钟到1万小时之间。", "The time has to lie between 1 minute and 10,000 hours."


class DayAhead(BadField):
    """The passbook is dated after today."""

    code = "day_ahead"
    zh, en = "存折上的日期还没有到。", "The passbook's date lies ahead."


class PassbookTaken(BadField):
    """This passbook stands in this batch, in another one, or was brought forward before."""

    status, code = 409, "passbook_entered"
    zh, en = "这本存折已经录过了。", "This passbook is entered already."


class AnotherPassbook(BadField):
    """The person has a passbook in a batch already; a second one is said to be one, by its own number."""

    status, code = 409, "another_passbook"
    zh, en = (
        "这一位已经录过一本存折。真的还有一本，请写上它的编号，再勾“是另一本”。",
        "A passbook of this person is entered already. If there really is another, write its number and tick the box.",
    )


class NameDiffers(BadField):
    """The number belongs to somebody of another name."""

    status, code = 409, "name_differs"
    zh, en = "编号和姓名对不上，请核对。", "The number belongs to another name; please check."


class PersonUnclear(BadField):
    """Nobody, or several people, may be meant."""

    status, code = 409, "person_unclear"
    zh, en = "不知道是哪一位，请在名单里指出来。", "It is not clear who is meant; please say it in the list."


class NothingEntered(WrongMoment):
    """A batch without a line."""

    code = "nothing_entered"
    zh, en = "这一批里还没有存折。", "There is no passbook in this batch yet."


class PeopleUnclear(WrongMoment):
    """Some lines do not say whose they are, or their owner is no longer with the community."""

    code = "people_unclear"
    zh, en = "有几行还没有说清是谁的，请先补上。", "Some lines do not say whose they are yet."


class ListChanged(WrongMoment):
    """The batch is no longer what the second person looked at."""

    code = "list_changed"
    zh, en = "名单刚刚改过，请再看一遍。", "The list has changed; please look at it again."


class ReserveTooSmall(WrongMoment):
    """The community's reserve does not carry what it owes; two people raise it first, by the policy."""

    code = "reserve_too_small"
    zh, en = (
        "社区可预支的时间不够。这是社区早就欠下的，请先由两个人在“规则”里调高“社区可预支”。",
        "The community's reserve is too small. It owes these hours already: let two people raise the reserve in the policy first.",
    )


class OwnPassbook(OwnHours):
    """The second person's own hours, or those of their household, are in the batch."""

    code = "own_passbook"
    zh, en = (
        "您自己或家里人的存折在这一批里，请另一位同事批准。",
        "Your own passbook or one of your household is in it; a colleague has to approve.",
    )


class HoursUsed(WrongMoment):
    """Some of the hours were used already, so the whole batch cannot go back."""

    code = "hours_used"
    zh, en = (
        "其中有人的时间已经用掉了，存折不够冲回。请先和本人商量，或者只撤回别的几本。",
        "Some of these hours were used, so they cannot go back. Talk to the person first, or take back the other passbooks only.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a paper passbook says: its minutes, its number ("" for none), its last day, and a remark."""

    minutes: int
    book: str = ""
    said_on: date | None = None
    note: str = ""


def minutes_of(text: str, *, unit_minutes: int = 0) -> int:
    """Whole minutes of a length of time as people write it.

    Args:
        unit_minutes: what a bare number counts, 60 or 1, where a column's heading says it; 0 where nobody said.

    Raises:
        HoursUnreadable; UnitMissing: a bare number. NoHours: none at all, or too many to be true.
    """
    plain = narrowed(text).replace(",", "").casefold()
    # 15 h 30: what follows the hours without a word of its own is minutes; so in 150:30, which no clock shows.
    plain = re.sub(r"^(\d+)\s*(?:h|:|小时|個小時|个小时)\s*([0-5]\d|\d)$", r"\1小时\2分", plain)
    if not unit_minutes and is_bare_number(plain):
        raise UnitMissing(field="amount")
    # More than 59 minutes beside hours is a slip in one of the two.
    beside_hours = re.search(r"(?:h|hours?|小时|個?小時)\D*(\d+)\D*$", plain)
    minutes = length_of(plain, unit_minutes=unit_minutes)
    if minutes is None or (beside_hours and int(beside_hours[1]) > 59):
        raise HoursUnreadable(field="amount")
    if not 0 < minutes <= MINUTES_MAX:
        raise NoHours(field="amount")
    return minutes


def open_key(community: str, *, member: str, book: str) -> str:
    """The one key of a passbook in a community: its own number, or whose it is where it bears none."""
    number = name_key(book)
    return f"{community}#{number}" if number else f"{community}@{member}"


def fingerprint(rows: Iterable[tuple[str, ...]]) -> str:
    """What the second person looked at, in 64 letters; the order of the rows does not count."""
    return sha256("\n".join(sorted("\t".join(row) for row in rows)).encode()).hexdigest()
