"""The office's own pages: where everything of the desk is found, what the office says of itself, the guide of its first days."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, sees
from timebank.community import guide
from timebank.community.founding import office
from timebank.community.founding.rooms import ROOMS
from timebank.community.founding.schemas import (
    CommunityForm,
    CommunityIn,
    CommunityOut,
    GuideOut,
    SkipForm,
    SkipIn,
    StepOut,
)
from timebank.community.founding.words import MISSING
from timebank.context import Context
from timebank.errors import BadField, BadFields
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/office", operation_id="OfficeHome")
async def office_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Every room of the desk, by what a clerk is looking for."""
    sees(actor, "OfficeHome", Facts(community=actor.community))
    return page(request, "founding/office.html", rooms=ROOMS, left=await guide.left(ctx, actor.community))


# ---- what the office says of itself


@get("/desk/community", operation_id="OwnCommunity")
async def community_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Address, telephone, opening hours, the words on the public board, the English name."""
    found = await office.own_community(ctx, actor)
    typed = {
        "name_en": found.name_en, "phone": found.phone, "address": found.address, "opens": found.opens,
        "page_text": found.page_text,
    }  # fmt: skip
    return page(request, "founding/community.html", community=found, typed=typed, errors={})


@post("/desk/community", operation_id="SaveCommunity")
async def save_community(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Keep it; everybody sees it at once."""
    form, errors, typed = await read_form(request, CommunityForm)
    if form is not None:
        try:
            await office.save_community(ctx, actor, form.said)
        except BadFields as refusal:
            errors = {bad.field: bad.said(request.state.lang) for bad in refusal.fields}
        else:
            return go("/desk/community", _("保存了，大家马上看得到。"))
    found = await office.own_community(ctx, actor)
    return page(request, "founding/community.html", status=422, community=found, typed=typed, errors=errors)


@get("/api/community", operation_id="ApiOwnCommunity")
async def api_community(ctx: Ctx, actor: Who) -> CommunityOut:
    """The office as it shows itself."""
    return CommunityOut.of(await office.own_community(ctx, actor))


@post("/api/community", operation_id="ApiSaveCommunity", status_code=200)
async def api_save_community(ctx: Ctx, actor: Who, data: JSONBody[CommunityIn]) -> CommunityOut:
    """Correct all of it."""
    return CommunityOut.of(await office.save_community(ctx, actor, data.said))


# ---- the guide


@get("/desk/founding", operation_id="FoundingGuide")
async def guide_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Twelve steps with what is still missing."""
    return await _guide(request, ctx, actor)


@post("/desk/founding/{code:str}/skip", operation_id="SkipStep")
async def skip_step(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """Leave a step out, and say why."""
    form, errors, typed = await read_form(request, SkipForm)
    if form is not None:
        try:
            await office.skip(ctx, actor, code, why=form.why)
        except BadField as refusal:
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            return go(f"/desk/founding#{code}", _("记下了，随时可以改回来。"))
    return await _guide(request, ctx, actor, at=code, typed=typed, errors=errors)


@post("/desk/founding/{code:str}/take-back", operation_id="TakeBackSkip")
async def take_back(ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """To be done after all."""
    await office.take_back(ctx, actor, code)
    return go(f"/desk/founding#{code}", _("改回来了，这一步还要做。"))


@get("/api/founding", operation_id="ApiFoundingGuide")
async def api_guide(ctx: Ctx, actor: Who) -> GuideOut:
    """The guide for programs."""
    return await _out(ctx, actor)


@post("/api/founding/{code:str}/skip", operation_id="ApiSkipStep", status_code=200)
async def api_skip(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[SkipIn]) -> GuideOut:
    """Leave a step out, and say why."""
    await office.skip(ctx, actor, code, why=data.why)
    return await _out(ctx, actor)


@post("/api/founding/{code:str}/take-back", operation_id="ApiTakeBackSkip", status_code=200)
async def api_take_back(ctx: Ctx, actor: Who, code: FromPath[str]) -> GuideOut:
    """To be done after all."""
    await office.take_back(ctx, actor, code)
    return await _out(ctx, actor)


async def _out(ctx: Context, actor: Actor) -> GuideOut:
    shown = await office.show_guide(ctx, actor)
    return GuideOut(left=shown.left, steps=[StepOut.of(one) for one in shown.steps])


async def _guide(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    at: str = "",
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    shown = await office.show_guide(ctx, actor)
    return page(
        request, "founding/guide.html", status=422 if errors else 200, shown=shown, missing=MISSING, at=at,
        typed=typed or {}, errors=errors or {},
    )  # fmt: skip


handlers = [
    office_home, community_page, save_community, api_community, api_save_community, guide_page, skip_step, take_back, api_guide, api_skip, api_take_back,
]  # fmt: skip
