"""Honest months: visits, shifts, sheets and calls as an office has them, with all that looks like a pattern and is none.

There are daily carers, deaf elders whom the desk rings, couples who both help, neighbours who help each other, a family on
one tablet, a storm night, paper of the month's end, and a worker who now and then does both steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.timebank.radar.story import DAYS, NOW, Pressed, Story
from timebank.policy import SecondHand
from timebank.rules.parts.attendance import Evidence
from timebank.rules.parts.statements import Said

VOLUNTEERS, ELDERS, TEAMS = 110, 70, 6
LONGEST_DAY = 500
"""Minutes after which nobody goes anywhere any more."""
DUTY = (50, 30, 20)
"""How the three workers share the desk, in hundredths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who there is."""

    workers: tuple[str, ...]
    auditor: str
    officer: str
    volunteers: tuple[str, ...]
    elders: tuple[str, ...]
    deaf: frozenset[str]
    teams: dict[str, tuple[str, ...]]


def honest_story(seed: int) -> tuple[Story, Town]:
    """The honest months of one seed."""
    story = Story(draw=Random(f"honest {seed}"))
    town = _people(story)
    start = NOW.replace(hour=0, minute=0) - timedelta(days=DAYS)
    for on in range(DAYS):
        day = start + timedelta(days=on)
        _shifts(story, town, day, on)
        if on == 33:
            _storm(story, town, day)
    _visits(story, town, start)
    _carers(story, town, start)
    _neighbours(story, town, start)
    _sheets(story, town, start)
    return story, town


def _people(story: Story) -> Town:
    draw = story.draw
    workers = tuple(story.person("W") for _ in range(3))
    auditor, officer = story.person("U"), story.person("O")
    story.staff = [*workers, auditor, officer]
    volunteers = tuple(story.person("V", days=draw.randint(20, 900)) for _ in range(VOLUNTEERS))
    elders = tuple(story.person("E", days=draw.randint(20, 900)) for _ in range(ELDERS))
    for at in range(0, 16, 2):
        story.households[volunteers[at]] = story.households[volunteers[at + 1]] = story.uid("H")
    teams = {}
    for at in range(TEAMS):
        size = draw.randint(8, 21)
        teams[f"team-{at}"] = tuple(draw.sample(volunteers, size))
    for at in (40, 42):
        first = story.telephone(volunteers[at])
        story.telephone(volunteers[at + 1], device=first.device)
    deaf = frozenset(elders[:4])
    for elder in elders:
        # Most are known to somebody besides whoever comes: a child who speaks for them, or the head of the building.
        if draw.random() < 0.6:
            story.relations.append(("proxy" if draw.random() < 0.4 else "grid_officer", officer, elder))
    return Town(
        workers=workers,
        auditor=auditor,
        officer=officer,
        volunteers=volunteers,
        elders=elders,
        deaf=deaf,
        teams=teams,
    )


def worker(story: Story, town: Town) -> str:
    """Who is at the desk."""
    return story.draw.choices(town.workers, DUTY)[0]


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return day.replace(hour=hour, minute=minute)


def own(
    story: Story, who: str, came: datetime, left: datetime, evidence: Evidence = Evidence.SELF
) -> list[Pressed]:
    """Somebody's own check-in and check-out on their own telephone."""
    via = story.telephone(who).uid
    return [
        Pressed(what=Said.ARRIVAL, by=who, at=came, of=came, via=via, evidence=evidence),
        Pressed(what=Said.LEAVING, by=who, at=left, of=left, via=via),
    ]


def word(story: Story, by: str, when: datetime, standing: SecondHand, *, minutes: int = 300) -> Pressed:
    via = story.telephone(by).uid if standing is SecondHand.CLIENT else ""
    return Pressed(what=Said.WORD, by=by, at=when, standing=standing, via=via, minutes=minutes)


def written(
    by: str, when: datetime, came: datetime, left: datetime, evidence: Evidence = Evidence.DESK
) -> list[Pressed]:
    """Times that somebody wrote down later."""
    return [
        Pressed(what=Said.ARRIVAL, by=by, at=when, of=came, evidence=evidence),
        Pressed(what=Said.LEAVING, by=by, at=when + timedelta(seconds=2), of=left),
    ]


def gap(story: Story, people: Sequence[str], day: datetime, minutes: int) -> tuple[datetime, datetime] | None:
    """A time of that day which all of these have free, arrival and leaving off the planned minute; None after a few tries."""
    for _ in range(6):
        planned = at(day, story.draw.randint(8, 17), story.draw.choice((0, 0, 30, 15, 45)))
        came = planned + timedelta(minutes=story.draw.randint(-6, 12))
        left = came + timedelta(minutes=minutes + story.draw.randint(-8, 12))
        rested = all(story.minutes(who, day) + minutes <= LONGEST_DAY for who in people)
        if rested and story.free(people, came, left):
            story.take(people, came, left)
            return came, left
    return None


def visit(
    story: Story, town: Town, earner: str, client: str, day: datetime, minutes: int, *, by: str = ""
) -> bool:
    """One visit in one of the three ways in which visits are noted; False when nobody has time.

    Args:
        by: who vouches, instead of whoever would.
    """
    found = gap(story, (earner, client), day, minutes)
    if found is None:
        return False
    came, left = found
    service = story.service(came, max(left, came + timedelta(minutes=15)), client=client)
    draw, later = story.draw, left + timedelta(minutes=story.draw.randint(3, 600))
    way = draw.random()
    if by:
        said = [*own(story, earner, came, left), word(story, by, later, SecondHand.WORKER)]
    elif way < 0.4 and client not in town.deaf:
        said = [*own(story, earner, came, left), word(story, client, later, SecondHand.CLIENT)]
    elif way < 0.83:
        said = [*own(story, earner, came, left), word(story, worker(story, town), later, SecondHand.WORKER)]
    else:
        said = _without_telephone(story, town, came, left)
    story.part(service, earner, said)
    return True


def _without_telephone(story: Story, town: Town, came: datetime, left: datetime) -> list[Pressed]:
    """The desk writes the times in the evening or days later; a leader rings and vouches, now and then nobody yet."""
    draw, desk = story.draw, worker(story, town)
    when = left + timedelta(hours=draw.randint(1, 60))
    said = written(desk, when, came, left)
    leader = draw.choice(sorted(town.teams.values()))[0]
    if draw.random() < 0.01:
        return [*said, word(story, desk, when + timedelta(minutes=1), SecondHand.WORKER)]
    return [*said, word(story, leader, when + timedelta(hours=draw.randint(1, 40)), SecondHand.LEADER)]


def _shifts(story: Story, town: Town, day: datetime, on: int) -> None:
    """Each team on its own day of the week: half tick themselves by the door's code, the leader calls the rest."""
    for team, members in town.teams.items():
        if on % 7 != int(team[-1]):
            continue
        starts, ends = at(day, 8 + int(team[-1]), 30), at(day, 11 + int(team[-1]), 0)
        there = [
            one for one in members if story.draw.random() < 0.75 and story.free((one,), starts, ends + HOUR)
        ]
        _roll(story, town, team, there, starts, ends)


HOUR = timedelta(hours=1)


def _roll(
    story: Story, town: Town, team: str, there: Sequence[str], starts: datetime, ends: datetime
) -> None:
    draw, leader = story.draw, town.teams[team][0]
    service = story.service(starts, ends, team=team)
    read = ends + timedelta(hours=draw.randint(1, 20))
    desk = worker(story, town)
    for order, who in enumerate(there):
        came = starts + timedelta(minutes=draw.randint(-9, 11))
        left = ends + timedelta(minutes=draw.randint(-5, 14))
        story.take((who,), came, left)
        if draw.random() < 0.5 or who == leader:
            said = own(story, who, came, left, Evidence.CODE)
        else:
            said = [
                Pressed(what=Said.ARRIVAL, by=leader, at=came, of=came, evidence=Evidence.ROLL_CALL),
                Pressed(what=Said.LEAVING, by=leader, at=left, of=left),
            ]
        said.append(word(story, desk, read + timedelta(seconds=order), SecondHand.WORKER))
        story.part(service, who, said)


def _storm(story: Story, town: Town, day: datetime) -> None:
    """Half of the town pumps water for a night; everybody comes by the door's code, the desk reads the list next day."""
    starts, ends = at(day, 19), at(day, 23)
    there = [one for one in town.volunteers if story.draw.random() < 0.5 and story.free((one,), starts, ends)]
    service = story.service(starts, ends, team="team-0")
    for order, who in enumerate(there):
        came = starts + timedelta(minutes=story.draw.randint(0, 40))
        left = ends - timedelta(minutes=story.draw.randint(0, 40))
        story.take((who,), came, left)
        when = ends + timedelta(hours=11, seconds=order)
        story.part(
            service,
            who,
            [
                *own(story, who, came, left, Evidence.CODE),
                word(story, town.workers[0], when, SecondHand.WORKER),
            ],
        )


def _visits(story: Story, town: Town, start: datetime) -> None:
    """Every elder has one to three helpers who come once or twice a week; one in seven elders helps others too."""
    draw = story.draw
    for elder in town.elders[2:]:
        helpers = draw.sample(town.volunteers, draw.choices((1, 2, 3), (30, 45, 25))[0])
        for helper in helpers:
            every = draw.choice((3, 4, 7, 7, 7))
            for on in range(draw.randint(0, 6), DAYS - 1, every):
                if draw.random() < 0.85:
                    visit(story, town, helper, elder, start + timedelta(days=on), draw.randint(40, 110))
    for elder in town.elders[-10:]:
        for _ in range(draw.randint(2, 6)):
            other = draw.choice(town.elders[4:-10])
            visit(story, town, elder, other, start + timedelta(days=draw.randint(0, DAYS - 2)), 45)
    for helped in draw.sample(town.volunteers, 12):
        # A volunteer has broken a leg, or has a lamp to be hung.
        for _ in range(draw.randint(1, 4)):
            helper = draw.choice([one for one in town.volunteers if one != helped])
            visit(story, town, helper, helped, start + timedelta(days=draw.randint(0, DAYS - 2)), 50)


def _carers(story: Story, town: Town, start: datetime) -> None:
    """Two people go to the same elder six days a week, in the morning and in the evening; they are a standing pair."""
    for carer, elder in zip(town.volunteers[50:52], town.elders[:2], strict=True):
        story.relations.append(("pair", carer, elder))
        for on in range(DAYS):
            if on % 7 == 6:
                continue
            for _ in range(2):
                visit(story, town, carer, elder, start + timedelta(days=on), 35)


def _neighbours(story: Story, town: Town, start: datetime) -> None:
    """Four people of one stair help each other; the officer of the grid, who sees it, vouches."""
    stair = town.volunteers[60:64]
    draw = story.draw
    for _ in range(14):
        helper, helped = draw.sample(stair, 2)
        found = gap(story, (helper, helped), start + timedelta(days=draw.randint(0, DAYS - 2)), 50)
        if found is None:
            continue
        came, left = found
        service = story.service(came, left, client=helped)
        by_officer = word(
            story, town.officer, left + timedelta(hours=draw.randint(1, 30)), SecondHand.OFFICER
        )
        story.part(service, helper, [*own(story, helper, came, left), by_officer])


def _sheets(story: Story, town: Town, start: datetime) -> None:
    """Two teams write on paper: times on the hour, typed in five to twelve days later, vouched for by the leader."""
    draw = story.draw
    for at_, team in enumerate(sorted(town.teams)[:2]):
        members = town.teams[team]
        for on in range(3 + at_, DAYS - 14, 7):
            starts = at(start + timedelta(days=on), 18)
            ends = starts + timedelta(hours=2)
            typed = starts + timedelta(days=draw.randint(5, 12))
            service = story.service(starts, ends, team=team)
            for order, who in enumerate(draw.sample(members, min(6, len(members)))):
                if not story.free((who,), starts, ends):
                    continue
                story.take((who,), starts, ends)
                said = written(
                    town.workers[1], typed + timedelta(seconds=9 * order), starts, ends, Evidence.SHEET
                )
                said.append(
                    word(
                        story,
                        members[0] if who != members[0] else town.workers[0],
                        typed + timedelta(hours=20, seconds=order),
                        SecondHand.LEADER,
                    )
                )
                story.part(service, who, said)
