"""Words that the pages of relationships share: groups, scopes, states, reasons, ways a yes is known."""

from __future__ import annotations

from timebank.web.i18n import lazy

GROUPS = {
    "office": lazy("社区"), "team": lazy("服务队"), "unit": lazy("单位"), "place": lazy("地方"), "person": lazy("代办和亲友"),
    "pair": lazy("结对"), "post": lazy("岗位"), "proof": lazy("证书"),
}  # fmt: skip
SCOPES = {
    "ask": lazy("替他登记要帮的忙"), "call_off": lazy("替他取消"), "confirm": lazy("替他说帮好了没有"),
    "read": lazy("看他登记过的事"), "hours": lazy("看他的时间存折"), "notices": lazy("替他收通知"), "acts": lazy("不在时替他办"),
}  # fmt: skip
STATES = {
    "offered": (lazy("等答复"), "wait"), "in_force": (lazy("有效"), "done"), "declined": (lazy("没有成"), ""),
    "over": (lazy("已结束"), ""),
}  # fmt: skip
REASONS = {
    "resigned": lazy("本人不做了"), "other_side": lazy("对方不要了"), "replaced": lazy("换人了"),
    "no_longer_needed": lazy("不再需要"), "mistake": lazy("登记错了"), "declined": lazy("没有答应"), "term": lazy("到期了"),
    "grown_up": lazy("孩子成年了"), "renewed": lazy("续了期"), "moved": lazy("搬走了"), "died": lazy("去世"),
    "joined": lazy("两份记录合成一份"), "closed": lazy("对方撤销了"), "erased": lazy("信息删除了"),
}  # fmt: skip
TO_CHOOSE = ("no_longer_needed", "resigned", "other_side", "replaced", "mistake")
HEARD = {
    "page": lazy("本人在网页上点的"), "told": lazy("当面或电话里说的"), "paper": lazy("签了纸"), "list": lazy("在名单上"),
    "moved": lazy("以前就有"),
}  # fmt: skip
SIDES = {"holder": lazy("承担的一方"), "target": lazy("对方")}
WORDS = {
    "groups": GROUPS, "scopes": SCOPES, "states": STATES, "reasons": REASONS, "to_choose": TO_CHOOSE, "heard": HEARD,
    "sides": SIDES,
}  # fmt: skip
