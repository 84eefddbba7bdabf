"""What the forms and the API of hours accept, and what the API shows."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from timebank.help.hours.passbook import Passbook
from timebank.policy import GiftTo
from timebank.store.members.record_changes import RecordChange
from timebank.web.fields import Body, Form, Minutes, Out, WholeTyped, Word


class DonateForm(Form):
    """Hours given to the community fund, as hours and minutes on the form."""

    hours: Annotated[int, Field(ge=0, le=10_000), WholeTyped] = 0
    minutes: Annotated[int, Field(ge=0, le=10_000), WholeTyped] = 0


class GiveForm(DonateForm):
    """Hours given to another member, named by their number, or to a non-profit body, by its code or name."""

    to: str = Field(min_length=2, max_length=20)
    number: str = Field(min_length=1, max_length=60)


class ReverseForm(Form):
    """Why an entry is taken back."""

    reason: str = Field(min_length=2, max_length=40)
    note: str = Field(default="", max_length=200)


class PressForm(Form):
    """A press of the button."""


class DonateBody(Body):
    """Minutes given to the community fund."""

    minutes: Minutes


class GiveBody(Body):
    """Minutes given to another member, named by their number, or to a non-profit body by its code or name.

    `to` is who they are to the giver.
    """

    to: GiftTo
    number: str = Field(min_length=1, max_length=60)
    minutes: Minutes


class ReverseBody(Body):
    """Why an entry is taken back."""

    reason: str = Field(min_length=2, max_length=40)
    note: str = Field(default="", max_length=200)


class PassLineOut(Out):
    """One line of a passbook: what, when, in or out, and what was left."""

    seq: int
    transfer: str
    happened_on: date
    zh: str
    en: str
    minutes_in: int | None
    minutes_out: int | None
    minutes_left: int


class PassbookOut(Out):
    """A page of a passbook, without anybody's name."""

    member: str
    minutes_left: int
    minutes_held: int
    before_seq: int | None
    lines: tuple[PassLineOut, ...]

    @classmethod
    def told(cls, passbook: Passbook) -> PassbookOut:
        return cls(
            member=passbook.member,
            minutes_left=passbook.minutes_left,
            minutes_held=passbook.minutes_held,
            before_seq=passbook.before_seq,
            lines=tuple(
                PassLineOut(
                    seq=line.seq,
                    transfer=line.uid,
                    happened_on=line.happened_on,
                    zh=line.zh,
                    en=line.en,
                    minutes_in=line.minutes_in,
                    minutes_out=line.minutes_out,
                    minutes_left=line.minutes_left,
                )
                for line in passbook.lines
            ),
        )


class VerifiedOut(Out):
    """What is wrong with a book; nothing is good news."""

    book: str
    whole: bool
    problems: tuple[str, ...]


class ByTwoOut(Out):
    """First hours, or an entry to be taken back, as the second person leaves it."""

    uid: str
    kind: Word
    member: str
    state: Word

    @classmethod
    def told(cls, change: RecordChange) -> ByTwoOut:
        return cls(uid=change.uid, kind=change.kind.value, member=change.member, state=change.state.value)
