"""The scene of the services' tests, for those who try to cheat in it."""

from tests.timebank.services.conftest import scene

__all__ = ["scene"]
