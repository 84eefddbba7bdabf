"""Which word of ours says what TigerBeetle's says."""

from __future__ import annotations

from collections.abc import Mapping

SAME: Mapping[str, frozenset[str]] = {
    "created": frozenset({"posted"}),
    "exists": frozenset({"replayed"}),
    "exists_with_different_amount": frozenset({"key_conflict"}),
    "debit_account_not_found": frozenset({"unknown_account"}),
    "credit_account_not_found": frozenset({"unknown_account"}),
    "exceeds_credits": frozenset({"below_floor"}),
    "exceeds_debits": frozenset({"above_ceiling"}),
    "pending_transfer_not_found": frozenset({"unknown_hold"}),
    "pending_transfer_not_pending": frozenset({"unknown_hold"}),
    "exceeds_pending_transfer_amount": frozenset({"over_settlement"}),
    "pending_transfer_already_posted": frozenset({"hold_ended"}),
    "pending_transfer_already_voided": frozenset({"hold_ended"}),
}

OTHERWISE: Mapping[tuple[str, str], str] = {
    ("created", "nothing_to_move"): "there an empty transfer is made, which is no transfer to us",
    (
        "credit_account_not_found",
        "nothing_to_move",
    ): "there both accounts are looked at first, here the payer",
    (
        "exceeds_pending_transfer_amount",
        "hold_ended",
    ): "there the amount is looked at first, here whether the hold is open",
}
"""Pairs that do not say the same, and why."""

AGAIN = "asked again, we tell the first refusal; there the id has failed, or the chain is judged anew"


def same(theirs: str, mine: str) -> bool:
    """Whether both words name one cause."""
    return mine in SAME.get(theirs, frozenset())
