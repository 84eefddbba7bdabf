"""What planted people do among the honest months: each pattern by people of its own, from a random stream of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tests.timebank.radar.honest import Town, at, honest_story, own, visit, word, worker, written
from tests.timebank.radar.story import DAYS, NOW, Planted, Pressed, Story
from timebank.policy import SecondHand
from timebank.rules.parts.attendance import Evidence
from timebank.rules.parts.statements import Said
from timebank.rules.radar import Pattern

Plant = Callable[[Story, Town], Planted]
SECOND = timedelta(seconds=1)


def planted_story(seed: int, *, each: int = 1) -> Story:
    """The honest months of a seed with every pattern planted so many times."""
    story, town = honest_story(seed)
    story.draw = Random(f"planted {seed}")
    for _ in range(each):
        for plant in PLANTS:
            story.planted.append(plant(story, town))
    return story


def _day(story: Story, *, first: int = 0, last: int = DAYS - 9) -> datetime:
    start = NOW.replace(hour=0, minute=0) - timedelta(days=DAYS)
    return start + timedelta(days=story.draw.randint(first, last))


def _usual(story: Story, town: Town, who: str, *, visits: int = 6) -> None:
    """What a planted helper does besides: visits like everybody's."""
    for _ in range(visits):
        visit(story, town, who, story.draw.choice(town.elders[4:]), _day(story), story.draw.randint(40, 90))


def _done(
    story: Story, town: Town, earner: str, client: str, came: datetime, minutes: int, *, by: str = ""
) -> None:
    """A visit at exactly this time, on the helper's own telephone; the client vouches, or who is named."""
    left = came + timedelta(minutes=minutes)
    story.take((earner, client), came, left)
    service = story.service(came, left, client=client)
    later = left + timedelta(minutes=story.draw.randint(2, 300))
    vouched = (
        word(story, by, later, SecondHand.WORKER) if by else word(story, client, later, SecondHand.CLIENT)
    )
    story.part(service, earner, [*own(story, earner, came, left), vouched])


def overlap(story: Story, town: Town) -> Planted:
    """Two elders say that the same helper was with them in the same hour."""
    who = story.person("V")
    _usual(story, town, who)
    for _ in range(story.draw.randint(1, 3)):
        came = at(_day(story), story.draw.randint(8, 16), story.draw.randint(0, 50))
        one, other = story.person("E"), story.person("E")
        _done(story, town, who, one, came, story.draw.randint(60, 120))
        _done(story, town, who, other, came + timedelta(minutes=story.draw.randint(16, 50)), 60)
    return Planted(rule=Pattern.OVERLAP, people=frozenset({who}))


def duplicate(story: Story, town: Town) -> Planted:
    """A visit noted by telephone comes in a second time with a sheet."""
    who, elder = story.person("V"), story.draw.choice(town.elders[4:])
    _usual(story, town, who)
    for _ in range(story.draw.randint(1, 3)):
        came = at(_day(story), story.draw.randint(8, 16), story.draw.randint(0, 50))
        _done(story, town, who, elder, came, 60)
        again = came + timedelta(minutes=story.draw.randint(-12, 12))
        left = again + timedelta(minutes=60)
        service = story.service(again, left, client=elder)
        desk = town.workers[1]
        said = written(desk, left + timedelta(days=5), again, left, Evidence.SHEET)
        said.append(word(story, town.workers[0], left + timedelta(days=6), SecondHand.WORKER))
        story.part(service, who, said)
    return Planted(rule=Pattern.DUPLICATE, people=frozenset({who}))


def split(story: Story, town: Town) -> Planted:
    """One long afternoon is noted as several visits on end, or as four and more over a day."""
    who, elder = story.person("V"), story.person("E")
    _usual(story, town, who)
    on_end = story.draw.random() < 0.5
    for _ in range(story.draw.randint(1, 4)):
        came = at(_day(story), 8, story.draw.randint(0, 59))
        for _piece in range(story.draw.randint(3, 5) if on_end else story.draw.randint(4, 5)):
            minutes = story.draw.randint(25, 50)
            _done(story, town, who, elder, came, minutes)
            pause = story.draw.randint(0, 20) if on_end else story.draw.randint(35, 70)
            came += timedelta(minutes=minutes + pause)
    return Planted(rule=Pattern.SPLIT, people=frozenset({who, elder}))


def late(story: Story, town: Town) -> Planted:
    """A hand enters weeks of help of long ago, with a friend who vouches for all of it."""
    hand, friend = story.person("L"), story.person("L")
    who = [story.person("V") for _ in range(4)]
    typed = NOW - timedelta(days=story.draw.randint(2, 20))
    for order in range(story.draw.randint(6, 14)):
        came = at(typed - timedelta(days=story.draw.randint(16, 32)), story.draw.randint(8, 17), 5)
        earner = who[order % 4]
        left = came + timedelta(minutes=story.draw.randint(40, 100))
        if not story.free((earner,), came, left):
            continue
        story.take((earner,), came, left)
        service = story.service(came, left, client=story.draw.choice(town.elders[4:]))
        said = written(hand, typed + order * 20 * SECOND, came, left)
        said.append(
            word(story, friend, typed + timedelta(hours=1) + order * 60 * 12 * SECOND, SecondHand.LEADER)
        )
        story.part(service, earner, said)
    return Planted(rule=Pattern.LATE, people=frozenset({hand}), others=frozenset({*who, friend}))


def marathon(story: Story, town: Town) -> Planted:
    """Days of twelve hours, weeks of fifty, or four weeks without a free day."""
    who = story.person("V")
    sort = story.draw.randrange(3)
    first = _day(story, last=20)
    days, visits, minutes = ((1, 6, 120), (7, 4, 110), (30, 2, 110))[sort]
    for on in range(days):
        came = at(first + timedelta(days=on), 7, story.draw.randint(0, 20))
        for _ in range(visits):
            _done(story, town, who, story.person("E"), came, minutes + story.draw.randint(0, 8))
            came += timedelta(minutes=minutes + story.draw.randint(32, 45))
    return Planted(rule=Pattern.MARATHON, people=frozenset({who}))


def ring(story: Story, town: Town) -> Planted:
    """A circle notes help for each other; each has a tenth to four tenths of their help outside of it."""
    size = story.draw.randint(3, 8)
    circle = [story.person("V") for _ in range(size)]
    outside = story.draw.choice((0, 10, 20, 30, 40))
    pairs = [(one, circle[(place + 1) % size]) for place, one in enumerate(circle)]
    pairs += [tuple(story.draw.sample(circle, 2)) for _ in range(size // 2)]  # type: ignore[misc]
    for one, other in pairs:
        for _ in range(story.draw.randint(3, 6)):
            came = at(_day(story), story.draw.randint(8, 17), story.draw.randint(0, 59))
            minutes = story.draw.randint(50, 110)
            if not story.free((one, other), came, came + timedelta(minutes=minutes)):
                continue
            if story.draw.randrange(100) >= outside:
                _done(story, town, one, other, came, minutes)
            elif story.draw.random() < 0.7:
                visit(story, town, one, story.draw.choice(town.elders[4:]), came, minutes)
            else:
                visit(story, town, story.draw.choice(town.volunteers), one, came, minutes)
    return Planted(rule=Pattern.RING, people=frozenset(circle))


def office(story: Story, town: Town) -> Planted:
    """A worker vouches for all the visits of a friend, whoever is at the desk."""
    who, hand = story.person("V"), story.draw.choice(town.workers[1:])
    wanted = story.draw.randint(14, 24)
    for _ in range(wanted + 10):
        if wanted and visit(
            story, town, who, story.draw.choice(town.elders[4:]), _day(story), story.draw.randint(40, 90), by=hand
        ):  # fmt: skip
            wanted -= 1
    return Planted(rule=Pattern.OFFICE, people=frozenset({who, hand}))


def client(story: Story, town: Town) -> Planted:
    """Somebody invented is visited by one helper and rung by one worker."""
    who, elder, hand = story.person("V"), story.person("E"), story.draw.choice(town.workers)
    _usual(story, town, who, visits=3)
    for _ in range(story.draw.randint(6, 12)):
        visit(story, town, who, elder, _day(story), story.draw.randint(40, 100), by=hand)
    return Planted(rule=Pattern.CLIENT, people=frozenset({who, elder, hand}))


def burst(story: Story, town: Town) -> Planted:
    """A leader ticks everybody who ever was in the team, a careless hand nods at the whole list."""
    leader, hand = story.person("L"), story.person("L")
    new = story.draw.random() < 0.5
    absent = [story.person("V", days=(DAYS - 40 if new else 200)) for _ in range(story.draw.randint(44, 60))]
    starts = at(_day(story, first=42, last=48), 14)
    ends = starts + timedelta(hours=3)
    service = story.service(starts, ends, team=story.uid("team"))
    for order, who in enumerate(absent):
        said = [
            Pressed(
                what=Said.ARRIVAL,
                by=leader,
                at=starts + order * SECOND,
                of=starts + order * SECOND,
                evidence=Evidence.ROLL_CALL,
            ),
            Pressed(what=Said.LEAVING, by=leader, at=ends, of=ends),
            word(story, hand, ends + timedelta(minutes=30) + order * SECOND, SecondHand.UNIT),
        ]
        story.part(service, who, said)
    return Planted(rule=Pattern.BURST, people=frozenset({hand}), others=frozenset({leader, *absent}))


def even(story: Story, town: Town) -> Planted:
    """A leader notes a friend's visits as they would happen: from the full hour to the full hour."""
    who, leader = story.person("V"), story.person("L")
    wanted = story.draw.randint(14, 24)
    while wanted:
        came = at(_day(story), story.draw.randint(8, 17))
        left = came + timedelta(minutes=60)
        elder = story.draw.choice(town.elders[4:])
        if not story.free((who, elder), came, left):
            continue
        story.take((who, elder), came, left)
        wanted -= 1
        service = story.service(came, left, client=elder)
        said = [
            Pressed(
                what=Said.ARRIVAL,
                by=leader,
                at=came + timedelta(minutes=7),
                of=came,
                evidence=Evidence.ROLL_CALL,
            ),
            Pressed(what=Said.LEAVING, by=leader, at=left + timedelta(minutes=4), of=left),
            word(story, worker(story, town), left + timedelta(hours=5), SecondHand.WORKER),
        ]
        story.part(service, who, said)
    return Planted(rule=Pattern.ROUND, people=frozenset({who, leader}))


def device(story: Story, town: Town) -> Planted:
    """One telephone signs in as several people and speaks for each."""
    people = [story.person("V") for _ in range(story.draw.randint(3, 5))]
    first = story.telephone(people[0])
    for one in people[1:]:
        story.telephone(one, device=first.device)
    for _ in range(story.draw.randint(1, 4)):
        day = _day(story)
        for one in people:
            visit(story, town, one, story.draw.choice(town.elders[4:]), day, 60)
            visit(story, town, one, story.draw.choice(town.elders[4:]), day, 45)
    return Planted(rule=Pattern.DEVICE, people=frozenset(people))


def alone(story: Story, town: Town) -> Planted:
    """Somebody writes down the times of friends, and that it was so."""
    hand, who = story.person("L"), [story.person("V") for _ in range(2)]
    for order in range(story.draw.randint(4, 8)):
        came = at(_day(story, first=DAYS - 28, last=DAYS - 12), 8 + order, story.draw.randint(0, 20))
        left = came + timedelta(minutes=story.draw.randint(25, 35))
        earner = who[order % 2]
        if not story.free((earner,), came, left):
            continue
        story.take((earner,), came, left)
        service = story.service(came, left, client=story.draw.choice(town.elders[4:]))
        said = written(hand, left + timedelta(hours=3), came, left)
        said.append(word(story, hand, left + timedelta(hours=4), SecondHand.LEADER))
        story.part(service, earner, said)
    return Planted(rule=Pattern.ALONE, people=frozenset({hand}), others=frozenset(who))


PLANTS: tuple[Plant, ...] = (
    overlap, duplicate, split, late, marathon, ring, office, client, burst, even, device, alone,
)  # fmt: skip
