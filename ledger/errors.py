"""Every way the ledger says no: one class per cause, each with a stable code, plain fields and a sentence in zh and en.

    LedgerRefusal
    ├── Malformed                 the command itself is wrong; nothing was looked up and nothing is remembered
    │   ├── NotWholeNumber        True, 1.0, Decimal, NaN, "5"
    │   ├── AmountZero · AmountNegative · AmountTooLarge
    │   ├── BadKey · BadAccountCode · BadCommodity · BadText · MemoTooLong · BadMeta · BadTime · BadDate · BadMonth
    │   ├── TooFewLegs · TooManyLegs · DuplicateLeg · Unbalanced · SameAccount
    │   ├── BadLimits · NotApproved
    │   └── BatchEmpty · BatchTooLarge · BatchNested · BatchRepeatsKey
    ├── KeyConflict               the key was used for something else; the first effect stands
    ├── OutOfReach                a moment or a day too far from now; nothing is remembered, the key is free
    │   └── ClockAhead · DayOutOfReach
    ├── BookMissing               the book was never created
    ├── BookDiffers               the stored book keeps another time zone than the one asked for
    ├── JournalDiverges           a journal to be restored is not what the rules make of it
    ├── AgainstRule               a published rule of the community says no; the book was not even asked
    │   ├── RuleNotInForce · OutsideWindow
    │   └── RuleUnclear           the rule itself makes no sense
    └── Unmet                     well formed, but the book's state says no; remembered under its key for ever
        ├── UnknownAccount · UnknownCommodity · ForeignCommodity · AccountExists
        ├── AccountClosed · AccountNotClosed · AccountNotYetOpen · AccountNotEmpty · AccountMovedLater
        ├── NothingToMove · ClockNotAhead
        ├── BelowFloor · AboveCeiling
        ├── UnknownHold · HoldEnded · HoldNotLapsed · OverSettlement
        ├── UnknownTransfer · NotReversible · AlreadyReversed
        ├── PeriodClosed · PeriodNotOver · DayNotOver · NotSealed
        └── BatchRefused          one member said no, so none was written

A refusal leaves every counter as it was. HTTP statuses are no business of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

BY_CODE: dict[str, type[LedgerRefusal]] = {}


class LedgerRefusal(Exception):
    """Base of all refusals; catch this to catch them all.

    Attributes:
        code: stable, for programs.
        fields: plain JSON-ready facts, such as the account and what was available.
        zh, en: the sentence for a person, filled from `fields`.
    """

    code: ClassVar[str] = "refused"
    zh_template: ClassVar[str] = "账本拒绝了这笔操作。"
    en_template: ClassVar[str] = "The ledger refused this."

    def __init__(self, **fields: object) -> None:
        self.fields: dict[str, object] = fields
        super().__init__(self.code, fields)

    def __init_subclass__(cls) -> None:
        assert cls.code not in BY_CODE, f"two refusals share the code {cls.code}"
        if "code" in cls.__dict__:
            BY_CODE[cls.code] = cls

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"

    @property
    def zh(self) -> str:
        return self.zh_template.format_map(_Spoken(self.fields))

    @property
    def en(self) -> str:
        return self.en_template.format_map(_Spoken(self.fields))

    def as_dict(self) -> dict[str, object]:
        """Code, fields and both sentences, JSON-ready."""
        return {"code": self.code, "fields": self.fields, "zh": self.zh, "en": self.en}


class _Spoken(dict[str, object]):
    """Fields as a sentence shows them: lists with commas, and a question mark for what is unknown."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        shown = {
            name: ", ".join(map(str, value)) if isinstance(value, list) else value
            for name, value in fields.items()
        }
        super().__init__(shown)

    def __missing__(self, key: str) -> str:
        return "?"


def refusal_from(code: str, fields: Mapping[str, object]) -> LedgerRefusal:
    """The refusal that was stored as (code, fields)."""
    return BY_CODE[code](**fields)


class Malformed(LedgerRefusal):
    """The command itself is wrong, whatever the book holds."""

    code = "malformed"


class NotWholeNumber(Malformed):
    code = "not_whole_number"
    zh_template = "“{field}”必须是整数（收到 {given}）。"
    en_template = "{field} must be a whole number (got {given})."


class AmountZero(Malformed):
    code = "amount_zero"
    zh_template = "“{field}”不能是 0。"
    en_template = "{field} must not be zero."


class AmountNegative(Malformed):
    code = "amount_negative"
    zh_template = "“{field}”不能是负数（收到 {given}）。"
    en_template = "{field} must not be negative (got {given})."


class AmountTooLarge(Malformed):
    code = "amount_too_large"
    zh_template = "“{field}”超过上限 {limit}（收到 {given}）。"
    en_template = "{field} is beyond the limit of {limit} (got {given})."


class BadKey(Malformed):
    code = "bad_key"
    zh_template = "幂等键须为 1 到 {limit} 字节、不含空格的文字。"
    en_template = "The idempotency key must be 1 to {limit} bytes of text without spaces."


class BadAccountCode(Malformed):
    code = "bad_account_code"
    zh_template = "“{given}”不是账户代码（例：Liabilities:Member:M00042）。"
    en_template = "{given} is not an account code such as Liabilities:Member:M00042."


class BadCommodity(Malformed):
    code = "bad_commodity"
    zh_template = "“{given}”不是计量单位代码（例：MIN）。"
    en_template = "{given} is not a commodity code such as MIN."


class BadText(Malformed):
    code = "bad_text"
    zh_template = "“{field}”含有不能存入账本的字符，或超过 {limit} 字节。"
    en_template = "{field} holds characters a book cannot keep, or is longer than {limit} bytes."


class MemoTooLong(Malformed):
    code = "memo_too_long"
    zh_template = "附言有 {bytes} 字节，上限 {limit} 字节。"
    en_template = "The memo has {bytes} bytes; the limit is {limit}."


class BadMeta(Malformed):
    code = "bad_meta"
    zh_template = (
        "附加信息“{field}”不能存入账本：键须为小写 ASCII，值须为文字或整数，总长不超过 {limit} 字节。"
    )
    en_template = "meta {field} cannot be kept: keys are lower-case ASCII, values text or whole numbers, {limit} bytes in all."


class BadTime(Malformed):
    code = "bad_time"
    zh_template = "“{field}”必须是带时区的时间（收到 {given}）。"
    en_template = "{field} must be a time with a zone (got {given})."


class BadDate(Malformed):
    code = "bad_date"
    zh_template = "“{field}”必须是 1900 到 2199 年之间的日期（收到 {given}）。"
    en_template = "{field} must be a date between 1900 and 2199 (got {given})."


class BadMonth(Malformed):
    code = "bad_month"
    zh_template = "“{given}”不是月份（例：2026-10）。"
    en_template = "{given} is not a month such as 2026-10."


class TooFewLegs(Malformed):
    code = "too_few_legs"
    zh_template = "一笔转账至少要有两条分录。"
    en_template = "A transfer needs at least two legs."


class TooManyLegs(Malformed):
    code = "too_many_legs"
    zh_template = "一笔转账最多 {limit} 条分录（收到 {given}）。"
    en_template = "A transfer has at most {limit} legs (got {given})."


class DuplicateLeg(Malformed):
    code = "duplicate_leg"
    zh_template = "同一笔转账里账户 {account} 的 {commodity} 出现了两次。"
    en_template = "{account} appears twice for {commodity} in one transfer."


class Unbalanced(Malformed):
    code = "unbalanced"
    zh_template = "{commodity} 的分录合计应为 0，实为 {sum}。"
    en_template = "The legs in {commodity} must sum to zero; they sum to {sum}."


class SameAccount(Malformed):
    code = "same_account"
    zh_template = "付出方与收入方不能是同一账户（{account}）。"
    en_template = "Payer and payee must differ ({account})."


class BadLimits(Malformed):
    code = "bad_limits"
    zh_template = "下限 {floor} 高于上限 {ceiling}。"
    en_template = "The floor {floor} is above the ceiling {ceiling}."


class NotApproved(Malformed):
    code = "not_approved"
    zh_template = "这一步需要经办人以外的人批准。"
    en_template = "This step needs the approval of someone other than the actor."


class BatchEmpty(Malformed):
    code = "batch_empty"
    zh_template = "批次里没有内容。"
    en_template = "The batch is empty."


class BatchTooLarge(Malformed):
    code = "batch_too_large"
    zh_template = "一个批次最多 {limit} 项（收到 {given}）。"
    en_template = "A batch has at most {limit} commands (got {given})."


class BatchNested(Malformed):
    code = "batch_nested"
    zh_template = "批次不能再含批次，也不能含月结。"
    en_template = "A batch holds neither batches nor a month's close."


class BatchRepeatsKey(Malformed):
    code = "batch_repeats_key"
    zh_template = "批次内幂等键重复：{key}。"
    en_template = "A key appears twice in the batch: {key}."


class KeyConflict(LedgerRefusal):
    """The key was used before with another body; the first effect stands."""

    code = "key_conflict"
    zh_template = "幂等键“{key}”已用于另一笔操作，不同之处：{differing}。"
    en_template = "The key {key} was used for something else; it differs in {differing}."


class OutOfReach(LedgerRefusal):
    """A moment or a day too far from now to be meant. The same key may be used again."""

    code = "out_of_reach"


class ClockAhead(OutOfReach):
    code = "clock_ahead"
    zh_template = "记账时间 {at} 远在将来（最晚 {latest}）；请检查时钟，确实无误请明确确认。"
    en_template = (
        "The moment of recording, {at}, lies far ahead (latest {latest}); check the clock, or confirm it."
    )


class DayOutOfReach(OutOfReach):
    code = "day_out_of_reach"
    zh_template = "“{field}”为 {given}，不在 {first} 至 {last} 之间。"
    en_template = "{field} is {given}, which is not between {first} and {last}."


class BookMissing(LedgerRefusal):
    code = "book_missing"
    zh_template = "账本“{book}”尚未建立。"
    en_template = "The book {book} was never created."


class BookDiffers(LedgerRefusal):
    code = "book_differs"
    zh_template = "账本“{book}”用的时区是 {kept}，不是 {asked}。"
    en_template = "The book {book} is kept in {kept}, not in {asked}."


class Unmet(LedgerRefusal):
    """Well formed, but the book's state says no."""

    code = "unmet"


class UnknownAccount(Unmet):
    code = "unknown_account"
    zh_template = "没有账户 {account}（{commodity}）。"
    en_template = "There is no account {account} in {commodity}."


class UnknownCommodity(Unmet):
    code = "unknown_commodity"
    zh_template = "账本里没有计量单位 {commodity}。"
    en_template = "The book does not keep {commodity}."


class ForeignCommodity(Unmet):
    code = "foreign_commodity"
    zh_template = "账户 {account} 不记 {commodity}。"
    en_template = "{account} does not keep {commodity}."


class AccountExists(Unmet):
    code = "account_exists"
    zh_template = "账户 {account}（{commodity}）已经开立。"
    en_template = "{account} is already open in {commodity}."


class AccountClosed(Unmet):
    code = "account_closed"
    zh_template = "账户 {account} 已于 {closed_on} 销户。"
    en_template = "{account} was closed on {closed_on}."


class AccountNotClosed(Unmet):
    code = "account_not_closed"
    zh_template = "账户 {account} 没有销户，不需要恢复。"
    en_template = "The account {account} is not closed."


class NothingToMove(Unmet):
    code = "nothing_to_move"
    zh_template = "账户 {account} 没有可以转出的余额（可用 {available}，下限 {floor}）。"
    en_template = "The account {account} has nothing to move (available {available}, floor {floor})."


class ClockNotAhead(Unmet):
    code = "clock_not_ahead"
    zh_template = "账本的时钟（{recorded_at}）并没有超前一天以上，不需要拨回。"
    en_template = "The book's clock, {recorded_at}, is not a day or more ahead; there is nothing to set back."


class AccountNotYetOpen(Unmet):
    code = "account_not_yet_open"
    zh_template = "账户 {account} 于 {opened_on} 才开立。"
    en_template = "{account} opens only on {opened_on}."


class AccountNotEmpty(Unmet):
    code = "account_not_empty"
    zh_template = "账户 {account} 还有余额 {balance} 或冻结 {pending}，不能销户。"
    en_template = "{account} still has {balance} and {pending} on hold; it cannot be closed."


class AccountMovedLater(Unmet):
    code = "account_moved_later"
    zh_template = "账户 {account} 在 {last_on} 还有记录，不能早于这一天销户。"
    en_template = "{account} moved on {last_on}; it cannot be closed before that day."


class BelowFloor(Unmet):
    code = "below_floor"
    zh_template = "账户 {account} 可用 {available} {commodity}，不足以支付 {needed}（下限 {floor}）。"
    en_template = "{account} has {available} {commodity} available; {needed} would pass its floor of {floor}."


class AboveCeiling(Unmet):
    code = "above_ceiling"
    zh_template = "账户 {account} 将达到 {would_be} {commodity}，超过上限 {ceiling}。"
    en_template = "{account} would reach {would_be} {commodity}, beyond its ceiling of {ceiling}."


class UnknownHold(Unmet):
    code = "unknown_hold"
    zh_template = "没有这笔冻结：{hold}。"
    en_template = "There is no hold {hold}."


class HoldEnded(Unmet):
    code = "hold_ended"
    zh_template = "这笔冻结已经结束（{state}）。"
    en_template = "The hold has already ended ({state})."


class HoldNotLapsed(Unmet):
    code = "hold_not_lapsed"
    zh_template = "这笔冻结要到 {expires_at} 才到期。"
    en_template = "The hold lapses only at {expires_at}."


class OverSettlement(Unmet):
    code = "over_settlement"
    zh_template = "结算 {amount} 超过冻结的 {held}。"
    en_template = "{amount} is more than the {held} on hold."


class UnknownTransfer(Unmet):
    code = "unknown_transfer"
    zh_template = "没有这笔记录：{transfer}。"
    en_template = "There is no transfer {transfer}."


class NotReversible(Unmet):
    code = "not_reversible"
    zh_template = "这类记录（{kind}）不能冲正。"
    en_template = "An entry of kind {kind} cannot be reversed."


class AlreadyReversed(Unmet):
    code = "already_reversed"
    zh_template = "这笔记录已经冲正过（{reversed_by}）。"
    en_template = "The transfer was already reversed by {reversed_by}."


class PeriodClosed(Unmet):
    code = "period_closed"
    zh_template = "{effective_on} 所在的月份已经结账（结至 {closed_through}）。"
    en_template = "{effective_on} lies in a closed month (closed through {closed_through})."


class PeriodNotOver(Unmet):
    code = "period_not_over"
    zh_template = "{month} 还没有过完，不能结账。"
    en_template = "{month} is not over yet."


class DayNotOver(Unmet):
    code = "day_not_over"
    zh_template = "{day} 还没有过完，不能封存。"
    en_template = "{day} is not over yet."


class NotSealed(Unmet):
    code = "not_sealed"
    zh_template = "记录 {transfer} 还没有封存，暂时开不出凭证。"
    en_template = "The entry {transfer} is not under a seal yet, so there is no receipt for it."


class BatchRefused(Unmet):
    """One member of a batch said no; `refusal` is that member's own refusal."""

    code = "batch_refused"
    zh_template = "批次第 {position} 项被拒绝，整批未记：{member_code}。"
    en_template = "Item {position} of the batch was refused, so none was written: {member_code}."

    @property
    def refusal(self) -> LedgerRefusal:
        fields = self.fields["member_fields"]
        assert isinstance(fields, dict)
        return refusal_from(str(self.fields["member_code"]), fields)

    @property
    def zh(self) -> str:
        return f"批次第 {self.fields['position']} 项被拒绝，整批未记。{self.refusal.zh}"

    @property
    def en(self) -> str:
        return (
            f"Item {self.fields['position']} of the batch was refused, so none was written. {self.refusal.en}"
        )


class JournalDiverges(LedgerRefusal):
    """What was restored before `seq` stands and is sound."""

    code = "journal_diverges"
    zh_template = "恢复到第 {seq} 条时与账册不符：{detail}。"
    en_template = "The journal cannot be restored beyond seq {seq}: {detail}."


class AgainstRule(LedgerRefusal):
    """A published rule says no, before anything is asked of the book."""

    code = "against_rule"


class RuleNotInForce(AgainstRule):
    code = "rule_not_in_force"
    zh_template = "办法“{rule}”在 {on} 不适用（适用期 {in_force_from} 至 {in_force_until}）。"
    en_template = (
        "The rule {rule} is not in force on {on} (in force from {in_force_from} to {in_force_until})."
    )


class OutsideWindow(AgainstRule):
    code = "outside_window"
    zh_template = "{on} 不在“{rule}”的兑换期内，下一次开放：{next_on}。"
    en_template = "{on} is outside the redemption windows of {rule}; the next one opens: {next_on}."


class RuleUnclear(AgainstRule):
    code = "rule_unclear"
    zh_template = "办法“{rule}”写得不清楚：{why}。"
    en_template = "The rule {rule} makes no sense: {why}."
