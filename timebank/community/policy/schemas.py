"""What the forms and the API of the policy accept, and what the API shows."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from timebank.community.policy.flow import Home, Shown
from timebank.policy import reading
from timebank.policy.versions import VersionState
from timebank.web.fields import Body, Form, OpenForm, Out

Fingerprint = Field(pattern="^[0-9a-f]{64}$")


class SeenForm(Form):
    """The fingerprint of what the approver was shown."""

    seen: str = Fingerprint


class DraftForm(OpenForm):
    """Every knob of a policy under its own name, a row of a table by its number: `credit.weights.0.percent`."""

    further: ClassVar[str] = r"[a-z_]+(\.[a-z_]+)?(\.[0-9]{1,3}\.[a-z_]+)?"

    starts_on: str = Field(default="", max_length=40)
    number: str = Field(default="0", max_length=10)


class PressForm(Form):
    """A press of the button."""


class DraftBody(Body):
    """A draft as TOML; `number` changes that draft instead of making a new one."""

    text: str = Field(max_length=20_000)
    starts_on: date
    number: int = Field(default=0, ge=0, le=1_000_000)


class PressBody(Body):
    """Nothing more than the request itself."""


class SeenBody(Body):
    """The fingerprint of what the approver was shown."""

    seen: str = Fingerprint


class VersionOut(Out):
    """A version without its text; people by opaque id."""

    number: int
    state: VersionState
    starts_on: date
    fingerprint: str
    entered_by: str
    approved_by: str


class PolicyOut(Out):
    """Rules as TOML."""

    name: str
    text: str


class HomeOut(Out):
    """The number of the version in force, 0 for the installation's own; its rules; every version."""

    in_force: int
    policy: PolicyOut
    versions: tuple[VersionOut, ...]

    @classmethod
    def told(cls, home: Home) -> HomeOut:
        return cls(
            in_force=home.in_force.number if home.in_force else 0,
            policy=PolicyOut(name=home.policy.name, text=reading.written(home.policy)),
            versions=tuple(VersionOut.of(one) for one in home.versions),
        )


class DifferenceOut(Out):
    """What one member would have earned otherwise; by opaque id."""

    member: str
    minutes_before: int
    minutes_after: int
    parts: int
    rules: tuple[str, ...]


class PreviewOut(Out):
    """What the draft would have changed between two days."""

    first_on: date
    last_on: date
    people: int
    parts: int
    differences: tuple[DifferenceOut, ...]
    redeem_gained: tuple[str, ...]
    redeem_lost: tuple[str, ...]
    reserve_before: int
    reserve_after: int
    owed: int


class ShownOut(VersionOut):
    """One version with its text and its preview."""

    text: str
    preview: PreviewOut | None

    @classmethod
    def told(cls, shown: Shown) -> ShownOut:
        return cls(
            **VersionOut.of(shown.version).model_dump(),
            text=shown.version.text,
            preview=None if shown.preview is None else PreviewOut.of(shown.preview),
        )
