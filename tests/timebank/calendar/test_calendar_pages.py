"""The year's days off at the desk: entered from the text or by ticking, refused with everything still typed, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.calendars import mainland
from marketplace.times import read_when
from timebank.help.lists.cards import coming
from timebank.office.calendar import flow
from timebank.store.places import calendars

TEXT = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假调休，共7天。1月31日（周日）、2月20日（周六）上班。"


async def calendar(town: Any, on: date) -> Any:
    return await calendars.calendar_of(town.ctx.engine, "dongqu", on)


async def test_a_pasted_notice_holds_from_then_on_and_may_be_taken_back(town: Any) -> None:
    desk = await town.client("worker")
    before = (await desk.get("/desk/calendar/2027")).text
    assert "先按周一到周五上班算" in before
    answer = await desk.submit("/desk/calendar/2027", {"by": "text", "text": TEXT})
    assert answer.status_code == 200
    assert "放假 10 天，补班 2 天" in answer.text
    found = await calendar(town, date(2027, 1, 4))
    assert found.is_workday(date(2027, 1, 31))
    assert found.is_public_holiday(date(2027, 2, 7))
    await desk.submit("/desk/calendar/2027/drop", {})
    assert await calendar(town, date(2027, 1, 4)) is mainland()


async def test_a_notice_that_does_not_fit_the_calendar_is_refused_with_the_text_still_there(
    town: Any,
) -> None:
    desk = await town.client("worker")
    answer = await desk.submit("/desk/calendar/2027", {"by": "text", "text": "元旦：1月1日（周四）放假。"})
    assert answer.status_code == 422
    assert "2027-01-01是周五" in answer.text
    assert "元旦：1月1日（周四）放假。" in answer.text
    assert await calendars.notice_of(town.ctx.engine, "dongqu", 2027) is None


async def test_ticked_days_take_the_weekends_beside_them_along(town: Any) -> None:
    worker = await town.actor("worker")
    ticked = {date(2027, 1, 1), date(2027, 1, 9)}
    reading = await flow.enter_days(town.ctx, worker, 2027, ticked)
    assert reading.notice is not None
    assert reading.notice.days_off == (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3))
    assert reading.notice.makeup_workdays == (date(2027, 1, 9),)
    shown = await flow.show_year(town.ctx, worker, 2027)
    days = [day for month in shown.months for week in month for day in week if day is not None]
    assert len(days) == 365
    assert {day.on for day in days if day.ticked} == ticked


@pytest.mark.parametrize("year", [2020, 2035])
async def test_a_year_out_of_reach_is_no_page(town: Any, year: int) -> None:
    desk = await town.client("worker")
    assert (await desk.get(f"/desk/calendar/{year}")).status_code == 404


async def test_the_sheet_shows_what_plans_go_by(town: Any) -> None:
    shown = await flow.show_year(town.ctx, await town.actor("worker"), 2026)
    days = {day.on: day for month in shown.months for week in month for day in week if day is not None}
    assert shown.known
    assert all(day.workday == mainland().is_workday(on) for on, day in days.items())
    assert days[date(2026, 10, 1)].holiday
    assert max(days) - min(days) == timedelta(days=364)


async def test_ticks_are_read_from_the_form_one_or_many(town: Any) -> None:
    desk = await town.client("worker")
    one = await desk.submit("/desk/calendar/2027", {"by": "days", "days": "2027-01-01"})
    assert "放假 3 天，补班 0 天" in one.text
    refused = await desk.submit("/desk/calendar/2027", {"by": "days", "days": "2027-13-01"})
    assert refused.status_code == 422
    kept = await calendars.notice_of(town.ctx.engine, "dongqu", 2027)
    assert kept is not None
    assert len(kept.days_off) == 3


async def test_the_hours_of_a_line_follow_the_offices_own_notice(town: Any) -> None:
    weekdays = read_when("工作日 9:00-10:00", filed_on=date(2026, 12, 7), zone=town.ctx.zone)
    worker = await town.actor("worker")
    friday = {date(2027, 1, 1)}
    before = coming(weekdays, date(2026, 12, 14), calendar=mainland(), zone=town.ctx.zone)
    assert friday <= {one.day for one in before}
    await flow.enter_days(town.ctx, worker, 2027, friday)
    calendar_of_ours = await calendar(town, date(2026, 12, 14))
    after = coming(weekdays, date(2026, 12, 14), calendar=calendar_of_ours, zone=town.ctx.zone)
    assert not friday & {one.day for one in after}


SCHOOL = {
    "winter_first": "2026-12-28",
    "winter_last": "2027-02-20",
    "summer_first": "2027-07-05",
    "summer_last": "2027-09-05",
}


async def test_school_holidays_hold_from_then_on_and_may_be_taken_back(town: Any) -> None:
    desk = await town.client("worker")
    assert "先按示例的日子算" in (await desk.get("/desk/calendar/2027")).text
    answer = await desk.submit("/desk/calendar/2027/school", SCHOOL)
    assert answer.status_code == 200
    assert 'value="2027-09-05"' in answer.text
    found = await calendar(town, date(2026, 12, 1))
    off = [date(2026, 12, 28), date(2027, 2, 20), date(2027, 7, 5), date(2027, 9, 5)]
    assert all(found.is_school_holiday(on) for on in off)
    # The sample's own days of that year count no longer; those of another year still do.
    assert not found.is_school_holiday(date(2027, 2, 21))
    assert found.is_school_holiday(date(2026, 7, 20))
    times = read_when("寒假期间每天上午", filed_on=date(2026, 12, 7), calendar=found, zone=town.ctx.zone)
    [rule] = times.recurrences
    assert (rule.first_on, rule.last_on) == (date(2026, 12, 28), date(2027, 2, 20))
    await desk.submit("/desk/calendar/2027/school", {})
    assert await calendar(town, date(2026, 12, 1)) is mainland()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"winter_last": ""}, "winter_last"),
        ({"summer_first": ""}, "summer_first"),
        ({"winter_last": "2028-02-20"}, "winter_last"),
        ({"summer_first": "2027-09-06"}, "summer_last"),
        ({"winter_first": "2026-06-01"}, "winter_last"),
        ({"other_first": "2027-02-20", "other_last": "2027-03-01"}, "other_first"),
        ({"other_first": "soon"}, "other_first"),
    ],
)
async def test_school_holidays_that_cannot_be_are_told_at_their_day_and_nothing_is_kept(
    town: Any, changed: dict[str, str], field: str
) -> None:
    desk = await town.client("worker")
    answer = await desk.submit("/desk/calendar/2027/school", SCHOOL | changed)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="2027-07-05"' in answer.text or "summer_first" in changed
    assert await calendars.school_holidays(town.ctx.engine, "dongqu") == ()
