"""What may be a password: nothing that is tried first, and otherwise anything, taken as it was typed."""

from __future__ import annotations

import re

import pytest

from tests.timebank.conftest import Town
from timebank.community import passwords
from timebank.community.passwords import PasswordIsLogin, PasswordShort, PasswordSimple


@pytest.mark.parametrize(
    "password",
    [
        "qwerty123456", "1qaz2wsx3edc", "password123", "1234567890", "aaaaaaaaaaaa",  # the first of every list
        "Sunshine2026", "P@ssw0rd2026", "13800001234",  # a word with a year or with signs for letters; a telephone
        "timebank2026", "shequ123456", "woaini1314520", "juweihui2026", "志愿者志愿者志愿者志愿者",  # what an office would take
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordSimple):
        passwords.judge(login="li.min", password=password)


@pytest.mark.parametrize(
    "password",
    [
        "nine cranes fly", "NINE-CRANES-1984", "九只白鹤飞过东边的桥", "zqxwvkjpyh", "8301947265517",
        "  spaces before and behind  ", "four words of no sort, and then some more until it is long " * 3,
    ],
)  # fmt: skip
def test_any_signs_of_any_length_will_do(password: str) -> None:
    passwords.judge(login="li.min", password=password)


def test_parts_of_the_login_count_as_known() -> None:
    passwords.judge(login="somebody", password="zhuxiangyu1983")
    with pytest.raises(PasswordSimple):
        passwords.judge(login="zhuxiangyu.ouyang", password="zhuxiangyu1983")
    with pytest.raises(PasswordIsLogin):
        passwords.judge(login="ouyang", password="nine-cranes-OUYANG")


def test_ten_signs_are_the_least() -> None:
    with pytest.raises(PasswordShort):
        passwords.judge(login="li.min", password="zqxwvkjpy")


def test_a_password_counts_as_it_was_typed() -> None:
    typed = " Nine Cranes, " + "九只白鹤" * 30
    kept = passwords.hashed(typed)
    assert kept.startswith("$argon2id$")
    assert passwords.fits(kept, typed)
    for other in (typed.strip(), typed.lower(), typed[:72], typed[:-1]):
        assert not passwords.fits(kept, other)


async def test_passwords_are_masked_and_a_keeper_of_passwords_may_fill_them_in(town: Town) -> None:
    worker = await town.client("worker")
    for path, known in (
        ("/sign-in", ["current-password"]),
        ("/password", ["current-password", "new-password"]),
    ):
        page = await (await town.stranger() if path == "/sign-in" else worker).page(path)
        fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page.text)
        assert [re.findall(r'autocomplete="([^"]+)"', one)[0] for one in fields] == known
        assert not any("maxlength" in one or "onpaste" in one or "readonly" in one for one in fields)
