"""Which words of a line everybody may read, in the reader's language. Pure.

A resident's own words may say more about their health than they meant for strangers, so everybody sees the kind of help instead
(`marketplace.public_words`); contact, exact place, remark and whom it serves are on no card at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.categories import CategoryTree, default_tree
from marketplace.planning.problem.wording import amount
from marketplace.public_words import kind_of_help, public_need, what_of
from marketplace.values import (
    Activity,
    Calendar,
    Need,
    Place,
    Project,
    Quantity,
    Resource,
    Unit,
    Urgency,
    Week,
    When,
    Window,
)

WEEKS_AHEAD = 3
_PER_ZH = {"total": "", "occasion": "每次", "day": "每天", "week": "每周", "month": "每月", "term": "每学期"}
_PER_EN = {
    "total": "", "occasion": " each time", "day": " a day", "week": " a week", "month": " a month", "term": " a term",
}  # fmt: skip
_SOURCE = {"resident": ("居民", "resident"), "community": ("社区", "community"), "unit": ("单位", "unit")}
_TIERS = {Urgency.URGENT: 0, Urgency.NORMAL: 1, Urgency.LOW: 2}


class Slot(StrEnum):
    """A part of the coming days by which a list is narrowed."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEKEND = "weekend"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One line as everybody may read it.

    Attributes:
        lead: who offers, leads or asks, as a body; "" for a resident.
        about: one more sentence: conditions of a resource, content of a project.
        unpaid: False for 低偿 and 有偿; percent: progress of a project.
    """

    kind: str
    key: str
    title: str
    category: str = ""
    grid: str = ""
    when: str = ""
    quantity: str = ""
    urgency: str = "normal"
    source: str = ""
    lead: str = ""
    about: str = ""
    reach: str = ""
    state: str = ""
    filed_on: date | None = None
    unpaid: bool = True
    percent: int | None = None


def of_need(
    need: Need,
    lang: str,
    *,
    lead: str = "",
    tree: CategoryTree | None = None,
) -> Card:
    """The public card of a need; `lead` is the name of the unit."""
    need = public_need(need)
    category = kind_of_help(need.categories, lang, tree) or need.category_phrase
    return Card(
        kind="needs",
        key=need.line_key,
        title=what_of(need, lang, tree),
        category=category,
        grid=need.place.grid,
        when=of_when(need.when, lang),
        quantity=of_quantity(need.quantity, lang),
        urgency=need.urgency.value,
        source=_said(*_SOURCE.get(need.source, ("", "")), lang),
        lead=lead,
        filed_on=need.filed_on,
    )


def of_resource(resource: Resource, lang: str, *, lead: str = "", tree: CategoryTree | None = None) -> Card:
    """The public card of a resource of a unit or a team, whose name `lead` is."""
    return Card(
        kind="resources",
        key=resource.line_key,
        title=resource.title,
        category=label(resource.categories, lang, tree) or resource.category_phrase,
        when=of_when(resource.when, lang),
        quantity=of_quantity(resource.quantity, lang),
        lead=lead,
        about=resource.conditions,
        reach=resource.reach,
        unpaid=resource.free,
    )


def of_activity(activity: Activity, lang: str) -> Card:
    """The card of an activity; its place is a public one."""
    return Card(
        kind="activities",
        key=activity.line_key,
        title=activity.title,
        grid=activity.place.text,
        when=of_when(activity.when, lang),
        quantity=of_quantity(activity.helpers, lang) if activity.helpers else "",
        lead=activity.lead,
        about=activity.rota,
        reach=activity.audience,
        state=activity.state,
    )


def of_project(project: Project, lang: str) -> Card:
    """The card of a project."""
    return Card(
        kind="projects",
        key=project.line_key,
        title=project.title,
        when=of_when(project.due, lang),
        quantity=project.requires,
        lead="、".join((project.lead, *project.partners)) if project.partners else project.lead,
        about=project.content,
        state=project.state,
        percent=project.progress_percent,
    )


def without_private(need: Need) -> Need:
    """A need for a public file: the grid for a place, and nothing that names or describes a person."""
    need = public_need(need)
    return Need(
        line_key=need.line_key,
        title=need.title,
        source=need.source,
        categories=need.categories,
        category_phrase=need.category_phrase,
        place=Place(text=need.place.grid, grid=need.place.grid),
        when=need.when,
        quantity=need.quantity,
        urgency=need.urgency,
        filed_on=need.filed_on,
    )


def label(codes: Iterable[str], lang: str, tree: CategoryTree | None = None) -> str:
    """What the first category is called; "" without one."""
    tree = tree or default_tree()
    return next((tree.label(code, lang) for code in codes if code in tree.categories), "")


def of_when(when: When, lang: str) -> str:
    """The time as we read it, else as it was written."""
    said = when.said_en if lang == "en" else when.said_zh
    if when.question is None:
        return said or when.phrase
    return when.phrase or _said(when.question.zh, when.question.en, lang)


def of_quantity(quantity: Quantity, lang: str) -> str:
    """The quantity as written, in Chinese; put together again in English, which nobody wrote."""
    if lang != "en":
        return (
            quantity.phrase or f"{_PER_ZH[quantity.per.value]}{amount(quantity.amount, quantity.unit, 'zh')}"
        )
    counted = amount(quantity.amount, quantity.unit, "en")
    if quantity.amount == 1:
        counted = "1 person" if quantity.unit is Unit.PERSON else counted.removesuffix("s")
    said = counted + _PER_EN[quantity.per.value]
    return f"{said}, {quantity.minutes_each} min each" if quantity.minutes_each else said


def coming(when: When, today: date, *, calendar: Calendar, zone: ZoneInfo) -> tuple[Window, ...]:
    """The stretches of a time from today on, four weeks ahead, by the office's own holidays; empty while its reading is doubted."""
    first = Week.of(today)
    weeks = [first] + [
        Week.of(first.monday_on + timedelta(weeks=ahead)) for ahead in range(1, WEEKS_AHEAD + 1)
    ]
    return tuple(
        window
        for week in weeks
        for window in when.windows_in(week, calendar, zone=zone)
        if window.ends_at.date() >= today
    )


def falls_in(windows: Iterable[Window], slot: Slot, *, today: date, zone: ZoneInfo) -> bool:
    """Whether any of the stretches touches this part of the coming days."""
    return any(_touches(window, slot, today=today, zone=zone) for window in windows)


def by_urgency(needs: Iterable[Need]) -> list[Need]:
    """Needs as a volunteer should meet them: urgent first, then the longest waiting."""
    return sorted(needs, key=lambda need: (_TIERS[need.urgency], need.filed_on, need.line_key))


def categories_used(
    codes: Iterable[str], lang: str, tree: CategoryTree | None = None
) -> list[tuple[str, str]]:
    """(code, label) of the top branches that these categories belong to, by label; for a filter."""
    tree = tree or default_tree()
    tops: dict[str, str] = {}
    for code in codes:
        if code in tree.categories:
            top = (code, *tree.ancestors(code))[-1]
            tops[top] = tree.label(top, lang)
    return sorted(tops.items(), key=lambda one: one[1])


def belongs(codes: Iterable[str], top: str, tree: CategoryTree | None = None) -> bool:
    """Whether any of the categories is `top` or stands below it."""
    tree = tree or default_tree()
    return any(code in tree.categories and (code == top or top in tree.ancestors(code)) for code in codes)


def _touches(window: Window, slot: Slot, *, today: date, zone: ZoneInfo) -> bool:
    starts, ends = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    match slot:
        case Slot.TODAY:
            return starts.date() <= today <= ends.date()
        case Slot.TOMORROW:
            return starts.date() <= today + timedelta(days=1) <= ends.date()
        case Slot.WEEKEND:
            return starts.weekday() >= 5
        case Slot.MORNING:
            return starts.time() < time(12)
        case Slot.AFTERNOON:
            return starts.time() < time(18) and ends.time() > time(12)
        case Slot.EVENING:
            return ends.time() > time(18)


def _said(zh: str, en: str, lang: str) -> str:
    return en if lang == "en" else zh
