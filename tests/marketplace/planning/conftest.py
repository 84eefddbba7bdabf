"""Small builders of needs and resources, as fixtures, so that each test states only what it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from marketplace.planning import PlanContext
from marketplace.values import (
    SHANGHAI,
    Looseness,
    Need,
    Place,
    Quantity,
    Resource,
    Unit,
    Week,
    When,
    Window,
)

MakeNeed = Callable[..., Need]
MakeResource = Callable[..., Resource]
Stretch = Callable[[int, str, str], Window]

WEEK = Week.parse("2026-W48")


def at(weekday: int, starts: str, ends: str) -> Window:
    """A stretch of the planned week; Monday is 0."""
    day = WEEK.monday_on + timedelta(days=weekday)
    first, last = (
        datetime.combine(day, datetime.strptime(text, "%H:%M").time(), tzinfo=SHANGHAI)
        for text in (starts, ends)
    )
    return Window(first, last)


def need_of(key: str, category: str = "help", *windows: Window, **more: Any) -> Need:
    loose = Looseness.FIXED if windows else Looseness.ANY
    grid = more.pop("grid", "")
    fields: dict[str, Any] = {
        "title": key,
        "categories": (category,),
        "when": When(windows=windows, looseness=loose),
        "filed_on": date(2026, 11, 16),
        "place": Place(grid=grid),
    }
    return Need(line_key=key, **{**fields, **more})


def resource_of(key: str, category: str = "help", *windows: Window, **more: Any) -> Resource:
    loose = Looseness.FIXED if windows else Looseness.ANY
    fields: dict[str, Any] = {
        "title": key,
        "owner": key,
        "categories": (category,),
        "when": When(windows=windows, looseness=loose),
        "quantity": Quantity(amount=1, unit=Unit.HELPER),
    }
    return Resource(line_key=key, **{**fields, **more})


@pytest.fixture
def week() -> Week:
    return WEEK


@pytest.fixture
def stretch() -> Stretch:
    return at


@pytest.fixture
def need() -> MakeNeed:
    return need_of


@pytest.fixture
def resource() -> MakeResource:
    return resource_of


@pytest.fixture
def context() -> PlanContext:
    return PlanContext(now=datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI))
