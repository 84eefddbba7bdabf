"""What the pages of agreements show: a list, and one agreement with its sides, its items and what was kept."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace import agreements as rules
from marketplace import store as lists
from marketplace.agreements import (
    COMMUNITY,
    Agreement,
    Direction,
    Fulfilment,
    PledgedItem,
    Signature,
    Standing,
)
from marketplace.categories import default_tree
from marketplace.claims import Stage
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.office.agreements import flow
from timebank.store.members import people
from timebank.store.relations import organisations

PAGE_SIZE = 40
WORDS = {
    Standing.DRAFT: ("草稿", "draft"),
    Standing.SIGNING: ("等签字", "waiting for signatures"),
    Standing.AHEAD: ("还没开始", "not begun yet"),
    Standing.IN_FORCE: ("有效", "in force"),
    Standing.OVER: ("期满", "over"),
    Standing.ENDED: ("已终止", "ended early"),
    Standing.DROPPED: ("作废", "dropped"),
}
TONES = {
    Standing.DRAFT: "wait", Standing.SIGNING: "act", Standing.AHEAD: "wait", Standing.IN_FORCE: "done",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agreement in a list: with whom, where it stands, how far it was kept; `signs` when the reader's word is missing."""

    agreement: Agreement
    units: tuple[str, ...]
    standing: Standing
    said: str
    tone: str
    kept: Fulfilment
    signs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One party with its signature, if there is one.

    Attributes:
        party: `community` or the code of a unit; name: "" for the community.
        signed_by: who signed or wrote the paper down, in words; "" while it is missing.
        mine: the reader signs for it.
    """

    party: str
    name: str
    signature: Signature | None
    signed_by: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item with its unit's name, its kind of help in words, and the page of the line it became."""

    item: PledgedItem
    unit: str
    category: str
    href: str

    @property
    def is_kept(self) -> bool:
        return self.item.done >= self.item.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One agreement with everything its page shows.

    Attributes:
        gives, gets: what the units give, and what they get in return.
        may_sign: the party the reader can sign for now; "" for none.
        next_uid: the draft or agreement that renews it; "" for none.
    """

    row: Row
    sides: tuple[Side, ...]
    gives: tuple[ItemRow, ...]
    gets: tuple[ItemRow, ...]
    may_sign: str
    desk: bool
    next_uid: str

    @property
    def is_draft(self) -> bool:
        return self.row.standing in (Standing.DRAFT, Standing.SIGNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsPage:
    """One page of the agreements a reader may see, those that wait for somebody first; pages count from 1."""

    rows: tuple[Row, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


async def for_desk(
    ctx: Context, actor: Actor, *, lang: str, number: int = 1, words: str = ""
) -> AgreementsPage:
    """The agreements of the desk's community, found by words of their names."""
    sees(actor, "DeskAgreements", Facts(community=actor.community))
    return await _page(ctx, actor, lang, number, words, of_units=frozenset())


async def for_unit(ctx: Context, actor: Actor, *, lang: str, number: int = 1) -> AgreementsPage:
    """The agreements of the units the reader speaks for.

    Raises:
        NotFound: the reader speaks for none.
    """
    sees(actor, "UnitAgreements", Facts(community=actor.community, unit=next(iter(sorted(actor.units)), "")))
    return await _page(ctx, actor, lang, number, "", of_units=actor.units)


async def view(ctx: Context, actor: Actor, uid: str, *, lang: str) -> View:
    """One agreement as either side sees it.

    Raises:
        NotFound: no such agreement here, or not this reader's.
    """
    found = await flow.loaded(ctx, actor, uid, "ShowAgreement")
    desk = actor.has(Role.WORKER)
    bodies = await organisations.organisations_by_code(ctx.engine, found.units)
    names = {code: one.name for code, one in bodies.items()}
    signed = {one.party: one for one in found.signatures}
    people_named = await people.names(ctx.engine, [one.by or one.recorded_by for one in found.signatures])
    sides = tuple(
        Side(
            party=party,
            name=names.get(party, ""),
            signature=signed.get(party),
            signed_by=_signed_by(signed.get(party), people_named),
            mine=(desk if party == COMMUNITY else party in actor.units) and not actor.acting_for,
        )
        for party in found.parties
    )
    row = _row(ctx, actor, found, names, lang)
    rows = tuple(
        ItemRow(
            item=item,
            unit=names.get(item.unit, item.unit),
            category=_label(item.category, lang),
            href=_href(item, desk=desk),
        )
        for item in found.items
    )
    others = await lists.agreements(ctx.engine, actor.community)
    following = [
        one for one in others if one.follows == uid and one.standing(ctx.today()) is not Standing.DROPPED
    ]
    return View(
        row=row,
        sides=sides,
        gives=tuple(one for one in rows if one.item.direction is Direction.GIVES),
        gets=tuple(one for one in rows if one.item.direction is Direction.RECEIVES),
        may_sign=next((side.party for side in sides if side.mine and side.signature is None), "")
        if row.signs
        else "",
        desk=desk,
        next_uid=following[0].uid if following else "",
    )


async def _page(
    ctx: Context, actor: Actor, lang: str, number: int, words: str, *, of_units: frozenset[str]
) -> AgreementsPage:
    done = await lists.claims(ctx.engine, actor.community, stages=(Stage.DONE,))
    known = [
        rules.with_claims(one, done, zone=ctx.zone)
        for one in await lists.agreements(ctx.engine, actor.community)
        if not of_units or of_units & set(one.units)
    ]
    bodies = await organisations.organisations_by_code(
        ctx.engine, [unit for one in known for unit in one.units]
    )
    names = {code: body.name for code, body in bodies.items()}
    rows = [_row(ctx, actor, one, names, lang) for one in known]
    if words:
        rows = [row for row in rows if all(word in _said(row) for word in words.split())]
    rows.sort(key=lambda row: (not row.signs, list(WORDS).index(row.standing), row.agreement.first_on))
    first = (number - 1) * PAGE_SIZE
    return AgreementsPage(rows=tuple(rows[first : first + PAGE_SIZE]), total=len(rows), number=number)


def _said(row: Row) -> str:
    return " ".join((row.agreement.title, *row.units))


def _row(ctx: Context, actor: Actor, one: Agreement, names: dict[str, str], lang: str) -> Row:
    today = ctx.today()
    standing = one.standing(today)
    open_ = standing in (Standing.DRAFT, Standing.SIGNING) and bool(one.items) and today <= one.last_on
    signed = {signature.party for signature in one.signatures}
    mine = {unit for unit in one.units if unit in actor.units} | (
        {COMMUNITY} if actor.has(Role.WORKER) else set()
    )
    return Row(
        agreement=one,
        units=tuple(names.get(unit, unit) for unit in one.units),
        standing=standing,
        said=WORDS[standing][1 if lang == "en" else 0],
        tone=TONES.get(standing, ""),
        kept=rules.fulfilment(one, on=today),
        signs=open_ and bool(mine - signed) and not actor.acting_for,
    )


def _signed_by(signature: Signature | None, names: dict[str, str]) -> str:
    if signature is None:
        return ""
    who = signature.by or signature.recorded_by
    return names.get(who, who)


def _label(code: str, lang: str) -> str:
    tree = default_tree()
    return tree.label(code, "en" if lang == "en" else "zh") if code in tree.categories else ""


def _href(item: PledgedItem, *, desk: bool) -> str:
    if not item.line_key:
        return ""
    kind = "resources" if item.direction is Direction.GIVES else "needs"
    return f"/desk/lists/{kind}/{item.line_key}" if desk else f"/lists/{kind}/{item.line_key}"
