"""What members see and say of themselves, the desk beside them: what they offer and want, and their archive."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from marketplace.categories import default_tree
from timebank.access import Actor, Role
from timebank.community import reading
from timebank.community.people import by_two, copying, correcting, lives, views
from timebank.community.people.api_schemas import CopyOut
from timebank.community.people.schemas import ProfileForm
from timebank.community.people.words import READERS, WORDS, age_said
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.store.members import record_changes
from timebank.store.members.record_changes import ChangeKind
from timebank.store.places import areas
from timebank.web import i18n
from timebank.web.downloads import Files
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
# So many lines of help given and received fit on one sheet of A4.
PAPER_LINES = 6
PAPER_DUTIES = 6
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/members/{uid:str}/profile", operation_id="MemberProfile")
async def profile_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What somebody offers, to whom, when, how far; and whether they ask for help themselves."""
    found = await correcting.on_record(ctx, actor, uid, "MemberProfile")
    wants = await correcting.wants_of(ctx, found)
    typed = {
        "asks": "yes" if wants.asks else "", "gives": "yes" if wants.gives else "", "services": list(wants.services),
        "declines": list(wants.declines), "skills": wants.skills, "serves": wants.serves, "times": wants.times,
        "languages": wants.languages, "grids": list(wants.grids), "hours_per_week_max": wants.hours_per_week_max or "",
        "notice_days": wants.notice_days or "", "same_building": "yes" if wants.same_building else "",
        "light_work_only": "yes" if wants.light_work_only else "", "limits": wants.limits,
    }  # fmt: skip
    return await _profile(request, ctx, actor, found, typed)


@post("/members/{uid:str}/profile", operation_id="SaveProfile")
async def save_profile(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Profile and own line of the resources list, saved together."""
    form, errors, typed = await read_form(request, ProfileForm)
    found = await correcting.on_record(ctx, actor, uid, "MemberProfile")
    if form is None:
        return await _profile(request, ctx, actor, found, typed, errors=errors, status=422)
    wants = correcting.Wants(
        asks=form.asks == "yes", gives=form.gives == "yes", services=tuple(form.services),
        declines=tuple(form.declines), skills=form.skills, serves=form.serves, times=form.times,
        languages=form.languages, grids=tuple(form.grids), hours_per_week_max=form.hours_per_week_max,
        notice_days=form.notice_days, same_building=form.same_building == "yes",
        light_work_only=form.light_work_only == "yes", limits=form.limits,
    )  # fmt: skip
    try:
        await correcting.save_wants(ctx, actor, uid, wants)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _profile(request, ctx, actor, found, typed, errors=errors, status=422)
    return go(_back(actor, uid), _("记好了，下次排班就按这个来。"))


@get("/members/{uid:str}/archive", operation_id="MemberArchive")
async def archive_page(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], paper: FromQuery[str] = ""
) -> Template:
    """Everything on record of somebody, on one page and on one sheet of A4."""
    shown = await views.archive(ctx, actor, uid)
    template = "people/archive_paper.html" if paper else "people/archive.html"
    back = f"/members/{uid}/archive" if paper else _back(actor, uid)
    return page(
        request,
        template,
        WORDS,
        one=shown,
        age=age_said(shown.age),
        back=back,
        own=actor.uid == uid,
        at_desk=actor.has(Role.WORKER),
        lines_shown=PAPER_LINES if paper else None,
        duties_shown=PAPER_DUTIES if paper else None,
    )


@get("/members/{uid:str}/readings", operation_id="WhoLooked")
async def who_looked(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """Who read somebody's private card, when and what for: for the person, whoever reads for them, and the desk they asked."""
    shown = await reading.who_looked(ctx, actor, uid)
    return page(
        request,
        "people/who_looked.html",
        shown=shown,
        own=actor.subject == uid,
        as_what=READERS,
        back=_back(actor, uid),
    )


@get("/members/{uid:str}/copy", operation_id="MemberCopy", answers=Files(kinds=("application/json",)))
async def member_copy(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Response[bytes]:
    """Everything that is kept about somebody as one file, for themselves to take along."""
    found = CopyOut.told(await copying.copy_of(ctx, actor, uid))
    return Response(
        content=found.model_dump_json(indent=1).encode(),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="timebank-{uid}.json"'},
    )


@get("/members/{uid:str}/erase", operation_id="ErasePage")
async def erase_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What goes and what stays, before anybody asks for it."""
    return await _erase(request, ctx, actor, uid)


@post("/members/{uid:str}/erase", operation_id="EraseMember")
async def erase_member(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Asked for by one; nothing happens before a worker confirms it."""
    try:
        await by_two.enter_erasure(ctx, actor, uid=uid)
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return await _erase(request, ctx, actor, uid, refused=refusal.said(request.state.lang))
    said = _("记下了。社区工作者确认以后就删，确认以前什么都不变。")
    return go(f"/members/{uid}/erase", said, kind="wait")


async def _erase(request: Request, ctx: Context, actor: Actor, uid: str, *, refused: str = "") -> Template:
    row = await lives.record_of(ctx, actor, uid, "ErasePage")
    waits = any(
        one.kind is ChangeKind.ERASE and one.waits for one in await record_changes.changes_of(ctx.engine, uid)
    )
    balance = await ctx.book(row.community).balance(row.account, lapsed_by=ctx.now())
    return page(
        request, "people/erase.html", WORDS, status=422 if refused else 200, uid=uid, waits=waits, refused=refused,
        minutes=max(0, balance.available), back=_back(actor, uid), own=actor.uid == uid,
    )  # fmt: skip


async def _profile(
    request: Request,
    ctx: Context,
    actor: Actor,
    found: correcting.OnRecord,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    tree, lang = default_tree(), "en" if request.state.lang == "en" else "zh"
    kinds = [(code, tree.label(code, lang)) for code, one in tree.categories.items() if one.parent]
    places = await areas.areas(ctx.engine, found.member.community)
    return page(
        request, "people/profile.html", WORDS, status=status, one=found, typed=typed, errors=errors or {}, kinds=kinds,
        grids=[(place.name, place.name) for place in places if place.kind == "grid"],
        back=_back(actor, found.member.uid), own=actor.uid == found.member.uid,
    )  # fmt: skip


def _back(actor: Actor, uid: str) -> str:
    return f"/desk/members/{uid}" if actor.has(Role.WORKER) and actor.uid != uid else "/"


handlers: list[Any] = [
    profile_page,
    save_profile,
    archive_page,
    who_looked,
    member_copy,
    erase_page,
    erase_member,
]
