"""What the forms and the API of admission accept, and what the API shows."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from timebank.office.admission.asking import RuleRow, RuleView
from timebank.web.fields import Body, Form, Out, TypedCount


def _several(value: object) -> object:
    # One ticked box arrives as a text, several as a list.
    return [value] if isinstance(value, str) else value


Proofs = Annotated[
    list[Annotated[str, Field(max_length=30)]], BeforeValidator(_several), Field(max_length=20)
]
Age = Annotated[int, Field(ge=0, le=120, strict=True)]


class RuleForm(Form):
    """What a kind of help or a line asks of its helpers; empty takes the rule away."""

    proofs: Proofs = Field(default_factory=list)
    age_min: TypedCount | None = None
    age_max: TypedCount | None = None


class RuleIn(Body):
    """The same from a program; ages in years, 0 for no bound."""

    proofs: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=20)
    age_min: Age = 0
    age_max: Age = 0


class RuleOut(Out):
    """One rule; `asks` is what it asks for in words."""

    subject: str
    label: str
    proofs: tuple[str, ...]
    age_min: int
    age_max: int
    asks: tuple[str, ...]

    @classmethod
    def told(cls, row: RuleRow) -> RuleOut:
        return cls(
            subject=row.subject.code,
            label=row.subject.label,
            proofs=row.rule.proofs,
            age_min=row.rule.age_min,
            age_max=row.rule.age_max,
            asks=row.asks,
        )


class RulesOut(Out):
    """Every rule of a community."""

    rules: tuple[RuleOut, ...]


class MissingOut(Out):
    """One thing that is missing."""

    why: str
    zh: str
    en: str


class HelperOut(Out):
    """One helper, held against a rule."""

    member: str
    number: str
    name: str
    admitted: bool
    age_unknown: bool
    missing: tuple[MissingOut, ...]


class RuleViewOut(Out):
    """A rule with one page of the helpers here, who is kept out first."""

    subject: str
    label: str
    asks: tuple[str, ...]
    admitted: int
    kept_out: int
    page: int
    pages: int
    helpers: tuple[HelperOut, ...]

    @classmethod
    def told(cls, view: RuleView) -> RuleViewOut:
        return cls(
            subject=view.subject.code,
            label=view.subject.label,
            asks=view.asks,
            admitted=view.admitted,
            kept_out=view.kept_out,
            page=view.number,
            pages=view.pages,
            helpers=tuple(
                HelperOut(
                    member=row.card.uid,
                    number=row.card.number,
                    name=row.card.says,
                    admitted=row.admitted,
                    age_unknown=row.age_unknown,
                    missing=tuple(MissingOut(why=one.why.value, zh=one.zh, en=one.en) for one in row.missing),
                )
                for row in view.rows
            ),
        )
