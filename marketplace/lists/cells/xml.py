"""Streaming XML for files of unknown origin: no entities, no namespaces, nothing built up in memory."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat


class Parser:
    """What a part of a file does with its elements; names come without prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str) -> None:
        """An element closes."""

    def text(self, text: str) -> None:
        """Character data."""


def parse(chunks: Iterable[bytes], part: Parser) -> None:
    """Feed the chunks to the part.

    Raises:
        expat.ExpatError: broken XML. ValueError: it declares entities, which no list needs.
    """
    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler = lambda name, attributes: part.start(name.rpartition(":")[2], attributes)
    reader.EndElementHandler = lambda name: part.end(name.rpartition(":")[2])
    reader.CharacterDataHandler = part.text
    reader.EntityDeclHandler = _refused
    for chunk in chunks:
        reader.Parse(chunk, False)
    reader.Parse(b"", True)


def _refused(*_declared: object) -> None:
    raise ValueError("entity declarations are refused")
