"""The shapes in which plans, matches and suggestions are kept and told as JSON; only what a public card may show."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class NeedDocument(TypedDict):
    """A need by its key; `urgency` as on the list."""

    key: str
    title: str
    grid: str
    urgency: str


class ResourceDocument(TypedDict):
    """A line of the resources list by its key; `owner` is the word that the line keeps, opaque here."""

    key: str
    title: str
    owner: str
    owner_kind: str


class WindowDocument(TypedDict):
    """A stretch of time in ISO 8601 with the offset of the community, and in words."""

    starts_at: str
    ends_at: str
    text: str


class ReasonDocument(TypedDict):
    """One reason in both languages, with its points; `text` in the language that was asked for."""

    code: str
    points: int
    zh: str
    en: str
    text: str


class AlternativeDocument(TypedDict):
    """Who could have come instead, and why they did not."""

    resource: ResourceDocument
    window: WindowDocument
    value: int
    short_by: int | None
    reason: ReasonDocument


class SuggestionDocument(TypedDict):
    """A line that could meet a need, with the reasons."""

    need: NeedDocument
    resource: ResourceDocument
    window: WindowDocument
    minutes: int
    quantity: int
    unit: str
    quantity_text: str
    value: int
    reasons: list[ReasonDocument]


class MatchDocument(SuggestionDocument):
    """A match of the plan; what a suggestion has, and what else could have been."""

    source: str
    alternatives: list[AlternativeDocument]
    notes: list[ReasonDocument]


class NearestDocument(TypedDict):
    """A line that comes near, and why it does not fit."""

    resource: ResourceDocument
    reason: ReasonDocument


class UnservedDocument(TypedDict):
    """A need that nobody meets, and why."""

    need: NeedDocument
    window: WindowDocument | None
    quantity: int
    unit: str
    quantity_text: str
    minutes: int
    reason: ReasonDocument
    short_by: int | None
    gain: int
    nearest: list[NearestDocument]


class ShortageDocument(TypedDict):
    """What is missing, by category, grid and time; `gain` in points of the plan."""

    category: str
    grid: str
    window: WindowDocument | None
    quantity: int
    unit: str
    minutes: int
    gain: int
    zh: str
    en: str
    text: str


class CertificateDocument(TypedDict):
    """The proof that no plan is better: `gap` is dual minus primal."""

    primal: int
    dual: int
    gap: int
    verified: bool


class PlanDocument(TypedDict):
    """A whole plan; `uid` and `made_at` once it is kept."""

    week: str
    objective_version: str
    matches: list[MatchDocument]
    unserved: list[UnservedDocument]
    later: list[NeedDocument]
    shortage: list[ShortageDocument]
    certificate: CertificateDocument
    uid: NotRequired[str]
    made_at: NotRequired[str]
