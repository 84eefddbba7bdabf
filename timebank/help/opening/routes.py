"""Pages of hours from paper passbooks: the list of batches, one batch, one passbook; approving, dropping, taking back."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.errors import MarketplaceRefusal
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.help.opening import api, entering, flow
from timebank.help.opening.entering import TableRead
from timebank.help.opening.schemas import BackForm, BeginForm, PassbookForm, PressForm, SeenForm
from timebank.help.opening.words import WORDS
from timebank.store.members.people import Card
from timebank.store.office.opening import Line
from timebank.web import i18n
from timebank.web.filters import hours
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request
from timebank.web.uploads import Upload, read_upload

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
HOME = "/desk/opening"


@get("/desk/opening", operation_id="OpeningHome")
async def opening_home(request: Request, ctx: Ctx, actor: Who, before: FromQuery[str] = "") -> Template:
    """What waits for a second person, what was approved, and whether old balances are settled."""
    return page(request, "opening/home.html", WORDS, home=await flow.home(ctx, actor, before=before[:16]))


@post("/desk/opening", operation_id="BeginOpening")
async def begin_opening(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """A new batch, or the word that there are no passbooks."""
    form, errors, _typed = await read_form(request, BeginForm)
    if form is None:
        raise refuse_fields(errors)
    if form.kind == "batch":
        return go(f"{HOME}/{(await flow.begin(ctx, actor, note=form.note)).uid}")
    try:
        await flow.say_none(ctx, actor, note=form.note)
    except AppRefusal as refusal:
        return _refused(request, refusal, HOME)
    return go(HOME, _("写下了。请另一位同事签字。"), kind="wait")


@get("/desk/opening/{uid:str}", operation_id="ShowOpening")
async def show_opening(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], number: FromQuery[int] = 1
) -> Template:
    """One batch: its sum, its passbooks, what is still missing."""
    return await _batch(request, ctx, actor, uid, number=number)


@post("/desk/opening/{uid:str}/lines", operation_id="EnterPassbook")
async def enter_passbook(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """One passbook more; where several people may be meant, they are shown to choose from."""
    form, errors, typed = await read_form(request, PassbookForm)
    if form is None:
        return await _batch(request, ctx, actor, uid, typed=typed, errors=errors, status=422)
    member = form.member
    found: list[Card] = []
    if not member:
        member, found = await entering.candidates(ctx, actor, uid, form.who)
    if not member:
        if found:
            return _passbook(request, uid, None, found, typed)
        errors = {"who": _("没有查到这个人。换个写法再试，没登记过的先登记。")}
        return await _batch(request, ctx, actor, uid, typed=typed, errors=errors, status=422)
    try:
        line = await entering.enter(ctx, actor, uid, member=member, typed=form.typed)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        if form.member or refusal.field == "another":
            _sure, found = await entering.candidates(ctx, actor, uid, form.who)
            typed = {**typed, "member": member}
            return _passbook(
                request, uid, None, found, typed, errors=errors, another=refusal.field == "another"
            )
        return await _batch(request, ctx, actor, uid, typed=typed, errors=errors, status=422)
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    owner = await entering.owner_of(ctx, line)
    name = owner.name or owner.says if owner else ""
    return go(f"{HOME}/{uid}#enter", _("录好了：%(name)s %(hours)s", name=name, hours=hours(line.minutes)))


@post("/desk/opening/{uid:str}/file", operation_id="LoadPassbooks")
async def load_passbooks(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """A table of passbooks, every row judged by itself."""
    _form, (name, content), errors = await read_upload(request, Upload)
    read: TableRead | None = None
    if not errors:
        try:
            read = await entering.load(ctx, actor, uid, filename=name, content=content)
        except (AppRefusal, MarketplaceRefusal) as refusal:
            if isinstance(refusal, NotFound):
                raise
            lang = "en" if request.state.lang == "en" else "zh"
            said = refusal.said(lang) if isinstance(refusal, AppRefusal) else refusal.sentence(lang)
            errors = {"files": said}
    else:
        await flow.found(ctx, actor, uid, "EnterPassbook")
    return await _batch(request, ctx, actor, uid, read=read, errors=errors, status=422 if errors else 200)


@get("/desk/opening/{uid:str}/lines/{line:str}", operation_id="PassbookPage")
async def passbook_page(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], line: FromPath[str]
) -> Template:
    """One passbook of a batch that waits, to correct it or to say whose it is."""
    one = await entering.line_of(ctx, actor, uid, line)
    _sure, found = await entering.candidates(ctx, actor, uid, one.written or "")
    typed = {
        "who": one.written, "member": one.member, "amount": _amount(one), "book": one.book,
        "said_on": one.said_on.isoformat() if one.said_on else "", "note": one.note,
    }  # fmt: skip
    owner = await entering.owner_of(ctx, one)
    return _passbook(request, uid, one, found if not owner else [owner], typed)


@post("/desk/opening/{uid:str}/lines/{line:str}", operation_id="CorrectPassbook")
async def correct_passbook(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], line: FromPath[str]
) -> Template | Redirect:
    """Another person, amount, number, day or remark."""
    form, errors, typed = await read_form(request, PassbookForm)
    one = await entering.line_of(ctx, actor, uid, line)
    found: list[Card] = []
    if form is not None and form.who:
        _sure, found = await entering.candidates(ctx, actor, uid, form.who)
    if not found and (owner := await entering.owner_of(ctx, one)):
        found = [owner]
    if form is None or form.step == "search":
        return _passbook(request, uid, one, found, typed, errors=errors)
    try:
        await entering.correct(ctx, actor, uid, line, member=form.member, typed=form.typed)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return _passbook(request, uid, one, found, typed, errors=errors, another=refusal.field == "another")
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    return go(f"{HOME}/{uid}", _("改好了。"))


@post("/desk/opening/{uid:str}/lines/{line:str}/remove", operation_id="RemovePassbook")
async def remove_passbook(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], line: FromPath[str]
) -> Redirect:
    """Left out of the batch."""
    await _pressed(request)
    try:
        await entering.remove(ctx, actor, uid, line)
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    return go(f"{HOME}/{uid}", _("从这一批里去掉了。"))


@post("/desk/opening/{uid:str}/approve", operation_id="ApproveOpening")
async def approve_opening(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """The second person says that it is so; the hours move."""
    form, errors, _typed = await read_form(request, SeenForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        one = await flow.approve(ctx, actor, uid, seen=form.seen)
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    if one.waits:
        return go(f"{HOME}/{uid}", _("您核对过了。时间多，还要第三位同事也核对一遍。"), kind="wait")
    return go(f"{HOME}/{uid}", _("批准了。"))


@post("/desk/opening/{uid:str}/drop", operation_id="DropOpening")
async def drop_opening(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Given up before anything happened."""
    await _pressed(request)
    try:
        await flow.drop(ctx, actor, uid)
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    return go(HOME, _("没有办，什么都没变。"))


@post("/desk/opening/{uid:str}/back", operation_id="TakeBackOpening")
async def take_back_opening(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Approved by mistake: waits for a second person, then the hours go back."""
    form, errors, _typed = await read_form(request, BackForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        back = await flow.take_back(ctx, actor, uid, lines=form.line, note=form.note)
    except AppRefusal as refusal:
        return _refused(request, refusal, f"{HOME}/{uid}")
    return go(f"{HOME}/{back.uid}", _("请另一位同事确认撤回。"), kind="wait")


# --- shared


async def _batch(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    *,
    number: int = 1,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    read: TableRead | None = None,
    status: int = 200,
) -> Template:
    shown = await flow.show(ctx, actor, uid, page=number)
    return page(
        request, "opening/batch.html", WORDS, status=status, shown=shown, typed=typed or {}, errors=errors or {},
        read=read, columns=entering.COLUMNS,
    )  # fmt: skip


def _passbook(
    request: Request,
    uid: str,
    line: Line | None,
    found: list[Card],
    typed: Typed | dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    another: bool = False,
) -> Template:
    return page(
        request, "opening/passbook.html", WORDS, status=422 if errors else 200, batch=uid, line=line, found=found,
        typed=typed, errors=errors or {}, another=another or typed.get("another") == "yes",
    )  # fmt: skip


def _amount(line: Line) -> str:
    """Minutes as somebody would type them again."""
    whole, rest = divmod(line.minutes, 60)
    return f"{whole}:{rest:02d}"


async def _pressed(request: Request) -> None:
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)


def _refused(request: Request, refusal: AppRefusal, back: str) -> Redirect:
    """The sentence on the page it is about; what is not there for this person stays so."""
    if isinstance(refusal, NotFound):
        raise refusal
    return go(back, refusal.said(request.state.lang), kind="bad")


handlers: list[Any] = [
    opening_home, begin_opening, show_opening, enter_passbook, load_passbooks, passbook_page, correct_passbook,
    remove_passbook, approve_opening, drop_opening, take_back_opening, *api.handlers,
]  # fmt: skip
