"""People who asked to join by themselves and wait for the desk; personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import Applicant as Table

WAITS, JOINED, DECLINED = "", "joined", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who asked to join, in their own words.

    Attributes:
        phone, age: as typed.
        says: what they would like to do or need.
        fingerprint: of name and phone; the same person pressing twice asks once.
        answer: "" while they wait, then `joined` or `declined`; member: who they became.
    """

    uid: str
    community: str
    name: str
    phone: str
    age: str = ""
    area: str = ""
    says: str = ""
    asks: bool = False
    gives: bool = False
    fingerprint: str
    applied_at: datetime
    answer: str = WAITS
    answered_by: str = ""
    answered_at: datetime | None = None
    member: str = ""


_ALL = columns(Applicant, Table)


@prepared
def _one(uid: str) -> First:
    return Table.select(*_ALL).where(Table.uid == uid).first()


@prepared
def _waiting_again(community: str, fingerprint: str) -> First:
    return (
        Table.select(*_ALL)
        .where(Table.community == community, Table.fingerprint == fingerprint, Table.answer == WAITS)
        .first()
    )


async def add_applicant(engine: DurableEngine, applicant: Applicant) -> None:
    await add(engine, Table, values_of(applicant))


async def applicant(engine: DurableEngine, uid: str) -> Applicant | None:
    return typed_or_none(Applicant, await _one.on(engine)(uid))


async def waiting_again(engine: DurableEngine, community: str, fingerprint: str) -> Applicant | None:
    """The one that waits already with the same name and phone."""
    return typed_or_none(Applicant, await _waiting_again.on(engine)(community, fingerprint))


async def waiting(
    engine: DurableEngine, community: str, *, number: int = 20, offset: int = 0
) -> list[Applicant]:
    """Who waits for the desk, the first to come first."""
    query = (
        Table.select(*_ALL)
        .where(Table.community == community, Table.answer == WAITS)
        .order_by(Table.id)
        .limit(number)
        .offset(offset)
    )
    return typed_all(Applicant, await rows_of(engine, query))


async def count_waiting(engine: DurableEngine, community: str) -> int:
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_applicant WHERE community = ? AND answer = ''", [community]
    )
    return int(rows[0]["n"])


async def answer_applicant(
    engine: DurableEngine, uid: str, *, answer: str, member: str = "", by: str, at: datetime
) -> None:
    """The desk's word. What they wrote goes: what is needed of it stands on the member's own record now."""
    changed = {
        "answer": answer, "member": member, "answered_by": by, "answered_at": at, "name": "", "phone": "", "age": "",
        "says": "", "area": "",
    }  # fmt: skip
    await change(engine, Table, changed, uid=uid)
