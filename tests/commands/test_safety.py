"""Each unsafe setting is found, by name, and what is safe is not."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from timebank.cli.safety import looks_random, unsafe, unwise
from timebank.policy import Policy
from timebank.settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"
SAFE = Settings(
    secret="9f2c1b7a04de83655c1f0e9ab7d42c68", url="https://time.example.org",
    database="postgresql://time@localhost/time",
)  # fmt: skip


def test_safe_settings_have_nothing_to_mend() -> None:
    assert unsafe(SAFE, {}) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"secret": ""}, "TIMEBANK_SECRET"),
        ({"secret": "a1" * 20}, "TIMEBANK_SECRET"),
        ({"secret": "correct horse battery staple, and then another one"}, "words can be guessed"),
        ({"secret": "correct-horse-battery-staple-and-17-others"}, "words can be guessed"),
        (
            {"secret": "我们社区的秘密是王奶奶家的那只大花猫从来不在下午三点以前睡醒过一次"},
            "words can be guessed",
        ),
        ({"secret": "31415926535897932384626433832795028841"}, "words can be guessed"),
        ({"secret": "x7Kabc" * 8}, "words can be guessed"),
        ({"demo": True}, "demo"),
        ({"host": "0.0.0.0"}, "TIMEBANK_HOST"),
        ({"url": "http://time.example.org"}, "TIMEBANK_URL"),
        ({"url": "time.example.org"}, "TIMEBANK_URL"),
        ({"url": "https://time.example.org/office"}, "TIMEBANK_URL"),
        ({"url": "https://user:word@time.example.org"}, "TIMEBANK_URL"),
        ({"hosts": ("*.example.org",)}, "TIMEBANK_HOSTS"),
        ({"hosts": ("",)}, "TIMEBANK_HOSTS"),
        ({"database": "mysql://here"}, "TIMEBANK_DATABASE"),
        ({"database": "postgresql://time:word@db.example.org/time"}, "without TLS"),
        ({"database": "postgresql://time@db.example.org/time?sslmode=prefer"}, "without TLS"),
        ({"database": "postgresql://time@localhost,db.example.org:5433/time"}, "without TLS"),
        ({"database": "postgresql:///time?host=db.example.org"}, "without TLS"),
        ({"sms": "http://gateway.example.org/send"}, "TIMEBANK_SMS"),
        ({"database": "sqlite:////no/such/folder/time.db"}, "no such folder"),
    ],
)
def test_each_unsafe_setting_is_named(changed: dict[str, Any], named: str) -> None:
    found = unsafe(replace(SAFE, **changed), {})
    assert len(found) == 1
    assert named in found[0]


@pytest.mark.parametrize(
    "database",
    [
        "postgresql://time@db.example.org/time?sslmode=verify-full", "postgresql://time@127.0.0.1:5433/time",
        "postgresql://[::1]/time", "postgresql:///time?host=/run/postgresql", "postgres:///time",
    ],
)  # fmt: skip
def test_a_server_on_this_machine_or_over_tls_is_fine(database: str) -> None:
    assert unsafe(replace(SAFE, database=database), {}) == []
    assert (
        unsafe(replace(SAFE, database="postgresql://db.example.org/time"), {"PGSSLMODE": "verify-full"}) == []
    )


def test_what_machines_make_looks_random() -> None:
    for _ in range(2_000):
        assert looks_random(secrets.token_hex(32))
        assert looks_random(secrets.token_urlsafe(32))


def test_files_and_folders_that_everybody_may_change_or_read_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    path = folder / "time.db"
    sqlite3.connect(path).close()
    settings = replace(SAFE, database=f"sqlite:///{path}")
    path.chmod(0o600)
    assert unsafe(settings, {}) == []
    for file in (path, folder / "time.db-wal", folder / "time.db.erased"):
        file.touch()
        file.chmod(0o644)
        assert f"{file}: readable by everybody" in "\n".join(unsafe(settings, {}))
        file.chmod(0o600)
    folder.chmod(0o777)
    assert "may replace what is in it" in unsafe(settings, {})[0]
    folder.chmod(0o1777)
    assert unsafe(settings, {}) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"code_tries": 20}, "identity.code_tries"), ({"code_minutes": 60}, "identity.code_minutes"),
        ({"elder_session_days_max": 366}, "identity.elder_session_days_max"), ({"session_hours_max": 48}, "identity.session_hours_max"),
        ({"session_idle_minutes": 100_000}, "identity.session_idle_minutes"),
    ],
)  # fmt: skip
def test_rules_that_let_codes_be_guessed_or_sign_ins_live_on_are_named(
    changed: dict[str, int], named: str
) -> None:
    plain = Policy.load("plain")
    assert unwise(plain, "x") == []
    [found] = unwise(replace(plain, identity=replace(plain.identity, **changed)), "东区")
    assert found.startswith(f"✗ 东区: {named}")


@pytest.mark.parametrize("minutes", [0, 1_440])
def test_a_day_without_a_cap_is_named(minutes: int) -> None:
    plain = Policy.load("plain")
    [found] = unwise(replace(plain, credit=replace(plain.credit, minutes_per_day_max=minutes)), "x")
    assert "credit.minutes_per_day_max" in found


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
