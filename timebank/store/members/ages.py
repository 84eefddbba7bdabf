"""What is known of members' ages, and the consents that were given for them; personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from marketplace.ages import AgeFact, AgeSort, Minority, best, minor
from timebank.store.held import fresh_salt
from timebank.store.rows import add, rows_among
from timebank.store.tables import Age as Table
from timebank.store.tables import Consent

GUARDIAN = "guardian"
"""The purpose of a guardian's yes to a minor's volunteering."""


@prepared
def _of(member: str) -> Select[Table]:
    return (
        Table.select(Table.sort, Table.value, Table.said_on, Table.source)
        .where(Table.member == member)
        .order_by(Table.id)
    )


@prepared
def _consent(member: str, purpose: str, on: date, still_on: date) -> First:
    return (
        Consent.select(Consent.id)
        .where(
            Consent.member == member,
            Consent.purpose == purpose,
            Consent.given_on <= on,
            Consent.withdrawn_on.is_null(),
            Consent.until_on.is_null() | (Consent.until_on >= still_on),
        )
        .first()
    )


async def ages(engine: DurableEngine, member: str) -> list[AgeFact]:
    """Everything that was said of a member's age, the oldest first."""
    return [_fact(row) for row in await _of.on(engine)(member)]


def _ages_of(members: Sequence[str]) -> Select[Table]:
    return (
        Table.select(Table.member, Table.sort, Table.value, Table.said_on, Table.source)
        .where(Table.member.is_in(list(members)))
        .order_by(Table.id)
    )


async def ages_of(engine: DurableEngine, members: Sequence[str]) -> dict[str, list[AgeFact]]:
    """uid -> facts, for many members at once; those without any are left out."""
    wanted = sorted(set(members) - {""})
    found: dict[str, list[AgeFact]] = {}
    for row in await rows_among(engine, _ages_of, wanted):
        found.setdefault(str(row["member"]), []).append(_fact(row))
    return found


async def add_age(engine: DurableEngine, member: str, fact: AgeFact, *, recorded_by: str) -> bool:
    """Keep one more fact; False when just this was said before."""
    known = await ages(engine, member)
    if any((one.sort, one.value, one.said_on) == (fact.sort, fact.value, fact.said_on) for one in known):
        return False
    return await add(
        engine,
        Table,
        {
            "member": member, "sort": fact.sort.value, "value": fact.value, "said_on": fact.said_on,
            "source": fact.source, "recorded_by": recorded_by, "salt": fresh_salt(),
        },
    )  # fmt: skip


async def has_consent(engine: DurableEngine, member: str, purpose: str, on: date) -> bool:
    """Whether a yes for this purpose holds on a day."""
    return await _consent.on(engine)(member, purpose, on, on) is not None


async def add_consent(
    engine: DurableEngine,
    member: str,
    purpose: str,
    *,
    heard: str,
    on: date,
    recorded_by: str,
    given_by: str = "",
) -> bool:
    """Keep a yes; False when it holds already."""
    if await has_consent(engine, member, purpose, on):
        return False
    return await add(
        engine,
        Consent,
        {
            "member": member, "purpose": purpose, "given_by": given_by, "heard": heard, "given_on": on,
            "recorded_by": recorded_by,
        },
    )  # fmt: skip


async def minor_without_consent(engine: DurableEngine, member: str, on: date) -> bool:
    """Whether somebody may be under 18 on the day of a service, as far as is known, and no guardian said yes to it.

    Who was a minor when their age was last said counts as one until they are known to be of age.
    """
    if not may_be_minor(await ages(engine, member), on):
        return False
    return not await has_consent(engine, member, GUARDIAN, on)


def may_be_minor(facts: Sequence[AgeFact], on: date) -> bool:
    """True for who is under 18 on a day, or was when it was said and is not known to have turned 18 since."""
    now = minor(facts, on)
    if now is not Minority.UNKNOWN:
        return now is Minority.YES
    said = best(facts)
    return said is not None and minor(facts, said.said_on) is Minority.YES


def _fact(row: dict[str, object]) -> AgeFact:
    said_on = row["said_on"]
    assert isinstance(said_on, date)
    return AgeFact(
        sort=AgeSort(str(row["sort"])), value=str(row["value"]), said_on=said_on, source=str(row["source"])
    )
