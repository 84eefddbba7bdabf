"""Whom help is for: groups of people read from what a list says (空巢老人, 小学生), so that a helper may choose.

A helper who chose elders also serves those living alone; one who chose the very old is not sent to others. Nothing is
concluded from a phrase that names no group: such a need is open to every helper. Whose need it is stays private, so
only codes go to the planner, and no sentence of a plan names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from marketplace.text import folded

ELDER, CHILD, DISABLED, LOW_INCOME = "elder", "child", "disabled", "low_income"
UNCLEAR = "unclear"
"""A wish that names no group; its words may name a person, so they stay with the person and only this goes further."""
PARENTS = {
    "very_old": ELDER,
    "empty_nest": ELDER,
    "living_alone": ELDER,
    "frail": ELDER,
    "pupil": CHILD,
    "left_behind": CHILD,
}
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("very_old", ("高龄",)),
    ("empty_nest", ("空巢",)),
    ("living_alone", ("独居", "孤寡", "孤老")),
    ("frail", ("失能", "行动不便", "卧床")),
    (ELDER, ("老人", "老年", "长者", "老伯", "婆婆")),
    ("left_behind", ("留守儿童",)),
    ("pupil", ("小学生", "初中生", "中学生", "学生")),
    (CHILD, ("儿童", "孩子", "青少年", "未成年")),
    (DISABLED, ("残疾", "残障", "盲人", "聋人")),
    (LOW_INCOME, ("低保", "困难", "困境", "特困")),
    ("migrant", ("外来", "流动人口", "务工")),
    ("veteran", ("退役", "军属", "优抚")),
)
_AGE = re.compile(r"(\d{2,3})\s*岁")
_ELDER_FROM, _VERY_OLD_FROM = 60, 80


def groups_of(phrase: str) -> tuple[str, ...]:
    """Codes of the groups a phrase names, the narrowest only; empty when it names none (居民, 合唱队30人)."""
    text = folded(phrase)
    found = {code for code, words in _WORDS if any(word in text for word in words)}
    for age in _AGE.findall(text):
        if int(age) >= _ELDER_FROM:
            found.add("very_old" if int(age) >= _VERY_OLD_FROM else ELDER)
    wider = {PARENTS[code] for code in found if code in PARENTS}
    return tuple(sorted(found - wider))


def wished_groups(phrases: Iterable[str]) -> tuple[str, ...]:
    """Codes of the groups that a helper's own words name; UNCLEAR for words that name none."""
    return tuple(dict.fromkeys(code for phrase in phrases for code in groups_of(phrase) or (UNCLEAR,)))


def chosen(serves: Iterable[str], groups: Iterable[str]) -> bool:
    """True when a helper who chose `serves` helps people of `groups`; an empty side leaves the other free.

    Whoever wished for something UNCLEAR is sent to no group until somebody has asked what was meant.
    """
    serves, groups = set(serves), set(groups)
    if not serves or not groups:
        return True
    return any(code in serves or PARENTS.get(code) in serves for code in groups)
