"""Which form a page reads: the model that its handler names, found in the handler's own code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import signature, unwrap
from types import FunctionType

from litestar.handlers import HTTPRouteHandler
from pydantic import BaseModel

from timebank.web.fields import Out
from timebank.web.openapi.naming import names_in

_MERGING = "read_edit"
_FILES = frozenset({"read_upload", "read_uploads"})
_BY_HAND = frozenset({"form", "multi_items", "typed_form"})
"""What a function calls that takes a form apart without a model."""


class UnknownForm(Exception):
    """A handler reads a form, and none or several models say which one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRead:
    """What one page reads of what is posted to it.

    Attributes:
        model: of the form; None for the press of a button, of which nothing but the hidden fields is looked at.
        merges: whether it changes what others may change at the same time.
    """

    model: type[BaseModel] | None
    merges: bool


def form_of(handler: HTTPRouteHandler) -> FormRead:
    """The form that a handler reads which takes no JSON.

    A handler calls `read_form(request, AskForm)`, itself or through a helper: so `AskForm` is a name in its code.

    Raises:
        UnknownForm: it names several, or takes a form apart by hand without any.
    """
    function = handler_function(handler)
    found: dict[str, type[BaseModel]] = {}
    by_hand = merges = False
    for one in with_helpers(handler):
        named = names_in(one)
        found |= {name: value for name in named if (value := _form(one.__globals__.get(name)))}
        by_hand |= bool(named & _BY_HAND) and one.__module__ == function.__module__
        merges |= _MERGING in named
    if len(found) > 1 or (by_hand and not found):
        raise UnknownForm(f"{handler.operation_id}: {sorted(found)}")
    return FormRead(model=next(iter(found.values()), None), merges=merges)


def takes_files(handler: HTTPRouteHandler) -> bool:
    """Whether a handler reads uploaded files."""
    return bool(_FILES & names_in(handler_function(handler)))


def handler_function(handler: HTTPRouteHandler) -> FunctionType:
    """The function behind a route."""
    found = unwrap(handler.fn)
    assert isinstance(found, FunctionType)
    return found


def _form(value: object) -> type[BaseModel] | None:
    if isinstance(value, type) and issubclass(value, BaseModel) and not issubclass(value, Out):
        return value if value is not BaseModel else None
    return None


def with_helpers(handler: HTTPRouteHandler) -> Iterator[FunctionType]:
    """A handler's function, those beside it that it may call, and those elsewhere whose first parameter is the request."""
    return _with_helpers(handler_function(handler), set())


def _with_helpers(function: FunctionType, seen: set[FunctionType]) -> Iterator[FunctionType]:
    if function in seen:
        return
    seen.add(function)
    yield function
    for name in names_in(function):
        helper = function.__globals__.get(name)
        if isinstance(helper, FunctionType) and (
            helper.__module__ == function.__module__
            or next(iter(signature(helper).parameters), "") == "request"
        ):
            yield from _with_helpers(helper, seen)
