"""What the desk typed, read as a row of a file would be, beside the line it changes.

A time or a quantity whose words were left as they were keeps the reading that somebody agreed to once: "tomorrow" typed
last week is not read again as the day after today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from marketplace.categories import default_tree
from marketplace.lists import ListKind
from marketplace.lists.report import Line
from marketplace.lists.typed import confirmed, read_typed, typed_of
from marketplace.values import Activity, Need, Project, Refusal, Resource
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.lists.desk.owners import MEMBER, Owner
from timebank.store.places import calendars

Kept = Need | Resource | Activity | Project
# What a form sends for each kind of thing, as the readers of lists know it.
KIND_WORDS = {
    "people": "人才", "place": "场地", "equipment": "设备", "vehicle": "车辆", "meals": "餐食", "goods": "物品",
    "funds": "资金物品",
}  # fmt: skip
SOURCE_WORDS = {"resident": "居民", "community": "社区", "unit": "单位"}
URGENCY_WORDS = {"urgent": "紧急", "normal": "一般", "low": "不急"}
FREE_WORDS = {"yes": "无偿", "no": "低偿"}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KIND_WORDS, "source": SOURCE_WORDS, "urgency": URGENCY_WORDS, "free": FREE_WORDS,
}  # fmt: skip
CHOICES = frozenset(_WORDS)
_PHRASES = ("when", "quantity", "due", "helpers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the desk wrote down about one line.

    Attributes:
        cells: field of the list -> text as typed; kind, source, urgency and free hold the form's codes.
        category: chosen code; "" leaves it to the words.
        owner: `org:<code>`, `member:<uid>`, or "" for the community.
        sure: somebody has seen the doubts and says that the reading is right.
    """

    cells: Mapping[str, str]
    category: str = ""
    owner: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The line as read, with what stands in its way; `line` is None while a required field is empty."""

    line: Kept | None
    refused: tuple[BadField, ...] = ()
    can_be_sure: bool = False
    notes: tuple[Refusal, ...] = field(default_factory=tuple)


async def read(
    ctx: Context, community: str, kind: ListKind, written: Written, owner: Owner, before: Kept | None = None
) -> Reading:
    """The line that these words make, owned by `owner`; beside `before` when one is changed."""
    cells = {name: _WORDS.get(name, {}).get(text, text) for name, text in written.cells.items()}
    if kind is ListKind.RESOURCES:
        # The line's key is made of the name, as that of the same row in a file.
        named = owner.word if owner.kind == "volunteer" else owner.name
        cells |= {"owner": named, "owner_type": owner.subkind}
    read_as = read_typed(
        kind,
        cells,
        filed_on=ctx.today(),
        calendar=await calendars.calendar_of(ctx.engine, community, ctx.today()),
        zone=ctx.zone,
    )
    kept = _unchanged(before, cells)
    doubts = [one for one in read_as.doubts if one.field not in kept]
    if written.category:
        if written.category not in default_tree().categories:
            return Reading(
                line=None,
                refused=(BadField("没有这个类别。", "There is no such category.", field="category"),),
            )
        doubts = [one for one in doubts if not one.code.startswith("category_")]
    line = _ours(read_as.line, written, owner, before, kept)
    refused = [one for one in doubts if one.field in read_as.firm or not written.sure]
    if written.sure and line is not None:
        line = _kept_line(confirmed(line))
    return Reading(
        line=line,
        refused=tuple(BadField(one.zh, one.en, field=_at(one, kind)) for one in refused),
        can_be_sure=bool(doubts) and not any(one.field in read_as.firm for one in doubts),
        notes=read_as.notes,
    )


def typed_from(line: Kept) -> dict[str, str]:
    """The line as the form shows it for changing: words as they were written, codes where the form offers a choice."""
    typed = typed_of(line)
    if isinstance(line, Need):
        typed |= {"source": line.source, "urgency": line.urgency.value}
    if isinstance(line, Resource):
        typed |= {"kind": line.kind, "free": "yes" if line.free else "no"}
    if isinstance(line, Need | Resource):
        typed["category"] = line.categories[0] if line.categories else ""
    return typed


def fields_changed(before: Kept, after: Kept) -> tuple[str, ...]:
    """Which fields say something else than they did, for the history of the line."""
    old, new = typed_from(before), typed_from(after)
    named = [name for name in new if new.get(name) != old.get(name)]
    if isinstance(before, Need | Resource) and isinstance(after, Need | Resource):
        named += ["owner"] if before.owner != after.owner and "owner" not in named else []
    return tuple(named)


def _at(doubt: Refusal, kind: ListKind) -> str:
    """The field of the form at which a doubt is told: where the kind of help is in doubt, that is chosen."""
    offers_category = kind in (ListKind.NEEDS, ListKind.RESOURCES)
    return "category" if offers_category and doubt.code.startswith("category_") else doubt.field


def _unchanged(before: Kept | None, cells: Mapping[str, str]) -> frozenset[str]:
    """Times and quantities whose words were left as they were."""
    if before is None:
        return frozenset()
    was = typed_of(before)
    return frozenset(name for name in _PHRASES if name in was and cells.get(name, "") == was[name])


def _ours(
    read_as: Line | None, written: Written, owner: Owner, before: Kept | None, kept: frozenset[str]
) -> Kept | None:
    """The line with what a file cannot say: its owner, the category chosen, and what only the office knows of it."""
    if isinstance(read_as, Need):
        return _need(read_as, written, owner, before if isinstance(before, Need) else None, kept)
    if isinstance(read_as, Resource):
        return _resource(read_as, written, owner, before if isinstance(before, Resource) else None, kept)
    if isinstance(read_as, Activity):
        if not isinstance(before, Activity):
            return read_as
        held = {"when": before.when} if "when" in kept else {}
        helpers = {"helpers": before.helpers} if "helpers" in kept else {}
        return replace(read_as, line_key=before.line_key, **held, **helpers)  # type: ignore[arg-type]
    if isinstance(read_as, Project):
        if not isinstance(before, Project):
            return read_as
        due = before.due if "due" in kept else read_as.due
        return replace(read_as, line_key=before.line_key, due=due)
    return None


def _need(made: Need, written: Written, owner: Owner, before: Need | None, kept: frozenset[str]) -> Need:
    place = replace(made.place, grid=made.place.grid or owner.grid)
    made = replace(
        made,
        owner=owner.word,
        place=place,
        categories=_categories(written.category, made.categories),
        channel="desk",
    )
    if before is None:
        return made
    return replace(
        before,
        title=made.title,
        source=made.source,
        owner=made.owner,
        categories=made.categories,
        category_phrase=before.category_phrase if made.categories[:1] == before.categories[:1] else "",
        served=made.served,
        place=made.place,
        when=before.when if "when" in kept else made.when,
        quantity=before.quantity if "quantity" in kept else made.quantity,
        urgency=made.urgency,
        contact=made.contact,
        private_note=made.private_note,
        heavy=made.heavy,
        splittable=made.splittable,
    )


def _resource(
    made: Resource, written: Written, owner: Owner, before: Resource | None, kept: frozenset[str]
) -> Resource:
    made = replace(
        made,
        owner=owner.word,
        owner_kind=owner.kind,
        owner_type=owner.subkind,
        kind=written.cells.get("kind") or made.kind,
        categories=_categories(written.category, made.categories),
        category_phrase="",
    )
    if before is None:
        return made
    return replace(
        before,
        title=made.title,
        owner=made.owner,
        owner_kind=made.owner_kind,
        owner_type=made.owner_type,
        kind=made.kind,
        categories=made.categories,
        when=before.when if "when" in kept else made.when,
        quantity=before.quantity if "quantity" in kept else made.quantity,
        reach=made.reach,
        reach_grids=made.reach_grids,
        conditions=made.conditions,
        contact=made.contact,
        free=made.free,
        light_work_only=made.light_work_only or before.light_work_only,
    )


def _categories(chosen: str, read_as: tuple[str, ...]) -> tuple[str, ...]:
    return (chosen, *(code for code in read_as if code != chosen)) if chosen else read_as


def _kept_line(line: Line) -> Kept:
    assert isinstance(line, Need | Resource | Activity | Project)
    return line


def is_resident(owner: str) -> bool:
    """Whether a form names a resident as the owner."""
    return owner.startswith(f"{MEMBER}:")
