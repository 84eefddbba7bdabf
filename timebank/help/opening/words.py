"""What the pages of opening balances call things."""

from __future__ import annotations

from timebank.web.i18n import lazy

KINDS = {
    "batch": lazy("一批存折"),
    "none": lazy("没有纸质存折"),
    "back": lazy("撤回转入"),
}
STATES = {
    "waits": lazy("等另一位批准"),
    "done": lazy("批准了"),
    "dropped": lazy("没有办"),
}
WORDS = {"kinds": KINDS, "opening_states": STATES}
