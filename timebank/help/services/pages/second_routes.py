"""The page of what waits for a second person, and the press of whoever leads the helper's team or looks after the place."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.help.services.pages.pressing import pressed
from timebank.help.services.pages.schemas import ConfirmedOut, StepForm
from timebank.help.services.words import second
from timebank.web import i18n
from timebank.web.pages import go, inside, page
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/second", operation_id="SecondHand")
async def second_hand(request: Request, ctx: Ctx, actor: Who) -> Template:
    """What waits for one's own word as the second person."""
    found = await second.wanted_of(ctx, actor)
    keys = {one.part.uid: ctx.ids.token() for one in found}
    return page(request, "services/second.html", found=found, keys=keys)


@post("/attendances/{uid:str}/vouch", operation_id="VouchForHours")
async def vouch(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """I have asked, and it was so."""

    async def act(form: StepForm) -> Redirect | Template:
        done = await second.vouch(ctx, actor, uid)
        said = (
            _("谢谢，您这一句记下了。还要另一位说一句，时间才入账。")
            if done.part.waits
            else _("问过了，记下了。")
        )
        return go(inside(form.next, "/second"), said)

    return await pressed(request, StepForm, "/second", act)


@post("/api/attendances/{uid:str}/vouch", operation_id="ApiVouchForHours", status_code=200)
async def api_vouch(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ConfirmedOut:
    """The helper's leader, the officer of the place or the contact of the unit has asked and says that it was so."""
    return ConfirmedOut.told(await second.vouch(ctx, actor, uid))


handlers = [second_hand, vouch, api_vouch]
