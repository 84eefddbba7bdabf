"""Pages of staff accounts, and one's own password."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.passwords import PasswordRefusal
from timebank.community.staff import flow, telephone_routes
from timebank.community.staff.schemas import BackForm, LoginForm, PasswordForm
from timebank.context import Context
from timebank.store.identity import sessions
from timebank.store.members import people
from timebank.web import i18n
from timebank.web.pages import Typed, go, inside, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/staff", operation_id="Staff")
async def show_staff(request: Request, ctx: Ctx, actor: Who, at: FromQuery[str] = "") -> Template:
    """Who works here and who checks the books, with their accounts; the form of a new one stands open at `at`."""
    return await _staff(request, ctx, actor, at=at)


@post("/desk/staff/{uid:str}/account", operation_id="OpenAccount")
async def open_account(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """A login; the first password stands on the slip and nowhere else."""
    form, errors, typed = await read_form(request, LoginForm)
    if form is None:
        return await _staff(request, ctx, actor, at=uid, typed=typed, errors=errors)
    try:
        password = await flow.open_account(ctx, actor, member_uid=uid, login=form.login)
    except PasswordRefusal as refusal:
        said = {"login": refusal.said(request.state.lang)}
        return await _staff(request, ctx, actor, at=uid, typed=typed, errors=said)
    return await _slip(request, ctx, uid, password)


@post("/desk/staff/{uid:str}/reset", operation_id="ResetAccount")
async def reset_account(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """A new password for a colleague, on a slip."""
    return await _slip(request, ctx, uid, await flow.reset_account(ctx, actor, member_uid=uid))


@post("/desk/staff/{uid:str}/end", operation_id="EndAccount")
async def end_account(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A colleague leaves the desk."""
    await flow.end_account(ctx, actor, member_uid=uid)
    return go("/desk/staff", _("岗位和账号都结束了，马上生效。"))


@post("/desk/staff/{uid:str}/sign-out", operation_id="SignOutEverywhere")
async def sign_out_everywhere(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Sign somebody out on every device."""
    form, _errors, _typed = await read_form(request, BackForm)
    await flow.sign_out_everywhere(ctx, actor, member_uid=uid)
    back = inside(form.next, "/desk/staff") if form else "/desk/staff"
    return go("/sign-in" if uid == actor.uid else back, _("所有设备上都退出了。"))


@get("/password", operation_id="OwnPasswordPage")
async def own_password_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Change one's own password."""
    return await _own(request, ctx, actor, {})


@post("/password", operation_id="OwnPassword")
async def own_password(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """The new password holds at once; every device signs in anew."""
    form, errors, _typed = await read_form(request, PasswordForm)
    if form is not None:
        try:
            await flow.change_own(ctx, actor, old=form.old, new=form.new)
        except (PasswordRefusal, flow.WrongPassword) as refusal:
            errors = {"old" if refusal.field == "old" else "new": refusal.said(request.state.lang)}
        else:
            return go("/sign-in", _("密码改好了，请用新密码登录。"))
    return await _own(request, ctx, actor, errors)


async def _own(request: Request, ctx: Context, actor: Actor, errors: dict[str, str]) -> Template:
    login = "" if actor.acting_for else await sessions.login_of(ctx.engine, actor.uid)
    return page(request, "staff/password.html", login=login, errors=errors, status=422 if errors else 200)


async def _staff(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    at: str = "",
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    return page(
        request,
        "staff/home.html",
        status=422 if errors else 200,
        staff=await flow.staff(ctx, actor),
        kinds=ctx.catalogue_of(actor.community).relationships,
        me=actor.uid,
        second=ctx.policy_of(actor.community).identity.second_factor and not ctx.settings.demo,
        at=at,
        typed=typed or {},
        errors=errors or {},
    )


async def _slip(request: Request, ctx: Context, uid: str, password: str) -> Template:
    names = await people.names(ctx.engine, [uid])
    login = await sessions.login_of(ctx.engine, uid)
    return page(
        request, "staff/slip.html", once=True, name=names.get(uid, ""), login=login, password=password, back="/desk/staff"
    )  # fmt: skip


handlers = [
    show_staff, open_account, reset_account, end_account, sign_out_everywhere, own_password_page, own_password,
    *telephone_routes.handlers,
]  # fmt: skip
