"""What strangers may read of a line: titles made of the kind of help, the place's grid and the time, never a resident's own words.

    public_need(need)            # for lists, boards, plans, notices, files: what a line says of nobody
    public_title(need, "zh")     # 陪同就医 · 二网格 · 周三 9:00

A resident's own words (title, kind, time and amount as they were said) may tell of an illness, a door or a key. They stay with
the line, in a column of their own, for the people named on its private card. A community's or a unit's line says its own title,
unless that holds a word of `data/health_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from marketplace.categories import CategoryTree, default_tree
from marketplace.text import folded
from marketplace.values import Need, Place, Quantity, Question, Resource, When

SOMEBODY = ("有人需要帮忙", "Somebody needs a hand")
"""What a need of no known kind is called."""
_NOT_KNOWN_YET = "时间还要先问清楚", "the time must be asked about first"
# Numbers and what they count, as lists write amounts: nothing else is kept as it was written.
_AMOUNT = re.compile(
    r"(?:[\d.,:×x*~～\-–—至到/每个一二两三四五六七八九十百半几约共人名位次趟份件套张台场节堂课桌户天日周月年分钟小时刻左右时h]|min|hours?|minutes?|people|times?|\s)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of one line as they were said, beside what everybody may read of it."""

    title: str
    category_phrase: str = ""
    when: When = field(default_factory=When)
    quantity: Quantity = field(default_factory=Quantity)
    reach: str = ""
    conditions: str = ""


def said_in(line: Need | Resource) -> Said | None:
    """The words that are not for everybody; None where the line says the same to all."""
    if isinstance(line, Need):
        said = Said(
            title=line.title, category_phrase=line.category_phrase, when=line.when, quantity=line.quantity
        )
        need = public_need(line)
        return None if as_said(need, said) == need else said
    said = Said(
        title=line.title, category_phrase=line.category_phrase, when=line.when, quantity=line.quantity,
        reach=line.reach, conditions=line.conditions,
    )  # fmt: skip
    offer = public_resource(line)
    return None if offer_as_said(offer, said) == offer else said


def as_said(public: Need, said: Said) -> Need:
    """A need with its own words."""
    return replace(
        public, title=said.title, category_phrase=said.category_phrase, when=said.when, quantity=said.quantity
    )


def offer_as_said(public: Resource, said: Said) -> Resource:
    """An offer with its own words."""
    return replace(
        public, title=said.title, category_phrase=said.category_phrase, when=said.when, quantity=said.quantity,
        reach=said.reach, conditions=said.conditions,
    )  # fmt: skip


@cache
def _vocabulary() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(a pattern of the Chinese words, one of the English words)."""
    read = tomllib.loads(files("marketplace").joinpath("data/health_words.toml").read_text("utf-8"))
    chinese, english = (
        "|".join(re.escape(word) for word in sorted(read[lang], key=len, reverse=True))
        for lang in ("zh", "en")
    )
    return re.compile(chinese), re.compile(rf"(?<![a-z])(?:{english})(?![a-z])")


def tells_of_health(text: str) -> bool:
    """Whether a text holds a word about somebody's health, in either language, whatever its width or case."""
    if not text:
        return False
    chinese, english = _vocabulary()
    plain = folded(text).casefold()
    together = re.sub(r"\s+", "", plain)
    return chinese.search(together) is not None or english.search(plain) is not None


def kind_of_help(codes: Iterable[str], lang: str = "zh", tree: CategoryTree | None = None) -> str:
    """What the first known kind is called; a kind of a community's own whose name tells of health is called by the one above it.

    "" when no kind is known.
    """
    tree = tree or default_tree()
    for code in codes:
        # A community's own kind (plumbing.1) stands below a shipped one.
        for one in (code, code.partition(".")[0]):
            if one in tree.categories and not tells_of_health(tree.label(one, lang)):
                return tree.label(one, lang)
    return ""


def what_of(need: Need, lang: str = "zh", tree: CategoryTree | None = None) -> str:
    """The kind of help, or that somebody needs some; for a line that a body wrote, its own title where that may be read."""
    if says_its_own(need):
        return need.title
    return kind_of_help(need.categories, lang, tree) or SOMEBODY[lang == "en"]


def public_title(need: Need, lang: str = "zh", tree: CategoryTree | None = None) -> str:
    """One line for wherever a need is told by its title alone: kind of help, grid, time."""
    said = need.when.said_en if lang == "en" else need.when.said_zh
    when = "" if need.when.question is not None else said
    return " · ".join(part for part in (what_of(need, lang, tree), need.place.grid, when) if part)


def says_its_own(need: Need) -> bool:
    """Whether the title was written for everybody: a body's, that names no illness."""
    return need.source != "resident" and not tells_of_health(need.title)


def public_need(need: Need) -> Need:
    """The line as everybody may read it; contact, note, whom it serves and the exact place are never in it."""
    bare = replace(need, contact="", private_note="", served="", place=Place(grid=need.place.grid))
    phrase = need.category_phrase
    if need.source != "resident":
        return replace(
            bare, title=what_of(need), category_phrase="" if tells_of_health(phrase) else phrase,
            when=_without_health(need.when), quantity=_counted_without_health(need.quantity),
        )  # fmt: skip
    return replace(
        bare, title=what_of(need), category_phrase="", when=_public_time(need.when), quantity=_public_amount(need.quantity),
    )  # fmt: skip


def public_resource(offer: Resource) -> Resource:
    """The offer as everybody may read it: a person's own never tells of health; what a body offers is its own announcement."""
    if offer.owner_kind != "volunteer":
        return replace(offer, contact="")
    title = offer.title
    if tells_of_health(title):
        title = kind_of_help(offer.categories) or "志愿服务"
    return replace(
        offer, contact="", title=title, category_phrase=_unless_health(offer.category_phrase),
        reach=_unless_health(offer.reach), conditions=_unless_health(offer.conditions),
        when=_without_health(offer.when), quantity=_counted_without_health(offer.quantity),
    )  # fmt: skip


def _unless_health(text: str) -> str:
    return "" if tells_of_health(text) else text


def _public_time(when: When) -> When:
    """The time as we read it; words nobody has read yet are asked about, not shown."""
    question = when.question and _asked(when.question)
    return replace(when, phrase="" if question else when.said_zh, question=question, notes=())


def _without_health(when: When) -> When:
    return _public_time(when) if tells_of_health(when.phrase) else when


def _asked(question: Question) -> Question:
    """The same question without the words it quotes."""
    return Question(code=question.code, zh=_NOT_KNOWN_YET[0], en=_NOT_KNOWN_YET[1], field=question.field)


def _public_amount(quantity: Quantity) -> Quantity:
    phrase = quantity.phrase if _AMOUNT.fullmatch(quantity.phrase) else ""
    return replace(
        quantity, phrase=phrase, detail="", items=(), question=quantity.question and _asked(quantity.question), notes=(),
    )  # fmt: skip


def _counted_without_health(quantity: Quantity) -> Quantity:
    return _public_amount(quantity) if tells_of_health(quantity.phrase + quantity.detail) else quantity
