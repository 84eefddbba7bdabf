"""What a column counts: one meaning for a bare number by list and column, and for the words people and portions.

A classifier in the cell wins over the column (人次 are served, 名律师 help); the column decides what is left. Where it
decides nothing, a bare number is one question for the whole column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marketplace.values import Per, Unit


class Offered(StrEnum):
    """What a line is about, as far as it decides what is counted."""

    ANY = "any"
    PLACE = "place"
    GOODS = "goods"
    MEALS = "meals"
    VEHICLE = "vehicle"
    SERVICE = "service"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How the cells of one column count.

    Attributes:
        bare: what a number without a word counts; None asks, except that 1 is one visit.
        people: what 人, 名, 位 and people count where no other word says who they are.
        portions: what 份 and items count.
        spots: what 处 counts: places to go to, or places offered.
        bare_per: over which stretch a bare number counts again.
        unlimited: 不限 is an answer, and not a missing number.
    """

    bare: Unit | None = Unit.ITEM
    people: Unit = Unit.PERSON
    portions: Unit = Unit.ITEM
    spots: Unit = Unit.VISIT
    bare_per: Per = Per.TOTAL
    unlimited: bool = False


HELPERS = Counting(bare=Unit.HELPER, people=Unit.HELPER)
SERVED = Counting(bare=Unit.PERSON, people=Unit.PERSON)


def counting(list_kind: str, column: str, offered: Offered = Offered.ANY) -> Counting:
    """How a column of one of the lists counts.

    Args:
        list_kind: needs, resources, activities or projects.
        column: helpers, people_count or quantity.
        offered: what the line is about.
    """
    if column == "helpers" or (list_kind == "needs" and column == "people_count"):
        return HELPERS
    if list_kind in ("activities", "projects"):
        return SERVED if column == "people_count" else Counting(bare=None)
    if list_kind == "needs":
        return _asked(offered)
    return _given(column, offered)


def _asked(offered: Offered) -> Counting:
    things = offered in (Offered.GOODS, Offered.MEALS)
    people = Unit.SEAT if offered is Offered.PLACE else Unit.HELPER
    portions = Unit.MEAL if offered is Offered.MEALS else Unit.ITEM
    return Counting(bare=portions if things else None, people=people, portions=portions)


def _given(column: str, offered: Offered) -> Counting:
    people = {Offered.PLACE: Unit.SEAT, Offered.TEAM: Unit.HELPER}.get(offered, Unit.PERSON)
    if column == "people_count":
        per = Per.OCCASION if people is Unit.PERSON else Per.TOTAL
        return Counting(bare=people, people=people, bare_per=per, unlimited=True)
    bare = {Offered.GOODS: Unit.ITEM, Offered.MEALS: Unit.MEAL, Offered.VEHICLE: Unit.ITEM}.get(offered)
    return Counting(
        bare=bare,
        people=people,
        portions=Unit.MEAL if offered is Offered.MEALS else Unit.ITEM,
        spots=Unit.ITEM,
        unlimited=True,
    )
