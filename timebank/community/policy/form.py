"""A form made from the knobs of a policy, and a policy from what was typed into it: pure.

A field is named by its knob (`credit.step_minutes`), a row of a table by its number (`credit.weights.0.percent`). What
is left empty is left unset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from timebank.policy import BadPolicy, Policy, reading
from timebank.policy.knobs import Knob, Section, Shape, Spec, parts_of, specs_of
from timebank.policy.words import CHOICES

Typed = Mapping[str, Sequence[str]]
BLANK_ROWS = 2
YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One knob on the form.

    Attributes:
        name: of the field; shape: what kind of field it is; value, values: what stands in it, as text.
        options: (value, words in Chinese, words in English) of a choice.
        rows: of a table: each a line of fields, blank ones at the end.
    """

    name: str
    shape: Shape
    knob: Knob
    value: str = ""
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The knobs of one part."""

    name: str
    section: Section
    fields: tuple[Field, ...]


TOP = Section("名称", "Name")


def groups_of(policy: Policy) -> tuple[Group, ...]:
    """The form of a policy, part by part, filled in with what it says."""
    top = Group(
        name="", section=TOP, fields=tuple(_field(spec, getattr(policy, spec.name)) for spec in specs_of(Policy))
    )  # fmt: skip
    parts = tuple(
        Group(
            name=name, section=section,
            fields=tuple(_field(spec, getattr(getattr(policy, name), spec.name)) for spec in specs_of(part, name)),
        )
        for name, (section, part) in parts_of(Policy).items()
    )  # fmt: skip
    return (top, *parts)


def typed_into(groups: Sequence[Group], typed: Typed) -> tuple[Group, ...]:
    """The form again as it was sent, so that nothing typed is lost."""
    return tuple(replace(group, fields=tuple(_again(one, typed) for one in group.fields)) for group in groups)


def policy_of(typed: Typed) -> tuple[Policy | None, dict[str, BadPolicy]]:
    """The policy that was typed, or what is wrong with it by the field's name.

    Every field is judged by itself first; knobs that disagree with each other are found when all of them can be read.
    """
    table: dict[str, object] = {}
    errors: dict[str, BadPolicy] = {}
    known: set[str] = set()
    for spec in _all():
        names, value, wrong = _value(spec, typed)
        known |= names
        errors |= wrong
        if value is not None and not wrong:
            _put(table, spec, value)
    for name in typed.keys() - known:
        errors[name] = BadPolicy(name, "没有这一项。", f"unknown key {name}")
    if errors:
        return None, errors
    try:
        return reading.from_table(Policy, table), {}
    except BadPolicy as refusal:
        return None, {refusal.key: refusal}


def changes(before: Policy, after: Policy) -> tuple[tuple[Spec, object, object], ...]:
    """The knobs that differ between two policies, with both values, in the order of the form."""
    found = []
    for spec in _all():
        old, new = (_of(policy, spec) for policy in (before, after))
        if old != new:
            found.append((spec, old, new))
    return tuple(found)


def said(spec: Spec, value: object, lang: str) -> str:
    """A knob's value in words."""
    english = lang == "en"
    at = 1 if english else 0
    if value in (0, (), "") and not isinstance(value, bool) and spec.knob.none[at]:
        return spec.knob.none[at]
    match spec.shape:
        case Shape.SWITCH:
            return (("否", "no"), ("是", "yes"))[bool(value)][at]
        case Shape.NUMBER:
            unit = spec.knob.measure.value[at]
            return f"{value:,} {unit}".strip()
        case Shape.CHOICE:
            return CHOICES[type(value)][str(value)][at] if spec.choices is type(value) else str(value)
        case Shape.CHOICES | Shape.CODES if isinstance(value, tuple):
            words = CHOICES[spec.choices] if spec.choices else {}
            return ("、", ", ")[at].join(words.get(one, (one, one))[at] for one in value)
        case Shape.TABLES if isinstance(value, tuple) and spec.table:
            return ("；", "; ")[at].join(_row_said(spec.table, row, lang) for row in value)
    return str(value)


def _row_said(table: type, row: object, lang: str) -> str:
    told = [spec for spec in specs_of(table) if getattr(row, spec.name) != spec.default]
    words = [
        f"{spec.knob.en if lang == 'en' else spec.knob.zh} {said(spec, getattr(row, spec.name), lang)}"
        for spec in told
    ]
    return (", " if lang == "en" else "，").join(words)


def _all() -> Iterator[Spec]:
    yield from specs_of(Policy)
    for name, (_section, part) in parts_of(Policy).items():
        yield from specs_of(part, name)


def _of(policy: Policy, spec: Spec) -> object:
    return getattr(getattr(policy, spec.part) if spec.part else policy, spec.name)


def _put(table: dict[str, object], spec: Spec, value: object) -> None:
    if not spec.part:
        table[spec.name] = value
        return
    part = table.setdefault(spec.part, {})
    assert isinstance(part, dict)
    part[spec.name] = value


def _field(spec: Spec, value: object, name: str = "") -> Field:
    name = name or spec.key
    blank = Field(name=name, shape=spec.shape, knob=spec.knob)
    options = (
        tuple((one.value, *CHOICES[spec.choices][one.value]) for one in spec.choices) if spec.choices else ()
    )
    match spec.shape:
        case Shape.SWITCH:
            return replace(blank, value=YES if value else "")
        case Shape.CHOICES:
            assert isinstance(value, tuple)
            return replace(blank, values=value, options=options)
        case Shape.CODES:
            assert isinstance(value, tuple)
            return replace(blank, value=" ".join(value))
        case Shape.TABLES:
            assert isinstance(value, tuple)
            assert spec.table is not None
            return replace(blank, rows=_rows(spec, spec.table, value))
        case Shape.CHOICE:
            return replace(blank, value=str(value), options=options)
    # Zero stands empty where it means that there is no such rule.
    empty = value == 0 and spec.knob.none != ("", "")
    return replace(blank, value="" if empty else str(value))


def _rows(spec: Spec, table: type, rows: Sequence[object]) -> tuple[tuple[Field, ...], ...]:
    inner = specs_of(table)
    blank = [None] * BLANK_ROWS
    return tuple(
        tuple(
            _field(one, one.default if row is None else getattr(row, one.name), f"{spec.key}.{number}.{one.name}")
            for one in inner
        )
        for number, row in enumerate([*rows, *blank])
    )  # fmt: skip


def _again(field: Field, typed: Typed) -> Field:
    if field.rows:
        numbers = range(max(len(field.rows), _rows_sent(field, typed)))
        named = ((_numbered(one, field.name, number) for one in field.rows[-1]) for number in numbers)
        return replace(field, rows=tuple(tuple(_again(one, typed) for one in row) for row in named))
    sent = tuple(typed.get(field.name, ()))
    return replace(field, value=sent[0] if sent else "", values=sent)


def _rows_sent(field: Field, typed: Typed) -> int:
    numbers = (
        name.removeprefix(f"{field.name}.").split(".")[0]
        for name in typed
        if name.startswith(f"{field.name}.")
    )
    return max((int(one) + 1 for one in numbers if one.isdecimal() and len(one) < 3), default=0)


def _numbered(field: Field, table: str, number: int) -> Field:
    return replace(field, name=f"{table}.{number}.{field.name.rpartition('.')[2]}")


def _value(spec: Spec, typed: Typed) -> tuple[set[str], object, dict[str, BadPolicy]]:
    """(the names of its fields, the value as TOML would have it or None for unset, what is wrong by name)."""
    if spec.shape is not Shape.TABLES:
        value, wrong = _plain(spec, spec.key, typed)
        return {spec.key}, value, {spec.key: wrong} if wrong else {}
    assert spec.table is not None
    names: set[str] = set()
    rows: list[dict[str, object]] = []
    errors: dict[str, BadPolicy] = {}
    number = 0
    while any(f"{spec.key}.{number}.{one.name}" in typed for one in specs_of(spec.table)):
        row: dict[str, object] = {}
        for one in specs_of(spec.table):
            name = f"{spec.key}.{number}.{one.name}"
            names.add(name)
            value, wrong = _plain(one, name, typed)
            if wrong:
                errors[name] = wrong
            elif value is not None and value != one.default and value != [*_listed(one.default)]:
                row[one.name] = value
        if row:
            rows.append(row)
        number += 1
    return names, rows or None, errors


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _plain(spec: Spec, name: str, typed: Typed) -> tuple[object, BadPolicy | None]:
    sent = [one.strip() for one in typed.get(name, ()) if one.strip()]
    match spec.shape:
        case Shape.SWITCH:
            return bool(sent), None
        case Shape.CHOICES:
            return sent, None
        case Shape.CODES:
            return " ".join(sent).replace("，", " ").replace("、", " ").replace(",", " ").split(), None
    if not sent:
        return None, None
    if spec.shape is not Shape.NUMBER:
        return sent[0], None
    digits = sent[0].replace(",", "").translate(_WIDE)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return None, BadPolicy(name, f"{spec.knob.zh}要填整数。", f"{name} should be a whole number")
    number = int(digits)
    if not spec.knob.least <= number <= spec.knob.most:
        least, most = spec.knob.least, spec.knob.most
        return None, BadPolicy(
            name, f"{spec.knob.zh}在 {least} 到 {most:,} 之间。", f"{spec.knob.en}: between {least} and {most:,}"
        )  # fmt: skip
    return number, None


_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
