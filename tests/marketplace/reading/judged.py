"""The reader beside the oracle: every row of a corpus is right, asked about, or wrong.

python -m tests.marketplace.reading.judged           # the table of docs/reading-figures.md
python -m tests.marketplace.reading.judged --rows    # and every row that is asked about or wrong
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from marketplace.categories import default_tree
from marketplace.quantities import Offered, counting, read_quantity
from marketplace.times import read_when
from marketplace.values import Per, Quantity, Unit, Week, When
from tests.marketplace.reading.reading_oracle import (
    FILED_ON,
    HERE,
    LAST_ON,
    Counted,
    Meaning,
    Row,
    meaning,
    quantity_rows,
    rows,
)

WEEKS = tuple(Week.of(FILED_ON + timedelta(weeks=number)) for number in range(105))
QUANTITIES = ("quantities.tsv", "quantities_first_sight.tsv", "quantities_second_sight.tsv")
LATER_REQUESTS = tuple(
    f"requests_{name}_sight.tsv" for name in ("first", "second", "third", "fourth", "fifth")
)
TIMES = (
    "times_zh.tsv",
    "times_en.tsv",
    "times_first_sight.tsv",
    "times_second_sight.tsv",
    "times_third_sight.tsv",
    "times_fourth_sight.tsv",
    "times_kinds.tsv",
)


class Verdict(StrEnum):
    """What became of a row."""

    RIGHT = "right"
    ASKED = "asked"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with what became of it, and why where it is not right."""

    row: Row | Counted
    verdict: Verdict
    why: str = ""


@cache
def opened(when: When) -> set[tuple[date, int, int]]:
    """(day, minute, minutes) of every window between the two ends of the two years."""
    windows = (one for week in WEEKS for one in when.windows_in(week))
    return {
        (one.starts_at.date(), one.starts_at.hour * 60 + one.starts_at.minute, one.minutes)
        for one in windows
        if FILED_ON <= one.starts_at.date() <= LAST_ON
    }


@cache
def read(phrase: str) -> When:
    return read_when(phrase, filed_on=FILED_ON)


@cache
def judged_time(row: Row) -> Judged:
    """A time beside its right value; asking is never wrong, reading what must be asked about always."""
    when = read(row.phrase)
    if when.question is not None:
        return Judged(row, Verdict.ASKED, when.question.zh)
    if not row.right:
        return Judged(row, Verdict.WRONG, f"must be asked about: {when.said_zh}")
    right = meaning(row.right)
    wrong = _difference(when, right)
    return Judged(row, Verdict.WRONG if wrong else Verdict.RIGHT, wrong)


def _difference(when: When, right: Meaning) -> str:
    wanted, found = set(right.stretches()), opened(when)
    if wanted != found:
        return f"{when.said_zh}: too much {sorted(found - wanted)[:2]}, missing {sorted(wanted - found)[:2]}"
    demand = when.demand
    said = (demand.times, demand.minutes, demand.per.value, demand.every) if demand else None
    if right.one and (demand is None or demand.times != 1):
        return f"not one of them: {when.said_zh}"
    if said != right.demand and not right.one:
        return f"how often {said}: {when.said_zh}"
    if (right.each, right.notice) != (when.minutes_each, when.notice_days):
        return f"length or notice: {when.said_zh}"
    return ""


def judged_quantity(row: Counted) -> Judged:
    """A quantity beside its right value, as its column counts."""
    quantity = counted(row)
    if quantity.question is not None:
        return Judged(row, Verdict.ASKED, quantity.question.zh)
    if not row.right:
        return Judged(row, Verdict.WRONG, f"must be asked about: {said(quantity)}")
    right = " ".join(sorted(row.right.split()))
    found = " ".join(sorted(said(quantity).split()))
    return Judged(row, Verdict.RIGHT if found == right else Verdict.WRONG, "" if found == right else found)


def counted(row: Counted) -> Quantity:
    """The quantity as read in its column: needs.quantity/goods is a need of goods."""
    list_kind, column = row.column.split(".")
    column, _, offered = column.partition("/")
    return read_quantity(row.phrase, counting(list_kind, column, Offered(offered or "any")))


def said(quantity: Quantity) -> str:
    """A quantity in the words of the corpus."""
    words = [str(quantity.amount), quantity.unit.value]
    words += [quantity.per.value] if quantity.per is not Per.TOTAL else []
    more = {
        "each": quantity.minutes_each,
        "most": quantity.at_most,
        "limit": quantity.limit_each,
        "holds": quantity.each_holds,
        "with": quantity.helpers if quantity.unit is not Unit.HELPER else 0,
    }
    words += [f"{name}{number}" for name, number in more.items() if number]
    return " ".join([*words, *["together"] * quantity.together])


def request_rows() -> list[Row]:
    """The requests with the kind of help they mean, those of the tree's own held-out set too."""
    labelled = HERE.parent / "lists" / "requests_labelled.tsv"
    lines = labelled.read_text("utf-8").splitlines()
    held_out = [Row(*line.split("\t")[:2], False) for line in lines if line and not line.startswith("#")]  # type: ignore[arg-type, call-arg]
    return [*held_out, *rows("requests.tsv")]


def judged_request(row: Row) -> Judged:
    """A request beside its kind, as the shipped tree reads it without any column of kinds."""
    tree = default_tree()
    if not tree.understands("", row.phrase):
        return Judged(row, Verdict.ASKED, "".join(one.code for one in tree.suggest(row.phrase, k=1)))
    kept = tree.of_need("", row.phrase)
    right = bool(row.right) and row.right in kept
    return Judged(row, Verdict.RIGHT if right else Verdict.WRONG, "" if right else ", ".join(kept))


def figures(judged: Iterable[Judged]) -> tuple[int, int, int, int, int]:
    """Rows, right, asked about, wrong; and how many with one plain reading are not read."""
    found = list(judged)
    counted = Counter(one.verdict for one in found)
    unread = sum(one.row.plain and one.verdict is not Verdict.RIGHT for one in found)
    return (
        len(found),
        counted[Verdict.RIGHT],
        counted[Verdict.ASKED],
        counted[Verdict.WRONG],
        unread,
    )


def table() -> str:
    """The figures of every corpus as a table of the docs."""
    lines = [
        "| corpus | phrases | read right | asked about | silently wrong | with one plain reading: read |",
        "|---|---|---|---|---|---|",
    ]
    for name, judged in corpora():
        count, right, asked, wrong, unread = figures(judged)
        plain = sum(one.row.plain for one in judged)
        share = f"{plain - unread} of {plain} ({100 * (plain - unread) // plain} %)"
        lines.append(f"| `{name}` | {count} | {right} | {asked} | {wrong} | {share} |")
    return "\n".join(lines) + "\n"


def corpora() -> list[tuple[str, list[Judged]]]:
    """Every corpus with its rows judged."""
    times = [(name, [judged_time(row) for row in rows(name)]) for name in TIMES]
    return [
        *times,
        *((name, [judged_quantity(row) for row in quantity_rows(name)]) for name in QUANTITIES),
        ("requests.tsv", [judged_request(row) for row in request_rows()]),
        *((name, [judged_request(row) for row in rows(name)]) for name in LATER_REQUESTS),
    ]


if __name__ == "__main__":
    sys.stdout.write(table())
    if "--rows" in sys.argv:
        for _, judged in corpora():
            for one in judged:
                if one.verdict is not Verdict.RIGHT and (one.row.plain or one.verdict is Verdict.WRONG):
                    sys.stdout.write(f"{one.verdict}\t{one.row.phrase}\t{one.row.right}\t{one.why}\n")
