"""Who somebody is today: two queries a request, so that a right given or taken holds on the next press.

The second query reads only kinds that grant something: two thousand patients of a family doctor cost nothing here. What it
answers is what `timebank.rules.relationships.rights` says of the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ledger.store.engine import DurableEngine
from timebank.access import NOBODY, OFFICES, Actor, Reach, Role
from timebank.catalogue import Catalogue, Scope, StandIn
from timebank.store.rows import typed, typed_all

_PERSON = (
    "SELECT m.uid, m.community, m.lang, m.size, p.name, p.called, f.asks, f.gives, q.name AS for_name,"
    " q.called AS for_called FROM tb_member m LEFT JOIN tb_person p ON p.member = m.uid"
    " LEFT JOIN tb_profile f ON f.member = m.uid LEFT JOIN tb_person q ON q.member = ?"
    " WHERE m.uid = ? AND m.life = 'active'"
)
_HELD = (
    "SELECT r.kind, r.scope, r.to_member, r.to_organisation, o.name AS organisation_name,"
    " coalesce(a.path, oa.path) AS path, a.kind AS area_kind, a.community AS area_community"
)
_ENDS = (
    " LEFT JOIN tb_organisation o ON o.code = r.to_organisation LEFT JOIN tb_area a ON a.code = r.to_area"
    " LEFT JOIN tb_area oa ON oa.code = o.area"
)
_IN_FORCE = "{r}.state = 'in_force' AND {r}.since_on <= ? AND ({r}.until_on IS NULL OR {r}.until_on >= ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    uid: str
    community: str
    lang: str
    size: str
    name: str
    called: str
    asks: bool | None
    gives: bool | None
    for_name: str
    for_called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    kind: str
    scope: str
    to_member: str
    to_organisation: str
    organisation_name: str
    path: str
    area_kind: str
    area_community: str


async def actor_of(
    engine: DurableEngine,
    catalogue_of: Callable[[str], Catalogue],
    member: str,
    today: date,
    *,
    acting_for: str = "",
    offices: bool = True,
) -> Actor:
    """A member as an actor with the rights held today; NOBODY when there is no such active member.

    Args:
        catalogue_of: the kinds of a community, by its code.
        today: the local day, because a relationship ends with a day.
        acting_for: whose affairs are handled; dropped when no right to it is held any more.
        offices: whether this sign-in opens the offices at the desk and over the books.
    """
    rows = await engine.fetch(_PERSON, [acting_for, member])
    if not rows:
        return NOBODY
    who = typed(_Who, rows[0])
    catalogue = catalogue_of(who.community)
    held = typed_all(_Held, await engine.fetch(*_rights(catalogue, member, today)))
    roles, reach = _reaching(catalogue, held)
    if not offices:
        roles -= OFFICES
        reach = {role: places for role, places in reach.items() if role not in OFFICES}
    mandates = _mandates(catalogue, held)
    if mandates:
        roles.add(Role.PROXY)
    if acting_for and acting_for not in mandates and Role.WORKER not in roles:
        acting_for = ""
    return Actor(
        uid=who.uid,
        community=who.community,
        name=who.called or who.name,
        acting_for=acting_for,
        acting_for_name=(who.for_called or who.for_name) if acting_for else "",
        roles=frozenset(roles),
        teams=frozenset(one.to_organisation for one in held if _grants(catalogue, one, Role.LEADER)),
        units=frozenset(one.to_organisation for one in held if _grants(catalogue, one, Role.UNIT)),
        mandates=mandates,
        reach=reach,
        asks=bool(who.asks),
        gives=bool(who.gives),
        lang=who.lang,
        size=who.size,
    )


def _rights(catalogue: Catalogue, member: str, today: date) -> tuple[str, list[object]]:
    """The query for what somebody holds, and what those hold who are away today and whom they stand in for."""
    granting, standing = sorted(catalogue.granting), sorted(catalogue.standing_in)
    acting = [code for code in granting if catalogue.relationships[code].stand_in is StandIn.ACTS]
    own = f"{_HELD} FROM tb_relationship r{_ENDS} WHERE r.holder_member = ? AND r.kind IN ({_marks(granting)}) AND "
    sql = own + _IN_FORCE.format(r="r")
    args: list[object] = [member, *granting, today, today]
    if standing and acting:
        # CROSS JOIN keeps SQLite at the few rows of one stand-in instead of everybody who is away.
        sql += (
            f" UNION ALL {_HELD} FROM tb_relationship s CROSS JOIN tb_absence b"
            f" JOIN tb_relationship r ON r.holder_member = s.to_member AND r.kind IN ({_marks(acting)}) AND "
            f"{_IN_FORCE.format(r='r')}{_ENDS}"
            f" WHERE s.holder_member = ? AND s.kind IN ({_marks(standing)}) AND {_IN_FORCE.format(r='s')}"
            " AND ',' || s.scope || ',' LIKE ? AND b.member = s.to_member AND b.from_on <= ?"
            " AND (b.to_on IS NULL OR b.to_on >= ?)"
        )
        args += [*acting, today, today, member, *standing, today, today, f"%,{Scope.ACTS},%", today, today]
    return sql, args


def _marks(codes: list[str]) -> str:
    return ", ".join("?" for _ in codes) or "NULL"


def _grants(catalogue: Catalogue, held: _Held, role: Role) -> bool:
    return any(grant.role == role for grant in catalogue.relationships[held.kind].grants)


def _reaching(catalogue: Catalogue, held: list[_Held]) -> tuple[set[Role], dict[Role, tuple[Reach, ...]]]:
    """The roles held, and for those that look down from a place which place that is."""
    roles = {Role.PUBLIC, Role.MEMBER}
    reach: dict[Role, tuple[Reach, ...]] = {}
    for one in held:
        for grant in catalogue.relationships[one.kind].grants:
            role = Role(grant.role)
            roles.add(role)
            if grant.relation == "below" and one.path:
                community = one.area_community if one.area_kind == catalogue.book_kind.code else ""
                reach[role] = (*reach.get(role, ()), Reach(path=one.path, community=community))
    return roles, reach


def _mandates(catalogue: Catalogue, held: list[_Held]) -> dict[str, frozenset[str]]:
    """uid -> what may be done for them; several relationships towards one person add up."""
    found: dict[str, frozenset[str]] = {}
    for one in held:
        if one.to_member and _grants(catalogue, one, Role.PROXY):
            words = frozenset(word for word in one.scope.split(",") if word)
            found[one.to_member] = found.get(one.to_member, frozenset()) | words
    return found
