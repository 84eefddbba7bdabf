"""Shapes of a quantity that are more than a number and its unit, taken off the text before the counting.

3-5人 and 两三个人 have two ends, 男2女3 a sum, 每户一份 a limit for each, 4场×20人 and 共6小时,分3次 two numbers that belong
together. What is left of the text counts as ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.text import chinese_int

_N = r"(?:\d+|[一二两三四五六七八九十百]+)"
_DIGITS = "一二三四五六七八九"
_THINGS = "张份件个袋盒箱本套瓶包把只"
_VAGUE = re.compile(
    r"若干|不定|不固定|视情况|看情况|多多益善|越多越好|不等|一批|一些|几个|几名|几人|几次|数名|\bseveral\b|\ba few\b|\bsome\b|\bmany\b"
    r"|\d\s*\+(?!\d)|^长期$|^常年$"
)


@dataclass(slots=True)
class Shapes:
    """What the shapes of a phrase say.

    Attributes:
        at_most: the upper end of a range, 0 for none.
        limit_each: the most for each person or household, 0 for none.
        sessions, each_holds: 4 and 20 of 4场×20人.
        visits, minutes_each: 3 and 120 of 共6小时,分3次 and of 3 x 2h.
        seats: 7 of 1车(7座).
        detail: words kept beside the number (2男3女).
        about: the word that makes a number a guess (余).
    """

    at_most: int = 0
    limit_each: int = 0
    sessions: int = 0
    each_holds: int = 0
    visits: int = 0
    minutes_each: int = 0
    seats: int = 0
    detail: str = ""
    about: str = ""


def is_vague(text: str) -> bool:
    """True for words that name no number at all."""
    return _VAGUE.search(text) is not None


def take_shapes(text: str) -> tuple[str, Shapes]:
    """The text without its shapes, each replaced by the plain count it stands for."""
    shapes = Shapes()
    for take in (_sexes, _limit, _sessions, _parts_of_total, _visits_of_hours, _seats, _some_more, _range):
        text = take(text, shapes)
    return text, shapes


def _number(text: str) -> int:
    return chinese_int(text) or 0


def _sexes(text: str, shapes: Shapes) -> str:
    found = re.search(
        rf"男女各\s*(?P<each>{_N})\s*[名人位个]?|({_N})\s*名?男[、,和]?\s*({_N})\s*名?女|男[生性]?({_N})[名人]?[、,和]?\s*女[生性]?({_N})[名人]?",
        text,
    )
    if not found:
        return text
    if found["each"]:
        shapes.detail = found[0]
        return f"{text[: found.start()]}{2 * _number(found['each'])}人{text[found.end() :]}"
    first, second = (_number(one) for one in found.groups() if one)
    shapes.detail = found[0]
    return f"{text[: found.start()]}{first + second}人{text[found.end() :]}"


def _limit(text: str, shapes: Shapes) -> str:
    for pattern in (
        rf"每[人户家位](?:每[次月周年天])?(?:限领?|最多|限购|至多)?\s*({_N})\s*[{_THINGS}次回]",
        r"(?:max(?:imum)? |up to |limit (?:of )?)?(\d+) (?:each|per (?:person|household|family))(?! session)",
    ):
        found = re.search(pattern, text)
        if found:
            shapes.limit_each = _number(found[1])
            return f"{text[: found.start()]} {text[found.end() :]}"
    return text


def _sessions(text: str, shapes: Shapes) -> str:
    """4场×20人, 每场20人,共4场, 6 sessions of 10 people."""
    for pattern, order in (
        (
            rf"共?({_N})\s*[场期班]\s*[×,、(]?\s*(?:每[场期班])?(?:限额?|可容纳|接待|不超过|最多|至多)?\s*({_N})\s*[人名]\)?",
            (1, 2),
        ),
        (rf"每[场期班]({_N})\s*[人名]\s*[,、]?\s*(?:共|一共)({_N})\s*[场期班]", (2, 1)),
        (r"(\d+) sessions? (?:of|for|with) (?:up to )?(\d+)(?: (?:people|persons|students|places))?", (1, 2)),
    ):
        found = re.search(pattern, text)
        if found and ("×" in found[0] or "每" in found[0] or found[0].isascii()):
            shapes.sessions, shapes.each_holds = (_number(found[one]) for one in order)
            return f"{text[: found.start()]} {text[found.end() :]}"
    return text


def _parts_of_total(text: str, shapes: Shapes) -> str:
    found = re.search(rf"共?\s*({_N})\s*个?(?:小时|钟头)\s*[,、]?\s*分({_N})[次回]", text)
    if not found:
        return text
    minutes, visits = _number(found[1]) * 60, _number(found[2])
    if not visits or minutes % visits:
        return text
    shapes.visits, shapes.minutes_each = visits, minutes // visits
    return f"{text[: found.start()]} {text[found.end() :]}"


def _visits_of_hours(text: str, shapes: Shapes) -> str:
    found = re.fullmatch(r"\s*(\d+)\s*×\s*(\d+)\s*(小时|h|hrs?|hours?|mins?|minutes?|分钟)\s*", text)
    if found:
        minutes = int(found[2]) * (1 if found[3].startswith(("min", "分")) else 60)
    else:
        found = re.fullmatch(r"\s*(\d+) hours? each,? (?:max )?(\d+) visits?\s*", text)
        if not found:
            return text
        shapes.visits, shapes.minutes_each = int(found[2]), int(found[1]) * 60
        return ""
    shapes.visits, shapes.minutes_each = int(found[1]), minutes
    return ""


def _seats(text: str, shapes: Shapes) -> str:
    """1车(7座), 一间,可坐30人, one van, 8 seats: the seats count."""
    found = re.fullmatch(
        rf"\s*[1一]\s*(?:[辆车台间处]|van|car|bus|minibus|room|hall)\s*[,(、]?\s*(?:可坐|能坐|可容纳|容纳|with )?\s*({_N})\s*"
        r"(?:座|席|人|seats?|people)\)?\s*",
        text,
    )
    if not found:
        return text
    shapes.seats = _number(found[1])
    return ""


def _some_more(text: str, shapes: Shapes) -> str:
    """十余人, 20多次, 十来个人: at least the number."""
    found = re.search(rf"({_N})\s*([余多来])(?=\s*(?:个?人|[名位次户份件场]))", text)
    if not found:
        return text
    shapes.about = found[2]
    return f"{text[: found.start()]}{_number(found[1])}{text[found.end() :]}"


def _range(text: str, shapes: Shapes) -> str:
    """3-5人, 2 or 3, 两三个人: the lower end counts, the upper is kept."""
    found = re.search(
        rf"(?<![\d.:])({_N})\s*[人名位次户个]?\s*(?:[-~–—]|至|到|or|to)\s*({_N})(?![\d.:]|\s*(?:点|月|日|号|分|个?(?:半|小时|钟头)|hours?|hrs?|h\b|mins?))",
        text,
    )
    if found and 0 < _number(found[1]) < _number(found[2]):
        shapes.at_most = _number(found[2])
        return f"{text[: found.start()]}{_number(found[1])}{text[found.end() :]}"
    spoken = re.search(
        rf"(?<![十百{_DIGITS}\d])([{_DIGITS}两])([{_DIGITS}])(?=\s*(?:个?人|[名位次户个份件场]))", text
    )
    if spoken and _number(spoken[2]) == _number(spoken[1]) + 1:
        shapes.at_most = _number(spoken[2])
        return f"{text[: spoken.start()]}{_number(spoken[1])}{text[spoken.end() :]}"
    return text
