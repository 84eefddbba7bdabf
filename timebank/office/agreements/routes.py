"""Pages of agreements: the desk drafts, writes signatures on paper down, ends and renews; each side signs for itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from marketplace.agreements import Agreement, Standing
from marketplace.categories import default_tree
from marketplace.errors import AgreementRefused
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import BadFields
from timebank.office.agreements import api, flow, views
from timebank.office.agreements.schemas import (
    DraftForm,
    EndForm,
    ItemForm,
    PaperForm,
    PressForm,
    RenewForm,
    SignForm,
    TermForm,
)
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000)]
Words = Annotated[str, QueryParameter(name="q", max_length=60)]
KINDS = {
    "people": i18n.lazy("人手、本领"),
    "place": i18n.lazy("场地"),
    "equipment": i18n.lazy("设备"),
    "vehicle": i18n.lazy("车辆"),
    "meals": i18n.lazy("餐食"),
    "goods": i18n.lazy("物品"),
    "funds": i18n.lazy("资助（只作记录）"),
}
DIRECTIONS = {
    "gives": i18n.lazy("单位提供的"),
    "receives": i18n.lazy("社区回馈的"),
}


@get("/desk/agreements", operation_id="DeskAgreements")
async def desk_agreements(
    request: Request, ctx: Ctx, actor: Who, number: Page = 1, q: Words = ""
) -> Template:
    """Every agreement of the community; what waits for the desk comes first."""
    shown = await views.for_desk(ctx, actor, lang=request.state.lang, number=number, words=q)
    return page(request, "agreements/list.html", shown=shown, desk=True, q=q)


@get("/unit/agreements", operation_id="UnitAgreements")
async def unit_agreements(request: Request, ctx: Ctx, actor: Who, number: Page = 1) -> Template:
    """The agreements of one's own unit."""
    shown = await views.for_unit(ctx, actor, lang=request.state.lang, number=number)
    return page(request, "agreements/list.html", shown=shown, desk=False, q="")


@get("/desk/agreements/new", operation_id="NewAgreement")
async def new_agreement(request: Request, ctx: Ctx, actor: Who) -> Template:
    """An empty draft."""
    today = ctx.today()
    typed: Typed = {
        "first_on": today.isoformat(), "last_on": _year_on(today).isoformat(), "units": [],
    }  # fmt: skip
    return await _draft_page(request, ctx, actor, typed)


@post("/desk/agreements", operation_id="DraftAgreement")
async def draft_agreement(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """A new draft, to which items are added next."""
    form, errors, typed = await read_form(request, DraftForm)
    if form is not None:
        try:
            made = await flow.draft(
                ctx, actor, title=form.title, units=form.units, first_on=form.first_on, last_on=form.last_on
            )
        except BadFields as refusal:
            errors = {one.field: one.said(request.state.lang) for one in refusal.fields}
        else:
            return go(f"/desk/agreements/{made.uid}", _("草稿写好了，接着写事项。"))
    units = typed.get("units", [])
    typed["units"] = [units] if isinstance(units, str) else units
    return await _draft_page(request, ctx, actor, typed, errors=errors, status=422)


@get("/desk/agreements/{uid:str}", operation_id="DeskAgreement")
async def desk_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One agreement as the desk keeps it."""
    return await _show(request, ctx, actor, uid)


@get("/unit/agreements/{uid:str}", operation_id="UnitAgreement")
async def unit_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One agreement as a party to it reads and signs it."""
    return await _show(request, ctx, actor, uid)


@post("/desk/agreements/{uid:str}", operation_id="ReviseAgreement")
async def revise_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Another name or term for a draft."""
    await flow.loaded(ctx, actor, uid, "ReviseAgreement")
    form, errors, typed = await read_form(request, TermForm)
    if form is None:
        return await _show(request, ctx, actor, uid, part="term", typed=typed, errors=errors, status=422)
    return await _pressed(
        request, ctx, actor, uid, "term", typed, _("改好了，签过的要重新签。"),
        lambda: flow.revise(
            ctx, actor, uid, title=form.name, first_on=form.first_on, last_on=form.last_on
        ),
    )  # fmt: skip


@post("/desk/agreements/{uid:str}/items", operation_id="AddAgreementItem")
async def add_item(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """One more item of a draft."""
    await flow.loaded(ctx, actor, uid, "ReviseAgreement")
    form, errors, typed = await read_form(request, ItemForm)
    if form is None:
        return await _show(request, ctx, actor, uid, part="item", typed=typed, errors=errors, status=422)
    return await _pressed(
        request, ctx, actor, uid, "item", typed, _("添上了一项。"),
        lambda: flow.add_item(ctx, actor, uid, form.pledge()),
    )  # fmt: skip


@post("/desk/agreements/{uid:str}/items/{key:str}/drop", operation_id="DropAgreementItem")
async def drop_item(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], key: FromPath[str]
) -> Redirect:
    """A draft without one of its items."""
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)
    await flow.drop_item(ctx, actor, uid, key)
    return go(f"/desk/agreements/{uid}", _("去掉了一项。"))


@post("/agreements/{uid:str}/sign", operation_id="SignAgreement")
async def sign_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """One's own signature for one's own side."""
    form, errors, _typed = await read_form(request, SignForm)
    if form is None:
        raise refuse_fields(errors)
    after = await flow.sign(ctx, actor, uid, party=form.party)
    where = "/desk/agreements" if form.party == "community" else "/unit/agreements"
    return go(f"{where}/{uid}", _said_signed(after))


@post("/desk/agreements/{uid:str}/paper", operation_id="RecordSignature")
async def record_signature(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """A unit's signature on paper, with its day."""
    await flow.loaded(ctx, actor, uid, "RecordSignature")
    form, errors, typed = await read_form(request, PaperForm)
    if form is None:
        return await _show(request, ctx, actor, uid, part="paper", typed=typed, errors=errors, status=422)
    return await _pressed(
        request, ctx, actor, uid, "paper", typed, _("记下了纸上的签字。"),
        lambda: flow.record_signature(ctx, actor, uid, unit=form.signer, on=form.signed_on),
    )  # fmt: skip


@post("/desk/agreements/{uid:str}/end", operation_id="EndAgreement")
async def end_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """End it early with a reason, or drop a draft."""
    await flow.loaded(ctx, actor, uid, "EndAgreement")
    form, errors, typed = await read_form(request, EndForm)
    if form is None:
        return await _show(request, ctx, actor, uid, part="end", typed=typed, errors=errors, status=422)
    return await _pressed(
        request, ctx, actor, uid, "end", typed, _("终止了，做过的都还记着。"),
        lambda: flow.end(ctx, actor, uid, reason=form.reason),
    )  # fmt: skip


@post("/desk/agreements/{uid:str}/renew", operation_id="RenewAgreement")
async def renew_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """A new draft of the same items for the next term."""
    await flow.loaded(ctx, actor, uid, "RenewAgreement")
    form, errors, typed = await read_form(request, RenewForm)
    if form is None:
        return await _show(request, ctx, actor, uid, part="renew", typed=typed, errors=errors, status=422)
    return await _pressed(
        request, ctx, actor, uid, "renew", typed, _("续签的草稿写好了，看一遍再签。"),
        lambda: flow.renew(ctx, actor, uid, first_on=form.first_on, last_on=form.last_on),
    )  # fmt: skip


async def _pressed(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    part: str,
    typed: Typed,
    said: str,
    run: Callable[[], Awaitable[Agreement]],
) -> Template | Redirect:
    """A step of the desk; a refusal is told beside its form, which keeps what was typed."""
    try:
        after = await run()
    except BadFields as refusal:
        errors = {one.field: one.said(request.state.lang) for one in refusal.fields}
    except AgreementRefused as refusal:
        errors = {"": refusal.sentence("en" if request.state.lang == "en" else "zh")}
    else:
        return go(f"/desk/agreements/{after.uid}", said)
    return await _show(request, ctx, actor, uid, part=part, typed=typed, errors=errors, status=422)


async def _show(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    *,
    part: str = "",
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    """The page of one agreement; `part` names the form that came back."""
    view = await views.view(ctx, actor, uid, lang=request.state.lang)
    tree, spoken = default_tree(), "en" if request.state.lang == "en" else "zh"
    categories = [(code, tree.label(code, spoken)) for code in tree.categories]
    one = view.row.agreement
    return page(
        request,
        "agreements/show.html",
        status=status,
        view=view,
        one=one,
        part=part,
        typed=typed or {},
        errors=errors or {},
        kinds=KINDS,
        directions=DIRECTIONS,
        categories=[("", _("按写的话来定")), *categories],
        next_first=max(ctx.today(), date.fromordinal(one.last_on.toordinal() + 1)).isoformat(),
        next_last=_year_on(max(ctx.today(), one.last_on)).isoformat(),
        today=ctx.today(),
        in_force=view.row.standing in (Standing.IN_FORCE, Standing.AHEAD),
    )


async def _draft_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    sees(actor, "DraftAgreement", Facts(community=actor.community))
    units = [(one.code, one.name) for one in await flow.may_sign(ctx, actor.community)]
    return page(
        request, "agreements/draft.html", status=status, units=units, typed=typed, errors=errors or {}
    )


def _said_signed(after: Agreement) -> str:
    return _("双方都签了，协议生效，事项都上了清单。") if after.signed_on else _("签好了，等另一方签。")


def _year_on(day: date) -> date:
    """The last day of a year that begins on this day."""
    try:
        again = day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        again = date(day.year + 1, 3, 1)
    return date.fromordinal(again.toordinal() - 1)


handlers: list[HTTPRouteHandler] = [
    desk_agreements, unit_agreements, new_agreement, draft_agreement, desk_agreement, unit_agreement,
    revise_agreement, add_item, drop_item, sign_agreement, record_signature, end_agreement, renew_agreement,
    *api.handlers,
]  # fmt: skip
