"""The words for kinds of entries, reasons and groups of accounts, in the language of the moment."""

from __future__ import annotations

from timebank.help.hours.followed import Hand
from timebank.help.hours.views import Only
from timebank.rules.parts.statements import Said
from timebank.web.i18n import lazy

GROUPS = {
    "members": lazy("居民存着的时间"),
    "fund": lazy("社区基金里的时间"),
    "issued": lazy("社区发出去的时间"),
    "other": lazy("其他账户"),
}
OWNERS = {
    "member": lazy("居民存折"),
    "fund": lazy("社区基金"),
    "issued": lazy("社区发出"),
    "other": lazy("其他账户"),
}
ENTRY_KINDS = {
    "open": lazy("开户"),
    "close": lazy("销户"),
    "limits": lazy("改限额"),
    "transfer": lazy("转账"),
    "adjust": lazy("调整"),
    "hold": lazy("预留"),
    "settle": lazy("结算预留"),
    "void": lazy("退回预留"),
    "expire": lazy("预留到期"),
    "reverse": lazy("冲回"),
    "batch": lazy("成批"),
    "period": lazy("结账"),
}
ENTRY_REASONS = {
    "service": lazy("服务"),
    "donate": lazy("送给社区基金"),
    "gift": lazy("时间转赠"),
    "gift_body": lazy("送给公益为老机构"),
    "lapse": lazy("到期转入社区基金"),
    "policy": lazy("按新规则改限额"),
    "opening": lazy("以前的时间转入"),
    "grant": lazy("社区赠送"),
    "put_right": lazy("记错的时间收回"),
    "after_death": lazy("去世后转入社区基金"),
    "erased": lazy("删除信息时转入社区基金"),
    "joined": lazy("两份档案合成一份"),
    "reverse_mistake": lazy("更正：录错了"),
    "hold": lazy("为一次服务预留"),
    "void": lazy("没用上，退回"),
    "reverse_wrong_minutes": lazy("更正：时间记错了"),
    "reverse_wrong_person": lazy("更正：记错了人"),
    "reverse_not_served": lazy("更正：这次没有服务"),
    "reverse_entered_twice": lazy("更正：记了两遍"),
    "close_month": lazy("月末结账"),
    "open": lazy("开户"),
}
REVERSE_REASONS = (
    ("wrong_minutes", lazy("时间记错了")),
    ("wrong_person", lazy("记错了人")),
    ("not_served", lazy("这次没有服务")),
    ("entered_twice", lazy("记了两遍")),
)

ONLY = {Only.ALL: lazy("全部"), Only.CORRECTIONS: lazy("只看更正"), Only.LATE: lazy("只看补记")}
HANDS = {
    Hand.EARNER: lazy("服务的人"),
    Hand.HELPED: lazy("被帮的人"),
    Hand.FOR_HELPED: lazy("代办人"),
    Hand.DESK: lazy("社区"),
    Hand.LEAD: lazy("领队"),
    Hand.CLOCK: lazy("到时间自动"),
    Hand.OTHER: lazy("别的人"),
}
SAID = {
    Said.JOINED: lazy("报名"),
    Said.REMINDED: lazy("提醒过"),
    Said.SURE: lazy("说能去"),
    Said.ON_WAY: lazy("在路上"),
    Said.SWAP: lazy("想请别人换"),
    Said.CANNOT: lazy("说去不了"),
    Said.SWAPPED: lazy("换了人"),
    Said.OFF: lazy("这次取消"),
    Said.ARRIVAL: lazy("到"),
    Said.LEAVING: lazy("走"),
    Said.AMOUNT: lazy("改定时间"),
    Said.WORD: lazy("说来过、帮好了"),
    Said.NOT_CAME: lazy("说没来"),
    Said.WRONG: lazy("说不对"),
    Said.LOOKED: lazy("核实过"),
    Said.WENT: lazy("说去了"),
    Said.NOT_WENT: lazy("说没去"),
    Said.ABSENT: lazy("收工时不在"),
    Said.FOUND_NOT: lazy("问过，没来"),
    Said.FOUND_UNKNOWN: lazy("问过，不清楚"),
    Said.POSTED: lazy("记进账本"),
    Said.REVERSED: lazy("从账本冲回"),
    Said.RETRACT: lazy("改回上面一句"),
}


def account_kind(code: str) -> str:
    """Whose account a code names: a key of `OWNERS`."""
    if code.startswith("Liabilities:Member:"):
        return "member"
    return {"Fund": "fund", "Issued": "issued"}.get(code.rpartition(":")[2], "other")
