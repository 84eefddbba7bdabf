"""What the forms and the API of the policy accept, and what the API shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from timebank.community.policy.flow import Home, Shown
from timebank.policy import Policy, reading
from timebank.policy.versions import Version
from timebank.web.fields import Body, Form

Fingerprint = Field(pattern="^[0-9a-f]{64}$")


class SeenForm(Form):
    """The fingerprint of what the approver was shown."""

    seen: str = Fingerprint


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


def version_out(version: Version) -> dict[str, Any]:
    """A version without its text; people by opaque id."""
    return {
        "number": version.number,
        "state": version.state.value,
        "starts_on": version.starts_on.isoformat(),
        "fingerprint": version.fingerprint,
        "entered_by": version.entered_by,
        "approved_by": version.approved_by,
    }


def policy_out(policy: Policy) -> dict[str, Any]:
    return {"name": policy.name, "text": reading.written(policy)}


def home_out(home: Home) -> dict[str, Any]:
    """The rules in force and every version."""
    return {
        "in_force": home.in_force.number if home.in_force else 0,
        "policy": policy_out(home.policy),
        "versions": [version_out(one) for one in home.versions],
    }


def shown_out(shown: Shown) -> dict[str, Any]:
    """One version with its text and its preview; the preview names people by opaque id."""
    preview = shown.preview
    return {
        **version_out(shown.version),
        "text": shown.version.text,
        "preview": None
        if preview is None
        else {
            "first_on": preview.first_on.isoformat(),
            "last_on": preview.last_on.isoformat(),
            "people": preview.people,
            "parts": preview.parts,
            "differences": [
                {
                    "member": one.member, "minutes_before": one.minutes_before, "minutes_after": one.minutes_after,
                    "parts": one.parts, "rules": list(one.rules),
                }
                for one in preview.differences
            ],
            "redeem_gained": list(preview.redeem_gained),
            "redeem_lost": list(preview.redeem_lost),
            "reserve_before": preview.reserve_before,
            "reserve_after": preview.reserve_after,
            "owed": preview.owed,
        },
    }  # fmt: skip
