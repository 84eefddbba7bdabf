"""The desk's pages of bringing files in: choose, read what became of every row, answer what was doubted."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField, BadFields
from timebank.help.imports import answering, flow, table_routes
from timebank.help.imports.report import Row
from timebank.help.imports.schemas import FileOut, FilesOut, RowForm
from timebank.help.imports.words import ANSWERS, KIND_NAMES, VERDICTS, WHO_CODES, WHY_LEFT_OUT, WHY_PASSED
from timebank.web import i18n
from timebank.web.pages import go, inside, page, read_form, refuse_fields
from timebank.web.request import Request
from timebank.web.uploads import read_uploads

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/import", operation_id="ImportPage")
async def import_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Choose files; below, what came in before."""
    return page(request, "imports/import.html", files=await flow.files(ctx, actor), errors={})


@post("/desk/import", operation_id="ImportFiles")
async def import_files(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Bring the chosen files in."""
    read, errors = await read_uploads(request)
    if errors:
        return page(
            request, "imports/import.html", status=422, files=await flow.files(ctx, actor), errors=errors
        )
    reports = await flow.import_files(ctx, actor, actor.community, read)
    unread = [report for report in reports if not report.uid]
    if unread:
        lang = request.state.lang
        said = [
            f"{report.name}: {report.rows[0].reasons[0].en if lang == 'en' else report.rows[0].reasons[0].zh}"
            for report in unread
        ]
        return page(
            request,
            "imports/import.html",
            status=422,
            files=await flow.files(ctx, actor),
            errors={"files": " ".join(said)},
        )
    if len(reports) > 1:
        waiting = sum(len(report.waiting) for report in reports)
        return go(
            "/desk/import",
            _("%(files)s 个文件都读完了，有 %(rows)s 行要问一下。", files=len(reports), rows=waiting),
        )
    (report,) = reports
    said_now = (
        _("这个文件以前导入过，没有改动任何东西。") if report.known else _("读完了，每一行的结果都在下面。")
    )
    return go(f"/desk/import/{report.uid}", said_now, kind="wait" if report.known else "done")


@get("/desk/import/{uid:str}", operation_id="ShowImport")
async def show_import(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """What became of every row of a file."""
    return await _report(request, ctx, actor, uid)


@post("/desk/import/{uid:str}/rows/{place:int}", operation_id="AnswerRow")
async def answer_row(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], place: FromPath[int]
) -> Template | Redirect:
    """Accept, correct or drop one row; what was typed stays when it still does not fit."""
    form, errors, as_typed = await read_form(request, RowForm)
    typed = {name: value for name, value in as_typed.items() if isinstance(value, str)}
    if form is None:
        return await _report(request, ctx, actor, uid, at=place, typed=typed, errors=errors)
    # An emptied cell says something, too: it was wrong and nothing stands in its place.
    cells = {name.removeprefix("cell:"): text for name, text in typed.items() if name.startswith("cell:")}
    try:
        row = await answering.answer_row(
            ctx, actor, file=uid, place=place, step=form.step, cells=cells, who=form.who, number=form.row
        )
    except BadFields as refusal:
        said = {one.field: one.said(request.state.lang) for one in refusal.fields}
        return await _report(request, ctx, actor, uid, at=place, typed=typed, errors=said)
    except BadField as refusal:
        said = {refusal.field: refusal.said(request.state.lang)}
        return await _report(request, ctx, actor, uid, at=place, typed=typed, errors=said)
    said_now = _(
        "第 %(row)s 行：%(answer)s。",
        row=row.number,
        answer=str(ANSWERS[row.answer] if row.answer else _("记下是谁了，别的还要再问")),
    )
    return go(inside(form.next, f"/desk/import/{uid}#waiting"), said_now)


async def _report(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    *,
    at: int = -1,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    report = await flow.file_report(ctx, actor, uid)
    places: list[tuple[int, Row]] = list(enumerate(report.rows))
    return page(
        request,
        "imports/report.html",
        status=422 if errors else 200,
        report=report,
        waiting=[(place, row) for place, row in places if row.waits and not row.waits_for_its_table],
        tables_waiting=len({row.sheet for row in report.waiting if row.waits_for_its_table}),
        settled=[(place, row) for place, row in places if not row.waits and row.reasons],
        who_codes=WHO_CODES,
        verdicts=VERDICTS,
        answers=ANSWERS,
        kinds=KIND_NAMES,
        why_left_out=WHY_LEFT_OUT,
        why_passed=WHY_PASSED,
        at=at,
        typed=typed or {},
        errors=errors or {},
    )


@post("/api/import", operation_id="ApiImport", status_code=200)
async def api_import(request: Request, ctx: Ctx, actor: Who) -> FilesOut:
    """Bring in files posted as multipart parts named `files`; every row comes back with its verdict."""
    read, errors = await read_uploads(request)
    if errors:
        raise refuse_fields(errors)
    reports = await flow.import_files(ctx, actor, actor.community, read)
    return FilesOut(files=tuple(FileOut.told(report) for report in reports))


handlers: list[HTTPRouteHandler] = [
    import_page, import_files, show_import, answer_row, api_import, *table_routes.handlers
]  # fmt: skip
