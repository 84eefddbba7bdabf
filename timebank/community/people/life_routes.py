"""Pages of a record's life: moved, left and back, a death, two records joined, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, sees
from timebank.community.people import by_two, correcting, lives
from timebank.community.people.schemas import (
    DeathForm,
    DutyForm,
    LeaveForm,
    MoveForm,
    OtherForm,
)
from timebank.community.people.words import WORDS
from timebank.community.place_names import choices
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.news.saying import with_news
from timebank.store.members import people, record_changes
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


# --- moving, leaving, coming back


@get("/desk/members/{uid:str}/move", operation_id="MovePage")
async def move_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """A new door inside the community."""
    found = await correcting.on_record(ctx, actor, uid, "MovePage")
    return await _move(request, ctx, found, {"area": found.member.area, "address": found.person.address})


@post("/desk/members/{uid:str}/move", operation_id="MoveMember")
async def move_member(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Moved; duties that no longer fit where they live are asked about on their page."""
    form, errors, typed = await read_form(request, MoveForm)
    if form is not None:
        try:
            asked = await lives.move(ctx, actor, uid, area=form.area, address=form.address)
        except BadField as refusal:
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            said = _("搬好了。有的岗位要住在那里，请看一看。") if asked else _("搬好了。")
            return go(f"/desk/members/{uid}#asked", said, kind="wait" if asked else "done")
    found = await correcting.on_record(ctx, actor, uid, "MovePage")
    return await _move(request, ctx, found, typed, errors=errors, status=422)


@post("/desk/members/{uid:str}/duties/end", operation_id="EndDuty")
async def end_duty(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A duty that wanted them to live elsewhere ends."""
    form, errors, _typed = await read_form(request, DutyForm)
    if form is None:
        raise refuse_fields(errors)
    before = ctx.now()
    await lives.end_duty(ctx, actor, uid, relationship=form.relationship)
    said = await with_news(ctx, actor, _("这个岗位结束了。"), form.relationship, since=before)
    return go(f"/desk/members/{uid}", said)


async def _move(
    request: Request,
    ctx: Context,
    found: correcting.OnRecord,
    typed: Typed | dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    return page(
        request,
        "people/move.html",
        WORDS,
        status=status,
        one=found,
        typed=typed,
        errors=errors or {},
        areas=await choices(ctx, found.member.community, typed.get("area")),
    )


@get("/desk/members/{uid:str}/leave", operation_id="LeavePage")
async def leave_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What happens when somebody leaves, before it does."""
    found = await correcting.on_record(ctx, actor, uid, "LeavePage")
    return page(request, "people/leave.html", WORDS, one=found, errors={})


@post("/desk/members/{uid:str}/leave", operation_id="MemberLeaves")
async def member_leaves(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Gone: sign-ins and duties end, promises are looked for anew, hours stay in the book."""
    form, errors, _typed = await read_form(request, LeaveForm)
    if form is not None:
        try:
            await lives.leave(ctx, actor, uid, moved=form.reason == "moved")
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {"reason": refusal.said(request.state.lang)}
        else:
            return go(f"/desk/members/{uid}", _("办好了。约好的事已经退回，另外找人。"))
    found = await correcting.on_record(ctx, actor, uid, "LeavePage")
    return page(request, "people/leave.html", WORDS, status=422, one=found, errors=errors)


@post("/desk/members/{uid:str}/return", operation_id="MemberReturns")
async def member_returns(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Somebody who had left takes part again."""
    await lives.take_back(ctx, actor, uid)
    return go(f"/desk/members/{uid}", _("欢迎回来。岗位和登录要重新办。"))


# --- a death


@get("/desk/members/{uid:str}/death", operation_id="DeathPage")
async def death_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What a death does, step by step, before anybody enters it."""
    found = await correcting.on_record(ctx, actor, uid, "DeathPage")
    return page(
        request, "people/death.html", WORDS, one=found, typed={"died_on": ctx.today().isoformat()}, errors={}
    )


@post("/desk/members/{uid:str}/death", operation_id="ReportDeath")
async def report_death(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Entered by one; nothing happens before another confirms it."""
    form, errors, typed = await read_form(request, DeathForm)
    if form is not None:
        try:
            await by_two.enter_death(ctx, actor, uid=uid, died_on=form.died_on)
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {"died_on": refusal.said(request.state.lang)}
        else:
            return go(
                f"/desk/members/{uid}", _("录入了。请另一位同事确认，确认以前什么都不变。"), kind="wait"
            )
    found = await correcting.on_record(ctx, actor, uid, "DeathPage")
    return page(request, "people/death.html", WORDS, status=422, one=found, typed=typed, errors=errors)


@post("/desk/changes/{change:str}/undo", operation_id="UndoDeath")
async def undo_death(request: Request, ctx: Ctx, actor: Who, change: FromPath[str]) -> Redirect:
    """It was a mistake: waits for a second worker, then everything that can begin again does."""
    return await _stepped(request, by_two.enter_return(ctx, actor, change), _("请另一位同事确认撤回。"))


# --- two records of one person


@get("/desk/members/{uid:str}/join", operation_id="JoinRecordsPage")
async def join_page(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], other: FromQuery[str] = ""
) -> Template:
    """Both records beside each other, before anybody says that they are one person's."""
    one = await correcting.on_record(ctx, actor, uid, "JoinRecordsPage")
    two = await correcting.on_record(ctx, actor, other, "JoinRecordsPage")
    return page(request, "people/join_records.html", WORDS, one=one, two=two, errors={})


@post("/desk/members/{uid:str}/join", operation_id="JoinRecords")
async def join_records(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Entered by one; another worker approves."""
    form, errors, _typed = await read_form(request, OtherForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        await by_two.enter_joining(ctx, actor, kept=uid, gone=form.other)
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return go(f"/desk/members/{uid}", refusal.said(request.state.lang), kind="bad")
    return go(f"/desk/members/{uid}", _("录入了。请另一位同事确认，确认以前什么都不变。"), kind="wait")


# --- what waits for a second person


@get("/desk/changes", operation_id="WaitingChanges")
async def changes_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Deaths and joinings that wait for a second person."""
    sees(actor, "WaitingChanges", Facts(community=actor.community))
    waiting = await record_changes.waiting(ctx.engine, actor.community)
    uids = [uid for one in waiting for uid in (one.member, one.other, one.entered_by, one.second_by)]
    return page(
        request, "people/changes.html", WORDS, waiting=waiting, names=await people.names(ctx.engine, uids),
        me=actor.uid,
    )  # fmt: skip


@post("/desk/changes/{change:str}/approve", operation_id="ApproveChange")
async def approve_change(request: Request, ctx: Ctx, actor: Who, change: FromPath[str]) -> Redirect:
    """A second worker says that it is so."""
    return await _stepped(request, by_two.approve(ctx, actor, change), _("办好了。"))


@post("/desk/changes/{change:str}/drop", operation_id="DropChange")
async def drop_change(request: Request, ctx: Ctx, actor: Who, change: FromPath[str]) -> Redirect:
    """It was a mistake; nothing has happened."""
    return await _stepped(request, by_two.drop(ctx, actor, change), _("没有办，什么都没变。"))


async def _stepped(request: Request, step: Coroutine[Any, Any, object], done: str) -> Redirect:
    try:
        await step
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return go("/desk/changes", refusal.said(request.state.lang), kind="bad")
    return go("/desk/changes", done)


handlers: list[Any] = [
    move_page, move_member, end_duty, leave_page, member_leaves, member_returns, death_page,
    report_death, undo_death, join_page, join_records, changes_page, approve_change, drop_change,
]  # fmt: skip
