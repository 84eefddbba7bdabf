"""A double-entry ledger of hours: minutes and points move between accounts and never vanish.

The core is pure and needs the standard library only: commands say what is asked, `decide` says what it does to a book,
entries are chained by hash. `ledger.store` keeps books in memory, SQLite or PostgreSQL; `ledger.books` writes them as
beancount files that anyone can audit with stock tools. The ledger knows minutes, points and accounts, and nothing of
people, tasks or the web.
"""

from ledger.answers import Accepted, Rejected, Replayed
from ledger.audit import Auditor, Problem
from ledger.commands import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    EntryKind,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.decide import decide
from ledger.errors import LedgerRefusal
from ledger.horizon import Horizon, Reach
from ledger.rows import Entry, Head, Hold, HoldState, Posted, Posting
from ledger.sheet import Sheet
from ledger.statement import Coverage, Line, Statement, TrialBalance
from ledger.values import Account, AccountKind, Balance, Layer, Leg

__all__ = [
    "Accepted",
    "Account",
    "AccountKind",
    "Adjust",
    "Auditor",
    "Balance",
    "BalancingTransfer",
    "Batch",
    "ChangeLimits",
    "CloseAccount",
    "ClosePeriod",
    "Command",
    "Coverage",
    "Entry",
    "EntryKind",
    "ExpireHold",
    "Head",
    "Hold",
    "HoldState",
    "Horizon",
    "Layer",
    "LedgerRefusal",
    "Leg",
    "Line",
    "OpenAccount",
    "PlaceHold",
    "Posted",
    "Posting",
    "Problem",
    "Reach",
    "Rejected",
    "ReopenAccount",
    "Replayed",
    "ResetClock",
    "ReverseTransfer",
    "SettleHold",
    "Sheet",
    "Statement",
    "Transfer",
    "TrialBalance",
    "VoidHold",
    "decide",
]
