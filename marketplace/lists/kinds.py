"""Which list a table is, and what became of a row."""

from __future__ import annotations

from enum import StrEnum


class ListKind(StrEnum):
    """Which list a table is; UNKNOWN keeps its rows and refuses them."""

    NEEDS = "needs"
    RESOURCES = "resources"
    ACTIVITIES = "activities"
    PROJECTS = "projects"
    VOLUNTEERS = "volunteers"
    ATTENDANCE = "attendance"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What became of a row.

    MERGED rows added to an earlier row (`merged_into`); QUESTIONED rows are kept and wait for a person; REFUSED rows
    have no value but keep their cells.
    """

    ACCEPTED = "accepted"
    MERGED = "merged"
    QUESTIONED = "questioned"
    REFUSED = "refused"


NONE = "none"
"""Said of a table that is none of the lists: it is left out."""
