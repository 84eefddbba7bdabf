"""The columns of a sign-in sheet that tell one stay each: a pair of clocks, a length, or the cell of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.lists.headers.claiming import PATH, ColumnClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class StayColumns:
    """The columns that tell one stay of a row: clocks, or a length, or one cell of a day's column.

    Attributes:
        part: "", morning, afternoon or evening, as the header says.
        day: the day the header names, as written; "" when the row or the title names it.
        also_minutes: a column of minutes beside one of hours, which adds to them or says the same.
        cell: the column of a day's cell (3, 8:30-11:30), where that is all there is.
        unit_minutes: of a number without a unit; 0 when nobody said.
    """

    signed_in: str = ""
    signed_out: str = ""
    minutes: str = ""
    also_minutes: str = ""
    cell: str = ""
    part: str = ""
    day: str = ""
    unit_minutes: int = 0


def is_day(claim: ColumnClaim) -> bool:
    """Whether the header names a weekday or a day."""
    return claim.weekday is not None or bool(claim.day)


def stays_of(claims: Sequence[ColumnClaim], mapping: Mapping[str, str]) -> tuple[StayColumns, ...]:
    """One entry for each pair of clocks, else for each length, else for each day's column."""
    usable = [one for one in claims if (one.trusted or one.name in mapping.values()) and not is_day(one)]
    ins = [
        one
        for one in usable
        if {"clock_in", "span"} & set(one.concepts) or one.name == mapping.get("signed_in")
    ]
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
                part=_part(ins, outs, at) if paired else ins[at].part if not outs else "",
                unit_minutes=(lengths[at] if len(lengths) == count else lengths[0]).unit_minutes
                if lengths
                else 0,
            )
            for at in range(count)
        )
    if lengths:
        return tuple(
            StayColumns(
                minutes=one.name,
                also_minutes=_minutes_beside(one, lengths),
                part=one.part,
                unit_minutes=one.unit_minutes,
            )
            for one in lengths[:1]
        )
    return tuple(
        StayColumns(cell=one.name, day=one.day or one.name.split(PATH)[-1], unit_minutes=one.unit_minutes)
        for one in claims
        if is_day(one) and one.filled
    )


def _minutes_beside(hours: ColumnClaim, lengths: Sequence[ColumnClaim]) -> str:
    beside = [one.name for one in lengths[1:] if one.unit_minutes == 1]
    return beside[0] if hours.unit_minutes == 60 and len(beside) == 1 else ""


def _part(ins: Sequence[ColumnClaim], outs: Sequence[ColumnClaim], at: int) -> str:
    return ins[at].part or outs[at].part


def stays_named(mapping: Mapping[str, str], units: Mapping[str, int]) -> tuple[StayColumns, ...]:
    """The one stay of a known layout."""
    stay = StayColumns(
        signed_in=mapping.get("signed_in", ""),
        signed_out=mapping.get("signed_out", ""),
        minutes=mapping.get("minutes", ""),
        unit_minutes=units.get(mapping.get("minutes", ""), 0),
    )
    return (stay,) if stay.signed_in or stay.signed_out or stay.minutes else ()
