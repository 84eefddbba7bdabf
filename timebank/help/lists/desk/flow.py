"""Use cases of the desk that keeps the lists: put a line on a list, change it, take it off for a while, end it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from marketplace import store as lists
from marketplace.lists import ListKind
from marketplace.lists.reading import line_key
from marketplace.store.lines import Which
from marketplace.text import compared
from marketplace.values import Activity, Need, Project, Resource
from timebank.access import Actor, Facts, sees
from timebank.community.organising import is_office
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound, Stale
from timebank.help.lists.desk import owners, reading
from timebank.help.lists.desk.owners import Owner
from timebank.help.lists.desk.reading import Kept, Reading, Written
from timebank.help.on_the_way import end_need, refuse_while_coming
from timebank.rules.people.readings import why_of
from timebank.store.channels import news
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at

WHICH: dict[str, Which] = {
    "needs": "need", "resources": "resource", "activities": "activity", "projects": "project",
}  # fmt: skip
REASON_LENGTH_MAX = 120
# Stands in for an owner nobody knows, so that the other fields are read and told as well.
_SOMEBODY = Owner(word="某单位", kind="unit", name="某单位")


class Step(StrEnum):
    """What is done to a line as a whole."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class AlreadyListed(AlreadyDone):
    """A line with the same words stands on the list already; `key` says which."""

    code = "already_listed"
    zh = "清单上已经有这一条了，请改那一条。"
    en = "This line is on the list already. Please change that one."

    def __init__(self, key: str) -> None:
        super().__init__(key=key)
        self.key = key


class LineOver(AlreadyDone):
    """A line that is over is not changed any more."""

    code = "line_over"
    zh, en = (
        "这一条已经结束，不能再改；要再用就放回清单。",
        "This line is over. Put it back on the list first.",
    )


class OwnWishes(BadField):
    """What a resident can do stands in their own wishes, which one page keeps."""

    code = "own_wishes"
    zh = "居民的本领和时间写在本人的“服务意愿”里；这里只写能借的东西和场地。"
    en = "What a resident can do stands in their own wishes; only things and places to lend are written here."


def which_of(kind: str) -> tuple[ListKind, Which]:
    """The list of this name; NotFound for any other word."""
    if kind not in WHICH:
        raise NotFound()
    return ListKind(kind), WHICH[kind]


async def kept(ctx: Context, actor: Actor, operation: str, kind: str, key: str) -> lists.KeptLine:
    """One line of the desk's community with all that only the desk reads.

    Raises:
        NotFound: no such line here, or not this person's to keep.
    """
    _list, which = which_of(kind)
    sees(actor, operation, Facts(community=actor.community))
    found = await lists.kept_line(ctx.engine, actor.community, which, key)
    if found is None:
        raise NotFound()
    return found


async def kept_and_noted(ctx: Context, actor: Actor, operation: str, kind: str, key: str) -> lists.KeptLine:
    """The same for whoever reads it on a page: that a contact, a note or an exact place was read is noted."""
    found = await kept(ctx, actor, operation, kind, key)
    if isinstance(found.line, Need | Resource):
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=key, reason=operation)
            await looked_at(ctx, actor, [found.line.owner], why_of(operation))
    return found


async def read(
    ctx: Context, actor: Actor, kind: str, written: Written, *, before: Kept | None = None
) -> tuple[Reading, Owner]:
    """What was typed as a line, with everything that stands in its way told at its field."""
    list_kind, _which = which_of(kind)
    try:
        owner = await _owner(ctx, actor.community, list_kind, written, before)
    except BadField as refusal:
        found = await reading.read(ctx, actor.community, list_kind, written, _SOMEBODY, before)
        return replace(found, line=None, refused=(*found.refused, refusal)), Owner()
    found = await reading.read(ctx, actor.community, list_kind, written, owner, before)
    unknown = await _unknown_bodies(ctx, actor.community, found.line, before)
    return replace(found, refused=(*found.refused, *unknown)), owner


async def save_line(
    ctx: Context, actor: Actor, kind: str, written: Written, *, key: str = "", was: Kept | None = None
) -> str:
    """The line on its list, new or changed; its key. Said twice, it stands there once.

    Args:
        was: the line that the change was made on, to be changed only while it is so; None for any.

    Raises:
        NotFound: no such list or line here.
        BadFields: something was not understood; the line is not saved.
        AlreadyListed: another line has these very words. LineOver: it is over. AlreadyDone: somebody is coming for it.
        Stale: it is not `was` any more.
    """
    _list, which = which_of(kind)
    async with ctx.engine.atomic():
        sees(actor, "SaveLine" if key else "AddLine", Facts(community=actor.community))
        before = await _changeable(ctx, actor, kind, key) if key else None
        if was is not None and before != was:
            raise Stale()
        found, _owner_of = await read(ctx, actor, kind, written, before=before)
        if found.refused or found.line is None:
            raise BadFields(found.refused)
        line = found.line
        if before is not None:
            if fields := reading.fields_changed(before, line):
                await _keep(ctx, actor.community, line)
                await audit.note(ctx, actor, "list_edit", object=key, reason=",".join(fields))
            return key
        line = _with_own_key(line)
        same = await lists.kept_line(ctx.engine, actor.community, which, line.line_key)
        if same is not None:
            if reading.fields_changed(same.line, line) or same.standing is not lists.Standing.LISTED:
                raise AlreadyListed(line.line_key)
            return line.line_key
        await _add(ctx, actor, line)
    return line.line_key


async def take_step(
    ctx: Context, actor: Actor, kind: str, key: str, step: Step, *, reason: str = ""
) -> lists.Standing:
    """Take a line off its list for a while, put it back, or end it; where it stands now. The same press twice is one.

    Raises:
        NotFound: no such line here. WrongMoment: somebody has already come for the need that is to end.
    """
    _list, which = which_of(kind)
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"{which}:{actor.community}:{key}")
        found = await kept(ctx, actor, "LineStep", kind, key)
        engine, community, at = ctx.engine, actor.community, ctx.now()
        if step is Step.PAUSE:
            done = await lists.close_line(engine, community, which, key, at=at)
        elif step is Step.RESUME:
            done = await lists.reopen_line(engine, community, which, key, at=at)
        elif found.standing is lists.Standing.OVER:
            done = False
        elif isinstance(found.line, Need):
            person = found.line.owner if found.line.source == "resident" else ""
            await end_need(ctx, actor, community, key, owner=person, reason=reason)
            done = True
        else:
            done = await lists.end_line(engine, community, which, key, on=ctx.today(), at=at)
        if done:
            await audit.note(ctx, actor, f"list_{step.value}", object=key)
        after = await lists.kept_line(engine, community, which, key)
    assert after is not None, "the line was just read"
    return after.standing


async def _owner(
    ctx: Context, community: str, kind: ListKind, written: Written, before: Kept | None
) -> Owner:
    """Whose the line is, in words of its list.

    Raises:
        BadField: a resource without an owner, a unit's need without the unit, or somebody nobody knows.
    """
    if kind not in (ListKind.NEEDS, ListKind.RESOURCES):
        return Owner()
    owner = await owners.chosen(ctx, community, written.owner)
    if kind is ListKind.RESOURCES:
        if not owner.word:
            raise BadField("请选是谁的。", "Please choose whose it is.", field="whose")
        if owner.kind == "volunteer" and written.cells.get("kind", "people") == "people":
            raise OwnWishes(field="kind")
        return owner
    source = written.cells.get("source", "")
    if source == "unit" and owner.kind not in ("unit", "team"):
        raise BadField("请选是哪个单位提的。", "Please choose the unit that asks.", field="whose")
    if source == "resident" and owner.kind not in ("volunteer", ""):
        raise BadField(
            "居民的需求不能算在单位名下。", "A resident's need does not belong to a unit.", field="whose"
        )
    return owner if source != "community" else Owner()


async def _unknown_bodies(
    ctx: Context, community: str, line: Kept | None, before: Kept | None
) -> list[BadField]:
    """Bodies that lead or take part and that nobody has registered; the words a line had already may stay."""
    if not isinstance(line, Activity | Project):
        return []
    was = _bodies(before) if isinstance(before, Activity | Project) else {}
    return [
        BadField(
            f"没有登记过“{name}”。请先登记这个单位或服务队。",
            f"“{name}” is not on record. Please register the unit or team first.",
            field=field,
        )
        for name, field in _bodies(line).items()
        if name not in was and not is_office(name) and not await owners.body_known(ctx, community, name)
    ]


def _bodies(line: Activity | Project) -> dict[str, str]:
    partners = line.partners if isinstance(line, Project) else ()
    return {
        name: field for name, field in [(line.lead, "lead"), *((one, "partners") for one in partners)] if name
    }


async def _changeable(ctx: Context, actor: Actor, kind: str, key: str) -> Kept:
    _list, which = which_of(kind)
    await one_at_a_time(ctx.engine, f"{which}:{actor.community}:{key}")
    found = await kept(ctx, actor, "SaveLine", kind, key)
    if found.standing is lists.Standing.OVER:
        raise LineOver()
    line = found.line
    if isinstance(line, Need):
        await refuse_while_coming(ctx, actor.community, key)
    if isinstance(line, Resource) and line.owner_kind == "volunteer" and line.kind == "people":
        raise OwnWishes(field="kind")
    return line


def _with_own_key(line: Kept) -> Kept:
    """A resident's line is told from another's with the same words."""
    own = isinstance(line, Need) and line.source == "resident" and line.owner
    if not own:
        return line
    assert isinstance(line, Need)
    return replace(
        line,
        line_key=line_key(
            "needs", [line.owner, compared(line.title), line.when.phrase, line.filed_on.isoformat()]
        ),
    )


async def _add(ctx: Context, actor: Actor, line: Kept) -> None:
    engine, community, at = ctx.engine, actor.community, ctx.now()
    match line:
        case Need():
            await lists.save_needs(engine, community, [line], at=at)
            if line.source == "resident" and line.owner:
                await news.put(
                    ctx, community=community, member=line.owner, kind="request_opened",
                    pressed_by=actor.uid, need=line.line_key,
                )  # fmt: skip
        case Resource():
            await lists.save_resources(engine, community, [line], at=at)
        case Activity():
            await lists.save_activities(engine, community, [line], at=at)
        case Project():
            await lists.save_projects(engine, community, [line], at=at)
    await audit.note(ctx, actor, "list_add", object=line.line_key)


async def _keep(ctx: Context, community: str, line: Kept) -> None:
    match line:
        case Need():
            await lists.edit_need(ctx.engine, community, line, at=ctx.now())
        case Resource():
            await lists.edit_resource(ctx.engine, community, line, at=ctx.now())
        case Activity() | Project():
            await lists.edit_dated(ctx.engine, community, line, at=ctx.now())
