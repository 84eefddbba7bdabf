"""The page where a worker says which list a table is and what its columns hold; and steps that concern many rows at once."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.errors import UnknownColumn
from marketplace.lists import ListKind, Table, TableAnswers
from marketplace.lists.columns import all_columns, fields_of
from marketplace.lists.headers.claiming import PATH
from marketplace.lists.kinds import NONE
from marketplace.lists.table import LEAVE_OUT
from timebank.access import Actor
from timebank.context import Context
from timebank.help.imports import answering, tables, undoing
from timebank.help.imports.schemas import RowsForm, TableForm
from timebank.help.imports.tables import TableView
from timebank.help.imports.words import KIND_NAMES, VERDICTS
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]

_SAMPLE_ROWS, _SAMPLE_LETTERS = 3, 24


@get("/desk/import/{uid:str}/tables/{number:int}", operation_id="ShowTable")
async def show_table(
    request: Request,
    ctx: Ctx,
    actor: Who,
    uid: FromPath[str],
    number: FromPath[int],
    kind: FromQuery[str] = "",
) -> Template:
    """One table: the list it is taken for, and one choice for every column."""
    said = TableAnswers(kind=kind if kind in _kinds() else "")
    return _page(request, await tables.show_table(ctx, actor, uid, number, said))


@post("/desk/import/{uid:str}/tables/{number:int}", operation_id="AnswerTable")
async def answer_table(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], number: FromPath[int]
) -> Template | Redirect:
    """Look at what the choices make of the table, or bring it in like that."""
    form, errors, _typed = await read_form(request, TableForm)
    if form is None:
        raise refuse_fields(errors)
    kind = form.kind if form.kind in _kinds() else ""
    view = await tables.show_table(ctx, actor, uid, number, TableAnswers(kind=kind))
    said = _answers(view, form, kind)
    try:
        if form.step == "save":
            remember = form.remember == "yes"
            report = await tables.answer_table(ctx, actor, uid, number, said, remember=remember)
            waiting = len(report.waiting)
            return go(f"/desk/import/{uid}", _("照您说的读完了，还有 %(rows)s 行要问一下。", rows=waiting))
        view = await tables.show_table(ctx, actor, uid, number, said)
    except UnknownColumn as refusal:
        return _page(request, view, error=refusal.sentence(request.state.lang))
    return _page(request, view, previewed=True)


@post("/desk/import/{uid:str}/rows", operation_id="AnswerRows")
async def answer_rows(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Rows that ask the same thing, accepted or left out together."""
    form, errors, _typed = await read_form(request, RowsForm)
    if form is None:
        raise refuse_fields(errors)
    done, left = await answering.answer_rows(ctx, actor, file=uid, code=form.code, step=form.step)
    if left:
        said = _("%(done)s 行办好了，%(left)s 行要一行一行改。", done=done, left=left)
        return go(f"/desk/import/{uid}#waiting", said, kind="wait")
    return go(f"/desk/import/{uid}#waiting", _("%(done)s 行办好了。", done=done))


@post("/desk/import/{uid:str}/undo", operation_id="UndoImport")
async def undo_import(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A whole file taken back, as far as nothing rests on it."""
    done = await undoing.undo_file(ctx, actor, uid)
    if done.held:
        said = _(
            "撤回了 %(done)s 条；%(held)s 条已经有人认领、确认或用上了，留着没动。",
            done=done.undone,
            held=done.held,
        )
        return go("/desk/import", said, kind="wait")
    return go("/desk/import", _("这个文件撤回了，共 %(done)s 条。", done=done.undone))


def _kinds() -> tuple[str, ...]:
    return (*(kind.value for kind in all_columns()), NONE)


def _answers(view: TableView, form: TableForm, kind: str) -> TableAnswers:
    """What was chosen beyond what the reader chose by itself."""
    chosen = kind or view.read.kind.value
    known = set(fields_of(ListKind(chosen))) if chosen in {one.value for one in all_columns()} else set()
    typed = {name: values[-1] for name, values in form.others.items() if values}
    columns: dict[str, str] = {}
    # The choices of another list say nothing about this one.
    if form.shown in ("", chosen):
        for at, column in enumerate(view.table.columns):
            to = typed.get(f"col:{at}", "")
            if to in {*known, LEAVE_OUT} and to != _taken_as(view.read, column):
                columns[column] = to
    rows = {
        one.about_rows: typed[f"rows:{one.about_rows}"]
        for one in view.read.questions
        if one.about_rows and typed.get(f"rows:{one.about_rows}") in ("take", "leave")
    }
    unit_minutes = {"hours": 60, "minutes": 1}.get(form.unit, 0)
    return TableAnswers(kind=kind, columns=columns, rows=rows, unit_minutes=unit_minutes)


def _taken_as(table: Table, column: str) -> str:
    """The field a column fills, "-" when it is left out, "" while nobody has said."""
    fields = {theirs: ours for ours, theirs in table.mapping.items()}
    fields |= {theirs: ours for ours, theirs in table.more}
    fields |= {one.column: one.field for one in table.ticks}
    for stay in table.stays:
        pairs = ((stay.signed_in, "signed_in"), (stay.signed_out, "signed_out"), (stay.minutes, "minutes"), (stay.cell, "minutes"))  # fmt: skip
        fields |= {column: name for column, name in pairs if column}
    if column in fields:
        return fields[column]
    return LEAVE_OUT if any(one.column == column for one in table.left_out) else ""


def _page(request: Request, view: TableView, *, error: str = "", previewed: bool = False) -> Template:
    read, lang = view.read, request.state.lang
    asked = {one.column: one for one in read.questions if one.code.startswith("column_")}
    kind = read.kind if read.kind is not ListKind.UNKNOWN else _guessed(read)
    known = all_columns().get(kind)
    lines = [row for row in view.table.rows if row.state.value == "line"] or list(view.table.rows)
    columns = [
        {
            "at": at,
            "name": column.replace(PATH, " · "),
            "cells": [row.cells.get(column, "")[:_SAMPLE_LETTERS] for row in lines[:_SAMPLE_ROWS]],
            "question": asked.get(column),
            "chosen": _taken_as(read, column)
            or (asked[column].guess if column in asked else "")
            or LEAVE_OUT,
        }
        for at, column in enumerate(view.table.columns)
    ]
    return page(
        request,
        "imports/table.html",
        status=422 if error else 200,
        view=view,
        kind=kind.value if known else "",
        kinds=[(one.value, KIND_NAMES[one.value]) for one in all_columns()],
        fields=[(name, known.label(name, lang)) for name in fields_of(kind)] if known else [],
        columns=columns if known else [],
        samples=lines[: _SAMPLE_ROWS + 2],
        questions=[one for one in read.questions if not one.column or one.code == "unit_unknown"],
        verdicts=VERDICTS,
        previewed=previewed,
        error=error,
        none=NONE,
        leave_out=LEAVE_OUT,
    )


def _guessed(table: Table) -> ListKind:
    said = table.answers.kind or table.looks_like
    return ListKind(said) if said in {one.value for one in all_columns()} else ListKind.UNKNOWN


handlers: list[HTTPRouteHandler] = [show_table, answer_table, answer_rows, undo_import]
