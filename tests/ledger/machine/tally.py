"""How much a long run has done, block by block, so that what was cut short counts and the next run goes on from there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path


class Tally:
    """Counts by name, kept in a file of one JSON object a line when there is one."""

    def __init__(self, path: str | None = None) -> None:
        self._path = Path(path) if path else None
        self._sums: dict[str, Counter[str]] = {}
        if self._path is not None and self._path.exists():
            for line in self._path.read_text("utf-8").splitlines():
                told = json.loads(line)
                self.sums(told.pop("stores")).update(told)

    def sums(self, name: str) -> Counter[str]:
        """Everything counted under this name."""
        return self._sums.setdefault(name, Counter())

    def done(self, name: str) -> int:
        """How many examples were run to their end."""
        return self.sums(name)["examples"]

    def add(self, name: str, counts: Mapping[str, int]) -> None:
        """Count a block, also one that was cut short."""
        self.sums(name).update(counts)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"stores": name, **counts}) + "\n")
