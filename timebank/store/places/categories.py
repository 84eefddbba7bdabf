"""The kinds of help a community goes by: the shipped tree, with its own kinds and wordings over it."""

from __future__ import annotations

from ledger.store.engine import DurableEngine
from marketplace.categories import CategoryTree
from marketplace.own_words import OwnWords, tree_with
from marketplace.store import codec
from timebank.store.settings import set_setting, setting


def _key(community: str) -> str:
    return f"kinds/{community}"


async def own_words(engine: DurableEngine, community: str) -> OwnWords:
    """What the community said so far."""
    kept = await setting(engine, _key(community))
    return codec.loads(OwnWords, kept) if kept else OwnWords()


async def keep_own_words(engine: DurableEngine, community: str, own: OwnWords) -> None:
    """The community's words in place of those before."""
    await set_setting(engine, _key(community), codec.dumps(own))


async def tree_of(engine: DurableEngine, community: str) -> CategoryTree:
    """The tree by which the community's requests are read."""
    return tree_with(await own_words(engine, community))
