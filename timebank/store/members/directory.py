"""Everybody and everything a community's lists may name, held in memory while one list is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ledger.store.engine import DurableEngine
from marketplace import store as lists
from marketplace.names import name_key
from timebank.store.rows import typed_all


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    uid: str
    number: str
    household: str
    name_key: str
    called_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    code: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    member: str
    number: str


@dataclass(slots=True)
class Directory:
    """Who goes by which name; personal data, for the desk's own lists only."""

    _people: dict[str, list[_Person]] = field(default_factory=dict)
    _numbers: dict[str, set[str]] = field(default_factory=dict)
    _households: dict[str, str] = field(default_factory=dict)
    _bodies: dict[str, list[_Thing]] = field(default_factory=dict)
    _areas: dict[str, list[_Thing]] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def members(self, name: str, numbers: Collection[str]) -> list[str]:
        """Uids of active members of this name; numbers tell several apart, and speak against one who has others."""
        named = {one.uid: one for one in self._people.get(name_key(name), ())}
        if not numbers:
            return list(named)
        fitting = [
            uid
            for uid, one in named.items()
            if self._numbers.get(uid, set()) & set(numbers) or one.number in numbers
        ]
        unnumbered = [uid for uid in named if not self._numbers.get(uid)]
        return fitting or (unnumbered if len(named) == 1 else [])

    def household(self, uid: str) -> str:
        return self._households.get(uid, "")

    def organisations(self, name: str, kinds: Collection[str]) -> list[str]:
        """Codes of organisations that some list calls so; of these kinds where any are named."""
        found = [one for one in self._bodies.get(name_key(name), ()) if not kinds or one.kind in kinds]
        return list(dict.fromkeys(one.code for one in found))

    def areas(self, name: str, kinds: Collection[str]) -> list[str]:
        """Codes of places of these kinds with this name, or with this code."""
        return [one.code for one in self._areas.get(name_key(name), ()) if one.kind in kinds]

    def lines(self, name: str) -> list[str]:
        """Keys of posts with this title."""
        return self._lines.get(name_key(name), [])

    def add_line(self, title: str, key: str) -> None:
        known = self._lines.setdefault(name_key(title), [])
        if key not in known:
            known.append(key)


async def directory(engine: DurableEngine, community: str) -> Directory:
    """What the lists of one community may name today, with what stands above it."""
    found = Directory()
    # A person joins three tables of which some may have no row; Piccolo cannot join from the other side.
    people = typed_all(
        _Person,
        await engine.fetch(
            "SELECT m.uid, m.number, m.household, p.name_key, p.called_key FROM tb_member m"
            " JOIN tb_person p ON p.member = m.uid WHERE m.community = ? AND m.life = 'active' ORDER BY m.id",
            [community],
        ),
    )
    for one in people:
        found._households[one.uid] = one.household
        for key in {one.name_key, one.called_key} - {""}:
            found._people.setdefault(key, []).append(one)
    rung = typed_all(
        _Number,
        await engine.fetch(
            "SELECT member, number FROM tb_phone WHERE community = ? AND number <> ''", [community]
        ),
    )
    for number in rung:
        found._numbers.setdefault(number.member, set()).add(number.number)
    bodies = typed_all(
        _Thing,
        await engine.fetch(
            "SELECT o.code, o.kind, n.name FROM tb_organisation o JOIN tb_organisation_name n ON n.organisation = o.code"
            " WHERE (o.community = ? OR o.community IS NULL) AND o.until_on IS NULL ORDER BY o.id, n.id",
            [community],
        ),
    )
    for body in bodies:
        found._bodies.setdefault(name_key(body.name), []).append(body)
    places = typed_all(
        _Thing,
        await engine.fetch(
            "SELECT a.code, a.kind, a.name FROM tb_area a WHERE a.until_on IS NULL AND (a.community = ? OR"
            " (a.community IS NULL AND EXISTS (SELECT 1 FROM tb_community c JOIN tb_area n ON n.code = c.area"
            " WHERE c.code = ? AND substr(n.path, 1, length(a.path)) = a.path))) ORDER BY a.id",
            [community, community],
        ),
    )
    for place in places:
        for key in {name_key(place.name), name_key(place.code)}:
            found._areas.setdefault(key, []).append(place)
    for need in await lists.needs(engine, community, open_only=False):
        if need.becomes:
            # A list names a post as the office wrote it, also where its public title is the kind of help.
            said = await lists.need_private(engine, community, need.line_key) or need
            for title in dict.fromkeys((need.title, said.title)):
                found.add_line(title, need.line_key)
    return found
