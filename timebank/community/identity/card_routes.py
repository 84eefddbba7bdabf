"""Cards for whoever has no telephone: the desk's list, a sheet to print, a card that is lost; and the same for programs."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Redirect, Template
from pydantic import BeforeValidator, Field

from timebank.access import Actor
from timebank.community import pictures
from timebank.community.identity import card_list
from timebank.community.identity.card_list import CARDS_PER_SHEET
from timebank.community.identity.drawing import link_of
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.store.identity import kiosks
from timebank.web import i18n
from timebank.web.fields import Body, Form, Out, Uid
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.qr import qr
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


def _several(value: object) -> object:
    # One ticked box of a group arrives as text, several as a list.
    return [value] if isinstance(value, str) else value


class PrintForm(Form):
    """Who gets a card."""

    member: Annotated[list[Uid], Field(max_length=60), BeforeValidator(_several)] = Field(
        default_factory=list
    )


class PressForm(Form):
    """A press of the button."""


class CardsBody(Body):
    """Who gets a card."""

    members: list[Uid] = Field(min_length=1, max_length=CARDS_PER_SHEET)


class PressBody(Body):
    """Nothing more than the request itself."""


class WithoutPhoneOut(Out):
    """Somebody who asks and has no telephone of their own; by opaque id."""

    uid: str
    area: str
    has_card: bool
    proxy: str


class CardsOut(Out):
    """A page of them, how many there are, and how many have neither card nor proxy."""

    people: tuple[WithoutPhoneOut, ...]
    everybody: int
    uncovered: int
    following: str


class IssuedOut(Out):
    """A card to print; the link opens a sign-in of low privilege and is told this once."""

    member: str
    link: str


class RevokedOut(Out):
    """Whose card opens nothing any more."""

    member: str


@get("/desk/cards", operation_id="CardsHome")
async def cards_home(
    request: Request, ctx: Ctx, actor: Who, after: FromQuery[str] = "", show: FromQuery[str] = ""
) -> Template:
    """Everybody who asks and has no telephone: those without card and proxy first, or all of them."""
    return await _home(request, ctx, actor, after=after[:60], everybody=show == "all")


@post("/desk/cards", operation_id="PrintCards", status_code=200)
async def print_cards(request: Request, ctx: Ctx, actor: Who) -> Template:
    """A sheet of A4 with a new card for each; shown this once."""
    form, errors, _typed = await read_form(request, PrintForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        issued = await card_list.issue_cards(ctx, actor, form.member)
    except BadField as refusal:
        return await _home(request, ctx, actor, errors={refusal.field: refusal.said(request.state.lang)})
    drawn = [(one, qr(link_of(request, one.secret))) for one in issued]
    return page(
        request, "identity/card_sheet.html", once=True, cards=drawn, back="/desk/cards", pictures=pictures.ALL,
        sms=ctx.settings.sms_number,
    )  # fmt: skip


@post("/desk/cards/{uid:str}/revoke", operation_id="RevokeCard")
async def revoke_card(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A lost card opens nothing from now on."""
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        await card_list.revoke_card(ctx, actor, uid)
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return go("/desk/cards", refusal.said(request.state.lang), kind="bad")
    return go("/desk/cards", _("作废了，这张卡和用它登录的手机都不能再用。"))


async def _home(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    after: str = "",
    everybody: bool = False,
    errors: dict[str, str] | None = None,
) -> Template:
    listed = await card_list.without_phone(ctx, actor, after=after, missing=not everybody)
    return page(
        request, "identity/cards.html", status=422 if errors else 200, listed=listed, everybody=everybody,
        after=after, per_sheet=CARDS_PER_SHEET, errors=errors or {}, kiosks=await kiosks.kiosks(ctx.engine, actor.community),
    )  # fmt: skip


# --- for programs


@get("/api/cards", operation_id="ApiCards")
async def api_cards(
    ctx: Ctx, actor: Who, after: FromQuery[str] = "", missing: FromQuery[bool] = False
) -> CardsOut:
    """Everybody who asks and has no telephone of their own."""
    listed = await card_list.without_phone(ctx, actor, after=after[:60], missing=missing)
    return CardsOut(
        people=tuple(WithoutPhoneOut.of(one) for one in listed.people), everybody=listed.everybody,
        uncovered=listed.uncovered, following=listed.following,
    )  # fmt: skip


@post("/api/cards", operation_id="ApiIssueCards", status_code=201)
async def api_issue_cards(
    request: Request, ctx: Ctx, actor: Who, data: JSONBody[CardsBody]
) -> tuple[IssuedOut, ...]:
    """A new card for each; earlier ones end."""
    issued = await card_list.issue_cards(ctx, actor, data.members)
    return tuple(IssuedOut(member=one.member, link=link_of(request, one.secret)) for one in issued)


@post("/api/cards/{uid:str}/revoke", operation_id="ApiRevokeCard", status_code=200)
async def api_revoke_card(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PressBody]) -> RevokedOut:
    """A lost card opens nothing from now on."""
    await card_list.revoke_card(ctx, actor, uid)
    return RevokedOut(member=uid)


handlers: list[Any] = [cards_home, print_cards, revoke_card, api_cards, api_issue_cards, api_revoke_card]
