"""`timebank opening`: batches of paper passbooks, and the operator's approval where nobody else is left to give it.

The operator stands in for a second person only where every worker entered some of the batch, or has hours of their own or of
their household in it.
"""

from __future__ import annotations

import click

from timebank.cli.running import community_option, operator, run, say, the_community
from timebank.context import Context
from timebank.help.opening import flow
from timebank.store.office.opening import Opening


@click.group()
def opening() -> None:
    """Hours from paper passbooks / 纸质存折转入。"""


@opening.command()
@click.argument("uid", default="")
@community_option
def show(uid: str, community: str) -> None:
    """Batches that wait; with UID one batch with its passbooks, by opaque id."""

    async def work(ctx: Context) -> list[str]:
        actor = operator(await the_community(ctx, community))
        if uid:
            return _batch_lines(await flow.show(ctx, actor, uid))
        home = await flow.home(ctx, actor)
        return [
            f"{_line(one.opening)}  {one.totals.lines} × {one.totals.minutes} min" for one in home.waiting
        ]

    for line in run(work):
        say(line)


@opening.command()
@click.argument("uid")
@click.option("--seen", required=True, help="The fingerprint that `timebank opening show UID` printed.")
@community_option
def approve(uid: str, seen: str, community: str) -> None:
    """Approve what a worker entered, where no other worker can."""

    async def work(ctx: Context) -> Opening:
        return await flow.approve(ctx, operator(await the_community(ctx, community)), uid, seen=seen)

    say(f"✓ {_line(run(work))}")


def _line(one: Opening) -> str:
    hands = " + ".join(filter(None, (one.entered_by, one.second_by, one.third_by)))
    return f"{one.uid}  {one.kind.value}  {one.state.value}  {hands}"


def _batch_lines(shown: flow.Shown) -> list[str]:
    lines = [
        _line(shown.opening),
        f"  {shown.totals.lines} × {shown.totals.minutes} min",
        *(f"    {one.member or '?'}: {one.minutes} min  {one.book}" for one in shown.lines),
    ]
    if shown.pages > 1:
        lines.append(f"    … {shown.page} / {shown.pages}")
    if shown.short:
        lines.append(f"  预支还差 · reserve too small by {shown.short} min")
    lines.append(f"  --seen {shown.seen}")
    return lines
