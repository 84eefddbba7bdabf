"""What is heard on the telephone, read: the kind of help, the time, the person. Nothing is guessed silently. Pure.

Every reading goes back to the worker in words, to be read aloud before anything is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from marketplace.categories import CategoryTree, default_tree
from marketplace.times import read_when
from marketplace.values import SHANGHAI, Calendar, Place, Quantity, Unit, Urgency, When
from timebank.errors import BadField

TITLE_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for, however it came in.

    Attributes:
        where: where to meet when it is not at home.
        note: for the private card only.
        channel: how it came in: `app`, `phone`, `desk`, `api`.
    """

    title: str
    when: When
    categories: tuple[str, ...] = ()
    where: str = ""
    minutes: int = 60
    urgency: Urgency = Urgency.NORMAL
    note: str = ""
    channel: str = "app"

    @property
    def quantity(self) -> Quantity:
        return Quantity(phrase="", amount=1, unit=Unit.VISIT, minutes_each=self.minutes)

    def place(self, grid: str) -> Place:
        return Place(text=self.where, grid=grid)


def categories_for(chosen: str, text: str, *, tree: CategoryTree | None = None) -> tuple[str, ...]:
    """The chosen category first, else what the words say; BadField for a code the tree does not have."""
    tree = tree or default_tree()
    read = tree.of_need("", text)
    if not chosen:
        return read
    if chosen not in tree.categories:
        raise BadField("没有这个类别。", "There is no such category.", field="category")
    return tree.with_above((chosen, *(code for code in read if code != chosen)))


def heard_time(
    phrase: str,
    *,
    filed_on: date,
    confirmed: bool,
    zone: tzinfo = SHANGHAI,
    calendar: Calendar | None = None,
) -> When:
    """The time as people say it; nothing said means any day. `calendar` knows the holidays the office entered.

    Raises:
        BadField: it could not be read, or only with a doubt that nobody has confirmed yet.
    """
    when = read_when(phrase or "随时", filed_on=filed_on, calendar=calendar, zone=zone)
    if when.windows and all(window.ends_at.date() < filed_on for window in when.windows):
        raise BadField(
            "这个时间已经过去了，请再问一遍。", "That time is already past. Please ask again.", field="when"
        )
    if when.question is None:
        return when
    question = when.question
    opened = when.confirmed()
    readable = bool(opened.recurrences or opened.windows or opened.said_zh not in ("", "没有读懂"))
    if confirmed and readable:
        return opened
    raise BadField(question.zh, question.en, field="when")
