"""Pages of the second half of a colleague's sign-in."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from timebank.community.identity import second_step
from timebank.community.identity.schemas import DigitsForm
from timebank.community.identity.signed_in import opened_on
from timebank.community.identity.welcoming import browser_of, next_page, source_of, welcome, with_next
from timebank.community.second_factor import Owed
from timebank.context import Context
from timebank.errors import AppRefusal, TryLater, WrongCode
from timebank.store.identity import sessions
from timebank.web import i18n
from timebank.web.community import remembered
from timebank.web.openapi.ways_in import HALF
from timebank.web.pages import page, read_form
from timebank.web.qr import qr
from timebank.web.request import Request
from timebank.web.session import cookie_name, session_cookie

_ = i18n.gettext
Ctx = NamedDependency[Context]
Back = Annotated[str, QueryParameter(name="next", max_length=200)]
FEW_CODES = 3


@get("/sign-in/second", operation_id="SecondStepPage", way_in=HALF)
async def second_step_page(request: Request, ctx: Ctx, back: Back = "") -> Template | Redirect:
    """The digits that the telephone shows; whoever has none yet sets one up."""
    if await second_step.owes(ctx, _token(request, ctx)) is not Owed.DIGITS:
        return Redirect(path=with_next("/sign-in/enrol", next_page(back)), status_code=303)
    return _digits(request, back)


@post("/sign-in/second", operation_id="SecondStep", way_in=HALF)
async def take_second_step(request: Request, ctx: Ctx) -> Template | Redirect:
    """Signed in, by the digits or by a code from the paper."""
    form, errors, typed = await read_form(request, DigitsForm)
    back = str(typed.get("next", ""))
    if form is None:
        return _digits(request, back, errors=errors)
    try:
        signed_in, left = await second_step.sign_in_by_digits(
            ctx, _token(request, ctx), typed=form.code, source=source_of(request)
        )
    except (WrongCode, TryLater) as refusal:
        return _digits(request, back, errors={"code": refusal.said(request.state.lang)}, refusal=refusal)
    if left is None:
        return await welcome(request, ctx, signed_in, form.next)
    said = _("用了纸上的一个备用码，还剩 %(left)s 个。手机丢了，请到“我的密码”换一部。", left=left)
    return await welcome(
        request, ctx, signed_in, form.next, said, kind="wait" if left <= FEW_CODES else "done"
    )


@get("/sign-in/enrol", operation_id="EnrolPage", way_in=HALF)
async def enrol_page(request: Request, ctx: Ctx, back: Back = "") -> Template:
    """A square for the telephone's camera and the letters to type, and one field for the digits it then shows."""
    return await _enrol(request, ctx, back)


@post("/sign-in/enrol", operation_id="Enrol", way_in=HALF)
async def enrol(request: Request, ctx: Ctx) -> Template | Redirect:
    """The telephone counts from now on; ten codes on paper, shown this once."""
    form, errors, typed = await read_form(request, DigitsForm)
    back = str(typed.get("next", ""))
    if form is None:
        return await _enrol(request, ctx, back, errors=errors)
    try:
        done = await second_step.enrol(ctx, _token(request, ctx), typed=form.code)
    except WrongCode as refusal:
        return await _enrol(request, ctx, back, errors={"code": refusal.said(request.state.lang)})
    await opened_on(ctx, done.signed_in.token, browser_of(request))
    # The page that is shown once belongs to the session that has just begun.
    request.state.actor = done.actor
    request.state.session_hash = sessions.token_hash(done.signed_in.token)
    shown = page(
        request, "identity/recovery.html", once=True, codes=done.codes, back=next_page(form.next), first=True
    )
    shown.cookies = [
        *shown.cookies,
        session_cookie(ctx.settings, done.signed_in.token),
        remembered(done.signed_in.community, secure=ctx.settings.secure_cookies),
    ]
    return shown


def _digits(
    request: Request,
    back: str,
    *,
    errors: dict[str, str] | None = None,
    refusal: AppRefusal | None = None,
) -> Template:
    status = refusal.status if refusal else 422 if errors else 200
    shown = page(request, "identity/second.html", status=status, back=next_page(back), errors=errors or {})
    if isinstance(refusal, TryLater):
        shown.headers["retry-after"] = str(refusal.wait_seconds)
    return shown


async def _enrol(
    request: Request, ctx: Context, back: str, *, errors: dict[str, str] | None = None
) -> Template:
    found = await second_step.enrolment(ctx, _token(request, ctx))
    return page(
        request, "identity/enrol.html", status=422 if errors else 200, enrolment=found, drawn=qr(found.address),
        back=next_page(back), errors=errors or {}, action="/sign-in/enrol",
    )  # fmt: skip


def _token(request: Request, ctx: Context) -> str:
    return request.cookies.get(cookie_name(ctx.settings), "")


handlers = [second_step_page, take_second_step, enrol_page, enrol]
