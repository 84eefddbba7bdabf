"""Each unsafe setting is found, by name, and what is safe is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from timebank.cli.safety import unsafe, unwise
from timebank.policy import IdentityPolicy, Policy
from timebank.settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"
SAFE = Settings(
    secret="9f2c1b7a04de83655c1f0e9ab7d42c68", url="https://time.example.org",
    database="postgresql://time@localhost/time",
)  # fmt: skip


def test_safe_settings_have_nothing_to_mend() -> None:
    assert unsafe(SAFE, {}) == []


@pytest.mark.parametrize(
    ("named", "changed"),
    [
        ("identity.code_tries", lambda rules: replace(rules, code_tries=20)),
        ("identity.code_minutes", lambda rules: replace(rules, code_minutes=60)),
        ("identity.elder_session_days_max", lambda rules: replace(rules, elder_session_days_max=366)),
        ("identity.session_hours_max", lambda rules: replace(rules, session_hours_max=48)),
        ("identity.session_idle_minutes", lambda rules: replace(rules, session_idle_minutes=100_000)),
    ],
)
def test_rules_that_let_codes_be_guessed_or_sign_ins_live_on_are_named(
    named: str, changed: Callable[[IdentityPolicy], IdentityPolicy]
) -> None:
    plain = Policy.load("plain")
    assert unwise(plain, "x") == []
    [found] = unwise(replace(plain, identity=changed(plain.identity)), "东区")
    assert found.startswith(f"✗ 东区: {named}")


@pytest.mark.parametrize("minutes", [0, 1_440])
def test_a_day_without_a_cap_is_named(minutes: int) -> None:
    plain = Policy.load("plain")
    [found] = unwise(replace(plain, credit=replace(plain.credit, minutes_per_day_max=minutes)), "x")
    assert "credit.minutes_per_day_max" in found


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"database": "postgresql://time@db.example.org/time"}, "TIMEBANK_DATABASE"),
        ({"database": "postgresql://time@db.example.org/time?sslmode=prefer"}, "TIMEBANK_DATABASE"),
        ({"sms": "http://sms.example.org/send"}, "TIMEBANK_SMS"),
        ({"url": "http://time.example.org"}, "TIMEBANK_URL"),
    ],
)
def test_a_line_to_elsewhere_in_the_clear_is_named(changed: dict[str, Any], named: str) -> None:
    [found] = unsafe(replace(SAFE, **changed), {})
    assert found.startswith(f"✗ {named}")
    tls = replace(SAFE, database="postgresql://time@db.example.org/time?sslmode=verify-full")
    assert unsafe(tls, {}) == []


def test_the_passwords_of_the_demo_stay_good(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        ends = connection.execute("SELECT login, given_until FROM tb_password").fetchall()
    assert len(ends) >= 2
    assert {until for _login, until in ends} == {None}


def test_a_community_whose_hours_nobody_checks_is_named(timebank: Any, database: Path) -> None:
    database.chmod(0o600)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE tb_setting SET value = '0' WHERE key = 'clock_offset_seconds'")
    fine = timebank("check", "--deploy", secret=SECRET, check=False)
    assert "no auditor" not in fine.stdout
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE tb_relationship SET state = 'over', open_key = NULL WHERE kind = 'auditor'"
        )
    connection.close()
    refused = timebank("check", "--deploy", secret=SECRET, check=False)
    assert refused.returncode == 1
    assert "dongqu: hours are in the book and no auditor looks at them" in refused.stdout
