"""The town of the app's tests, with the ten minutes in which a press can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.conftest import rests
from tests.timebank.services.conftest import Scene


@pytest.fixture
async def scene(town: Any) -> Scene:
    await town.ctx.policies.load()
    rests(town.ctx, 10)
    return Scene(town)
