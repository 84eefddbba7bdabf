"""Somebody new on record: who they are, how to reach them, what they give and ask, and an hour account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger import AccountKind, OpenAccount
from marketplace.ages import AgeFact
from marketplace.phones import PhoneNumber, read_phones
from timebank.context import Context, issuing_account, member_account
from timebank.errors import BadField
from timebank.policy import FirstTo
from timebank.rules.payment import Stamp, first_hours
from timebank.rules.relationships import Life
from timebank.store import ages, people, phones, source_keys
from timebank.store.people import Member, Person, Profile


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
    uid = uid or ctx.ids.uid("M")
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
    await people.add_member(ctx.engine, member, person, profile)
    if newcomer.phones:
        await phones.set_phones(ctx.engine, community=community, member=uid, numbers=newcomer.phones)
    if newcomer.guardians:
        await phones.set_phones(
            ctx.engine, community=community, member=uid, numbers=newcomer.guardians, whose="guardian"
        )
    for fact in newcomer.ages:
        await ages.add_age(ctx.engine, uid, fact, recorded_by=recorded_by)
    if newcomer.row_key:
        await source_keys.add_source_key(
            ctx.engine, community=community, source=newcomer.source, row_key=newcomer.row_key, member=uid
        )
    policy, book = ctx.policy_of(community), ctx.book(community)
    await book.post(
        OpenAccount(
            key=f"open:{uid}", code=member.account, kind=AccountKind.LIABILITY, commodity="MIN",
            floor=-policy.redeeming.overdraft_minutes, opened_on=ctx.today(),
        ),
        at=ctx.now(),
    )  # fmt: skip
    if policy.grant.first_to is FirstTo.EVERYBODY:
        stamp = Stamp(
            effective_on=ctx.today(), occurred_at=ctx.now(), actor=recorded_by, meta={"member": uid}
        )
        given = first_hours(
            policy, member=uid, account=member.account, issuer=issuing_account(community), stamp=stamp
        )
        if given is not None:
            await book.post(given, at=ctx.now())
    return uid
