"""A partner unit's pages: its offers and needs, what it gave, and three things it could do this month."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from marketplace.planning import suggestion_json
from marketplace.values import Resource
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadFields
from timebank.help.lists import cards, claiming, offers, turns
from timebank.help.lists.claim_routes import STAGES
from timebank.help.lists.names import CHANGES, FIELDS
from timebank.help.lists.offers import Offer
from timebank.help.lists.schemas import OfferForm, UnitForm
from timebank.web import i18n
from timebank.web.forms.editing import conflict_page, read_edit
from timebank.web.forms.merging import seen_as
from timebank.web.pages import Typed, go, page, read_form, refuse_fields, typed_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
UnitCode = Annotated[str, QueryParameter(name="unit", max_length=20)]
KINDS = {
    "people": i18n.lazy("人手、本领"),
    "place": i18n.lazy("场地"),
    "equipment": i18n.lazy("设备"),
    "vehicle": i18n.lazy("车辆"),
    "meals": i18n.lazy("餐食"),
    "goods": i18n.lazy("物品"),
    "funds": i18n.lazy("资助（只作记录）"),
}


@get("/unit", operation_id="UnitHome")
async def unit_home(request: Request, ctx: Ctx, actor: Who, unit: UnitCode = "") -> Template:
    """What we offer, what waits for us, and what we could do this month."""
    home = await offers.unit_home(ctx, actor, unit, request.state.lang)
    lang = request.state.lang
    answer, mine = await claiming.inbox(ctx, actor, lang)
    return page(
        request,
        "lists/unit.html",
        home=home,
        offers=[(one, cards.of_resource(one, lang, lead=home.unit.name)) for one in home.resources],
        needs=[cards.of_need(one, lang, lead=home.unit.name) for one in home.needs],
        could_do=[suggestion_json(one, "en" if lang == "en" else "zh") for one in home.could_do],
        turns=[(cards.of_activity(activity, lang), said) for activity, said in home.turns],
        rota=await turns.of_unit(ctx, actor.community, home.unit.code, home.activities, lang),
        waiting=[one for one in answer if one.claim.stage.value == "open"],
        agreed=[one for one in (*answer, *mine) if one.claim.stage.value == "accepted"],
        stages=STAGES,
    )


@get("/unit/resources/{key:str}", operation_id="EditUnitResource")
async def edit_resource(
    request: Request, ctx: Ctx, actor: Who, key: FromPath[str], unit: UnitCode = ""
) -> Template:
    """The form of one offer; `new` for another one."""
    if key == "new":
        body = await offers.unit_of(ctx, actor, "EditUnitResource", unit)
        return _form(request, {"unit": body.code, "kind": "people", "free": "yes"}, {})
    line = await offers.own_offer(ctx, actor, key, unit=unit)
    now = _typed_from(line, unit)
    return _form(request, now, now)


@post("/unit/resources", operation_id="SaveUnitResource")
async def save_resource(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Read the offer back first; save it when the reading was seen."""
    typed = await typed_form(request)
    key, code = str(typed.get("key", "")), str(typed.get("unit", ""))
    was = await offers.own_offer(ctx, actor, key, unit=code) if key else None
    now = _typed_from(was, code) if was else {}
    edit = await read_edit(request, OfferForm, now)
    if edit.disputed:
        return await conflict_page(
            request, ctx, actor, edit, now, action="/unit/resources", about=key, by=CHANGES, labels=FIELDS,
            words={"kind": KINDS, "free": {"yes": _("不收费"), "no": _("收一点成本")}},
        )  # fmt: skip
    form, typed = edit.form, edit.typed
    if form is None:
        return _form(request, typed, now, errors=edit.errors, status=422)
    offer = Offer(
        title=form.title, when=form.when, quantity=form.quantity, kind=form.kind, conditions=form.conditions,
        contact=form.contact, reach=form.reach, free=form.free == "yes",
    )  # fmt: skip
    unit = await offers.unit_of(ctx, actor, "SaveUnitResource", form.unit)
    if form.step == "read":
        return _form(request, typed, now, reading=await offers.read_offer(ctx, unit, offer))
    try:
        await offers.save_offer(ctx, actor, offer, unit=form.unit, key=form.key, sure=True, was=was)
    except BadFields as refusal:
        said = {one.field: one.said(request.state.lang) for one in refusal.fields}
        return _form(request, typed, now, errors=said, status=422)
    return go("/unit", _("放上清单了，大家看得到。"))


@post("/unit/resources/{key:str}/pause", operation_id="PauseUnitResource")
async def pause_resource(request: Request, ctx: Ctx, actor: Who, key: FromPath[str]) -> Redirect:
    """Take an offer off the list for a while, or put it back."""
    form, errors, _typed = await read_form(request, UnitForm)
    if form is None:
        raise refuse_fields(errors)
    is_open = await offers.pause_offer(ctx, actor, key, unit=form.unit)
    return go("/unit", _("又放回清单了。") if is_open else _("先从清单上拿下来了，随时可以放回去。"))


def _form(
    request: Request,
    typed: Typed,
    now: Typed,
    *,
    errors: dict[str, str] | None = None,
    reading: Resource | None = None,
    status: int = 200,
) -> Template:
    doubts = {one.field: one.said(request.state.lang) for one in offers.doubts_of(reading)} if reading else {}
    return page(
        request,
        "lists/offer.html",
        status=status,
        typed=typed,
        errors=errors or {},
        kinds=KINDS,
        reading=cards.of_resource(reading, request.state.lang) if reading else None,
        said_when=cards.of_when(reading.when.confirmed(), request.state.lang) if reading else "",
        doubts=doubts,
        seen=seen_as(now) if now else "",
    )


def _typed_from(line: Resource, unit: str) -> Typed:
    return {
        "unit": unit,
        "key": line.line_key,
        "title": line.title,
        "when": line.when.phrase,
        "quantity": line.quantity.phrase,
        "kind": line.kind,
        "conditions": line.conditions,
        "contact": line.contact,
        "reach": line.reach,
        "free": "yes" if line.free else "no",
    }


handlers: list[HTTPRouteHandler] = [unit_home, edit_resource, save_resource, pause_resource]
