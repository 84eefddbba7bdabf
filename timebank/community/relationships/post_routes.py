"""Pages of posts: which there are, claiming one, and the desk's new ones."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor, Role
from timebank.community.relationships import posts
from timebank.community.relationships.schemas import ClaimPostForm, PostForm
from timebank.community.relationships.words import WORDS
from timebank.context import Context
from timebank.rules.relationships import State
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/posts", operation_id="Posts")
async def posts_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Posts with their free places; the desk also sees who holds them."""
    return await _page(request, ctx, actor)


@post("/desk/posts", operation_id="OpenPost")
async def open_post(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """A new post on the list."""
    form, errors, typed = await read_form(request, PostForm)
    if form is None:
        return await _page(request, ctx, actor, typed=typed, errors=errors, status=422)
    await posts.open_post(
        ctx, actor, kind=form.kind, title=form.title, places=form.places, grid=form.grid, duties=form.duties
    )
    return go("/posts", _("岗位登出来了，可以认领，也可以直接安排人。"))


@post("/posts/{key:str}/claim", operation_id="ClaimPost")
async def claim_post(request: Request, ctx: Ctx, actor: Who, key: FromPath[str]) -> Redirect:
    """Ask for a place of a post."""
    form, errors, _typed = await read_form(request, ClaimPostForm)
    if form is None:
        raise refuse_fields(errors)
    made = await posts.claim_post(ctx, actor, key, form.note)
    if made.state is State.IN_FORCE:
        return go("/posts", _("这个岗位归您了。"))
    return go("/posts", _("认领了，等社区答复。"))


async def _page(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    typed: dict[str, object] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    catalogue = ctx.catalogue_of(actor.community)
    return page(
        request, "relationships/posts.html", WORDS, status=status, posts=await posts.posts(ctx, actor, request.state.lang),
        at_desk=actor.has(Role.WORKER), post_kinds=posts.post_kinds(ctx, actor.community), titles=catalogue.titles,
        typed=typed or {}, errors=errors or {},
    )  # fmt: skip


handlers = [posts_page, open_post, claim_post]
