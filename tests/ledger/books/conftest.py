"""Three months of a neighbourhood's life, for books to be written from."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import (
    AccountKind,
    Batch,
    ChangeLimits,
    CloseAccount,
    OpenAccount,
    ReverseTransfer,
    SettleHold,
    VoidHold,
)
from ledger.errors import Unmet
from tests.ledger.conftest import Neighbourhood

DECEMBER = datetime(2026, 12, 3, 1, tzinfo=UTC)
MEMOS = [
    "",
    "S1",
    '他说 "好"',
    "a\\b \\n",
    "两行\n第二行\t制表",
    "😀👵🏽‍🦳",
    "䶮㙦",
    ";  # ^link #tag",
    "   ",
    "%s {0}",
]


async def live(town: Neighbourhood, *, steps: int = 150, seed: int = 7) -> None:
    """Three months of everything that can happen, told out of order as offices do."""
    dice = random.Random(seed)
    people = [town.zhang, town.li, town.wang]
    for code in people:
        await town.book.set_label(code, '张三 "老张" \\')
    await town.post(OpenAccount(key="pts", code=town.zhang, kind=AccountKind.LIABILITY, commodity="PTS",
                                floor=None, opened_on=date(2026, 9, 5)))  # fmt: skip
    for code in ("Liabilities:Member:Gone", "Liabilities:Member:Mover"):
        await town.post(
            OpenAccount(key=code, code=code, kind=AccountKind.LIABILITY, opened_on=date(2026, 9, 9))
        )
    holds, earned = [], []
    for step in range(steps):
        on = date(2026, 9, 10) + timedelta(days=dice.randrange(75))
        told: dict[str, Any] = {"effective_on": on, "memo": dice.choice(MEMOS), "meta": {"service": f"S{step}", "step": step},
                "occurred_at": datetime(2026, 9, 10, 1, 2, 3, step, tzinfo=UTC)}  # fmt: skip
        one, other = dice.sample(people, 2)
        try:
            match step % 6:
                case 0 | 1:
                    earned.append(await town.post(town.earn(one, dice.randrange(1, 120), **told)))
                case 2:
                    await town.post(town.pay(one, other, dice.randrange(1, 60), **told))
                case 3:
                    holds.append(await town.post(town.hold(one, other, dice.randrange(1, 60), **told)))
                case 4 if holds:
                    await town.post(SettleHold(key=town.key(), hold=holds.pop().uid, amount=1, **told))
                case 5 if holds and step % 4:
                    await town.post(VoidHold(key=town.key(), hold=holds.pop(0).uid, **told))
                case _:
                    await town.post(ReverseTransfer(key=town.key(), transfer=dice.choice(earned).uid, **told))
        except Unmet:
            continue
    await town.post(Batch(key="tuesday", commands=tuple(town.earn(code, 90) for code in people)))
    await town.post(
        ChangeLimits(key="limits", code=town.zhang, floor=-60, ceiling=None, effective_on=date(2026, 10, 9))
    )
    mover = "Liabilities:Member:Mover"
    await town.post(town.earn(mover, 30, effective_on=date(2026, 10, 1)))
    await town.post(town.hold(mover, town.li, 30, key="m1", effective_on=date(2026, 10, 1)))
    await town.book.expire_lapsed(at=DECEMBER)
    await town.post(town.pay(mover, town.li, 30, effective_on=date(2026, 10, 3)), at=DECEMBER)
    await town.post(
        CloseAccount(key="gone", code="Liabilities:Member:Gone", effective_on=date(2026, 10, 2)), at=DECEMBER
    )
    await town.post(CloseAccount(key="moved", code=mover, effective_on=date(2026, 12, 3)), at=DECEMBER)
    await town.book.close_month("2026-10", at=DECEMBER)


@pytest.fixture
def lived_in() -> Any:
    """`await lived_in(town)`: live there for a while, the same way each time."""
    return live
