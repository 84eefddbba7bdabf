"""What is wrong with a command whatever the book holds: types, bounds, texts, sums.

Everything here raises a subclass of `Malformed`. Whole numbers only: bool is not a number here, and 1.0, Decimal and
NaN are refused rather than rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from ledger import errors as no
from ledger.chain import canonical_json
from ledger.commands import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
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
from ledger.values import (
    AMOUNT_MAX,
    BATCH_MAX,
    KEY_BYTES_MAX,
    LEGS_MAX,
    MEMO_BYTES_MAX,
    META_BYTES_MAX,
    TEXT_BYTES_MAX,
    AccountKind,
    Leg,
)

HELD: Final = "Held"
"""Second component of the mirror accounts that show holds in the beancount books; taken, so nobody may open one."""

_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
_COMMODITY = re.compile(r"[A-Z][A-Z0-9.-]{0,10}[A-Z0-9]")
_UID = re.compile(r"[0-9a-f]{24}")
_META_KEY = re.compile(r"[a-z][a-z0-9_-]{1,39}")
_MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
_CODE_TEXT = re.compile(r"[!-~]*")
# Named by code point rather than by str.isprintable, whose answer changes with each Python's Unicode tables.
_KEEPABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*")
_KEY = re.compile(r"[^\x00-\x20\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def check(command: Command) -> None:
    """Nothing when `command` is well formed.

    Raises:
        Malformed: one subclass per fault; the first found.
    """
    _check_common(command)
    match command:
        case Transfer():
            _check_legs(command.legs)
        case PlaceHold():
            _check_hold(command)
        case SettleHold():
            _check_uid("hold", command.hold)
            check_amount("amount", command.amount)
            if command.payee is not None:
                check_account(command.payee)
        case VoidHold() | ExpireHold():
            _check_uid("hold", command.hold)
        case ReverseTransfer():
            _check_uid("transfer", command.transfer)
            if command.approved_by:
                _check_approval(command.approved_by, command.actor)
        case BalancingTransfer():
            _check_balancing(command)
        case ResetClock():
            _check_approval(command.approved_by, command.actor)
        case Adjust():
            _check_legs(command.legs)
            _check_approval(command.approved_by, command.actor)
        case OpenAccount():
            _check_open(command)
        case CloseAccount() | ReopenAccount():
            _check_place(command.code, command.commodity)
        case ChangeLimits():
            _check_place(command.code, command.commodity)
            _check_limits(command.floor, command.ceiling)
        case ClosePeriod():
            if type(command.month) is not str or not _MONTH.fullmatch(command.month):
                raise no.BadMonth(given=_shown(command.month))
        case Batch():
            _check_batch(command)
        case _:
            raise TypeError(f"not a command: {command!r}")


def check_amount(field: str, given: object) -> None:
    """Nothing when `given` is a whole number from 1 to AMOUNT_MAX."""
    number = whole(field, given)
    if number == 0:
        raise no.AmountZero(field=field)
    if number < 0:
        raise no.AmountNegative(field=field, given=_shown(number))
    if number > AMOUNT_MAX:
        raise no.AmountTooLarge(field=field, given=_shown(number), limit=AMOUNT_MAX)


def whole(field: str, given: object) -> int:
    """`given` as it is, when it is an int and not a bool."""
    if type(given) is not int:
        raise no.NotWholeNumber(field=field, given=_shown(given))
    return given


def check_account(code: object) -> None:
    """Nothing when `code` is an ASCII account code that beancount accepts too."""
    if type(code) is not str or len(code) > TEXT_BYTES_MAX or not _good_account(code):
        raise no.BadAccountCode(given=_shown(code))


@lru_cache(maxsize=8192)
def _good_account(code: str) -> bool:
    """Remembered, because the same accounts come again and again."""
    return _ACCOUNT.fullmatch(code) is not None and code.split(":", 2)[1] != HELD


def check_commodity(code: object) -> None:
    """Nothing when `code` is 2 to 12 capitals, digits, dots or dashes."""
    if type(code) is not str or not _good_commodity(code):
        raise no.BadCommodity(given=_shown(code))


@lru_cache(maxsize=256)
def _good_commodity(code: str) -> bool:
    return _COMMODITY.fullmatch(code) is not None


def check_moment(field: str, given: object) -> None:
    """Nothing when `given` is an aware datetime in the range of books."""
    if not isinstance(given, datetime) or given.utcoffset() is None or not 1900 <= given.year < 2200:
        raise no.BadTime(field=field, given=_shown(given))


def _check_common(command: Command) -> None:
    key = command.key
    if type(key) is not str or not _KEY.fullmatch(key) or len(key.encode()) > KEY_BYTES_MAX:
        raise no.BadKey(limit=KEY_BYTES_MAX)
    if command.effective_on is not None:
        _check_date("effective_on", command.effective_on)
    if command.occurred_at is not None:
        check_moment("occurred_at", command.occurred_at)
    _check_code_text("reason", command.reason)
    _check_code_text("actor", command.actor)
    if command.memo:
        _check_memo(command.memo)
    if command.meta:
        _check_meta(command.meta)


def _check_code_text(field: str, given: object) -> None:
    if type(given) is not str or len(given) > TEXT_BYTES_MAX or not _good_code_text(given):
        raise no.BadText(field=field, limit=TEXT_BYTES_MAX)


@lru_cache(maxsize=1024)
def _good_code_text(text: str) -> bool:
    """Remembered, because reasons and actors come again and again."""
    return _CODE_TEXT.fullmatch(text) is not None


def _check_memo(memo: object) -> None:
    if type(memo) is not str or not _keepable(memo):
        raise no.BadText(field="memo", limit=MEMO_BYTES_MAX)
    size = len(memo.encode())
    if size > MEMO_BYTES_MAX:
        raise no.MemoTooLong(bytes=size, limit=MEMO_BYTES_MAX)


def _check_meta(meta: Mapping[str, object]) -> None:
    for key, value in meta.items():
        good_value = (type(value) is int and abs(value) < 2**63) or (type(value) is str and _keepable(value))
        if type(key) is not str or not _META_KEY.fullmatch(key) or not good_value:
            raise no.BadMeta(field=_shown(key), limit=META_BYTES_MAX)
    if len(canonical_json(meta).encode()) > META_BYTES_MAX:
        raise no.BadMeta(field="*", limit=META_BYTES_MAX)


def _keepable(text: str) -> bool:
    """Whether both databases, JSON and a beancount string give `text` back unchanged: no control characters."""
    return _KEEPABLE.fullmatch(text) is not None


def _check_date(field: str, given: object) -> None:
    if type(given) is not date or not 1900 <= given.year < 2200:
        raise no.BadDate(field=field, given=_shown(given))


def _check_uid(field: str, given: object) -> None:
    if type(given) is not str or not _UID.fullmatch(given):
        raise no.BadText(field=field, limit=24)


def _check_place(code: str, commodity: str) -> None:
    check_account(code)
    check_commodity(commodity)


def _check_limits(floor: int | None, ceiling: int | None) -> None:
    for field, bound in (("floor", floor), ("ceiling", ceiling)):
        if bound is not None and abs(whole(field, bound)) > AMOUNT_MAX:
            raise no.AmountTooLarge(field=field, given=_shown(bound), limit=AMOUNT_MAX)
    if floor is not None and ceiling is not None and floor > ceiling:
        raise no.BadLimits(floor=floor, ceiling=ceiling)


def _check_open(command: OpenAccount) -> None:
    _check_place(command.code, command.commodity)
    if not isinstance(command.kind, AccountKind) or not command.code.startswith(command.kind.value + ":"):
        raise no.BadAccountCode(given=command.code)
    _check_limits(command.floor, command.ceiling)
    _check_date("opened_on", command.opened_on)
    if type(command.label) is not str or not _keepable(command.label) or len(command.label) > TEXT_BYTES_MAX:
        raise no.BadText(field="label", limit=TEXT_BYTES_MAX)


def _check_hold(command: PlaceHold) -> None:
    check_account(command.payer)
    check_account(command.payee)
    if command.payer == command.payee:
        raise no.SameAccount(account=command.payer)
    check_commodity(command.commodity)
    check_amount("amount", command.amount)
    check_moment("expires_at", command.expires_at)


def _check_balancing(command: BalancingTransfer) -> None:
    check_account(command.payer)
    check_account(command.payee)
    if command.payer == command.payee:
        raise no.SameAccount(account=command.payer)
    check_commodity(command.commodity)
    if command.at_most is not None:
        check_amount("at_most", command.at_most)


def _check_approval(approved_by: object, actor: str) -> None:
    _check_code_text("approved_by", approved_by)
    if not approved_by or approved_by == actor:
        raise no.NotApproved(approved_by=approved_by)


def _check_legs(legs: tuple[Leg, ...]) -> None:
    if type(legs) is not tuple or len(legs) < 2:
        raise no.TooFewLegs(given=len(legs) if isinstance(legs, tuple) else 0)
    if len(legs) > LEGS_MAX:
        raise no.TooManyLegs(given=len(legs), limit=LEGS_MAX)
    sums: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for account, amount, commodity in legs:
        check_account(account)
        if commodity not in sums:
            check_commodity(commodity)
            sums[commodity] = 0
        if type(amount) is not int or not 0 < abs(amount) <= AMOUNT_MAX:
            check_amount("amount", -amount if type(amount) is int and amount < 0 else amount)
        place = (account, commodity)
        if place in seen:
            raise no.DuplicateLeg(account=account, commodity=commodity)
        seen.add(place)
        sums[commodity] += amount
    for commodity, total in sums.items():
        if total != 0:
            raise no.Unbalanced(commodity=commodity, sum=total)


def _check_batch(batch: Batch) -> None:
    if not batch.commands:
        raise no.BatchEmpty()
    if len(batch.commands) > BATCH_MAX:
        raise no.BatchTooLarge(given=len(batch.commands), limit=BATCH_MAX)
    keys = {batch.key}
    for command in batch.commands:
        if isinstance(command, Batch | ClosePeriod | ResetClock):
            raise no.BatchNested()
        check(command)
        if command.key in keys:
            raise no.BatchRepeatsKey(key=command.key)
        keys.add(command.key)


def _shown(given: object) -> str:
    """A short picture of a bad value for its sentence."""
    text = str(given) if type(given) in (int, str) else repr(given)
    return text if len(text) <= 60 else text[:57] + "..."
