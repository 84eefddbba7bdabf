"""The lists as the desk keeps them, for programs; the same flows as the pages."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from pydantic import ValidationError

from marketplace.store import Standing
from timebank.access import Actor
from timebank.context import Context
from timebank.help.lists.desk import flow, views
from timebank.help.lists.desk.flow import Step
from timebank.help.lists.desk.reading import Written
from timebank.help.lists.desk.schemas import (
    ChangeOut,
    FactOut,
    KeptLineOut,
    KeptListOut,
    LineIn,
    LineOut,
    SavedOut,
    StepIn,
    SteppedOut,
)
from timebank.web.once import once
from timebank.web.pages import refuse_fields, said_errors
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
SubmissionKey = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@get("/api/desk/lists/{kind:str}", operation_id="ApiDeskLists")
async def api_desk_list(
    request: Request,
    ctx: Ctx,
    actor: Who,
    kind: FromPath[str],
    q: Annotated[str, QueryParameter(max_length=60)] = "",
    standing: Annotated[str, QueryParameter(max_length=20)] = "",
    number: Annotated[int, QueryParameter(name="page", ge=1, le=100_000)] = 1,
) -> KeptListOut:
    """One page of a list; lines of every standing when none is named."""
    chosen = Standing(standing) if standing in set(Standing) else None
    shown = await views.list_page(
        ctx, actor, kind, lang=request.state.lang, words=q, standing=chosen, number=number
    )
    lines = tuple(
        KeptLineOut(
            kind=kind,
            key=row.card.key,
            title=row.card.title,
            owner=row.owner,
            standing=row.standing,
            ended_on=row.ended_on,
            when=row.card.when,
            quantity=row.card.quantity,
            category=row.card.category,
        )
        for row in shown.rows
    )
    return KeptListOut(kind=kind, total=shown.total, page=number, pages=shown.pages, lines=lines)


@get("/api/desk/lists/{kind:str}/{key:str}", operation_id="ApiDeskLine")
async def api_desk_line(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str]
) -> LineOut:
    """One line with all that only the desk reads, and its history."""
    view = await views.line_view(ctx, actor, kind, key, lang=request.state.lang)
    return LineOut(
        kind=kind,
        key=key,
        title=view.title,
        owner=view.owner,
        standing=view.found.standing,
        ended_on=view.found.ended_on,
        facts=tuple(FactOut(label=label, text=text) for label, text in view.facts),
        read_as=view.read_as,
        doubt=view.doubt,
        history=tuple(ChangeOut.of(one) for one in view.history),
    )


@post("/api/desk/lists/{kind:str}", operation_id="ApiAddLine")
async def api_add_line(
    ctx: Ctx, actor: Who, kind: FromPath[str], data: JSONBody[LineIn], submission: SubmissionKey = ""
) -> SavedOut:
    """A new line on a list."""
    written = _written(data)

    async def run() -> SavedOut:
        return SavedOut(kind=kind, key=await flow.save_line(ctx, actor, kind, written))

    asked = {"list": kind, **data.model_dump()}
    return await once(ctx, actor, submission, operation="ApiAddLine", body=asked, kind=SavedOut, run=run)


@post("/api/desk/lists/{kind:str}/{key:str}", operation_id="ApiSaveLine", status_code=200)
async def api_save_line(
    ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str], data: JSONBody[LineIn]
) -> SavedOut:
    """A line changed; fields left out are empty afterwards."""
    await flow.kept(ctx, actor, "SaveLine", kind, key)
    return SavedOut(kind=kind, key=await flow.save_line(ctx, actor, kind, _written(data), key=key))


@post("/api/desk/lists/{kind:str}/{key:str}/step", operation_id="ApiLineStep", status_code=200)
async def api_line_step(
    ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str], data: JSONBody[StepIn]
) -> SteppedOut:
    """A line paused, put back or ended."""
    standing = await flow.take_step(ctx, actor, kind, key, Step(data.step), reason=data.reason)
    return SteppedOut(kind=kind, key=key, standing=standing)


def _written(data: LineIn) -> Written:
    """What was sent as the flow takes it; BadFields for a field or a code that the form does not have."""
    try:
        return data.form().written()
    except ValidationError as error:
        raise refuse_fields(said_errors(error)) from error


handlers: list[HTTPRouteHandler] = [
    api_desk_list, api_desk_line, api_add_line, api_save_line, api_line_step,
]  # fmt: skip
