"""What the pages of telling people accept, and what programs are given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from timebank.news.sheet import Row, Sheet
from timebank.news.telling.flow import OwnLine
from timebank.rules.news import Call, State
from timebank.web.fields import Body, Form, Out


class CallForm(Form):
    """What came of ringing; `undone` takes the last word back."""

    said: Call | Literal["undone"]


class ReachForm(Form):
    """How somebody wants to be told first; "" leaves it to the office."""

    way: Literal["", "sms", "mail", "call"] = ""
    mail: str = Field(default="", max_length=120)


class CallBody(Body):
    """The same from a program."""

    said: Call | Literal["undone"]


class RowOut(Out):
    """One line of the call sheet."""

    uid: str
    member: str
    name: str
    numbers: list[str]
    kind: str
    sentence: str
    visit: bool
    misses: int
    made_at: datetime
    too_late_at: datetime | None

    @classmethod
    def told(cls, row: Row) -> Self:
        one = row.news
        return cls(
            uid=one.uid, member=one.member, name=row.name, numbers=list(row.numbers), kind=one.kind,
            sentence=row.sentence, visit=row.visit, misses=one.misses, made_at=one.made_at, too_late_at=one.too_late_at,
        )  # fmt: skip


class SheetOut(Out):
    """The lines to ring first, how many wait altogether, and what nobody could be told in time."""

    rows: list[RowOut]
    waiting: int
    could_not: int

    @classmethod
    def told(cls, sheet: Sheet) -> Self:
        return cls(
            rows=[RowOut.told(row) for row in sheet.rows], waiting=sheet.waiting, could_not=sheet.could_not
        )


class NewsOut(Out):
    """One piece of one's own news."""

    uid: str
    kind: str
    sentence: str
    state: State
    made_at: datetime
    fresh: bool

    @classmethod
    def told(cls, line: OwnLine) -> Self:
        one = line.news
        return cls(
            uid=one.uid,
            kind=one.kind,
            sentence=line.sentence,
            state=one.state,
            made_at=one.made_at,
            fresh=line.fresh,
        )
