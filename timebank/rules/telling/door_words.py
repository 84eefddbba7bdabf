"""The words at the door, both ways: she asks, the helper says the first, she answers with the second. Pure.

Two words come from one secret, the service and its day, so nobody has to store or send them; they stand on her page and on
the helper's card only, from an hour before the start until the end. They calm a suspicion; they are evidence of nothing.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

SHOWN_BEFORE = timedelta(minutes=60)

KINDS_OF = (
    ("红", "red"), ("黄", "yellow"), ("蓝", "blue"), ("绿", "green"), ("白", "white"), ("紫", "purple"), ("粉", "pink"),
    ("大", "big"), ("小", "little"), ("新", "new"), ("旧", "old"), ("圆", "round"), ("方", "square"), ("长", "long"),
    ("高", "tall"), ("亮", "bright"),
)  # fmt: skip
"""What a thing is like; 16 of them."""

THINGS = (
    ("苹果", "apple"), ("香蕉", "banana"), ("西瓜", "watermelon"), ("葡萄", "grape"), ("草莓", "strawberry"),
    ("桃子", "peach"), ("樱桃", "cherry"), ("黄瓜", "cucumber"), ("番茄", "tomato"), ("土豆", "potato"),
    ("萝卜", "radish"), ("辣椒", "pepper"), ("玉米", "maize"), ("花生", "peanut"), ("馒头", "steamed bun"), ("饺子", "dumpling"),
    ("面条", "noodle"), ("鸡蛋", "egg"), ("豆腐", "tofu"), ("月饼", "mooncake"), ("筷子", "chopstick"), ("勺子", "spoon"),
    ("盘子", "plate"), ("茶壶", "teapot"), ("水桶", "bucket"), ("毛巾", "towel"), ("肥皂", "soap"), ("牙刷", "toothbrush"),
    ("镜子", "mirror"), ("梳子", "comb"), ("扣子", "button"), ("手套", "glove"), ("袜子", "sock"), ("围巾", "scarf"),
    ("书包", "satchel"), ("铅笔", "pencil"), ("报纸", "newspaper"), ("信封", "envelope"), ("沙发", "sofa"),
    ("窗户", "window"), ("钥匙", "key"), ("台灯", "lamp"), ("风扇", "fan"), ("电视", "television"), ("火车", "train"),
    ("飞机", "aeroplane"), ("轮船", "ship"), ("风筝", "kite"), ("气球", "balloon"), ("猫咪", "cat"), ("兔子", "rabbit"),
    ("金鱼", "goldfish"), ("蝴蝶", "butterfly"), ("蜜蜂", "bee"), ("鸭子", "duck"), ("公鸡", "rooster"),
    ("熊猫", "panda"), ("骆驼", "camel"), ("月亮", "moon"), ("雪人", "snowman"), ("荷花", "lotus"), ("柳树", "willow"),
    ("竹篮", "basket"), ("石榴", "pomegranate"),
)  # fmt: skip
"""Everyday things that can be drawn, no two alike by ear; 64 of them."""


@dataclass(frozen=True, slots=True)
class Word:
    """One picture in words: 红苹果, red apple."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWords:
    """What is said at one door on one day.

    Attributes:
        helper: what whoever comes says when asked. elder: what she answers, so that the helper knows the door is right.
    """

    helper: Word
    elder: Word


def door_words(secret: bytes, *, service: str, on: date) -> DoorWords:
    """The two words of a service on a day; the two things always differ, so neither can stand for the other."""
    helper, elder = (_drawn(secret, f"{service}|{on.isoformat()}|{side}") for side in ("helper", "elder"))
    if helper[1] == elder[1]:
        elder = (elder[0], (elder[1] + 1) % len(THINGS))
    return DoorWords(helper=_word(*helper), elder=_word(*elder))


def shown_at(now: datetime, *, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the words are shown: from an hour before the start until the end."""
    return starts_at - SHOWN_BEFORE <= now <= ends_at


def _drawn(secret: bytes, about: str) -> tuple[int, int]:
    digest = hmac.digest(secret, f"timebank/door/v1|{about}".encode(), sha256)
    return digest[0] % len(KINDS_OF), digest[1] % len(THINGS)


def _word(kind: int, thing: int) -> Word:
    return Word(KINDS_OF[kind][0] + THINGS[thing][0], f"{KINDS_OF[kind][1]} {THINGS[thing][1]}")
