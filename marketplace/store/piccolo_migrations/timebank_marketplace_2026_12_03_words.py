"""Version 5: a line as everybody may read it, and beside it the words in which it was said.

Frozen SQL. What stood in titles stays, word for word, in the column of the people named on the private card; the titles that
lists, plans and proposals show are made anew from kind of help, grid and time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-12-03T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Public titles and own words, version 5"

STATEMENTS = tuple(
    f"ALTER TABLE {table} ADD COLUMN said TEXT NOT NULL DEFAULT ''" for table in ("mp_need", "mp_resource")
)


async def forwards() -> MigrationManager:
    """The manager Piccolo runs: raw functions on the engine the tables are bound to."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_marketplace", description=DESCRIPTION)

    async def change() -> None:
        from marketplace.store.tables import MarketNeed

        for statement in STATEMENTS:
            await MarketNeed.raw(statement)
        words = {**await _part("mp_need"), **await _part("mp_resource")}
        await _quote_anew(words)

    manager.add_raw(change)
    return manager


@dataclass(frozen=True, slots=True)
class _Words:
    """A title as it stands now, and the words that stood for the line before."""

    title: str
    before: tuple[str, ...]


async def _part(table: str) -> dict[tuple[str, str], _Words]:
    """Every line of a table parted into what is public and what was said; (community, key) -> words where they changed."""
    from marketplace.public_words import public_need, public_resource, said_in
    from marketplace.store.codec import dumps, loads
    from marketplace.store.tables import MarketNeed
    from marketplace.values import Need, Resource

    found: dict[tuple[str, str], _Words] = {}
    for row in await MarketNeed.raw(f"SELECT community, line_key, line FROM {table}"):
        was: Need | Resource
        public: Need | Resource
        if table == "mp_need":
            was = loads(Need, row["line"])
            public = public_need(was)
        else:
            was = loads(Resource, row["line"])
            public = public_resource(was)
        said = said_in(was)
        if said is None:
            continue
        await MarketNeed.raw(
            f"UPDATE {table} SET title = {{}}, line = {{}}, said = {{}} WHERE community = {{}} AND line_key = {{}}",
            public.title, dumps(public), dumps(said), row["community"], row["line_key"],
        )  # fmt: skip
        before = tuple(
            one for one in (was.title, was.category_phrase) if len(one) > 1 and one != public.title
        )
        found[row["community"], row["line_key"]] = _Words(public.title, before)
    return found


# Every line that a document tells of stands in it with its key.
_KEY = re.compile(r'"key": ?"([^"]+)"')


async def _quote_anew(words: dict[tuple[str, str], _Words]) -> None:
    """Plans and proposals call every such line by its public title, in their sentences too."""
    from marketplace.store.tables import MarketNeed

    for table in ("mp_plan", "mp_proposal"):
        for row in await MarketNeed.raw(f"SELECT uid, community, document FROM {table}"):
            text = row["document"]
            for key in dict.fromkeys(_KEY.findall(text)):
                if (one := words.get((row["community"], key))) is not None:
                    for before in one.before:
                        text = text.replace(_inside(before), _inside(one.title))
            if text != row["document"]:
                await MarketNeed.raw(f"UPDATE {table} SET document = {{}} WHERE uid = {{}}", text, row["uid"])


def _inside(word: str) -> str:
    """A word as it stands inside a JSON text."""
    return json.dumps(word, ensure_ascii=False)[1:-1]
