"""Why something cannot even be judged: a kind, a person or a thing that is not there, or several that could be meant.

RelationshipRefusal
├── KindUnknown 422
├── HolderUnknown, TargetUnknown, LineUnknown 404
├── OwnMandate 403
└── SeveralFit 409
"""

from __future__ import annotations

from timebank.rules.relationships import RelationshipRefusal


class KindUnknown(RelationshipRefusal):
    """The community's catalogue has no such kind."""

    status, code = 422, "kind_unknown"
    zh, en = "没有这一类关系。", "There is no such kind of relationship."


class HolderUnknown(RelationshipRefusal):
    """Nobody of the community is the holder that was named."""

    status, code = 404, "holder_unknown"
    zh, en = (
        "本社区没有找到这个人或组织，请核对名字和电话。",
        "Nobody here goes by that name; check name and phone.",
    )


class TargetUnknown(RelationshipRefusal):
    """Nothing of the community is what was named as the other side."""

    status, code = 404, "target_unknown"
    zh, en = "本社区没有找到对方，请核对名称。", "The other side was not found here; check the name."


class LineUnknown(RelationshipRefusal):
    """No open line of the needs list is a post of that name."""

    status, code = 404, "line_unknown"
    zh, en = "没有这个岗位。", "There is no such post."


class SeveralFit(RelationshipRefusal):
    """The name fits several; which is meant has to be said."""

    status, code = 409, "several_fit"
    zh, en = "有几个都叫这个名字，请写上电话或编号。", "Several go by that name; add a phone or a number."


class OwnMandate(RelationshipRefusal):
    """Whoever would act for somebody does not write down that person's yes."""

    status, code = 403, "own_mandate"
    zh = "替别人办事的，不能自己替对方说“同意”，请另一位同事来记。"
    en = "Whoever is to act for somebody does not write down that person's yes: a colleague has to."
