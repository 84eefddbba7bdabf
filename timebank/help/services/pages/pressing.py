"""One step by one press: done, or refused on the same page with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from litestar import Response
from litestar.response import Redirect, Template

from ledger import LedgerRefusal
from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import AppRefusal, NotAllowed, NotFound, NotSignedIn
from timebank.help.promises.words import EVIDENCE
from timebank.help.services import rolls
from timebank.help.services.pages.wording import KINDS, STATES, row_note
from timebank.store.help import services
from timebank.web.fields import Form
from timebank.web.pages import go, inside, page, read_form, refuse_fields
from timebank.web.refusals import wants_page
from timebank.web.request import Request

WORDS = {"states": STATES, "evidence": EVIDENCE, "kinds": KINDS, "row_note": row_note}
Filled = TypeVar("Filled", bound=Form)
Stepped = Redirect | Template | Response[None]


async def pressed(
    request: Request,
    form: type[Filled],
    otherwise: str,
    act: Callable[[Filled], Awaitable[Redirect | Template]],
) -> Redirect | Template | Response[None]:
    """One step on a page with several: what cannot be done now is said on that same page.

    Args:
        otherwise: where the step goes on when the form does not say.
        act: does the step with the form's values and answers with where to go.
    """
    values, errors, typed = await read_form(request, form)
    back = inside(str(typed.get("next", "")), otherwise)
    if values is None:
        return _sent_back(request, back, " ".join(errors.values()), refuse_fields(errors))
    try:
        return await act(values)
    except (AppRefusal, LedgerRefusal) as refusal:
        if isinstance(refusal, (NotFound, NotSignedIn)) or type(refusal) is NotAllowed:
            raise
        said = refusal.en if request.state.lang == "en" else refusal.zh
        return _sent_back(request, back, said, refusal)


def _sent_back(request: Request, back: str, said: str, refusal: Exception) -> Redirect | Response[None]:
    if not wants_page(request):
        raise refusal
    answer = go(back, said, kind="bad")
    if not request.headers.get("hx-request"):
        return answer
    # A swapped fragment has no room for the sentence: let the page load again and say it.
    return Response(content=None, headers={"hx-redirect": back}, cookies=answer.cookies)


async def row_or_page(
    request: Request, ctx: Context, actor: Actor, uid: str, back: str
) -> Redirect | Template:
    """One row for a page that swaps it in place, else the whole page again at that row."""
    part = await services.attendance(ctx.engine, uid)
    assert part is not None
    if request.headers.get("hx-request") and actor.has(Role.LEADER, Role.WORKER):
        roll = await rolls.roll_call(ctx, actor, part.service, lang=request.state.lang)
        row = next(one for one in roll.rows if one.part.uid == uid)
        return page(request, "services/row.html", WORDS, roll=roll, row=row, fragment=True)
    return go(f"{inside(back, '/volunteer')}#{uid}")
