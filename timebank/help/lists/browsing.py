"""Reading the four lists: the pages, the detail of a line, and the same lists as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from marketplace import claims as rules
from marketplace import store as lists
from marketplace.claims import Line as ClaimedLine
from marketplace.claims import Side
from marketplace.lists import ListKind, csv_of, xlsx_of
from marketplace.lists.report import Line
from marketplace.values import Activity, Calendar, Need, Project, Resource, Window
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.lists import cards
from timebank.help.lists.cards import Card, Slot
from timebank.rules.people.readings import Why
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places.calendars import calendar_of
from timebank.store.places.communities import Community
from timebank.store.relations import owners

KINDS = ("needs", "resources", "activities", "projects")
Extension = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """How a reader narrows a list; "" and None leave everything in."""

    category: str = ""
    grid: str = ""
    slot: Slot | None = None

    def __bool__(self) -> bool:
        return bool(self.category or self.grid or self.slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One list as a reader gets it, with what it can be narrowed by."""

    kind: str
    community: Community
    cards: tuple[Card, ...]
    total: int
    categories: tuple[tuple[str, str], ...] = ()
    grids: tuple[str, ...] = ()


async def counts(ctx: Context, actor: Actor, community: Community) -> dict[str, int]:
    """Lines on each list of a community."""
    sees(actor, "ListsHome", Facts(community=community.code))
    return {kind: len(await _lines(ctx, community.code, kind)) for kind in KINDS}


async def shown(
    ctx: Context,
    actor: Actor,
    community: Community,
    kind: str,
    *,
    lang: str,
    narrowed: Narrowing | None = None,
) -> Shown:
    """One list of a community as public cards.

    Raises:
        NotFound: no such list.
    """
    if kind not in KINDS:
        raise NotFound()
    narrowed = narrowed or Narrowing()
    sees(actor, "ShowList", Facts(community=community.code))
    lines = await _lines(ctx, community.code, kind)
    calendar = await calendar_of(ctx.engine, community.code, ctx.today())
    kept = [line for line in lines if _fits(ctx, line, narrowed, calendar)]
    names = await _leads(ctx, community.code, kept)
    codes = [code for line in lines if isinstance(line, Need | Resource) for code in line.categories]
    return Shown(
        kind=kind,
        community=community,
        cards=tuple(_card(line, lang, names=names) for line in kept),
        total=len(lines),
        categories=tuple(cards.categories_used(codes, lang)),
        grids=tuple(
            sorted({line.place.grid for line in lines if isinstance(line, Need) and line.place.grid})
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One line with what a reader may do about it.

    Attributes:
        community: on whose list it stands.
        windows: the coming stretches it can be claimed for; loose: no fixed hours, the claimant names one.
        side: which side a claim is on; "" for lines that nobody claims.
    """

    community: str
    card: Card
    line: Line
    side: str = ""
    windows: tuple[Window, ...] = ()
    free: int = 0

    @property
    def becomes(self) -> str:
        """The kind of relationship that the line becomes; "" for a service."""
        return self.line.becomes if isinstance(self.line, Need) else ""


async def detail(ctx: Context, actor: Actor, community: str, kind: str, key: str, *, lang: str) -> Detail:
    """One line's public card, and the hours it can still be claimed for.

    Raises:
        NotFound: no such line.
    """
    sees(actor, "ShowLine", Facts(community=community))
    line = next((one for one in await _lines(ctx, community, kind) if one.line_key == key), None)
    if line is None:
        raise NotFound()
    names = await _leads(ctx, community, [line])
    card = _card(line, lang, names=names)
    if not isinstance(line, Need | Resource):
        return Detail(community=community, card=card, line=line)
    side = Side.NEED if isinstance(line, Need) else Side.RESOURCE
    claimed = ClaimedLine.of_need(line) if isinstance(line, Need) else ClaimedLine.of_resource(line)
    known = await lists.claims(ctx.engine, community, side=side, line_key=key)
    now = ctx.now()
    calendar = await calendar_of(ctx.engine, community, ctx.today())
    windows = tuple(
        window
        for window in cards.coming(line.when, ctx.today(), calendar=calendar, zone=ctx.zone)
        if window.ends_at > now and rules.taken(claimed, known, window=window, at=now) < claimed.amount
    )
    free = max(0, claimed.amount - rules.taken(claimed, known, window=None, at=now))
    return Detail(
        community=community,
        card=card,
        line=line,
        side=side.value,
        windows=windows[:12],
        free=claimed.amount if claimed.repeats else free,
    )


async def as_file(
    ctx: Context,
    actor: Actor,
    community: str,
    kind: str,
    extension: Extension,
    *,
    lang: str,
    private: bool = False,
) -> bytes:
    """One list as csv or xlsx, safe to open; contacts and remarks only with `private`, which is noted.

    Raises:
        NotFound: no such list, or not for this reader.
    """
    if kind not in KINDS:
        raise NotFound()
    sees(actor, "DownloadContacts" if private else "ShowList", Facts(community=community))
    lines = await _lines(ctx, community, kind)
    if private:
        lines = await _with_private(ctx, community, lines)
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "download_contacts", object=kind)
            owned = [line.owner for line in lines if isinstance(line, Need | Resource)]
            await looked_at(ctx, actor, owned, Why.FILE)
    else:
        lines = [_for_file(line, lang) for line in lines]
    lines = await _called(ctx, community, lines)
    write = csv_of if extension == "csv" else xlsx_of
    return write(ListKind(kind), lines, lang="en" if lang == "en" else "zh", private=private)


async def _lines(ctx: Context, community: str, kind: str) -> list[Line]:
    """The open lines of one list, in the order a reader should meet them; volunteers' own offers name nobody."""
    if kind == "needs":
        return list(cards.by_urgency(await lists.needs(ctx.engine, community)))
    if kind == "resources":
        found = await lists.resources(ctx.engine, community)
        return [one for one in found if one.owner_kind != "volunteer"]
    if kind == "activities":
        return list(await lists.activities(ctx.engine, community))
    if kind == "projects":
        return list(await lists.projects(ctx.engine, community))
    return []


async def _with_private(ctx: Context, community: str, lines: list[Line]) -> list[Line]:
    """The same lines with what only the desk reads."""
    full: list[Line] = []
    for line in lines:
        known: Line | None = line
        if isinstance(line, Need):
            known = await lists.need_private(ctx.engine, community, line.line_key)
        elif isinstance(line, Resource):
            known = await lists.resource_private(ctx.engine, community, line.line_key)
        full.append(known or line)
    return full


def _for_file(line: Line, lang: str) -> Line:
    if not isinstance(line, Need):
        return line
    card = cards.of_need(line, lang)
    return replace(cards.without_private(line), title=card.title)


async def _leads(ctx: Context, community: str, lines: Iterable[Line]) -> dict[str, str]:
    """What the owners of these lines are called on a public page; people are left out."""
    bodies = {line.owner for line in lines if isinstance(line, Need | Resource)}
    return await owners.names_of_bodies(ctx.engine, community, bodies)


async def _called(ctx: Context, community: str, lines: list[Line]) -> list[Line]:
    """The lines as they are written out: each organisation by its name."""
    names = await _leads(ctx, community, lines)
    return [
        replace(line, owner=names.get(line.owner, line.owner)) if isinstance(line, Need | Resource) else line
        for line in lines
    ]


def _card(line: Line, lang: str, *, names: Mapping[str, str]) -> Card:
    if isinstance(line, Need):
        lead = names.get(line.owner, "") if line.source == "unit" else ""
        return cards.of_need(line, lang, lead=lead)
    if isinstance(line, Resource):
        return cards.of_resource(line, lang, lead=names.get(line.owner, line.owner))
    if isinstance(line, Project):
        return cards.of_project(line, lang)
    assert isinstance(line, Activity)
    return cards.of_activity(line, lang)


def _fits(ctx: Context, line: Line, narrowed: Narrowing, calendar: Calendar) -> bool:
    if narrowed.category and not (
        isinstance(line, Need | Resource) and cards.belongs(line.categories, narrowed.category)
    ):
        return False
    if narrowed.grid and not (isinstance(line, Need) and line.place.grid == narrowed.grid):
        return False
    if narrowed.slot is None:
        return True
    when = getattr(line, "when", None)
    today = ctx.today()
    return when is not None and cards.falls_in(
        cards.coming(when, today, calendar=calendar, zone=ctx.zone), narrowed.slot, today=today, zone=ctx.zone
    )
