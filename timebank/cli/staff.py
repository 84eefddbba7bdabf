"""`timebank staff`: who works at the desk, and what the machine's operator does where no colleague can.

The operator is the second hand of a community with one worker: what that worker entered, the operator approves. Where two
work, they approve each other on the page.
"""

from __future__ import annotations

import click

from timebank.cli.running import community_option, operator, run, say, the_community
from timebank.community import relating
from timebank.community.staff import flow, telephones
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import State
from timebank.store.identity import sessions


@click.group()
def staff() -> None:
    """Who works at the desk or checks the books, and their logins / 工作人员和账号。"""


@staff.command()
@community_option
def show(community: str) -> None:
    """Everybody with an office, with their login and the number by which to approve or open an account."""

    async def work(ctx: Context) -> list[str]:
        code = await the_community(ctx, community)
        kinds = ctx.catalogue_of(code).relationships
        return [
            f"{one.uid}  {one.name}  {one.login or '-'}  {office.uid}  {kinds[office.kind].zh} / {kinds[office.kind].en}"
            + ("" if office.state is State.IN_FORCE else "  ← 等批准 / waits for approval")
            for one in await flow.staff(ctx, operator(code))
            for office in one.offices
        ]

    for line in run(work):
        say(line)


@staff.command()
@click.argument("relationship")
@community_option
def approve(relationship: str, community: str) -> None:
    """Approve RELATIONSHIP, entered by the only worker there is / 批准唯一一位工作人员录入的岗位。"""

    async def work(ctx: Context) -> str:
        by = operator(await the_community(ctx, community))
        async with ctx.engine.atomic():
            approved = await relating.approve(ctx, by, relationship)
        return f"✓ {approved.uid} {approved.state.value}"

    say(run(work))


@staff.command("open")
@click.argument("member")
@click.argument("login")
@community_option
def open_command(member: str, login: str, community: str) -> None:
    """A login for MEMBER, who holds an office; prints the first password / 开账号，只显示一次密码。"""

    async def work(ctx: Context) -> str:
        actor = operator(await the_community(ctx, community))
        return await flow.open_account(ctx, actor, member_uid=member, login=login)

    say(run(work))


@staff.command()
@click.argument("login")
@community_option
def reset(login: str, community: str) -> None:
    """A new password for LOGIN, printed once; every sign-in of theirs ends / 重设密码。"""

    async def work(ctx: Context) -> str:
        owner = await sessions.owner_of_login(ctx.engine, login)
        if owner is None:
            raise NotFound()
        actor = operator(await the_community(ctx, community))
        return await flow.reset_account(ctx, actor, member_uid=owner)

    say(run(work))


@staff.command("new-telephone")
@click.argument("login")
@community_option
def new_telephone(login: str, community: str) -> None:
    """LOGIN lost telephone and paper: both end, and the next sign-in sets up another / 手机和备用码都丢了，重新认一部。"""

    async def work(ctx: Context) -> str:
        owner = await sessions.owner_of_login(ctx.engine, login)
        if owner is None:
            raise NotFound()
        actor = operator(await the_community(ctx, community))
        await telephones.end_by_operator(ctx, actor, member_uid=owner)
        return f"✓ {login}"

    say(run(work))


@staff.command("sign-out")
@click.argument("member")
@community_option
def sign_out(member: str, community: str) -> None:
    """MEMBER lost a telephone: every sign-in and unused code of theirs ends / 手机丢了，在所有设备上退出。"""

    async def work(ctx: Context) -> str:
        actor = operator(await the_community(ctx, community))
        await flow.sign_out_everywhere(ctx, actor, member_uid=member)
        return f"✓ {member}"

    say(run(work))
