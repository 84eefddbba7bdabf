"""The desk sorts its work by when an answer is due: late, today, this week, later; what is taken stands apart."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from timebank.help.requests.views import grouped

TODAY = date(2026, 11, 24)  # a Tuesday


def request(days: int, *, urgent: bool = False, taken: bool = False) -> Any:
    return SimpleNamespace(
        due_on=TODAY + timedelta(days=days), urgent=urgent, visit=object() if taken else None
    )


@pytest.mark.parametrize(
    ("one", "group"),
    [
        (request(-1), "late"),
        (request(-1, urgent=True), "late"),
        (request(0), "today"),
        (request(3, urgent=True), "today"),
        (request(1), "week"),
        (request(5), "week"),
        (request(6), "later"),
        (request(-9, urgent=True, taken=True), "taken"),
    ],
)
def test_a_request_stands_in_the_group_of_its_answer(one: Any, group: str) -> None:
    assert [found.when for found in grouped([one], TODAY)] == [group]


def test_every_request_stands_in_one_group_in_the_order_it_came() -> None:
    ones = [*(request(days) for days in (9, -3, 0, 2, -1)), request(4, urgent=True)]
    groups = grouped(ones, TODAY)
    assert [group.when for group in groups] == ["late", "today", "week", "later"]
    assert [[ones.index(one) for one in group.requests] for group in groups] == [[1, 4], [2, 5], [3], [0]]
