"""The page of one's own sign-ins, and the press that ends one of them."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.identity import signed_in
from timebank.community.identity.schemas import SignInOut, SignInsOut
from timebank.context import Context
from timebank.web import i18n
from timebank.web.pages import go, page
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/signed-in", operation_id="OwnSignIns")
async def own_sign_ins(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Where one is signed in."""
    own = await signed_in.own_sign_ins(ctx, actor, request.state.session_hash)
    return page(request, "identity/signed_in.html", own=own)


@post("/signed-in/{name:str}/end", operation_id="EndSignIn")
async def end_sign_in(request: Request, ctx: Ctx, actor: Who, name: FromPath[str]) -> Redirect:
    """End one of one's own sign-ins."""
    ended = await signed_in.end_sign_in(ctx, actor, request.state.session_hash, name=name)
    return go("/sign-in" if ended.here else "/signed-in", _("那里已经退出了。"))


@get("/api/sign-ins", operation_id="ApiOwnSignIns")
async def api_own_sign_ins(request: Request, ctx: Ctx, actor: Who) -> SignInsOut:
    """Where one is signed in."""
    return SignInsOut.told(await signed_in.own_sign_ins(ctx, actor, request.state.session_hash))


@post("/api/sign-ins/{name:str}/end", operation_id="ApiEndSignIn", status_code=200)
async def api_end_sign_in(request: Request, ctx: Ctx, actor: Who, name: FromPath[str]) -> SignInOut:
    """End one of one's own sign-ins; which one it was."""
    ended = await signed_in.end_sign_in(ctx, actor, request.state.session_hash, name=name)
    return SignInOut.told(ended)


handlers = [own_sign_ins, end_sign_in, api_own_sign_ins, api_end_sign_in]
