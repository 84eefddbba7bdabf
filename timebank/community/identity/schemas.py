"""What the sign-in forms accept."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from timebank.community.identity.signed_in import OwnSignIns, SignIn


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CodeForm(_Form):
    """A phone or member number with the six digits from the slip or the text message."""

    who: str = Field(min_length=1, max_length=40)
    code: str = Field(min_length=4, max_length=40)
    shared: bool = False
    next: str = Field(default="", max_length=200)


class PasswordForm(_Form):
    """A staff login."""

    login: str = Field(min_length=1, max_length=40)
    password: str = Field(min_length=1, max_length=200)
    next: str = Field(default="", max_length=200)


class DigitsForm(_Form):
    """The digits that a colleague's telephone shows, or a code from their paper."""

    code: str = Field(min_length=1, max_length=40)
    next: str = Field(default="", max_length=200)


class CodeFor(_Form):
    """Whom a one-time code or a printed card is made for."""

    member: str = Field(min_length=2, max_length=16)
    kind: str = Field(default="code", pattern="^(code|card)$")


class ActForForm(_Form):
    """The elder to act for in this session."""

    elder: str = Field(min_length=2, max_length=16)
    next: str = Field(default="", max_length=200)


class StopForm(_Form):
    """Back to one's own affairs, and where to go on."""

    next: str = Field(default="", max_length=200)


class SignInOut(BaseModel):
    """One place where somebody is signed in: `device` is "phone", "computer" (or a tablet) or "", `here` the one that asks."""

    name: str
    device: str
    here: bool
    began_at: datetime
    seen_at: datetime
    lasts_until: datetime

    @classmethod
    def told(cls, one: SignIn) -> SignInOut:
        return cls(
            name=one.name, device=one.device.value, here=one.here, began_at=one.began_at, seen_at=one.seen_at,
            lasts_until=one.lasts_until,
        )  # fmt: skip


class SignInsOut(BaseModel):
    """Where somebody is signed in, the one that asks first and then the latest use, and how many more places there are."""

    sign_ins: list[SignInOut]
    more: int

    @classmethod
    def told(cls, own: OwnSignIns) -> SignInsOut:
        return cls(sign_ins=[SignInOut.told(one) for one in own.shown], more=own.more)
