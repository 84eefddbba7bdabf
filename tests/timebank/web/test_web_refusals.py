"""Which status a refusal has, from whichever package it comes."""

from __future__ import annotations

import pytest

from ledger.errors import BelowFloor, KeyConflict, UnknownHold
from marketplace.errors import ClaimedTwice
from timebank.errors import Clash, KeyReused, NotFound, StorageFull
from timebank.web.refusals import status_of_kind


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (NotFound, 404),
        (Clash, 409),
        (KeyReused, 422),
        (KeyConflict, 422),  # the same mistake, found by the ledger
        (UnknownHold, 404),
        (BelowFloor, 409),
        (ClaimedTwice, 409),
        (StorageFull, 503),
        (ZeroDivisionError, 500),
    ],
)
def test_every_refusal_has_a_status(kind: type[Exception], status: int) -> None:
    assert status_of_kind(kind) == status
