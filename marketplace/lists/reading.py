"""One row being read: its cells by our field names, and the doubts and notes that come up on the way.

Readers of single lists ask this for cells and say what they doubt; `judging` turns that into a verdict.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo

from marketplace.categories import CategoryTree
from marketplace.hanzi import simplified
from marketplace.lists.columns import all_columns
from marketplace.lists.dates import date_in
from marketplace.lists.headers.shapes import shapes_of
from marketplace.lists.kinds import ListKind
from marketplace.lists.reasons import reason
from marketplace.lists.table import SourceRow, Table
from marketplace.quantities import Offered, counting, read_quantity
from marketplace.text import compared, harmless, looks_like_formula, narrowed, neutralised, unguarded
from marketplace.times import read_when
from marketplace.values import SHANGHAI, Calendar, Place, Quantity, Question, Refusal, Unit, When

MEMORY_MAX = 20_000
_JOINTS = {"phone": "/"}
_NO_TICK = frozenset({"×", "x", "否", "无", "n", "no", "✗", "-"})
# A column headed so counts people, whatever the list calls it.
_COUNTS_PEOPLE = re.compile(r"人数|名额|people|persons|how many", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "无", "N/A", "n/a", "None"})


@dataclass(slots=True, kw_only=True)
class Memory:
    """What the rows of one table were read as, for the phrases that come again and again in a list."""

    whens: dict[tuple[str, date, int], When] = field(default_factory=dict)
    categories: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def kept(self) -> None:
        """A list in which nothing comes again must not fill the machine."""
        if len(self.whens) > MEMORY_MAX:
            self.whens.clear()
        if len(self.categories) > MEMORY_MAX:
            self.categories.clear()


@dataclass(slots=True, kw_only=True)
class RowReading:
    """A row, its table and what was found doubtful.

    `known_people` holds the name keys of those registered; None when nobody says who they are.
    """

    table: Table
    row: SourceRow
    tree: CategoryTree
    calendar: Calendar | None
    known_people: Collection[str] | None
    zone: tzinfo = SHANGHAI
    memory: Memory = field(default_factory=Memory)
    doubts: list[Refusal] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)
    _formulas: set[str] = field(default_factory=set)

    def column(self, name: str) -> str:
        """What the file, else the office, calls our field."""
        return self.table.mapping.get(name) or all_columns()[self.table.kind].label(name)

    def raw(self, name: str) -> str:
        """The cell as written, without the apostrophe an export guards it with; "" when the file has no such column.

        A field spread over several columns is put together: remarks and contacts side by side, telephones one after the
        other, a day before its hours, a family name with its given name, the weekdays under which somebody made a tick.
        """
        own = self._cell(self.table.mapping.get(name, ""))
        if name == "name" and "family_name" in self.table.mapping:
            return _full_name(own, self._cell(self.table.mapping["family_name"]))
        more = [self._cell(column) for field, column in self.table.more if field == name]
        if more:
            written = [text for text in (own, *more) if text]
            if name == "when" and self.table.kind is not ListKind.VOLUNTEERS:
                # 12月21日 in one column and 9:00-11:00 in another are one time, the day first.
                written.sort(key=lambda text: "date" not in shapes_of(text))
            return _JOINTS.get(name, " ").join(written)
        if own or not self.table.ticks:
            return own
        return _ticked(self.table, self.row.cells, name)

    def _cell(self, column: str) -> str:
        return unguarded(self.row.cells.get(column, ""))

    def text(self, name: str) -> str:
        """The cell for keeping: widths narrowed, a formula made harmless and asked about, an empty sign as ""."""
        raw = self.raw(name)
        kept = unguarded(narrowed(raw))
        if looks_like_formula(kept):
            if name not in self._formulas and not self._guarded(name):
                self.doubt("cell_formula", name, text=raw[:60], column=self.column(name))
                self._formulas.add(name)
            return neutralised(kept)
        return "" if kept in _EMPTY else kept

    def _guarded(self, name: str) -> bool:
        """True where the file itself holds the formula as text: an export of ours, whose reader was asked before."""
        written = self.row.cells.get(self.table.mapping.get(name, ""), "")
        return unguarded(written) != written

    def doubt(self, code: str, name: str = "", /, **known: str) -> None:
        self.doubts.append(reason(code, self.column(name) if name else "", **known))

    def note(self, code: str, name: str = "", /, **known: str) -> None:
        self.notes.append(reason(code, self.column(name) if name else "", **known))

    def asked(self, question: Question | None, name: str) -> None:
        """A question of a time or quantity becomes a doubt about its cell."""
        if question is not None:
            self.doubts.append(_refusal(question, self.column(name)))

    def when(self, name: str, *, filed_on: date, minutes: int = 0) -> When:
        """The cell read as a time, its question and notes passed on."""
        text = self.text(name)
        plain = simplified(text)
        when = self.time(plain, filed_on=filed_on, minutes=minutes)
        when = replace(when, phrase=text) if plain != text and when.phrase == plain else when
        self.asked(when.question, name)
        self.notes.extend(_refusal(note, self.column(name)) for note in when.notes)
        return when

    def time(self, phrase: str, *, filed_on: date, minutes: int = 0) -> When:
        """A phrase read as a time; one that came before in this table is not read again."""
        known = (phrase, filed_on, minutes)
        if known not in self.memory.whens:
            self.memory.kept()
            self.memory.whens[known] = read_when(
                phrase, filed_on=filed_on, calendar=self.calendar, minutes=minutes, zone=self.zone
            )
        return self.memory.whens[known]

    def of_need(self, phrase: str, title: str) -> tuple[str, ...]:
        """The categories of something asked for."""
        known = ("need", phrase, title)
        if known not in self.memory.categories:
            self.memory.kept()
            self.memory.categories[known] = tuple(self.tree.of_need(simplified(phrase), simplified(title)))
        return self.memory.categories[known]

    def understands(self, phrase: str, title: str) -> bool:
        """True when the categories of something asked for may stand without asking."""
        return self.tree.understands(simplified(phrase), simplified(title))

    def of_resource(self, phrase: str, title: str) -> tuple[str, ...]:
        """The categories of something offered, or of a skill."""
        known = ("resource", phrase, title)
        if known not in self.memory.categories:
            self.memory.kept()
            self.memory.categories[known] = tuple(
                self.tree.of_resource(simplified(phrase), simplified(title))
            )
        return self.memory.categories[known]

    def quantity(self, name: str, offered: Offered = Offered.ANY, *, helpers: bool = False) -> Quantity:
        """The cell read as a quantity of this list and column, its question and notes passed on."""
        counts_people = name == "helpers" or _COUNTS_PEOPLE.search(self.column(name))
        column = "helpers" if name == "helpers" else "people_count" if counts_people else "quantity"
        counts = counting(self.table.kind.value, column, offered)
        written = simplified(self.text(name))
        quantity = read_quantity(written, replace(counts, people=Unit.HELPER) if helpers else counts)
        self.asked(quantity.question, name)
        self.notes.extend(_refusal(note, self.column(name)) for note in quantity.notes)
        return quantity

    def day(self, name: str) -> date:
        """The cell read as the day a line was written; the table's day, with a doubt, when it cannot be read."""
        text = self.text(name)
        if not text:
            return self.table.filed_on
        on = date_in(simplified(text), filed_on=self.table.filed_on)
        if on is None:
            self.doubt(
                "date_unreadable",
                name,
                text=text,
                column=self.column(name),
                assumed=self.table.filed_on.isoformat(),
            )
            return self.table.filed_on
        if on > self.table.filed_on:
            self.doubt("date_in_future", name, text=on.isoformat(), column=self.column(name))
        return on

    def word(self, name: str, words: Mapping[str, Collection[str]], default: str) -> str:
        """The code whose words the cell has; `default`, with a note, for a word nobody listed."""
        text = compared(simplified(self.text(name)))
        if not text:
            return default
        for code, listed in words.items():
            if text in listed:
                return code
        for code, listed in words.items():
            if any(len(word) > 1 and word in text for word in listed):
                return code
        self.note("word_unknown", name, text=self.text(name), column=self.column(name), assumed=default)
        return default


def _full_name(given: str, family: str) -> str:
    """Family name first without a space in Chinese, given name first elsewhere."""
    if not given or not family:
        return given or family
    return f"{given} {family}" if (given + family).isascii() else f"{family}{given}"


def _ticked(table: Table, cells: Mapping[str, str], name: str) -> str:
    """周二、周四 for ticks under 周二 and 周四; a word instead of a tick (上午) goes with its day."""
    said: list[str] = []
    for tick in table.ticks:
        text = cells.get(tick.column, "").strip()
        if tick.field != name or not text or text.casefold() in _NO_TICK:
            continue
        plain = "tick" in shapes_of(text)
        said.append(tick.says if plain else f"{tick.says}{'' if not text.isascii() else ' '}{text}")
    return ";".join(said) if any(len(one) > 4 for one in said) else "、".join(said)


def _refusal(question: Question, column: str) -> Refusal:
    return Refusal(code=question.code, zh=question.zh, en=question.en, field=column)


def line_key(kind: str, parts: Sequence[str]) -> str:
    """A stable key for a line's content: the same words in any width, case or spacing give the same key."""
    text = json.dumps([kind, *(compared(part) for part in parts)], ensure_ascii=False)
    return f"{kind[0]}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def place_in(text: str) -> Place:
    """The grid (一网格) and building (3号楼) a cell names, beside its text."""
    grid = re.search(
        r"[一二三四五六七八九十\d]+网格|第[一二三四五六七八九十\d]+网格|\bgrid \d+", text, re.IGNORECASE
    )
    building = re.search(r"\d+(?:号楼|栋|幢|号院)|\bbuilding \d+", text, re.IGNORECASE)
    return Place(text=text, grid=grid[0] if grid else "", building=building[0] if building else "")


def listed(text: str, *, spaces: bool = False) -> tuple[str, ...]:
    """The things a cell lists, split at 、 , ; and, where told, at spaces; repeats and signs for nothing left out, formulas
    made harmless."""
    parts = re.split(r"[、,，;；/]|\s+" if spaces else r"[、,，;；/]", text)
    return tuple(
        dict.fromkeys(harmless(part.strip()) for part in parts if unguarded(part.strip()) not in _EMPTY)
    )
