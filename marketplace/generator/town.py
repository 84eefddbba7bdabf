"""A town drawn line by line: needs, resources, volunteers, agreements, each list a stream.

Only what is asked for is drawn: any volunteer can be drawn again by number, a community by its place in the town, so the
whole of a prefecture passes by without ever standing in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from marketplace.agreements import Agreement
from marketplace.errors import NotWholeNumber
from marketplace.generator import hours
from marketplace.generator.draws import Weighted, chance, share, stream
from marketplace.generator.kinds import ASKED_SHIFTS, ASKED_VISITS, Kind
from marketplace.generator.names import COMMUNITY_NAMES, STREET_NAMES
from marketplace.generator.people import Person, drawn_person
from marketplace.generator.presets import Preset
from marketplace.generator.units import PartnerUnit, agreements, drawn_units, line_of, team_line
from marketplace.lists.reading import line_key
from marketplace.values import (
    Need,
    Place,
    Quantity,
    Resource,
    Unit,
    Urgency,
    VolunteerEntry,
    Week,
    When,
)

WEEK = Week(2026, 48)
SHIFT_PER_MILLE = 40
HELPERS_AT_ONCE = (5, 6, 8, 8, 10, 12)
_URGENCY = Weighted((20, Urgency.URGENT), (65, Urgency.NORMAL), (15, Urgency.LOW))
_CHANNEL = Weighted((5, "phone"), (3, "grid_visit"), (2, "desk"), (1, "message_book"), (1, "wish_wall"))
_SERVED = Weighted((5, "独居老人"), (4, "空巢老人"), (3, "高龄老人"), (1, "残疾人"), (1, "低保户"))
# What children need, and how much of it at the weekend.
_SCHOOL = {"childcare": 40, "tutoring": 65}
_TEAM_NAMES = ("红马甲服务队", "离退休服务队", "邻里互助队", "巡逻队", "巾帼服务队", "青年突击队")
_LENGTHS = {30: "半小时", 60: "1小时", 90: "90分钟", 120: "2小时", 180: "3小时"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """One community of the town and its share of every figure.

    `wider` are its grids with those of the next community, `far` those of the next three; ranges count through the whole
    town.
    """

    at: int
    name: str
    street: str
    grids: tuple[str, ...]
    wider: tuple[str, ...]
    far: tuple[str, ...]
    buildings: int
    homes_per_building: int
    elders: range
    registered: range
    docked: range
    teams: range
    units: range
    items: range
    pairs: range
    places: range


class Town:
    """A place of a preset's size in one week; the same for the same draws.

    Args:
        preset: its figures.
        draw: asked once for a number that everything else depends on.
        week: the week for which help is wanted; lines were filed in the weeks before.
    """

    def __init__(self, preset: Preset, draw: Random, *, week: Week = WEEK) -> None:
        if preset.communities > len(COMMUNITY_NAMES):
            raise NotWholeNumber(field="communities", given=str(preset.communities))
        self.preset = preset
        self.week = week
        self.filed_on = week.monday_on - timedelta(days=5)
        self._key = draw.getrandbits(64)
        self._names = stream(self._key, "names").sample(COMMUNITY_NAMES, preset.communities)

    # ------------------------------------------------------------------ areas

    def communities(self) -> Iterator[Community]:
        for at in range(self.preset.communities):
            yield self.community(at)

    def community(self, at: int) -> Community:
        """The community counted `at`, with its share of the town."""
        preset = self.preset

        def own(whole: int) -> range:
            return share(whole, preset.communities, at)

        return Community(
            at=at,
            name=f"{self._names[at]}社区",
            street=f"{STREET_NAMES[at * preset.streets // preset.communities % len(STREET_NAMES)]}街道",
            grids=self._grids(at),
            wider=self._around(at, 1),
            far=self._around(at, 3),
            buildings=max(1, len(own(preset.buildings))),
            homes_per_building=max(1, preset.households // preset.buildings),
            elders=own(preset.elders),
            registered=own(preset.registered),
            docked=own(preset.docked),
            teams=own(preset.teams),
            units=own(preset.units),
            items=own(preset.agreement_items),
            pairs=own(preset.pairs_a_week),
            places=own(preset.places_a_week),
        )

    def _around(self, at: int, neighbours: int) -> tuple[str, ...]:
        near = (self._grids((at + step) % self.preset.communities) for step in range(neighbours + 1))
        return tuple(dict.fromkeys(grid for grids in near for grid in grids))

    def _grids(self, at: int) -> tuple[str, ...]:
        numbers = share(self.preset.grids, self.preset.communities, at)
        first = at * self.preset.grids // self.preset.communities
        return tuple(f"{number + 1}网格" for number in numbers or range(first, first + 1))

    # ------------------------------------------------------------------ people

    def volunteer(self, at: Community, number: int) -> Person:
        """The volunteer counted `number`, who is registered in this community."""
        return drawn_person(
            self._key,
            number,
            docked=number - at.registered.start < len(at.docked),
            team=self.team_name(at, number),
            home=at.grids,
            wider=at.wider,
            far=at.far,
        )

    def team_name(self, at: Community, number: int) -> str:
        """The team that the person or team counted `number` belongs to, or is; the community's corps if it has none."""
        if not at.teams:
            return f"{at.name}志愿服务总队"
        team = number % len(at.teams)
        again = team // len(_TEAM_NAMES)
        return f"{at.name}{_TEAM_NAMES[team % len(_TEAM_NAMES)]}" + (f"{again + 1}分队" if again else "")

    def people(self, at: Community) -> Iterator[Person]:
        for number in at.registered:
            yield self.volunteer(at, number)

    def volunteers(self) -> Iterator[VolunteerEntry]:
        """Everybody registered, as the volunteers' list has them."""
        for at in self.communities():
            for person in self.people(at):
                yield person.entry()

    # ------------------------------------------------------------------ resources

    def resources(self) -> Iterator[Resource]:
        """Units' lines, teams' lines and volunteers' own offers."""
        for at in self.communities():
            yield from self.listed_resources(at)
            for number in at.registered[: len(at.docked)]:
                yield self.volunteer(at, number).offer()

    def listed_resources(self, at: Community) -> Iterator[Resource]:
        """What the resources list of a community says: units and teams."""
        for unit in self.units(at):
            if unit.active:
                yield line_of(unit, at.grids)
        undocked = len(at.registered) - len(at.docked)
        for number in at.teams:
            members = len(share(undocked, len(at.teams), number - at.teams.start))
            if members:
                yield team_line(
                    self._key, number, self.team_name(at, number - at.teams.start), members, at.wider
                )

    def units(self, at: Community) -> list[PartnerUnit]:
        return drawn_units(self._key, at.name.removesuffix("社区"), at.units, len(at.units))

    def agreements(self) -> Iterator[Agreement]:
        """The agreements of the year, one per unit."""
        year = self.week.year
        for at in self.communities():
            yield from agreements(
                self._key,
                self.units(at),
                len(at.items),
                uid=f"A{at.at + 1:03d}",
                first_on=date(year, 1, 1),
                last_on=date(year, 12, 31),
            )

    # ------------------------------------------------------------------ needs

    def needs(self) -> Iterator[Need]:
        """What is asked for in the week; the helpers asked for add up to the preset's places."""
        for at in self.communities():
            yield from self.needs_of(at)

    def needs_of(self, at: Community) -> Iterator[Need]:
        """The needs of one community: its pairs first, then what else came in until the places are used up."""
        draw = stream(self._key, f"needs {at.at}")
        seen: set[str] = set()
        left = len(at.places)
        pairs = len(at.pairs) if at.docked else 0
        while left:
            if pairs:
                pairs -= 1
                need = self._pair_visit(at, draw)
            elif draw.randrange(1000) < SHIFT_PER_MILLE and left >= min(HELPERS_AT_ONCE):
                need = self._shift(at, draw, min(left, draw.choice(HELPERS_AT_ONCE)))
            else:
                need = self._visit(at, draw)
            if need.line_key in seen:
                continue
            seen.add(need.line_key)
            left -= need.quantity.helpers or 1
            yield need

    def _visit(self, at: Community, draw: Random) -> Need:
        kind = ASKED_VISITS.drawn(draw)
        minutes = draw.choice(kind.minutes)
        when = (
            hours.wanted_after_school(draw, weekend_per_cent=_SCHOOL[kind.code])
            if kind.code in _SCHOOL
            else hours.wanted(draw, self.week, minutes, evenings=kind.evenings, rare=kind.rare)
        )
        return self._resident_need(at, draw, kind, minutes, when)

    def _pair_visit(self, at: Community, draw: Random) -> Need:
        """A visit of a standing pair: the helper of last time, at hours agreed with them unless something changed."""
        helper = self.volunteer(at, draw.choice(at.registered[: len(at.docked)]))
        kind = draw.choice(helper.skills)
        minutes = min(draw.choice(kind.minutes), helper.minutes_per_week_max)
        changed = chance(draw, 10)
        when = hours.wanted(draw, self.week, minutes, evenings=kind.evenings) if changed else helper.when
        need = self._resident_need(at, draw, kind, minutes, when)
        return replace(
            need,
            place=replace(
                need.place, grid=helper.grid, text=need.place.text.replace(need.place.grid, helper.grid)
            ),
            gender="" if need.gender != helper.gender else need.gender,
            requires=need.requires & frozenset(helper.certificates),
            last_helpers=(helper.owner,),
        )

    def _resident_need(self, at: Community, draw: Random, kind: Kind, minutes: int, when: When) -> Need:
        title = draw.choice(kind.titles)
        served = "学生" if kind.code in _SCHOOL else _SERVED.drawn(draw)
        place = self._address(at, draw)
        filed_on = self.filed_on - timedelta(
            days=draw.randrange(25) if chance(draw, 80) else draw.randrange(60)
        )
        return Need(
            line_key=line_key("needs", ["resident", place.text, title, served, filed_on.isoformat()]),
            title=title,
            owner=f"E{draw.choice(at.elders) if at.elders else 0:07d}",
            categories=(kind.code,),
            category_phrase=kind.phrase,
            served=served,
            place=place,
            when=when,
            quantity=Quantity(phrase=_LENGTHS[minutes], minutes_each=minutes),
            urgency=_URGENCY.drawn(draw),
            channel=_CHANNEL.drawn(draw),
            filed_on=filed_on,
            contact=draw.choice(("本人", "女儿(外地)", "楼栋长代", "网格员")),
            private_note="讲方言" if (dialect := chance(draw, 4)) else "",
            requires=frozenset({kind.certificate}) if kind.certificate and chance(draw, 15) else frozenset(),
            language="方言" if dialect else "",
            gender=draw.choice(("女", "女", "男", "")) if kind.same_gender else "",
            heavy=kind.heavy,
            times_unmet=draw.randint(1, 3) if chance(draw, 12) else 0,
        )

    def _shift(self, at: Community, draw: Random, helpers: int) -> Need:
        kind = ASKED_SHIFTS.drawn(draw)
        minutes = draw.choice(kind.minutes)
        title = draw.choice(kind.titles)
        grid, building = draw.choice(at.grids), f"{draw.randint(1, at.buildings)}号楼"
        place = Place(text=f"{at.name}{grid}{building}前", grid=grid, building=building)
        filed_on = self.filed_on - timedelta(days=draw.randrange(14))
        return Need(
            line_key=line_key("needs", ["community", place.text, title, "居民", filed_on.isoformat()]),
            title=title,
            source="community",
            categories=(kind.code,),
            category_phrase=kind.phrase,
            served="居民",
            place=place,
            when=hours.shift(draw, minutes),
            quantity=Quantity(
                phrase=f"{helpers}人×{minutes // 60}小时",
                amount=helpers,
                unit=Unit.HELPER,
                minutes_each=minutes,
                helpers=helpers,
            ),
            urgency=Urgency.NORMAL,
            channel="community",
            filed_on=filed_on,
            contact="社区居委会",
        )

    def _address(self, at: Community, draw: Random) -> Place:
        grid, building = draw.choice(at.grids), f"{draw.randint(1, at.buildings)}号楼"
        home = draw.randrange(at.homes_per_building)
        # Two homes a landing, six floors an entrance, as such houses are built.
        door = f"{home // 12 + 1}单元{home % 12 // 2 + 1}0{home % 2 + 1}"
        return Place(text=f"{at.name}{grid}{building}{door}", grid=grid, building=building)
