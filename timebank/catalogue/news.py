"""Kinds of news: the sentence in both languages, and what is lost when it comes late."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from timebank.catalogue.faults import WrongValue
from timebank.catalogue.reading import Table, read_tables

HARM_MAX = 100
LATE_DAYS_MAX = 90


class IfUnsure(StrEnum):
    """What to do when nobody knows whether a carrier took it."""

    AGAIN = "again"
    CALL = "call"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsKind:
    """One kind of news.

    Attributes:
        zh, en: the sentence, with names in braces for what is known of it.
        harm: 0 to 100, what is lost when nobody hears it in time; 0 never stands on the call sheet.
        late_days: days after it was written from which it is worth nothing; None for never.
        late_at_start: worth nothing once the service begins.
        copied: whoever may read somebody's notices gets their own copy.
        asks: it wants an answer; when none comes in half of its time, somebody rings.
        for_desk: what somebody wants of the desk; it stands on the call sheet and no carrier takes it.
    """

    code: str
    zh: str
    en: str
    harm: int
    late_days: int | None
    late_at_start: bool
    if_unsure: IfUnsure
    copied: bool
    asks: bool
    for_desk: bool


def read_news(text: str) -> dict[str, NewsKind]:
    """Code -> kind; BadCatalogue names the first thing that is wrong with the file."""
    return {code: _kind(code, table) for code, table in read_tables(text, file="news")["kinds"].items()}


@cache
def news_kinds() -> dict[str, NewsKind]:
    """The kinds that ship with the package."""
    return read_news((resources.files("timebank.catalogue") / "news.toml").read_text(encoding="utf-8"))


def _kind(code: str, table: Table) -> NewsKind:
    zh, en, harm = table.text("zh"), table.text("en"), table.whole("harm")
    at_start, days = _late(code, table)
    kind = NewsKind(
        code=code, zh=zh, en=en, harm=harm, late_days=days, late_at_start=at_start,
        if_unsure=table.word("unsure", IfUnsure), copied=table.flag("copied"),
        asks=table.flag("asks"),
        for_desk=table.flag("desk"),
    )  # fmt: skip
    table.done()
    if harm > HARM_MAX:
        raise WrongValue(file="news", kind=code, key="harm", detail=str(harm))
    return kind


def _late(code: str, table: Table) -> tuple[bool, int | None]:
    """(whether the start of a service ends its worth, days after writing)."""
    said = table.number_or_words("late", ("start", "never"))
    if isinstance(said, int):
        if not 0 < said <= LATE_DAYS_MAX:
            raise WrongValue(file="news", kind=code, key="late", detail=str(said))
        return False, said
    return said == "start", None
