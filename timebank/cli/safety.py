"""What is unsafe about an installation's settings, one finding each; pure but for a look at the files and the environment.

`serve` refuses what `unsafe` finds; `timebank check --deploy` also what `unwise` finds: rules that let codes be guessed or
sign-ins live for ever, and communities whose hours nobody checks.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from timebank.policy import Policy
from timebank.settings import SECRET_BYTES_MIN, Settings
from timebank.web.hosts import LOCAL, host_of

TLS_MODES = frozenset({"require", "verify-ca", "verify-full"})
CODE_TRIES_MAX, CODE_MINUTES_MAX = 10, 30
DAY_MINUTES_MAX = 960
SIGN_IN_DAYS_MAX, STAFF_HOURS_MAX, STAFF_IDLE_MINUTES_MAX = 90, 24, 60


def unsafe(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[str]:
    """What must be mended before real people's data may be kept; one line each."""
    return [
        *_secret(settings.secret),
        *_addresses(settings),
        *_database(settings, environ),
        *_carriers(settings),
    ]


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address, None for another kind of database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def unwise(policy: Policy, where: str) -> list[str]:
    """Rules of a community that are no law's business and nobody's safety; one line each.

    Args:
        where: whose rules they are, as the line begins.
    """
    identity = policy.identity
    judged = (
        ("identity.code_tries", identity.code_tries, CODE_TRIES_MAX),
        ("identity.code_minutes", identity.code_minutes, CODE_MINUTES_MAX),
        ("identity.elder_session_days_max", identity.elder_session_days_max, SIGN_IN_DAYS_MAX),
        ("identity.session_hours_max", identity.session_hours_max, STAFF_HOURS_MAX),
        ("identity.session_idle_minutes", identity.session_idle_minutes, STAFF_IDLE_MINUTES_MAX),
    )
    found = [
        f"✗ {where}: {name} = {value}, {most} at most / 最多 {most}"
        for name, value, most in judged
        if value > most
    ]
    if not 0 < policy.credit.minutes_per_day_max <= DAY_MINUTES_MAX:
        found.append(
            f"✗ {where}: credit.minutes_per_day_max: a day needs a cap, {DAY_MINUTES_MAX} at most / 一天要有上限"
        )
    return found


def looks_random(secret: str) -> bool:
    """Whether a secret was made by a machine: no words, no single kind of sign, not the same few again and again."""
    words = [word for word in re.split(r"[\W_]+", secret) if word]
    if any(sign.isspace() for sign in secret) or all(word.isalpha() or word.isdigit() for word in words):
        return False
    return len(set(secret)) >= 10 and not re.search(r"(.{3,})\1\1", secret)


def _secret(secret: str) -> Iterator[str]:
    if len(secret) < SECRET_BYTES_MIN:
        yield f"✗ TIMEBANK_SECRET: at least {SECRET_BYTES_MIN} random characters"
    elif not looks_random(secret):
        yield (
            "✗ TIMEBANK_SECRET: not random enough, words can be guessed"
            " (python3 -c 'import secrets; print(secrets.token_hex(32))')"
        )


def _addresses(settings: Settings) -> Iterator[str]:
    if settings.demo:
        yield "✗ demo mode is for made-up people"
    if settings.host not in LOCAL:
        yield "✗ TIMEBANK_HOST: listen on 127.0.0.1 and let a TLS proxy stand in front"
    if settings.url:
        parts = urlsplit(settings.url)
        if (
            parts.scheme != "https"
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
            or "@" in parts.netloc
        ):
            yield "✗ TIMEBANK_URL: https://name, and no more / 只写 https:// 和域名"
    for host in settings.hosts:
        if not host_of(host) or "*" in host:
            yield f"✗ TIMEBANK_HOSTS: {host} is no name of a host / 不是域名"


def _database(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    path = sqlite_path(settings.database)
    if path is not None:
        yield from _files(path)
        if path.exists() and _clock_offset(path) not in ("", "0"):
            yield f"✗ {path}: a demo database, its clock is moved"
    elif settings.database.startswith(("postgresql://", "postgres://")):
        yield from _server(settings.database, environ)
    else:
        yield "✗ TIMEBANK_DATABASE: sqlite:///path or postgresql://…"


def _files(path: Path) -> Iterator[str]:
    folder = path.absolute().parent
    if not folder.is_dir():
        yield f"✗ {folder}: there is no such folder / 没有这个目录"
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield f"✗ {folder}: cannot be written to / 这个目录写不进去"
    for one in (folder, *folder.parents):
        mode = one.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            yield f"✗ {one}: everybody on this machine may replace what is in it (chmod o-w)"
    for suffix in ("", "-wal", "-shm", ".erased"):
        file = path.with_name(path.name + suffix)
        if file.exists() and file.stat().st_mode & 0o007:
            yield f"✗ {file}: readable by everybody on this machine (chmod o-rwx)"


def _server(url: str, environ: Mapping[str, str]) -> Iterator[str]:
    """A database on another machine is spoken to over TLS."""
    parts = urlsplit(url)
    said = parse_qs(parts.query)
    hosts = [host_of(one.rpartition("@")[2]) for one in parts.netloc.split(",")]
    hosts = [one for one in hosts if one] or said.get("host", [])
    local = all(one in LOCAL or one.startswith("/") for one in hosts)
    mode = (said.get("sslmode") or [environ.get("PGSSLMODE", "")])[-1]
    if not local and mode not in TLS_MODES:
        yield "✗ TIMEBANK_DATABASE: another machine without TLS; add ?sslmode=verify-full / 数据库在别的机器上，要加密连接"


def _carriers(settings: Settings) -> Iterator[str]:
    sms = urlsplit(settings.sms)
    if sms.scheme == "http" and sms.hostname not in LOCAL:
        yield "✗ TIMEBANK_SMS: telephone numbers would travel in clear; https:// / 短信网关要用 https"


def _clock_offset(path: Path) -> str:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT value FROM tb_setting WHERE key = 'clock_offset_seconds'"
        ).fetchall()
    except sqlite3.DatabaseError:
        return ""
    finally:
        connection.close()
    return str(rows[0][0]) if rows else ""
