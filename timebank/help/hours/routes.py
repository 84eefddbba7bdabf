"""Pages of hours: the passbook, giving, the books for auditors and the desk, corrections; and the same for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.response import Redirect, Template

from ledger import LedgerRefusal
from timebank.access import Actor, Facts, Role, sees
from timebank.community.flagged import count_open
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.help.hours import by_two, by_two_routes, flow, followed, giving, views
from timebank.help.hours.schemas import (
    DonateBody,
    DonateForm,
    GiveBody,
    GiveForm,
    PassbookOut,
    PressForm,
    ReverseBody,
    ReverseForm,
    VerifiedOut,
)
from timebank.help.hours.wording import (
    ENTRY_KINDS,
    ENTRY_REASONS,
    GROUPS,
    HANDS,
    ONLY,
    OWNERS,
    REVERSE_REASONS,
    SAID,
    account_kind,
)
from timebank.help.promises.words import EVIDENCE
from timebank.policy import GiftTo, UnitPolicy
from timebank.policy.words import CHOICES
from timebank.rules.hours.words import amount
from timebank.web import filters, i18n
from timebank.web.downloads import Files
from timebank.web.once import once
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
SECOND_WANTED = i18n.lazy("记下了，等另一位同意就入账。")
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Key = Annotated[str, HeaderParameter(name="Idempotency-Key", required=False, max_length=255)]
WORDS = {
    "kinds": ENTRY_KINDS,
    "entry_reasons": ENTRY_REASONS,
    "groups": GROUPS,
    "owners": OWNERS,
    "account_kind": account_kind,
    "reverse_reasons": REVERSE_REASONS,
}


# --- the passbook


@get("/hours", operation_id="Passbook")
async def passbook(
    request: Request,
    ctx: Ctx,
    actor: Who,
    before: FromQuery[int | None] = None,
    paper: FromQuery[str] = "",
) -> Template:
    """My passbook, or that of the elder I act for; `?paper=1` is the A4 sheet."""
    if not paper:
        return await _own_passbook(request, ctx, actor, before=before)
    found = await flow.statement(ctx, actor, before_seq=before)
    return page(request, "hours/paper.html", book=found, back="/hours")


@get("/desk/members/{uid:str}/hours", operation_id="MemberHours")
async def member_hours(
    request: Request,
    ctx: Ctx,
    actor: Who,
    uid: FromPath[str],
    before: FromQuery[int | None] = None,
    paper: FromQuery[str] = "",
) -> Template:
    """A member's passbook at the desk; the reading is noted."""
    found = await flow.statement(ctx, actor, uid, operation="MemberHours", before_seq=before)
    template = "hours/paper.html" if paper else "hours/passbook.html"
    return page(
        request, template, book=found, own=False, first=giving.first_minutes(ctx, actor.community), errors={}, typed={}, back=f"/desk/members/{uid}/hours",
        units=_in_units(ctx, actor.community, found.minutes_left, request.state.lang),
    )  # fmt: skip


@post("/hours/donate", operation_id="DonateHours")
async def donate(request: Request, ctx: Ctx, actor: Who) -> Redirect | Template:
    """Give hours to the community fund."""
    form, errors, typed = await read_form(request, DonateForm)
    if form is not None:
        minutes = form.hours * 60 + form.minutes
        try:
            await giving.donate(ctx, actor, minutes=minutes)
        except AppRefusal as refusal:
            if not refusal.field:
                raise
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            said = _("谢谢您，%(hours)s 进了社区基金，会用在要帮忙的人身上。", hours=filters.hours(minutes))
            return go("/hours", said)
    return await _own_passbook(request, ctx, actor, errors=errors, typed=typed, status=422)


@post("/hours/give", operation_id="GiveHours")
async def give(request: Request, ctx: Ctx, actor: Who) -> Redirect | Template:
    """Give hours to another member, as far as the rules here allow."""
    form, errors, typed = await read_form(request, GiveForm)
    to_body = form is not None and form.to == GiftTo.NONPROFIT
    if form is not None and not to_body and form.to not in giving.choices(ctx, actor.community):
        form, errors = None, {"to": _("请选对方是您的什么人。")}
    if form is not None:
        to, number, minutes = GiftTo(form.to), form.number, form.hours * 60 + form.minutes
        try:
            await _given(ctx, actor, to=to, number=number, minutes=minutes)
        except AppRefusal as refusal:
            if not refusal.field:
                raise
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            said = _("%(hours)s 已转给对方。", hours=filters.hours(minutes))
            return go("/hours", said)
    return await _own_passbook(request, ctx, actor, errors=errors, typed=typed, status=422)


async def _given(ctx: Context, actor: Actor, *, to: GiftTo, number: str, minutes: int) -> giving.Given:
    """To a member by their number, or to a non-profit body by its code or name."""
    if to is GiftTo.NONPROFIT:
        return await giving.give_body(ctx, actor, body=number, minutes=minutes)
    return await giving.give(ctx, actor, to=to, number=number, minutes=minutes)


@post("/desk/members/{uid:str}/first-hours", operation_id="GiveFirstHours")
async def give_first_hours(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """First hours for somebody whom the rules mean."""
    sent, errors, _typed = await read_form(request, PressForm)
    if sent is None:
        raise refuse_fields(errors)
    await by_two.enter_first_hours(ctx, actor, uid)
    return go(f"/desk/members/{uid}/hours", str(SECOND_WANTED), kind="wait")


@get("/teams/{code:str}/hours", operation_id="TeamHours")
async def team_hours(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """What a team, or a body that was given hours, has to give on."""
    found = await giving.team_hours(ctx, actor, code)
    return page(request, "hours/team.html", found=found, errors={}, typed={})


@post("/teams/{code:str}/hours/give", operation_id="GiveTeamHours")
async def give_team_hours(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect | Template:
    """Give a team's hours to the community fund."""
    form, errors, typed = await read_form(request, DonateForm)
    if form is not None:
        minutes = form.hours * 60 + form.minutes
        try:
            await giving.give_on(ctx, actor, code, minutes=minutes)
        except AppRefusal as refusal:
            if not refusal.field:
                raise
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            said = _("谢谢，%(hours)s 进了社区基金。", hours=filters.hours(minutes))
            return go(f"/teams/{code}/hours", said)
    found = await giving.team_hours(ctx, actor, code)
    return page(request, "hours/team.html", status=422, found=found, errors=errors, typed=typed)


# --- the books


@get("/books", operation_id="BooksHome")
async def books_home(request: Request, ctx: Ctx, actor: Who, look: FromQuery[str] = "") -> Template:
    """Is the book whole, what is owed, which months are closed, and how anybody can check it."""
    home = await views.books_home(ctx, actor, look=bool(look))
    waiting, flags = await by_two.waiting(ctx, actor), await count_open(ctx, actor)
    return page(request, "hours/books.html", WORDS, home=home, by_two=len(waiting), flags=flags)


@get("/books/transfers", operation_id="Transfers")
async def transfers(
    request: Request, ctx: Ctx, actor: Who, before: FromQuery[int] = 0, only: FromQuery[str] = ""
) -> Template:
    """The journal, newest first: all of it, corrections alone, or what was written down late."""
    chosen = views.Only(only) if only in set(views.Only) else views.Only.ALL
    lines, newer, older = await views.transfers(ctx, actor, before=before, only=chosen)
    return page(
        request,
        "hours/transfers.html",
        WORDS,
        lines=lines,
        newer=newer,
        older=older,
        only=chosen,
        choices=ONLY,
    )


@get("/books/services/{uid:str}", operation_id="FollowHours")
async def follow_hours(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """The service that an hour is for, as an auditor reads it."""
    found = await followed.followed(ctx, actor, uid, request.state.lang)
    return page(
        request, "hours/service.html", WORDS, found=found, said_words=SAID, hands=HANDS, evidence=EVIDENCE
    )


@get("/books/transfers/{uid:str}", operation_id="ShowTransfer")
async def show_transfer(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One entry, and for a worker the way to take it back."""
    line = await views.one_transfer(ctx, actor, uid)
    return _transfer_page(request, ctx, actor, line)


@post("/books/transfers/{uid:str}/reverse", operation_id="ReverseHours")
async def reverse(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect | Template:
    """Take an entry back by a new one; the old one stays as it is."""
    form, errors, typed = await read_form(request, ReverseForm)
    if form is not None:
        try:
            done = await flow.reverse(ctx, actor, uid, reason=form.reason, note=form.note)
        except (AppRefusal, LedgerRefusal) as refusal:
            if isinstance(refusal, NotFound):
                raise
            said = refusal.en if request.state.lang == "en" else refusal.zh
            errors = {getattr(refusal, "field", "") or "reason": said}
        else:
            if done.waits:
                return go(f"/books/transfers/{uid}", str(SECOND_WANTED), kind="wait")
            return go(f"/books/transfers/{uid}", _("更正记好了：原来那笔不动，另记了一笔冲回。"))
    line = await views.one_transfer(ctx, actor, uid)
    return _transfer_page(request, ctx, actor, line, errors=errors, typed=typed, status=422)


@get("/books/{month:str}", operation_id="DownloadBook", answers=Files(kinds=("text/plain",)))
async def download_book(ctx: Ctx, actor: Who, month: FromPath[str]) -> Response[str]:
    """One month as a beancount file that anybody can check with bean-check."""
    sees(actor, "DownloadBook", Facts(community=actor.community))
    text = await flow.month_text(ctx, actor.community, month.removesuffix(".beancount"))
    name = f"{actor.community}-{month.removesuffix('.beancount')}.beancount"
    return Response(
        content=text,
        media_type="text/plain",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@post("/books/{month:str}/close", operation_id="CloseMonth")
async def close_month(request: Request, ctx: Ctx, actor: Who, month: FromPath[str]) -> Redirect:
    """Close a month for good."""
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        closed = await flow.seal_month(ctx, actor, actor.community, month)
    except LedgerRefusal as refusal:
        return go("/books", refusal.en if request.state.lang == "en" else refusal.zh, kind="wait")
    said = _("%(month)s 结账了，封存号 %(seal)s。", month=month, seal=closed.hash[:16])
    return go("/books", said)


def _in_units(ctx: Context, community: str, minutes: int, lang: str) -> str:
    """The balance in the community's own unit; "" where that is the hour anyway."""
    unit = ctx.policy_of(community).unit
    return "" if unit == UnitPolicy() else amount(minutes, unit)[lang == "en"]


async def _own_passbook(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    before: int | None = None,
    errors: dict[str, str] | None = None,
    typed: Mapping[str, object] | None = None,
    status: int = 200,
) -> Template:
    """The passbook with what its owner may do with it."""
    found = await flow.statement(ctx, actor, before_seq=before)
    to_whom = [(to.value, *CHOICES[GiftTo][to.value]) for to in giving.choices(ctx, actor.community)]
    return page(
        request, "hours/passbook.html", status=status, book=found, own=not actor.acting_for, errors=errors or {},
        typed=typed or {}, back="/hours", to_whom=to_whom,
        bodies=await giving.bodies(ctx, actor.community),
        units=_in_units(ctx, actor.community, found.minutes_left, request.state.lang),
        to_fund=GiftTo.FUND in ctx.policy_of(actor.community).giving.to,
        not_yet=() if actor.acting_for or before else await flow.not_yet(ctx, actor, request.state.lang),
    )  # fmt: skip


def _transfer_page(
    request: Request, ctx: Context, actor: Actor, line: views.EntryLine, *, status: int = 200, **shown: object
) -> Template:
    context = {**WORDS, "errors": {}, "typed": {}, **shown}
    may_reverse = actor.has(Role.WORKER)
    return page(
        request, "hours/transfer.html", context, status=status, line=line, may_reverse=may_reverse,
    )  # fmt: skip


# --- for programs


@get("/api/hours", operation_id="ApiHours")
async def api_hours(ctx: Ctx, actor: Who, before: FromQuery[int | None] = None) -> PassbookOut:
    """My passbook, or that of the elder I act for, newest page first."""
    return PassbookOut.told(await flow.statement(ctx, actor, before_seq=before))


@post("/api/hours/donate", operation_id="ApiDonateHours", status_code=200)
async def api_donate(ctx: Ctx, actor: Who, data: JSONBody[DonateBody], key: Key = "") -> giving.Given:
    """Give minutes to the community fund."""

    async def run() -> giving.Given:
        return await giving.donate(ctx, actor, minutes=data.minutes)

    body = data.model_dump()
    return await once(ctx, actor, key, operation="ApiDonateHours", body=body, kind=giving.Given, run=run)


@post("/api/hours/give", operation_id="ApiGiveHours", status_code=200)
async def api_give(ctx: Ctx, actor: Who, data: JSONBody[GiveBody], key: Key = "") -> giving.Given:
    """Give minutes to another member."""

    async def run() -> giving.Given:
        return await _given(ctx, actor, to=data.to, number=data.number, minutes=data.minutes)

    return await once(ctx, actor, key, operation="ApiGiveHours", body=data.model_dump(mode="json"),
        kind=giving.Given, run=run,
    )  # fmt: skip


@post("/api/transfers/{uid:str}/reverse", operation_id="ApiReverseHours", status_code=200)
async def api_reverse(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ReverseBody], key: Key = ""
) -> flow.Reversed:
    """Take an entry back by a new one."""

    async def run() -> flow.Reversed:
        return await flow.reverse(ctx, actor, uid, reason=data.reason, note=data.note)

    body = {"transfer": uid, **data.model_dump()}
    return await once(ctx, actor, key, operation="ApiReverseHours", body=body, kind=flow.Reversed, run=run)


@get("/api/books/snapshot", operation_id="ApiSnapshot")
async def api_snapshot(ctx: Ctx, actor: Who) -> dict[str, object]:
    """The whole book of my community as one document: opaque ids, minutes, dates."""
    sees(actor, "Snapshot", Facts(community=actor.community))
    return dict(await flow.snapshot(ctx, actor.community))


@get("/api/books/verify", operation_id="ApiVerify")
async def api_verify(ctx: Ctx, actor: Who) -> VerifiedOut:
    """What is wrong with the book of my community; an empty list is good news."""
    sees(actor, "VerifyBooks", Facts(community=actor.community))
    problems = await flow.verify(ctx, actor.community)
    return VerifiedOut(book=actor.community, whole=not problems, problems=tuple(problems))


handlers = [
    passbook, member_hours, donate, give, give_first_hours, team_hours, give_team_hours, books_home, transfers, show_transfer, follow_hours, reverse, download_book, close_month,
    api_hours, api_donate, api_give, api_reverse, api_snapshot, api_verify, *by_two_routes.handlers,
]  # fmt: skip
