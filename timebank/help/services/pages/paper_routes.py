"""The paper roster typed in: a grid of the printed rows, checked against the foot of the paper."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.help.services import rolls
from timebank.help.services.pages.schemas import PaperBody, PaperForm, PaperOut
from timebank.help.services.teams.paper import Newcomer, OnPaper, write_paper
from timebank.rules.parts.roster_grid import Row, Stay, read_rows
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
BLANK_ROWS = 3


@get("/teams/{code:str}/shifts/{uid:str}/grid", operation_id="PaperGrid")
async def paper_grid(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Template:
    """The rows of the printed roster as cells."""
    return await _grid(request, ctx, actor, code, uid)


@post("/teams/{code:str}/shifts/{uid:str}/grid", operation_id="SavePaper")
async def save_paper(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Every row that says something new is written; what cannot be read keeps everything that was typed."""
    form, errors, typed = await read_form(request, PaperForm)
    if form is None:
        return await _grid(request, ctx, actor, code, uid, errors=errors, typed=typed, status=422)
    named = form.new_rows()
    stays, wrong = read_rows([*form.rows(), *(row for _name, row in named)])
    if wrong:
        errors = {
            "cells": _(
                "看不懂：%(cells)s。写 8:30、830 或八点半，没来写 -。", cells="、".join(wrong.values())
            )
        }
        return await _grid(
            request, ctx, actor, code, uid, errors=errors, typed=typed, wrong=frozenset(wrong), status=422
        )
    try:
        done = await write_paper(
            ctx, actor, uid, *_split(stays, {row.key: name for name, row in named}),
            OnPaper(heads=form.heads, minutes=form.minutes),
        )  # fmt: skip
    except AppRefusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        errors = {refusal.field or "cells": refusal.said(request.state.lang)}
        return await _grid(request, ctx, actor, code, uid, errors=errors, typed=typed, status=422)
    said = i18n.ngettext("照纸上改了 %(num)s 行。", "照纸上改了 %(num)s 行。", done.written)
    if done.own:
        said += " " + _("您自己的那一行，请别的同事来填。")
    return go(f"/teams/{code}/shifts/{uid}", said)


@post("/api/services/{uid:str}/paper", operation_id="ApiSavePaper", status_code=200)
async def save_paper_by_program(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PaperBody]
) -> PaperOut:
    """The paper roster, row by row; together or not at all."""
    rows = [
        Row(key=one.part or f"new-{at}", arrived=one.arrived, left=one.left)
        for at, one in enumerate(data.rows)
    ]
    stays, wrong = read_rows(rows)
    if wrong:
        cells = ", ".join(wrong.values())
        raise BadField(f"看不懂：{cells}。", f"Not a clock: {cells}.", field="rows")
    names = {f"new-{at}": one.name for at, one in enumerate(data.rows) if not one.part}
    done = await write_paper(
        ctx, actor, uid, *_split(stays, names), OnPaper(heads=data.heads, minutes=data.minutes)
    )
    return PaperOut(written=done.written, own=done.own)


def _split(stays: list[Stay], names: dict[str, str]) -> tuple[list[Stay], list[Newcomer]]:
    """(rows of those on the roster, rows of those on the paper alone that say something)."""
    on_it = [one for one in stays if one.key not in names]
    new = [
        Newcomer(name=names[one.key], stay=one) for one in stays if one.key in names and not one.says_nothing
    ]
    return on_it, new


async def _grid(
    request: Request,
    ctx: Context,
    actor: Actor,
    code: str,
    uid: str,
    *,
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
    wrong: frozenset[str] = frozenset(),
    status: int = 200,
) -> Template:
    roll = await rolls.roll_call(ctx, actor, uid, operation="PaperGrid", lang=request.state.lang)
    if roll.team.code != code:
        raise NotFound()
    typed = typed or {}
    return page(
        request, "services/grid.html", status=status, roll=roll, errors=errors or {}, wrong=wrong,
        arrived=_column(typed, "part", "arrived"), left=_column(typed, "part", "left"),
        new=[_cells(typed, at) for at in range(BLANK_ROWS)], heads=typed.get("heads", ""), minutes=typed.get("minutes", ""),
    )  # fmt: skip


def _column(typed: Typed, keys: str, values: str) -> dict[str, str]:
    """What was typed in a column, by the key of its row."""
    return dict(zip(_list(typed.get(keys)), _list(typed.get(values)), strict=False))


def _cells(typed: Typed, at: int) -> tuple[str, str, str]:
    """(name, came, went) of a row of those who are on the paper alone."""
    found = [_list(typed.get(name)) for name in ("name", "came", "went")]
    name, came, went = (one[at] if at < len(one) else "" for one in found)
    return name, came, went


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


handlers = [paper_grid, save_paper, save_paper_by_program]
