"""Rows of the needs list and of the resources list."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from marketplace.age_words import facts_in_words
from marketplace.ages import may_be_minor
from marketplace.hanzi import simplified
from marketplace.lists.programmes import by_then
from marketplace.lists.reading import RowReading, line_key, place_in
from marketplace.quantities import Offered, counting, read_quantity, says_together
from marketplace.text import compared, harmless
from marketplace.times import with_notice
from marketplace.times.reader import with_exceptions
from marketplace.values import Looseness, Need, Per, Quantity, Resource, Unit, Urgency, When

_SOURCES = {
    "resident": ("居民", "个人", "群众", "家庭", "resident", "neighbour", "person"),
    "community": ("社区", "居委会", "网格", "community", "committee"),
    "unit": ("单位", "共建单位", "学校", "企业", "unit", "organisation"),
}
_URGENCY = {
    Urgency.LOW.value: ("不急", "不紧急", "缓", "低", "low", "noturgent"),
    Urgency.URGENT.value: ("紧急", "特急", "急", "加急", "高", "urgent", "high"),
    Urgency.NORMAL.value: ("一般", "普通", "正常", "中", "normal", "medium"),
}
_CHANNELS = {
    "phone": ("电话", "热线", "phone", "hotline"),
    "desk": ("移动办公桌", "服务台", "窗口", "现场", "desk"),
    "grid_visit": ("网格员走访", "走访", "入户", "gridvisit", "visit"),
    "message_book": ("留言簿", "留言", "messagebook"),
    "wish_wall": ("心愿墙", "wishwall"),
    "talk_day": ("居民说事日", "说事日", "说事", "talkday"),
    "suggestion_box": ("意见箱", "suggestionbox"),
    "community": ("社区", "居委会", "community"),
    "unit": ("单位", "unit"),
    "online": ("网上", "微信", "小程序", "online", "web"),
}
_KINDS = {
    "place": ("场地", "场所", "房间", "place", "room", "venue"),
    "equipment": ("设备", "设施", "器材", "equipment"),
    "vehicle": ("车辆", "用车", "vehicle", "transport"),
    "meals": ("餐食", "助餐", "meals", "food"),
    "goods": ("物品", "物资", "实物", "goods"),
    "funds": ("资金", "资金物品", "资助", "funds", "money"),
    "people": ("人才", "师资", "技能", "志愿者", "人力", "服务", "people", "skill", "volunteers"),
}
_KIND_OF_BRANCH = {"venue": "place", "equipment": "equipment", "meals": "meals", "material_aid": "funds"}
# Needs of these are needs of things: a bare number counts them.
_OF_THINGS = frozenset({"material_aid", "aids", "equipment", "sound", "furniture"})
_OFFERED = {
    "place": Offered.PLACE, "meals": Offered.MEALS, "goods": Offered.GOODS, "equipment": Offered.GOODS, "vehicle": Offered.GOODS,
}  # fmt: skip
_OPEN_HOURS = (When().day_starts, When().day_ends)
_TEAM_WORDS = ("服务队", "志愿队", "志愿者队", "社团", "突击队", "team", "协会")


def read_need(reading: RowReading) -> Need:
    """The need a row states."""
    filed_on = reading.day("filed_on")
    phrase, title, served = reading.text("category"), reading.text("title"), reading.text("served")
    remark = reading.text("remark")
    categories = reading.of_need(phrase, title)
    if not categories:
        reading.doubt("category_unknown", "category")
    elif not reading.understands(phrase, title):
        proposed = "、".join(reading.tree.label(code) for code in categories)
        reading.doubt("category_unsure", "title", proposed=proposed)
    branches = _branches(reading, categories)
    quantity = _wanted(reading, branches)
    quantity = _for_each_served(quantity, served)
    if quantity.helpers > 1 and says_together(title):
        quantity = replace(quantity, together=True)
    if re.search("方言|少数民族语|dialect|speaks only", remark + title):
        reading.note("language_wish", "remark")
    _claimed(reading)
    place = place_in(reading.text("place"))
    source = reading.word("source", _SOURCES, "resident")
    when = _needed_when(reading, filed_on, quantity.minutes_each)
    if when.minutes_each and not quantity.minutes_each:
        # 周三下午,两小时: the time says how long a visit takes.
        quantity = replace(quantity, minutes_each=when.minutes_each)
    return Need(
        line_key=line_key("needs", [source, place.text, title, served, filed_on.isoformat()]),
        title=title,
        source=source,
        categories=categories,
        category_phrase=phrase,
        served=served,
        place=place,
        when=when,
        quantity=quantity,
        urgency=Urgency(reading.word("urgency", _URGENCY, Urgency.NORMAL.value)),
        channel=reading.word("channel", _CHANNELS, "other"),
        filed_on=filed_on,
        contact=_contact(reading),
        private_note=harmless(" ".join(filter(None, (reading.text("detail"), remark)))),
        heavy=bool(re.search("搬|抬|扛|重物|heavy|carry", title)),
        splittable=quantity.unit is not Unit.SEAT,
    )


def _contact(reading: RowReading) -> str:
    """Whom to ask, and their number where it has a column of its own."""
    named, phone = reading.text("contact"), reading.text("phone")
    return named if phone in named else harmless(" ".join(filter(None, (named, phone))))


def _wanted(reading: RowReading, branches: set[str]) -> Quantity:
    """How much is asked for; a column of helpers says how many people are to come."""
    helpers = bool(reading.text("helpers"))
    if helpers and not reading.text("quantity"):
        return reading.quantity("helpers", helpers=True)
    quantity = reading.quantity("quantity", offered_in_need(branches))
    if helpers:
        wanted = reading.quantity("helpers", helpers=True)
        if wanted.helpers and quantity.helpers and wanted.helpers != quantity.helpers:
            known = {"one": str(quantity.helpers), "other": str(wanted.helpers)}
            reading.doubt("helpers_differ", "helpers", **known)
        quantity = replace(quantity, helpers=wanted.helpers or quantity.helpers)
    return quantity


def _needed_when(reading: RowReading, filed_on: date, minutes: int) -> When:
    """The time wished for; where there is none, the day by which it is needed."""
    if reading.text("when") or not reading.text("due"):
        return reading.when("when", filed_on=filed_on, minutes=minutes)
    found = by_then(reading, "due", filed_on=filed_on)
    if found.looseness is not Looseness.BY_DATE or found.question is not None:
        return found
    # A bare day of this column means until that day; its words say so wherever the line goes.
    return replace(found, phrase=found.said_en if reading.column("due").isascii() else found.said_zh)


def _claimed(reading: RowReading) -> None:
    """A need somebody took already, or that is done, is asked about before it stands on the list as open."""
    if taker := reading.text("claimed_by"):
        reading.doubt("need_claimed", "claimed_by", text=taker)
    state = reading.text("state")
    if re.search(
        r"(?<![未待没])(?:已|完成|办结|认领|结束|取消)|\b(?:done|closed|completed?|cancelled|filled|fulfilled)\b",
        state.casefold(),
    ):
        reading.doubt("need_done", "state", text=state)


def offered_in_need(branches: Collection[str]) -> Offered:
    """What a need of these branches counts beside people."""
    if "venue" in branches:
        return Offered.PLACE
    if "meals" in branches:
        return Offered.MEALS
    return Offered.GOODS if _OF_THINGS & set(branches) else Offered.ANY


def _for_each_served(quantity: Quantity, served: str) -> Quantity:
    """10分钟/人 for 空巢老人3人 is three people of ten minutes each."""
    people = re.search(r"(\d+)\s*(?:人|位|名)", served)
    if people and re.search(r"/\s*(?:人|位|名)", quantity.phrase) and quantity.amount == 1:
        return replace(quantity, amount=int(people[1]), unit=Unit.PERSON)
    return quantity


def _branches(reading: RowReading, categories: tuple[str, ...]) -> set[str]:
    """The first category with all that stand above it."""
    return {categories[0], *reading.tree.ancestors(categories[0])} if categories else set()


def read_resource(reading: RowReading) -> Resource:
    """The resource a row states."""
    owner, title = reading.text("owner"), reading.text("title")
    phrase, conditions = reading.text("kind"), reading.text("conditions")
    categories = reading.of_resource(phrase, title)
    if not categories:
        reading.doubt("category_unknown", "title")
    kind = _kind(reading, categories)
    free = _is_free(reading)
    reach = reading.text("reach")
    owner_type = reading.text("owner_type")
    return Resource(
        line_key=line_key("resources", [owner, title]),
        title=title,
        owner=owner,
        owner_kind="team" if any(word in (owner + owner_type).casefold() for word in _TEAM_WORDS) else "unit",
        owner_type=owner_type,
        kind=kind,
        categories=categories,
        category_phrase=phrase,
        when=_on_conditions(reading, conditions),
        quantity=_offered(reading, kind),
        reach=reach,
        reach_grids=tuple(dict.fromkeys(re.findall(r"[一二三四五六七八九十\d]+网格", reach))),
        conditions=conditions,
        contact=_contact(reading),
        free=free,
        minor=may_be_minor(facts_in_words(owner_type, said_on=reading.table.filed_on, source="owner_type")),
        light_work_only=bool(re.search("不做重活|轻活|不搬重物|light work", conditions)),
    )


def _on_conditions(reading: RowReading, conditions: str) -> When:
    """The times of an offer with the warning and the days off that its conditions add (提前2天预约, 期末(1月)停止).

    Other times among the conditions (21点前离校) are noted for a person; most conditions say nothing of time.
    """
    filed_on = reading.table.filed_on
    when = reading.when("when", filed_on=filed_on)
    if not conditions:
        return when
    said = reading.time(conditions, filed_on=filed_on)
    asked = said.question
    if asked is not None and asked.code == "exception_unread":
        reading.asked(asked, "conditions")
    elif said.recurrences or said.windows or (said.day_starts, said.day_ends) != _OPEN_HOURS:
        reading.note("condition_time", "conditions", text=conditions)
    return with_exceptions(with_notice(when, said.notice_days), said)


def _offered(reading: RowReading, kind: str) -> Quantity:
    helpers = offers_helpers(kind, reading.raw("quantity"))
    return as_offered(kind, reading.quantity("quantity", _OFFERED.get(kind, Offered.ANY), helpers=helpers))


def offers_helpers(kind: str, phrase: str) -> bool:
    """People offered are helpers, unless counted per occasion: 每次12人 are customers, 21人 a team."""
    return kind == "people" and not re.search("每次|每场|/次|per ", phrase)


def as_offered(kind: str, quantity: Quantity) -> Quantity:
    """So many cars are so many trips on each occasion."""
    if kind == "vehicle" and quantity.unit is Unit.ITEM:
        return replace(quantity, unit=Unit.TRIP, per=Per.OCCASION)
    return quantity


def counted_again(kind: str, phrase: str) -> Quantity:
    """The phrase as the column 数量 of an offer of this kind counts it."""
    counts = counting("resources", "quantity", _OFFERED.get(kind, Offered.ANY))
    if offers_helpers(kind, phrase):
        counts = replace(counts, people=Unit.HELPER)
    return as_offered(kind, read_quantity(simplified(phrase), counts))


def _kind(reading: RowReading, categories: tuple[str, ...]) -> str:
    """The kind the column names; without a column the category's branch tells."""
    if reading.text("kind"):
        return reading.word("kind", _KINDS, "people")
    branches = _branches(reading, categories)
    return next((kind for branch, kind in _KIND_OF_BRANCH.items() if branch in branches), "people")


def _is_free(reading: RowReading) -> bool:
    """无偿 and an empty cell are free; 低偿 and 有偿 are not."""
    text = compared(reading.text("free"))
    if not text or text in ("无偿", "免费", "是", "free", "yes", "公益", "不收费"):
        return True
    reading.note("not_free", "free", text=reading.text("free"))
    return False
