"""Words of the guide: what a check found missing, as people read it."""

from __future__ import annotations

from timebank.web.i18n import lazy

MISSING = {
    "address": lazy("地址"),
    "phone": lazy("电话"),
    "opens": lazy("开放时间"),
    "no_grid": lazy("还没有网格"),
    "nobody": lazy("还没有居民和志愿者"),
    "questions": lazy("有超过7天没答的“是不是同一个人”"),
    "activities": lazy("清单上没有活动"),
    "projects": lazy("清单上没有项目"),
    "needs": lazy("清单上没有需求"),
    "resources": lazy("清单上没有资源"),
    "needs_of_nobody": lazy("有的需求还不知道是谁的"),
}
