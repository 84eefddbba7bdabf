"""What the pages of telling people accept, and what programs are given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from timebank.news.sheet import Line, Row, Sheet
from timebank.news.telling.flow import OwnLine
from timebank.news.telling.handing import MissedLine
from timebank.rules.telling.news import Call, State
from timebank.web.fields import Body, Form, Out

READ_OUT_MAX = 60


class CallForm(Form):
    """What came of ringing; `undone` takes the last word back. `read_out` are the other news of the same call."""

    said: Call | Literal["undone"]
    read_out: str = Field(default="", max_length=READ_OUT_MAX * 17)


class ReachForm(Form):
    """How somebody wants to be told first; "" leaves it to the office."""

    way: Literal["", "sms", "mail", "call", "slip", "family"] = ""
    mail: str = Field(default="", max_length=120)
    from_hour: int = Field(default=0, ge=0, le=23)
    until_hour: int = Field(default=0, ge=0, le=23)
    stop: bool = False


class CallBody(Body):
    """The same from a program."""

    said: Call | Literal["undone"]
    read_out: list[str] = Field(default_factory=list, max_length=READ_OUT_MAX)


class LineOut(Out):
    """One sentence of a call; `also` are the uids of others that it tells, such as further days of a series."""

    uid: str
    also: list[str]
    kind: str
    sentence: str
    misses: int
    made_at: datetime
    too_late_at: datetime | None

    @classmethod
    def told(cls, line: Line) -> Self:
        one = line.news
        return cls(
            uid=one.uid, also=[other.uid for other in line.also], kind=one.kind, sentence=line.sentence, misses=one.misses, made_at=one.made_at,
            too_late_at=one.too_late_at,
        )  # fmt: skip


class RowOut(Out):
    """One person to ring; `uid` and `kind` are those of what weighs most."""

    uid: str
    member: str
    name: str
    numbers: list[str]
    kind: str
    visit: bool
    lines: list[LineOut]
    more: int

    @classmethod
    def told(cls, row: Row) -> Self:
        return cls(
            uid=row.news.uid, member=row.member, name=row.name, numbers=list(row.numbers), kind=row.news.kind,
            visit=row.visit, lines=[LineOut.told(line) for line in row.lines], more=row.more,
        )  # fmt: skip


class SheetOut(Out):
    """The people to ring first, how many wait altogether, and how many news nobody could be told in time."""

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


class SeenForm(Form):
    """News that nobody could be told, now seen by the desk: their uids, comma between them."""

    uids: str = Field(min_length=2, max_length=READ_OUT_MAX * 17)


class SlipForm(Form):
    """What became of slips of paper: printed, in somebody's hands, or not."""

    uids: str = Field(min_length=2, max_length=READ_OUT_MAX * 17)
    said: Literal["printed", "given", "not_given"]


class UploadedForm(Form):
    """The last message that was uploaded, and all before it."""

    last: str = Field(min_length=2, max_length=16)


class MissedOut(Out):
    """One piece of news that nobody could be told in time."""

    uid: str
    member: str
    name: str
    sentence: str
    made_at: datetime
    too_late_at: datetime | None
    looked_by: str
    looked_at: datetime | None

    @classmethod
    def told(cls, line: MissedLine) -> Self:
        one = line.news
        return cls(
            uid=one.uid, member=one.member, name=line.name, sentence=line.sentence, made_at=one.made_at,
            too_late_at=one.too_late_at, looked_by=line.looked_by, looked_at=one.looked_at,
        )  # fmt: skip


class ReceiptBody(Body):
    """What a gateway says of a message it took."""

    id: str = Field(min_length=2, max_length=16)
    status: Literal["delivered", "failed"]


class ReceiptOut(Out):
    """Whether that was a message of ours."""

    known: bool
