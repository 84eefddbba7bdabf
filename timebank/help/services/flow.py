"""Use cases of a service as it happens; each reads load → decide → save → note. One name for whoever calls them.

joining     signing up, being named, not coming after all
arriving    being there and leaving
closing     a team's shift: planned, open to whoever comes, closed
shifts      the weekly shifts, made from the activities list
confirming  "it was so": the attendance and the hours, together or not at all
disputes    "it was not so": the desk finds out
speaking    words that move no minutes by themselves; undoing takes a press back
"""

from __future__ import annotations

from timebank.help.services.arriving import arrive_by_code, check_in, check_out, tick, undo_check_in
from timebank.help.services.joining import cancel_attendance, join, name_helper, sign_up
from timebank.help.services.keeping.undoing import take_back
from timebank.help.services.teams.closing import Closed, add_walk_up, close_shift, plan_shifts
from timebank.help.services.teams.shifts import ensure_shifts
from timebank.help.services.words.confirming import (
    Confirmed,
    ConfirmedService,
    approve_hours,
    confirm_many,
    confirm_service,
    free_hold,
    record_confirmation,
)
from timebank.help.services.words.disputes import dispute, resolve_dispute
from timebank.help.services.words.speaking import said_came, said_not_came, speak

__all__ = [
    "Closed",
    "Confirmed",
    "ConfirmedService",
    "add_walk_up",
    "approve_hours",
    "arrive_by_code",
    "cancel_attendance",
    "check_in",
    "check_out",
    "close_shift",
    "confirm_many",
    "confirm_service",
    "dispute",
    "ensure_shifts",
    "free_hold",
    "join",
    "name_helper",
    "plan_shifts",
    "record_confirmation",
    "resolve_dispute",
    "said_came",
    "said_not_came",
    "sign_up",
    "speak",
    "take_back",
    "tick",
    "undo_check_in",
]
