"""What an operation answers with that is neither a page nor JSON, said where its route is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of an operation: `@get("/sw.js", operation_id="Worker", answers=Files(kinds=("text/javascript",)))`.

    Attributes:
        kinds: their media types.
        refused: media type in which a refusal is said, where it is read by a program that knows neither pages nor problem details.
        unchanged: whether it says 304 to whoever has the newest.
        again: whether it shows the answer of another operation once more, with the status that it had.
    """

    kinds: tuple[str, ...]
    refused: str = ""
    unchanged: bool = False
    again: bool = False
