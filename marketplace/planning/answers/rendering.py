"""A plan as plain values: only what the public card of a need may show."""

from __future__ import annotations

from marketplace.planning.answers.online import Suggestion
from marketplace.planning.answers.plan import Alternative, Match, Plan, Shortage, Unserved
from marketplace.planning.documents import (
    AlternativeDocument,
    MatchDocument,
    NeedDocument,
    PlanDocument,
    ReasonDocument,
    ResourceDocument,
    ShortageDocument,
    SuggestionDocument,
    UnservedDocument,
    WindowDocument,
)
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.wording import amount, stretch
from marketplace.values import Need, Resource, Window


def plan_json(plan: Plan, lang: str = "zh") -> PlanDocument:
    """The plan as plain values for pages and files; nothing private of a need is in it.

    `lang`, as a page names it (zh, zh-CN, en), picks the language of the `text` fields; reasons carry both.
    """
    lang = _short(lang)
    return {
        "week": str(plan.week),
        "objective_version": plan.objective.version,
        "matches": [match_json(match, lang) for match in plan.matches],
        "unserved": [_unserved(one, lang) for one in plan.unserved],
        "later": [_need(need) for need in plan.later],
        "shortage": [_shortage(one, lang) for one in plan.shortages],
        "certificate": {
            "primal": plan.certificate.primal,
            "dual": plan.certificate.dual,
            "gap": plan.certificate.gap,
            "verified": plan.verify(),
        },
    }


def match_json(match: Match, lang: str) -> MatchDocument:
    """One match with its reasons and alternatives."""
    return {
        "need": _need(match.need),
        "resource": _resource(match.resource),
        "window": _window(match.window, lang),
        "minutes": match.minutes,
        "quantity": match.quantity,
        "unit": match.unit.value,
        "quantity_text": amount(match.quantity, match.unit, lang),
        "value": match.value,
        "source": match.source,
        "reasons": [reason_json(one, lang) for one in match.reasons],
        "alternatives": [_alternative(one, lang) for one in match.alternatives],
        "notes": [reason_json(one, lang) for one in match.notes],
    }


def suggestion_json(one: Suggestion, lang: str = "zh") -> SuggestionDocument:
    """One suggestion with its reasons; nothing private of a need is in it."""
    lang = _short(lang)
    return {
        "need": _need(one.need),
        "resource": _resource(one.resource),
        "window": _window(one.window, lang),
        "minutes": one.minutes,
        "quantity": one.quantity,
        "unit": one.unit.value,
        "quantity_text": amount(one.quantity, one.unit, lang),
        "value": one.value,
        "reasons": [reason_json(reason, lang) for reason in one.reasons],
    }


def reason_json(reason: Reason, lang: str) -> ReasonDocument:
    """One reason in both languages; `text` in the asked-for one."""
    return {
        "code": reason.code,
        "points": reason.points,
        "zh": reason.zh,
        "en": reason.en,
        "text": reason.zh if lang == "zh" else reason.en,
    }


def _short(lang: str) -> str:
    return "zh" if lang.startswith("zh") else "en"


def _need(need: Need) -> NeedDocument:
    return {"key": need.line_key, "title": need.title, "grid": need.place.grid, "urgency": need.urgency.value}


def _resource(resource: Resource) -> ResourceDocument:
    return {
        "key": resource.line_key,
        "title": resource.title,
        "owner": resource.owner,
        "owner_kind": resource.owner_kind,
    }


def _window(window: Window, lang: str) -> WindowDocument:
    return {
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.ends_at.isoformat(),
        "text": stretch(window, lang),
    }


def _alternative(one: Alternative, lang: str) -> AlternativeDocument:
    return {
        "resource": _resource(one.resource),
        "window": _window(one.window, lang),
        "value": one.value,
        "short_by": one.short_by,
        "reason": reason_json(one.why, lang),
    }


def _unserved(one: Unserved, lang: str) -> UnservedDocument:
    return {
        "need": _need(one.need),
        "window": None if one.window is None else _window(one.window, lang),
        "quantity": one.quantity,
        "unit": one.unit.value,
        "quantity_text": amount(one.quantity, one.unit, lang),
        "minutes": one.minutes,
        "reason": reason_json(one.why, lang),
        "short_by": one.short_by,
        "gain": one.gain,
        "nearest": [
            {"resource": _resource(resource), "reason": reason_json(why, lang)}
            for resource, why in one.nearest
        ],
    }


def _shortage(one: Shortage, lang: str) -> ShortageDocument:
    return {
        "category": one.category,
        "grid": one.grid,
        "window": None if one.window is None else _window(one.window, lang),
        "quantity": one.quantity,
        "unit": one.unit.value,
        "minutes": one.minutes,
        "gain": one.gain,
        "zh": one.zh,
        "en": one.en,
        "text": one.zh if lang == "zh" else one.en,
    }
