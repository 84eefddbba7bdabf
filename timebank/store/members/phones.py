"""Numbers people can be reached at; personal data, found by number or by its last four digits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from marketplace.phones import PhoneNumber
from timebank.store.held import fresh_salt
from timebank.store.members.people import Card
from timebank.store.rows import add_all, columns, rows_of, typed_all, values_of
from timebank.store.tables import Phone as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One number of one member.

    Attributes:
        place: which of their numbers, the first one is rung first.
        whose: "" for the member's own; else whose it is (guardian, emergency): such a number signs nobody in.
    """

    member: str
    place: int
    number: str = ""
    extension: str = ""
    tail: str = ""
    whose: str = ""
    note: str = ""
    written: str = ""

    @property
    def value(self) -> PhoneNumber:
        """The number without whose it is."""
        return PhoneNumber(number=self.number, extension=self.extension, note=self.note, written=self.written)

    @property
    def shown(self) -> str:
        """As it was written, for whoever rings."""
        return self.written or self.number


@prepared
def _of(member: str) -> Select[Table]:
    return Table.select(*columns(Phone, Table)).where(Table.member == member).order_by(Table.place)


async def phones(engine: DurableEngine, member: str) -> list[Phone]:
    """A member's numbers, the one to ring first at the front."""
    return typed_all(Phone, await _of.on(engine)(member))


async def phones_of(engine: DurableEngine, members: Sequence[str]) -> dict[str, list[Phone]]:
    """uid -> numbers, the one to ring first at the front, of some hundreds of members; those without one are left out."""
    found: dict[str, list[Phone]] = {}
    if members:
        query = Table.select(*columns(Phone, Table)).where(Table.member.is_in(list(members)))
        for one in typed_all(Phone, await rows_of(engine, query.order_by(Table.place))):
            found.setdefault(one.member, []).append(one)
    return found


async def owners_of(engine: DurableEngine, community: str, numbers: Collection[str]) -> set[str]:
    """Everybody of a community who has one of these numbers as their own."""
    if not numbers:
        return set()
    query = Table.select(Table.member).where(
        Table.community == community, Table.number.is_in(sorted(numbers)), Table.whose == ""
    )
    return {str(row["member"]) for row in await rows_of(engine, query)}


async def first_phones(engine: DurableEngine, members: Sequence[str]) -> dict[str, str]:
    """uid -> the number to ring first, as it was written; members without one are left out."""
    wanted = sorted(set(members) - {""})
    if not wanted:
        return {}
    query = (
        Table.select(*columns(Phone, Table))
        .where(Table.member.is_in(wanted))
        .order_by(Table.place, ascending=False)
    )
    return {one.member: one.shown for one in typed_all(Phone, await rows_of(engine, query))}


async def numbers_of(engine: DurableEngine, members: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """uid -> every number as it was written, the first to ring at the front."""
    wanted = sorted(set(members) - {""})
    found: dict[str, tuple[str, ...]] = {}
    if wanted:
        query = Table.select(*columns(Phone, Table)).where(Table.member.is_in(wanted)).order_by(Table.place)
        for one in typed_all(Phone, await rows_of(engine, query)):
            found[one.member] = (*found.get(one.member, ()), one.shown)
    return found


async def cards_by_number(
    engine: DurableEngine, community: str, number: str, *, own: bool = False
) -> list[Card]:
    """Active members who gave this number, in its normal form; several may share one; `own` leaves out a guardian's."""
    if not number:
        return []
    # A card joins tables of which some may have no row; Piccolo cannot join from the other side.
    whose = " AND t.whose = ''" if own else ""
    return typed_all(
        Card,
        await engine.fetch(
            "SELECT DISTINCT m.uid, m.community, m.number, m.account, m.life, p.name, p.called, f.skills FROM tb_phone t"
            " JOIN tb_member m ON m.uid = t.member LEFT JOIN tb_person p ON p.member = m.uid"
            " LEFT JOIN tb_profile f ON f.member = m.uid"
            f" WHERE t.community = ? AND t.number = ? AND m.life = 'active'{whose} ORDER BY m.number NULLS LAST, m.uid",
            [community, number],
        ),
    )


async def add_phones(
    engine: DurableEngine, *, community: str, member: str, numbers: Sequence[PhoneNumber], first: bool = False
) -> bool:
    """Numbers of the member's own that were not known yet, behind those that were; False when all were.

    Args:
        first: the new ones are rung first.
    """
    if not numbers:
        return False
    standing = await phones(engine, member)
    new = unknown(numbers, standing)
    if not new:
        return False
    known = [one.value for one in standing if not one.whose]
    every = [*new, *known] if first else [*known, *new]
    await set_phones(engine, community=community, member=member, numbers=every)
    return True


def _same(one: PhoneNumber, other: PhoneNumber) -> bool:
    return one.rings_like(other) or (not one.number and one.written[:60] == other.written)


def unknown(numbers: Sequence[PhoneNumber], known: Sequence[Phone]) -> list[PhoneNumber]:
    """Those numbers that are not among the member's own."""
    own = [one.value for one in known if not one.whose]
    return [one for one in numbers if not any(_same(one, old) for old in own)]


async def set_phones(
    engine: DurableEngine, *, community: str, member: str, numbers: Sequence[PhoneNumber], whose: str = ""
) -> None:
    """The member's own numbers, or somebody else's kept for them, in the caller's unit of work: these and no others."""
    kept = [one for one in await phones(engine, member) if one.whose != whose]
    await engine.execute("DELETE FROM tb_phone WHERE member = ?", [member])
    new = _numbered(member, numbers, whose)
    await _write(engine, community, [*new, *kept] if not whose else [*kept, *new])


async def add_first_phones(
    engine: DurableEngine,
    community: str,
    numbers: Mapping[str, tuple[Sequence[PhoneNumber], Sequence[PhoneNumber]]],
) -> None:
    """The numbers of members who are new: their own, then a guardian's, by uid."""
    await _write(
        engine,
        community,
        *(
            [*_numbered(uid, own, ""), *_numbered(uid, guardians, "guardian")]
            for uid, (own, guardians) in numbers.items()
        ),
    )


def _numbered(member: str, numbers: Sequence[PhoneNumber], whose: str) -> list[Phone]:
    return [
        Phone(
            member=member, place=0, number=one.number, extension=one.extension, tail=one.tail, whose=whose,
            note=one.note[:60], written=one.written[:60],
        )
        for one in numbers
    ]  # fmt: skip


async def _write(engine: DurableEngine, community: str, *lists: Sequence[Phone]) -> None:
    """Each member's list of numbers, in the order in which they are rung."""
    await add_all(
        engine,
        Table,
        [
            values_of(replace(phone, place=place)) | {"community": community, "salt": fresh_salt()}
            for one in lists
            for place, phone in enumerate(one, start=1)
        ],
    )
