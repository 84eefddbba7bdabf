"""Every refusal of the marketplace, in one tree; each carries a stable code, plain fields and a sentence in zh and en.

MarketplaceRefusal
├── ExtraMissing                  an optional part is asked for that is not installed
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
├── AgreementRefused              an agreement or a turn stays as it was
│   ├── BadTerm                   the term is empty or reversed
│   ├── UnknownUnit               a pledge or a turn names a unit that did not sign
│   ├── TurnTaken                 the period already has its lead unit
│   └── TurnOver                  a turn that is done or missed cannot be swapped
└── ListRefused                   a file was not read, or a category is not what the tree needs
    ├── FileUnreadable            neither a workbook nor text in a known encoding
    ├── FileTooLarge              more bytes or rows than a neighbourhood's list has
    ├── UnknownColumn             a mapping names a column or a field that is not there
    ├── TimeUnconfirmed           a time is wanted whose reading nobody has confirmed yet
    ├── UnknownCategory           the tree has no such code
    └── CategoryTreeBroken        a code twice, an unknown parent, or parents in a circle
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


class ExtraMissing(MarketplaceRefusal):
    code = "extra_missing"
    zh = "这项功能要先安装扩展:pip install 'timebank[{extra}]'"
    en = "install the extra for this first: pip install 'timebank[{extra}]'"


class ListRefused(MarketplaceRefusal):
    code = "list_refused"


class FileUnreadable(ListRefused):
    code = "file_unreadable"
    zh = "{filename} 读不了({why}),请另存为 xlsx 或 csv 再试"
    en = "{filename} cannot be read ({why}); please save it as xlsx or csv and try again"


class FileTooLarge(ListRefused):
    code = "file_too_large"
    zh = "{filename} 太大,最多 {most}"
    en = "{filename} is too large; at most {most}"


class UnknownColumn(ListRefused):
    code = "unknown_column"
    zh = "没有“{column}”这一列或这一项"
    en = "there is no column or field called {column}"


class TimeUnconfirmed(ListRefused):
    code = "time_unconfirmed"
    zh = "“{phrase}”的读法还没有确认,不能导出"
    en = "the reading of “{phrase}” is not confirmed yet and cannot be written out"


class UnknownCategory(ListRefused):
    code = "unknown_category"
    zh = "没有“{category}”这个类别"
    en = "there is no category {category}"


class CategoryTreeBroken(ListRefused):
    code = "category_tree_broken"
    zh = "类别表有错:{category}({why})"
    en = "the category tree is broken at {category} ({why})"
