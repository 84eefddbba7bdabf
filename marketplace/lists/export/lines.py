"""A line in the words of its columns, so that the reader of lists reads the same line again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from marketplace.categories import CategoryTree
from marketplace.hanzi import simplified
from marketplace.lists.export.people import attendance_cells, volunteer_cells
from marketplace.lists.export.words import word
from marketplace.lists.offers import counted_again, offered_in_need
from marketplace.lists.report import Line
from marketplace.quantities import HELPERS, counting, read_quantity
from marketplace.values import (
    Activity,
    AttendanceEntry,
    Need,
    Project,
    Quantity,
    Resource,
    VolunteerEntry,
    When,
)

# Words that say what a bare number counts.
_COUNTED = ("名志愿者", "人次", "人", "座", "份", "次", "件", "场")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a list is written.

    Attributes:
        whole: for the office itself, to be read again; otherwise for a board, where a need that nobody gave a kind shows
            the kind it was taken for.
    """

    lang: str = "zh"
    whole: bool = False
    tree: CategoryTree

    @property
    def zh(self) -> bool:
        return self.lang.startswith("zh")


def cells_of(line: Line, style: Style) -> Mapping[str, str]:
    """Our field -> what its cell says."""
    match line:
        case Need():
            return _need(line, style)
        case Resource():
            return _resource(line, style)
        case Activity():
            return _activity(line, style)
        case Project():
            return _project(line, style)
        case VolunteerEntry():
            return volunteer_cells(line, lang=style.lang, tree=style.tree)
        case AttendanceEntry():
            return attendance_cells(line, lang=style.lang)


def _category(need: Need, style: Style) -> str:
    """The kind of help as written; its label where a person chose another kind than the words say.

    A whole list never writes a kind that was only proposed: read again, it would look as if somebody had said so.
    """
    phrase, codes = need.category_phrase, need.categories
    label = style.tree.label(codes[0], style.lang) if codes and codes[0] in style.tree.categories else phrase
    if style.whole and codes[:1] == style.tree.of_need(phrase, need.title)[:1]:
        return phrase if style.zh or not phrase else label
    return phrase if phrase and style.zh else label


def _when(when: When, style: Style) -> str:
    """The phrase as written; in English the reading, when there is one to trust."""
    if style.zh or when.question is not None or not when.said_en:
        return when.phrase
    return when.said_en if when.phrase else ""


def _quantity(quantity: Quantity | None) -> str:
    return quantity.phrase if quantity else ""


def _counted(quantity: Quantity, again: Callable[[str], Quantity]) -> str:
    """The quantity as written, with what it counts beside it where the column it stood in is no longer there (人数: 5)."""
    for before, after in (("", ""), *product(("", "每次"), _COUNTED)):
        phrase = f"{before}{quantity.phrase}{after}"
        if _counts_as(again(phrase)) == _counts_as(quantity):
            return phrase
    return quantity.phrase


def _counts_as(quantity: Quantity) -> Quantity:
    """What is left to compare where the words, and how many help beside it, are told elsewhere."""
    return replace(quantity, phrase="", helpers=0, together=False, question=None, notes=())


def _wanted(need: Need, style: Style) -> tuple[str, str]:
    """The cells of the quantity and, where it does not say how many are to come, of the helpers."""
    codes = [code for code in need.categories[:1] if code in style.tree.categories]
    branches = {*codes, *(above for code in codes for above in style.tree.ancestors(code))}
    counts = counting("needs", "quantity", offered_in_need(branches))
    written = simplified(need.quantity.phrase)
    plain = _counts_as(need.quantity)
    if plain != _counts_as(read_quantity(written, counts)) and plain == _counts_as(
        read_quantity(written, HELPERS)
    ):
        # Nobody wrote a quantity, only how many are to come.
        return "", need.quantity.phrase
    phrase = _counted(need.quantity, lambda text: read_quantity(simplified(text), counts))
    said, helpers = read_quantity(simplified(phrase), counts).helpers, need.quantity.helpers
    return phrase, str(helpers) if helpers > 1 and said != helpers else ""


def _need(need: Need, style: Style) -> Mapping[str, str]:
    quantity, helpers = _wanted(need, style)
    return {
        "source": word(need.source, style.lang),
        "place": need.place.text,
        "category": _category(need, style),
        "title": need.title,
        "served": need.served,
        "when": _when(need.when, style),
        "quantity": quantity,
        "helpers": helpers,
        "urgency": word(need.urgency.value, style.lang),
        "channel": word(need.channel, style.lang),
        "filed_on": need.filed_on.isoformat(),
        "contact": need.contact,
        "remark": need.private_note,
    }


def _resource(resource: Resource, style: Style) -> Mapping[str, str]:
    free = {True: ("无偿", "free"), False: ("低偿", "at low cost")}[resource.free]
    return {
        "owner": resource.owner,
        "owner_type": resource.owner_type,
        "kind": resource.category_phrase if style.zh else word(resource.kind, style.lang),
        "title": resource.title,
        "when": _when(resource.when, style),
        "quantity": _counted(resource.quantity, lambda text: counted_again(resource.kind, text)),
        "reach": resource.reach,
        "conditions": resource.conditions,
        "contact": resource.contact,
        "free": free[0 if style.zh else 1],
    }


def _activity(activity: Activity, style: Style) -> Mapping[str, str]:
    return {
        "title": activity.title,
        "lead": f"{activity.lead}({activity.rota})" if activity.rota else activity.lead,
        "when": _when(activity.when, style),
        "place": activity.place.text,
        "helpers": _quantity(activity.helpers),
        "audience": activity.audience,
        "state": activity.state,
    }


def _project(project: Project, style: Style) -> Mapping[str, str]:
    return {
        "title": project.title,
        "lead": project.lead,
        "partners": "、".join(project.partners),
        "content": project.content,
        "requires": project.requires,
        "due": _when(project.due, style),
        "progress": project.state if project.progress_percent is None else f"{project.progress_percent}%",
    }
