"""The list of who was erased, beside the database and not in it: an older copy does not know them, and is told when it comes back.

One opaque id a line, nothing else. Keep it with the copies, in the newest state only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from timebank.settings import Settings

SUFFIX = ".erased"


def list_of(settings: Settings) -> Path | None:
    """Where the list of this installation stands; None where no place was said and the database is no file."""
    if settings.erased_list:
        return Path(settings.erased_list)
    if settings.database.startswith("sqlite:///"):
        return Path(settings.database.removeprefix("sqlite:///") + SUFFIX)
    return None


def read(path: Path | None) -> list[str]:
    """The ids on the list; none where there is no list yet."""
    if path is None or not path.exists():
        return []
    return [line.strip() for line in path.read_text("ascii").splitlines() if line.strip()]


def add(path: Path | None, uids: Iterable[str]) -> int:
    """Put ids on the list that are not there yet, in one step; how many were new."""
    before = read(path)
    new = [uid for uid in uids if uid not in set(before)]
    if path is None or not new:
        return 0
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("w", encoding="ascii") as file:
        file.write("\n".join([*before, *new]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return len(new)
