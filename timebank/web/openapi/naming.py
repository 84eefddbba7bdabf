"""What a function names in its code: the functions that it may call, the refusals that it may come to, the form that it reads.

Python resolves a name when it runs; the same name is found here in the same module. What is called through a value (a method
of whatever was handed in) is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from inspect import unwrap
from types import CodeType, FunctionType, ModuleType

from ledger.errors import LedgerRefusal
from marketplace.errors import MarketplaceRefusal
from timebank.errors import AppRefusal

OURS = ("timebank", "ledger", "marketplace")
_MAKING = frozenset({"__init__", "__post_init__"})
Refusal = type[AppRefusal] | type[LedgerRefusal] | type[MarketplaceRefusal]


@cache
def names_in(function: FunctionType) -> frozenset[str]:
    """Every global and every attribute that a function's code speaks of, that of functions inside it included."""
    return frozenset(_names(function.__code__))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


@cache
def numbers_in(function: FunctionType) -> frozenset[int]:
    """Every whole number that a function's own code speaks of."""
    return frozenset(one for one in function.__code__.co_consts if type(one) is int)


def function_of(value: object) -> FunctionType | None:
    """A function of ours, whatever decorators stand around it."""
    bare = unwrap(value) if callable(value) else getattr(value, "__func__", None)
    ours = isinstance(bare, FunctionType) and bare.__module__.split(".")[0] in OURS
    return bare if ours and isinstance(bare, FunctionType) else None


def refusals_reached(function: FunctionType, *, making: bool = True) -> frozenset[Refusal]:
    """Every refusal that a function, or a function that it may call, names.

    Args:
        making: whether values may be new ones, which judge themselves as they are made; what is only read was judged when
            it was written.
    """
    found: set[Refusal] = set()
    seen: set[FunctionType] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        refusals, functions = _named(one, making)
        found |= refusals
        waiting += functions
    return frozenset(found)


@cache
def _named(function: FunctionType, making: bool) -> tuple[frozenset[Refusal], frozenset[FunctionType]]:
    """(refusals, functions) that a function names itself."""
    refusals, functions = set[Refusal](), set[FunctionType]()
    for value in _values(function):
        if isinstance(value, type):
            if issubclass(value, AppRefusal | LedgerRefusal | MarketplaceRefusal):
                refusals.add(value)
            elif value.__module__.split(".")[0] in OURS:
                functions |= _methods(value, names_in(function) | (_MAKING if making else frozenset()))
        elif found := function_of(value):
            functions.add(found)
    return frozenset(refusals), frozenset(functions)


def _values(function: FunctionType) -> Iterator[object]:
    """What stands behind the names: globals, what it closes over, what stands in a table, and what is named of a module of ours."""
    names = names_in(function)
    known = [function.__globals__[name] for name in names if name in function.__globals__]
    known += [cell.cell_contents for cell in function.__closure__ or ()]
    for value in known:
        yield value
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, tuple | list | frozenset):
            yield from value
        elif isinstance(value, ModuleType) and value.__name__.split(".")[0] in OURS:
            yield from (getattr(value, name) for name in names if hasattr(value, name))


def _methods(kind: type, names: frozenset[str]) -> set[FunctionType]:
    """Methods of a class of these names."""
    called = (value for name, value in vars(kind).items() if name in names)
    return {found for value in called if (found := function_of(getattr(value, "__func__", value)))}
