"""The six pictures by which help is asked for on every channel: the elder's page, the card, the kiosk, the telephone, text messages.

Their order is their digits, 1 to 6; it never changes, because it is printed on cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from timebank.rules.telling.phone_words import CALL_DIGIT, KINDS, OFF_DIGIT
from timebank.web.i18n import lazy


@dataclass(frozen=True, slots=True)
class Picture:
    """One of them; `icon` is its drawing, the same everywhere."""

    digit: str
    code: str
    label: lazy
    icon: str


_DRAWN = {
    "shopping": (lazy("买东西"), "basket"),
    "doctor": (lazy("看病陪我"), "kit"),
    "repair": (lazy("修东西"), "lamp"),
    "meal": (lazy("吃饭"), "bowl"),
    "talk": (lazy("聊聊天"), "cup"),
    "other": (lazy("别的事"), "hand"),
}

SIX = tuple(Picture(str(number), code, *_DRAWN[code]) for number, code in enumerate(KINDS, 1))
CALL = Picture(CALL_DIGIT, "call", lazy("请打给我"), "phone")
OFF = Picture(OFF_DIGIT, "off", lazy("不用来了"), "cross")
ALL = (*SIX, CALL, OFF)
