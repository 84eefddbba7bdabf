"""How much of the machine the reading of one file may take."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024
AT_ONCE_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operating system ends a reading at.

    Attributes:
        cpu_s: seconds of computing. wall_s: seconds from its beginning, however busy the machine is.
        memory_bytes: address space beyond what the process had when it began, some 60 MB.
    """

    cpu_s: int
    wall_s: int
    memory_bytes: int


OFFICE = Limits(cpu_s=4, wall_s=30, memory_bytes=220 * MB)
"""For what comes over the web: some 15,000 people, or a list of 20 columns and 5,000 rows."""

OPERATOR = Limits(cpu_s=300, wall_s=1200, memory_bytes=2048 * MB)
"""For whoever runs the machine and brings a city's list by hand."""
