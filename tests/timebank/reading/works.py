"""What a reading is asked to do in these tests; found by its name in the process of the reading."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from marketplace.errors import FileTooLarge
from timebank.errors import BadField


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A data class of nobody's package."""

    value: int


def whereabouts() -> tuple[int, tuple[str, ...]]:
    """(its process, the names of the variables it was given)."""
    return os.getpid(), tuple(sorted(os.environ))


def open_files() -> tuple[str, ...]:
    """What the process holds open."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    return tuple(found)


def doubled(value: object) -> tuple[object, object]:
    return value, value


def moments() -> tuple[date, datetime]:
    return date(2026, 12, 1), datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def count(to: int) -> Iterator[int]:
    yield from range(to)


def spin() -> None:
    while True:
        pass


def sleep_for_ever() -> None:
    os.read(os.pipe()[0], 1)


def eat() -> int:
    return len(bytearray(4 * 1024**3))


def nibble() -> int:
    """Many small things, so that the end comes anywhere."""
    kept: list[list[str]] = []
    while True:
        kept.append([str(len(kept))] * 1_000)


def die() -> None:
    os.kill(os.getpid(), 9)


def fall() -> None:
    word = "王奶奶的电话"
    raise KeyError(word)


def too_large() -> None:
    raise FileTooLarge(filename="名单.xlsx", most="9 行/rows")


def bad_field() -> None:
    raise BadField("不行。", "No.", field="files")


def foreign() -> Foreign:
    return Foreign(value=1)


def a_function() -> object:
    return sys.exit


def write_a_file(path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write("1")
