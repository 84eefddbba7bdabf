"""Which kind of help a short request means: a versioned tree of categories and a ranking of them for any text.

Ranking is BM25 over character 1- to 3-grams (words and their 3-grams in English), longer grams weighing more, with the
matched grams as the reason. It needs no model and no dictionary, and it grows: a corrected request becomes a synonym.
A person confirms; the ranking only proposes.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from marketplace.cues import cued, wants_an_ear
from marketplace.errors import CategoryTreeBroken, UnknownCategory
from marketplace.text import compared, folded, narrowed

# BM25 saturation and length normalisation; a gram of n characters weighs n ** _LENGTH_POWER.
_K1, _B, _LENGTH_POWER = 1.2, 0.3, 1.5
_POINTS = 1000
# A second category is kept beside the best when it scores at least this share of it, in percent.
KEPT_PERCENT = 60
# A request is understood from (points, lead over the next in percent, share of its telling characters in percent); a clear
# lead needs less of the sentence. Chosen so that no request of both held-out corpora is taken for what it is not.
_UNDERSTOOD = ((25 * _POINTS, 250, 60), (20 * _POINTS, 150, 80), (7 * _POINTS, 130, 100))
_TELLING_LEAST = 2
_WORDING_LEAST = 3
_PIECES = re.compile(r"[、,，;；/]|和|及|\band\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One node of the tree; `parent` is "" at the top; an offer of this kind serves the kinds in `also` too."""

    code: str
    zh: str
    en: str
    parent: str = ""
    synonyms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A category proposed for a text.

    Attributes:
        points: higher is surer; comparable within one text only.
        because: the pieces of the text that speak for it, or the known wordings nearest in meaning; strongest first.
    """

    code: str
    points: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """Grams of every category, ready for ranking: what each is worth by itself, and for each category that has it; Chinese
    wordings with their category, by their first two characters; the category that a label, a code or a synonym names."""

    grams: Mapping[str, Counter[str]]
    idf: Mapping[str, float]
    scores: Mapping[str, Sequence[tuple[str, float]]]
    wordings: Mapping[str, Sequence[tuple[str, str]]]
    named: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTree:
    """All categories of one city, checked when built.

    Raises:
        CategoryTreeBroken: a code twice, an unknown parent, or parents in a circle.
    """

    version: int
    categories: Mapping[str, Category]
    generic: frozenset[str] = frozenset()
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for code in self.categories:
            self._check_line(code)
        for one in self.categories.values():
            for also in one.also:
                self._check_line(also)
        object.__setattr__(self, "_index", _indexed(self.categories.values()))

    def _check_line(self, code: str) -> None:
        seen: list[str] = []
        while code:
            if code in seen:
                raise CategoryTreeBroken(category=code, why="cycle")
            if code not in self.categories:
                raise CategoryTreeBroken(category=code, why="unknown_parent")
            seen.append(code)
            code = self.categories[code].parent

    def category(self, code: str) -> Category:
        """The category with this code; UnknownCategory when the tree has none.

        A kind that a community added (plumbing.1) is the kind above it wherever only the shipped tree is at hand.
        """
        if code in self.categories:
            return self.categories[code]
        above = self.categories.get(code.rpartition(".")[0])
        if above is None:
            raise UnknownCategory(category=code)
        return replace(above, code=code, parent=above.code)

    def label(self, code: str, lang: str = "zh") -> str:
        found = self.category(code)
        return found.zh if lang.startswith("zh") else found.en

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above this one, nearest first."""
        above: list[str] = []
        code = self.category(code).parent
        while code:
            above.append(code)
            code = self.categories[code].parent
        return tuple(above)

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly under this one ("" for the top), in the order of the file."""
        return tuple(one.code for one in self.categories.values() if one.parent == code)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The kinds that name help by themselves, in the order of the file: those with none of the shipped kinds below."""
        above = {one.parent for one in self.categories.values() if "." not in one.code}
        return tuple(code for code in self.categories if code not in above)

    def covers(self, offered: str, wanted: str) -> bool:
        """True when an offer of `offered` can serve a wish for `wanted`: the same, or one stands above the other."""
        return offered == wanted or offered in self.ancestors(wanted) or wanted in self.ancestors(offered)

    def suggest(self, text: str, k: int = 3) -> tuple[Suggestion, ...]:
        """The `k` likeliest categories, best first, each with its reason; fewer when the text says little."""
        scores: dict[str, float] = {}
        for gram in dict.fromkeys(_grams(text)):
            for code, score in self._index.scores.get(gram, ()):
                scores[code] = scores.get(code, 0.0) + score
        points = ((round(score * _POINTS), code) for code, score in scores.items())
        ranked = sorted((one for one in points if one[0] > 0), key=lambda one: (-one[0], one[1]))
        return tuple(
            Suggestion(code=code, points=points, because=self._because(code, text))
            for points, code in ranked[:k]
        )

    def named(self, phrase: str) -> str | None:
        """The category whose label or synonym the phrase is, exactly; None otherwise."""
        return self._index.named.get(compared(phrase))

    def of_need(self, phrase: str, text: str) -> tuple[str, ...]:
        """The categories of a need, best first: what is written in its own words counts more than the column 类别."""
        if cue := self._cue(text):
            return (cue,)
        return self.with_above(self._kept([(text, 2), ("" if self.is_generic(phrase) else phrase, 1)], k=3))

    def with_above(self, kept: tuple[str, ...]) -> tuple[str, ...]:
        """A kind that a community added stands with the shipped kind above it, for whoever knows only that."""
        found = [one for code in kept for one in (code, *([code.rpartition(".")[0]] if "." in code else []))]
        return tuple(dict.fromkeys(found))

    def understands(self, phrase: str, text: str) -> bool:
        """True when the categories of a need may stand without asking.

        The column 类别 names one of the kept categories or its branch, or the request gives the cue of one kind alone, or
        it holds a known wording whole
        (老花镜) and no word of another category, or it explains itself: the best category leads the next by far and
        knows most of the characters that carry meaning. A single character in common (架, 断) or half a sentence is no
        understanding: such a request is asked about, with what is proposed.
        """
        kept = self.of_need(phrase, text)
        named = self.named(phrase)
        if named is not None and any(
            self.covers(named, code) or self._siblings(named, code) for code in kept
        ):
            return True
        if named is not None and not self.is_generic(phrase):
            return False
        if wants_an_ear(text) and self.named(text) is None:
            return False
        if claimed := self._claimed(text):
            return len(claimed) == 1
        if self._holds_wording_of(kept, text):
            return True
        ranked = self.suggest(text, k=2)
        if not ranked or ranked[0].code not in kept:
            return False
        best, second = ranked[0].points, ranked[1].points if len(ranked) > 1 else 1
        pieces = [_telling(piece) for piece in ranked[0].because]
        known, all_of_it = sum(map(len, pieces)), len(_telling(text))
        if max(map(len, pieces)) < _TELLING_LEAST and known < max(all_of_it, _TELLING_LEAST):
            # One character here and there, and others that nothing explains.
            return False
        return any(
            best >= points and best * 100 >= second * lead and known * 100 >= all_of_it * share
            for points, lead, share in _UNDERSTOOD
        )

    def _claimed(self, text: str) -> frozenset[str]:
        """The kinds of this tree whose cue the text gives; a wording that a person corrected comes before any cue."""
        return frozenset() if self.named(text) else cued(text) & self.categories.keys()

    def _cue(self, text: str) -> str:
        """The kind whose cue alone the text gives; "" for none or several."""
        claimed = self._claimed(text)
        return next(iter(claimed)) if len(claimed) == 1 else ""

    def _siblings(self, one: str, other: str) -> bool:
        """True for two kinds of one branch: 家电维修 in the column, a lamp in the words."""
        parent = self.categories[one].parent
        return bool(parent) and parent == self.categories[other].parent

    def _holds_wording_of(self, kept: Sequence[str], text: str) -> bool:
        """True when a wording of a kept category stands in the text whole, and no word nearly as long of any other."""
        plain = compared(text)
        longest: dict[str, int] = {}
        for at in range(len(plain) - 1):
            for word, code in self._index.wordings.get(plain[at : at + 2], ()):
                if plain.startswith(word, at):
                    longest[code] = max(longest.get(code, 0), len(word))
        most = max(longest.values(), default=0)
        held = {code for code, length in longest.items() if length == most}
        others = max((length for code, length in longest.items() if code not in held), default=0)
        return most >= _WORDING_LEAST and most - others >= 2 and held <= set(kept)

    def of_resource(self, phrase: str, text: str) -> tuple[str, ...]:
        """The categories of an offer; each thing in a list such as 辅导功课、手机教学 counts by itself."""
        found: list[str] = []
        for piece in _PIECES.split(folded(text)):
            kept = self._kept([(piece, 1)], k=2)
            found.extend(code for code in kept if code not in found)
        if not found and not self.is_generic(phrase):
            found.extend(self._kept([(phrase, 1)], k=1))
        return tuple(
            dict.fromkeys([*found, *(more for code in found for more in self.categories[code].also)])
        )

    def is_generic(self, phrase: str) -> bool:
        """True for a word that names no kind of help by itself."""
        return compared(phrase) in self.generic

    def learned(self, code: str, text: str) -> CategoryTree:
        """The tree after a person said that `text` means `code`; the correction is a synonym from now on."""
        known, wording = self.category(code), narrowed(text)
        if not compared(wording) or wording in known.synonyms:
            return self
        grown = replace(known, synonyms=(*known.synonyms, wording))
        return replace(self, version=self.version + 1, categories={**self.categories, code: grown})

    def learned_all(self, corrections: Iterable[tuple[str, str]]) -> CategoryTree:
        """The tree after many corrections, (code, text) in the order they were made, as a store keeps them.

        The same corrections in the same order give the same tree and version.

        Raises:
            UnknownCategory: a correction names a code the tree does not have; nothing was learned.
        """
        categories, version = dict(self.categories), self.version
        for code, text in corrections:
            known, wording = self.category(code), narrowed(text)
            known = categories.get(code, known)
            if compared(wording) and wording not in known.synonyms:
                categories[code] = replace(known, synonyms=(*known.synonyms, wording))
                version += 1
        # The index is built once, however many were said.
        return self if version == self.version else replace(self, version=version, categories=categories)

    def as_toml(self) -> str:
        """The tree as a file in the form of `data/categories.toml`, for a city to keep; `read_tree` reads it back."""
        lines = [f"version = {self.version}", f"generic = {_toml(sorted(self.generic))}"]
        for one in self.categories.values():
            lines += ["", "[[category]]", f"code = {_toml(one.code)}"]
            lines += [f"parent = {_toml(one.parent)}"] if one.parent else []
            lines += [f"also = {_toml(one.also)}"] if one.also else []
            lines += [f"zh = {_toml(one.zh)}", f"en = {_toml(one.en)}", f"synonyms = {_toml(one.synonyms)}"]
        return "\n".join(lines) + "\n"

    def _kept(self, texts: Sequence[tuple[str, int]], *, k: int) -> tuple[str, ...]:
        totals: Counter[str] = Counter()
        for text, weight in texts:
            for one in self.suggest(text, k=6):
                totals[one.code] += one.points * weight
        ranked = sorted(totals.items(), key=lambda one: (-one[1], one[0]))
        # A pair of single characters in common is chance, not meaning.
        ranked = [(code, points) for code, points in ranked if points >= _POINTS * 4]
        least = ranked[0][1] * KEPT_PERCENT // 100 if ranked else 0
        return tuple(code for code, points in ranked[:k] if points >= least)

    def _because(self, code: str, text: str) -> tuple[str, ...]:
        """The pieces of the text whose grams the category knows, overlapping ones joined to one (灯泡坏了)."""
        own, pieces = self._index.grams[code], dict[str, float]()
        for run in _runs(text):
            for start, end in _joined_spans(run, own):
                piece = run[start:end]
                known = (gram for gram in _grams(piece) if gram in own)
                pieces[piece] = sum(self._index.idf[gram] * _weight(gram) for gram in known)
        return tuple(sorted(pieces, key=lambda piece: (-pieces[piece], piece))[:5])


def _joined_spans(run: str, own: Mapping[str, int]) -> Iterable[tuple[int, int]]:
    """Where the known grams of one run of text stand, those that share a character joined."""
    if run.isascii():
        word = _word(run)
        return [(0, len(word))] if word in own else []
    found = [(at, at + size) for at in range(len(run)) for size in (1, 2, 3) if at + size <= len(run)]
    spans: list[tuple[int, int]] = []
    for start, end in found:
        gram = run[start:end]
        if gram not in own or gram in _ZH_STOP:
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _weight(gram: str) -> float:
    # A whole English word says about as much as a Chinese word of two characters, whatever its length.
    return float(min(len(gram), 3) ** _LENGTH_POWER) if not gram.isascii() else 2.0**_LENGTH_POWER


def _runs(text: str) -> list[str]:
    """The runs of Chinese characters and the English words of a text."""
    return re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z]+", folded(text).casefold())


def _word(run: str) -> str:
    """An English word without its plural s."""
    return run[:-1] if len(run) > 3 and run.endswith("s") else run


def _grams(text: str) -> Iterable[str]:
    """Character 1- to 3-grams of Chinese runs; words, without a plural s, of English ones."""
    for run in _runs(text):
        if run.isascii():
            if run not in _EN_STOP:
                yield _word(run)
        else:
            yield from (char for char in run if char not in _ZH_STOP)
            for size in (2, 3):
                yield from (run[at : at + size] for at in range(len(run) - size + 1))


def _telling(text: str) -> str:
    """The characters of a text that carry meaning: Chinese ones but for the commonest, the letters of English words."""
    runs = _runs(text)
    chinese = [char for run in runs if not run.isascii() for char in run if char not in _ZH_STOP]
    return "".join(chinese) + "".join(_word(run) for run in runs if run.isascii() and run not in _EN_STOP)


# Characters that alone say nothing of what is wanted.
_ZH_STOP = frozenset(
    "的了不我你他她想有人来去给家里要没个能在是和也都就着过得地吗呢吧请帮忙把被让到上下大小多少好一二两三几这那哪什么怎天年月日时后前出起开会可以做用老子"
)
# Words that say who or how, not what.
_EN_STOP = frozenset({"a", "an", "the", "to", "of", "for", "and", "or", "in", "on", "at", "with", "my", "me", "i", "we", "our",
                      "please", "need", "needs", "help", "some", "someone", "is", "are", "has", "have", "up", "use", "would",
                      "like", "want", "wants", "neighbour", "neighbours", "elderly", "old", "person", "people", "lady",
                      "man", "mother", "father", "alone", "cannot", "can", "not", "her", "his", "from", "by", "it"})  # fmt: skip


def _indexed(categories: Collection[Category]) -> _Index:
    grams = {
        one.code: Counter(gram for text in (one.zh, one.en, *one.synonyms) for gram in _grams(text))
        for one in categories
    }
    spread = Counter(gram for own in grams.values() for gram in own)
    count = len(grams)
    idf = {gram: math.log(1 + (count - n + 0.5) / (n + 0.5)) for gram, n in spread.items()}
    lengths = {code: own.total() for code, own in grams.items()}
    mean = sum(lengths.values()) / max(count, 1) or 1.0
    scores: dict[str, list[tuple[str, float]]] = {}
    for code, own in grams.items():
        length = _K1 * (1 - _B + _B * lengths[code] / mean)
        for gram, times in own.items():
            score = idf[gram] * _weight(gram) * times * (_K1 + 1) / (times + length)
            scores.setdefault(gram, []).append((code, score))
    wordings: dict[str, list[tuple[str, str]]] = {}
    # A label goes before a synonym, and the first of two categories before the second.
    named: dict[str, str] = {}
    for one in categories:
        for label in (compared(one.zh), compared(one.en), one.code):
            named.setdefault(label, one.code)
    for one in categories:
        said = [compared(word) for word in one.synonyms]
        for word in said:
            named.setdefault(word, one.code)
        for word in dict.fromkeys((compared(one.zh), *said)):
            if len(word) > 1 and not word.isascii():
                wordings.setdefault(word[:2], []).append((word, one.code))
    named.pop("", None)
    return _Index(grams, idf, scores, wordings, named)


def _toml(value: str | Sequence[str]) -> str:
    """A TOML string or a list of them; JSON writes both the same way but for the DEL character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_tree(text: str) -> CategoryTree:
    """The tree written in TOML, in the form of `data/categories.toml`.

    Raises:
        CategoryTreeBroken: no TOML, something missing or of another kind, or what `CategoryTree` refuses.
    """
    try:
        return _tree_of(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CategoryTreeBroken(category=str(error)[:80], why="unreadable") from error


def _tree_of(data: Mapping[str, Any]) -> CategoryTree:
    if type(data["version"]) is not int:
        raise CategoryTreeBroken(category="version", why="unreadable")
    categories: dict[str, Category] = {}
    for row in data["category"]:
        if row["code"] in categories:
            raise CategoryTreeBroken(category=row["code"], why="twice")
        categories[row["code"]] = Category(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            parent=row.get("parent", ""),
            synonyms=_texts(row.get("synonyms", [])),
            also=_texts(row.get("also", [])),
        )
    generic = frozenset(compared(word) for word in data.get("generic", ()))
    return CategoryTree(version=data["version"], categories=categories, generic=generic)


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise TypeError(f"not a list of words: {values!r}")
    return tuple(values)


@cache
def default_tree() -> CategoryTree:
    """The tree that ships with the package."""
    return read_tree(files("marketplace").joinpath("data/categories.toml").read_text("utf-8"))
