"""The kinds of help as one community says them: shown, tried, taught, extended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.categories import Category, CategoryTree, default_tree
from marketplace.errors import UnknownCategory
from marketplace.own_words import KINDS_MAX, WORDINGS_MAX, OwnWords, Wording, tree_with
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField
from timebank.store.oversight import audit
from timebank.store.places import categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a sentence is read as: the likeliest kinds, and whether they stand without asking."""

    text: str
    codes: tuple[str, ...]
    understood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindsShown:
    """The tree as the community goes by it, and what it said itself."""

    tree: CategoryTree
    own: OwnWords
    tried: Tried | None

    @property
    def branches(self) -> list[tuple[Category, list[Category]]]:
        """The kinds by their branch, in the order of the file, a community's own behind."""
        tops = [one for one in self.tree.categories.values() if not one.parent]
        return [
            (top, [one for one in self.tree.categories.values() if self._top(one) == top.code])
            for top in tops
        ]

    def _top(self, one: Category) -> str:
        return next(reversed(self.tree.ancestors(one.code)), "")


async def show(ctx: Context, actor: Actor, *, text: str = "") -> KindsShown:
    """The page, with what a sentence would be read as when one is tried."""
    own = await categories.own_words(ctx.engine, actor.community)
    tree = tree_with(own)
    tried = None
    if text:
        tried = Tried(text=text, codes=tree.of_need("", text), understood=tree.understands("", text))
    return KindsShown(tree=tree, own=own, tried=tried)


async def teach(ctx: Context, actor: Actor, *, text: str, code: str) -> None:
    """From now on these words mean this kind.

    Raises:
        BadField: no such kind, or more words than a community may teach.
    """
    own = await categories.own_words(ctx.engine, actor.community)
    if len(own.wordings) >= WORDINGS_MAX:
        raise BadField(
            "教的话太多了，请先去掉一些。", "Too many sentences. Please remove some first.", field="text"
        )
    if code not in tree_with(own).categories:
        raise BadField("没有这个类别。", "There is no such category.", field="category")
    wording = Wording(text=text, code=code, said_by=actor.uid, said_on=ctx.today())
    await _keep(ctx, actor, own.taught(wording, tree_with(own)), "teach_wording", code)


async def forget(ctx: Context, actor: Actor, *, text: str) -> None:
    """These words are read as before they were taught; nothing happens when they never were."""
    own = await categories.own_words(ctx.engine, actor.community)
    left = own.forgotten(text)
    if left != own:
        await _keep(ctx, actor, left, "forget_wording", "")


async def add_kind(ctx: Context, actor: Actor, *, parent: str, zh: str, en: str, words: str) -> None:
    """A kind of the community's own below a shipped one.

    Raises:
        BadField: no such kind above it, a name that is taken, or more kinds than a community may add.
    """
    own = await categories.own_words(ctx.engine, actor.community)
    if len(own.kinds) >= KINDS_MAX:
        raise BadField("自己加的种类太多了。", "There are too many kinds of your own.", field="zh")
    if tree_with(own).named(zh) is not None or tree_with(own).named(en) is not None:
        raise BadField("已经有这个名字了。", "This name is taken.", field="zh")
    said = tuple(dict.fromkeys(one.strip() for one in re.split("[,，、;；]", words) if one.strip()))
    try:
        grown = own.with_kind(parent, zh=zh, en=en, synonyms=said)
    except UnknownCategory:
        raise BadField("没有这个类别。", "There is no such category.", field="parent") from None
    await _keep(ctx, actor, grown, "add_kind", grown.kinds[-1].code)


def shipped_options(lang: str) -> list[tuple[str, str]]:
    """The shipped kinds below which one may be added."""
    return [(code, default_tree().label(code, lang)) for code in default_tree().categories]


async def _keep(ctx: Context, actor: Actor, own: OwnWords, done: str, code: str) -> None:
    async with ctx.engine.atomic():
        await categories.keep_own_words(ctx.engine, actor.community, own)
        await audit.note(ctx, actor, done, object=code)
