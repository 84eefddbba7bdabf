"""Somebody new on record: who they are, how to reach them, what they give and ask, and an hour account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ledger import AccountKind, Command, LedgerRefusal, OpenAccount
from marketplace.ages import AgeFact
from marketplace.phones import PhoneNumber, read_phones
from marketplace.store import give_way
from timebank.context import Context, issuing_account, member_account
from timebank.errors import BadField
from timebank.policy import FirstTo
from timebank.rules.hours.payment import Stamp, first_hours
from timebank.rules.relationships import Life
from timebank.store.members import ages, people, phones, source_keys
from timebank.store.members.people import Member, Person, Profile
from timebank.store.members.source_keys import RowOfList

MANY = 8
"""Of more newcomers than this at a time, others on the event loop go on between the steps."""


def heard_phones(text: str) -> tuple[PhoneNumber, ...]:
    """Every number of what was typed while somebody waits; words without a number are kept as they are.

    Raises:
        BadField: nothing but digits, and too few or too many of them: now is the moment to ask again.
    """
    found = read_phones(text)
    if any(one.doubt == "phone_length" for one in found):
        raise BadField(
            "电话好像少了一位或多了一位。", "The phone number seems too short or too long.", field="phone"
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What is known of somebody who is not on record yet.

    Attributes:
        area: code of where they live; "" until that is known.
        phones: the member's own; guardians: a guardian's, kept for a minor.
        source, row_key: the list and the row that told of them; "" for none.
    """

    name: str
    called: str = ""
    number: str = ""
    area: str = ""
    address: str = ""
    occupation: str = ""
    health_note: str = ""
    phones: Sequence[PhoneNumber] = ()
    guardians: Sequence[PhoneNumber] = ()
    ages: Sequence[AgeFact] = ()
    asks: bool = False
    gives: bool = False
    skills: str = ""
    wishes: str = ""
    size: str = ""
    source: str = ""
    row_key: str = ""
    profile: Profile | None = field(default=None)


async def register(
    ctx: Context, community: str, newcomer: Newcomer, *, recorded_by: str, uid: str = ""
) -> str:
    """A new member with an hour account; the uid. In the caller's unit of work.

    Whether they are somebody already known is asked before, by `recognition`.
    """
    uid = uid or new_uid(ctx)
    await register_all(ctx, community, {uid: newcomer}, recorded_by=recorded_by)
    return uid


def new_uid(ctx: Context) -> str:
    """The uid of a member to be."""
    return ctx.ids.uid("M")


async def register_all(
    ctx: Context, community: str, newcomers: Mapping[str, Newcomer], *, recorded_by: str
) -> None:
    """New members by uid, each with an hour account, in as many statements as for one. In the caller's unit of work."""
    if not newcomers:
        return
    engine = ctx.engine
    await people.add_members(
        engine, [_rows(ctx, community, uid, newcomer) for uid, newcomer in newcomers.items()]
    )
    await phones.add_first_phones(
        engine, community, {uid: (one.phones, one.guardians) for uid, one in newcomers.items()}
    )
    if len(newcomers) > MANY:
        await give_way()
    for uid, newcomer in newcomers.items():
        for fact in newcomer.ages:
            await ages.add_age(engine, uid, fact, recorded_by=recorded_by)
    listed = [
        RowOfList(source=one.source, row_key=one.row_key, member=uid)
        for uid, one in newcomers.items()
        if one.row_key
    ]
    await source_keys.add_source_keys(engine, community, listed)
    if len(newcomers) > MANY:
        await give_way()
    await _open_accounts(ctx, community, newcomers, recorded_by)


def _rows(ctx: Context, community: str, uid: str, newcomer: Newcomer) -> tuple[Member, Person, Profile]:
    member = Member(
        uid=uid, community=community, number=newcomer.number, area=newcomer.area or community,
        account=member_account(uid), life=Life.ACTIVE, life_since_on=ctx.today(), size=newcomer.size,
        created_at=ctx.now(),
    )  # fmt: skip
    person = Person(
        member=uid, community=community, name=newcomer.name, called=newcomer.called, address=newcomer.address,
        occupation=newcomer.occupation[:60], health_note=newcomer.health_note,
    )  # fmt: skip
    profile = newcomer.profile or Profile(
        member=uid, asks=newcomer.asks, gives=newcomer.gives, skills=newcomer.skills, wishes=newcomer.wishes
    )
    return member, person, profile


async def _open_accounts(ctx: Context, community: str, uids: Iterable[str], recorded_by: str) -> None:
    """An hour account for each, with the first hours that the policy gives to everybody."""
    policy, commands = ctx.policy_of(community), list[Command]()
    for uid in uids:
        account = member_account(uid)
        commands.append(
            OpenAccount(
                key=f"open:{uid}", code=account, kind=AccountKind.LIABILITY, commodity="MIN",
                floor=-policy.redeeming.overdraft_minutes, opened_on=ctx.today(),
            )
        )  # fmt: skip
        if policy.grant.first_to is FirstTo.EVERYBODY:
            stamp = Stamp(
                effective_on=ctx.today(), occurred_at=ctx.now(), actor=recorded_by, meta={"member": uid}
            )
            given = first_hours(
                policy, member=uid, account=account, issuer=issuing_account(community), stamp=stamp
            )
            commands += [given] if given is not None else []
    for answer in await ctx.book(community).post_many(commands, at=ctx.now()):
        if isinstance(answer, LedgerRefusal):
            raise answer
