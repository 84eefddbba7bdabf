"""A community's own words for kinds of help: wordings it corrected or taught, and kinds it added below the shipped ones.

They lie over the shipped tree, which stays as it is: a newer tree of the package keeps what a community said. The version
of the whole is the tree's and one more for every word said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from marketplace.categories import Category, CategoryTree, default_tree
from marketplace.errors import UnknownCategory
from marketplace.text import compared

WORDINGS_MAX = 1000
KINDS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What somebody says, and the kind of help it means."""

    text: str
    code: str
    said_by: str = ""
    said_on: date = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What one community said, in the order it was said.

    Attributes:
        kinds: added below a shipped kind; the code is that kind's with a number behind a dot (plumbing.1).
    """

    wordings: tuple[Wording, ...] = ()
    kinds: tuple[Category, ...] = ()

    def taught(self, wording: Wording, tree: CategoryTree) -> OwnWords:
        """With one more wording; the same words said before mean the new kind from now on.

        Raises:
            UnknownCategory: the tree has no such kind.
        """
        tree.category(wording.code)
        return replace(self, wordings=(*self.forgotten(wording.text).wordings, wording))

    def forgotten(self, text: str) -> OwnWords:
        """Without what was taught about these words."""
        kept = tuple(one for one in self.wordings if compared(one.text) != compared(text))
        return replace(self, wordings=kept)

    def with_kind(self, parent: str, *, zh: str, en: str, synonyms: tuple[str, ...] = ()) -> OwnWords:
        """With one more kind below a shipped one.

        Raises:
            UnknownCategory: there is no such shipped kind.
        """
        if parent not in default_tree().categories:
            raise UnknownCategory(category=parent)
        # A number is never used twice: lines keep the code.
        number = 1 + max((int(one.code.rsplit(".", 1)[1]) for one in self.kinds), default=0)
        kind = Category(code=f"{parent}.{number}", parent=parent, zh=zh, en=en, synonyms=synonyms)
        return replace(self, kinds=(*self.kinds, kind))


@lru_cache(maxsize=64)
def tree_with(own: OwnWords, base: CategoryTree | None = None) -> CategoryTree:
    """The shipped tree with a community's kinds and wordings; words about a kind that is gone mean nothing."""
    tree = base or default_tree()
    if not (own.kinds or own.wordings):
        return tree
    known = {one.code: one for one in own.kinds if one.parent in tree.categories}
    grown = replace(tree, version=tree.version + len(known), categories={**tree.categories, **known})
    return grown.learned_all((one.code, one.text) for one in own.wordings if one.code in grown.categories)
