"""What the forms and answers about consents hold."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from timebank.community.people.consenting import Agreed, Standing
from timebank.web.fields import Body, Form, Out, Word

Heard = Literal["page", "phone", "counter", "paper"]


class ConsentForm(Form):
    """How the desk heard it; a person's own press is on the page."""

    heard: Heard = "page"


class ConsentIn(Body):
    """The same for programs."""

    heard: Heard = "page"


class StandingOut(Out):
    """One purpose: its text, where it stands, and what stops when it is taken back.

    `newer`: the text has changed since the yes.
    """

    purpose: str
    version: str
    zh: str
    en: str
    stops_zh: str
    stops_en: str
    stand: Word
    newer: bool
    heard: str
    given_on: date | None
    withdrawn_on: date | None
    text_version: str

    @classmethod
    def told(cls, one: Standing) -> Self:
        last = one.last
        return cls(
            purpose=one.purpose.code, version=one.purpose.version, zh=one.purpose.zh, en=one.purpose.en,
            stops_zh=one.purpose.stops_zh, stops_en=one.purpose.stops_en, stand=one.stand, newer=one.newer,
            heard=last.heard if last else "", given_on=last.given_on if last else None,
            withdrawn_on=last.withdrawn_on if last else None, text_version=last.text_version if last else "",
        )  # fmt: skip


class AgreedOut(Out):
    """Every purpose that concerns somebody."""

    member: str
    purposes: list[StandingOut]

    @classmethod
    def told(cls, one: Agreed) -> Self:
        return cls(member=one.member, purposes=[StandingOut.told(each) for each in one.standings])
