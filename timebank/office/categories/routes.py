"""The desk's page of kinds of help."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField
from timebank.office.categories import flow
from timebank.office.categories.schemas import ForgetForm, KindForm, WordingForm
from timebank.web import i18n
from timebank.web.pages import go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
PAGE = "/desk/categories"


@get(PAGE, operation_id="ShowCategories")
async def show_categories(request: Request, ctx: Ctx, actor: Who, say: FromQuery[str] = "") -> Template:
    """The kinds, what the community said itself, and how one sentence is read."""
    return await _page(request, ctx, actor, say=say[:60])


@post(f"{PAGE}/words", operation_id="TeachWording")
async def teach_wording(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """These words mean this kind from now on."""
    form, errors, typed = await read_form(request, WordingForm)
    if form is not None:
        try:
            await flow.teach(ctx, actor, text=form.text, code=form.category)
        except BadField as refusal:
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            return go(PAGE, _("记下了，以后就这样听。"))
    return await _page(
        request, ctx, actor, say=str(typed.get("text", ""))[:60], errors=errors, typed=typed, status=422
    )


@post(f"{PAGE}/forget", operation_id="ForgetWording")
async def forget_wording(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """These words are read as before they were taught."""
    form, _errors, _typed = await read_form(request, ForgetForm)
    if form is not None:
        await flow.forget(ctx, actor, text=form.text)
    return go(PAGE, _("去掉了。"))


@post(f"{PAGE}/kinds", operation_id="AddKind")
async def add_kind(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """A kind of the community's own."""
    form, errors, typed = await read_form(request, KindForm)
    if form is not None:
        try:
            await flow.add_kind(ctx, actor, parent=form.parent, zh=form.zh, en=form.en, words=form.words)
        except BadField as refusal:
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            return go(PAGE, _("加上了。"))
    return await _page(request, ctx, actor, errors=errors, typed=typed, status=422)


async def _page(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    say: str = "",
    errors: dict[str, str] | None = None,
    typed: dict[str, object] | None = None,
    status: int = 200,
) -> Template:
    lang = "en" if request.state.lang == "en" else "zh"
    shown = await flow.show(ctx, actor, text=say)
    options = [(code, shown.tree.label(code, lang)) for code in shown.tree.leaves]
    return page(
        request, "categories/kinds.html", status=status, shown=shown, options=options,
        above=flow.shipped_options(lang), errors=errors or {}, typed=typed or {}, labels_in=lang,
    )  # fmt: skip


handlers = [show_categories, teach_wording, forget_wording, add_kind]
