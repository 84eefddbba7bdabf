"""Members and what names them: the queries that every slice shares.

`Person`, `Card` and everything else with a name in it is personal data: ask for it only after `access.sees` said so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from marketplace.names import name_key, sound
from marketplace.text import compared
from timebank.rules.relationships import Life
from timebank.store.held import fresh_salt
from timebank.store.rows import (
    add_all,
    change,
    columns,
    rows_of,
    typed,
    typed_all,
    typed_or_none,
    values_of,
)
from timebank.store.tables import Member as MemberTable
from timebank.store.tables import Person as PersonTable
from timebank.store.tables import Profile as ProfileTable

ERASED = "已注销"
DOOR_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who takes part; nothing in it names anybody.

    Attributes:
        number: on the vest, within the community; "" for nobody's.
        area: code of where they live: their building or grid, the community's own node while that is not known.
        joined_to: uid of the record that went on when two of one person were joined.
        size: type size they like, "" for what suits the page.
    """

    uid: str
    community: str
    number: str = ""
    area: str
    household: str = ""
    account: str
    life: Life = Life.ACTIVE
    life_since_on: date
    joined_to: str = ""
    lang: str = ""
    size: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What names a member; an erased one reads as 已注销."""

    member: str
    community: str = ""
    name: str
    called: str = ""
    address: str = ""
    occupation: str = ""
    health_note: str = ""

    @property
    def says(self) -> str:
        """How they are called, else their name."""
        return self.called or self.name or ERASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a member asks for and gives.

    Attributes:
        asks, gives: whether they ever said so; anybody may do either as far as the policy lets them.
        skills, serves, times, languages, limits: in their own words, for reading again.
        wishes: what their line on a list said in words of its own.
    """

    member: str
    asks: bool = False
    gives: bool = False
    skills: str = ""
    serves: str = ""
    times: str = ""
    languages: str = ""
    limits: str = ""
    wishes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a roster shows of a member."""

    uid: str
    community: str
    number: str = ""
    account: str
    life: Life = Life.ACTIVE
    name: str = ""
    called: str = ""
    skills: str = ""

    @property
    def says(self) -> str:
        """How they are called, else their name; an erased one reads as 已注销."""
        return self.called or self.name or ERASED

    @property
    def is_active(self) -> bool:
        return self.life is Life.ACTIVE


@prepared
def _member(uid: str) -> First:
    return MemberTable.select(*columns(Member, MemberTable)).where(MemberTable.uid == uid).first()


@prepared
def _person(uid: str) -> First:
    return PersonTable.select(*columns(Person, PersonTable)).where(PersonTable.member == uid).first()


@prepared
def _profile(uid: str) -> First:
    return ProfileTable.select(*columns(Profile, ProfileTable)).where(ProfileTable.member == uid).first()


@prepared
def _numbered(community: str, number: str) -> First:
    here = (MemberTable.community == community) & (MemberTable.number == number)
    return MemberTable.select(MemberTable.uid).where(here).first()


async def member(engine: DurableEngine, uid: str) -> Member | None:
    """The pseudonymous row; nothing in it names anybody."""
    return typed_or_none(Member, await _member.on(engine)(uid))


async def person(engine: DurableEngine, uid: str) -> Person:
    """What names the member; an erased one reads as 已注销."""
    found = typed_or_none(Person, await _person.on(engine)(uid))
    return found or Person(member=uid, name=ERASED, called=ERASED)


async def persons(engine: DurableEngine, uids: Sequence[str]) -> dict[str, Person]:
    """What names each of some hundreds of members, by uid; erased ones are left out."""
    if not uids:
        return {}
    query = PersonTable.select(*columns(Person, PersonTable)).where(PersonTable.member.is_in(list(uids)))
    return {one.member: one for one in typed_all(Person, await rows_of(engine, query))}


async def profiles(engine: DurableEngine, uids: Sequence[str]) -> dict[str, Profile]:
    """What each of some hundreds of members asks for and gives, by uid; erased ones are left out."""
    if not uids:
        return {}
    query = ProfileTable.select(*columns(Profile, ProfileTable)).where(ProfileTable.member.is_in(list(uids)))
    return {one.member: one for one in typed_all(Profile, await rows_of(engine, query))}


async def profile(engine: DurableEngine, uid: str) -> Profile:
    """What the member asks for and gives; empty for an erased one."""
    return typed_or_none(Profile, await _profile.on(engine)(uid)) or Profile(member=uid)


# The columns of `Card`. It joins three tables of which two may have no row (erased): Piccolo cannot join from the other side.
CARD = (
    "SELECT m.uid, m.community, m.number, m.account, m.life, p.name, p.called, f.skills FROM tb_member m"
    " LEFT JOIN tb_person p ON p.member = m.uid LEFT JOIN tb_profile f ON f.member = m.uid"
)


async def cards(engine: DurableEngine, uids: Sequence[str]) -> dict[str, Card]:
    """What a roster shows of each member, by uid."""
    wanted = sorted(set(uids) - {""})
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    found = typed_all(Card, await engine.fetch(f"{CARD} WHERE m.uid IN ({marks})", wanted))
    return {card.uid: card for card in found}


async def names(engine: DurableEngine, uids: Sequence[str]) -> dict[str, str]:
    """How each member is called, for lists whose reader may see names; erased ones are left out."""
    wanted = sorted(set(uids) - {""})
    if not wanted:
        return {}
    query = PersonTable.select(*columns(Person, PersonTable)).where(PersonTable.member.is_in(wanted))
    return {one.member: one.says for one in typed_all(Person, await rows_of(engine, query))}


async def roster(engine: DurableEngine, community: str, *, gives: bool = False) -> list[Card]:
    """The cards of everybody active in a community; with `gives` only of those who said that they help."""
    narrowed = " AND f.gives" if gives else ""
    return typed_all(
        Card,
        await engine.fetch(
            f"{CARD} WHERE m.community = ? AND m.life = 'active'{narrowed} ORDER BY m.number NULLS LAST, m.uid",
            [community],
        ),
    )


async def cards_named(engine: DurableEngine, community: str, name: str) -> list[Card]:
    """Active members who bear this name or are called so, whatever the spelling."""
    key = name_key(name)
    if not key:
        return []
    return typed_all(
        Card,
        await engine.fetch(
            f"{CARD} WHERE p.community = ? AND (p.name_key = ? OR p.called_key = ?) AND m.life = 'active'"
            " ORDER BY m.number NULLS LAST, m.uid",
            [community, key, key],
        ),
    )


async def active_uids(engine: DurableEngine, community: str) -> frozenset[str]:
    """Uids of everybody active in a community."""
    query = MemberTable.select(MemberTable.uid).where(
        MemberTable.community == community, MemberTable.life == Life.ACTIVE.value
    )
    return frozenset(str(row["uid"]) for row in await rows_of(engine, query))


async def areas_of(engine: DurableEngine, uids: Sequence[str]) -> dict[str, str]:
    """uid -> code of the place where each member lives."""
    wanted = sorted(set(uids) - {""})
    if not wanted:
        return {}
    query = MemberTable.select(MemberTable.uid, MemberTable.area).where(MemberTable.uid.is_in(wanted))
    return {str(row["uid"]): str(row["area"]) for row in await rows_of(engine, query)}


@prepared
def _below(lowest: str, beyond_it: str) -> Select[MemberTable]:
    home = MemberTable.area
    return MemberTable.select(MemberTable.uid, home.path.as_alias("path")).where(
        home.path >= lowest, home.path < beyond_it, MemberTable.life == Life.ACTIVE.value
    )


async def paths_below(engine: DurableEngine, path: str) -> dict[str, str]:
    """uid -> path of their home, of every active member who lives below a place."""
    rows = await _below.on(engine)(path, f"{path[:-1]}0")
    return {str(row["uid"]): str(row["path"]) for row in rows}


async def households_of(engine: DurableEngine, uids: Sequence[str]) -> dict[str, str]:
    """uid -> household of these members; whoever has none is left out."""
    if not uids:
        return {}
    query = MemberTable.select(MemberTable.uid, MemberTable.household).where(
        MemberTable.uid.is_in(list(uids)), MemberTable.household.is_not_null()
    )
    return {str(row["uid"]): str(row["household"]) for row in await rows_of(engine, query)}


async def living_in(engine: DurableEngine, households: Collection[str]) -> set[str]:
    """Everybody who belongs to one of these households."""
    if not households:
        return set()
    query = MemberTable.select(MemberTable.uid).where(MemberTable.household.is_in(sorted(households)))
    return {str(row["uid"]) for row in await rows_of(engine, query)}


async def doors_of(engine: DurableEngine, uids: Sequence[str]) -> dict[str, str]:
    """uid -> key of the door these members live behind; whoever is known to live behind none is left out."""
    if not uids:
        return {}
    query = PersonTable.select(PersonTable.member, PersonTable.door_key).where(
        PersonTable.member.is_in(list(uids)), PersonTable.door_key != ""
    )
    return {str(row["member"]): str(row["door_key"]) for row in await rows_of(engine, query)}


async def behind_doors(engine: DurableEngine, community: str, keys: Collection[str]) -> set[str]:
    """Everybody of a community who lives behind one of these doors."""
    if not keys:
        return set()
    query = PersonTable.select(PersonTable.member).where(
        PersonTable.community == community, PersonTable.door_key.is_in(sorted(keys))
    )
    return {str(row["member"]) for row in await rows_of(engine, query)}


async def giving(engine: DurableEngine, uids: Sequence[str]) -> frozenset[str]:
    """Those of them who said that they help."""
    wanted = sorted(set(uids) - {""})
    if not wanted:
        return frozenset()
    query = ProfileTable.select(ProfileTable.member).where(
        ProfileTable.member.is_in(wanted), ProfileTable.gives.eq(True)
    )
    return frozenset(str(row["member"]) for row in await rows_of(engine, query))


async def uid_numbered(engine: DurableEngine, community: str, number: str) -> str:
    """The uid of whoever has this number on vest and passbook in a community, "" for nobody."""
    row = await _numbered.on(engine)(community, number) if number else None
    return str(row["uid"]) if row else ""


async def accounts_of(engine: DurableEngine, community: str) -> dict[str, str]:
    """uid -> code of the hour account, of everybody on record in a community."""
    query = MemberTable.select(MemberTable.uid, MemberTable.account).where(MemberTable.community == community)
    return {str(row["uid"]): str(row["account"]) for row in await rows_of(engine, query)}


async def owners_of(engine: DurableEngine, community: str, accounts: Sequence[str]) -> list[str]:
    """The members of a community to whom these accounts belong; the institution's own belong to nobody."""
    if not accounts:
        return []
    query = (
        MemberTable.select(MemberTable.uid)
        .where(MemberTable.community == community, MemberTable.account.is_in(list(accounts)))
        .order_by(MemberTable.uid)
    )
    return [str(row["uid"]) for row in await rows_of(engine, query)]


async def member_by_number(engine: DurableEngine, community: str, number: str) -> Card | None:
    """The active member who wears this vest number."""
    rows = await engine.fetch(
        f"{CARD} WHERE m.community = ? AND m.number = ? AND m.life = 'active'", [community, number]
    )
    return typed(Card, rows[0]) if rows else None


async def next_number(engine: DurableEngine, community: str) -> str:
    """The next free vest number of a community, three digits or more."""
    # Numbers are text (some offices write 红04); the highest plain number is a cast that Piccolo does not have.
    rows = await engine.fetch(
        "SELECT max(CAST(number AS INTEGER)) AS highest FROM tb_member WHERE community = ? AND number IS NOT NULL"
        + (" AND number ~ '^[0-9]+$'" if engine.dialect == "postgres" else " AND number NOT GLOB '*[^0-9]*'"),
        [community],
    )
    return f"{(rows[0]['highest'] or 0) + 1:03d}"


async def add_members(engine: DurableEngine, new: Sequence[tuple[Member, Person, Profile]]) -> None:
    """The rows that new members have of their own, in the caller's unit of work."""
    await add_all(engine, MemberTable, [values_of(member) for member, _, _ in new])
    await add_all(
        engine,
        PersonTable,
        [_named(person) | {"community": member.community, "salt": fresh_salt()} for member, person, _ in new],
    )
    await add_all(engine, ProfileTable, [values_of(profile) for _, _, profile in new])


async def save_member(engine: DurableEngine, member: Member) -> None:
    """Write what may change of a member."""
    values = values_of(member)
    for name in ("uid", "community", "account", "created_at"):
        del values[name]
    await change(engine, MemberTable, values, uid=member.uid)


async def save_person(engine: DurableEngine, person: Person) -> None:
    """Write what names a member, with the keys it is found by."""
    values = _named(person)
    del values["member"]
    values.pop("community")
    await change(engine, PersonTable, values, member=person.member)


async def save_profile(engine: DurableEngine, profile: Profile) -> None:
    values = values_of(profile)
    del values["member"]
    await change(engine, ProfileTable, values, member=profile.member)


def _named(person: Person) -> dict[str, object]:
    return values_of(person) | {
        "name_key": name_key(person.name),
        "sound": sound(person.name),
        "called_key": name_key(person.called),
        "door_key": door_key(person.address),
    }


def door_key(address: str) -> str:
    """One text for every spelling of an address; "" for a street or a grid, which is nobody's door."""
    return compared(address)[:DOOR_LENGTH_MAX] if any(sign.isdigit() for sign in address) else ""


async def joined_into(engine: DurableEngine, uid: str) -> list[str]:
    """Uids of records that were joined to this one: what happened under them is read with it."""
    query = MemberTable.select(MemberTable.uid).where(MemberTable.joined_to == uid).order_by(MemberTable.id)
    return [str(row["uid"]) for row in await rows_of(engine, query)]


async def number_is_taken(engine: DurableEngine, community: str, number: str, *, but: str = "") -> bool:
    """Whether somebody else of the community has this vest number, gone or not."""
    rows = await engine.fetch(
        "SELECT uid FROM tb_member WHERE community = ? AND number = ? AND uid <> ?", [community, number, but]
    )
    return bool(rows)


async def point_joined(engine: DurableEngine, gone: str, kept: str) -> None:
    """Records joined to the one that goes are joined to the one that stays, so that no chain is ever followed."""
    await change(engine, MemberTable, {"joined_to": kept}, joined_to=gone)
