"""The running app keeps to its document: whoever asks, with whatever, nothing is answered that it does not say, and no 500.

`API_CASES=10000` (make soak) sends as many cases on each database to every operation as everybody; the short run takes turns
among the operations. `API_SEED` draws others.
"""

from __future__ import annotations

import os

import pytest

from tests.timebank.openapi.sweeping import EVERYBODY, Sweep

CASES = int(os.environ.get("API_CASES", "0"))
NUMBER = int(os.environ.get("API_SEED", "1"))
SHARE = {"sqlite": 0, "postgres": 1}
STRIDE = 4

pytestmark = pytest.mark.timeout(0 if CASES else 180)


def test_nothing_is_answered_that_the_document_does_not_say(sweep: Sweep) -> None:
    names = sorted(sweep.operations)
    sweep.known_to_work(names, walkers_each=4 if CASES else 0)
    if CASES:
        each = -(-max(CASES - sweep.found.cases, CASES // 2) // len(names))
        sweep.generated(names, each=each, number=NUMBER)
    else:
        share = SHARE[sweep.street.ctx.engine.dialect]
        sweep.generated(names[share::STRIDE], each=3, number=NUMBER)
    found = sweep.found
    print(
        f"\n{sweep.street.ctx.engine.dialect}: {found.cases} cases, {len(found.done)} of {len(names)} operations done,"
    )
    print(f"  {dict(sorted(found.statuses.items()))}; not done: {sorted(set(names) - found.done)}")
    assert not found.wrong, str(found)
    assert len(found.done) >= 0.9 * len(names), sorted(set(names) - found.done)
    assert found.cases >= CASES
    assert not CASES or set(found.roles) == set(EVERYBODY)
