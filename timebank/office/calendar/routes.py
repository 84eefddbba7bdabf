"""The desk's page of a year's days off."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadFields
from timebank.office.calendar import flow
from timebank.office.calendar.schemas import NoticeForm, SchoolForm
from timebank.web import i18n
from timebank.web.pages import go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/calendar", operation_id="ThisCalendar")
async def this_calendar(ctx: Ctx) -> Redirect:
    """This year's sheet."""
    return Redirect(path=f"/desk/calendar/{ctx.today().year}", status_code=303)


@get("/desk/calendar/{year:int}", operation_id="CalendarYear")
async def show_year(request: Request, ctx: Ctx, actor: Who, year: FromPath[int]) -> Template:
    """Twelve months with the days off and the weekend days worked."""
    return page(
        request, "calendar/year.html", shown=await flow.show_year(ctx, actor, year), text="", errors={}
    )


@post("/desk/calendar/{year:int}", operation_id="EnterHolidayNotice")
async def enter_notice(request: Request, ctx: Ctx, actor: Who, year: FromPath[int]) -> Template | Redirect:
    """Keep the notice, or show what speaks against it with everything still typed."""
    form, errors, typed = await read_form(request, NoticeForm)
    if form is not None:
        if form.by == "days":
            reading = await flow.enter_days(ctx, actor, year, form.days)
        else:
            reading = await flow.enter_text(ctx, actor, year, form.text)
        if reading.notice is not None:
            said = _(
                "记下了：放假 %(off)s 天，补班 %(worked)s 天。",
                off=len(reading.notice.days_off),
                worked=len(reading.notice.makeup_workdays),
            )
            return go(f"/desk/calendar/{year}", said)
        english = request.state.lang == "en"
        errors = {"text": " ".join(one.en if english else one.zh for one in reading.doubts)}
    shown = await flow.show_year(ctx, actor, year)
    text = str(typed.get("text", ""))
    return page(request, "calendar/year.html", status=422, shown=shown, text=text, errors=errors)


@post("/desk/calendar/{year:int}/school", operation_id="EnterSchoolHolidays")
async def enter_school_holidays(
    request: Request, ctx: Ctx, actor: Who, year: FromPath[int]
) -> Template | Redirect:
    """Keep the year's school holidays, or show what is wrong with a day beside it."""
    form, errors, typed = await read_form(request, SchoolForm)
    if form is not None:
        try:
            await flow.enter_school_holidays(ctx, actor, year, form.breaks)
        except BadFields as refusal:
            errors = {one.field: one.said(request.state.lang) for one in refusal.fields}
        else:
            return go(f"/desk/calendar/{year}", _("学校放假的日子记下了。"))
    shown = await flow.show_year(ctx, actor, year)
    return page(request, "calendar/year.html", status=422, shown=shown, text="", typed=typed, errors=errors)


@post("/desk/calendar/{year:int}/drop", operation_id="DropHolidayNotice")
async def drop_notice(ctx: Ctx, actor: Who, year: FromPath[int]) -> Redirect:
    """Go by the library's calendar again."""
    await flow.drop_notice(ctx, actor, year)
    return go(f"/desk/calendar/{year}", _("取消了，这一年按公共日历算。"))


handlers = [this_calendar, show_year, enter_notice, enter_school_holidays, drop_notice]
