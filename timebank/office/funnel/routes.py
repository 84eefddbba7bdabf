"""The funnel at the desk: figures, the list behind each, the workbook; and the same for programs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Template

from timebank.access import Actor
from timebank.context import Context
from timebank.office.funnel import flow
from timebank.office.funnel.flow import ACTIVE_DAYS, Funnel, Listed, Narrowing
from timebank.office.funnel.schemas import FunnelOut, SearchForm, StageOut
from timebank.office.funnel.workbook import Words, workbook
from timebank.store.office.funnel import Person, Stage
from timebank.web import i18n
from timebank.web.downloads import Files
from timebank.web.pages import page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Code = Annotated[str, QueryParameter(max_length=80)]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STAGES = {
    Stage.REGISTERED: i18n.lazy("报到登记"),
    Stage.DOCKED: i18n.lazy("已对接"),
    Stage.PLACED: i18n.lazy("已上岗"),
    Stage.ACTIVE: i18n.lazy("在活动"),
}


def meanings() -> dict[Stage, str]:
    """What each stage counts, in the language of the request."""
    return {
        Stage.REGISTERED: _("登记过愿意帮忙、现在还在社区的人。"),
        Stage.DOCKED: _("其中：今天是队员、单位人员，有岗位或结对，认领过一件事，或者已上岗。"),
        Stage.PLACED: _(
            "其中：今天有岗位或结对，或者报名、参加过服务（取消和没来的不算）。按人数，不按岗位数。"
        ),
        Stage.ACTIVE: _("其中：最近 %(days)s 天里至少服务过一次。", days=ACTIVE_DAYS),
    }


@get("/desk/funnel", operation_id="ShowFunnel")
async def show_funnel(
    request: Request, ctx: Ctx, actor: Who, area: Code = "", team: Code = "", source: Code = ""
) -> Template:
    """The four figures, narrowed to a place, a team or a list."""
    shown = await flow.show_funnel(ctx, actor, Narrowing(area=area, team=team, source=source))
    return page(request, "funnel/funnel.html", _around(shown), shown=shown)


@get("/desk/funnel.xlsx", operation_id="DownloadFunnel", answers=Files(kinds=(XLSX,)))
async def download_funnel(
    request: Request,
    ctx: Ctx,
    actor: Who,
    area: Code = "",
    team: Code = "",
    source: Code = "",
    outside: FromQuery[bool] = False,
) -> Response[bytes]:
    """The figures and everybody behind them as a workbook; for outside the figures alone, and none of few people."""
    narrowed = Narrowing(area=area, team=team, source=source)
    if outside:
        shown, hidden, least = await flow.for_outside(ctx, actor, narrowed)
        people: Mapping[Stage, Sequence[Person]] = {}
    else:
        shown, people = await flow.download(ctx, actor, narrowed)
        hidden, least = frozenset(), 0
    words = Words(
        title=_("招募漏斗"),
        stages={stage: str(word) for stage, word in STAGES.items()},
        meanings=meanings(),
        head=(_("阶段"), _("人数"), _("占登记的"), _("怎么算")),
        columns=(_("编号"), _("姓名"), _("网格")),
        notes=[ctx.today().isoformat()],
        few=_("少于 %(people)s 人", people=least),
    )
    return Response(
        content=await asyncio.to_thread(partial(workbook, shown, people, words, hidden=hidden)),
        media_type=XLSX,
        headers={"content-disposition": 'attachment; filename="funnel.xlsx"'},
    )


@get("/desk/funnel/{stage:str}", operation_id="FunnelPeople")
async def funnel_people(
    request: Request,
    ctx: Ctx,
    actor: Who,
    stage: FromPath[str],
    area: Code = "",
    team: Code = "",
    source: Code = "",
    after: Code = "",
) -> Template:
    """Everybody behind a figure, page by page."""
    narrowing = Narrowing(area=area, team=team, source=source)
    shown = await flow.stage_people(ctx, actor, stage, narrowing, after=after)
    return _list(request, shown, "", after)


@post("/desk/funnel/{stage:str}", operation_id="SearchFunnelPeople", status_code=200)
async def search_funnel_people(
    request: Request,
    ctx: Ctx,
    actor: Who,
    stage: FromPath[str],
    area: Code = "",
    team: Code = "",
    source: Code = "",
) -> Template:
    """Those of them whom a name, a number or a phone may mean; posted, so that no name stands in an address."""
    form, errors, _typed = await read_form(request, SearchForm)
    if form is None:
        raise refuse_fields(errors)
    typed = form.q
    narrowing = Narrowing(area=area, team=team, source=source)
    shown = await flow.stage_people(ctx, actor, stage, narrowing, typed=typed)
    return _list(request, shown, typed, "")


@get("/api/funnel", operation_id="ApiFunnel")
async def api_funnel(ctx: Ctx, actor: Who, area: Code = "", team: Code = "", source: Code = "") -> FunnelOut:
    """The four figures."""
    return FunnelOut.of(await flow.show_funnel(ctx, actor, Narrowing(area=area, team=team, source=source)))


@get("/api/funnel/{stage:str}", operation_id="ApiFunnelPeople")
async def api_funnel_people(
    ctx: Ctx,
    actor: Who,
    stage: FromPath[str],
    area: Code = "",
    team: Code = "",
    source: Code = "",
    after: Code = "",
) -> StageOut:
    """The people behind a figure, page by page."""
    narrowing = Narrowing(area=area, team=team, source=source)
    return StageOut.of(await flow.stage_people(ctx, actor, stage, narrowing, after=after))


def _list(request: Request, shown: Listed, typed: str, after: str) -> Template:
    return page(request, "funnel/people.html", _around(shown.funnel), shown=shown, q=typed, after=after)


def _around(shown: Funnel) -> dict[str, object]:
    """What every page of the funnel says besides its figures or people: words, and what they can be narrowed to."""
    areas = [(one.code, one.name) for one in shown.areas]
    bodies = [(one.code, one.name) for one in shown.bodies]
    sources = [
        (one.source, _("%(name)s（%(people)s 人）", name=source_said(one.source), people=one.people))
        for one in shown.sources
    ]
    names = dict([*areas, *bodies, *sources])
    chosen = filter(None, (shown.narrowed.area, shown.narrowed.team, shown.narrowed.source))
    return {
        "stages": STAGES,
        "meanings": meanings(),
        "query": _query(shown),
        "said": " · ".join(names.get(code, code) for code in chosen),
        "areas": areas,
        "bodies": bodies,
        "sources": sources,
    }


def source_said(source: str) -> str:
    """A list as its files are named, without the word for its kind."""
    kind, _mark, name = source.partition(":")
    return name or kind


def _query(shown: Funnel) -> str:
    """The narrowing as the end of an address, "" when there is none."""
    chosen = {
        name: value
        for name, value in (
            ("area", shown.narrowed.area),
            ("team", shown.narrowed.team),
            ("source", shown.narrowed.source),
        )
        if value
    }
    return f"?{urlencode(chosen)}" if chosen else ""


handlers = [
    show_funnel, download_funnel, funnel_people, search_funnel_people, api_funnel, api_funnel_people,
]  # fmt: skip
