"""Pages and API of this part."""

from typing import Any

handlers: list[Any] = []
