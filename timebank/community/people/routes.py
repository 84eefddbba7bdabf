"""Pages of people at the desk: the list and the search, registering, correcting, a member's page, questions, households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community import cards, finding
from timebank.community.people import (
    api,
    consent_routes,
    correcting,
    households,
    life_routes,
    member_routes,
    newcomers,
    questions,
    views,
)
from timebank.community.people.newcomers import MayBeKnown
from timebank.community.people.schemas import (
    ApplicantForm,
    CorrectForm,
    JoinForm,
    OtherForm,
    RegisterForm,
    SearchForm,
)
from timebank.community.people.words import CORRECTIONS, FIELDS, SIZES, WORDS, age_said
from timebank.community.place_names import choices
from timebank.community.recognition import Known, why_said
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound, TryLater
from timebank.rules.relationships import Life
from timebank.store.members import applicants as applying
from timebank.store.places import areas
from timebank.store.places.communities import Community
from timebank.web import i18n
from timebank.web.community import community_path
from timebank.web.forms.editing import conflict_page, read_edit
from timebank.web.forms.merging import seen_as
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Office = NamedDependency[Community]


# --- the list, the search, one member


@get("/desk/members", operation_id="DeskMembers")
async def members_page(request: Request, ctx: Ctx, actor: Who, after: FromQuery[str] = "") -> Template:
    """Everybody of the community, page by page; the search is posted so that no name stands in an address."""
    found, following = await finding.everybody(ctx, actor, "DeskMembers", after=after[:40])
    return page(
        request,
        "people/members.html",
        WORDS,
        people=found,
        q="",
        searched=False,
        after=after,
        following=following,
    )


@post("/desk/members", operation_id="SearchMembers", status_code=200)
async def search_members(request: Request, ctx: Ctx, actor: Who) -> Template:
    """People whom a name, a part of it, its sound, a number, a phone or its last four digits may mean."""
    form, _errors, _typed = await read_form(request, SearchForm)
    q = form.q if form else ""
    found = await finding.search(ctx, actor, q, "SearchMembers")
    return page(
        request, "people/members.html", WORDS, people=found, q=q, searched=True, after="", following=""
    )


@get("/desk/members/{uid:str}", operation_id="DeskMember")
async def member_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """One person: card, notes, what stands, what can be done; the reading is logged."""
    shown = await views.member_page(ctx, actor, uid)
    if shown.member.life is Life.JOINED:
        return go(f"/desk/members/{shown.member.joined_to}", _("这份档案已经并入这一份。"), kind="wait")
    return page(request, "people/member.html", WORDS, one=shown, age=age_said(shown.age), today=ctx.today())


# --- picking somebody for something


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What somebody is looked up for.

    Attributes:
        action: where the choice is posted, `{uid}` being what the page is about; name: under which name.
        fixed: what is posted with it. back: the page it is about.
    """

    heading: i18n.lazy
    action: str
    name: str = "other"
    fixed: Mapping[str, str] = field(default_factory=dict)
    back: str = "/desk/members/{uid}"


PICKS = {
    "household": Pick(heading=i18n.lazy("和谁住在一起？"), action="/desk/members/{uid}/household"),
    "join": Pick(heading=i18n.lazy("哪一份是同一个人的？"), action="/desk/members/{uid}/join"),
    "need": Pick(
        heading=i18n.lazy("这件事是谁的？"), action="/desk/needs/{uid}/owner", back="/desk/needs/{uid}"
    ),
}


@get("/desk/pick/{what:str}/{uid:str}", operation_id="PickMember")
async def pick_page(
    request: Request, ctx: Ctx, actor: Who, what: FromPath[str], uid: FromPath[str]
) -> Template:
    """Look somebody up for something: a proxy, a household, the same person's other record, a need's resident."""
    return await _pick(request, ctx, actor, what, uid, q="")


@post("/desk/pick/{what:str}/{uid:str}", operation_id="SearchToPick", status_code=200)
async def search_to_pick(
    request: Request, ctx: Ctx, actor: Who, what: FromPath[str], uid: FromPath[str]
) -> Template:
    """The people found, each with one button."""
    form, errors, _typed = await read_form(request, SearchForm)
    if form is None:
        raise refuse_fields(errors)
    return await _pick(request, ctx, actor, what, uid, q=form.q)


async def _pick(request: Request, ctx: Context, actor: Actor, what: str, uid: str, *, q: str) -> Template:
    if what not in PICKS:
        raise NotFound()
    if what != "need":
        await correcting.on_record(ctx, actor, uid, "PickMember")
    pick = PICKS[what]
    found = await finding.search(ctx, actor, q, "SearchToPick") if q else []
    return page(
        request, "people/pick.html", WORDS, what=what, uid=uid, q=q, heading=str(pick.heading),
        people=[one for one in found if one.uid != uid and (one.life is Life.ACTIVE or what == "join")],
        action=pick.action.format(uid=uid), field=pick.name,
        fixed={name: text.format(uid=uid) for name, text in pick.fixed.items()}, back=pick.back.format(uid=uid),
    )  # fmt: skip


# --- registering at the counter


@get("/desk/register", operation_id="RegisterPage")
async def register_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """An empty form for somebody who stands at the counter."""
    return await _register_page(request, ctx, actor, {})


@post("/desk/register", operation_id="RegisterMember")
async def register_member(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Somebody registered; whoever may be on record already is shown first."""
    form, errors, typed = await read_form(request, RegisterForm)
    if form is None:
        return await _register_page(request, ctx, actor, typed, errors=errors, status=422)
    told = newcomers.Told(
        **form.model_dump(exclude={"next", "idempotency_key", "asks", "gives", "consented"}),
        asks=form.asks == "yes", gives=form.gives == "yes", consented=form.consented == "yes",
    )  # fmt: skip
    try:
        uid, new = await newcomers.register_at_counter(ctx, actor, told)
    except MayBeKnown as refusal:
        return await _register_page(request, ctx, actor, typed, found=refusal, status=409)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _register_page(request, ctx, actor, typed, errors=errors, status=422)
    said = _("登记好了。") if new else _("补在原来的档案里了。")
    return go(f"/desk/members/{uid}", said)


async def _register_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    found: MayBeKnown | None = None,
    status: int = 200,
) -> Template:
    known, why = await _who_may(ctx, actor, found, request.state.lang, "RegisterMember")
    return page(
        request, "people/register.html", WORDS, status=status, typed=typed, errors=errors or {}, known=known, why=why,
        areas=await choices(ctx, actor.community, typed.get("area")), sizes=SIZES,
    )  # fmt: skip


async def _who_may(
    ctx: Context, actor: Actor, found: MayBeKnown | None, lang: str, operation: str
) -> tuple[list[cards.Card], str]:
    """(cards of whom it may be, the question) for a page that was refused."""
    if found is None:
        return [], ""
    shown = [await cards.card(ctx, actor, uid, operation) for uid in found.uids[: cards.MEANT_MAX]]
    if isinstance(found.found, Known):
        return shown, found.said(lang)
    zh, en = why_said(found.found.why)
    return shown, en if lang == "en" else zh


# --- joining by oneself


@get("/join", operation_id="JoinPage")
async def join_page(request: Request, ctx: Ctx, office: Office) -> Template:
    """Join in one minute: a name and a phone are enough."""
    return await _join_page(request, ctx, office, {})


@post("/join", operation_id="AskToJoin")
async def ask_to_join(request: Request, ctx: Ctx, office: Office) -> Template | Redirect:
    """The wish to join, for the desk to confirm; whether somebody is on record already is told to nobody."""
    form, errors, typed = await read_form(request, JoinForm)
    if form is None:
        return await _join_page(request, ctx, office, typed, errors=errors, status=422)
    told = newcomers.Told(
        name=form.name, phone=form.phone, age=form.age, area=form.area, says=form.says,
        asks="asks" in form.wants, gives="gives" in form.wants,
    )  # fmt: skip
    try:
        await newcomers.ask_to_join(ctx, office.code, told)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _join_page(request, ctx, office, typed, errors=errors, status=422)
    except TryLater as refusal:
        errors = {"": refusal.said(request.state.lang)}
        return await _join_page(request, ctx, office, typed, errors=errors, status=429)
    return go(f"{community_path(request)}/notice", _("收到了，社区会打电话跟您确认。"))


async def _join_page(
    request: Request,
    ctx: Context,
    office: Community,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    options = await choices(ctx, office.code, typed.get("area"))
    return page(request, "people/join.html", status=status, typed=typed, errors=errors or {}, areas=options)


@get("/desk/applicants/{uid:str}", operation_id="ApplicantPage")
async def applicant_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One person who asked to join, to be rung or met."""
    return await _applicant_page(request, ctx, actor, uid)


@post("/desk/applicants/{uid:str}", operation_id="AnswerApplicant")
async def answer_applicant(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Confirmed, and they are a member; or declined, and what they wrote goes."""
    form, errors, _typed = await read_form(request, ApplicantForm)
    if form is None:
        raise refuse_fields(errors)
    if form.step == "decline":
        await newcomers.decline_applicant(ctx, actor, uid)
        return go("/desk/questions", _("没有登记，写的内容已经删掉。"))
    try:
        member, new = await newcomers.confirm_applicant(
            ctx, actor, uid, who=form.who, consented=form.consented == "yes"
        )
    except MayBeKnown as refusal:
        return await _applicant_page(request, ctx, actor, uid, found=refusal, status=409)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _applicant_page(request, ctx, actor, uid, errors=errors, status=422)
    return go(f"/desk/members/{member}", _("登记好了。") if new else _("补在原来的档案里了。"))


async def _applicant_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    *,
    errors: dict[str, str] | None = None,
    found: MayBeKnown | None = None,
    status: int = 200,
) -> Template:
    one = await newcomers.applicant_of(ctx, actor, uid)
    known, why = await _who_may(ctx, actor, found, request.state.lang, "AnswerApplicant")
    place = await areas.area(ctx.engine, one.area) if one.area else None
    return page(
        request, "people/applicant.html", WORDS, status=status, one=one, known=known, why=why, errors=errors or {},
        place=place.name if place else "", waits=one.answer == applying.WAITS,
    )  # fmt: skip


# --- questions about who is meant


@get("/desk/questions", operation_id="IdentityQuestions")
async def questions_page(request: Request, ctx: Ctx, actor: Who, offset: FromQuery[int] = 0) -> Template:
    """Open questions who is meant, and people who ask to join."""
    shown = await questions.page_of(ctx, actor, offset=max(0, offset))
    return page(request, "people/questions.html", WORDS, shown=shown)


# --- correcting


@get("/desk/members/{uid:str}/edit", operation_id="CorrectPage")
async def correct_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What is on record of somebody, as a form."""
    found = await correcting.on_record(ctx, actor, uid, "CorrectPage")
    now = found.typed()
    return _correct_page(request, found, now, now)


@post("/desk/members/{uid:str}/edit", operation_id="CorrectMember")
async def correct_member(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """The record as it is said to be now."""
    found = await correcting.on_record(ctx, actor, uid, "CorrectMember")
    now = found.typed()
    edit = await read_edit(request, CorrectForm, now)
    if edit.disputed:
        return await conflict_page(
            request, ctx, actor, edit, now, action=f"/desk/members/{uid}/edit", about=uid, by=CORRECTIONS, labels=FIELDS,
            words={"size": dict(SIZES)},
        )  # fmt: skip
    if edit.form is None:
        return _correct_page(request, found, edit.typed, now, errors=edit.errors, status=422)
    new = correcting.Corrections(
        **edit.form.model_dump(exclude={"next", "idempotency_key", "consented"}),
        consented=edit.form.consented == "yes",
    )
    try:
        await correcting.correct(ctx, actor, uid, new, was=now)
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return _correct_page(request, found, edit.typed, now, errors=errors, status=422)
    return go(f"/desk/members/{uid}", _("改好了。"))


def _correct_page(
    request: Request,
    found: correcting.OnRecord,
    typed: Typed | dict[str, str],
    now: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    return page(
        request, "people/correct.html", WORDS, status=status, one=found, typed=typed, errors=errors or {},
        ages=[age_said(fact) for fact in found.ages], sizes=SIZES, seen=seen_as(now),
    )  # fmt: skip


# --- households


@post("/desk/members/{uid:str}/household", operation_id="LiveTogether")
async def live_together(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Both in one household from now on."""
    form, errors, _typed = await read_form(request, OtherForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        await households.live_together(ctx, actor, uid, other=form.other)
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return go(f"/desk/members/{uid}", refusal.said(request.state.lang), kind="bad")
    return go(f"/desk/members/{uid}", _("记下住在一起了。"))


@post("/desk/members/{uid:str}/household/leave", operation_id="LiveApart")
async def live_apart(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """They live with nobody on record any more."""
    await households.live_apart(ctx, actor, uid)
    return go(f"/desk/members/{uid}", _("已经移出这一户。"))


of_community: list[Any] = [join_page, ask_to_join]
handlers: list[Any] = [
    members_page, search_members, member_page, pick_page, search_to_pick, register_page, register_member, join_page,
    ask_to_join, applicant_page, answer_applicant, questions_page, correct_page, correct_member, live_together, live_apart,
    *member_routes.handlers, *consent_routes.handlers, *life_routes.handlers, *api.handlers,
]  # fmt: skip
