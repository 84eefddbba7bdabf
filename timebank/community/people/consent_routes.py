"""What somebody agreed to, on one page: purpose by purpose, given or taken back, with what stops."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor, Role
from timebank.community.people import consenting
from timebank.community.people.consent_schemas import AgreedOut, ConsentForm, ConsentIn
from timebank.community.people.words import HEARD, STANDS
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/members/{uid:str}/consents", operation_id="Consents")
async def consents_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """Every purpose in its own words, what was said of it, and one press to change that."""
    shown = await consenting.agreed(ctx, actor, uid)
    own = actor.uid == uid
    back = f"/desk/members/{uid}" if actor.has(Role.WORKER) and not own else f"/members/{uid}/archive"
    return page(request, "people/consents.html", shown=shown, own=own, back=back, stands=STANDS, heard=HEARD)


@post("/members/{uid:str}/consents/{purpose:str}", operation_id="GiveConsent")
async def give_consent(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], purpose: FromPath[str]
) -> Redirect:
    """A yes to the text as it stands on the page."""
    form, errors, _typed = await read_form(request, ConsentForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        await consenting.agree(ctx, actor, uid, purpose, heard=form.heard)
    except AppRefusal as refusal:
        return _refused(request, uid, refusal)
    return go(f"/members/{uid}/consents", _("记下了：同意。想撤回随时可以。"))


@post("/members/{uid:str}/consents/{purpose:str}/withdraw", operation_id="WithdrawConsent")
async def withdraw_consent(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], purpose: FromPath[str]
) -> Redirect:
    """Taken back; what rested on it has stopped when the page comes."""
    try:
        await consenting.take_back(ctx, actor, uid, purpose)
    except AppRefusal as refusal:
        return _refused(request, uid, refusal)
    return go(f"/members/{uid}/consents", _("撤回了，从现在起停了。"))


def _refused(request: Request, uid: str, refusal: AppRefusal) -> Redirect:
    if isinstance(refusal, NotFound):
        raise refusal
    return go(f"/members/{uid}/consents", refusal.said(request.state.lang), kind="wait")


@get("/api/members/{uid:str}/consents", operation_id="ApiConsents")
async def api_consents(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AgreedOut:
    """Where each purpose stands."""
    return AgreedOut.told(await consenting.agreed(ctx, actor, uid))


@post("/api/members/{uid:str}/consents/{purpose:str}", operation_id="ApiGiveConsent", status_code=200)
async def api_give_consent(
    ctx: Ctx, actor: Who, uid: FromPath[str], purpose: FromPath[str], data: JSONBody[ConsentIn]
) -> AgreedOut:
    """A yes to the present text."""
    await consenting.agree(ctx, actor, uid, purpose, heard=data.heard)
    return AgreedOut.told(await consenting.agreed(ctx, actor, uid))


@post(
    "/api/members/{uid:str}/consents/{purpose:str}/withdraw",
    operation_id="ApiWithdrawConsent",
    status_code=200,
)
async def api_withdraw_consent(ctx: Ctx, actor: Who, uid: FromPath[str], purpose: FromPath[str]) -> AgreedOut:
    """Taken back, with everything that rested on it."""
    await consenting.take_back(ctx, actor, uid, purpose)
    return AgreedOut.told(await consenting.agreed(ctx, actor, uid))


handlers: list[Any] = [
    consents_page, give_consent, withdraw_consent, api_consents, api_give_consent, api_withdraw_consent,
]  # fmt: skip
