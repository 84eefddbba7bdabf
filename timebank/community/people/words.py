"""What the pages of people call things."""

from __future__ import annotations

from marketplace.ages import AgeFact, AgeSort
from timebank.web import i18n

_ = i18n.gettext

LIVES = {
    "active": i18n.lazy("在社区"),
    "left": i18n.lazy("已离开"),
    "died": i18n.lazy("已去世"),
    "joined": i18n.lazy("已并入另一份档案"),
    "erased": i18n.lazy("已注销"),
}
CHANGES = {
    "join": i18n.lazy("两份档案合成一份"),
    "death": i18n.lazy("去世"),
    "move": i18n.lazy("搬家"),
    "leave": i18n.lazy("离开"),
    "erase": i18n.lazy("删除个人信息"),
}
STATES = {
    "waits": i18n.lazy("等第二个人确认"),
    "done": i18n.lazy("办好了"),
    "dropped": i18n.lazy("没有办"),
    "undoing": i18n.lazy("等第二个人撤回"),
    "undone": i18n.lazy("撤回了"),
}
STANDS = {
    "unasked": (i18n.lazy("还没有问过"), "wait"),
    "given": (i18n.lazy("同意了"), "done"),
    "taken_back": (i18n.lazy("没有同意"), "wait"),
}
"""Where a consent stands, and the kind of its tag."""
HEARD = {
    "page": i18n.lazy("本人在网页上按的"),
    "phone": i18n.lazy("电话里说的"),
    "counter": i18n.lazy("当面说的"),
    "paper": i18n.lazy("纸上签的"),
}
READERS = {
    "desk": i18n.lazy("社区工作人员"),
    "helper": i18n.lazy("来帮忙的人"),
    "proxy": i18n.lazy("代办人"),
    "other": i18n.lazy("其他人"),
}
"""In what capacity somebody read a private card."""
WHOSE = {"": i18n.lazy("本人"), "guardian": i18n.lazy("监护人"), "emergency": i18n.lazy("紧急联系人")}
SIZES = (
    ("", i18n.lazy("随页面")),
    ("standard", i18n.lazy("标准字")),
    ("elder", i18n.lazy("大字")),
    ("elder-xl", i18n.lazy("特大字")),
)
CORRECTIONS = ("correct_member", "save_profile")
"""What the log calls a change of a record."""
FIELDS = {
    "name": i18n.lazy("姓名"), "called": i18n.lazy("怎么称呼"), "number": i18n.lazy("马甲编号"), "phone": i18n.lazy("电话"),
    "guardian_phone": i18n.lazy("监护人电话"), "emergency_phone": i18n.lazy("紧急联系人电话"), "address": i18n.lazy("住址"),
    "occupation": i18n.lazy("身份"), "health_note": i18n.lazy("要留意"), "size": i18n.lazy("字的大小"),
    "age": i18n.lazy("年龄或出生日期"),
}  # fmt: skip
WORDS = {"lives": LIVES, "changes": CHANGES, "change_states": STATES, "whose": WHOSE}


def age_said(fact: AgeFact | None) -> str:
    """What is known of an age, in words, with the day it was said."""
    if fact is None:
        return ""
    match fact.sort:
        case AgeSort.BORN_ON:
            return _("生于 %(day)s", day=fact.value)
        case AgeSort.BORN_YEAR:
            return _("生于 %(year)s 年", year=fact.value)
        case AgeSort.AGE:
            return _("%(years)s 岁（%(day)s 说的）", years=fact.value, day=fact.said_on.isoformat())
        case AgeSort.GRADE:
            return _("上 %(grade)s 年级（%(day)s 说的）", grade=fact.value, day=fact.said_on.isoformat())
        case AgeSort.OF_AGE:
            return _("已满 18 岁")
        case AgeSort.MINOR_SAID:
            return _("未满 18 岁（%(day)s 说的）", day=fact.said_on.isoformat())
