"""Whom help is for: groups of people read from what a list says (空巢老人, 小学生), so that a helper may choose.

A helper who chose elders also serves those living alone; one who chose the very old is not sent to others. Nothing is
concluded from a phrase that names no group: such a need is open to every helper. Whose need it is stays private, so
only codes go to the planner, and no sentence of a plan names them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marketplace.text import folded

ELDER = "elder"
UNCLEAR = "unclear"
"""A wish that names no group; its words may name a person, so they stay with the person and only this goes further."""
_AGE = re.compile(r"(\d{2,3})\s*岁")
_ELDER_FROM, _VERY_OLD_FROM = 60, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of people; `parent` is the wider group, "" for none; `words` are those a list writes."""

    code: str
    zh: str
    en: str
    parent: str = ""
    words: tuple[str, ...]


def read_groups(text: str) -> Mapping[str, Group]:
    """The groups written in TOML, in the form of `data/groups.toml`, by their code."""
    found = (
        Group(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            parent=row.get("parent", ""),
            words=tuple(row["words"]),
        )
        for row in tomllib.loads(text)["group"]
    )
    return {group.code: group for group in found}


@cache
def all_groups() -> Mapping[str, Group]:
    """The groups that ship with the package."""
    return read_groups(files("marketplace").joinpath("data/groups.toml").read_text("utf-8"))


def groups_of(phrase: str, known: Mapping[str, Group] | None = None) -> tuple[str, ...]:
    """Codes of the groups a phrase names, the narrowest only; empty when it names none (居民, 合唱队30人)."""
    groups, text = known or all_groups(), folded(phrase).casefold()
    found = {code for code, group in groups.items() if any(word in text for word in group.words)}
    for age in _AGE.findall(text):
        if int(age) >= _ELDER_FROM:
            found.add("very_old" if int(age) >= _VERY_OLD_FROM else ELDER)
    wider = {groups[code].parent for code in found if code in groups}
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
    return any(code in serves or _parent(code) in serves for code in groups)


def _parent(code: str) -> str:
    return all_groups()[code].parent if code in all_groups() else ""
