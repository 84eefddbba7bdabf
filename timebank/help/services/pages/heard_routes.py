"""The page after a call: what whoever was reached said to it."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.help.services.keeping.heard import questions
from timebank.web.pages import page
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/heard", operation_id="HeardOnCall")
async def heard(request: Request, ctx: Ctx, actor: Who, said: FromQuery[str] = "") -> Redirect | Template:
    """What to ask whoever was just reached; where there is nothing to ask, the next call."""
    asked = await questions(ctx, actor, said[:40], request.state.lang)
    if not asked:
        return Redirect(f"/desk/calls?said={said[:40]}" if said.isalnum() else "/desk/calls", status_code=303)
    return page(request, "services/heard.html", asked=asked, said=said)


handlers = [heard]
