"""One row being read: its cells by our field names, and the doubts and notes that come up on the way.

Readers of single lists ask this for cells and say what they doubt; `judging` turns that into a verdict.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from marketplace.categories import CategoryTree
from marketplace.lists.columns import all_columns
from marketplace.lists.dates import date_in
from marketplace.lists.reasons import reason
from marketplace.lists.report import SourceRow, Table
from marketplace.quantities import Offered, counting, read_quantity
from marketplace.text import compared, looks_like_formula, narrowed, neutralised
from marketplace.times import read_when
from marketplace.values import Calendar, Place, Quantity, Question, Refusal, Unit, When

# A column headed so counts people, whatever the list calls it.
_COUNTS_PEOPLE = re.compile(r"人数|名额|people|persons|how many", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "无", "N/A", "n/a", "None"})


@dataclass(slots=True, kw_only=True)
class RowReading:
    """A row, its table and what was found doubtful."""

    table: Table
    row: SourceRow
    tree: CategoryTree
    calendar: Calendar | None
    known_people: Collection[str] | None
    doubts: list[Refusal] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)
    _formulas: set[str] = field(default_factory=set)

    def column(self, name: str) -> str:
        """What the file, else the office, calls our field."""
        known = all_columns()[self.table.kind].fields
        return self.table.mapping.get(name) or (known[name][0] if name in known else name)

    def raw(self, name: str) -> str:
        """The cell as written; "" when the file has no such column."""
        return self.row.cells.get(self.table.mapping.get(name, ""), "")

    def text(self, name: str) -> str:
        """The cell for keeping: widths narrowed, a formula made harmless and asked about, an empty sign as ""."""
        raw = self.raw(name)
        if looks_like_formula(raw):
            if name not in self._formulas:
                self.doubt("cell_formula", name, text=raw[:60], column=self.column(name))
                self._formulas.add(name)
            return neutralised(raw)
        kept = narrowed(raw)
        return "" if kept in _EMPTY else kept

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
        when = read_when(self.text(name), filed_on=filed_on, calendar=self.calendar, minutes=minutes)
        self.asked(when.question, name)
        self.notes.extend(_refusal(note, self.column(name)) for note in when.notes)
        return when

    def quantity(
        self,
        name: str,
        *,
        seats: bool = False,
        meals: bool = False,
        helpers: bool = False,
        goods: bool = False,
    ) -> Quantity:
        """The cell read as a quantity of this list and column, its question and notes passed on."""
        offered = (
            Offered.PLACE if seats else Offered.MEALS if meals else Offered.GOODS if goods else Offered.ANY
        )
        counts_people = name == "helpers" or _COUNTS_PEOPLE.search(self.column(name))
        column = "helpers" if name == "helpers" else "people_count" if counts_people else "quantity"
        counts = counting(self.table.kind.value, column, offered)
        quantity = read_quantity(self.text(name), replace(counts, people=Unit.HELPER) if helpers else counts)
        self.asked(quantity.question, name)
        self.notes.extend(_refusal(note, self.column(name)) for note in quantity.notes)
        return quantity

    def day(self, name: str) -> date:
        """The cell read as the day a line was written; the table's day, with a doubt, when it cannot be read."""
        text = self.text(name)
        if not text:
            return self.table.filed_on
        on = date_in(text, filed_on=self.table.filed_on)
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
        text = compared(self.text(name))
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
    """The things a cell lists, split at 、 , ; and, where told, at spaces; repeats left out."""
    parts = re.split(r"[、,，;；/]|\s+" if spaces else r"[、,，;；/]", text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
