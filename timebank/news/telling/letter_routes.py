"""The weekly letter to families, as a page."""

from __future__ import annotations

from datetime import date

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.news.letters import letter_of, scope_of
from timebank.store.members import people
from timebank.web.pages import page
from timebank.web.request import Request


@get("/letters/{uid:str}/{week:str}", operation_id="FamilyLetter")
async def family_letter(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    uid: FromPath[str],
    week: FromPath[str],
) -> Template:
    """One week of somebody whose notices I may read, as far as I may read it."""
    row = await people.member(ctx.engine, uid)
    if row is None:
        raise NotFound()
    sees(actor, "FamilyLetter", Facts(community=row.community, owners=frozenset({uid})))
    try:
        until_on = date.fromisoformat(week)
    except ValueError as wrong:
        raise NotFound() from wrong
    scope = await scope_of(ctx, actor.uid, uid)
    letter = await letter_of(ctx, uid, until_on=until_on, scope=scope, lang=request.state.lang)
    if not scope or letter is None:
        raise NotFound()
    return page(request, "news/letter.html", letter=letter)


handlers = [family_letter]
