"""The columns below a header: their names, and tables that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from marketplace.lists.cells import Sheet
from marketplace.lists.headers.claiming import PATH
from marketplace.lists.headers.cutting import read_header
from marketplace.lists.headers.words import plain
from marketplace.lists.regions.values import Row

# What makes a table of its own when it stands twice in one header.
SUBJECTS = frozenset({"person", "need", "offer", "owner", "activity", "project"})


def blocks_of(
    header: Sequence[tuple[int, Row]], body: Sequence[tuple[int, Row]], sheet: Sheet
) -> Iterator[dict[int, str]]:
    """The columns of each table standing side by side under one header: place -> name."""
    names = _names(header, sheet)
    places = sorted(names)
    heads = {place: read_header(names[place].split(PATH)[-1]).concepts[:1] for place in places}
    cuts = {0}
    for at in range(1, len(places)):
        place, before = places[at], places[at - 1]
        if (
            place - before > 1
            and not any(column in row for _, row in body for column in range(before + 1, place))
            and _has_subject(heads, places[at:])
            and _has_subject(heads, places[max(cuts) : at])
        ) or (
            plain(names[place]) == plain(names[places[max(cuts)]])
            and _repeats(names, places, max(cuts), at, heads)
        ):
            cuts.add(at)
    edges = [*sorted(cuts), len(places)]
    last = max((max(row, default=0) for _, row in body), default=0)
    for first, after in pairwise(edges):
        inside = places[first:after]
        until = places[after] if after < len(places) else last + 1
        columns = {place: names[place] for place in inside}
        # What stands beside the header belongs to the table on its left.
        for place in range(inside[0], until):
            columns.setdefault(place, "")
        if first == 0:
            for place in range(inside[0]):
                columns.setdefault(place, "")
        yield _unique(dict(sorted(columns.items())))


def _has_subject(heads: Mapping[int, tuple[str, ...]], places: Sequence[int]) -> bool:
    found = [concept for place in places for concept in heads[place]]
    return len(found) >= 2 and bool(SUBJECTS & set(found))


def _repeats(
    names: Mapping[int, str], places: Sequence[int], first: int, at: int, heads: Mapping[int, tuple[str, ...]]
) -> bool:
    """序号 姓名 电话 序号 姓名 电话: the header of the block begins again, its subject with it."""
    width = at - first
    block, again = places[first:at], places[at : at + width]
    same = sum(1 for one, two in zip(block, again, strict=False) if plain(names[one]) == plain(names[two]))
    return width >= 2 and same >= 2 and same >= 0.6 * width and _has_subject(heads, again)


def _names(header: Sequence[tuple[int, Row]], sheet: Sheet) -> dict[int, str]:
    """Place -> the header's path there; a cell merged across stands above each of its columns."""
    paths: dict[int, list[str]] = {}
    for number, row in header:
        spread: dict[int, str] = {column: cell.text for column, cell in row.items() if cell.text}
        for area in sheet.merges:
            if area.top <= number <= area.bottom and area.right > area.left and area.left in row:
                for column in range(area.left, min(area.right, 300) + 1):
                    spread.setdefault(column, row[area.left].text)
        for column, text in spread.items():
            path = paths.setdefault(column, [])
            name = tidy(text)
            if name and name not in path[-1:]:
                path.append(name)
    lowest = {column for column, cell in header[-1][1].items() if cell.text}
    return {
        column: PATH.join(path)
        for column, path in paths.items()
        # A wide upper cell over a column without its own name and without cells is only its shadow.
        if column in lowest or len(path) > 0
    }


def tidy(text: str) -> str:
    """A header cell on one line; spaces inside Han words are layout."""
    return re.sub(r"\s+", "", text) if not text.isascii() else re.sub(r"\s+", " ", text).strip()


def _unique(columns: Mapping[int, str]) -> dict[int, str]:
    """Names made unique (备注, 备注 2); a column without a name is called by its place (#5)."""
    seen: dict[str, int] = {}
    made: dict[int, str] = {}
    for place, name in columns.items():
        named = name or f"#{place + 1}"
        seen[named] = seen.get(named, 0) + 1
        made[place] = f"{named} {seen[named]}" if seen[named] > 1 else named
    return made
