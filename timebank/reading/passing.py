"""What goes between the server and a reading: jobs one way, results the other, and nothing that could run anything.

A reading has seen a stranger's bytes, so its results are taken with care: data classes, enumerations and refusals of our own
packages, days and clocks, and the plain values; a name of anything else ends the taking.
"""

from __future__ import annotations

import io
import pickle  # what comes back goes through `_Taking`, which runs nothing  # nosec B403
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from zoneinfo import ZoneInfo

from marketplace.errors import MarketplaceRefusal
from timebank.errors import AppRefusal
from timebank.reading.limits import Limits

_OURS = ("marketplace", "timebank")
_PLAIN = {f"{one.__module__}.{one.__qualname__}": one for one in (date, datetime, time, timedelta, timezone)}
HEAD_BYTES = 8


class Untaken(Exception):
    """A result that names something no reading gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A function by its names, with its arguments and limits; `many` when it gives its results one after the other."""

    module: str
    name: str
    args: tuple[object, ...]
    many: bool
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One result."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The work refused, with one of our refusals; its class and what it knows."""

    kind: type
    args: tuple[object, ...]
    known: dict[str, object]

    @classmethod
    def of(cls, refusal: Exception) -> Refused:
        return cls(kind=type(refusal), args=refusal.args, known=dict(refusal.__dict__))

    def raised(self) -> Exception:
        """The refusal again."""
        if not issubclass(self.kind, MarketplaceRefusal | AppRefusal):
            raise Untaken(self.kind.__qualname__)
        refusal: Exception = self.kind.__new__(self.kind)
        refusal.args = self.args
        refusal.__dict__.update(self.known)
        return refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A fault of ours: what it was and where, never with what stood in the file."""

    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heavy:
    """There was not enough memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """There are no more parts."""


Said = Part | Refused | Failed | Heavy | Done


def packed(value: object) -> bytes:
    """A value with its length before it."""
    out = io.BytesIO()
    out.write(bytes(HEAD_BYTES))
    _Giving(out, pickle.HIGHEST_PROTOCOL).dump(value)
    content = out.getbuffer()
    content[:HEAD_BYTES] = (len(content) - HEAD_BYTES).to_bytes(HEAD_BYTES, "big")
    return bytes(content)


def taken(content: bytes) -> object:
    """The value of a packing without its length.

    Raises:
        Untaken: it holds more than plain values and data classes of ours.
    """
    try:
        return _Taking(io.BytesIO(content)).load()
    except Untaken:
        raise
    except Exception as error:  # whatever else is wrong with it, it is not what a reading gives
        raise Untaken(type(error).__name__) from error


def job_of(content: bytes) -> Job:
    """A job as the server packed it, whom a reading trusts."""
    job: object = _Trusting(io.BytesIO(content)).load()
    assert isinstance(job, Job)
    return job


class _Giving(pickle.Pickler):
    def persistent_id(self, obj: object) -> str | None:
        # A zone is packed as a call; by its name it needs none.
        return obj.key if isinstance(obj, ZoneInfo) else None


class _Trusting(pickle.Unpickler):
    def persistent_load(self, pid: object) -> ZoneInfo:
        return ZoneInfo(str(pid))


class _Taking(_Trusting):
    def find_class(self, module: str, name: str) -> type:
        if f"{module}.{name}" in _PLAIN:
            return _PLAIN[f"{module}.{name}"]
        if module.split(".")[0] in _OURS and "." not in name:
            found: object = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and _is_value(found):
                return found
        raise Untaken(f"{module}.{name}")


def _is_value(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, Enum | tuple | MarketplaceRefusal | AppRefusal)
