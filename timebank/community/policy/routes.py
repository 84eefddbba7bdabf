"""Pages of the policy: the rules in force, the form of a draft, its preview and approval; and the same for programs."""

from __future__ import annotations

from datetime import date, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, Role, sees
from timebank.community.policy import flow, form
from timebank.community.policy.schemas import (
    DraftBody,
    DraftForm,
    HomeOut,
    PressBody,
    PressForm,
    SeenBody,
    SeenForm,
    ShownOut,
    VersionOut,
)
from timebank.community.policy.wording import RULES, STATES
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.policy import Policy, reading
from timebank.policy.versions import VersionState
from timebank.rules.hours.words import amount
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
WORDS = {"states": STATES, "rules": RULES, "said": form.said, "amount": amount}


@get("/desk/policy", operation_id="PolicyHome")
async def policy_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """The rules in force, and every version there was or will be."""
    home = await flow.home(ctx, actor)
    set_now = form.changes(Policy(), home.policy)
    return page(
        request, "policy/home.html", WORDS, home=home, set_now=set_now, profiles=reading.shipped()
    )  # fmt: skip


@get("/desk/policy/new", operation_id="PolicyForm")
async def policy_form(
    request: Request, ctx: Ctx, actor: Who, profile: FromQuery[str] = "", number: FromQuery[int] = 0
) -> Template:
    """The form of a draft, filled with the rules in force, with a shipped profile, or with a draft to change."""
    sees(actor, "DraftPolicy", Facts(community=actor.community))
    policy, starts_on = ctx.policy_of(actor.community), ctx.today() + timedelta(days=1)
    if number:
        shown = await flow.show(ctx, actor, number)
        policy, starts_on = shown.policy, shown.version.starts_on
    elif profile in reading.shipped():
        policy = Policy.load(profile)
    return _form_page(request, form.groups_of(policy), starts_on=starts_on.isoformat(), number=number)


@post("/desk/policy", operation_id="DraftPolicy")
async def draft_policy(request: Request, ctx: Ctx, actor: Who) -> Redirect | Template:
    """Enter the draft, look at what it would have done, and show both."""
    _form, wrongly_typed, as_typed = await read_form(request, DraftForm)
    typed: dict[str, list[str]] = {
        name: [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in as_typed.items()
        if name not in DraftForm.model_fields
    }
    starts, number = str(as_typed.get("starts_on", "")), str(as_typed.get("number", "0"))
    policy, wrong = form.policy_of(typed)
    errors = wrongly_typed | {name: refusal.said(request.state.lang) for name, refusal in wrong.items()}
    starts_on = _day(starts)
    if starts_on is None:
        errors["starts_on"] = _("请填起算的日子，如 2026-12-15。")
    if policy is not None and starts_on is not None and not errors:
        try:
            made = await flow.draft(
                ctx, actor, text=reading.written(policy), starts_on=starts_on, number=_number(number)
            )
            return go(f"/desk/policy/{made.number}", _("草稿记好了。看看它会改变什么，再请另一位来批准。"))
        except NotFound:
            raise
        except AppRefusal as refusal:
            errors[refusal.field or ("starts_on" if not isinstance(refusal, BadField) else "")] = (
                refusal.said(request.state.lang)
            )
    groups = form.typed_into(form.groups_of(Policy()), typed)
    return _form_page(request, groups, starts_on=starts, number=_number(number), errors=errors, status=422)


@get("/desk/policy/{number:int}", operation_id="ShowPolicy")
async def show_policy(request: Request, ctx: Ctx, actor: Who, number: FromPath[int]) -> Template:
    """One version: what it changes, and whom it would have touched."""
    return await _version_page(request, ctx, actor, number)


@post("/desk/policy/{number:int}/look", operation_id="LookAgain")
async def look_again(request: Request, ctx: Ctx, actor: Who, number: FromPath[int]) -> Redirect:
    """Work the preview out again, as of today."""
    await _pressed(request)
    await flow.look_again(ctx, actor, number)
    return go(f"/desk/policy/{number}", _("按最近三十天重新算过了。"))


@post("/desk/policy/{number:int}/approve", operation_id="ApprovePolicy")
async def approve_policy(request: Request, ctx: Ctx, actor: Who, number: FromPath[int]) -> Redirect:
    """Approve what was shown."""
    sent, errors, _typed = await read_form(request, SeenForm)
    if sent is None:
        raise refuse_fields(errors)
    try:
        made = await flow.approve(ctx, actor, number, seen=sent.seen)
    except NotFound:
        raise
    except AppRefusal as refusal:
        return go(f"/desk/policy/{number}", refusal.said(request.state.lang), kind="wait")
    return go("/desk/policy", _("批准了，从 %(day)s 起算。", day=made.starts_on.isoformat()))


@post("/desk/policy/{number:int}/withdraw", operation_id="WithdrawPolicy")
async def withdraw_policy(request: Request, ctx: Ctx, actor: Who, number: FromPath[int]) -> Redirect:
    """Take a version back before it begins."""
    await _pressed(request)
    try:
        await flow.withdraw(ctx, actor, number)
    except NotFound:
        raise
    except AppRefusal as refusal:
        return go(f"/desk/policy/{number}", refusal.said(request.state.lang), kind="wait")
    return go("/desk/policy", _("撤回了，规则照旧。"))


# --- for programs


@get("/api/policy", operation_id="ApiPolicyHome")
async def api_policy(ctx: Ctx, actor: Who) -> HomeOut:
    """The rules in force and every version."""
    return HomeOut.told(await flow.home(ctx, actor))


@get("/api/policy/{number:int}", operation_id="ApiShowPolicy")
async def api_show_policy(ctx: Ctx, actor: Who, number: FromPath[int]) -> ShownOut:
    """One version with its text and its preview."""
    return ShownOut.told(await flow.show(ctx, actor, number))


@post("/api/policy", operation_id="ApiDraftPolicy", status_code=201)
async def api_draft_policy(ctx: Ctx, actor: Who, data: JSONBody[DraftBody]) -> ShownOut:
    """Enter a draft, or change one; its preview is worked out at once."""
    made = await flow.draft(ctx, actor, text=data.text, starts_on=data.starts_on, number=data.number)
    return ShownOut.told(await flow.show(ctx, actor, made.number))


@post("/api/policy/{number:int}/approve", operation_id="ApiApprovePolicy", status_code=200)
async def api_approve_policy(
    ctx: Ctx, actor: Who, number: FromPath[int], data: JSONBody[SeenBody]
) -> VersionOut:
    """Approve what was shown, by its fingerprint."""
    return VersionOut.of(await flow.approve(ctx, actor, number, seen=data.seen))


@post("/api/policy/{number:int}/withdraw", operation_id="ApiWithdrawPolicy", status_code=200)
async def api_withdraw_policy(
    ctx: Ctx, actor: Who, number: FromPath[int], data: JSONBody[PressBody]
) -> VersionOut:
    """Take a version back before it begins."""
    return VersionOut.of(await flow.withdraw(ctx, actor, number))


async def _pressed(request: Request) -> None:
    sent, errors, _typed = await read_form(request, PressForm)
    if sent is None:
        raise refuse_fields(errors)


async def _version_page(request: Request, ctx: Context, actor: Actor, number: int) -> Template:
    shown = await flow.show(ctx, actor, number)
    version = shown.version
    draft = version.state is VersionState.DRAFTED
    return page(
        request, "policy/version.html", WORDS, shown=shown, changed=form.changes(shown.before, shown.policy),
        may_approve=draft and not shown.mine, may_change=draft and actor.has(Role.WORKER),
        may_withdraw=actor.has(Role.WORKER) and version.state is not VersionState.WITHDRAWN and not version.begun(ctx.today()),
    )  # fmt: skip


def _form_page(
    request: Request,
    groups: tuple[form.Group, ...],
    *,
    starts_on: str,
    number: int,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    return page(
        request, "policy/form.html", WORDS, status=status, groups=groups, starts_on=starts_on, number=number,
        errors=errors or {}, profiles=reading.shipped(),
    )  # fmt: skip


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


handlers = [
    policy_home, policy_form, draft_policy, show_policy, look_again, approve_policy, withdraw_policy,
    api_policy, api_show_policy, api_draft_policy, api_approve_policy, api_withdraw_policy,
]  # fmt: skip
