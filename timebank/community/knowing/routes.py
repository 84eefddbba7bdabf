"""The page that shows six digits, and the page on which whoever stands there types them."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.knowing import flow
from timebank.community.knowing.schemas import DigitsBody, DigitsForm, KnownOut
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.web import i18n
from timebank.web.pages import go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/phone", operation_id="OwnPhone")
async def own_phone(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Six digits for whoever stands beside one."""
    return page(request, "knowing/mine.html", own=await flow.own_way(ctx, actor))


@get("/know", operation_id="KnowPhonePage")
async def know_page(request: Request) -> Template:
    """Type what somebody's telephone shows."""
    return page(request, "knowing/know.html", errors={}, typed={})


@post("/know", operation_id="KnowPhone")
async def know_phone(request: Request, ctx: Ctx, actor: Who) -> Redirect | Template:
    """This telephone is theirs: I have met them with it."""
    form, errors, typed = await read_form(request, DigitsForm)
    if form is not None:
        try:
            name = await flow.know(ctx, actor, digits=form.digits)
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {"digits": refusal.said(request.state.lang)}
        else:
            return go("/know", _("认好了，这部手机是%(name)s的。", name=name))
    return page(request, "knowing/know.html", status=422, errors=errors, typed=typed)


@post("/api/known", operation_id="ApiKnowPhone", status_code=200)
async def api_know(ctx: Ctx, actor: Who, data: JSONBody[DigitsBody]) -> KnownOut:
    """Acknowledge the telephone that shows these digits."""
    return KnownOut(name=await flow.know(ctx, actor, digits=data.digits))


handlers = [own_phone, know_page, know_phone, api_know]
