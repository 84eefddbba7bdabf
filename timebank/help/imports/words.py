"""What the import pages call verdicts, answers, lists and reasons."""

from __future__ import annotations

from marketplace.lists import Verdict
from timebank.community.recognition import Why
from timebank.web import i18n

# Doubts about who is meant.
WHO_CODES = frozenset(why.value for why in Why)
VERDICTS = {
    Verdict.ACCEPTED.value: i18n.lazy("收下了"),
    Verdict.MERGED.value: i18n.lazy("合并了"),
    Verdict.QUESTIONED.value: i18n.lazy("要问一下"),
    Verdict.REFUSED.value: i18n.lazy("没有收"),
}
ANSWERS = {
    "accepted": i18n.lazy("照这样收下了"),
    "corrected": i18n.lazy("改好收下了"),
    "dropped": i18n.lazy("不要这一行"),
}
KIND_NAMES = {
    "needs": i18n.lazy("需求清单"),
    "resources": i18n.lazy("资源清单"),
    "activities": i18n.lazy("活动清单"),
    "projects": i18n.lazy("项目清单"),
    "volunteers": i18n.lazy("志愿者名单"),
    "attendance": i18n.lazy("点名签到表"),
    "unknown": i18n.lazy("认不出的表"),
}


WHY_LEFT_OUT = {
    "sensitive": i18n.lazy("属于不该收集的个人信息，没有保存"),
    "somebody_else": i18n.lazy("是别人的信息，没有用"),
    "not_kept": i18n.lazy("认得，这张清单用不着"),
    "said": i18n.lazy("按您说的没有用"),
}
WHY_PASSED = {
    "total": i18n.lazy("合计"),
    "note": i18n.lazy("说明或落款"),
    "example": i18n.lazy("示例"),
    "instruction": i18n.lazy("填写说明"),
    "numbered_blank": i18n.lazy("只有序号的空行"),
    "header_again": i18n.lazy("重复的表头"),
    "group": i18n.lazy("分组标题"),
}
