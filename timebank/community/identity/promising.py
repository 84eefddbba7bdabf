"""What the page says of people's details: row by row who sees what, and sentence by sentence what becomes of it.

Each has a key; `tests/timebank/access/test_access_promises.py` names for every key the test that holds it. A promise that no
test proves has no place on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from timebank.policy import Policy
from timebank.web import i18n


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who sees one sort of detail."""

    key: str
    what: i18n.lazy
    who: i18n.lazy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One promise in words."""

    key: str
    says: i18n.lazy


ROWS: tuple[Row, ...] = (
    Row(
        key="need",
        what=i18n.lazy("要帮的是哪一类忙、哪个网格、什么时间"),
        who=i18n.lazy("大家（没有您的名字，也没有您的原话）"),
    ),
    Row(
        key="words",
        what=i18n.lazy("您说的原话、备注、在哪里"),
        who=i18n.lazy("您自己、能替您看的代办人、接下这件事的人（从接下到做完后%(days)s天）、本社区工作者"),
    ),
    Row(
        key="card",
        what=i18n.lazy("姓名、电话、门牌、身体情况"),
        who=i18n.lazy(
            "您自己、您的代办人、接下这件事的人（从接下到做完后%(days)s天）、本社区工作者（每看一次都有记录）"
        ),
    ),
    Row(
        key="called",
        what=i18n.lazy("您怎么称呼"),
        who=i18n.lazy("和您一起的人：来帮您的、您帮的、同队的队长、您请的单位、替您作证的网格员"),
    ),
    Row(
        key="dispute",
        what=i18n.lazy("您说哪一次记得不对"),
        who=i18n.lazy("您自己、能替您看的代办人、那一次来帮的人、本社区工作者"),
    ),
    Row(
        key="hours",
        what=i18n.lazy("您存了多少时间"),
        who=i18n.lazy("您自己、您的代办人、本社区工作者、监督员（只看编号）"),
    ),
    Row(key="book", what=i18n.lazy("账本"), who=i18n.lazy("监督员；里面只有编号和分钟，没有名字")),
    Row(key="others", what=i18n.lazy("别的社区、陌生人"), who=i18n.lazy("看不到任何个人信息")),
)
SENTENCES: tuple[Sentence, ...] = (
    Sentence(key="no_health_in_titles", says=i18n.lazy("病名和治疗不会写在谁都看得到的标题里。")),
    Sentence(key="looked", says=i18n.lazy("谁在什么时候、为什么看过您的信息，您随时可以查。")),
    Sentence(key="consent", says=i18n.lazy("同意过的事都可以撤回，撤回当天就停。")),
    Sentence(
        key="not_kept",
        says=i18n.lazy(
            "我们不记民族、宗教、户口、政治面貌。谁和谁住在一起只记一笔，好让自家人不给自家人作证。"
        ),
    ),
    Sentence(key="health_optional", says=i18n.lazy("身体情况只在上门需要时写；您不同意，就不写。")),
    Sentence(
        key="device",
        says=i18n.lazy(
            "这个网站只在您的手机上记几样小东西：您选的社区、语言和字的大小，登录以后还有一把临时钥匙。都不跟踪您，也不给别人。"
        ),
    ),
    Sentence(
        key="kept_until",
        says=i18n.lazy("事情了结%(words)s天后，说过的话就删掉；导入的表，原文%(files)s天后删掉。"),
    ),
    Sentence(key="few", says=i18n.lazy("公示的数字，少于%(people)s个人的不写。")),
    Sentence(
        key="rights",
        says=i18n.lazy(
            "想看、想存一份、想改、想删自己的信息，打开“我的档案”，或者告诉社区工作者。删掉后名字、电话、门牌和说过的话都没有了，账本上只剩编号和分钟。"
        ),
    ),
    Sentence(
        key="after_death", says=i18n.lazy("您身后，只有社区两个人核对过的亲属能看您的档案，到期就看不到了。")
    ),
)


def figures(policy: Policy) -> Mapping[str, int]:
    """The numbers in the promises, by a community's own rules."""
    return {
        "days": policy.identity.private_card_days_after, "words": policy.keeping.words_days,
        "files": policy.keeping.files_days, "people": policy.public.people_min,
    }  # fmt: skip


def said(text: i18n.lazy, known: Mapping[str, int]) -> str:
    """A promise in the language of the request, with its numbers."""
    return i18n.gettext(text.message, **known)
