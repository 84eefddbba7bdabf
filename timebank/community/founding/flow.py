"""Founding a community: everything is judged before the first write, and what is written is a community that works.

    found(ctx, Founding(code=…, name=…, worker=…, login=…), password=…)

The same words again change nothing. The same code under another name is refused. A community whose workers have all lost
their way in gets one who can sign in by the same command.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ledger import AccountKind, OpenAccount
from ledger.store import book_timezone
from marketplace.ages import AgeFact, AgeSort
from timebank.catalogue import Heard
from timebank.catalogue.named import WORKER
from timebank.community import hashing, passwords, relating
from timebank.community.registering import Newcomer, register
from timebank.context import Context, fund_account, issuing_account
from timebank.errors import AppRefusal
from timebank.policy import reading
from timebank.policy.versions import founding
from timebank.rules.relationships import OPERATOR, member
from timebank.store.identity import sessions
from timebank.store.office import rules as stored_rules
from timebank.store.oversight import audit
from timebank.store.places import areas, communities
from timebank.store.places.communities import Community
from timebank.store.relations import rosters

CODE_LENGTH_MAX = 20


class FoundingRefusal(AppRefusal):
    """A community cannot be founded like this; nothing was written."""

    status = 422


class BadCode(FoundingRefusal):
    """The code has other signs than lower-case letters and digits, or too many."""

    code = "community_code"
    zh = "社区代号只能用小写字母和数字，字母开头，最多20个。"
    en = "A community's code is made of lower-case letters and digits, begins with a letter, and has 20 at most."


class NoName(FoundingRefusal):
    """The community or its first worker has no name."""

    code = "name_missing"
    zh = "社区名称和第一位工作人员的姓名都要写。"
    en = "The community and its first worker need a name."


class OtherName(FoundingRefusal):
    """The code belongs to a community of another name."""

    status, code = 409, "community_named_otherwise"
    zh = "这个代号已经是另一个社区的了。"
    en = "That code belongs to another community."


class OtherZone(FoundingRefusal):
    """The policy lives by another clock than the communities that are here already."""

    status, code = 409, "community_other_zone"
    zh = "同一处安装里的社区用同一个时区；这套规则是另一个时区的。"
    en = "Communities of one installation share one time zone; these rules are for another one."


class Founded(StrEnum):
    """What the command did."""

    NEW = "new"
    WORKER_ADDED = "worker_added"
    ALREADY_SO = "already_so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What `init` is told; `grids` are their names in order."""

    code: str
    name: str
    worker: str
    login: str
    name_en: str = ""
    phone: str = ""
    address: str = ""
    opens: str = ""
    grids: tuple[str, ...] = ()


async def found(ctx: Context, wanted: Founding, *, password: str) -> Founded:
    """The community founded with its first worker, in one unit of work; or what of it was still missing.

    Raises:
        BadCode, NoName, OtherName, OtherZone, `passwords` refusals: judged before the first write.
    """
    _judge(wanted)
    known = await communities.community(ctx.engine, wanted.code)
    if known is not None and known.name != wanted.name:
        raise OtherName()
    if await other_zone(ctx):
        raise OtherZone()
    owner = await sessions.owner_of_login(ctx.engine, wanted.login)
    if known is not None and await can_sign_in(ctx, wanted.code):
        if owner is not None and owner in await _workers(ctx, wanted.code):
            return Founded.ALREADY_SO
        raise (
            passwords.LoginTaken()
            if owner
            else OtherName(
                "这个社区已经有工作人员了，请由他们开通新的登录。",
                "That community has workers already; let them open new accounts.",
            )
        )
    passwords.judge(login=wanted.login, password=password)
    if owner is not None:
        raise passwords.LoginTaken()
    hashed = await hashing.aside(passwords.hashed, password)
    async with ctx.engine.atomic():
        if known is None:
            await found_community(
                ctx, code=wanted.code, name=wanted.name, name_en=wanted.name_en, phone=wanted.phone,
                address=wanted.address, opens=wanted.opens, grids=wanted.grids,
            )  # fmt: skip
        await _first_worker(ctx, wanted, hashed)
    return Founded.NEW if known is None else Founded.WORKER_ADDED


async def can_sign_in(ctx: Context, community: str) -> bool:
    """Whether any worker of the community has a password."""
    return bool(await sessions.with_password(ctx.engine, sorted(await _workers(ctx, community))))


async def other_zone(ctx: Context) -> str:
    """The time zone in which the books here were opened, when that is not the one of the settings; else ""."""
    for community in (await communities.communities(ctx.engine))[:1]:
        zone = await book_timezone(ctx.engine, community.code)
        return "" if zone == ctx.zone.key else zone
    return ""


async def found_community(
    ctx: Context,
    *,
    code: str,
    name: str,
    name_en: str = "",
    phone: str = "",
    address: str = "",
    opens: str = "",
    grids: tuple[str, ...] = (),
) -> None:
    """A community that can take members and post hours; once only, in the caller's unit of work.

    Args:
        code: lower-case letters and digits; part of account codes for ever.
        grids: names of its grids, coded `<code>-1`, `<code>-2`, ... in this order.
    """
    today = ctx.today()
    rules = ctx.policies.default
    kinds = ctx.catalogue_of(code)
    node = await areas.add_area(
        ctx.engine, code=code, kind=kinds.book_kind.code, name=name, parent=None, community=code, since_on=today
    )  # fmt: skip
    await communities.add_community(
        ctx.engine,
        Community(
            code=code, area=code, name=name, name_en=name_en, phone=phone, address=address, opens=opens
        ),
    )
    for number, grid in enumerate(grids, start=1):
        await areas.add_area(
            ctx.engine, code=f"{code}-{number}", kind="grid", name=grid, parent=node, community=code, since_on=today
        )  # fmt: skip
    await stored_rules.add_version(
        ctx.engine, founding(community=code, text=reading.written(rules), on=today, by=OPERATOR, at=ctx.now())
    )
    await ctx.policies.fresh(code)
    book = ctx.book(code)
    await book.create(commodities=("MIN", "PTS"))
    accounts = (
        (issuing_account(code), AccountKind.EQUITY, -rules.credit.reserve_minutes),
        (fund_account(code), AccountKind.LIABILITY, 0),
    )
    for account, kind, floor in accounts:
        opening = OpenAccount(
            key=f"open:{account}", code=account, kind=kind, commodity="MIN", floor=floor, opened_on=today
        )
        await book.post(opening, at=ctx.now())


def _judge(wanted: Founding) -> None:
    code = wanted.code
    if not (code.isascii() and code.isalnum() and code == code.lower() and code[0].isalpha()):
        raise BadCode()
    if len(code) > CODE_LENGTH_MAX:
        raise BadCode()
    if not wanted.name.strip() or not wanted.worker.strip():
        raise NoName()


async def _workers(ctx: Context, community: str) -> set[str]:
    return {card.uid for card in await rosters.workers_of(ctx.engine, community, ctx.today())}


async def _first_worker(ctx: Context, wanted: Founding, hashed: str) -> None:
    """Somebody who works at the desk and can sign in; entered and approved by whoever runs the machine."""
    of_age = AgeFact(sort=AgeSort.OF_AGE, said_on=ctx.today(), source="operator")
    uid = await register(
        ctx, wanted.code, Newcomer(name=wanted.worker.strip(), ages=(of_age,)), recorded_by=OPERATOR
    )
    office = relating.operator(wanted.code)
    offered = await relating.offer(
        ctx,
        office,
        relating.Wanted(
            kind=WORKER, holder=member(uid), target=relating.area(wanted.code), holder_yes=Heard.PAPER
        ),
    )
    await relating.approve(ctx, office, offered.uid)
    await sessions.set_login(ctx.engine, member=uid, login=wanted.login, hashed=hashed)
    await audit.note(ctx, office, "found_community", object=uid, community=wanted.code)
