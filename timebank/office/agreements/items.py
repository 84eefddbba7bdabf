"""What an item of an agreement says, and the line of a list that it becomes; read by the readers of lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from marketplace.agreements import Agreement, Direction, PledgedItem
from marketplace.categories import default_tree
from marketplace.lists import ListKind
from marketplace.lists.typed import confirmed, read_typed
from marketplace.values import Need, Refusal, Resource
from timebank.context import Context
from timebank.errors import BadField
from timebank.store.places import calendars
from timebank.store.relations.organisations import Organisation

KIND_WORDS = {
    "people": "人才", "place": "场地", "equipment": "设备", "vehicle": "车辆", "meals": "餐食", "goods": "物品",
    "funds": "资金物品",
}  # fmt: skip
_CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One thing that is agreed, as it is typed.

    Attributes:
        unit: code of the party that gives it or gets it.
        amount: how many times or how much in all, by `due_on`; None for the last day of the term.
        sure: somebody has seen the doubts about time and quantity and says that the reading is right.
    """

    unit: str
    title: str
    direction: Direction = Direction.GIVES
    kind: str = "people"
    category: str = ""
    when: str = ""
    quantity: str = ""
    amount: int = 1
    due_on: date | None = None
    sure: bool = False


async def read(
    ctx: Context, agreement: Agreement, pledge: Pledge, body: Organisation | None
) -> tuple[PledgedItem | None, tuple[BadField, ...]]:
    """(the item, what stands in its way told at its field); the item is None where something does."""
    if body is None or pledge.unit not in agreement.units:
        refused = BadField(
            "请选协议里的一个单位。", "Please choose one of the units of this agreement.", field="unit"
        )
        return None, (refused,)
    due_on = pledge.due_on or agreement.last_on
    wrong = []
    if not agreement.first_on <= due_on <= agreement.last_on:
        wrong.append(
            BadField("要在协议期限以内。", "It must lie within the term of the agreement.", field="due_on")
        )
    if pledge.category and pledge.category not in default_tree().categories:
        wrong.append(BadField("没有这个类别。", "There is no such category.", field=_CATEGORY))
    item = PledgedItem(
        key=ctx.ids.uid("I"),
        unit=pledge.unit,
        title=pledge.title,
        direction=pledge.direction,
        amount=pledge.amount,
        due_on=due_on,
        category=pledge.category,
        kind=pledge.kind,
        when=pledge.when,
        quantity=pledge.quantity,
    )
    _line, doubts, firm = await line_of(ctx, agreement, item, body)
    for doubt in doubts:
        field = _CATEGORY if doubt.code.startswith("category_") else doubt.field
        if doubt.field in firm or not pledge.sure:
            wrong.append(BadField(doubt.zh, doubt.en, field=field))
    return (None, tuple(wrong)) if wrong else (item, ())


async def line_of(
    ctx: Context, agreement: Agreement, item: PledgedItem, body: Organisation
) -> tuple[Need | Resource | None, tuple[Refusal, ...], frozenset[str]]:
    """(the line that an item becomes, what is in doubt about it, fields whose doubt no yes can mend).

    What a unit gives is a line of the resources list, what it gets in return a need of its own.
    """
    gives = item.direction is Direction.GIVES
    cells = {"title": item.title, "when": item.when or "随时", "quantity": item.quantity}
    if gives:
        cells |= {
            "owner": body.name,
            "owner_type": body.subkind,
            "kind": KIND_WORDS.get(item.kind, ""),
        }
    else:
        cells |= {"source": "单位", "place": body.address}
    found = read_typed(
        ListKind.RESOURCES if gives else ListKind.NEEDS,
        cells,
        filed_on=ctx.today(),
        calendar=await calendars.calendar_of(ctx.engine, body.community, ctx.today()),
        zone=ctx.zone,
    )
    doubts = tuple(one for one in found.doubts if not (item.category and one.code.startswith("category_")))
    if found.line is None:
        return None, doubts, found.firm
    line = confirmed(found.line)
    if isinstance(line, Resource):
        line = replace(
            line,
            owner=body.code,
            owner_kind=body.kind,
            kind=item.kind,
            categories=_categories(item.category, line.categories),
            category_phrase="",
            conditions=_under(agreement),
        )
    else:
        assert isinstance(line, Need)
        line = replace(
            line,
            owner=body.code,
            categories=_categories(item.category, line.categories),
            channel="unit",
            private_note=_under(agreement),
        )
    return line, doubts, found.firm


def made_for(agreement: Agreement, line: object) -> bool:
    """Whether a line came onto its list through this agreement."""
    said = line.conditions if isinstance(line, Resource) else getattr(line, "private_note", "")
    return said == _under(agreement)


def _categories(chosen: str, read_as: tuple[str, ...]) -> tuple[str, ...]:
    return (chosen, *(code for code in read_as if code != chosen)) if chosen else read_as


def _under(agreement: Agreement) -> str:
    """What the line says of where it comes from."""
    return f"共建协议：{agreement.title}"
