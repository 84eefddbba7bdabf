"""`timebank founding`: what a community still has to do, and the operator's signature where no colleague can give one."""

from __future__ import annotations

import click

from timebank.cli.running import operator, run, say, the_community
from timebank.community import guide
from timebank.community.founding import office
from timebank.community.guide import StepShown
from timebank.context import Context

_COMMUNITY = click.option(
    "--community", default="", help="Code of the community; needed only when there are several."
)


@click.group()
def founding() -> None:
    """The twelve steps of a new community / 开办十二步。"""


@founding.command()
@_COMMUNITY
def show(community: str) -> None:
    """Every step with what is still missing, as the desk's page and `timebank doctor --community` show it."""

    async def work(ctx: Context) -> tuple[StepShown, ...]:
        return await guide.steps(ctx, await the_community(ctx, community))

    for one in run(work):
        say(f"{'✓' if one.settled else '✗'} {step_said(one)}")


@founding.command()
@click.argument("step")
@_COMMUNITY
def sign(step: str, community: str) -> None:
    """Sign that STEP may be left out, where the one worker there is has left it out / 唯一一位工作人员跳过的，由安装的人签。"""

    async def work(ctx: Context) -> None:
        await office.sign(ctx, operator(await the_community(ctx, community)), step)

    run(work)
    say(f"✓ {step}")


def step_said(one: StepShown) -> str:
    """One step in a line; what somebody left out says why."""
    said = f"{one.step.number}. {one.step.code}: {one.step.zh} / {one.step.en}"
    if one.left_out and one.skip:
        return f"{said} (跳过 / left out: {one.skip.why})"
    if one.waits_for_second:
        return f"{said} (等第二个人签字 / waits for a second person)"
    names = ", ".join((*one.found.words, *one.found.names))
    return said if one.done else f"{said} ({one.found.missing}{': ' + names if names else ''})"
