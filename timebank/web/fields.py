"""Field types that every schema shares: whole minutes, keys, and texts of a stated length."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


def _whole(value: object) -> object:
    # True is an int in Python and 5.0 equals 5: neither is a number of minutes that somebody meant.
    if type(value) is not int:
        raise ValueError("请填整数。")
    return value


def _whole_typed(value: object) -> object:
    # A form sends digits; anything else in them was not meant as a number.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return _whole(value)


Whole, WholeTyped = BeforeValidator(_whole), BeforeValidator(_whole_typed)
"""Readers of a whole number in JSON, and of one from a form: `Annotated[int, Field(ge=0, le=1440), Whole] | None`. Limits stand before them,
on the number itself: behind a reader, or around `| None`, they would hold all the same, but the OpenAPI document would not tell.
"""

Minutes = Annotated[int, Field(ge=0, le=10**9), Whole]
"""A whole number of minutes in JSON: no bool, no float, no text."""

Count = Annotated[int, Field(ge=1, le=100_000), Whole]
"""A whole number of places, things or helpers in JSON, at least one."""

TypedCount = Annotated[int, Field(ge=1, le=100_000), WholeTyped]
"""The same, from a form."""

Uid = Annotated[str, Field(min_length=2, max_length=16, pattern="^[A-Z0-9]+$")]
Note = Annotated[str, Field(max_length=200)]
Clock = Annotated[str, Field(pattern="^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
"""An hour of the day as a form sends it, 11:30."""


def clock_time(typed: str | None) -> time | None:
    """The local time of `11:30`; None when nothing was typed."""
    if not typed:
        return None
    hour, minute = typed.split(":")
    return time(int(hour), int(minute))


class Form(BaseModel):
    """A posted form: nothing unknown, ends trimmed, where to go on and the key of the submission."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    next: str = Field(default="", max_length=200)
    idempotency_key: str = Field(default="", max_length=255)


def several(value: object) -> object:
    """One ticked box of a group arrives as text, several as a list."""
    return [value] if isinstance(value, str) else value


Several = Annotated[list[Annotated[str, Field(max_length=500)]], BeforeValidator(several)]
"""Every value that came under one name."""


class OpenForm(Form):
    """A form with further fields, whose names only its page knows: a cell of a row, a column of a table.

    Attributes:
        further: the regular expression of their names.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Several]

    further: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _known(cls, values: object) -> object:
        if isinstance(values, dict):
            for name in values.keys() - cls.model_fields.keys():
                if not re.fullmatch(cls.further, name):
                    raise ValueError("这个表格里没有这一项。")
        return values

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        shown = handler.resolve_ref_schema(handler(core))
        of_each = shown.pop("additionalProperties")
        return {**shown, "patternProperties": {f"^{cls.further}$": of_each}, "additionalProperties": False}

    @property
    def others(self) -> dict[str, list[str]]:
        """The further fields and what came in each."""
        return dict(self.__pydantic_extra__ or {})


class Out(BaseModel):
    """What programs are told: an allow-list of fields, written by hand.

    Answers to an Idempotency-Key are kept for ever, so a field once told may be dropped but never become a must.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @classmethod
    def of(cls, value: object) -> Self:
        """The fields of a value of ours that are named like this schema's, and no others."""
        return cls.model_validate(value)


Word = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
"""A word of an enumeration; "" for none."""


class Body(BaseModel):
    """A JSON body: nothing unknown."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
