"""Who walks the routes, and what the registry promises them: written down here once more, apart from the app.

Three neighbourhood circles of the same shape: the first and the second live in `dongqu`, the third in `nanqu`. Every
object asked for belongs to the first circle, so that its people meet their own, the second circle's people somebody
else's, and the third circle's another community's. Beside them walks one person for every other kind of relationship that
grants something, and those who stand in for somebody: who is away, who is here, who handed over the news alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from timebank.access import Relation, Role, use_case

HERE, THERE = "dongqu", "nanqu"
ANYBODY = frozenset({Role.MEMBER})
STREET = "street"
# Where each place of the test stands: itself and what is above it.
ABOVE = {
    "dongqu": {STREET, HERE},
    "dongqu-1": {STREET, HERE, "dongqu-1"},
    "dongqu-2": {STREET, HERE, "dongqu-2"},
    "nanqu": {THERE},
    "nanqu-1": {THERE, "nanqu-1"},
    STREET: {STREET},
}


ALL_SCOPES = frozenset({"ask", "call_off", "confirm", "read", "hours", "notices"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Somebody with a session, as the test knows them.

    Attributes:
        who: name of the member signed in; acting_for: name of the elder acted for in this session.
        mandates: names of elders with a mandate in force, and in what (`scopes`); team, unit: codes led or spoken for.
        looks_after: codes of the places looked down from; for staff their community's own node.
        level: `full`, or `card` for a printed card.
        holds: relationships beyond those of the circle: kind, towards whom (`member:elder`, `area:dongqu-1`), and the
            words of its scope, "" for all of them.
        like: name of the walker whose place they take, and who therefore reads what that one may read.
    """

    who: str
    roles: frozenset[Role]
    community: str = HERE
    acting_for: str = ""
    mandates: frozenset[str] = frozenset()
    scopes: frozenset[str] = ALL_SCOPES
    team: str = ""
    unit: str = ""
    looks_after: frozenset[str] = frozenset()
    level: str = "full"
    holds: tuple[tuple[str, str, str], ...] = ()
    like: str = ""

    @property
    def subject(self) -> str:
        return self.acting_for or self.who


def _circle(suffix: str, community: str) -> dict[str, Walker]:
    def walker(who: str, *roles: Role, **known: object) -> tuple[str, Walker]:
        name = who + suffix
        return name, Walker(who=name, roles=frozenset({Role.MEMBER, *roles}), community=community, **known)  # type: ignore[arg-type]

    elder = "elder" + suffix
    return dict(
        [
            walker("elder"),
            walker("proxy", Role.PROXY, mandates=frozenset({elder})),
            walker("volunteer"),
            walker("leader", Role.LEADER, team="team" + suffix),
            walker("unit", Role.UNIT, unit="unit" + suffix),
        ]
    )


def _looking(
    who: str, role: Role, kind: str, place: str, community: str = HERE, *, at: str = "", like: str = ""
) -> tuple[str, Walker]:
    """Somebody who looks down from a place; `at` is what the relationship points to where it is not the place itself."""
    return who, Walker(
        who=who, roles=frozenset({Role.MEMBER, role}), community=community, looks_after=frozenset({place}),
        holds=((kind, at or f"area:{place}", ""),), like=like,
    )  # fmt: skip


def _leading(who: str, kind: str, towards: str) -> tuple[str, Walker]:
    """Somebody who leads the first team without being its leader."""
    roles = frozenset({Role.MEMBER, Role.LEADER})
    return who, Walker(who=who, roles=roles, team="team", holds=((kind, towards, ""),), like="leader")


def _for_another(who: str, kind: str, whom: str, *scopes: str) -> tuple[str, Walker]:
    return who, Walker(
        who=who, roles=frozenset({Role.MEMBER, Role.PROXY}), mandates=frozenset({whom}), scopes=frozenset(scopes),
        holds=((kind, f"member:{whom}", ""),),
    )  # fmt: skip


def _only_asked(who: str, whom: str, scope: str) -> tuple[str, Walker]:
    """A stand-in of whom nothing is wanted today, or nothing but to hear."""
    return who, Walker(who=who, roles=ANYBODY, holds=(("stand_in", f"member:{whom}", scope),))


# Away from the first to the last day of the test's world: their stand-ins act.
AWAY = ("leader", "officer", "worker")


PASSWORD = "first-zq-password"
"""By which the worker and the auditor of the first community sign in."""

WALKERS: dict[str, Walker] = {
    "public": Walker(who="", roles=frozenset(), community=""),
    **_circle("", HERE),
    "helper": Walker(who="helper", roles=ANYBODY),
    "former": Walker(who="former", roles=ANYBODY),
    "worker": Walker(who="worker", roles=ANYBODY | {Role.WORKER}),
    "desk_2": Walker(who="desk_2", roles=ANYBODY | {Role.WORKER}),
    "auditor": Walker(who="auditor", roles=ANYBODY | {Role.AUDITOR}),
    "proxy_acting": Walker(
        who="proxy", roles=ANYBODY | {Role.PROXY}, mandates=frozenset({"elder"}), acting_for="elder"
    ),
    "asker": Walker(
        who="asker", roles=ANYBODY | {Role.PROXY}, mandates=frozenset({"elder"}), scopes=frozenset({"ask"})
    ),
    "asker_acting": Walker(
        who="asker",
        roles=ANYBODY | {Role.PROXY},
        mandates=frozenset({"elder"}),
        scopes=frozenset({"ask"}),
        acting_for="elder",
    ),
    "worker_acting": Walker(who="worker", roles=ANYBODY | {Role.WORKER}, acting_for="elder"),
    "elder_card": Walker(who="elder", roles=ANYBODY, level="card"),
    **dict(
        [
            _looking("officer", Role.OFFICER, "grid_head", "dongqu-1"),
            _looking("officer_2", Role.OFFICER, "grid_worker", "dongqu-2"),
            _looking("officer_3", Role.OFFICER, "grid_manager", "nanqu-1", THERE),
            _looking("adviser", Role.OFFICER, "grid_adviser", "dongqu-1", like="officer"),
            _looking("overseer", Role.OVERSEER, "street_officer", STREET),
            _looking("supervisor", Role.OVERSEER, "grid_supervisor", "dongqu-1"),
            _looking("head", Role.OVERSEER, "association_head", HERE, at="organisation:association"),
            _leading("deputy", "deputy", "organisation:team"),
            _leading("stand_in", "stand_in", "member:leader"),
            _looking(
                "stand_in_grid", Role.OFFICER, "stand_in", "dongqu-1", at="member:officer", like="officer"
            ),
            # Nobody stands in for a worker, and nobody acts for somebody who is here or who handed over the news alone.
            _only_asked("stand_in_desk", "worker", "acts"),
            _only_asked("stand_in_idle", "unit", "acts"),
            _only_asked("stand_in_told", "leader", "notices"),
            _for_another("neighbour", "neighbour_proxy", "elder", "ask", "call_off", "confirm"),
            _for_another("guardian", "guardian", "child", "ask", "call_off", "confirm", "read", "notices"),
            _for_another("heir", "heir_reader", "late", "read"),
        ]
    ),
    **_circle("_2", HERE),
    **_circle("_3", THERE),
    "worker_3": Walker(who="worker_3", roles=ANYBODY | {Role.WORKER}, community=THERE),
    "auditor_3": Walker(who="auditor_3", roles=ANYBODY | {Role.AUDITOR}, community=THERE),
}
"""Every session that walks, by the name a failing test shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """How an asked-for object relates to people: names of members, codes of teams and units.

    Attributes:
        yours: it is about whoever's affairs are handled, in their own community (a page of one's own).
        mine: it is about whoever asks, whomever they act for.
        place: code of the place it is about; "" when it is the community's as a whole.
        shared: no object is asked for; the page shows each reader what is theirs.
    """

    community: str = HERE
    owners: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""
    yours: bool = False
    mine: bool = False
    place: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the registry promises: a status, or `granted`."""

    status: int = 0
    granted: bool = field(default=False)


def verdict(walker: Walker, operation: str, thing: Belongs) -> Verdict:
    """401 for nobody, 403 for a role without any grant or what nobody does while acting for another, 404 for a relation that does not hold, else granted."""
    grants = use_case(operation).grants
    if Role.PUBLIC in grants:
        return Verdict(granted=True)
    if not walker.who or walker.level == "card":
        # A card's sign-in counts at its own address only; anywhere else it is nobody's.
        return Verdict(401)
    alone = bool(walker.acting_for) and use_case(operation).alone
    held = [(role, grant.relation) for role in walker.roles if role in grants for grant in grants[role]]
    if not held or alone:
        return Verdict(403)
    if thing.shared or any(_stands(walker, role, relation, thing, operation) for role, relation in held):
        return Verdict(granted=True)
    return Verdict(404)


def _places(walker: Walker, role: Role) -> frozenset[str]:
    """The places from which a walker looks down in a role."""
    return frozenset({walker.community}) if role in (Role.WORKER, Role.AUDITOR) else walker.looks_after


def _stands(walker: Walker, role: Role, relation: Relation, thing: Belongs, operation: str) -> bool:
    if relation is Relation.ANY:
        return True
    if relation is Relation.BELOW:
        community = walker.community if thing.yours or thing.mine else thing.community
        return bool(_places(walker, role) & (ABOVE[thing.place] if thing.place else {community}))
    if thing.yours or thing.mine:
        owners = frozenset({walker.who if thing.mine else walker.subject})
        community = walker.community
    else:
        owners, community = thing.owners, thing.community
    if walker.community != community:
        return False
    return {
        Relation.SAME_COMMUNITY: True,
        Relation.OWN: walker.who in owners,
        Relation.FOR_MEMBER: bool(walker.mandates & owners)
        and use_case(operation).scope in {"", *walker.scopes},
        Relation.ASSIGNED: walker.who in thing.assigned,
        Relation.OWN_TEAM: bool(thing.team) and thing.team == walker.team,
        Relation.OWN_UNIT: bool(thing.unit) and thing.unit == walker.unit,
    }[relation]
