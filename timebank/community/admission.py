"""What tasks ask of their helpers here, what people hold, and the refusal of whoever is not admitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from marketplace import store as lists
from marketplace.requirements import Requirement, asked_of
from timebank.catalogue import Catalogue
from timebank.catalogue.kinds import Group
from timebank.context import Context
from timebank.errors import NotEligible
from timebank.rules.hours.eligible import Person
from timebank.rules.people.admission import Lack, Proof, ProofKind, lacks
from timebank.rules.relationships import Relationship, Sort, State, member
from timebank.store.relations import relationships


class NotAdmitted(NotEligible):
    """The task asks for something that this helper cannot show; the sentence says what."""

    code = "not_admitted"
    zh, en = "这件事对来帮忙的人有要求。", "This task asks something of its helpers."

    def __init__(self, lacking: Sequence[Lack]) -> None:
        zh = "；".join(one.zh for one in lacking)
        en = "; ".join(one.en for one in lacking)
        super().__init__(
            f"这件事对来帮忙的人有要求：{zh}。",
            f"This task asks something of its helpers: {en}.",
            why=lacking[0].why.value,
        )
        self.lacking = tuple(lacking)


def proof_kinds(catalogue: Catalogue) -> tuple[ProofKind, ...]:
    """The proofs of a community's catalogue that a task may ask for."""
    return tuple(
        ProofKind(code=kind.code, zh=kind.zh, en=kind.en)
        for kind in catalogue.relationships.values()
        if kind.group is Group.PROOF and kind.planner
    )


async def proofs_of(ctx: Context, community: str, uid: str) -> list[Proof]:
    """Everything somebody can show or could."""
    kinds = tuple(kind.code for kind in proof_kinds(ctx.catalogue_of(community)))
    held = await relationships.held_by(ctx.engine, member(uid), kinds=kinds, closed=True)
    return [_proof(one) for one in held if one.state in (State.IN_FORCE, State.OVER)]


async def proofs_here(ctx: Context, community: str) -> dict[str, list[Proof]]:
    """uid -> proofs, of everybody in a community who has any."""
    found: dict[str, list[Proof]] = {}
    for kind in proof_kinds(ctx.catalogue_of(community)):
        for state in (State.IN_FORCE, State.OVER):
            for one in await relationships.of_kind(ctx.engine, community, kind.code, state):
                found.setdefault(one.holder.code, []).append(_proof(one))
    return found


async def lacking(
    ctx: Context,
    community: str,
    uid: str,
    *,
    person: Person,
    categories: Sequence[str],
    line_key: str,
    on: date,
) -> tuple[Lack, ...]:
    """What keeps somebody from a task on a day; nothing is loaded of them while the task asks for nothing."""
    rules = asked_of(
        await lists.requirements(ctx.engine, community), categories=categories, line_key=line_key
    )
    if not rules:
        return ()
    return lacks(
        rules,
        categories=categories,
        person=person,
        proofs=await proofs_of(ctx, community, uid) if any(rule.proofs for rule in rules) else (),
        kinds=proof_kinds(ctx.catalogue_of(community)),
        on=on,
    )


def tokens_of(rules: Iterable[Requirement], category: str) -> frozenset[str]:
    """How the planner is told what a task of a category asks for: one word for each proof and each range of ages."""
    found: set[str] = set()
    for rule in rules:
        found |= {f"{proof}@{category}" for proof in rule.proofs}
        if rule.age_min or rule.age_max:
            found.add(age_token(rule))
    return frozenset(found)


def age_token(rule: Requirement) -> str:
    """The planner's word for a range of ages."""
    return f"age@{rule.age_min}-{rule.age_max}"


def ages_said(rule: Requirement) -> tuple[str, str]:
    """The ages that a rule asks for, in Chinese and English; "" where it asks for none."""
    low, high = rule.age_min, rule.age_max
    if low and high:
        return f"{low}–{high}岁", f"aged {low} to {high}"
    if low:
        return f"满{low}岁", f"{low} or older"
    return (f"{high}岁以内", f"{high} or younger") if high else ("", "")


def asks_said(rules: Iterable[Requirement], kinds: Iterable[ProofKind], lang: str) -> tuple[str, ...]:
    """What these rules ask for, each thing in a word or two."""
    at = 1 if lang == "en" else 0
    named = {kind.code: (kind.zh, kind.en) for kind in kinds}
    found: list[str] = []
    for rule in rules:
        found += [named.get(code, (code, code))[at] for code in rule.proofs]
        found += [said] if (said := ages_said(rule)[at]) else []
    return tuple(dict.fromkeys(found))


def _proof(one: Relationship) -> Proof:
    towards = one.target.code if one.target.sort is Sort.CATEGORY else ""
    return Proof(kind=one.kind, category=towards, since_on=one.since_on, until_on=one.until_on)
