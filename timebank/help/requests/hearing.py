"""What a desk form heard, as a request; shared by the telephone sheet and the form that corrects a need."""

from __future__ import annotations

from marketplace.values import Urgency
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.requests.calling import picture
from timebank.help.requests.intake import Asked, categories_for, heard_time
from timebank.help.requests.schemas import EditForm, PhoneForm
from timebank.rules.telling.time_words import once
from timebank.store.places import calendars
from timebank.store.places import categories as kinds
from timebank.web import i18n
from timebank.web.request import Request

_ = i18n.gettext


async def asked(
    ctx: Context, actor: Actor, form: PhoneForm | EditForm, lang: str
) -> tuple[Asked | None, dict[str, str]]:
    """What was heard as a request, or the sentence for each field that needs another look."""
    errors: dict[str, str] = {}
    called = isinstance(form, PhoneForm)
    shown = picture(form.kind) if isinstance(form, PhoneForm) else None
    title = form.what or (shown.title if shown else "")
    if called and not (shown or form.what):
        errors["kind"] = _("要帮什么忙？按图上的数字，或者写一句。")
    elif not title:
        errors["what"] = _("要帮什么忙？请写一句。")
    # Who says "周四" on the telephone means the coming one; in a written line it is every week.
    phrase = once(form.when, on=ctx.today()) if called else form.when
    try:
        when = heard_time(
            phrase,
            filed_on=ctx.today(),
            zone=ctx.zone,
            confirmed=bool(form.confirm_reading),
            calendar=await calendars.calendar_of(ctx.engine, actor.community, ctx.today()),
        )
        categories = categories_for(
            form.category or (shown.category if shown else ""),
            form.what,
            tree=await kinds.tree_of(ctx.engine, actor.community),
        )
    except BadField as refusal:
        return None, {**errors, refusal.field: refusal.said(lang)}
    if errors:
        return None, errors
    note = form.note
    if isinstance(form, PhoneForm) and form.caller:
        note = "\n".join(part for part in (note, _("来电人：%(who)s", who=form.caller)) if part)
    return (
        Asked(
            title=title, categories=categories, when=when, where=form.where, minutes=form.minutes,
            urgency=Urgency(form.urgency), note=note, channel="phone" if called else "desk",
        ),
        {},
    )  # fmt: skip


async def category_options(request: Request, ctx: Context, actor: Actor) -> list[tuple[str, str]]:
    """Every kind of help for a list to choose from; the first leaves it to the words."""
    tree, lang = await kinds.tree_of(ctx.engine, actor.community), _lang(request)
    return [("", _("按说的话来定")), *((code, tree.label(code, lang)) for code in tree.leaves)]


async def labels(request: Request, ctx: Context, actor: Actor, codes: tuple[str, ...]) -> list[str]:
    """What kinds of help are called."""
    tree, lang = await kinds.tree_of(ctx.engine, actor.community), _lang(request)
    return [tree.label(code, lang) for code in codes if code in tree.categories]


def _lang(request: Request) -> str:
    return "en" if request.state.lang == "en" else "zh"
