"""What the choices of a policy are called, in (zh, en)."""

from __future__ import annotations

from enum import StrEnum

from timebank.policy.choices import (
    AfterDeath,
    FirstTo,
    GiftTo,
    Grade,
    Minors,
    OverTotal,
    Payer,
    Rounding,
    SecondHand,
    TeamHours,
)

# By class first: members of different enums with one value are equal to each other.
CHOICES: dict[type[StrEnum], dict[str, tuple[str, str]]] = {
    Rounding: {
        "down": ("去尾", "down"),
        "nearest": ("四舍五入", "to the nearest"),
        "up": ("进一", "up"),
    },
    Payer: {
        "institution": ("社区", "the community"),
        "recipient_first": ("先用本人的存时，不够由社区", "the person helped first, then the community"),
    },
    OverTotal: {
        "fund": ("捐入社区基金", "goes to the community fund"),
        "thanks": ("只记荣誉", "is recorded with thanks"),
    },
    Minors: {
        "consent": ("监护人同意即可", "with a guardian's consent"),
        "guardian": ("由监护人带领", "led by a guardian"),
        "group": ("随队参加", "in a team"),
        "none": ("不参加", "not at all"),
    },
    TeamHours: {
        "own": ("记在个人", "are each person's own"),
        "given_on": ("记在队里，只能转赠", "are the team's, to be given on"),
    },
    GiftTo: {
        "fund": ("社区基金", "the community fund"),
        "spouse": ("配偶", "a spouse"),
        "parent": ("父母", "a parent"),
        "child": ("子女", "a child"),
        "grandparent": ("祖父母", "a grandparent"),
        "lineal": ("直系亲属", "a lineal relative"),
        "relative": ("亲属", "a relative"),
        "friend": ("朋友", "a friend"),
        "member": ("任何成员", "any member"),
        "hardship_elder": ("特殊困难老人", "an elder in hardship"),
        "nonprofit": ("公益为老机构", "a non-profit body for elders"),
    },
    SecondHand: {
        "client": ("受助的人", "the person helped"),
        "proxy": ("代办的家人", "who acts for them"),
        "worker": ("社区同事", "a worker at the desk"),
        "leader": ("队长或副队长", "the team's leader or deputy"),
        "unit": ("单位联系人", "the unit's contact"),
        "officer": ("网格员或楼栋长", "the officer of the grid or building"),
        "auditor": ("监督员", "the auditor"),
    },
    Grade: {
        "A": ("三位证明，当场，在场", "by three, at once and at the place (A)"),
        "B": (
            "两位证明，当场，本人到场或受助的人说过",
            "by two, at once, at the place or by whom it helped (B)",
        ),
        "C": ("两位证明，当场", "by two, at once (C)"),
        "D": ("两位证明，补记的也算", "by two, also written down later (D)"),
        "E": ("都算", "in any way (E)"),
    },
    AfterDeath: {
        "fund": ("归社区基金", "go to the community fund"),
        "kept": ("留在户上", "stay on the account"),
    },
    FirstTo: {
        "everybody": ("每位成员", "everybody"),
        "oriented": ("参加过新人说明会的", "whoever came to an orientation"),
        "key_elders": ("重点老人", "elders most in need"),
    },
}


def choice_words(choice: StrEnum) -> tuple[str, str]:
    """The words of one choice in (zh, en)."""
    return CHOICES[type(choice)][choice.value]
