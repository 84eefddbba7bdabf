"""What tasks ask of their helpers, told to the planner: a need requires it, a volunteer's line holds it until a day.

What a unit or a team sends is a person whom it names later; that person is asked then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.requirements import Requirement, asked_of
from marketplace.values import Need, Resource, Week
from timebank.community.admission import age_token, ages_said, proof_kinds, proofs_here, tokens_of
from timebank.community.eligibility import kinds_of, person_of
from timebank.context import Context
from timebank.rules.hours.eligible import Person
from timebank.rules.people.admission import Proof, ProofKind, covering
from timebank.store.members import ages

Until = Mapping[tuple[str, str], date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Needs with what they require, lines with what their owners hold, until when, and what it is called."""

    needs: tuple[Need, ...]
    resources: tuple[Resource, ...]
    until: Until = field(default_factory=dict)
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


async def asked(
    ctx: Context, community: str, week: Week, needs: tuple[Need, ...], resources: tuple[Resource, ...]
) -> Asked:
    """The lists of a week with what the community asks of helpers written into them; as they are where it asks nothing."""
    rules = await lists.requirements(ctx.engine, community)
    if not rules:
        return Asked(needs=needs, resources=resources)
    of_need = {
        need.line_key: asked_of(rules, categories=kinds_of(_category(need)), line_key=need.line_key)
        for need in needs
    }
    wanted = frozenset(
        token for need in needs for token in tokens_of(of_need[need.line_key], _category(need))
    )
    ranges = {
        age_token(rule): rule for some in of_need.values() for rule in some if rule.age_min or rule.age_max
    }
    proofs = await proofs_here(ctx, community)
    owners = sorted({one.owner for one in resources if one.owner_kind == "volunteer"})
    people = {
        uid: person_of(facts, week.monday_on)
        for uid, facts in (await ages.ages_of(ctx.engine, owners)).items()
    }
    until: dict[tuple[str, str], date] = {}
    lines = []
    for one in resources:
        if one.owner_kind != "volunteer":
            lines.append(replace(one, certificates=one.certificates | wanted))
            continue
        person, mine = people.get(one.owner, Person()), proofs.get(one.owner, ())
        held = {token for token in wanted if _holds(token, ranges, person, mine, week)}
        until |= {
            (one.owner, token): last for token in held if (last := _last_day(token, ranges, mine)) is not None
        }
        lines.append(replace(one, certificates=one.certificates | held))
    return Asked(
        needs=tuple(
            replace(need, requires=need.requires | tokens_of(of_need[need.line_key], _category(need)))
            for need in needs
        ),
        resources=tuple(lines),
        until=until,
        names=_names(wanted, ranges, proof_kinds(ctx.catalogue_of(community))),
    )


def _category(need: Need) -> str:
    """The category that the need's service will have."""
    return need.categories[0] if need.categories else ""


def _holds(
    token: str, ranges: Mapping[str, Requirement], person: Person, proofs: Sequence[Proof], week: Week
) -> bool:
    """Whether somebody has, or had, what a word of the planner asks for; one that ended is told by its last day."""
    if token in ranges:
        rule = ranges[token]
        return not (
            (rule.age_min and person.age.under(rule.age_min))
            or (rule.age_max and person.age.reached(rule.age_max + 1))
        )
    return any(one.since_on <= week.monday_on for one in _covering(token, proofs))


def _last_day(token: str, ranges: Mapping[str, Requirement], proofs: Sequence[Proof]) -> date | None:
    """The last day of the proof that lasts longest; None for one without an end."""
    if token in ranges:
        return None
    ends = [one.until_on for one in _covering(token, proofs)]
    dated = [day for day in ends if day is not None]
    return None if len(dated) < len(ends) else max(dated)


def _covering(token: str, proofs: Sequence[Proof]) -> list[Proof]:
    kind, _mark, category = token.partition("@")
    return covering(proofs, kind, kinds_of(category))


def _names(
    tokens: frozenset[str], ranges: Mapping[str, Requirement], kinds: Sequence[ProofKind]
) -> dict[str, tuple[str, str]]:
    tree = default_tree()
    named = {kind.code: kind for kind in kinds}
    found: dict[str, tuple[str, str]] = {}
    for token in tokens:
        if token in ranges:
            found[token] = ages_said(ranges[token])
            continue
        code, _mark, category = token.partition("@")
        kind = named.get(code) or ProofKind(code=code, zh=code, en=code)
        known = category in tree.categories
        found[token] = (
            f"{kind.zh}（{tree.label(category)}）" if known else kind.zh,
            f"{kind.en} ({tree.label(category, 'en')})" if known else kind.en,
        )
    return found
