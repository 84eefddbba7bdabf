"""A sweep over the world of the access tests, in a file or in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.timebank.openapi.sweeping import Sweep, sweep_over


@pytest.fixture
def sweep(database_url: str) -> Iterator[Sweep]:
    """On each database."""
    with sweep_over(database_url) as sweep:
        yield sweep
