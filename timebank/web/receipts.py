"""The word a phone shows for each press that waits: two words made from its id, the same on the phone and here."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

WORDS = Path(__file__).parents[1] / "static" / "receipt-words.json"


def receipt_word(press: str, lang: str = "zh") -> str:
    """Such as 红苹果: the first byte of the id's SHA-256 chooses the first word, the second byte the other."""
    digest = sha256(press.encode()).digest()
    first, second = _words()[lang]
    return f"{first[digest[0] % len(first)]}{' ' if lang == 'en' else ''}{second[digest[1] % len(second)]}"


@cache
def _words() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = json.loads(WORDS.read_text(encoding="utf-8"))
    return {lang: (tuple(one["first"]), tuple(one["second"])) for lang, one in found.items()}
