"""The collector rests while a plan is made, and is afterwards as it was found."""

from __future__ import annotations

import gc

import pytest

from marketplace.errors import LineTwice
from marketplace.planning import PlanContext, plan_week
from marketplace.planning.collecting import collector_resting
from marketplace.values import Week
from tests.marketplace.planning.conftest import MakeNeed


def test_the_collector_rests_inside_and_goes_on_after_a_refusal(
    need: MakeNeed, week: Week, context: PlanContext
) -> None:
    assert gc.isenabled()
    with collector_resting():
        assert not gc.isenabled()
        with collector_resting():
            pass
        assert not gc.isenabled()
    with pytest.raises(LineTwice):
        plan_week([need("甲"), need("甲")], [], week=week, context=context)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
