"""Two languages: the Chinese sentence is the message, and its English stands in `locale/en/*.po`.

Nobody keeps a Chinese catalogue: what is written in a template or in Python is what a Chinese reader sees. Each slice
has its own English file in `locale/en/`; all of them are read once and merged. The language of the moment lives in a
context variable, so a request, a notice being written and a test each have their own.

Messages are always formatted with `%`, in Python as in Jinja: write a per cent sign in a message as `%%`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("zh-CN", "en")
DEFAULT = "zh-CN"
CATALOGUES = Path(__file__).parent.parent / "locale" / "en"

_language: ContextVar[str] = ContextVar("timebank_language", default=DEFAULT)

MessageKey = tuple[str, str]
"""A message with its context: ("", "帮好了"), or ("passbook", "用")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One message of one catalogue with its English: one form, or two (singular, plural)."""

    file: str
    key: MessageKey
    english: tuple[str, ...]


def sentences(folder: Path) -> Iterator[Sentence]:
    """Every message of all `*.po` in `folder`, `common.po` first, then by name.

    Messages without English and messages marked fuzzy are left out.
    """
    for path in sorted(folder.glob("*.po"), key=lambda path: (path.name != "common.po", path.name)):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            singular = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if forms and all(forms):
                yield Sentence(file=path.name, key=(message.context or "", singular), english=forms)


def merged(found: Iterable[Sentence]) -> dict[MessageKey, tuple[str, ...]]:
    """The English of each message: the first one met, or a later one that agrees and also knows the plural."""
    known: dict[MessageKey, tuple[str, ...]] = {}
    for sentence in found:
        first = known.setdefault(sentence.key, sentence.english)
        if len(sentence.english) > len(first) and sentence.english[0] == first[0]:
            known[sentence.key] = sentence.english
    return known


def disagreements(found: Iterable[Sentence]) -> list[str]:
    """Which messages have different English in two files, as lines to read; the tests want none."""
    first: dict[MessageKey, Sentence] = {}
    return [
        f"{sentence.key[1]}: {before.english[0]!r} in {before.file}, {sentence.english[0]!r} in {sentence.file}"
        for sentence in found
        if (before := first.setdefault(sentence.key, sentence)).english[0] != sentence.english[0]
    ]


@cache
def english() -> Mapping[MessageKey, tuple[str, ...]]:
    """The merged English catalogue, read once."""
    return merged(sentences(CATALOGUES))


def current() -> str:
    """The language of the moment: `zh-CN` or `en`."""
    return _language.get()


def use(lang: str) -> None:
    """Set the language for the rest of this task or request; an unknown one means Chinese."""
    _language.set(lang if lang in LANGUAGES else DEFAULT)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """The language inside a `with` block, for a notice to somebody who reads another one."""
    token = _language.set(lang if lang in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


def _looked_up(context: str, message: str, number: int = 1) -> str:
    if current() == DEFAULT:
        return message
    forms = english().get((context, message))
    if forms is None:
        return message
    return forms[-1] if number != 1 else forms[0]


# The four below go to Jinja, which formats by itself afterwards.
def plain_gettext(message: str) -> str:
    """The sentence in the language of the moment, placeholders untouched."""
    return _looked_up("", message)


def plain_ngettext(singular: str, plural: str, number: int) -> str:
    """The sentence for `number`; Chinese has one form, so write the same twice."""
    return _looked_up("", singular, number)


def plain_pgettext(context: str, message: str) -> str:
    """The sentence where one Chinese word needs several English ones; `context` says which."""
    return _looked_up(context, message)


def plain_npgettext(context: str, singular: str, plural: str, number: int) -> str:
    """Both of the above."""
    return _looked_up(context, singular, number)


def gettext(message: str, **known: object) -> str:
    """The sentence in the language of the moment: `gettext("%(name)s，您好。", name="王奶奶")`."""
    return plain_gettext(message) % known


def ngettext(singular: str, plural: str, number: int, **known: object) -> str:
    """The sentence for `number`, which is also known as `%(num)s`."""
    return plain_ngettext(singular, plural, number) % {"num": number, **known}


def pgettext(context: str, message: str, **known: object) -> str:
    """As `gettext`, for a word with several meanings."""
    return plain_pgettext(context, message) % known


_ = gettext


class lazy:
    """A sentence translated when it is shown; for labels made at import time."""

    __slots__ = ("known", "message")

    def __init__(self, message: str, **known: object) -> None:
        self.message = message
        self.known = known

    def __str__(self) -> str:
        return gettext(self.message, **self.known)

    def __repr__(self) -> str:
        return f"lazy({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, lazy) and (self.message, self.known) == (other.message, other.known)

    def __hash__(self) -> int:
        return hash(self.message)


def _spoken(tag: str) -> str | None:
    primary = tag.strip().replace("_", "-").split("-")[0].casefold()
    return {"zh": "zh-CN", "en": "en"}.get(primary)


def _accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header, most wanted first; a tag with q=0 is refused by the reader."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, rest = part.partition(";")
        quality = 1.0
        if rest.strip().startswith("q="):
            try:
                quality = float(rest.strip()[2:])
            except ValueError:
                quality = 0.0
        if quality > 0:
            wanted.append((-quality, place, tag))
    return [tag for _, _, tag in sorted(wanted)]


def negotiate(query: str | None = "", cookie: str | None = "", accept_language: str | None = "") -> str:
    """`zh-CN` or `en`: what the link asks for, else what was chosen before, else what the browser reads.

    Every Chinese (zh-TW, zh-Hans) is zh-CN; somebody who reads neither language gets Chinese.
    """
    for said in (query, cookie):
        if found := _spoken(said or ""):
            return found
    return next((found for tag in _accepted(accept_language or "") if (found := _spoken(tag))), DEFAULT)
