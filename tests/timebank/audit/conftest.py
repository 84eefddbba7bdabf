"""The scene of the hours' tests."""

from tests.timebank.hours.conftest import scene

__all__ = ["scene"]
