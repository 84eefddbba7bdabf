"""A telephone call as the sheet follows it: where the next key goes, what was meant, and what is open already. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from timebank.help.requests.asking import TILES, Tile
from timebank.rules.telling.phone_words import CALL_DIGIT, KINDS, OFF_DIGIT

WHO, NEW, WHAT = ("phone",), ("name", "address", "area"), ("kind", "when", "note")
CHECK = "check"


One = TypeVar("One", bound="Filed")


class Filed(Protocol):
    """An open request, for telling a repeat."""

    @property
    def title(self) -> str: ...

    @property
    def categories(self) -> Sequence[str]: ...


def path(*, new: bool, kind: str) -> tuple[str, ...]:
    """The fields in the order in which a caller answers; something else than the pictures has to be said in words."""
    asked = ("kind", "what", "when", "note") if kind == _OTHER else WHAT
    return (*WHO, *(NEW if new else ()), *asked)


def following(at: str, *, new: bool, kind: str, known: bool, filled: Collection[str] = ()) -> str:
    """Where the next key goes after Enter in the field `at`; `check` behind the last one.

    Args:
        new: somebody new is asked for name and address. known: the caller is chosen.
        filled: fields with something in them; they are passed over, for whoever went on by Tab.
    """
    fields = path(new=new, kind=kind)
    if at not in fields:
        return "kind" if known else WHO[0]
    if at == WHO[0] and not (known or new):
        return WHO[0]
    if at == "kind" and kind in (CALL_DIGIT, OFF_DIGIT):
        return CHECK if kind == CALL_DIGIT else "kind"
    left = [name for name in fields[fields.index(at) + 1 :] if name not in filled]
    return left[0] if left else CHECK


def first_wrong(errors: Mapping[str, str], at: str) -> str:
    """The field to go to: the first one that was refused, else where the next key goes."""
    every = path(new=True, kind=_OTHER)
    return next((name for name in every if name in errors), at)


def picture(kind: str) -> Tile | None:
    """The picture of a digit; None for none, 0 and 9."""
    number = int(kind) if kind.isdecimal() else 0
    return TILES[number - 1] if 1 <= number <= len(TILES) else None


def repeated(found: Iterable[One], *, title: str, categories: Sequence[str]) -> tuple[One, ...]:
    """Open requests that say the same: the same words, or the same kind of help first."""
    return tuple(
        one for one in found if one.title == title or (categories and categories[0] in one.categories[:1])
    )


_OTHER = str(KINDS.index("other") + 1)
