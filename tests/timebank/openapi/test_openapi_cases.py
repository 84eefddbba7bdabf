"""The running app keeps to its document: whoever asks, with whatever, nothing is answered that it does not say, no 500, and no
private word of somebody else.

`API_CASES=10000` (make soak) sends as many cases on each database to every operation as everybody; the short run takes turns
among the operations. `API_SEED` draws others.
"""

from __future__ import annotations

import os

import pytest

from tests.timebank.openapi.sweeping import EVERYBODY, Sweep

CASES = int(os.environ.get("API_CASES", "0"))
NUMBER = int(os.environ.get("API_SEED", "1"))

pytestmark = pytest.mark.timeout(0 if CASES else 600)


def test_nothing_is_answered_that_the_document_does_not_say(sweep: Sweep) -> None:
    names, found = sorted(sweep.operations), sweep.found
    dialect = sweep.street.ctx.engine.dialect
    if CASES:
        sweep.known_to_work(names, walkers_each=4)
        before = found.cases
        sweep.generated(names, each=-(-CASES // len(names)), number=NUMBER)
        assert found.cases - before >= CASES
        assert set(found.roles) == set(EVERYBODY)
        sweep.lasting(names, rounds=3, number=NUMBER)
    else:
        sweep.known_to_work(names if dialect == "sqlite" else names[::3], walkers_each=0)
        sweep.generated(names[:: 8 if dialect == "sqlite" else 15], each=2, number=NUMBER)
        sweep.lasting(names[1 :: 8 if dialect == "sqlite" else 15], rounds=1, number=NUMBER)
    print(f"\n{dialect}: {found.cases} cases, {len(found.done)} of {len(names)} operations with success")
    print(f"  {dict(sorted(found.statuses.items()))}; none: {sorted(set(names) - found.done)}")
    print(found)
    assert not found.wrong
    if CASES or dialect == "sqlite":
        assert len(found.done) >= 0.9 * len(names), sorted(set(names) - found.done)
