"""A pause for Python's collector of cycles, for work that makes very many tuples and hardly a cycle.

The collector would look at all of them again and again, which is a tenth to a half of the time of such work.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collecting in the whole process for the length of the block, which should be short or let its objects go."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
