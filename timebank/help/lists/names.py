"""What the fields of a line are called where two people changed the same one."""

from __future__ import annotations

from timebank.web import i18n

CHANGES = ("list_edit", "list_add", "edit_request", "save_offer")
"""What the log calls a change of a line."""
FIELDS = {
    "title": i18n.lazy("标题"), "category": i18n.lazy("哪一类"), "whose": i18n.lazy("是谁的"), "source": i18n.lazy("谁提的"),
    "served": i18n.lazy("帮的是谁"), "place": i18n.lazy("在哪里"), "when": i18n.lazy("什么时候"), "quantity": i18n.lazy("要多少"),
    "urgency": i18n.lazy("急不急"), "contact": i18n.lazy("找谁联系"), "remark": i18n.lazy("要叮嘱的话"),
    "kind": i18n.lazy("是哪一种"), "reach": i18n.lazy("服务到哪里"), "conditions": i18n.lazy("有什么条件"),
    "free": i18n.lazy("收费吗"), "lead": i18n.lazy("哪个单位牵头"), "helpers": i18n.lazy("要几名志愿者"),
    "audience": i18n.lazy("谁来参加"), "state": i18n.lazy("办得怎么样了"), "partners": i18n.lazy("哪些单位配合"),
    "content": i18n.lazy("主要做什么"), "requires": i18n.lazy("还需要什么"), "due": i18n.lazy("什么时候做完"),
    "progress": i18n.lazy("做到哪一步了"),
}  # fmt: skip
