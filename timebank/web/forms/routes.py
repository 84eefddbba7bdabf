"""Pages of what was typed: the answer to a press under an address of its own, and a form whose sign-in had ended."""

from __future__ import annotations

import re

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.store.channels import forms
from timebank.store.members import people
from timebank.web import i18n
from timebank.web.downloads import Files
from timebank.web.forms.press import ADDRESS_LENGTH_MAX
from timebank.web.pages import go, page
from timebank.web.request import Request
from timebank.web.tokens import FormFields, owner_of

_ = i18n.gettext
_OF_OURS = re.compile(r"[A-Za-z0-9_.:/+=-]{2,}|")
"""Ids, codes and words that our pages put into hidden fields."""
_TYPED = re.compile(r"[0-9+][0-9 :.-]*")


@get("/check/{name:str}", operation_id="ShowDraft", answers=Files(kinds=("text/html",), again=True))
async def show_draft(
    request: Request, ctx: NamedDependency[Context], name: FromPath[str]
) -> Response[str] | Redirect:
    """The page that answered a press of one's own, for half an hour; one with a secret is seen once."""
    found = await forms.draft(ctx, name[:64], owner_of(request))
    if found is None:
        return go("/", _("那一页已经收起来了。要办的事请从头再来一次。"), kind="wait")
    return Response(content=found.html, status_code=found.status, media_type="text/html")


@get("/kept/{name:str}", operation_id="ShowKeptForm")
async def show_kept_form(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], name: FromPath[str]
) -> Template | Redirect:
    """What the same person had typed when their sign-in ended, and one button to go on; to anybody else their own home."""
    found = await forms.kept(ctx, name[:64], actor.uid)
    if found is None:
        return Redirect(path="/", status_code=303)
    names = await people.names(ctx.engine, [found.acting_for]) if found.acting_for else {}
    return page(
        request, "forms/kept.html", kept=found, said=said_of(found.pairs), same=found.acting_for == (actor.acting_for or ""),
        elder=names.get(found.acting_for, ""), ended=bool(found.acting_for) and not _may_act_for(actor, found.acting_for),
        fields=FormFields(request, key=f"kept-{found.hash[:32]}"),
        here=request.url.path[:ADDRESS_LENGTH_MAX],
    )  # fmt: skip


def _may_act_for(actor: Actor, elder: str) -> bool:
    """Whether what was written for somebody may still be sent by the actor."""
    try:
        sees(actor, "ActFor", Facts(community=actor.community, owners=frozenset({elder})))
    except NotFound:
        return False
    return True


def said_of(pairs: forms.Pairs) -> tuple[str, ...]:
    """What of a form a person wrote or would know again; not the ids that our own pages carry along."""
    said = (value for name, value in pairs if name != "next")
    return tuple(
        value for value in said if value and (not _OF_OURS.fullmatch(value) or _TYPED.fullmatch(value))
    )


handlers = [show_draft, show_kept_form]
