"""What a knob of a policy is: its words, its unit and its bounds, written beside its type.

    step_minutes: Annotated[int, Knob("按几分钟取整", "Rounded to", Measure.MINUTES, least=1, most=240)] = 1

Reading, writing, the form on the policy page and the docs all go by these; a knob that is added needs nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from typing import Annotated, get_args, get_origin, get_type_hints


class Measure(Enum):
    """What a number counts; its words in (zh, en)."""

    NONE = ("", "")
    MINUTES = ("分钟", "minutes")
    HOURS = ("小时", "hours")
    DAYS = ("天", "days")
    WEEKS = ("周", "weeks")
    MONTHS = ("个月", "months")
    YEARS = ("岁", "years")
    PEOPLE = ("人", "people")
    PERCENT = ("%", "%")
    TIMES = ("次", "times")


@dataclass(frozen=True, slots=True)
class Knob:
    """The words, unit and bounds of one knob.

    Attributes:
        none: what zero, or nothing chosen, means in (zh, en); ("", "") where zero is a number like any other.
    """

    zh: str
    en: str
    measure: Measure = Measure.NONE
    least: int = 0
    most: int = 100_000_000
    none: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Section:
    """The words of one part of a policy."""

    zh: str
    en: str


class Shape(StrEnum):
    """What kind of value a knob takes, and so what kind of field it is on a form."""

    NUMBER = "number"
    SWITCH = "switch"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    CODES = "codes"
    TABLES = "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One knob as everybody but the rules sees it.

    Attributes:
        part: the table it stands in; "" at the top of the file.
        choices: the enum of a CHOICE or CHOICES; table: the dataclass behind each row of TABLES.
        default: the value that holds when a policy does not say.
    """

    part: str
    name: str
    knob: Knob
    shape: Shape
    default: object
    choices: type[StrEnum] | None = None
    table: type | None = None

    @property
    def key(self) -> str:
        return f"{self.part}.{self.name}" if self.part else self.name


def parts_of(policy: type) -> dict[str, tuple[Section, type]]:
    """The parts of a policy class in their order, by the name of their table."""
    found: dict[str, tuple[Section, type]] = {}
    for name, hint in get_type_hints(policy, include_extras=True).items():
        held, note = _noted(hint)
        if isinstance(held, type) and is_dataclass(held) and isinstance(note, Section):
            found[name] = (note, held)
    return found


def specs_of(kind: type, part: str = "") -> tuple[Spec, ...]:
    """Every knob that stands in a dataclass itself, in its order; knobs of its parts are theirs."""
    defaults = {one.name: one.default for one in fields(kind)}
    found = []
    for name, hint in get_type_hints(kind, include_extras=True).items():
        held, note = _noted(hint)
        if not isinstance(note, Knob):
            continue
        shape, choices, table = _shape(held)
        found.append(
            Spec(
                part=part, name=name, knob=note, shape=shape, default=defaults[name], choices=choices, table=table
            )
        )  # fmt: skip
    return tuple(found)


def all_specs(policy: type) -> tuple[Spec, ...]:
    """Every knob of a policy class with all its parts."""
    inner = (spec for part, (_section, kind) in parts_of(policy).items() for spec in specs_of(kind, part))
    return (*specs_of(policy), *inner)


def _noted(hint: object) -> tuple[object, object]:
    """A hint's bare type and its note; (hint, None) when nothing is noted."""
    if get_origin(hint) is not Annotated:
        return hint, None
    held, note = get_args(hint)[:2]
    return held, note


def _shape(held: object) -> tuple[Shape, type[StrEnum] | None, type | None]:
    simple = {int: Shape.NUMBER, bool: Shape.SWITCH, str: Shape.TEXT}
    if isinstance(held, type) and held in simple:
        return simple[held], None, None
    if isinstance(held, type) and issubclass(held, StrEnum):
        return Shape.CHOICE, held, None
    if get_origin(held) is tuple:
        inner = get_args(held)[0]
        if inner is str:
            return Shape.CODES, None, None
        if issubclass(inner, StrEnum):
            return Shape.CHOICES, inner, None
        return Shape.TABLES, None, inner
    raise TypeError(f"a knob cannot hold {held!r}")
