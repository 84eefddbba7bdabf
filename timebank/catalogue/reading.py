"""One kind's table of a catalogue file, read key by key: every value has its sort, every leftover key is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from timebank.catalogue.faults import BadCode, KeyMissing, NotReadable, UnknownKey, WrongValue

FORMAT = 1
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
CODE_LENGTH_MAX = 40
WORDS_LENGTH_MAX = 80
FILE_LENGTH_MAX = 200_000
Word = TypeVar("Word", bound=StrEnum)

Value = object
"""What TOML may hold; looked at before it is used."""


class Table:
    """The keys of one kind, taken out one after another; `done` refuses what nobody took."""

    def __init__(self, values: Mapping[str, Value], *, file: str, kind: str) -> None:
        self._left = dict(values)
        self.file, self.kind = file, kind

    def text(self, key: str, *, default: str | None = None, longest: int = WORDS_LENGTH_MAX) -> str:
        """Some words of at most `longest` letters; never empty unless a default is."""
        value = self._take(key, default)
        if not isinstance(value, str) or (value != default and not value.strip()):
            raise self._wrong(key, value)
        if len(value) > longest or not value.isprintable():
            raise self._wrong(key, value)
        return value

    def whole(self, key: str, *, default: int | None = None) -> int:
        """A whole number from 0 on."""
        value = self._take(key, default)
        if type(value) is not int or value < 0:
            raise self._wrong(key, value)
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when nothing is said."""
        value = self._take(key, False)
        if type(value) is not bool:
            raise self._wrong(key, value)
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of words without repetition."""
        value = self._take(key, default)
        if not isinstance(value, list | tuple):
            raise self._wrong(key, value)
        texts = tuple(text for text in value if isinstance(text, str))
        if len(texts) != len(value) or len(set(texts)) != len(texts):
            raise self._wrong(key, value)
        return texts

    def some(self, key: str, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """A list that must be given and holds at least one word, each `among` those."""
        texts = self.texts(key)
        if not texts or (among is not None and not set(texts) <= set(among)):
            raise self._wrong(key, texts)
        return texts

    def names(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of words that people read, none of them empty or longer than a text may be."""
        texts = self.texts(key, default=default)
        if not all(text.strip() and text.isprintable() and len(text) <= WORDS_LENGTH_MAX for text in texts):
            raise self._wrong(key, texts)
        return texts

    def word(self, key: str, words: type[Word], *, default: Word | None = None) -> Word:
        """One word of an enumeration."""
        value = self._take(key, default)
        if not isinstance(value, str) or value not in set(words):
            raise self._wrong(key, value, words)
        return words(value)

    def words(
        self, key: str, words: type[Word], *, default: tuple[Word, ...] | None = None
    ) -> tuple[Word, ...]:
        """A list of words of an enumeration, in the order written."""
        texts = self.texts(key, default=default)
        if not set(texts) <= set(words):
            raise self._wrong(key, list(texts), words)
        return tuple(words(text) for text in texts)

    def number_or_word(self, key: str, word: str) -> int | None:
        """A whole number, 0 when nothing is said; None for `word`."""
        if self._left.get(key) == word:
            self._left.pop(key)
            return None
        return self.whole(key, default=0)

    def number_or_words(self, key: str, words: Collection[str]) -> int | str:
        """A whole number, or one of `words`."""
        value = self._left.get(key)
        if isinstance(value, str) and value in words:
            self._left.pop(key)
            return value
        return self.whole(key)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of small tables, none when nothing is said."""
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, value)
        return tuple(self._table(key, part) for part in value)

    def table(self, key: str) -> Table | None:
        """A small table, None when nothing is said."""
        return self._table(key, self._left.pop(key)) if key in self._left else None

    def done(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key in self._left:
            raise UnknownKey(file=self.file, kind=self.kind, key=key)

    def _table(self, key: str, value: Value) -> Table:
        if not isinstance(value, dict):
            raise self._wrong(key, value)
        return Table(value, file=self.file, kind=self.kind)

    def _take(self, key: str, default: Value) -> Value:
        value = self._left.pop(key, default)
        if value is None:
            raise KeyMissing(file=self.file, kind=self.kind, key=key)
        return value

    def _wrong(self, key: str, value: Value, words: Iterable[str] = ()) -> WrongValue:
        shown = f"{value!r}"[:WORDS_LENGTH_MAX]
        allowed = "".join(f" / {word}" for word in words)
        return WrongValue(file=self.file, kind=self.kind, key=key, detail=shown + allowed)


def read_tables(text: str, *, file: str, parts: tuple[str, ...] = ("kinds",)) -> dict[str, dict[str, Table]]:
    """For each part of a file its kinds as tables, in the order of the file; a part that is absent is empty.

    Raises:
        NotReadable: no TOML, or another format number.
        UnknownKey: a part that this file does not have. WrongValue: a part or a kind that is no table.
        BadCode: a code that is no plain lower-case word.
    """
    if len(text) > FILE_LENGTH_MAX:
        raise NotReadable(file=file, detail=f"> {FILE_LENGTH_MAX}")
    try:
        whole: dict[str, Value] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotReadable(file=file, detail=str(error)) from error
    except RecursionError as error:
        raise NotReadable(file=file, detail="nested") from error
    number = whole.pop("format", None)
    if type(number) is not int or number != FORMAT:
        raise NotReadable(file=file, key="format", detail=f"{number!r}")
    for part in whole:
        if part not in parts:
            raise UnknownKey(file=file, key=part)
    return {part: _kinds_of(whole.get(part, {}), file=file, part=part) for part in parts}


def _kinds_of(values: Value, *, file: str, part: str) -> dict[str, Table]:
    if not isinstance(values, dict):
        raise WrongValue(file=file, key=part)
    tables: dict[str, Table] = {}
    for code, kind in values.items():
        if not CODE.match(code) or len(code) > CODE_LENGTH_MAX:
            raise BadCode(file=file, kind=code)
        if not isinstance(kind, dict):
            raise WrongValue(file=file, kind=code)
        tables[code] = Table(kind, file=file, kind=code)
    return tables
