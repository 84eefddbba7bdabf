"""Pages of one's own second factor, and of a colleague's lost telephone."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.staff import telephones
from timebank.community.staff.flow import WrongPassword
from timebank.community.staff.schemas import DigitsForm, OldPasswordForm, TelephoneForm
from timebank.community.staff.telephones import NotAskedYet, NoTelephone
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, TryLater, WrongCode
from timebank.rules.relationships.refusals import SecondPerson
from timebank.web import i18n
from timebank.web.pages import go, page, read_form
from timebank.web.qr import qr
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
CODES, TELEPHONE = "codes", "telephone"


@get("/second-factor", operation_id="OwnSecondFactor")
async def own_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Since when a telephone counts, how many codes are left, and how to have others."""
    return await _own(request, ctx, actor)


@post("/second-factor/codes", operation_id="RenewCodes")
async def renew_codes(request: Request, ctx: Ctx, actor: Who) -> Template:
    """A new paper, shown this once."""
    form, errors, _typed = await read_form(request, OldPasswordForm)
    if form is None:
        return await _own(request, ctx, actor, of=CODES, errors=errors)
    try:
        codes = await telephones.renew_codes(ctx, actor, password=form.password)
    except (WrongPassword, TryLater, NoTelephone) as refusal:
        return await _refused(request, ctx, actor, CODES, "password", refusal)
    return page(request, "identity/recovery.html", once=True, codes=codes, back="/", first=False)


@post("/second-factor/telephone", operation_id="NewTelephone")
async def new_telephone(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Another telephone is to be set up."""
    form, errors, _typed = await read_form(request, TelephoneForm)
    if form is None:
        return await _own(request, ctx, actor, of=TELEPHONE, errors=errors)
    source = request.client.host if request.client else "unknown"
    try:
        await telephones.begin(
            ctx, actor, request.state.session_hash, password=form.password, digits=form.proof, source=source
        )
    except WrongPassword as refusal:
        return await _refused(request, ctx, actor, TELEPHONE, "password", refusal)
    except (WrongCode, TryLater) as refusal:
        return await _refused(request, ctx, actor, TELEPHONE, "proof", refusal)
    return go("/second-factor/telephone")


@get("/second-factor/telephone", operation_id="NewTelephonePage")
async def new_telephone_page(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """The square and the key of the other telephone."""
    return await _beginning(request, ctx, actor)


@post("/second-factor/telephone/confirm", operation_id="ConfirmTelephone")
async def confirm_telephone(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """It counts from now on; a new paper, shown this once."""
    form, errors, _typed = await read_form(request, DigitsForm)
    if form is None:
        return await _beginning(request, ctx, actor, errors=errors)
    try:
        codes = await telephones.confirm(ctx, actor, request.state.session_hash, digits=form.code)
    except WrongCode as refusal:
        return await _beginning(request, ctx, actor, errors={"code": refusal.said(request.state.lang)})
    return page(request, "identity/recovery.html", once=True, codes=codes, back="/", first=True)


@post("/desk/staff/{uid:str}/telephone", operation_id="AskNewTelephone")
async def ask_new_telephone(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A colleague lost theirs."""
    try:
        await telephones.ask(ctx, actor, member_uid=uid)
    except (NoTelephone, AlreadyDone) as refusal:
        return go("/desk/staff", refusal.said(request.state.lang), kind="bad")
    return go("/desk/staff", _("记下了，等另一位同事批准；只有一位的，请系统管理员办。"), kind="wait")


@post("/desk/staff/{uid:str}/telephone/approve", operation_id="ApproveNewTelephone")
async def approve_new_telephone(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A second colleague agrees."""
    try:
        await telephones.approve(ctx, actor, member_uid=uid)
    except (NoTelephone, NotAskedYet, SecondPerson) as refusal:
        return go("/desk/staff", refusal.said(request.state.lang), kind="bad")
    return go("/desk/staff", _("原来的手机和备用码都作废了，下次登录时认一部新的。"))


@post("/desk/staff/{uid:str}/telephone/drop", operation_id="DropNewTelephone")
async def drop_new_telephone(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """It turned up."""
    try:
        await telephones.drop(ctx, actor, member_uid=uid)
    except NotAskedYet as refusal:
        return go("/desk/staff", refusal.said(request.state.lang), kind="bad")
    return go("/desk/staff", _("撤回了，手机照旧。"))


async def _own(
    request: Request, ctx: Context, actor: Actor, *, of: str = "", errors: dict[str, str] | None = None,
    status: int = 422,
) -> Template:  # fmt: skip
    return page(
        request, "staff/second.html", status=status if errors else 200, own=await telephones.own(ctx, actor), of=of,
        errors=errors or {},
    )  # fmt: skip


async def _refused(
    request: Request, ctx: Context, actor: Actor, of: str, field: str, refusal: AppRefusal
) -> Template:
    said = {field: refusal.said(request.state.lang)}
    shown = await _own(request, ctx, actor, of=of, errors=said, status=refusal.status)
    if isinstance(refusal, TryLater):
        shown.headers["retry-after"] = str(refusal.wait_seconds)
    return shown


async def _beginning(
    request: Request, ctx: Context, actor: Actor, *, errors: dict[str, str] | None = None
) -> Template | Redirect:
    found = await telephones.beginning(ctx, actor, request.state.session_hash)
    if found is None:
        return go("/second-factor")
    return page(
        request, "identity/enrol.html", status=422 if errors else 200, enrolment=found, drawn=qr(found.address), back="",
        errors=errors or {}, action="/second-factor/telephone/confirm",
    )  # fmt: skip


handlers = [
    own_page, renew_codes, new_telephone, new_telephone_page, confirm_telephone, ask_new_telephone,
    approve_new_telephone, drop_new_telephone,
]  # fmt: skip
