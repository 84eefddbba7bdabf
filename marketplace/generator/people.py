"""Volunteers: who they are, what they can, when, and how much they gave lately. Each is drawn by number, alone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from marketplace.generator import hours
from marketplace.generator.draws import Weighted, chance, stream
from marketplace.generator.kinds import OFFERED, Kind
from marketplace.generator.names import person_name, phone_number
from marketplace.lists.reading import line_key
from marketplace.phones import PhoneNumber
from marketplace.values import Per, Quantity, Resource, Unit, VolunteerEntry, When

# 2,512 of 8,723 registered in the zone are from agencies (28.8 %, printed). The other shares are assumed from the
# reports' remark that the old, the young and the poor carry most of the work.
OCCUPATIONS = Weighted(
    (29, ("机关在职", hours.IN_SERVICE)),
    (13, ("企业职工", hours.IN_SERVICE)),
    (38, ("退休", hours.RETIRED)),
    (10, ("大学生", hours.STUDENT)),
    (10, ("全职在家", hours.AT_HOME)),
)
_SERVES = Weighted((6, ()), (4, ("老人",)), (2, ("空巢老人",)), (2, ("残疾人",)), (2, ("小学生",)))
_LANGUAGES = Weighted((50, ("方言",)), (47, ()), (3, ("方言", "英语")))
_NO_HOURS = When()
# Hours one is ready to give in a week: a visit or two for most.
_MINUTES_A_WEEK = Weighted((3, 60), (6, 120), (4, 180), (2, 240), (1, 360))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One registered volunteer; without an offer (`skills` empty) they come with their team only."""

    number: int
    name: str
    phone: str
    gender: str
    occupation: str
    team: str
    grid: str
    reach: tuple[str, ...]
    skills: tuple[Kind, ...] = ()
    when: When = _NO_HOURS
    serves: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    minutes_per_week_max: int = 0
    load_minutes: int = 0
    light_work_only: bool = False

    @property
    def owner(self) -> str:
        """The member's opaque id."""
        return f"V{self.number:06d}"

    def entry(self) -> VolunteerEntry:
        """The person's line on the volunteers' list."""
        skills = tuple(one.skill for one in self.skills)
        return VolunteerEntry(
            line_key=line_key("volunteers", [self.name, self.phone]),
            name=self.name,
            phones=(PhoneNumber(number=self.phone, written=self.phone),),
            occupation=self.occupation,
            skills=skills,
            categories=tuple(one.code for one in self.skills),
            when=self.when,
            serves=self.serves,
            teams=(self.team,),
        )

    def offer(self) -> Resource:
        """The person's own offer, for the planner; no name and no number go along."""
        return Resource(
            line_key=line_key("volunteers", [self.name, self.phone]),
            title="、".join(one.skill for one in self.skills),
            owner=self.owner,
            owner_kind="volunteer",
            categories=tuple(one.code for one in self.skills),
            when=self.when,
            quantity=Quantity(amount=1, unit=Unit.HELPER, per=Per.OCCASION, helpers=1),
            reach_grids=self.reach,
            certificates=frozenset(self.certificates),
            languages=frozenset(self.languages),
            gender=self.gender,
            light_work_only=self.light_work_only,
            minutes_per_week_max=self.minutes_per_week_max,
            load_minutes=self.load_minutes,
        )


def drawn_person(
    key: int,
    number: int,
    *,
    docked: bool,
    team: str,
    home: tuple[str, ...],
    wider: tuple[str, ...],
    far: tuple[str, ...],
) -> Person:
    """The volunteer counted `number`; `home` are the grids of their community, `wider` and `far` those around it too."""
    draw = stream(key, f"person {number}")
    name, phone = person_name(draw), phone_number(number)
    gender = draw.choice(("女", "女", "女", "男", "男"))
    occupation, free = OCCUPATIONS.drawn(draw)
    grid = draw.choice(home)
    if not docked:
        return Person(
            number=number,
            name=name,
            phone=phone,
            gender=gender,
            occupation=occupation,
            team=team,
            grid=grid,
            reach=(grid,),
        )
    skills = OFFERED.several(draw, draw.choice((1, 1, 2, 2, 3)))
    when = free.drawn(draw)
    if chance(draw, 25):
        when = hours.both(when, free.drawn(draw))
    return Person(
        number=number,
        name=name,
        phone=phone,
        gender=gender,
        occupation=occupation,
        team=team,
        grid=grid,
        reach=far if any(one.rare for one in skills) else _reach(draw, grid, home, wider),
        skills=skills,
        when=when,
        serves=_SERVES.drawn(draw),
        languages=_LANGUAGES.drawn(draw),
        certificates=tuple(one.certificate for one in skills if one.certificate and chance(draw, 60)),
        minutes_per_week_max=_MINUTES_A_WEEK.drawn(draw),
        load_minutes=60 * _hours_given(draw),
        light_work_only=occupation == "退休" and chance(draw, 50),
    )


def _reach(draw: Random, grid: str, home: tuple[str, ...], wider: tuple[str, ...]) -> tuple[str, ...]:
    """The own grid for some, the community for most, the neighbouring ones too for a few."""
    at = draw.randrange(100)
    if at < 30:
        return (grid,)
    return home if at < 85 else wider


def _hours_given(draw: Random) -> int:
    """Hours of the last weeks: none for half of the people, many for the few who are always asked."""
    if chance(draw, 50):
        return 0
    return draw.randint(1, 4) if chance(draw, 70) else draw.randint(5, 20)
