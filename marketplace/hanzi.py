"""Traditional Chinese characters as simplified ones, for reading; what people wrote is kept as they wrote it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Protocol


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    # Imported here: importing the package must not load its dictionaries.
    from opencc import OpenCC

    made: _Converter = OpenCC("t2s")
    return made


@lru_cache(maxsize=65_536)
def simplified(text: str) -> str:
    """The text in simplified characters; plain letters and simplified text come back unchanged."""
    return text if text.isascii() else _converter().convert(text)
