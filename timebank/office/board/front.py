"""A community's public page and the choice between communities: where it is, when it is open, whom to ring, what is on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from marketplace.text import narrowed
from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.office.board.flow import Day, lists_in_numbers, week_of
from timebank.store.places import communities
from timebank.store.places.communities import Choices, Community

DAYS_SHOWN = 2
ENTRIES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands on the door of a community.

    Attributes:
        paragraphs: what the office says of itself.
        days: the next days of this week with something on, a few entries each.
        on_lists: lines on each of the four lists.
    """

    community: Community
    paragraphs: tuple[str, ...]
    days: tuple[Day, ...]
    on_lists: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """Communities that lie side by side; `name` is the place above them, "" for none."""

    name: str
    communities: tuple[Community, ...]


def door(actor: Actor, community: Community) -> Community:
    """What the office says of itself, to whoever may read it: everybody."""
    sees(actor, "CommunityPage", Facts(community=community.code))
    return community


async def front(ctx: Context, actor: Actor, community: Community) -> Front:
    """The public page of a community: nothing on it is about a person."""
    community = door(actor, community)
    days, _undated = await week_of(ctx, community.code, Week.of(ctx.today()))
    return Front(
        community=community,
        paragraphs=tuple(line.strip() for line in community.page_text.splitlines() if line.strip()),
        days=coming(ctx, days),
        on_lists=await lists_in_numbers(ctx, community.code),
    )


def coming(ctx: Context, days: Iterable[Day]) -> tuple[Day, ...]:
    """The first days from today on that still hold something, each with its first few entries."""
    now = ctx.now()
    ahead = (
        Day(
            on=day.on,
            entries=tuple(entry for entry in day.entries if entry.window.ends_at > now)[:ENTRIES_SHOWN],
        )
        for day in days
    )
    return tuple(day for day in ahead if day.entries)[:DAYS_SHOWN]


async def choices(ctx: Context, actor: Actor, *, sought: str, page: int, number: int) -> Choices:
    """The communities of one page of the choice; `page` counts from 1."""
    sees(actor, "ChooseCommunity", Facts(community=""))
    return await communities.choices(
        ctx.engine, sought=narrowed(sought), number=number, offset=(page - 1) * number
    )


def streets(found: Choices) -> tuple[Street, ...]:
    """The same communities under the name of the street or district that they share."""
    return tuple(
        Street(name=name, communities=tuple(community for _above, community in rows))
        for name, rows in groupby(found.rows, key=lambda row: row[0])
    )
