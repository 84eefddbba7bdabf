"""The roster of a team or a unit: one added, one taken off, many by pasted lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.phones import read_phones
from timebank.access import Actor
from timebank.catalogue import Heard, RelationshipKind, Side
from timebank.community import relating
from timebank.community.organisations.flow import loaded, roster_kind
from timebank.community.organisations.refusals import AlreadyEnded, NoRoster
from timebank.community.relating import HolderUnknown, SeveralFit, Wanted
from timebank.context import Context
from timebank.errors import BadField, NotFound
from timebank.rules.relationships import Relationship, RelationshipRefusal, State, member
from timebank.store.members import people
from timebank.store.members.directory import Directory, directory
from timebank.store.members.people import Card
from timebank.store.relations import parties, relationships
from timebank.store.relations.organisations import Organisation

FOUND_MAX = 20
LINES_MAX = 500
_CUT = re.compile(r"[\s,，;；、]+")
_ORDINAL = re.compile(r"^\s*\d{1,3}\s*[.、．)）]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDone:
    """What became of one pasted line: the uid of the relationship, or why nobody was added."""

    number: int
    text: str
    became: str = ""
    refusal: RelationshipRefusal | None = None

    @property
    def was_there(self) -> bool:
        return self.refusal is not None and self.refusal.code == "already_so"


async def search(ctx: Context, actor: Actor, code: str, q: str) -> list[tuple[Card, bool]]:
    """(person, whether they belong to it already) whom a name, a number or a phone may mean."""
    one, kind = await _with_roster(ctx, actor, code)
    cards = await parties.find_members(ctx.engine, one.community, q, FOUND_MAX)
    there = await _belonging(ctx, one, kind)
    return [(card, card.uid in there) for card in cards]


async def add(ctx: Context, actor: Actor, code: str, uid: str, *, heard: Heard | None) -> Relationship:
    """Somebody of the community joins it: in force when their yes is known, else they are asked.

    Args:
        heard: how their own yes is known; None to let them answer by themselves.

    Raises:
        NoRoster, AlreadyEnded; NotFound: nobody of the community; RelationshipRefusal: it cannot stand.
    """
    async with ctx.engine.atomic():
        one, kind = await _with_roster(ctx, actor, code)
        person = await people.member(ctx.engine, uid)
        if person is None or person.community != one.community:
            raise NotFound()
        wanted = _wanted(one, kind, uid, heard)
        return await relating.offer(ctx, actor, wanted, community=one.community)


async def add_lines(ctx: Context, actor: Actor, code: str, text: str) -> tuple[LineDone, ...]:
    """One person a line, by name with a phone or a vest number where two share the name; the list is their yes.

    Raises:
        NoRoster, AlreadyEnded; BadField: no line, or more than `LINES_MAX`.
    """
    written = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not written:
        raise BadField("一行写一位。", "Write one person on each line.", field="lines")
    if len(written) > LINES_MAX:
        raise BadField("一次最多500行。", "At most 500 lines at a time.", field="lines")
    async with ctx.engine.atomic():
        one, kind = await _with_roster(ctx, actor, code)
        known = await directory(ctx.engine, one.community)
        done: dict[int, LineDone] = {}
        wanted: list[tuple[int, str, Wanted]] = []
        for number, line in written:
            try:
                wanted.append((number, line, _wanted(one, kind, _person(known, line), Heard.LIST)))
            except RelationshipRefusal as refusal:
                done[number] = LineDone(number=number, text=line, refusal=refusal)
        made = await relating.offer_all(ctx, actor, [each for _, _, each in wanted], community=one.community)
        for (number, line, _), result in zip(wanted, made, strict=True):
            done[number] = (
                LineDone(number=number, text=line, became=result.uid)
                if isinstance(result, Relationship)
                else LineDone(number=number, text=line, refusal=result)
            )
    return tuple(done[number] for number, _ in written)


async def remove(ctx: Context, actor: Actor, code: str, uid: str) -> Relationship:
    """Somebody leaves the roster today; what they did with it stays.

    Raises:
        NotFound: no such relationship on this roster; RelationshipRefusal.
    """
    async with ctx.engine.atomic():
        one, kind = await _with_roster(ctx, actor, code)
        held = await relationships.relationship(ctx.engine, uid)
        if held is None or held.kind != kind.code or held.target != relating.organisation(one.code):
            raise NotFound()
        return await relating.end(ctx, actor, uid, "no_longer_needed")


async def _with_roster(ctx: Context, actor: Actor, code: str) -> tuple[Organisation, RelationshipKind]:
    one = await loaded(ctx, actor, code, "Roster")
    kind = roster_kind(ctx.catalogue_of(one.community), one.kind)
    if kind is None:
        raise NoRoster()
    if one.until_on is not None:
        raise AlreadyEnded()
    return one, kind


async def _belonging(ctx: Context, one: Organisation, kind: RelationshipKind) -> frozenset[str]:
    held = await relationships.held_towards(ctx.engine, relating.organisation(one.code), kinds=(kind.code,))
    return frozenset(each.holder.code for each in held if each.state in (State.OFFERED, State.IN_FORCE))


def _wanted(one: Organisation, kind: RelationshipKind, uid: str, heard: Heard | None) -> Wanted:
    """The desk keeps the roster for the team: its own yes is the list, the person's is known as told."""
    return Wanted(
        kind=kind.code,
        holder=member(uid),
        target=relating.organisation(one.code),
        scope=kind.scope,
        holder_yes=heard if Side.HOLDER in kind.yes else None,
        target_yes=Heard.LIST if Side.TARGET in kind.yes else None,
    )


def _person(known: Directory, line: str) -> str:
    """The one member whom a line means: 王秀英, 王秀英 199 0000 0101, 3、李四 021.

    Raises:
        HolderUnknown: nobody of that name, or not with that number; SeveralFit: two of one name.
    """
    words = [word for word in _CUT.split(_ORDINAL.sub("", line)) if word]
    numbers = [word for word in words if any(sign.isdigit() for sign in word)]
    name = " ".join(word for word in words if word not in numbers)
    phones = {one.number for one in read_phones("".join(numbers)) if one.number}
    rung = {one.number for word in numbers for one in read_phones(word) if one.number}
    found = known.members(name, phones | rung | set(numbers))
    if not found:
        raise HolderUnknown()
    if len(found) > 1:
        raise SeveralFit()
    return found[0]
