"""What somebody agreed to, purpose by purpose: given when, by whom, to which text, heard how; and taken back when.

A row is never changed but for the day on which the yes was taken back, and stays as proof that it was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, columns, rows_among, typed_all, values_of
from timebank.store.tables import Consent as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One yes.

    Attributes:
        given_by: whose yes it was, a guardian's for somebody under 18; "" for the member's own, or unknown.
        heard: page, phone, counter or paper.
        until_on: the last day it holds, for a yes for a time. recorded_by: who wrote it down.
    """

    member: str
    purpose: str
    given_by: str = ""
    heard: str
    given_on: date
    until_on: date | None = None
    text_version: str = ""
    withdrawn_on: date | None = None
    recorded_by: str = ""

    def holds_on(self, day: date) -> bool:
        return (
            self.given_on <= day
            and self.withdrawn_on is None
            and (self.until_on is None or day <= self.until_on)
        )


@prepared
def _of(member: str) -> Select[Table]:
    return Table.select(*columns(Consent, Table)).where(Table.member == member).order_by(Table.id)


def _among(members: Sequence[str]) -> Select[Table]:
    return Table.select(*columns(Consent, Table)).where(Table.member.is_in(list(members))).order_by(Table.id)


async def consents_of(engine: DurableEngine, member: str) -> list[Consent]:
    """Every yes of a member, the oldest first."""
    return typed_all(Consent, await _of.on(engine)(member))


async def add_consent(engine: DurableEngine, one: Consent) -> None:
    await add(engine, Table, values_of(one))


async def withdraw(engine: DurableEngine, member: str, purpose: str, *, on: date) -> int:
    """No yes for this purpose holds from this day on; how many did."""
    return await engine.execute(
        "UPDATE tb_consent SET withdrawn_on = ? WHERE member = ? AND purpose = ? AND withdrawn_on IS NULL",
        [on, member, purpose],
    )


async def taken_back(engine: DurableEngine, members: Sequence[str], purpose: str) -> frozenset[str]:
    """Those among the members who said yes to a purpose once and took it back; who was never asked is not among them."""
    last: dict[str, Consent] = {}
    for one in typed_all(Consent, await rows_among(engine, _among, sorted(set(members) - {""}))):
        if one.purpose == purpose:
            last[one.member] = one
    return frozenset(member for member, one in last.items() if one.withdrawn_on is not None)
