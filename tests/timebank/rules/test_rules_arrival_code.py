"""The four digits of a place are taken as they are printed, read out or typed with a Chinese keyboard."""

from __future__ import annotations

import pytest

from timebank.rules.parts.arrival import arrival_code, fits
from timebank.settings import Settings

SETTINGS = Settings(secret="x" * 40)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    "written", ["{0}{1}{2}{3}", " {0} {1} {2} {3} ", "{0}{1}-{2}{3}", "{0}{1}－{2}{3}", "{0}　{1}　{2}　{3}"]
)
def test_blanks_dashes_and_wide_digits_do_not_count(written: str) -> None:
    code = arrival_code(SETTINGS, "SABCDEFGH")
    assert fits(SETTINGS, "SABCDEFGH", written.format(*code))
    assert fits(SETTINGS, "SABCDEFGH", written.format(*code).translate(WIDE))


@pytest.mark.parametrize("typed", ["", "0", "abcd", "00000", "一二三四"])
def test_anything_else_does_not_fit(typed: str) -> None:
    code = arrival_code(SETTINGS, "SABCDEFGH")
    assert not fits(SETTINGS, "SABCDEFGH", typed if typed != code else "")
    assert not fits(SETTINGS, "SABCDEFGH", code + "0")
