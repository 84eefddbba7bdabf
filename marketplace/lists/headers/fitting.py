"""Which list a table is and which column fills which field: by points for and against, and asked wherever that is close.

1. A known layout of another system settles both.
2. Else every list is scored: its needs, the columns that find a place in it, those that do not, those that speak against
   it, and the words of title, sheet and file.
3. What nobody may use without asking (an unsure header, cells that contradict it, a filled column nobody claims) is a
   question; the column is not used meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from marketplace.lists.columns import FOREIGN_LISTS, ListColumns, every_list
from marketplace.lists.headers.claiming import PATH, ColumnClaim
from marketplace.lists.headers.points import is_doubtful, points_of
from marketplace.lists.headers.stay_columns import StayColumns, is_day, stays_of
from marketplace.lists.headers.words import plain

POINTS_LEAST, LEAD_LEAST = 4.0, 1.5
# Fields that may be spread over several columns.
SEVERAL = frozenset({"remark", "phone", "contact", "when"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A column that is not used, and why: sensitive, not_kept, somebody_else, repeated."""

    column: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenColumn:
    """A column somebody must point at: unsure, contradicted, unclaimed, or the same thing as `other`.

    `guess` is a field of the list or "".
    """

    column: str
    code: str
    guess: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a table is read as one list.

    Attributes:
        kind: the list's name; `points` speak for it; `doubtful` when nothing in it belongs to this list alone.
        mapping: field -> column; more: field -> further columns of it.
        ticks: field -> (column, what a tick there says).
    """

    kind: str
    points: float = 0.0
    mapping: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ticks: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    stays: tuple[StayColumns, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    open: tuple[OpenColumn, ...] = ()
    lacks: frozenset[str] = frozenset()
    doubtful: bool = False


def fits_of(claims: Sequence[ColumnClaim], titles: str, sheet: str, filename: str) -> list[Fit]:
    """Every list a table could be, the likeliest first."""
    context = (titles, sheet, filename)
    scored = [
        replace(
            fit_to(name, claims, points=points_of(name, known, claims, context)),
            doubtful=is_doubtful(known, claims, context),
        )
        for name, known in every_list().items()
        if _meets(known, claims)
    ]
    return sorted(scored, key=lambda one: -one.points)


def settled(fits: Sequence[Fit]) -> bool:
    """Whether the first is the list beyond reasonable doubt."""
    if not fits or fits[0].points < POINTS_LEAST or fits[0].lacks or fits[0].doubtful:
        return False
    return len(fits) < 2 or fits[0].points - fits[1].points >= LEAD_LEAST


def mapped(answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(field -> column, field -> further columns) of what was said of each column."""
    mapping: dict[str, str] = {}
    more: dict[str, tuple[str, ...]] = {}
    for column, to in answers.items():
        if to not in mapping:
            mapping[to] = column
        elif to in SEVERAL:
            more[to] = (*more.get(to, ()), column)
        else:
            mapping[to] = column
    return mapping, more


def _meets(known: ListColumns, claims: Sequence[ColumnClaim]) -> bool:
    have = {concept for claim in claims for concept in claim.concepts}
    if any(claim.weekday is not None or claim.day for claim in claims):
        have |= {"stay", "free_time", "held_on"} if sum(1 for one in claims if one.weekday is not None or one.day) >= 3 else set()  # fmt: skip
    return all(group & have for group in known.needs)


def fit_to(
    name: str, claims: Sequence[ColumnClaim], *, points: float = 0.0, answers: Mapping[str, str] | None = None
) -> Fit:
    """The columns in the fields of one list.

    Args:
        answers: column -> field, or "-" to leave it out, as somebody said; they come before every claim.
    """
    known, said = every_list()[name], answers or {}
    usable = [claim for claim in claims if claim.trusted and claim.name not in said and not is_day(claim)]
    mapping, more = mapped({column: to for column, to in said.items() if to != "-"})
    taken = {column for column, to in said.items()}
    _claim_fields(known, usable, mapping, more, taken)
    ticks = _ticks(known, claims, mapping, said)
    taken |= {column for one in ticks.values() for column, _ in one}
    stays: tuple[StayColumns, ...] = ()
    if name == "attendance":
        stays = stays_of(
            [
                claim
                for claim in claims
                if said.get(claim.name, "") in ("", "signed_in", "signed_out", "minutes")
            ],
            mapping,
        )
        taken |= {
            column
            for stay in stays
            for column in (stay.signed_in, stay.signed_out, stay.minutes, stay.also_minutes, stay.cell)
        }
    twice = _twice(claims, usable, mapping, taken)
    taken |= {one.column for one in twice}
    left = tuple(LeftOut(column=column, why="said") for column, to in said.items() if to == "-") + tuple(
        _left(claim)
        for claim in claims
        if claim.name not in taken
        and (claim.filled or claim.class_of == "sensitive")
        and _is_known_elsewhere(claim)
    )
    gone = taken | {one.column for one in left}
    return Fit(
        kind=name,
        points=points,
        mapping=mapping,
        more=more,
        ticks=ticks,
        stays=stays,
        left_out=left,
        open=(
            *twice,
            *(_opened(known, claim, mapping) for claim in claims if claim.name not in gone and claim.filled),
        ),
        lacks=frozenset(known.required) - set(mapping),
    )


def _twice(
    claims: Sequence[ColumnClaim],
    usable: Sequence[ColumnClaim],
    mapping: Mapping[str, str],
    taken: set[str],
) -> tuple[OpenColumn, ...]:
    """Filled columns that claim the very thing another column was taken for; a running number matters to nobody."""
    used = {claim.concepts: claim.name for claim in claims if claim.name in mapping.values()}
    return tuple(
        OpenColumn(column=claim.name, code="column_twice", other=used[claim.concepts])
        for claim in usable
        if claim.name not in taken
        and claim.filled
        and not claim.class_of
        and claim.concepts in used
        and claim.concepts != ("number",)
    )


def _claim_fields(
    known: ListColumns,
    usable: Sequence[ColumnClaim],
    mapping: dict[str, str],
    more: dict[str, tuple[str, ...]],
    taken: set[str],
) -> None:
    """Fields take their surest concepts first, so that a second choice never costs another field its first."""
    for rank in range(max(map(len, known.fits.values()), default=0)):
        for name, concepts in known.fits.items():
            if name in mapping or rank >= len(concepts):
                continue
            found = [one for one in usable if concepts[rank] in one.concepts and one.name not in taken]
            if found:
                best = max(found, key=lambda one: (one.filled > 0, _is_label(one, known, name)))
                mapping[name] = best.name
                taken.add(best.name)
    for claim in usable:
        if claim.name in taken:
            continue
        to = next((name for name in SEVERAL if set(claim.concepts) & set(known.fits.get(name, ())) and name in mapping), "")  # fmt: skip
        if to:
            more[to] = (*more.get(to, ()), claim.name)
            taken.add(claim.name)


def _is_label(claim: ColumnClaim, known: ListColumns, name: str) -> bool:
    """Whether the header is the very name this list gives the field."""
    own = claim.name.split(PATH)[-1]
    return any(plain(own).endswith(plain(label)) for label in known.fields.get(name, ()))


def _ticks(
    known: ListColumns, claims: Sequence[ColumnClaim], mapping: Mapping[str, str], said: Mapping[str, str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Columns headed by weekdays or parts of day in which a tick says when somebody is free."""
    if "when" not in known.fits or "when" in mapping or "signed_in" in known.fits:
        return {}
    found = tuple(
        (claim.name, claim.name.split(PATH)[-1])
        for claim in claims
        if claim.name not in said
        and claim.weekday is not None
        and (not claim.concepts or set(claim.concepts) & {"free_time", "when"})
        and claim.filled
        and max(claim.shares.get("tick", 0.0), claim.shares.get("when", 0.0)) >= 0.5
    )
    return {"when": found} if found else {}


def _is_known_elsewhere(claim: ColumnClaim) -> bool:
    """A column that is understood and simply has no place here, so that nobody need be asked."""
    if claim.class_of == "sensitive":
        return True
    return claim.trusted and (bool(claim.class_of) or not is_day(claim))


def _left(claim: ColumnClaim) -> LeftOut:
    owner = claim.concepts[0].rpartition(".")[0]
    why = "sensitive" if claim.class_of == "sensitive" else "somebody_else" if owner or "other_person" in claim.concepts else "not_kept"  # fmt: skip
    return LeftOut(column=claim.name, why=why)


def _opened(known: ListColumns, claim: ColumnClaim, mapping: Mapping[str, str]) -> OpenColumn:
    code = (
        "column_unclaimed"
        if not claim.concepts
        else "column_contradicted"
        if claim.contradicted
        else "column_unsure"
    )
    wanted = (*claim.concepts, claim.guess)
    guess = next((name for name, concepts in known.fits.items() if name not in mapping and set(wanted) & set(concepts)), "")  # fmt: skip
    return OpenColumn(column=claim.name, code=code, guess="" if claim.contradicted else guess)


def is_foreign(name: str) -> bool:
    """A list that is recognised and not brought in."""
    return name in FOREIGN_LISTS


def folded_column(name: str) -> str:
    """A column's name for a fingerprint: what two files of one shape share."""
    return re.sub(r"\s+", "", plain(name))
