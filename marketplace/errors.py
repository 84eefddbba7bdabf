"""Every refusal of the marketplace, in one tree; each carries a stable code, plain fields and a sentence in zh and en.

    MarketplaceRefusal
    ├── PlanRefused                   nothing was planned
    │   ├── NotWholeNumber            a float or a truth value where a count of points or units belongs
    │   ├── LineTwice                 two lines of one list share a key
    │   ├── UnknownLine               a fixed match, a withdrawal or an override names a line that is not there
    │   └── FixedTooMuch              people already promised exceed what the line asks for or offers
    ├── ClaimRefused                  a claim stays as it was
    │   ├── LineClosed                the line takes no more claims
    │   ├── OwnLine                   nobody claims a line of their own
    │   ├── ClaimedTwice              this claimant already has an open claim on the line
    │   ├── OverRemaining             more is claimed than is left
    │   ├── NotTheOwner               only the line's owner answers a claim
    │   ├── NotTheClaimant            only the claimant withdraws
    │   └── WrongStage                the claim's stage does not allow this step
    └── AgreementRefused              an agreement or a turn stays as it was
        ├── BadTerm                   the term is empty or reversed
        ├── UnknownUnit               a pledge or a turn names a unit that did not sign
        ├── TurnTaken                 the period already has its lead unit
        └── TurnOver                  a turn that is done or missed cannot be swapped
"""

from __future__ import annotations

from typing import ClassVar


class MarketplaceRefusal(Exception):
    """The base of all refusals; `fields` fill the sentences and are safe to show."""

    code: ClassVar[str] = "refused"
    zh: ClassVar[str] = "没有办成"
    en: ClassVar[str] = "this was refused"

    def __init__(self, **fields: str | int) -> None:
        self.fields = fields
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str = "zh") -> str:
        """The reason in one sentence, `lang` "zh" or "en"."""
        return (self.zh if lang.startswith("zh") else self.en).format_map(self.fields)


class PlanRefused(MarketplaceRefusal):
    code = "plan_refused"


class NotWholeNumber(PlanRefused):
    code = "not_whole_number"
    zh = "{field} 必须是整数,收到的是 {given}"
    en = "{field} must be a whole number, got {given}"


class LineTwice(PlanRefused):
    code = "line_twice"
    zh = "清单里有两行编号相同:{line_key}"
    en = "two lines of the list share the key {line_key}"


class UnknownLine(PlanRefused):
    code = "unknown_line"
    zh = "清单里没有这一行:{line_key}"
    en = "no such line on the list: {line_key}"


class FixedTooMuch(PlanRefused):
    code = "fixed_too_much"
    zh = "{line_key} 已答应的数量 {given} 超过了上限 {most}"
    en = "{line_key} is already promised {given}, more than its {most}"


class ClaimRefused(MarketplaceRefusal):
    code = "claim_refused"


class LineClosed(ClaimRefused):
    code = "line_closed"
    zh = "这一行已经关闭,不能再认领"
    en = "this line is closed and takes no more claims"


class OwnLine(ClaimRefused):
    code = "own_line"
    zh = "不能认领自己的需求或资源"
    en = "nobody claims a line of their own"


class ClaimedTwice(ClaimRefused):
    code = "claimed_twice"
    zh = "您已经认领过这一行,正在等对方答复"
    en = "you have already claimed this line and await the answer"


class OverRemaining(ClaimRefused):
    code = "over_remaining"
    zh = "只剩 {remaining},认领不了 {asked}"
    en = "only {remaining} left, {asked} cannot be claimed"


class NotTheOwner(ClaimRefused):
    code = "not_the_owner"
    zh = "只有这一行的发布方可以答复认领"
    en = "only the owner of the line answers a claim"


class NotTheClaimant(ClaimRefused):
    code = "not_the_claimant"
    zh = "只有认领方可以撤回"
    en = "only the claimant withdraws a claim"


class WrongStage(ClaimRefused):
    code = "wrong_stage"
    zh = "这次认领现在是“{stage_zh}”,不能{step_zh}"
    en = "the claim is {stage}, it cannot be {step}"


class AgreementRefused(MarketplaceRefusal):
    code = "agreement_refused"


class BadTerm(AgreementRefused):
    code = "bad_term"
    zh = "协议期限不对:{first_on} 到 {last_on}"
    en = "not a term: {first_on} to {last_on}"


class UnknownUnit(AgreementRefused):
    code = "unknown_unit"
    zh = "{unit} 没有签这份协议"
    en = "{unit} did not sign this agreement"


class TurnTaken(AgreementRefused):
    code = "turn_taken"
    zh = "{period} 已经由 {unit} 轮值"
    en = "{period} already has {unit} in the lead"


class TurnOver(AgreementRefused):
    code = "turn_over"
    zh = "{period} 的轮值已经结束,不能再换"
    en = "the turn of {period} is over and cannot be swapped"
