"""What the staff pages accept."""

from __future__ import annotations

from pydantic import Field

from timebank.web.fields import Form


class LoginForm(Form):
    """A login name for a new account."""

    login: str = Field(min_length=3, max_length=40)


class PasswordForm(Form):
    """One's own password: the old one and the new one."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class OldPasswordForm(Form):
    """One's own password, once more."""

    password: str = Field(max_length=200)


class TelephoneForm(Form):
    """What it takes to set up another telephone: the password, and the present one's digits or a code from the paper."""

    password: str = Field(max_length=200)
    proof: str = Field(default="", max_length=40)


class DigitsForm(Form):
    """The digits that the other telephone shows; `next` stands in the page that two slices share."""

    code: str = Field(max_length=40)
    next: str = Field(default="", max_length=200)


class BackForm(Form):
    """A press of a button, and the page to come back to."""

    next: str = Field(default="", max_length=200)
