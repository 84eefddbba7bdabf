"""Every refusal of the marketplace, in one tree; each carries a stable code, plain fields and a sentence in zh and en.

MarketplaceRefusal
├── ExtraMissing                  an optional part is asked for that is not installed
├── PlanRefused                   nothing was planned
│   ├── NotWholeNumber            a float or a truth value where a count of points or units belongs
│   ├── PointsTooMany             a number of the objective so large that sums of points would not fit
│   ├── NotAProbability           a percentage that is none
│   ├── BadTravelTime             minutes between two spots that are negative or no whole number
│   ├── LineTwice                 two lines of one list share a key
│   ├── UnknownLine               a fixed match, a withdrawal or an override names a line that is not there
│   ├── ListsChanged              the lists are no longer those the plan was made from
│   ├── OverrideWithoutReason     a choice by hand says why
│   └── OverrideTooLate           the stretch chosen by hand is over
├── ClaimRefused                  a claim stays as it was
│   ├── LineClosed                the line takes no more claims
│   ├── OwnLine                   nobody claims a line of their own
│   ├── ClaimedTwice              this claimant already has an open claim on the line
│   ├── OverRemaining             more is claimed than is left
│   ├── CertificateMissing        the line asks for a certificate the claimant does not hold
│   ├── CertificateExpired        the certificate is no longer valid on the day
│   ├── NotTheOwner               only the line's owner answers a claim
│   ├── NotTheClaimant            only the claimant withdraws
│   └── WrongStage                the claim's stage does not allow this step
├── AgreementRefused              an agreement stays as it was
│   ├── BadTerm                   the term is empty or reversed
│   ├── UnknownUnit               a pledge, a signature or a turn names a unit that is no party
│   ├── UnknownItem               the agreement has no such item
│   ├── ItemTwice                 two items of one agreement share a key
│   ├── SignedTwice               this party has signed
│   ├── TermOver                  the last day has passed
│   ├── NotInForce                not signed by all, or ended
│   ├── EndedWithoutReason        who ends an agreement early says why
│   ├── AlreadyAgreed             signed by all: it is ended, not changed
│   ├── AgreementDropped          the draft was dropped
│   ├── SameHand                  one person does not sign for two sides
│   └── NothingAgreed             nobody signs an agreement without items
├── BadAgeRange                   ages that are no range of whole years
├── RotaRefused                   a turn stays as it was
│   ├── NobodyInTurn              there is no unit to take a turn
│   ├── TurnTaken                 the period already has its lead unit
│   ├── UnknownTurn               no such period on the rota
│   ├── TurnStage                 the turn's stage does not allow this step
│   ├── NotTheTurnsUnit           only the unit whose turn it is asks for a swap, takes it back or holds it
│   ├── NotTheAskedUnit           only the unit that was asked answers
│   └── SwapWithItself            a unit cannot swap with itself, nor across two activities
├── AdmissionRefused              a task of a unit stays as it was
│   ├── TaskIncomplete            workload, difficulty, duration or what comes with it is not stated
│   ├── TaskStage                 the task's stage does not allow this step
│   ├── NotTheTasksUnit           only the unit that stated the task changes or withdraws it
│   ├── RefusedWithoutReason      the community may refuse, and says why
│   └── UnknownTask               no such task in this community
├── ExtraMissing                  an optional part is asked for that is not installed
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
    zh = "{field} 必须是整数，收到的是 {given}"
    en = "{field} must be a whole number, got {given}"


class PointsTooMany(PlanRefused):
    code = "points_too_many"
    zh = "{field} 最多 {most}，收到的是 {given}"
    en = "{field} is at most {most}, got {given}"


class NotAProbability(PlanRefused):
    code = "not_a_probability"
    zh = "可能性要写 0 到 100 的整数，收到的是 {given}"
    en = "a likelihood is a whole number from 0 to 100, got {given}"


class BadTravelTime(PlanRefused):
    code = "bad_travel_time"
    zh = "{one} 到 {other} 的路程分钟数必须是不小于 0 的整数，收到的是 {given}"
    en = "the minutes from {one} to {other} must be a whole number from 0 up, got {given}"


class LineTwice(PlanRefused):
    code = "line_twice"
    zh = "清单里有两行编号相同：{line_key}"
    en = "two lines of the list share the key {line_key}"


class UnknownLine(PlanRefused):
    code = "unknown_line"
    zh = "清单里没有这一行：{line_key}"
    en = "no such line on the list: {line_key}"


class ListsChanged(PlanRefused):
    code = "lists_changed"
    zh = "排计划期间清单有变动，这份计划没有保存，请重新排"
    en = "the lists changed while the plan was made; it was not saved, please plan again"


class OverrideWithoutReason(PlanRefused):
    code = "override_without_reason"
    zh = "不按计划安排，请写一句原因"
    en = "say in a few words why you decide against the plan"


class OverrideTooLate(PlanRefused):
    code = "override_too_late"
    zh = "选的时间已经过去了"
    en = "the stretch you chose is over"


class ClaimRefused(MarketplaceRefusal):
    code = "claim_refused"


class LineClosed(ClaimRefused):
    code = "line_closed"
    zh = "这一行已经关闭，不能再认领"
    en = "this line is closed and takes no more claims"


class OwnLine(ClaimRefused):
    code = "own_line"
    zh = "不能认领自己的需求或资源"
    en = "nobody claims a line of their own"


class ClaimedTwice(ClaimRefused):
    code = "claimed_twice"
    zh = "您已经认领过这一行，正在等对方答复"
    en = "you have already claimed this line and await the answer"


class OverRemaining(ClaimRefused):
    code = "over_remaining"
    zh = "只剩 {remaining}，认领不了 {asked}"
    en = "only {remaining} left, {asked} cannot be claimed"


class CertificateMissing(ClaimRefused):
    code = "certificate_missing"
    zh = "这件事要有“{certificate}”，认领方没有登记"
    en = "this asks for the certificate {certificate}, and the claimant has none on record"


class CertificateExpired(ClaimRefused):
    code = "certificate_expired"
    zh = "“{certificate}”到 {until} 已过期，认领不了"
    en = "the certificate {certificate} expired on {until}, so this cannot be claimed"


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
    zh = "这次认领现在是“{stage_zh}”，不能{step_zh}"
    en = "the claim is {stage}, it cannot be {step}"


class BadAgeRange(MarketplaceRefusal):
    code = "bad_age_range"
    zh = "年龄范围不对：{lowest} 到 {highest}"
    en = "not a range of ages: {lowest} to {highest}"


class AgreementRefused(MarketplaceRefusal):
    code = "agreement_refused"


class BadTerm(AgreementRefused):
    code = "bad_term"
    zh = "协议期限不对：{first_on} 到 {last_on}"
    en = "not a term: {first_on} to {last_on}"


class UnknownUnit(AgreementRefused):
    code = "unknown_unit"
    zh = "{unit} 没有签这份协议"
    en = "{unit} did not sign this agreement"


class UnknownItem(AgreementRefused):
    code = "unknown_item"
    zh = "协议里没有这一项：{key}"
    en = "the agreement has no item {key}"


class ItemTwice(AgreementRefused):
    code = "item_twice"
    zh = "协议里有两项编号相同：{key}"
    en = "two items of the agreement share the key {key}"


class SignedTwice(AgreementRefused):
    code = "signed_twice"
    zh = "{unit} 已经签过了"
    en = "{unit} has signed already"


class TermOver(AgreementRefused):
    code = "term_over"
    zh = "协议到 {last_on} 已经期满"
    en = "the agreement's term ended on {last_on}"


class NotInForce(AgreementRefused):
    code = "not_in_force"
    zh = "协议还没有生效，或者已经终止"
    en = "the agreement is not in force"


class EndedWithoutReason(AgreementRefused):
    code = "ended_without_reason"
    zh = "提前终止协议要写明原因"
    en = "say why the agreement ends early"


class AlreadyAgreed(AgreementRefused):
    code = "already_agreed"
    zh = "双方都签了字，协议不能再改；要变就先终止，另签一份"
    en = "everybody has signed, so the agreement is not changed any more; end it and agree anew"


class AgreementDropped(AgreementRefused):
    code = "agreement_dropped"
    zh = "这份草稿已经作废"
    en = "this draft was dropped"


class SameHand(AgreementRefused):
    code = "same_hand"
    zh = "同一个人不能替两方签字"
    en = "one person does not sign for two sides"


class NothingAgreed(AgreementRefused):
    code = "nothing_agreed"
    zh = "协议里还没有写事项，先写再签"
    en = "the agreement has no items yet; write them before anybody signs"


class RotaRefused(MarketplaceRefusal):
    code = "rota_refused"


class NobodyInTurn(RotaRefused):
    code = "nobody_in_turn"
    zh = "还没有可以轮值的单位"
    en = "there is no unit to take a turn"


class TurnTaken(RotaRefused):
    code = "turn_taken"
    zh = "{period} 已经由 {unit} 轮值"
    en = "{period} already has {unit} in the lead"


class UnknownTurn(RotaRefused):
    code = "unknown_turn"
    zh = "轮值表上没有 {period}"
    en = "the rota has no turn for {period}"


class TurnStage(RotaRefused):
    code = "turn_stage"
    zh = "{period} 的轮值现在是“{stage_zh}”，不能{step_zh}"
    en = "the turn of {period} is {stage}, this step is not possible: {step}"


class NotTheTurnsUnit(RotaRefused):
    code = "not_the_turns_unit"
    zh = "{period} 轮到 {unit}，别的单位不能代为决定"
    en = "{period} is the turn of {unit}, no other unit decides about it"


class NotTheAskedUnit(RotaRefused):
    code = "not_the_asked_unit"
    zh = "换班问的是 {unit}，由他们答复"
    en = "{unit} was asked to swap and answers"


class SwapWithItself(RotaRefused):
    code = "swap_with_itself"
    zh = "只能和同一个活动里别的单位换班"
    en = "a swap is with another unit of the same activity"


class AdmissionRefused(MarketplaceRefusal):
    code = "admission_refused"


class TaskIncomplete(AdmissionRefused):
    code = "task_incomplete"
    zh = "任务没有写清楚：{field_zh}"
    en = "the task does not state its {field}"


class TaskStage(AdmissionRefused):
    code = "task_stage"
    zh = "这项任务现在是“{stage_zh}”，不能{step_zh}"
    en = "the task is {stage}, this step is not possible: {step}"


class NotTheTasksUnit(AdmissionRefused):
    code = "not_the_tasks_unit"
    zh = "任务是 {unit} 提的，由他们修改或撤回"
    en = "the task was stated by {unit}, who change or withdraw it"


class RefusedWithoutReason(AdmissionRefused):
    code = "refused_without_reason"
    zh = "不接收这项任务，请写明原因"
    en = "say why the task is not admitted"


class UnknownTask(AdmissionRefused):
    code = "unknown_task"
    zh = "没有这项任务：{uid}"
    en = "no such task: {uid}"


class ExtraMissing(MarketplaceRefusal):
    code = "extra_missing"
    zh = "这项功能要先安装扩展:pip install 'timebank[{extra}]'"
    en = "install the extra for this first: pip install 'timebank[{extra}]'"


class ListRefused(MarketplaceRefusal):
    code = "list_refused"


class FileUnreadable(ListRefused):
    """A file that holds no table we can read; `why` is one of `_WAYS_OUT`, or what the machine said."""

    code = "file_unreadable"
    zh = "{filename} 读不了：{zh}"
    en = "{filename} cannot be read: {en}"

    _WAYS_OUT: ClassVar[dict[str, tuple[str, str]]] = {
        "broken": ("文件坏了或没有传完。请在电脑上打开它，另存为 xlsx 再试", "it is damaged or incomplete; please open it on a computer, save it as xlsx and try again"),
        "password": ("文件加了密码。请去掉密码再试", "it is locked with a password; please take the password off and try again"),
        "pdf": ("这是 PDF，不是表格。请找到原来的表格文件，或另存为 xlsx", "it is a PDF, not a table; please use the table it was made from, or save it as xlsx"),
        "picture": ("这是图片。请用表格文件，或把内容打进表格再导入", "it is a picture; please use the table itself, or type it into one"),
        "document": ("这是文字文档。请把里面的表格复制到表格软件，存为 xlsx", "it is a text document; please copy its table into a spreadsheet and save that as xlsx"),
        "web_archive": ("这是网页存档。请在电脑上打开它，另存为 xlsx 再试", "it is a saved web page; please open it on a computer, save it as xlsx and try again"),
        "xml_2003": ("这是 2003 版的 XML 表格。请打开它，另存为 xlsx 再试", "it is an XML spreadsheet of 2003; please open it, save it as xlsx and try again"),
        "xlsb": ("这是二进制工作簿（xlsb）。请打开它，另存为 xlsx 再试", "it is a binary workbook (xlsb); please open it, save it as xlsx and try again"),
        "zip": ("这是压缩包。请先解压，再选里面的表格", "it is an archive; please unpack it first and choose the table inside"),
        "binary": ("不是表格文件。请用 xlsx、xls、ods 或 csv", "it is no table; please use xlsx, xls, ods or csv"),
        "encoding": ("认不出文字编码。请用表格软件打开，另存为 xlsx 再试", "its characters are in no known encoding; please open it in a spreadsheet program, save it as xlsx and try again"),
        "csv": ("里面的引号没有成对。请用表格软件打开，另存为 xlsx 再试", "a quotation mark is never closed; please open it in a spreadsheet program, save it as xlsx and try again"),
    }  # fmt: skip

    def __init__(self, *, filename: str, why: str) -> None:
        self.why = why
        zh, en = self._WAYS_OUT.get(
            why, (f"{why}。请另存为 xlsx 再试", f"{why}; please save it as xlsx and try again")
        )
        super().__init__(filename=filename, zh=zh, en=en)


class FileTooLarge(ListRefused):
    code = "file_too_large"
    zh = "{filename} 太大，最多 {most}；请分成几个文件，或删掉用不着的行列和格式再试"
    en = "{filename} is too large; at most {most}. Please split it, or remove rows, columns and formats nobody needs"


class FileTooHeavy(ListRefused):
    """Reading it took more time or memory than any list does."""

    code = "file_too_heavy"
    zh = "这个文件读起来太费力了，没有导入。请打开它，只留要用的行和列，另存为 xlsx，或分成几个文件再试"
    en = "This file takes too much work to read; nothing was brought in. Please open it, keep the rows and columns that are needed, save it as xlsx or split it, and try again"


class UnknownColumn(ListRefused):
    code = "unknown_column"
    zh = "没有“{column}”这一列或这一项"
    en = "there is no column or field called {column}"


class TimeUnconfirmed(ListRefused):
    code = "time_unconfirmed"
    zh = "“{phrase}”的读法还没有确认，不能导出"
    en = "the reading of “{phrase}” is not confirmed yet and cannot be written out"


class UnknownCategory(ListRefused):
    code = "unknown_category"
    zh = "没有“{category}”这个类别"
    en = "there is no category {category}"


class CategoryTreeBroken(ListRefused):
    code = "category_tree_broken"
    zh = "类别表有错：{category}（{why}）"
    en = "the category tree is broken at {category} ({why})"
