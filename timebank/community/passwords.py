"""Staff passwords: what may be one, and how it is kept. Hashing takes long on purpose: run it in a thread."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from timebank.errors import AppRefusal

LENGTH_MIN = 10
_hasher = PasswordHasher()


class PasswordRefusal(AppRefusal):
    """A login or password that cannot be used."""

    status = 422


class PasswordShort(PasswordRefusal):
    """Too few signs."""

    code = "password_short"
    zh, en = "密码至少10位。", "A password has at least 10 characters."


class PasswordIsLogin(PasswordRefusal):
    """The password is the login name, or holds it whole."""

    code = "password_is_login"
    zh, en = "密码里不能有登录名。", "A password must not hold the login name."


class PasswordSimple(PasswordRefusal):
    """So few different signs that anybody would guess it."""

    code = "password_simple"
    zh, en = "密码太简单，请多用几种字。", "That password is too simple; use more different characters."


class BadLogin(PasswordRefusal):
    """The login name cannot be typed everywhere."""

    code = "login_name"
    zh = "登录名用3到40个字母、数字、点或横线。"
    en = "A login name has 3 to 40 letters, digits, dots or dashes."


class LoginTaken(PasswordRefusal):
    """Somebody of this installation signs in with that name."""

    status, code = 409, "login_taken"
    zh, en = "这个登录名已经有人用了。", "That login name is taken."


def judge(*, login: str, password: str) -> None:
    """Nothing when both can be used.

    Raises:
        BadLogin, PasswordShort, PasswordIsLogin, PasswordSimple.
    """
    plain = login.replace(".", "").replace("-", "").replace("_", "")
    if not (3 <= len(login) <= 40 and plain.isascii() and plain.isalnum()):
        raise BadLogin(field="login")
    if len(password) < LENGTH_MIN:
        raise PasswordShort(field="password")
    if login.casefold() in password.casefold():
        raise PasswordIsLogin(field="password")
    if len(set(password)) < 5:
        raise PasswordSimple(field="password")


def hashed(password: str) -> str:
    """The hash that is kept."""
    return _hasher.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether the password is the one whose hash was kept; "" stands for nobody and takes as long."""
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Checked when the login is unknown, so that the answer takes as long as for a wrong password."""
    return _hasher.hash("nobody has this password")
