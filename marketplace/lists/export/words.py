"""What a list calls the codes of its lines, in both languages; the reader knows each word again."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "resident": ("居民", "resident"), "community": ("社区", "community"), "unit": ("单位", "unit"),
    "urgent": ("紧急", "urgent"), "normal": ("一般", "normal"), "low": ("不急", "low"),
    "phone": ("电话", "phone"), "desk": ("移动办公桌", "desk"), "grid_visit": ("网格员走访", "grid visit"),
    "message_book": ("留言簿", "message book"), "wish_wall": ("心愿墙", "wish wall"), "talk_day": ("居民说事日", "talk day"),
    "suggestion_box": ("意见箱", "suggestion box"), "online": ("网上", "online"), "other": ("", ""),
    "place": ("场地", "place"), "equipment": ("设备", "equipment"), "vehicle": ("车辆", "vehicle"),
    "meals": ("餐食", "meals"), "goods": ("物品", "goods"), "funds": ("资金物品", "funds"), "people": ("人才", "people"),
    "male": ("男", "male"), "female": ("女", "female"),
}  # fmt: skip


def word(code: str, lang: str) -> str:
    """The word for a code; the code itself where it has none."""
    return _WORDS.get(code, (code, code))[0 if lang.startswith("zh") else 1]
