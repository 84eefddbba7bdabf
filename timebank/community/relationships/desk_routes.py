"""The desk's pages of relationships: what waits, how many there are, offering one, and a list of hundreds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from marketplace.errors import MarketplaceRefusal
from timebank.access import Actor, Facts, sees
from timebank.catalogue import RelationshipKind
from timebank.community.relationships import flow, listing
from timebank.community.relationships.naming import find, names_of, party_of, text_of
from timebank.community.relationships.words import WORDS
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.rules.relationships import Party
from timebank.web import i18n
from timebank.web.pages import page, refuse_fields
from timebank.web.request import Request
from timebank.web.uploads import Upload, read_upload

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


class ListForm(Upload):
    """A list of relationships; a worker may answer for it that nobody on it is a child."""

    all_of_age: Literal["", "yes"] = ""


@get("/desk/relationships", operation_id="DeskRelationships")
async def desk_relationships(
    request: Request,
    ctx: Ctx,
    actor: Who,
    kind: FromQuery[str] = "",
    at: FromQuery[int] = 0,
    waiting: FromQuery[int] = 0,
) -> Template:
    """Offers that wait, and how many of each kind stand."""
    known = ctx.catalogue_of(actor.community).relationships
    chosen = known.get(kind)
    shown = await flow.overview(
        ctx,
        actor,
        request.state.lang,
        kind=chosen.code if chosen else "",
        at=max(0, min(at, 1000)),
        waiting_at=max(0, min(waiting, 1000)),
    )
    groups = flow.kinds_by_group(ctx, actor.community)
    return page(
        request,
        "relationships/desk.html",
        WORDS,
        shown=shown,
        by_group=groups,
        chosen=chosen,
        at=max(0, at),
        waiting_at=max(0, waiting),
        waiting_last=(max(0, waiting) + 1) * flow.PAGE >= shown.waiting_count,
    )


@get("/desk/relationships/new", operation_id="OfferPage")
async def offer_page(
    request: Request,
    ctx: Ctx,
    actor: Who,
    kind: FromQuery[str] = "",
    holder: FromQuery[str] = "",
    target: FromQuery[str] = "",
    holder_q: FromQuery[str] = "",
    target_q: FromQuery[str] = "",
) -> Template:
    """Choose the kind, find who holds it, find the other side; then how each yes is known."""
    typed: dict[str, object] = {
        "kind": kind, "holder": holder, "target": target, "holder_q": holder_q, "target_q": target_q,
    }  # fmt: skip
    return await offer_form(request, ctx, actor, typed)


async def offer_form(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Mapping[str, object],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    """The steps of an offer as far as they are known; what was typed stays."""
    sees(actor, "DeskRelationships", Facts(community=actor.community))
    lang, community = request.state.lang, actor.community
    kind = ctx.catalogue_of(community).relationships.get(str(typed.get("kind", "")))
    sides = {name: await _side(ctx, actor, str(typed.get(name) or "")) for name in ("holder", "target")}
    names = await names_of(ctx, community, [party for party in sides.values() if party], lang)
    found = {}
    for name, party in sides.items():
        q = str(typed.get(f"{name}_q") or "")
        kinds = _kinds_of(ctx, community, kind, name)
        found[name] = await find(ctx, community, kinds, q, lang) if kind and not party and q else []
    holder = sides["holder"]
    ask_age = bool(kind and holder and await flow.age_is_asked(ctx, community, kind, holder))
    return page(
        request,
        "relationships/offer.html",
        WORDS,
        status=status,
        kind=kind,
        by_group=flow.kinds_by_group(ctx, community),
        titles=[t for t in ctx.catalogue_of(community).titles.values() if kind and t.kind == kind.code],
        chosen={name: (text_of(party), names.get(party, "")) for name, party in sides.items() if party},
        found={
            name: [(text_of(one.party), one.name, one.note) for one in some] for name, some in found.items()
        },
        ask_age=ask_age,
        scope_now=_scope_now(kind, typed),
        typed=typed,
        errors=errors or {},
    )


def _scope_now(kind: RelationshipKind | None, typed: Mapping[str, object]) -> list[str]:
    """The words ticked: as typed, else all that the kind has."""
    said = typed.get("scope")
    if isinstance(said, list):
        return [str(word) for word in said]
    if said:
        return [str(said)]
    return [word.value for word in kind.scope] if kind else []


def _kinds_of(ctx: Context, community: str, kind: RelationshipKind | None, side: str) -> tuple[str, ...]:
    if kind is None:
        return ()
    if side == "target":
        return kind.to
    bodies = tuple(ctx.catalogue_of(community).organisations) if "organisation" in kind.holder else ()
    return tuple(one for one in kind.holder if one != "organisation") + bodies


async def _side(ctx: Context, actor: Actor, text: str) -> Party | None:
    """A side that was chosen; one of another community is as good as none."""
    if not text:
        return None
    party = party_of(text)
    return party if await flow.is_of(ctx, actor, party) else None


@get("/desk/relationships/list", operation_id="RelationshipListPage")
async def list_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Choose a list, and what its columns may be called."""
    sees(actor, "LoadRelationships", Facts(community=actor.community))
    return page(request, "relationships/list.html", WORDS, report=None, columns=listing.COLUMNS, errors={})


@post("/desk/relationships/list", operation_id="LoadRelationships")
async def load_list(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Every row judged by itself; what can stand stands, the others say why not."""
    form, (name, content), errors = await read_upload(request, ListForm)
    report = None
    if form is not None:
        of_age = form.all_of_age == "yes"
        try:
            report = await listing.load_file(ctx, actor, filename=name, content=content, all_of_age=of_age)
        except (AppRefusal, MarketplaceRefusal) as refusal:
            if isinstance(refusal, AppRefusal) and refusal.status == 404:
                raise
            lang = "en" if request.state.lang == "en" else "zh"
            said = refusal.said(lang) if isinstance(refusal, AppRefusal) else refusal.sentence(lang)
            errors = {"files": said}
    return page(
        request, "relationships/list.html", WORDS, status=422 if errors else 200, report=report,
        columns=listing.COLUMNS, errors=errors,
    )  # fmt: skip


@post("/api/relationships/list", operation_id="ApiLoadRelationships", status_code=200)
async def api_load_list(request: Request, ctx: Ctx, actor: Who) -> dict[str, object]:
    """Bring in one file posted as `files`; every row comes back with what became of it."""
    form, (name, content), errors = await read_upload(request, ListForm)
    if form is None:
        raise refuse_fields(errors)
    of_age = form.all_of_age == "yes"
    report = await listing.load_file(ctx, actor, filename=name, content=content, all_of_age=of_age)
    lang = request.state.lang
    return {
        "made": report.made,
        "same": report.same,
        "refused": len(report.refused),
        "rows": [
            {
                "row": one.row.number,
                "became": one.became,
                "code": one.refusal.code if one.refusal else "",
                "reason": one.refusal.said(lang) if one.refusal else "",
            }
            for one in report.rows
        ],
    }


handlers = [desk_relationships, offer_page, list_page, load_list, api_load_list]
