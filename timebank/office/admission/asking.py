"""What the community asks of whoever helps: a rule for each kind of help or single line, and whom it admits and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.requirements import Requirement, asked_of
from marketplace.values import Activity, Need
from timebank.access import Actor, Facts, sees
from timebank.community.admission import asks_said, proof_kinds, proofs_here
from timebank.community.eligibility import kinds_of, person_of
from timebank.context import Context
from timebank.errors import BadField, BadFields, NotFound
from timebank.rules.people.admission import Lack, ProofKind, lacks
from timebank.store.members import ages, people
from timebank.store.members.people import Card
from timebank.store.oversight import audit

PAGE_SIZE = 40
REASON_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule is about: a kind of help, or one line of the needs or the activities list.

    Attributes:
        label: in the reader's language; line: None for a kind of help.
        categories: the kind with those above it, nearest first.
        href: of the line; "" for a kind of help.
    """

    code: str
    label: str
    categories: tuple[str, ...] = ()
    line: Need | Activity | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule with what it asks for, in words."""

    subject: Subject
    rule: Requirement
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperRow:
    """One helper with what is missing; `age_unknown` where a rule asks for an age that is not on record."""

    card: Card
    missing: tuple[Lack, ...]
    age_unknown: bool = False

    @property
    def admitted(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule with everybody who says that they help, held against it today.

    Attributes:
        rule: of this subject itself; it asks for nothing while none is set.
        inherited: what wider kinds ask for, in words.
        rows: one page, who is kept out first.
    """

    subject: Subject
    rule: Requirement
    asks: tuple[str, ...]
    inherited: tuple[str, ...]
    rows: tuple[HelperRow, ...]
    admitted: int
    kept_out: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-(self.admitted + self.kept_out) // PAGE_SIZE))


async def rules(ctx: Context, actor: Actor, *, lang: str) -> tuple[RuleRow, ...]:
    """Every rule of the desk's community, by what it is about."""
    sees(actor, "AdmissionRules", Facts(community=actor.community))
    known = await lists.requirements(ctx.engine, actor.community)
    kinds = proof_kinds(ctx.catalogue_of(actor.community))
    rows = []
    for rule in known.values():
        subject = await _subject(ctx, actor.community, rule.subject, lang)
        if subject is not None:
            rows.append(RuleRow(subject=subject, rule=rule, asks=asks_said([rule], kinds, lang)))
    return tuple(sorted(rows, key=lambda row: (row.subject.line is not None, row.subject.label)))


async def rule_view(ctx: Context, actor: Actor, code: str, *, lang: str, number: int = 1) -> RuleView:
    """What a kind of help or a line asks for, and whom that admits today.

    Raises:
        NotFound: no such kind of help, and no such line here.
    """
    sees(actor, "AdmissionRule", Facts(community=actor.community))
    subject = await _subject(ctx, actor.community, code, lang)
    if subject is None:
        raise NotFound()
    known = await lists.requirements(ctx.engine, actor.community)
    kinds = proof_kinds(ctx.catalogue_of(actor.community))
    own = known.get(code, Requirement(subject=code))
    line_key = subject.line.line_key if subject.line else ""
    holding = asked_of(known, categories=subject.categories, line_key=line_key)
    rows = await _helpers(ctx, actor.community, subject, holding, kinds)
    counted = Counter(row.admitted for row in rows)
    first = (number - 1) * PAGE_SIZE
    return RuleView(
        subject=subject,
        rule=own,
        asks=asks_said(holding, kinds, lang),
        inherited=asks_said([rule for rule in holding if rule.subject != code], kinds, lang),
        rows=tuple(rows[first : first + PAGE_SIZE]),
        admitted=counted[True],
        kept_out=counted[False],
        number=number,
    )


async def set_rule(
    ctx: Context, actor: Actor, code: str, *, proofs: Sequence[str], age_min: int = 0, age_max: int = 0
) -> Requirement:
    """What a kind of help or a line asks for from now on; nothing at all takes the rule away. Set twice, it is the same.

    Raises:
        NotFound: no such kind of help, and no such line here.
        BadFields: an unknown proof. BadAgeRange: the ages do not make a range.
    """
    async with ctx.engine.atomic():
        sees(actor, "SetAdmission", Facts(community=actor.community))
        if await _subject(ctx, actor.community, code, "zh-CN") is None:
            raise NotFound()
        known = {kind.code for kind in proof_kinds(ctx.catalogue_of(actor.community))}
        if unknown := [proof for proof in proofs if proof not in known]:
            raise BadFields(
                (
                    BadField(
                        f"没有这种证明：{unknown[0]}", f"There is no such proof: {unknown[0]}", field="proofs"
                    ),
                )
            )
        rule = Requirement(
            subject=code, proofs=tuple(dict.fromkeys(proofs)), age_min=age_min, age_max=age_max
        )
        before = (await lists.requirements(ctx.engine, actor.community)).get(code, Requirement(subject=code))
        if rule != before:
            await lists.save_requirement(ctx.engine, actor.community, rule, at=ctx.now())
            asked = ",".join([*rule.proofs, f"{rule.age_min}-{rule.age_max}"])
            await audit.note(ctx, actor, "set_admission", object=code, reason=asked[:REASON_LENGTH_MAX])
    return rule


def kinds_of_proof(ctx: Context, community: str) -> tuple[ProofKind, ...]:
    """What a rule may ask for."""
    return proof_kinds(ctx.catalogue_of(community))


async def _subject(ctx: Context, community: str, code: str, lang: str) -> Subject | None:
    """What a code stands for; None for neither a kind of help nor a line of this community that asks for helpers."""
    tree = default_tree()
    if code in tree.categories:
        label = tree.label(code, "en" if lang == "en" else "zh")
        return Subject(code=code, label=label, categories=kinds_of(code))
    need = await lists.need(ctx.engine, community, code)
    if need is not None:
        return Subject(
            code=code, label=need.title, categories=kinds_of(need.categories[0] if need.categories else ""),
            line=need, href=f"/desk/lists/needs/{code}",
        )  # fmt: skip
    found = await lists.kept_line(ctx.engine, community, "activity", code)
    if found is not None and isinstance(found.line, Activity):
        return Subject(
            code=code, label=found.line.title, line=found.line, href=f"/desk/lists/activities/{code}"
        )
    return None


async def _helpers(
    ctx: Context,
    community: str,
    subject: Subject,
    holding: Sequence[Requirement],
    kinds: Sequence[ProofKind],
) -> list[HelperRow]:
    """Everybody who says that they help, who is kept out first."""
    cards = await people.roster(ctx.engine, community, gives=True)
    facts = await ages.ages_of(ctx.engine, [card.uid for card in cards])
    held = await proofs_here(ctx, community)
    today = ctx.today()
    asks_age = any(rule.age_min or rule.age_max for rule in holding)
    rows = []
    for card in cards:
        person = person_of(facts.get(card.uid, ()), today)
        missing = lacks(
            holding,
            categories=subject.categories,
            person=person,
            proofs=held.get(card.uid, ()),
            kinds=kinds,
            on=today,
        )
        unknown = asks_age and person.age.least is None and person.age.most is None
        rows.append(HelperRow(card=card, missing=missing, age_unknown=unknown))
    return sorted(rows, key=lambda row: (row.admitted, row.card.number, row.card.uid))
