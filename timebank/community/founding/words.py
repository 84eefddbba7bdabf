"""Words of the guide: what a check found missing, as people read it."""

from __future__ import annotations

from timebank.web.i18n import lazy

MISSING = {
    "address": lazy("地址"),
    "phone": lazy("电话"),
    "opens": lazy("开放时间"),
    "no_grid": lazy("还没有网格"),
    "worker": lazy("还差一位能登录的工作人员"),
    "auditor": lazy("还没有监督员"),
    "approval": lazy("还没有两个人定下的规则"),
    "hours": lazy("账本里还没有转入的时间"),
    "week": lazy("还没有排过一周"),
    "nobody": lazy("还没有居民和志愿者"),
    "questions": lazy("有超过7天没答的“是不是同一个人”"),
    "activities": lazy("清单上没有活动"),
    "projects": lazy("清单上没有项目"),
    "needs": lazy("清单上没有需求"),
    "resources": lazy("清单上没有资源"),
    "needs_of_nobody": lazy("有的需求还不知道是谁的"),
}
