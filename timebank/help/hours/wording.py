"""The words for kinds of entries, reasons and groups of accounts, in the language of the moment."""

from __future__ import annotations

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


def account_kind(code: str) -> str:
    """Whose account a code names: a key of `OWNERS`."""
    if code.startswith("Liabilities:Member:"):
        return "member"
    return {"Fund": "fund", "Issued": "issued"}.get(code.rpartition(":")[2], "other")
