"""Hours to read, give and correct: the same scene as for services."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _scenes() -> ModuleType:
    """The scene of the services' tests, loaded once by its path: test folders are no packages."""
    name = "timebank_services_scene"
    if name not in sys.modules:
        path = Path(__file__).parent.parent / "services" / "conftest.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture
def scene(town: Any) -> Any:
    return _scenes().Scene(town)
