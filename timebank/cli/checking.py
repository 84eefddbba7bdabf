"""`timebank doctor` and `timebank check`: what is missing on this machine, and whether its settings are safe."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess  # one program with fixed words  # nosec B404
import sys
from dataclasses import replace

import click

from ledger.clash import clashes
from ledger.store.engine import EngineError
from timebank.cli.running import communities_meant, community_or_all_option, open_context, operator, say
from timebank.cli.safety import sqlite_path, unsafe, unwise
from timebank.community import guide
from timebank.community.founding.flow import can_sign_in
from timebank.community.guide import StepShown
from timebank.community.staff.flow import staff
from timebank.context import Context
from timebank.errors import NoSuchCommunity
from timebank.policy import BadPolicy, Policy
from timebank.settings import SECRET_BYTES_MIN, Settings
from timebank.store import upgrade as schema
from timebank.store.office import founding_counts as counts
from timebank.store.places import communities


@click.command()
@community_or_all_option
def doctor(community: str) -> None:
    """What is missing on this machine, and in its communities / 检查这台机器和各个社区."""
    settings = Settings.from_env()
    findings: list[tuple[bool, str]] = [
        (sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11+)"),
        (sqlite3.sqlite_version_info >= (3, 35), f"SQLite {sqlite3.sqlite_version} (3.35+)"),
        *(
            [(False, one) for one in clashes()]
            or [(True, "ledger, marketplace 只有一份 / come from one place each")]
        ),
        (_has_chinese_font(), "中文字体 / a Chinese font for printing (apt install fonts-noto-cjk)"),
    ]
    try:
        findings.append((True, f"policy {Policy.load(settings.city).name}"))
    except BadPolicy as error:
        findings.append((False, f"policy: {error}"))

    async def reach() -> tuple[list[str], list[tuple[bool, str]]]:
        async with open_context(settings, migrated=False) as ctx:
            missing = await schema.waiting(ctx.engine)
            return missing, [] if missing else await _communities(ctx, community)

    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        findings.append((False, f"database {path} is not there yet (timebank init, or timebank demo)"))
    else:
        try:
            missing, of_communities = asyncio.run(reach())
            findings.append((not missing, f"database schema ({len(missing)} migrations waiting)"))
            findings += of_communities
        except NoSuchCommunity as refusal:
            findings.append((False, f"{refusal.zh} / {refusal.en}"))
        except Exception as error:  # whatever keeps us from the database is the finding
            findings.append((False, f"database: {type(error).__name__}: {error}"))
    for fine, what in findings:
        say(f"{'✓' if fine else '✗'} {what}")
    if not all(fine for fine, _ in findings):
        raise SystemExit(1)


async def _communities(ctx: Context, community: str) -> list[tuple[bool, str]]:
    """Whether somebody can sign in to work at each community's desk; of one that is named also its founding steps."""
    meant = await communities_meant(ctx, community)
    found = [
        (await can_sign_in(ctx, code), f"{code}: 有能登录的工作人员 / a worker who can sign in")
        for code in meant
    ]
    if community:
        found += [(one.settled, _step_said(one)) for one in await guide.steps(ctx, community)]
    return found


def _step_said(one: StepShown) -> str:
    """One step of the guide in a line: what is missing, or why it was left out."""
    said = f"{one.step.number}. {one.step.code}: {one.step.zh} / {one.step.en}"
    if one.done:
        return said
    if one.skip:
        return f"{said} (跳过 / left out: {one.skip.why})"
    names = ", ".join((*one.found.words, *one.found.names))
    return f"{said} ({one.found.missing}{': ' + names if names else ''})"


@click.command()
@click.option("--deploy", is_flag=True, help="Also refuse what is unsafe for real people's data.")
def check(deploy: bool) -> None:
    """Whether the settings can be used; with --deploy, whether they are safe / 检查设置."""
    # The web app is half of what Python reads at a start; no other command here needs it.
    from timebank.app import UnsafeSettings, create_app

    settings = Settings.from_env()
    problems = unsafe(settings) if deploy else []
    notes: list[str] = []
    try:
        policy = Policy.load(settings.city)
        create_app(replace(settings, secret=settings.secret or "x" * SECRET_BYTES_MIN))
        if deploy:
            found, notes = asyncio.run(_lived_by(settings))
            problems += found or unwise(policy, f"TIMEBANK_CITY ({policy.name})")
    except (BadPolicy, UnsafeSettings, EngineError, OSError) as error:
        problems.append(f"✗ {error}")
    for line in [*notes, *problems]:
        say(line)
    if problems:
        raise SystemExit(1)
    if deploy and not settings.url:
        say("△ TIMEBANK_URL: not set, so only this machine is answered / 没有设，只答本机")
    say("✓ 设置可用 / settings are fine")


async def _lived_by(settings: Settings) -> tuple[list[str], list[str]]:
    """What is unwise about each community as it stands, and notes; nothing where no database is yet, or one of another version."""
    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        return [], []
    found: list[str] = []
    notes: list[str] = []
    async with open_context(settings, migrated=False) as ctx:
        if await schema.waiting(ctx.engine):
            return [], []
        await ctx.policies.load()
        for community in await communities.communities(ctx.engine):
            found += unwise(ctx.policy_of(community.code), community.code)
            problems, bare = await _second_factors(ctx, community.code)
            found, notes = [*found, *problems], [*notes, *bare]
            if await counts.has_posted(ctx.engine, community.code) and not await guide.has_auditor(
                ctx, community.code
            ):
                found.append(
                    f"✗ {community.code}: hours are in the book and no auditor looks at them"
                    " / 已经有时间入账，还没有监督员"
                )
    return found, notes


async def _second_factors(ctx: Context, community: str) -> tuple[list[str], list[str]]:
    """(that its rules let a password alone in, staff who will set up a telephone at their next sign-in)."""
    problems, notes = [], []
    if not ctx.policy_of(community).identity.second_factor:
        problems.append(f"✗ {community}: identity.second_factor: a password alone opens the desk")
    people = await staff(ctx, operator(community))
    if bare := ", ".join(one.login for one in people if one.login and one.telephone is None):
        notes.append(f"· {community}: 下次登录时认手机 / no second factor yet: {bare}")
    return problems, notes


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    found = subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False)  # noqa: S603 fixed words  # nosec B603
    return bool(found.stdout.strip())
