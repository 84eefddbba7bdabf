"""Words of the policy page: the states of a version, and the rules that a preview names."""

from __future__ import annotations

from timebank.web.i18n import lazy

STATES = {"drafted": lazy("草稿"), "approved": lazy("已批准"), "withdrawn": lazy("已撤回")}
RULES = {
    "not_free": lazy("只有无偿服务计时"),
    "category": lazy("计时的类别"),
    "age_min": lazy("最小年龄"),
    "age_max": lazy("最大年龄"),
    "minimum": lazy("最短计时"),
    "rounding": lazy("取整"),
    "activity_cap": lazy("每次活动上限"),
    "day_cap": lazy("每天上限"),
    "week_cap": lazy("每周上限"),
    "thanked": lazy("只记荣誉"),
    "team_hours": lazy("团队的时间"),
    "weight": lazy("类别系数"),
    "total_cap": lazy("存储上限"),
}
