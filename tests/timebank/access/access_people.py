"""Who walks the routes, and what the registry promises them: written down here once more, apart from the app.

Three neighbourhood circles of the same shape: the first and the second live in `dongqu`, the third in `nanqu`. Every
object asked for belongs to the first circle, so that its people meet their own, the second circle's people somebody
else's, and the third circle's another community's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from timebank.access import Relation, Role, use_case

HERE, THERE = "dongqu", "nanqu"
ANYBODY = frozenset({Role.MEMBER})
# Roles whose reach is a place; every walker who holds one looks down from their own community.
LOOKING_DOWN = frozenset({Role.WORKER, Role.AUDITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Somebody with a session, as the test knows them.

    Attributes:
        who: name of the member signed in; acting_for: name of the elder acted for in this session.
        mandates: names of elders with a mandate in force; team, unit: codes led or spoken for.
        level: `full`, or `card` for a printed card.
    """

    who: str
    roles: frozenset[Role]
    community: str = HERE
    acting_for: str = ""
    mandates: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""
    level: str = "full"

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


WALKERS: dict[str, Walker] = {
    "public": Walker(who="", roles=frozenset(), community=""),
    **_circle("", HERE),
    "helper": Walker(who="helper", roles=ANYBODY),
    "former": Walker(who="former", roles=ANYBODY),
    "worker": Walker(who="worker", roles=ANYBODY | {Role.WORKER}),
    "auditor": Walker(who="auditor", roles=ANYBODY | {Role.AUDITOR}),
    "proxy_acting": Walker(
        who="proxy", roles=ANYBODY | {Role.PROXY}, mandates=frozenset({"elder"}), acting_for="elder"
    ),
    "worker_acting": Walker(who="worker", roles=ANYBODY | {Role.WORKER}, acting_for="elder"),
    "elder_card": Walker(who="elder", roles=ANYBODY, level="card"),
    **_circle("_2", HERE),
    **_circle("_3", THERE),
    "worker_3": Walker(who="worker_3", roles=ANYBODY | {Role.WORKER}, community=THERE),
    "auditor_3": Walker(who="auditor_3", roles=ANYBODY | {Role.AUDITOR}, community=THERE),
}
"""Every session that walks, by the name a failing test shows."""

CARD_MAY = frozenset({"Home", "SignOut", "CheckIn", "CheckOut", "ConfirmHours", "ElderHome", "VolunteerHome"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """How an asked-for object relates to people: names of members, codes of teams and units.

    Attributes:
        yours: it is about whoever's affairs are handled, in their own community (a page of one's own).
        mine: it is about whoever asks, whomever they act for.
        shared: no object is asked for; the page shows each reader what is theirs.
    """

    community: str = HERE
    owners: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""
    yours: bool = False
    mine: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the registry promises: a status, or `granted`."""

    status: int = 0
    granted: bool = field(default=False)


def verdict(walker: Walker, operation: str, thing: Belongs) -> Verdict:
    """401 for nobody, 403 for a role without any grant, 404 for a relation that does not hold, else granted."""
    grants = use_case(operation).grants
    if Role.PUBLIC in grants:
        return Verdict(granted=True)
    if not walker.who:
        return Verdict(401)
    if walker.level == "card" and operation not in CARD_MAY:
        return Verdict(403)
    held = [(role, grant.relation) for role in walker.roles if role in grants for grant in grants[role]]
    if not held:
        return Verdict(403)
    if thing.shared or any(_stands(walker, role, relation, thing) for role, relation in held):
        return Verdict(granted=True)
    return Verdict(404)


def _stands(walker: Walker, role: Role, relation: Relation, thing: Belongs) -> bool:
    if relation is Relation.ANY:
        return True
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
        Relation.FOR_MEMBER: bool(walker.mandates & owners),
        Relation.ASSIGNED: walker.who in thing.assigned,
        Relation.OWN_TEAM: bool(thing.team) and thing.team == walker.team,
        Relation.OWN_UNIT: bool(thing.unit) and thing.unit == walker.unit,
        Relation.BELOW: role in LOOKING_DOWN,
    }[relation]
