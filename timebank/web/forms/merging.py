"""Two people changed the same thing: fields that only one of them changed are taken, about the others a person decides. Pure.

A form that changes something carries what it showed at first. When it comes back, that is compared with what stands there
now and with what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """One field that both changed, and not to the same words."""

    name: str
    before: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Each field as it should stand now, a disputed one as it was typed last; and the disputed ones."""

    values: Mapping[str, str]
    disputed: tuple[Disputed, ...]


def seen_as(values: Mapping[str, object]) -> str:
    """What a form shows at first, for its hidden field `seen`."""
    return json.dumps({name: _text(value) for name, value in values.items()}, ensure_ascii=False)


def read_seen(text: str) -> Mapping[str, str] | None:
    """What the form had shown; None when it does not say."""
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return {str(name): _text(value) for name, value in found.items()} if isinstance(found, dict) else None


def merged(before: Mapping[str, str], theirs: Mapping[str, object], yours: Mapping[str, object]) -> Merged:
    """Three versions of the same fields as one.

    Args:
        before: what the form had shown. theirs: what stands there now; its fields are the ones that count.
        yours: what was typed; a field that did not come was emptied.
    """
    values: dict[str, str] = {}
    disputed: list[Disputed] = []
    for name, now in theirs.items():
        was, now_text, mine = before.get(name, ""), _text(now), _text(yours.get(name, ""))
        values[name] = now_text if mine == was else mine
        if mine not in (was, now_text) and now_text != was:
            disputed.append(Disputed(name=name, before=was, theirs=now_text, yours=mine))
    return Merged(values=values, disputed=tuple(disputed))


def _text(value: object) -> str:
    """As a browser sends it back: lines end in one way, blanks at the ends do not count."""
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
