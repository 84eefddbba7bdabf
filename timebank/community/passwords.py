"""Staff passwords: what may be one, and how it is kept. Hashing takes long on purpose: run it in a thread."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from timebank.errors import AppRefusal

LENGTH_MIN = 10
GIVEN_DAYS = 7
"""For so long a password is good that somebody else made up: its owner chooses their own meanwhile."""
GUESSES_MIN = 10**8
LOOKED_AT = 72
"""Signs of a long password that are looked at for how easily it is guessed; all of them are hashed."""
OFFICE_WORDS = (
    "timebank", "time", "bank", "volunteer", "worker", "admin", "office", "desk", "password", "shijian", "yinhang", "shijianyinhang",
    "zhiyuan", "zhiyuanzhe", "yigong", "shequ", "juweihui", "jiedao", "wangge", "wanggeyuan", "fuwu", "fuwutai", "guanli", "guanliyuan",
    "hongmajia", "mima", "woaini", "aini", "wode", "1314", "1314520", "5201314", "520", "时间银行", "志愿者", "社区", "居委会", "网格", "密码",
)  # fmt: skip
"""What somebody who knows the office would try first: words of the product, of the work and of this country's habits."""
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
    """One of those that are tried first, or made of such: a rank of keys, a year, a word of the office."""

    code = "password_simple"
    zh = "这个密码太容易猜到，请换一个，或者再加几个不相干的字。"
    en = "That password is easily guessed. Take another, or add some words that have nothing to do with it."


class GivenLongAgo(PasswordRefusal):
    """Somebody else made the password up, and its owner has not chosen one of their own in time."""

    code = "given_long_ago"
    zh = f"这个密码是别人给的，{GIVEN_DAYS}天里没换成自己的，已经作废。请同事再给一个。"
    en = (
        f"Somebody else made that password, and it was not changed within {GIVEN_DAYS} days: it has ended. "
        "A colleague can give you another."
    )


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
    """Nothing when both can be used. Any signs will do, and it never has to be changed for its age.

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
    if _guesses(login, password) < GUESSES_MIN:
        raise PasswordSimple(field="password")


def _guesses(login: str, password: str) -> int:
    """How many tries somebody needs who begins with the 30,000 commonest passwords, names, words, keys and dates."""
    # Its lists are read when a password is chosen and never at a start.
    from zxcvbn import zxcvbn

    words = [login, *re.split(r"[._-]", login), *OFFICE_WORDS]
    return int(zxcvbn(password[:LOOKED_AT], user_inputs=words, max_length=LOOKED_AT)["guesses"])


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
