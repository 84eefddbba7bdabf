"""What the desk's pages of the lists show: a page of one list, one line with its history, the form of a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from marketplace import store as lists
from marketplace.lists.columns import all_columns
from marketplace.lists.typed import kind_of, typed_of
from marketplace.store import KeptLine, Standing
from marketplace.values import Activity, Need, Project, Resource, When
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.help.lists import cards
from timebank.help.lists.cards import Card
from timebank.help.lists.desk import owners
from timebank.help.lists.desk.flow import kept_and_noted, which_of
from timebank.store.members import people
from timebank.store.oversight import audit

PAGE_SIZE = 40
# Steps of the log that are a line's history; who read it is not.
CHANGES = {
    "list_add": ("写上清单", "put on the list"),
    "list_edit": ("改了", "changed"),
    "list_pause": ("停一停", "taken off for a while"),
    "list_resume": ("放回清单", "put back on the list"),
    "list_end": ("结束", "ended"),
    "save_offer": ("单位写上或改了", "written by the unit"),
    "pause_offer": ("单位停一停", "taken off by the unit"),
    "resume_offer": ("单位放回清单", "put back by the unit"),
    "open_request": ("登记", "taken down"),
    "edit_request": ("改了", "changed"),
    "cancel_request": ("取消", "called off"),
    "set_need_owner": ("写明是谁的", "given its owner"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list as the desk sees it.

    Attributes:
        owner: name of whose it is; "" for the community.
        href: where it is kept: its own page, or a resident's wishes.
    """

    card: Card
    owner: str
    standing: Standing
    ended_on: date | None
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of one list; pages count from 1."""

    kind: str
    rows: tuple[Row, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of a line's history: who did what, and which fields changed, in words."""

    at: datetime
    who: str
    did: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line with everything the desk reads of it.

    Attributes:
        facts: (label, text as written) of every field that says something.
        read_as: how its time was understood, "" where it says none.
        doubt: what is still asked about it; it is not planned until somebody answers.
    """

    kind: str
    found: KeptLine
    title: str
    owner: str
    owner_href: str
    facts: tuple[tuple[str, str], ...]
    read_as: str
    doubt: str
    history: tuple[Change, ...]

    @property
    def own_wishes(self) -> bool:
        """Whether a resident's own page of wishes keeps it."""
        line = self.found.line
        return isinstance(line, Resource) and line.owner_kind == "volunteer" and line.kind == "people"


async def list_page(
    ctx: Context,
    actor: Actor,
    kind: str,
    *,
    lang: str,
    words: str = "",
    standing: Standing | None = Standing.LISTED,
    number: int = 1,
) -> ListPage:
    """One page of a list, narrowed by words of title, owner and place, and by where a line stands.

    Raises:
        NotFound: no such list.
    """
    _list, which = which_of(kind)
    sees(actor, "DeskLists", Facts(community=actor.community))
    found, total = await lists.found_lines(
        ctx.engine,
        actor.community,
        which,
        words=words,
        owners=await owners.words_meaning(ctx, actor.community, words),
        standing=standing,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    named = await owners.names_of(ctx, actor.community, {owner_word(one.line) for one in found} - {""})
    rows = tuple(
        Row(
            card=_card(one.line, lang),
            owner=named.get(owner_word(one.line), ""),
            standing=one.standing,
            ended_on=one.ended_on,
            href=f"/desk/lists/{kind}/{one.line.line_key}",
        )
        for one in found
    )
    return ListPage(kind=kind, rows=rows, total=total, number=number)


async def line_view(ctx: Context, actor: Actor, kind: str, key: str, *, lang: str) -> LineView:
    """One line; that what only the desk reads was read is noted.

    Raises:
        NotFound: no such line here.
    """
    found = await kept_and_noted(ctx, actor, "DeskLine", kind, key)
    line = found.line
    word = owner_word(line)
    named = await owners.names_of(ctx, actor.community, {word} - {""})
    known = all_columns()[kind_of(line)]
    spoken = "en" if lang == "en" else "zh"
    facts = tuple(
        (known.label(name, spoken), text)
        for name, text in typed_of(line).items()
        if text and name not in ("title", "owner")
    )
    return LineView(
        kind=kind,
        found=found,
        title=line.title,
        owner=named.get(word, ""),
        owner_href=f"/desk/members/{word}" if word and await people.member(ctx.engine, word) else "",
        facts=facts,
        read_as=cards.of_when(_when(line), lang) if _when(line).phrase else "",
        doubt=_doubt(line, lang),
        history=await history(ctx, actor.community, key, kind=kind, lang=lang),
    )


async def history(ctx: Context, community: str, key: str, *, kind: str, lang: str) -> tuple[Change, ...]:
    """Who did what to a line, the latest first."""
    said = [one for one in await audit.about(ctx.engine, community, key) if one.action in CHANGES]
    named = await people.names(ctx.engine, [one.actor for one in said])
    known = all_columns()[which_of(kind)[0]]
    spoken = "en" if lang == "en" else "zh"
    return tuple(
        Change(
            at=one.at.astimezone(ctx.zone),
            who=named.get(one.actor, one.actor),
            did=CHANGES[one.action][1 if lang == "en" else 0],
            fields=tuple(known.label(name, spoken) for name in one.reason.split(",") if name)
            if one.action == "list_edit"
            else (),
        )
        for one in reversed(said)
    )


def owner_word(line: Need | Resource | Activity | Project) -> str:
    """How the line itself names whose it is."""
    return line.owner if isinstance(line, Need | Resource) else line.lead


def _card(line: Need | Resource | Activity | Project, lang: str) -> Card:
    match line:
        case Need():
            return cards.of_need(line, lang)
        case Resource():
            return cards.of_resource(line, lang)
        case Activity():
            return cards.of_activity(line, lang)
        case Project():
            return cards.of_project(line, lang)


def _when(line: Need | Resource | Activity | Project) -> When:
    return line.due if isinstance(line, Project) else line.when


def _doubt(line: Need | Resource | Activity | Project, lang: str) -> str:
    asked = [_when(line).question]
    if isinstance(line, Need | Resource):
        asked.append(line.quantity.question)
    said = [(one.en if lang == "en" else one.zh) for one in asked if one is not None]
    return " ".join(said)
