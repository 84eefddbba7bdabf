"""One page of a long list: what stands on it, of how many, and the addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from timebank.web.request import Request

T = TypeVar("T")
PAGE = 50
"""Lines on one page; a page is as long in a city as in a lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Generic[T]):
    """One page.

    Attributes:
        first: number of its first line, from 1. total: lines on all pages.
        before, after: addresses of the pages beside it, "" where there is none.
    """

    items: tuple[T, ...]
    first: int
    total: int
    before: str = ""
    after: str = ""

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1

    @property
    def rest(self) -> int:
        """Lines behind this page."""
        return self.total - self.last


def asked_for(request: Request, name: str = "at") -> int:
    """The page that the address asks for by its query parameter `name`, counted from 0."""
    typed = request.query_params.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def leaf(
    request: Request, items: Sequence[T], *, size: int = PAGE, name: str = "at", total: int | None = None
) -> Leaf[T]:
    """The page that the address asks for; the last one when it asks too far.

    Args:
        items: all of the list, or with `total` the lines of this page alone.
    """
    cut = total is not None
    total = len(items) if total is None else total
    at = min(asked_for(request, name), max(0, total - 1) // size)

    def address(page: int) -> str:
        kept = [(key, value) for key, value in request.query_params.multi_items() if key != name]
        return _joined(request.url.path, [*kept, (name, str(page))] if page else kept)

    return Leaf(
        items=tuple(items) if cut else tuple(items[at * size : (at + 1) * size]),
        first=at * size + 1,
        total=total,
        before=address(at - 1) if at else "",
        after=address(at + 1) if (at + 1) * size < total else "",
    )


def _joined(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
