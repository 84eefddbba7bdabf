"""Presses about turns: the desk plans them and says how they went, units swap them."""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from marketplace.rota import Step
from timebank.access import Actor
from timebank.context import Context
from timebank.help.lists import turns
from timebank.help.lists.schemas import NoForm, TurnForm
from timebank.web import i18n
from timebank.web.pages import go, inside, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
SAID = {
    Step.ASK_SWAP: i18n.lazy("问过了，等对方答复。"),
    Step.AGREE_SWAP: i18n.lazy("换好了，两边的月份对调了。"),
    Step.DECLINE_SWAP: i18n.lazy("谢绝了，月份不变。"),
    Step.TAKE_BACK: i18n.lazy("撤回了，月份不变。"),
    Step.HOLD: i18n.lazy("记下了：按时牵头。"),
    Step.MISS: i18n.lazy("记下了：这个月没人牵头，下次先轮到他们。"),
    Step.COVER: i18n.lazy("记下了：由别的单位代班，下次先轮到原来的单位。"),
}


@post("/rota/{key:str}", operation_id="PlanRota")
async def plan_rota(request: Request, ctx: Ctx, actor: Who, key: FromPath[str]) -> Redirect:
    """Plan whose month it is, half a year ahead."""
    form, errors, _typed = await read_form(request, NoForm)
    if form is None:
        raise refuse_fields(errors)
    added = await turns.plan(ctx, actor, key)
    said = _("排好了，往后半年都有单位牵头。") if added else _("往后半年已经排满了。")
    return go(f"/lists/activities/{key}", said)


@post("/rota/{key:str}/{period:str}", operation_id="TurnStep")
async def turn_step(
    request: Request, ctx: Ctx, actor: Who, key: FromPath[str], period: FromPath[str]
) -> Redirect:
    """Swap a turn, or say how it went."""
    form, errors, _typed = await read_form(request, TurnForm)
    if form is None:
        raise refuse_fields(errors)
    step = Step(form.step)
    await turns.take(ctx, actor, key, period, step, other=form.other, reason=form.reason)
    return go(inside(form.next, f"/lists/activities/{key}"), str(SAID[step]))


handlers: list[HTTPRouteHandler] = [plan_rota, turn_step]
