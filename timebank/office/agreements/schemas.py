"""What the forms and the API of agreements accept, and what the API shows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from marketplace.agreements import Direction, Standing
from timebank.office.agreements.items import Pledge
from timebank.office.agreements.views import ItemRow, View
from timebank.web.fields import Body, Count, Form, Out, TypedCount

Code = Annotated[str, Field(max_length=20)]
Title = Annotated[str, Field(min_length=2, max_length=80)]
Reason = Annotated[str, Field(max_length=120)]
Kind = Literal["people", "place", "equipment", "vehicle", "meals", "goods", "funds"]
DirectionWord = Literal["gives", "receives"]


def _several(value: object) -> object:
    # One ticked box arrives as a text, several as a list.
    return [value] if isinstance(value, str) else value


Units = Annotated[list[Code], Field(max_length=20), BeforeValidator(_several)]


class DraftForm(Form):
    """A new draft."""

    title: Title
    units: Units = Field(default_factory=list)
    first_on: date
    last_on: date


class TermForm(Form):
    """A draft's name and term; its fields have names of their own beside those of an item."""

    name: Title
    first_on: date
    last_on: date


class ItemForm(Form):
    """One thing that is agreed."""

    unit: Code
    title: Title
    direction: DirectionWord = "gives"
    kind: Kind = "people"
    category: str = Field(default="", max_length=40)
    when: str = Field(default="", max_length=120)
    quantity: str = Field(default="", max_length=60)
    amount: TypedCount = 1
    due_on: date | None = None
    sure: Literal["", "yes"] = ""

    def pledge(self) -> Pledge:
        return Pledge(
            unit=self.unit, title=self.title, direction=Direction(self.direction), kind=self.kind,
            category=self.category, when=self.when, quantity=self.quantity, amount=self.amount, due_on=self.due_on,
            sure=self.sure == "yes",
        )  # fmt: skip


class SignForm(Form):
    """For which side somebody signs: `community` or the code of a unit."""

    party: Code


class PaperForm(Form):
    """A unit's signature on paper."""

    signer: Code
    signed_on: date


class EndForm(Form):
    """Why an agreement ends early; a draft may be dropped without a word."""

    reason: Reason = ""


class RenewForm(Form):
    """The next term."""

    first_on: date
    last_on: date


class PressForm(Form):
    """A press that needs no words."""


class DraftIn(Body):
    """A new draft by a program."""

    title: Title
    units: list[Code] = Field(max_length=20)
    first_on: date
    last_on: date


class ItemIn(Body):
    """One thing that is agreed, by a program; `confirm_reading` says that our reading of it is right."""

    unit: Code
    title: Title
    direction: DirectionWord = "gives"
    kind: Kind = "people"
    category: str = Field(default="", max_length=40)
    when: str = Field(default="", max_length=120)
    quantity: str = Field(default="", max_length=60)
    amount: Count = 1
    due_on: date | None = None
    confirm_reading: bool = False

    def pledge(self) -> Pledge:
        return Pledge(
            unit=self.unit, title=self.title, direction=Direction(self.direction), kind=self.kind,
            category=self.category, when=self.when, quantity=self.quantity, amount=self.amount, due_on=self.due_on,
            sure=self.confirm_reading,
        )  # fmt: skip


class SignIn(Body):
    """For which side a program's person signs."""

    party: Code


class PaperIn(Body):
    """A unit's signature on paper, by a program."""

    unit: Code
    signed_on: date


class EndIn(Body):
    """Why an agreement ends early."""

    reason: Reason = ""


class RenewIn(Body):
    """The next term."""

    first_on: date
    last_on: date


class ItemOut(Out):
    """One item with what was kept of it; `line` is the key of the line it became."""

    key: str
    unit: str
    title: str
    direction: Direction
    category: str
    kind: str
    when: str
    quantity: str
    amount: int
    done: int
    due_on: date
    line: str

    @classmethod
    def told(cls, row: ItemRow) -> ItemOut:
        item = row.item
        return cls(
            key=item.key, unit=item.unit, title=item.title, direction=item.direction, category=item.category,
            kind=item.kind, when=item.when, quantity=item.quantity, amount=item.amount, done=item.done,
            due_on=item.due_on, line=item.line_key,
        )  # fmt: skip


class SideOut(Out):
    """One side; `signed_on` is empty while its signature is missing."""

    party: str
    name: str
    signed_on: date | None
    on_paper: bool


class AgreementOut(Out):
    """One agreement for programs."""

    uid: str
    title: str
    units: tuple[str, ...]
    first_on: date
    last_on: date
    standing: Standing
    signed_on: date | None
    ended_on: date | None
    reason: str
    follows: str
    due: int
    kept: int
    sides: tuple[SideOut, ...]
    items: tuple[ItemOut, ...]

    @classmethod
    def told(cls, view: View) -> AgreementOut:
        one = view.row.agreement
        return cls(
            uid=one.uid,
            title=one.title,
            units=one.units,
            first_on=one.first_on,
            last_on=one.last_on,
            standing=view.row.standing,
            signed_on=one.signed_on,
            ended_on=one.ended_on,
            reason=one.end_reason,
            follows=one.follows,
            due=view.row.kept.due,
            kept=view.row.kept.kept,
            sides=tuple(
                SideOut(
                    party=side.party,
                    name=side.name,
                    signed_on=side.signature.on if side.signature else None,
                    on_paper=bool(side.signature and side.signature.on_paper),
                )
                for side in view.sides
            ),
            items=tuple(ItemOut.told(row) for row in (*view.gives, *view.gets)),
        )


class RowOut(Out):
    """One agreement in a list."""

    uid: str
    title: str
    units: tuple[str, ...]
    first_on: date
    last_on: date
    standing: Standing


class AgreementsOut(Out):
    """One page of the agreements a reader may see."""

    total: int
    page: int
    pages: int
    agreements: tuple[RowOut, ...]
