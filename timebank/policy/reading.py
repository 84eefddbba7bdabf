"""A policy from TOML text, and back: every key is known, every value of its type and within its bounds, or BadPolicy.

Reading is strict because a misspelt key would be a rule that silently does not hold. It goes by the knobs of the class
it is given, so that it knows nothing of any single rule.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Container, Mapping
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from timebank.policy.errors import BadPolicy
from timebank.policy.knobs import Shape, Spec, all_specs, parts_of, specs_of

P = TypeVar("P")

# Keys of earlier editions, and what says the same thing now.
MOVED = {
    "valid_from_on": "a version's first day is kept with the version, not in its text",
    "credit.minors_earn": "say earning.banked_from_age = 18 for what was minors_earn = false",
}


# A key of earlier editions that approved versions may still hold, and the key whose value is the lower of both now: what
# was said of women could never be told from what was said of everybody, because nobody's sex is on record.
_FOLDED = {("earning", "age_min_women"): "age_min"}

# Keys of earlier editions that say nothing any more: no hour is posted because days have passed.
_SAYS_NOTHING = (("services", "auto_confirm_days"),)


def shipped() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    return tuple(sorted(one.name[:-5] for one in _cities().iterdir() if one.name.endswith(".toml")))


def text_of(city: str) -> str:
    """The TOML text of a shipped profile, or of the file at a path that ends in .toml."""
    if city.endswith(".toml"):
        path = Path(city)
        if not path.is_file():
            raise BadPolicy("", f"没有规则文件 {city}。", f"no policy file {city}")
        return path.read_text(encoding="utf-8")
    if city not in shipped():
        known = ", ".join(shipped())
        raise BadPolicy(
            "", f"没有自带的规则 {city}；有 {known}。", f"no shipped city {city!r}; there are {known}"
        )
    return (_cities() / f"{city}.toml").read_text(encoding="utf-8")


def read(kind: type[P], text: str) -> P:
    """The policy in a TOML text.

    Raises:
        BadPolicy: no TOML, an unknown key, a value of the wrong type or out of bounds, or two knobs that disagree.
    """
    return from_table(kind, _parsed(text))


def from_table(kind: type[P], table: dict[str, object]) -> P:
    """The policy in a table as TOML would give it; refuses what `read` refuses."""
    table = _folded(table)
    parts = parts_of(kind)
    values: dict[str, object] = {}
    for name, (_section, part) in parts.items():
        inner = table.pop(name, {})
        if not isinstance(inner, dict):
            raise BadPolicy(name, f"{name} 应是一节。", f"{name} should be a table")
        values[name] = _built(part, _read_table(part, inner, where=name), where=name)
    values |= _read_table(kind, table, where="")
    zone = values.get("timezone")
    if isinstance(zone, str):
        _check_zone(zone)
    return _built(kind, values, where="")


def _folded(table: dict[str, object]) -> dict[str, object]:
    """The table with what earlier editions said in two keys said in one."""
    found = dict(table)
    for part, old in _SAYS_NOTHING:
        inner = found.get(part)
        if isinstance(inner, dict):
            found[part] = {key: value for key, value in inner.items() if key != old}
    for (part, old), now in _FOLDED.items():
        inner = found.get(part)
        if isinstance(inner, dict) and old in inner:
            kept = {key: value for key, value in inner.items() if key != old}
            low = inner[old]
            high = kept.get(now, 0)
            if type(low) is int and type(high) is int and low:
                kept[now] = min(low, high)
            found[part] = kept
    return found


def said(text: str) -> frozenset[str]:
    """The dotted keys a text states; every other knob is left unset by it."""
    found: set[str] = set()
    for name, value in _parsed(text).items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}" for inner in value}
        else:
            found.add(name)
    return frozenset(found)


def written(policy: object) -> str:
    """The TOML text of a policy: whatever is not left at its default; `read` gives the same policy back."""
    kind = type(policy)
    lines = [_line(spec, getattr(policy, spec.name)) for spec in specs_of(kind) if _differs(policy, spec)]
    for name, (_section, part) in parts_of(kind).items():
        inner = getattr(policy, name)
        told = [spec for spec in specs_of(part, name) if _differs(inner, spec)]
        plain = [spec for spec in told if spec.shape is not Shape.TABLES]
        if plain:
            lines += ["", f"[{name}]", *(_line(spec, getattr(inner, spec.name)) for spec in plain)]
        for spec in told:
            if spec.shape is Shape.TABLES:
                for row in getattr(inner, spec.name):
                    lines += ["", f"[[{spec.key}]]", *_row(row)]
    return "\n".join(lines).strip() + "\n"


def check_categories(policy: object, known: Container[str]) -> None:
    """Refuse a policy that names a kind of service the community does not have.

    Raises:
        BadPolicy: naming the key and the code.
    """
    for spec in all_specs(type(policy)):
        inner = getattr(policy, spec.part) if spec.part else policy
        value = getattr(inner, spec.name)
        codes: tuple[str, ...] = ()
        if spec.shape is Shape.CODES and spec.name.startswith("categories"):
            codes = value
        elif spec.shape is Shape.TABLES and any(
            one.name == "category" for one in specs_of(spec.table or object)
        ):
            codes = tuple(row.category for row in value)
        for code in codes:
            if code not in known:
                raise BadPolicy(
                    spec.key, f"没有这个类别：{code}。", f"{spec.key} names {code!r}, which is no category"
                )


def _cities() -> resources.abc.Traversable:
    return resources.files("timebank") / "cities"


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy("", f"这不是 TOML：{error}。", f"not TOML: {error}") from error


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadPolicy(
            "timezone", f"没有时区 {name}。", f"timezone is {name!r}, which is no time zone"
        ) from error


def _built(kind: type[P], values: Mapping[str, object], *, where: str) -> P:
    """The value, with the part's name put before a key that it refuses by itself."""
    try:
        return kind(**values)
    except BadPolicy as refusal:
        if not where:
            raise
        raise BadPolicy(
            f"{where}.{refusal.key}", refusal.zh, f"{where}.{refusal.key}: {refusal.en}"
        ) from None


def _read_table(kind: type, table: Mapping[str, object], *, where: str) -> dict[str, object]:
    specs = {spec.name: spec for spec in specs_of(kind, where)}
    values: dict[str, object] = {}
    for name, value in table.items():
        key = f"{where}.{name}" if where else name
        if name not in specs:
            hint = MOVED.get(key, "")
            raise BadPolicy(key, f"没有 {key} 这一项。", f"unknown key {key}" + (f"; {hint}" if hint else ""))
        values[name] = _value(specs[name], value)
    return values


def _value(spec: Spec, value: object) -> object:
    match spec.shape:
        case Shape.NUMBER:
            return _number(spec, value)
        case Shape.SWITCH if type(value) is bool:
            return value
        case Shape.TEXT if isinstance(value, str):
            return value
        case Shape.CHOICE:
            return _choice(spec, value)
        case Shape.CHOICES if isinstance(value, list):
            return _once(spec, tuple(_choice(spec, one) for one in value))
        case Shape.CODES if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
            return _once(spec, tuple(value))
        case Shape.TABLES if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            assert spec.table is not None
            found: list[object] = []
            for number, row in enumerate(value):
                where = f"{spec.key}.{number}"
                found.append(_built(spec.table, _read_table(spec.table, row, where=where), where=where))
            return tuple(found)
    wanted = {
        Shape.SWITCH: ("是或否", "true or false"),
        Shape.TEXT: ("文字", "a text"),
        Shape.CHOICES: ("一列选项", "a list of choices"),
        Shape.CODES: ("一列代码", "a list of codes"),
        Shape.TABLES: ("若干节", "a list of tables"),
    }[spec.shape]
    raise BadPolicy(
        spec.key, f"{spec.knob.zh}应是{wanted[0]}。", f"{spec.key} is {value!r}; it should be {wanted[1]}"
    )


def _number(spec: Spec, value: object) -> int:
    if type(value) is not int:
        raise BadPolicy(
            spec.key, f"{spec.knob.zh}应是整数。", f"{spec.key} is {value!r}; it should be a whole number"
        )
    if value < spec.knob.least:
        raise BadPolicy(
            spec.key,
            f"{spec.knob.zh}不能小于 {spec.knob.least}。",
            f"{spec.key} is {value}; it cannot be below {spec.knob.least or 'zero'}",
        )
    if value > spec.knob.most:
        raise BadPolicy(
            spec.key,
            f"{spec.knob.zh}不能大于 {spec.knob.most}。",
            f"{spec.key} is {value}; it cannot be above {spec.knob.most}",
        )
    return value


def _choice(spec: Spec, value: object) -> StrEnum:
    assert spec.choices is not None
    for one in spec.choices:
        if value == one.value:
            return one
    may = ", ".join(spec.choices)
    raise BadPolicy(spec.key, f"{spec.knob.zh}可以是 {may}。", f"{spec.key} is {value!r}; it may be {may}")


def _once(spec: Spec, values: tuple[object, ...]) -> tuple[object, ...]:
    if len(set(values)) != len(values):
        raise BadPolicy(spec.key, f"{spec.knob.zh}有重复。", f"{spec.key} says something twice")
    return values


def _differs(inner: object, spec: Spec) -> bool:
    return bool(getattr(inner, spec.name) != spec.default)


def _line(spec: Spec, value: object) -> str:
    return f"{spec.name} = {_toml(value)}"


def _row(row: object) -> list[str]:
    return [_line(spec, getattr(row, spec.name)) for spec in specs_of(type(row)) if _differs(row, spec)]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    # A JSON string is a TOML basic string, but for the one sign that JSON leaves as it is.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
