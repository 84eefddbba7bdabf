"""`timebank policy`: read a community's rules, enter a draft from a file, approve one as the operator.

The operator is one hand like any other: what the operator entered, somebody at the desk approves, and the other way round.
That lets an office with a single worker change its rules.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from timebank.cli.running import community_option, operator, run, say, the_community
from timebank.community.policy import flow
from timebank.community.policy.form import changes, said
from timebank.context import Context
from timebank.policy.versions import Version


@click.group()
def policy() -> None:
    """Rules of a community in dated versions / 社区的规则."""


@policy.command()
@click.argument("number", type=int, default=0)
@community_option
def show(number: int, community: str) -> None:
    """The rules in force and every version; with NUMBER one version, what it changes and whom it would touch."""

    async def work(ctx: Context) -> list[str]:
        actor = operator(await the_community(ctx, community))
        if number:
            return _version_lines(await flow.show(ctx, actor, number))
        home = await flow.home(ctx, actor)
        now = home.in_force.number if home.in_force else 0
        return [_line(one) + ("  ← 在用 / in force" if one.number == now else "") for one in home.versions]

    for line in run(work):
        say(line)


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--starts-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day, tomorrow or later."
)
@community_option
def draft(file: Path, starts_on: datetime, community: str) -> None:
    """Enter the rules in FILE (TOML) as a draft, and show what they would have done."""

    text = file.read_text(encoding="utf-8")

    async def work(ctx: Context) -> list[str]:
        actor = operator(await the_community(ctx, community))
        made = await flow.draft(ctx, actor, text=text, starts_on=starts_on.date())
        return _version_lines(await flow.show(ctx, actor, made.number))

    for line in run(work):
        say(line)


@policy.command()
@click.argument("number", type=int)
@click.option("--seen", required=True, help="The fingerprint that `timebank policy show NUMBER` printed.")
@community_option
def approve(number: int, seen: str, community: str) -> None:
    """Approve a draft that somebody at the desk entered."""

    async def work(ctx: Context) -> Version:
        return await flow.approve(ctx, operator(await the_community(ctx, community)), number, seen=seen)

    say(f"✓ {_line(run(work))}")


def _line(version: Version) -> str:
    hands = f"{version.entered_by}{' + ' + version.approved_by if version.approved_by else ''}"
    return f"{version.number}  {version.starts_on}  {version.state.value}  {hands}"


def _version_lines(shown: flow.Shown) -> list[str]:
    lines = [_line(shown.version)]
    lines += [
        f"  {spec.key}: {said(spec, old, 'zh-CN')} → {said(spec, new, 'zh-CN')}"
        for spec, old, new in changes(shown.before, shown.policy)
    ]
    if shown.preview is not None:
        count, people = len(shown.preview.differences), shown.preview.people
        lines.append(f"  {count} / {people} 人的时间会不同 · would have had other hours")
        lines += [
            f"    {one.member}: {one.minutes_before} → {one.minutes_after} ({', '.join(one.rules)})"
            for one in shown.preview.differences
        ]
    lines.append(f"  --seen {shown.version.fingerprint}")
    return lines
