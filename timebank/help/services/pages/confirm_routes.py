"""Pages and presses of whoever says that it was so, or that it was not, or who goes."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound, NotYet
from timebank.help.services import flow, rolls
from timebank.help.services.pages import views
from timebank.help.services.pages.pressing import WORDS, pressed
from timebank.help.services.pages.schemas import (
    AttendanceOut,
    ConfirmedOut,
    ConfirmedServiceOut,
    ManyForm,
    NoteForm,
    PersonForm,
    ResolveForm,
    StepForm,
)
from timebank.help.services.words import confirming
from timebank.news.saying import with_news
from timebank.store.members import people
from timebank.web import filters, i18n
from timebank.web.once import once
from timebank.web.pages import go, inside, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
SECOND_WANTED = i18n.lazy("谢谢，您这一句记下了。还要另一位说一句，时间才入账。")
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@post("/services/{uid:str}/helper", operation_id="NameHelper")
async def name_helper(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect | Template:
    """Who goes."""
    form, errors, typed = await read_form(request, PersonForm)
    before = ctx.now()
    if form is not None:
        try:
            await flow.name_helper(
                ctx, actor, uid, member=form.member or "", name=form.name, phone=form.phone
            )
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {refusal.field or "name": refusal.said(request.state.lang)}
        else:
            said = await with_news(ctx, actor, _("定好了。"), uid, since=before)
            return go(inside(form.next, f"/services/{uid}"), said)
    card = await views.service_card(ctx, actor, uid, request.state.lang)
    return page(
        request,
        "services/card.html",
        WORDS,
        status=422,
        card=card,
        errors=errors,
        typed=typed,
        key=ctx.ids.token(),
    )


@get("/confirm", operation_id="ConfirmManyPage")
async def confirm_many_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Everything that waits for one's word, for oneself and for those one may confirm for."""
    found = await confirming.waiting_for_word(ctx, actor)
    named = [uid for part, service in found for uid in (part.member, service.recipient)]
    return page(
        request, "services/confirm_many.html", WORDS, found=found, cards=await people.cards(ctx.engine, named)
    )


@post("/confirm", operation_id="ConfirmMany")
async def confirm_many(request: Request, ctx: Ctx, actor: Who) -> Redirect | Template | Response[None]:
    """These were so; what was not ticked goes on waiting."""

    async def act(form: ManyForm) -> Redirect | Template:
        done = await flow.confirm_many(ctx, actor, form.parts)
        said = i18n.ngettext("%(num)s 次记好了。", "%(num)s 次记好了。", len(done.done))
        if any(one.part.waits for one in done.done):
            said = str(SECOND_WANTED)
        if done.refused:
            why = done.refused[0][1]
            said += " " + (why.en if request.state.lang == "en" else why.zh)
        return go("/confirm", said, kind="bad" if done.refused else "done")

    return await pressed(request, ManyForm, "/confirm", act)


@post("/attendances/{uid:str}/confirm", operation_id="ConfirmHours")
async def confirm_hours(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was so: the hours go into the book."""

    async def act(form: StepForm) -> Redirect | Template:
        async def run() -> ConfirmedOut:
            return ConfirmedOut.told(await flow.record_confirmation(ctx, actor, uid))

        done = await once(
            ctx, actor, form.idempotency_key, operation="ConfirmHours", body={"attendance": uid},
            kind=ConfirmedOut, run=run,
        )  # fmt: skip
        if done.attendance.waits:
            return go(inside(form.next, "/"), str(SECOND_WANTED), kind="wait")
        minutes = done.credit.minutes_credited
        said = (
            _("谢谢。%(hours)s 记进了帮忙人的存折。", hours=filters.hours(minutes))
            if minutes
            else _("谢谢，记下了。这次不够记时的分钟。")
        )
        return go(inside(form.next, "/"), said)

    return await pressed(request, StepForm, "/", act)


@post("/attendances/{uid:str}/approve", operation_id="ApproveHours")
async def approve_hours(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """The auditor has looked: late and lengthened hours go into the book."""

    async def act(form: StepForm) -> Redirect | Template:
        done = await flow.approve_hours(ctx, actor, uid)
        return go(
            inside(form.next, "/second"), str(SECOND_WANTED) if done.part.waits else _("看过了，记下了。")
        )

    return await pressed(request, StepForm, "/second", act)


@post("/services/{uid:str}/confirm", operation_id="ConfirmService")
async def confirm_service(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was so for everybody: one tap posts all hours of a service but the asker's own."""

    async def act(form: StepForm) -> Redirect | Template:
        async def run() -> ConfirmedServiceOut:
            return ConfirmedServiceOut.told(await flow.confirm_service(ctx, actor, uid))

        done = await once(
            ctx, actor, form.idempotency_key, operation="ConfirmService", body={"service": uid},
            kind=ConfirmedServiceOut, run=run,
        )  # fmt: skip
        said, kind = _confirmed_said(done, request.state.lang)
        return go(inside(form.next, f"/services/{uid}"), said, kind=kind)

    return await pressed(request, StepForm, f"/services/{uid}", act)


@get("/desk/confirm", operation_id="ConfirmList")
async def confirm_list(request: Request, ctx: Ctx, actor: Who, at: FromQuery[int] = 0) -> Template:
    """What waits for a word, with how we know it."""
    at = max(0, min(at, 1000))
    waiting, total = await rolls.confirm_list(ctx, actor, at=at)
    keys = {one.service.uid: ctx.ids.token() for one in waiting}
    return page(
        request,
        "services/confirm.html",
        WORDS,
        waiting=waiting,
        keys=keys,
        at=at,
        rest=max(0, total - (at + 1) * rolls.WAITING_SHOWN),
    )


@post("/attendances/{uid:str}/dispute", operation_id="DisputeHours")
async def dispute_hours(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was not so."""

    async def act(form: NoteForm) -> Redirect | Template:
        await flow.dispute(ctx, actor, uid, note=form.note)
        return go(inside(form.next, "/"), _("知道了，社区会问清楚，弄清前不记时。"))

    return await pressed(request, NoteForm, "/", act)


@post("/attendances/{uid:str}/resolve", operation_id="ResolveDispute")
async def resolve_dispute(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """What the desk found out."""

    async def act(form: ResolveForm) -> Redirect | Template:
        if form.found == "served" and form.minutes is None:
            raise NotYet(
                "请写实际服务了多少分钟。", "Write how many minutes it really took.", field="minutes"
            )
        minutes = form.minutes if form.found == "served" else None

        async def run() -> AttendanceOut:
            return AttendanceOut.of(
                await flow.resolve_dispute(ctx, actor, uid, minutes_served=minutes, note=form.note)
            )

        asked = {"attendance": uid, "minutes": minutes, "note": form.note}
        await once(
            ctx,
            actor,
            form.idempotency_key,
            operation="ResolveDispute",
            body=asked,
            kind=AttendanceOut,
            run=run,
        )
        return go(inside(form.next, "/desk/confirm"), _("核实结果记下了。"))

    return await pressed(request, ResolveForm, "/desk/confirm", act)


def _confirmed_said(done: ConfirmedServiceOut, lang: str) -> tuple[str, str]:
    posted, second, own, refused = done.posted, done.second, done.own, done.refused
    minutes = sum(one.credit.minutes_credited for one in posted)
    said = [
        _("%(people)s 人的时间都记上了，一共 %(hours)s。", people=len(posted), hours=filters.hours(minutes))
        if posted
        else _("没有等您确认的了。")
    ]
    if second:
        heard = i18n.ngettext(
            "%(num)s 人的，您这一句记下了，还要另一位说一句。",
            "%(num)s 人的，您这一句记下了，还要另一位说一句。",
            len(second),
        )
        said = [*(said if posted else []), heard]
    if own:
        said.append(_("您自己的那份要请别人确认。"))
    for one in refused:
        said.append(_("有一份没记上：%(why)s", why=one.en if lang == "en" else one.zh))
    return " ".join(said), "wait" if refused or second or not posted else "done"


handlers = [
    name_helper,
    confirm_many_page,
    confirm_many,
    confirm_hours,
    approve_hours,
    confirm_service,
    confirm_list,
    dispute_hours,
    resolve_dispute,
]
