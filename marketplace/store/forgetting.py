"""Somebody's words taken out of the lists: what was asked, offered and promised stays countable, who and what in words goes.

    await forget_owner(engine, "dongqu", "M123", title_of=label, at=now)       # lines, plans, proposals, answers
    await forget_rows(engine, "dongqu", naming=("王秀英", "19900000101"))       # rows of files as they came in

A line keeps its key, its owner's opaque id, its categories, grid, hours, amount and days, so that last year's figures stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from marketplace.store.codec import loads
from marketplace.store.lines import rewrite_need, rewrite_resource
from marketplace.store.sql import Engine, moment
from marketplace.values import Need, Place, Quantity, Resource, When

TitleOf = Callable[[Sequence[str]], str]
"""Category codes -> what stands where a title stood."""
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much there was: lines of the owner, and everything that quoted them."""

    lines: int
    quotes: int


async def forget_owner(
    engine: Engine, community: str, owner: str, *, title_of: TitleOf, at: datetime
) -> Forgotten:
    """Every line of an owner without a word of theirs, and the same in all plans, proposals, answers and choices about it."""
    async with engine.atomic():
        titles = await _forget_lines(engine, community, owner, title_of=title_of, at=at)
        quotes = await _forget_quotes(engine, community, titles)
        for table, column in (
            ("mp_claim", "claimant"),
            ("mp_override", "decided_by"),
            ("mp_proposal", "answered_by"),
        ):
            quotes += await _forget_reasons(engine, community, table, column, owner)
    return Forgotten(lines=len(titles), quotes=quotes)


async def forget_rows(engine: Engine, community: str, *, naming: Iterable[str]) -> int:
    """Empty the kept cells of every imported row that holds one of these words; how many rows."""
    done = 0
    for word in naming:
        for spelled in {word, json.dumps(word)[1:-1]}:
            pattern = "%" + spelled.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
            done += await engine.execute(
                "UPDATE mp_import_row SET cells = '{}', reasons = '[]' "
                "WHERE community = ? AND (cells LIKE ? ESCAPE '!' OR reasons LIKE ? ESCAPE '!')",
                [community, pattern, pattern],
            )
    return done


async def forget_closed(engine: Engine, community: str, *, before: datetime) -> int:
    """What was said in needs that are off their list since before a moment; how many said something.

    Kind of help, grid, hours and owner's id stay. The fingerprint stays too: the same list brought again is the same list,
    and brings no words back.
    """
    return await engine.execute(
        "UPDATE mp_need SET said = '', contact = '', private_note = '', place_text = '', place_building = '', served = '' "
        "WHERE community = ? AND stage = 'closed' AND changed_at < ? "
        "AND said || contact || private_note || place_text || place_building || served <> ''",
        [community, moment(before)],
    )


async def forget_reasons(engine: Engine, community: str, *, before: datetime) -> int:
    """Free words beside claims, proposals and choices that were answered before a moment; how many had some."""
    done = 0
    for table, column, left in (
        ("mp_claim", "answered_at", ""), ("mp_proposal", "answered_at", ""), ("mp_override", "decided_at", "—"),
    ):  # fmt: skip
        done += await engine.execute(
            f"UPDATE {table} SET reason = ? WHERE community = ? AND {column} < ? AND reason <> ?",
            [left, community, moment(before), left],
        )
    return done


async def forget_cells(engine: Engine, community: str, *, before: datetime) -> int:
    """Empty the kept cells of every row of a file that was brought in before a moment; how many rows."""
    return await engine.execute(
        "UPDATE mp_import_row SET cells = '{}', reasons = '[]' WHERE community = ? AND cells <> '{}' AND fingerprint IN "
        "(SELECT fingerprint FROM mp_import_file WHERE community = ? AND imported_at < ?)",
        [community, community, moment(before)],
    )


async def _forget_lines(
    engine: Engine, community: str, owner: str, *, title_of: TitleOf, at: datetime
) -> dict[str, str]:
    """Key -> what is its title now, of every line of the owner."""
    titles: dict[str, str] = {}
    for row in await engine.fetch(
        "SELECT line FROM mp_need WHERE community = ? AND owner = ?", [community, owner]
    ):
        need = _bare_need(loads(Need, row["line"]), title_of)
        titles[need.line_key] = need.title
        await rewrite_need(engine, community, need, at=at, fingerprint=_no_fingerprint(need.line_key))
    for row in await engine.fetch(
        "SELECT line FROM mp_resource WHERE community = ? AND owner = ?", [community, owner]
    ):
        offer = _bare_resource(loads(Resource, row["line"]), title_of)
        titles[offer.line_key] = offer.title
        await rewrite_resource(engine, community, offer, at=at, fingerprint=_no_fingerprint(offer.line_key))
    return titles


def _bare_need(need: Need, title_of: TitleOf) -> Need:
    return Need(
        line_key=need.line_key, title=title_of(need.categories), source=need.source, owner=need.owner,
        categories=need.categories, place=Place(grid=need.place.grid), when=_bare_when(need.when),
        quantity=_bare_quantity(need.quantity), urgency=need.urgency, channel=need.channel, filed_on=need.filed_on,
        splittable=need.splittable, becomes=need.becomes,
    )  # fmt: skip


def _bare_resource(offer: Resource, title_of: TitleOf) -> Resource:
    return Resource(
        line_key=offer.line_key, title=title_of(offer.categories), owner=offer.owner, owner_kind=offer.owner_kind,
        owner_type=offer.owner_type, kind=offer.kind, categories=offer.categories, when=_bare_when(offer.when),
        quantity=_bare_quantity(offer.quantity), reach_grids=offer.reach_grids, free=offer.free,
    )  # fmt: skip


def _bare_when(when: When) -> When:
    return replace(when, phrase="", question=None, notes=())


def _bare_quantity(quantity: Quantity) -> Quantity:
    return replace(quantity, phrase="", detail="", items=(), money="", question=None, notes=())


def _no_fingerprint(line_key: str) -> str:
    # The fingerprint of the words would say which words they were to whoever tries some.
    return sha256(f"forgotten:{line_key}".encode()).hexdigest()


async def _forget_quotes(engine: Engine, community: str, titles: Mapping[str, str]) -> int:
    done = 0
    for key in titles:
        for table, column in (
            ("mp_claim", "line_key"), ("mp_claim", "with_key"), ("mp_proposal", "need_key"), ("mp_proposal", "resource_key"),
            ("mp_override", "need_key"), ("mp_override", "resource_key"),
        ):  # fmt: skip
            done += await _forget_reasons(engine, community, table, column, key)
    for table in ("mp_plan", "mp_proposal"):
        # Documents of one community are looked through once: whose words a plan quotes stands only inside it.
        for row in await engine.fetch(f"SELECT uid, document FROM {table} WHERE community = ?", [community]):
            if any(key in row["document"] for key in titles):
                bare = json.dumps(without_words(json.loads(row["document"]), titles), ensure_ascii=False)
                await engine.execute(f"UPDATE {table} SET document = ? WHERE uid = ?", [bare, row["uid"]])
                done += 1
    return done


async def _forget_reasons(engine: Engine, community: str, table: str, column: str, value: str) -> int:
    """Free words beside an answer or a choice; a choice by hand always says why, so a dash stays."""
    left = "—" if table == "mp_override" else ""
    return await engine.execute(
        f"UPDATE {table} SET reason = ? WHERE community = ? AND {column} = ? AND reason <> ?",
        [left, community, value, left],
    )


def without_words(document: Json, titles: Mapping[str, str]) -> Json:
    """A document in which every line of `titles` is called by its new title and says nothing else in words.

    A line stands in it as an object with its `key` and its `title`; the rest of it that is text goes, grid and codes stay.
    """
    if isinstance(document, list):
        return [without_words(one, titles) for one in document]
    if not isinstance(document, dict):
        return document
    key = document.get("key")
    if isinstance(key, str) and key in titles and "title" in document:
        return {
            name: titles[key] if name == "title" else value
            for name, value in document.items()
            if name in _LINE_KEEPS
        }
    return {name: without_words(value, titles) for name, value in document.items()}


_LINE_KEEPS = frozenset(
    {"key", "title", "owner", "owner_kind", "grid", "urgency", "kind", "categories", "filed_on"}
)
