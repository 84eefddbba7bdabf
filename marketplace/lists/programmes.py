"""Rows of the activities list and of the projects list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from marketplace.lists.reading import RowReading, line_key, listed, place_in
from marketplace.text import folded
from marketplace.values import Activity, Looseness, Project, When


def read_activity(reading: RowReading) -> Activity:
    """The activity a row states."""
    title = reading.text("title")
    lead, rota = _lead(reading.text("lead"))
    return Activity(
        line_key=line_key("activities", [title, reading.text("when")]),
        title=title,
        lead=lead,
        rota=rota,
        when=reading.when("when", filed_on=reading.table.filed_on),
        place=place_in(reading.text("place")),
        helpers=reading.quantity("helpers", helpers=True) if reading.text("helpers") else None,
        audience=reading.text("audience"),
        state=reading.text("state"),
    )


def _lead(text: str) -> tuple[str, str]:
    """区第二人民医院(12月轮值:实验小学): the leading unit, and what the brackets say about turns."""
    found = re.fullmatch(r"(.+?)\s*[((](.*(?:轮值|rota|turn).*)[))]", text)
    return (found[1], found[2]) if found else (text, "")


def read_project(reading: RowReading) -> Project:
    """The project a row states; its date is a deadline."""
    title = reading.text("title")
    percent, state = _progress(reading)
    return Project(
        line_key=line_key("projects", [title]),
        title=title,
        lead=reading.text("lead"),
        partners=listed(reading.text("partners")),
        content=reading.text("content"),
        requires=reading.text("requires"),
        due=by_then(reading, "due", filed_on=reading.table.filed_on),
        progress_percent=percent,
        state=state,
    )


def by_then(reading: RowReading, name: str, *, filed_on: date) -> When:
    """A plain date in a column of deadlines means until that day."""
    text = reading.text(name)
    plain = re.fullmatch(r"[\d年月日号./\-\s]+", folded(text))
    when = reading.when(name, filed_on=filed_on)
    if not plain or not text or len(when.windows) != 1:
        return when
    last_on = when.windows[0].starts_at.date()
    return replace(
        when,
        windows=(),
        looseness=Looseness.BY_DATE,
        first_on=min(filed_on, last_on),
        last_on=last_on,
        said_zh=f"{last_on.year}年{last_on.month}月{last_on.day}日前",
        said_en=f"by {last_on:%d %B %Y}".replace("by 0", "by "),
    )


def _progress(reading: RowReading) -> tuple[int | None, str]:
    """60%, 0.6 and 60 are sixty percent; words stay words."""
    text = folded(reading.text("progress"))
    percent = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", text)
    share = re.fullmatch(r"0\.\d+|[01]", text)
    if percent and float(percent[1]) <= 100:
        return round(float(percent[1])), ""
    if share:
        return round(float(text) * 100), ""
    if re.search(r"\d+\s*%", text):
        reading.note("progress_unreadable", "progress", text=text)
    return None, text
