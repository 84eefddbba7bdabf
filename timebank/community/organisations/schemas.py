"""What the organisation forms accept, and what programs are told."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from timebank.catalogue import Heard
from timebank.community.organisations.changing import Told
from timebank.community.organisations.flow import Listed, Shown
from timebank.community.organisations.roster import LineDone
from timebank.web.fields import Body, Form, Out, Uid

Name = Annotated[str, Field(min_length=1, max_length=80)]
Kind = Annotated[str, Field(max_length=20)]
Code = Annotated[str, Field(max_length=40)]
Yes = Annotated[str, Field(pattern="^(|told|paper)$")]


class OrganisationForm(Form):
    """An organisation as the office enters or corrects it; `sure` when another one goes by its name."""

    kind: Kind = ""
    name: Name
    brand: str = Field(default="", max_length=80)
    subkind: str = Field(default="", max_length=40)
    parent: Code = ""
    area: Code = ""
    opens: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)
    sure: str = Field(default="", pattern="^(|yes)$")

    @property
    def told(self) -> Told:
        known = self.model_dump(exclude={"kind", "sure", "next", "idempotency_key"})
        return Told(**known)


class NameForm(Form):
    """One more name by which the lists call it."""

    name: Name


class SearchForm(Form):
    """Somebody looked up for the roster; personal data, so it is posted."""

    q: str = Field(default="", max_length=60)


class AddForm(Form):
    """One person for the roster; `heard` says how their yes is known, "" lets them answer."""

    member: Uid
    heard: Yes = ""

    @property
    def known_as(self) -> Heard | None:
        return Heard(self.heard) if self.heard else None


class LinesForm(Form):
    """Pasted lines, one person each."""

    lines: str = Field(default="", max_length=40_000)


class RemoveForm(Form):
    """A relationship of the roster that ends."""

    relationship: Uid


class CreateIn(Body):
    """A new organisation."""

    kind: Kind
    name: Name
    brand: str = Field(default="", max_length=80)
    subkind: str = Field(default="", max_length=40)
    parent: Code = ""
    area: Code = ""
    opens: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)
    sure: bool = False

    @property
    def told(self) -> Told:
        return Told(**self.model_dump(exclude={"kind", "sure"}))


class ChangeIn(Body):
    """What is to be otherwise; what is left out stays."""

    name: Name | None = None
    brand: str | None = Field(default=None, max_length=80)
    subkind: str | None = Field(default=None, max_length=40)
    parent: Code | None = None
    area: Code | None = None
    opens: str | None = Field(default=None, max_length=120)
    phone: str | None = Field(default=None, max_length=40)
    address: str | None = Field(default=None, max_length=120)
    sure: bool = False

    def told(self, now: Told) -> Told:
        said = self.model_dump(exclude={"sure"}, exclude_none=True)
        kept = {name: getattr(now, name) for name in Told.__dataclass_fields__}
        return Told(**{**kept, **said})


class NameIn(Body):
    """One more name."""

    name: Name


class RosterIn(Body):
    """People to add, one a line: a name, with a phone or a vest number where two share it."""

    lines: str = Field(max_length=40_000)


class RowOut(Out):
    """An organisation on the list; `people` is null where its kind has no roster."""

    code: str
    kind: str
    subkind: str
    name: str
    area: str
    heads: list[str]
    people: int | None


class ListOut(Out):
    """A page of organisations; `all` counts every page."""

    organisations: list[RowOut]
    all: int

    @classmethod
    def told(cls, listed: Listed) -> ListOut:
        return cls(
            organisations=[
                RowOut(
                    code=one.organisation.code, kind=one.organisation.kind, subkind=one.organisation.subkind,
                    name=one.organisation.name, area=one.organisation.area, heads=list(one.heads), people=one.people,
                )
                for one in listed.rows
            ],
            all=listed.all,
        )  # fmt: skip


class OfficeOut(Out):
    """Who holds an office there."""

    kind: str
    relationship: str
    name: str
    in_force: bool


class OrganisationOut(Out):
    """One organisation with who leads it and what it promised."""

    code: str
    kind: str
    subkind: str
    name: str
    brand: str
    other_names: list[str]
    parent: str
    area: str
    opens: str
    phone: str
    address: str
    since_on: date | None
    until_on: date | None
    offices: list[OfficeOut]
    people: int
    resources: list[str]
    needs: list[str]
    turns: list[str]
    agreements: list[str]

    @classmethod
    def told(cls, shown: Shown) -> OrganisationOut:
        one = shown.organisation
        return cls(
            code=one.code, kind=one.kind, subkind=one.subkind, name=one.name, brand=one.brand,
            other_names=list(shown.names), parent=one.parent, area=one.area, opens=one.opens, phone=one.phone,
            address=one.address, since_on=one.since_on, until_on=one.until_on,
            offices=[
                OfficeOut(
                    kind=office.kind.code, relationship=held.one.uid, name=held.name, in_force=not held.offered
                )
                for office in shown.offices
                for held in office.holders
            ],
            people=shown.roster.all,
            resources=[line.line_key for line in shown.promised.resources],
            needs=[line.line_key for line in shown.promised.needs],
            turns=[f"{turn.activity_key}:{turn.period}" for turn in shown.promised.turns],
            agreements=[each.uid for each in shown.promised.agreements],
        )  # fmt: skip


class LineOut(Out):
    """What became of one pasted line."""

    line: int
    became: str
    code: str
    reason: str


class RosterOut(Out):
    """What became of every pasted line."""

    added: int
    lines: list[LineOut]

    @classmethod
    def told(cls, done: tuple[LineDone, ...], lang: str) -> RosterOut:
        return cls(
            added=sum(bool(one.became) for one in done),
            lines=[
                LineOut(
                    line=one.number, became=one.became, code=one.refusal.code if one.refusal else "",
                    reason=one.refusal.said(lang) if one.refusal else "",
                )
                for one in done
            ],
        )  # fmt: skip
