"""The collector of cycles rests while it is asked to, and no longer."""

from __future__ import annotations

import gc
from contextlib import suppress

from ledger.uncollected import uncollected


def test_the_collector_goes_on_afterwards_also_when_the_work_failed() -> None:
    assert gc.isenabled()
    with suppress(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
