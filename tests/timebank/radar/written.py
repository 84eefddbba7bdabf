"""A story written into the tables of a community, as the app keeps it."""

from __future__ import annotations

from datetime import timedelta

from tests.timebank.radar.story import COMMUNITY, NOW, Story
from timebank.context import Context
from timebank.rules.relationships import OPERATOR, KnownBy, Relationship, Yes, member
from timebank.rules.relationships import State as Standing
from timebank.store import tables
from timebank.store.help import statements
from timebank.store.identity.ways import WayIn
from timebank.store.members import people
from timebank.store.members.households import add_household
from timebank.store.members.people import Member, Person, Profile
from timebank.store.relations import organisations, relationships
from timebank.store.relations.organisations import Organisation
from timebank.store.rows import add_all, values_of


async def write(ctx: Context, story: Story) -> None:
    """Everybody and everything of a story, in a community that stands."""
    engine = ctx.engine
    async with engine.atomic():
        for household in sorted(set(story.households.values())):
            await add_household(engine, household, community=COMMUNITY, area="dongqu")
        await people.add_members(engine, [_member(story, uid) for uid in story.members])
        for code in sorted({one.team for one in story.services} - {""}):
            team = Organisation(code=code, community=COMMUNITY, kind="team", name=code, since_on=NOW.date())
            await organisations.add_organisation(engine, team)
        await relationships.add_relationships(engine, _relationships(story))
        for one in story.phones.values():
            way = WayIn(
                uid=one.uid, member=one.member, community=COMMUNITY, made_by=one.made_by, made_at=NOW,
                hash=f"hash-{one.uid}", known_by=one.known_by, known_at=NOW,
                device="" if one.device == one.uid else one.device,
            )  # fmt: skip
            await add_all(engine, tables.WayIn, [values_of(way)])
        services = [
            values_of(one) | {"reasons": "[]", "created_by": "", "created_at": one.starts_at}
            for one in story.services
        ]
        await add_all(engine, tables.Service, services)
        await add_all(engine, tables.Attendance, [values_of(part) for part, _service, _said in story.parts])
        await statements.add_statements(
            engine, [one for _part, _service, said in story.parts for one in said]
        )


def _member(story: Story, uid: str) -> tuple[Member, Person, Profile]:
    row = Member(
        uid=uid, community=COMMUNITY, area="dongqu", household=story.households.get(uid, ""), account=f"Liabilities:Member:{uid}",
        life_since_on=NOW.date(), created_at=story.members[uid],
    )  # fmt: skip
    return row, Person(member=uid, community=COMMUNITY, name=f"人{uid}"), Profile(member=uid)


def _relationships(story: Story) -> list[Relationship]:
    yes = Yes(known_by=KnownBy.PAPER, by=OPERATOR, on=NOW.date())
    return [
        Relationship(
            uid=f"R{order:06d}", community=COMMUNITY, kind=kind, holder=member(holder), target=member(target),
            since_on=NOW.date() - timedelta(days=400), state=Standing.IN_FORCE, seat=0, offered_by=OPERATOR,
            holder_yes=yes, target_yes=yes,
        )
        for order, (kind, holder, target) in enumerate(sorted(set(story.relations)))
    ]  # fmt: skip
