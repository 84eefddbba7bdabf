"""Pages of what people carry: slips to print, files to upload, news that nobody could be told; and the gateway's receipts."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.news.telling import handing
from timebank.news.telling.schemas import (
    MissedOut,
    ReceiptBody,
    ReceiptOut,
    SeenForm,
    SlipForm,
    UploadedForm,
)
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]

SLIPS_SAID = {
    "printed": i18n.lazy("记下了：印好了，等带去。"),
    "given": i18n.lazy("记下了：交到手里了。"),
    "not_given": i18n.lazy("记下了：没交到，要上门。"),
}


@get("/desk/calls/missed", operation_id="MissedNews")
async def missed(request: Request, ctx: Ctx, actor: Who) -> Template:
    """What nobody could be told in time, and who has looked at it."""
    return page(request, "news/missed.html", missed=await handing.missed(ctx, actor, request.state.lang))


@post("/desk/calls/missed", operation_id="LookAtMissed")
async def look_at(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """Seen: they leave the count, with who has seen them."""
    form, errors, _typed = await read_form(request, SeenForm)
    if form is None:
        raise refuse_fields(errors)
    done = await handing.look_at(ctx, actor, form.uids.split(","))
    return go("/desk/calls/missed", i18n.ngettext("看过了：%(num)s 条。", "看过了：%(num)s 条。", done))


@get("/api/calls/missed", operation_id="ApiMissedNews")
async def api_missed(request: Request, ctx: Ctx, actor: Who) -> list[MissedOut]:
    """The same for programs: what nobody has looked at."""
    found = await handing.missed(ctx, actor, request.state.lang)
    return [MissedOut.told(line) for line in found.fresh]


@get("/desk/slips", operation_id="Slips")
async def slips(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Slips of paper for people without a telephone, and messages to upload."""
    return page(request, "news/slips.html", carry=await handing.to_carry(ctx, actor, request.state.lang))


@get("/desk/slips/paper", operation_id="SlipsPaper")
async def paper(request: Request, ctx: Ctx, actor: Who) -> Template:
    """The slips that are not printed yet, to cut apart."""
    return page(
        request,
        "news/slips_paper.html",
        carry=await handing.to_carry(ctx, actor, request.state.lang),
    )


@post("/desk/slips", operation_id="SlipsSaid")
async def slips_said(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """Printed, handed over, or not."""
    form, errors, _typed = await read_form(request, SlipForm)
    if form is None:
        raise refuse_fields(errors)
    await handing.slips_said(ctx, actor, form.uids.split(","), form.said)
    return go("/desk/slips", str(SLIPS_SAID[form.said]))


@post("/desk/slips/uploaded", operation_id="TextsUploaded")
async def texts_uploaded(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """The batch files went up: their messages are handed over now."""
    form, errors, _typed = await read_form(request, UploadedForm)
    if form is None:
        raise refuse_fields(errors)
    done = await handing.uploaded(ctx, actor, form.last)
    return go(
        "/desk/slips", i18n.ngettext("记下了：%(num)s 条短信已上传。", "记下了：%(num)s 条短信已上传。", done)
    )


# A gateway has no page of ours and so no token of its forms; it shows the one agreed with it.
@post("/api/texts/receipts", operation_id="ApiTextReceipt", status_code=200, exclude_from_csrf=True)
async def text_receipt(request: Request, ctx: Ctx, data: JSONBody[ReceiptBody]) -> ReceiptOut:
    """The telephone has it, or never will: told by the text-message gateway with the token agreed with it."""
    known = await handing.receipt(ctx, request.headers.get("authorization", ""), data.id, data.status)
    return ReceiptOut(known=known)


handlers = [missed, look_at, api_missed, slips, paper, slips_said, texts_uploaded, text_receipt]
