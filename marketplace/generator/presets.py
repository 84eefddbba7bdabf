"""How large a place is: the figures of real reports, each with where it comes from.

A figure is *printed* (it stands in a report), *derived* (arithmetic on printed figures) or *assumed* (our judgement,
because no report prints it). Four sizes are ready; `scaled` makes a smaller sibling with the same proportions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from marketplace.errors import NotWholeNumber

# Three quarters of those who register are docked with an offer of their own, three in eight have a post: 6,542 and
# 3,271 of 8,723, printed in the development zone's report of June 2022. Other presets take the same shares.
DOCKED_PER_MILLE = 750
PLACED_PER_MILLE = 375
# Aged 60 and over by the national census of 1 November 2020. No district report prints a share of its own.
ELDERS_PER_MILLE = 187
# Pairs of helper and household meet every half month (每半月一次 on the office's list), so half of them in a week.
WEEKS_PER_PAIR_VISIT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The figures of one place; whole numbers only.

    Attributes:
        name: a code, for reports.
        streets, communities, grids: areas, from the widest to the finest. Fewer grids than communities means that
            neighbouring communities share one.
        households, residents, buildings: for addresses and for the number of elders.
        registered: people on the volunteers' lists.
        docked: those of them who made an offer of their own, with skills and hours; the rest come with their team.
        teams: service teams; each offers the members who have no offer of their own.
        units: partner units (共建单位); about half of them offer nothing.
        agreement_items: things agreed with units (共建事项).
        pairs: standing pairs of a helper and a household (帮扶对子).
        places_a_week: helpers asked for in one week, all needs together.
        dirty_per_cent: rows of a written list that carry a slip of the pen.
    """

    name: str
    streets: int = 1
    communities: int
    grids: int
    households: int
    residents: int
    buildings: int
    registered: int
    docked: int
    teams: int
    units: int
    agreement_items: int
    pairs: int
    places_a_week: int
    dirty_per_cent: int = 8

    def __post_init__(self) -> None:
        for one in fields(self):
            given = getattr(self, one.name)
            if one.name != "name" and (type(given) is not int or given < 0):
                raise NotWholeNumber(field=one.name, given=repr(given))
        for name in ("streets", "communities", "grids", "buildings", "teams"):
            if getattr(self, name) < 1:
                raise NotWholeNumber(field=name, given="0")
        if self.docked > self.registered:
            raise NotWholeNumber(field="docked", given=f"{self.docked} > {self.registered}")

    @property
    def elders(self) -> int:
        """Residents of 60 and over; derived from the census share."""
        return self.residents * ELDERS_PER_MILLE // 1000

    @property
    def pairs_a_week(self) -> int:
        """Pairs that meet in one week."""
        return self.pairs // WEEKS_PER_PAIR_VISIT


def scaled(preset: Preset, one_in: int) -> Preset:
    """The preset divided by `one_in`, every figure rounded up, so that nothing vanishes."""
    if one_in < 1:
        raise NotWholeNumber(field="one_in", given=repr(one_in))
    smaller = {
        one.name: -(-getattr(preset, one.name) // one_in)
        for one in fields(preset)
        if one.name not in ("name", "dirty_per_cent")
    }
    return replace(preset, name=f"{preset.name}/{one_in}", **smaller)


COMMUNITY = Preset(
    name="community",
    communities=1,
    grids=5,  # assumed: the grids that the office's own workbook names
    households=1_992,  # printed: 金石 community
    residents=5_132,  # printed
    buildings=54,  # printed
    registered=103,  # derived: 2 % of residents, the share a city's report prints
    docked=77,  # derived: the zone's share
    teams=4,  # derived: 65 teams in 15 communities of a county city
    units=10,  # derived: 50 and more units in 5 communities of a street; 156 in 15
    agreement_items=6,  # derived: 91 items with 156 units
    pairs=48,  # derived: 560 pairs among 23,057 households
    places_a_week=38,  # derived: the zone's share
)
"""One ordinary community of some two thousand households."""

ZONE = Preset(
    name="zone",
    streets=1,
    communities=16,  # printed: development zone, June 2022
    grids=11,  # printed
    households=24_592,  # derived: 1,537 a community, the county city's mean
    residents=65_040,  # derived: 4,065 a community
    buildings=703,  # derived: 35 households a building (32 to 37 are printed)
    registered=8_723,  # printed: through the report-in app
    docked=6_542,  # printed
    teams=95,  # printed: 45 party teams and 50 volunteer teams
    units=166,  # derived: 10.4 a community
    agreement_items=97,  # derived: 0.58 a unit
    pairs=597,  # derived: 560 pairs among 23,057 households
    places_a_week=3_271,  # printed: posts; each is taken as one turn of one helper a week
)
"""A development zone of sixteen communities with very many registered volunteers, half of them without a post."""

COUNTY_CITY = Preset(
    name="county_city",
    streets=3,  # printed
    communities=15,  # printed
    grids=75,  # assumed: five a community
    households=23_057,  # printed
    residents=60_978,  # printed
    buildings=659,  # derived: 35 households a building
    registered=1_441,  # printed: 2.36 % of residents
    docked=1_081,  # derived: the zone's share
    teams=65,  # printed
    units=156,  # printed
    agreement_items=91,  # printed
    pairs=560,  # printed
    places_a_week=540,  # derived: the zone's share; the report counts 529 services
)
"""A county-level city of fifteen communities."""

PREFECTURE = Preset(
    name="prefecture",
    streets=19,  # printed
    communities=396,  # printed, 131 of them urban
    grids=1_980,  # assumed: five a community
    households=269_230,  # derived: 2.6 people a household
    residents=700_000,  # derived: 100,000 floating people are printed as a seventh
    buildings=7_692,  # derived: 35 households a building
    registered=14_000,  # derived: 2 % of residents
    docked=10_500,  # derived: the zone's share
    teams=396,  # derived: 392 patrol teams are printed, one a community
    units=4_118,  # derived: 10.4 a community
    agreement_items=2_388,  # derived: 0.58 a unit
    pairs=4_890,  # derived: the county city's 37 a community, in the 131 urban ones
    places_a_week=5_250,  # derived: the zone's share
)
"""A prefecture-level city; written to be read as a stream."""

PRESETS = {one.name: one for one in (COMMUNITY, ZONE, COUNTY_CITY, PREFECTURE)}
