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
from dataclasses import dataclass, field

from marketplace.lists.columns import FOREIGN_LISTS, ListColumns, every_list
from marketplace.lists.headers.claiming import PATH, ColumnClaim
from marketplace.lists.headers.cutting import simplified_folded
from marketplace.lists.headers.words import Layout, plain, vocabulary

POINTS_LEAST, LEAD_LEAST = 4.0, 1.5
_HINT_POINTS = (3.0, 2.5, 2.0)
# Fields that may be spread over several columns.
SEVERAL = frozenset({"remark", "phone", "contact", "when"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StayColumns:
    """The columns that tell one stay of a row: clocks, or a length, or one cell of a day's column.

    Attributes:
        part: "", morning, afternoon or evening, as the header says.
        day: the day the header names, as written; "" when the row or the title names it.
        cell: the column of a day's cell (3, 8:30-11:30), where that is all there is.
        unit_minutes: of a number without a unit; 0 when nobody said.
    """

    signed_in: str = ""
    signed_out: str = ""
    minutes: str = ""
    cell: str = ""
    part: str = ""
    day: str = ""
    unit_minutes: int = 0


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
        kind: the list's name; `points` speak for it.
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


def fits_of(claims: Sequence[ColumnClaim], titles: str, sheet: str, filename: str) -> list[Fit]:
    """Every list a table could be, the likeliest first."""
    scored = [
        fit_to(name, claims, points=_points(name, known, claims, (titles, sheet, filename)))
        for name, known in every_list().items()
        if _meets(known, claims)
    ]
    return sorted(scored, key=lambda one: -one.points)


def settled(fits: Sequence[Fit]) -> bool:
    """Whether the first is the list beyond reasonable doubt."""
    if not fits or fits[0].points < POINTS_LEAST or fits[0].lacks:
        return False
    return len(fits) < 2 or fits[0].points - fits[1].points >= LEAD_LEAST


def layout_of(columns: Sequence[str]) -> Layout | None:
    """The known layout of another system these columns are."""
    names = {plain(name) for name in columns if name}
    for layout in vocabulary().layouts:
        if layout.must <= names and len(names & set(layout.fields)) >= 0.6 * len(names):
            return layout
    return None


def laid_out(layout: Layout, columns: Sequence[str]) -> Fit:
    """The columns of a known layout in their fields."""
    answers: dict[str, str] = {}
    units: dict[str, int] = {}
    left: list[LeftOut] = []
    for name in columns:
        to, _, unit = layout.fields.get(plain(name), "").partition(":")
        if to and to != "-":
            answers[name] = to
            units[name] = {"hours": 60, "minutes": 1}.get(unit, 0)
        else:
            left.append(LeftOut(column=name, why="not_kept"))
    mapping, more = _mapped(answers)
    return Fit(
        kind=layout.kind,
        points=99.0,
        mapping=mapping,
        more=more,
        stays=_stays_named(mapping, units) if layout.kind == "attendance" else (),
        left_out=tuple(left),
    )


def _stays_named(mapping: Mapping[str, str], units: Mapping[str, int]) -> tuple[StayColumns, ...]:
    stay = StayColumns(
        signed_in=mapping.get("signed_in", ""),
        signed_out=mapping.get("signed_out", ""),
        minutes=mapping.get("minutes", ""),
        unit_minutes=units.get(mapping.get("minutes", ""), 0),
    )
    return (stay,) if stay.signed_in or stay.signed_out or stay.minutes else ()


def _mapped(answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
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


def _points(
    name: str, known: ListColumns, claims: Sequence[ColumnClaim], context: tuple[str, str, str]
) -> float:
    wanted = {concept for concepts in known.fits.values() for concept in concepts}
    points = 3.0 * len(known.needs)
    for claim in claims:
        weight = 1.0 if claim.trusted else 0.5
        if set(claim.concepts) & wanted:
            points += weight
        elif claim.concepts and not claim.class_of and claim.filled:
            points -= 0.7 * weight
        if claim.concepts and set(claim.concepts) <= known.against:
            points -= 3.0 * weight
    points += _hinted(known, context)
    days = [claim for claim in claims if claim.weekday is not None or claim.day]
    if len(days) >= 3:
        points += _points_of_days(name, days)
    return points


def _hinted(known: ListColumns, context: tuple[str, str, str]) -> float:
    for text, points in zip(context, _HINT_POINTS, strict=True):
        if any(hint in simplified_folded(text) for hint in known.hints):
            return points
    return 0.0


def _points_of_days(name: str, days: Sequence[ColumnClaim]) -> float:
    """A row of days holds hours or clocks in a sign-in sheet, names in a rota, ticks in a list of people free then."""
    shapes = {shape for claim in days for shape, share in claim.shares.items() if share >= 0.5}
    if not shapes & {"name"} and shapes & {"number", "clock", "range", "length"}:
        return 3.0 if name == "attendance" else -3.0
    if "name" in shapes and "tick" not in shapes:
        return 3.0 if name == "rota" else -3.0
    if "tick" in shapes:
        weekdays = all(claim.weekday is not None for claim in days)
        return 2.0 if name == ("volunteers" if weekdays else "attendance") else -2.0
    return 0.0


def fit_to(
    name: str, claims: Sequence[ColumnClaim], *, points: float = 0.0, answers: Mapping[str, str] | None = None
) -> Fit:
    """The columns in the fields of one list.

    Args:
        answers: column -> field, or "-" to leave it out, as somebody said; they come before every claim.
    """
    known, said = every_list()[name], answers or {}
    usable = [claim for claim in claims if claim.trusted and claim.name not in said and not _is_day(claim)]
    mapping, more = _mapped({column: to for column, to in said.items() if to != "-"})
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
            column for stay in stays for column in (stay.signed_in, stay.signed_out, stay.minutes, stay.cell)
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


def _is_day(claim: ColumnClaim) -> bool:
    return claim.weekday is not None or bool(claim.day)


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


def stays_of(claims: Sequence[ColumnClaim], mapping: Mapping[str, str]) -> tuple[StayColumns, ...]:
    """One entry for each pair of clocks, else for each length, else for each day's column."""
    usable = [one for one in claims if (one.trusted or one.name in mapping.values()) and not _is_day(one)]
    ins = [one for one in usable if "clock_in" in one.concepts or one.name == mapping.get("signed_in")]
    outs = [one for one in usable if "clock_out" in one.concepts or one.name == mapping.get("signed_out")]
    lengths = [one for one in usable if "stay" in one.concepts or one.name == mapping.get("minutes")]
    if ins or outs:
        count = max(len(ins), len(outs))
        paired = len(ins) == len(outs)
        return tuple(
            StayColumns(
                signed_in=ins[at].name if at < len(ins) else "",
                signed_out=outs[at].name if at < len(outs) else "",
                minutes=lengths[at].name
                if len(lengths) == count
                else lengths[0].name
                if lengths and count == 1
                else "",
                part=_part(ins, outs, at) if paired else "",
                unit_minutes=(lengths[at] if len(lengths) == count else lengths[0]).unit_minutes
                if lengths
                else 0,
            )
            for at in range(count)
        )
    if lengths:
        return tuple(
            StayColumns(minutes=one.name, part=one.part, unit_minutes=one.unit_minutes) for one in lengths[:1]
        )
    return tuple(
        StayColumns(cell=one.name, day=one.day or one.name.split(PATH)[-1], unit_minutes=one.unit_minutes)
        for one in claims
        if _is_day(one) and one.filled
    )


def _part(ins: Sequence[ColumnClaim], outs: Sequence[ColumnClaim], at: int) -> str:
    return ins[at].part or outs[at].part


def _is_known_elsewhere(claim: ColumnClaim) -> bool:
    """A column that is understood and simply has no place here, so that nobody need be asked."""
    return claim.trusted and (bool(claim.class_of) or not _is_day(claim))


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
