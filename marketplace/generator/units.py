"""Partner units and teams: what they offer, what they signed, and the turns they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from random import Random

from marketplace.agreements import Agreement, PledgedItem
from marketplace.generator import hours
from marketplace.generator.draws import chance, stream
from marketplace.generator.kinds import SHIFTS
from marketplace.lists.reading import line_key
from marketplace.values import Frequency, Per, Quantity, Recurrence, Resource, Unit, When

# About half of the units on an agreement do nothing in a year: 91 items were agreed with 156 units.
ACTIVE_PER_CENT = 55


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a unit of some type can give: the words of its line and what they mean."""

    unit: str
    unit_type: str
    kind: str
    phrase: str
    title: str
    code: str
    when: When
    quantity: Quantity
    conditions: str = ""
    free: bool = True


def _evenings(*weekdays: int) -> When:
    rule = Recurrence(frequency=Frequency.WEEKLY, weekdays=weekdays, starts=time(19), ends=time(21))
    return When(phrase="、".join(f"周{'一二三四五六日'[one]}" for one in weekdays) + " 19:00-21:00",
                recurrences=(rule,))  # fmt: skip


def _noon() -> When:
    rule = Recurrence(frequency=Frequency.WORKDAYS, starts=time(11), ends=time(12, 30))
    return When(phrase="工作日 11:00-12:30", recurrences=(rule,))


def _each(amount: int, unit: Unit, phrase: str, per: Per = Per.OCCASION) -> Quantity:
    return Quantity(phrase=phrase, amount=amount, unit=unit, per=per)


def _helpers(amount: int) -> Quantity:
    return Quantity(phrase=f"{amount}人", amount=amount, unit=Unit.HELPER, helpers=amount)


# One line per type, in the order in which a community finds its partners.
OFFERS = (
    Offer(unit="卫生服务站", unit_type="医疗机构", kind="people", phrase="人才", title="坐诊:量血压、测血糖",
          code="health_check", when=hours.on_the_clock(1, 9, 11), quantity=_each(6, Unit.PERSON, "每次6个号")),
    Offer(unit="实验小学", unit_type="学校", kind="place", phrase="场地", title="音乐教室(有钢琴)", code="music_room",
          when=_evenings(1, 3), quantity=_each(40, Unit.SEAT, "40人", Per.TOTAL), conditions="须有带队人"),
    Offer(unit="惠民食堂", unit_type="非公企业", kind="meals", phrase="餐食", title="老年餐桌午餐", code="meals",
          when=_noon(), quantity=_each(40, Unit.ITEM, "每天40份", Per.DAY), free=False),
    Offer(unit="律师事务所", unit_type="社会组织", kind="people", phrase="人才", title="法律咨询", code="legal_advice",
          when=hours.on_the_clock(3, 14, 16), quantity=_helpers(2)),
    Offer(unit="理发店", unit_type="个体", kind="people", phrase="技能", title="免费理发", code="haircut",
          when=hours.on_the_clock(1, 14, 17), quantity=_each(8, Unit.PERSON, "每次8人")),
    Offer(unit="供电营业部", unit_type="国有企业", kind="people", phrase="人才", title="换灯泡、维修电路", code="electrical",
          when=hours.whole_days((1, 5)), quantity=_helpers(3), conditions="材料费自理"),
    Offer(unit="图书馆", unit_type="事业单位", kind="place", phrase="场地", title="多功能厅", code="hall",
          when=hours.on_the_clock(5, 9, 17), quantity=_each(120, Unit.SEAT, "120人", Per.TOTAL)),
    Offer(unit="家电维修部", unit_type="个体", kind="people", phrase="技能", title="家电维修", code="appliance",
          when=hours.part_of(6, "下午"), quantity=_each(5, Unit.ITEM, "5件/次"), free=False),
    Offer(unit="师范学院", unit_type="高校社团", kind="people", phrase="志愿者", title="辅导功课", code="tutoring",
          when=hours.whole_days((5, 6)), quantity=_helpers(6)),
    Offer(unit="眼镜店", unit_type="个体", kind="goods", phrase="物品", title="老花镜", code="glasses",
          when=hours.every_day(), quantity=_each(30, Unit.ITEM, "30副", Per.TOTAL)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerUnit:
    """One unit beside a community; an idle one signed and offers nothing."""

    name: str
    offer: Offer
    active: bool


def drawn_units(key: int, community: str, numbers: range, wanted: int) -> list[PartnerUnit]:
    """The units of a community: `wanted` of them by type in turn, about half of them active."""
    found = []
    for at in range(wanted):
        draw = stream(key, f"unit {numbers.start + at}")
        offer = OFFERS[(at + numbers.start) % len(OFFERS)]
        again = at // len(OFFERS)
        name = f"{community}{offer.unit}" + ("" if not again else f"{'甲乙丙丁戊己庚辛'[again % 8]}部")
        found.append(PartnerUnit(name=name, offer=offer, active=chance(draw, ACTIVE_PER_CENT)))
    return found


def line_of(unit: PartnerUnit, grids: tuple[str, ...]) -> Resource:
    """The unit's line on the resources list."""
    offer = unit.offer
    return Resource(
        line_key=line_key("resources", [unit.name, offer.title]),
        title=offer.title,
        owner=unit.name,
        owner_type=offer.unit_type,
        kind=offer.kind,
        categories=(offer.code,),
        category_phrase=offer.phrase,
        when=offer.when,
        quantity=offer.quantity,
        reach="、".join(grids),
        reach_grids=grids,
        conditions=offer.conditions,
        free=offer.free,
    )


def team_line(key: int, number: int, name: str, members: int, grids: tuple[str, ...]) -> Resource:
    """A team's own line: its members without an offer of their own, who come together."""
    draw = stream(key, f"team {number}")
    when = hours.TEAM.drawn(draw)
    title = "、".join(one.skill for one in SHIFTS if one is SHIFTS[0] or chance(draw, 80))
    return Resource(
        line_key=line_key("resources", [name, title]),
        title=title,
        owner=name,
        owner_kind="team",
        owner_type="志愿队",
        category_phrase="志愿者",
        categories=tuple(one.code for one in SHIFTS if one.skill in title),
        when=when,
        quantity=_helpers(members),
        reach="、".join(grids),
        reach_grids=grids,
    )


def agreements(
    key: int, units: list[PartnerUnit], items: int, *, uid: str, first_on: date, last_on: date
) -> Iterator[Agreement]:
    """One agreement per unit; the items go round among the active ones, and some of those due are kept."""
    active = [unit for unit in units if unit.active] or units[:1]
    for at, unit in enumerate(units):
        own = [number for number in range(items) if active and active[number % len(active)] is unit]
        draw = stream(key, f"agreement {uid} {at}")
        yield Agreement(
            uid=f"{uid}-{at + 1}",
            title=f"与{unit.name}共驻共建协议书",
            units=(unit.name,),
            first_on=first_on,
            last_on=last_on,
            signed_on=first_on,
            items=tuple(_item(draw, unit, uid, number, last_on) for number in own),
        )


def _item(draw: Random, unit: PartnerUnit, uid: str, number: int, last_on: date) -> PledgedItem:
    amount = draw.randint(1, 6)
    return PledgedItem(
        key=f"{uid}-item-{number + 1}",
        unit=unit.name,
        title=unit.offer.title,
        line_key=line_key("resources", [unit.name, unit.offer.title]),
        amount=amount,
        done=min(amount, draw.randint(0, amount + 2)),
        due_on=date(last_on.year, draw.randint(1, last_on.month), 20),
    )
