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
