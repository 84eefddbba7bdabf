"""What the forms and the API of opening balances accept, and what the API shows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from timebank.help.opening.entering import Typed
from timebank.help.opening.flow import Home, Listed, Shown
from timebank.web.fields import Body, Form, Note, Out, Uid, Word

Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Yes = Annotated[str, Field(pattern="^(|yes)$")]
Chosen = Annotated[str, Field(max_length=16, pattern="^[A-Z0-9]*$")]


def _several(value: object) -> object:
    # One ticked box of a group arrives as text, several as a list.
    return [value] if isinstance(value, str) else value


class BeginForm(Form):
    """A new batch, or the word that there are no passbooks."""

    kind: Literal["batch", "none"] = "batch"
    note: Note = ""


class PassbookForm(Form):
    """One passbook; `who` is looked for, `member` says which of those found is meant."""

    who: str = Field(default="", max_length=60)
    member: Chosen = ""
    amount: str = Field(default="", max_length=40)
    book: str = Field(default="", max_length=40)
    said_on: str = Field(default="", max_length=20)
    note: Note = ""
    another: Yes = ""
    step: Literal["save", "search"] = "save"

    @property
    def typed(self) -> Typed:
        return Typed(
            amount=self.amount,
            book=self.book,
            said_on=self.said_on,
            note=self.note,
            another=self.another == "yes",
        )


class SeenForm(Form):
    """The fingerprint of what the second person was shown."""

    seen: Fingerprint


class PressForm(Form):
    """A press of the button."""


class BackForm(Form):
    """Which passbooks go back; all of the batch when none is ticked."""

    line: Annotated[list[Uid], Field(max_length=2_000), BeforeValidator(_several)] = Field(
        default_factory=list
    )
    note: Note = ""


class BeginBody(Body):
    """A new batch, or the word that there are no passbooks."""

    kind: Literal["batch", "none"] = "batch"
    note: Note = ""


class PassbookBody(Body):
    """One passbook of a member; `amount` in words such as 15小时30分, 15 h 30 or 930分."""

    member: Uid
    amount: str = Field(max_length=40)
    book: str = Field(default="", max_length=40)
    said_on: date | None = None
    note: Note = ""
    another: bool = False

    @property
    def typed(self) -> Typed:
        day = self.said_on.isoformat() if self.said_on else ""
        return Typed(amount=self.amount, book=self.book, said_on=day, note=self.note, another=self.another)


class SeenBody(Body):
    """The fingerprint of what the second person was shown."""

    seen: Fingerprint


class PressBody(Body):
    """Nothing more than the request itself."""


class BackBody(Body):
    """Which passbooks go back; all of the batch when none is named."""

    lines: list[Uid] = Field(default_factory=list, max_length=2_000)
    note: Note = ""


class OpeningOut(Out):
    """A batch by opaque ids."""

    uid: str
    kind: Word
    state: Word
    note: str
    entered_by: str
    second_by: str
    third_by: str


class ListedOut(OpeningOut):
    """A batch with its sums."""

    lines: int
    minutes: int

    @classmethod
    def told(cls, listed: Listed) -> ListedOut:
        one, totals = listed.opening, listed.totals
        return cls(
            uid=one.uid, kind=one.kind.value, state=one.state.value, note=one.note, entered_by=one.entered_by,
            second_by=one.second_by, third_by=one.third_by, lines=totals.lines, minutes=totals.minutes,
        )  # fmt: skip


class HomeOut(Out):
    """Every batch that waits, the latest that were approved, and whether old balances are settled."""

    settled: bool
    waiting: tuple[ListedOut, ...]
    done: tuple[ListedOut, ...]
    before: str

    @classmethod
    def told(cls, home: Home) -> HomeOut:
        return cls(
            settled=home.settled, waiting=tuple(map(ListedOut.told, home.waiting)),
            done=tuple(map(ListedOut.told, home.done)), before=home.before,
        )  # fmt: skip


class LineOut(Out):
    """One passbook; `written` is the name in the office's table while nobody said whose it is."""

    uid: str
    member: str
    written: str
    minutes: int
    book: str
    said_on: date | None
    note: str
    transfer: str
    back: str


class ShownOut(OpeningOut):
    """A batch with a page of its lines, its sums, and what the second person approves."""

    lines: tuple[LineOut, ...]
    count: int
    minutes: int
    page: int
    pages: int
    unclear: int
    short: int
    seen: str

    @classmethod
    def told(cls, shown: Shown) -> ShownOut:
        one = shown.opening
        return cls(
            uid=one.uid, kind=one.kind.value, state=one.state.value, note=one.note, entered_by=one.entered_by,
            second_by=one.second_by, third_by=one.third_by, lines=tuple(LineOut.of(line) for line in shown.lines), count=shown.totals.lines,
            minutes=shown.totals.minutes, page=shown.page, pages=shown.pages, unclear=shown.unclear, short=shown.short,
            seen=shown.seen,
        )  # fmt: skip
