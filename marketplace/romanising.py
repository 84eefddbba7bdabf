"""Chinese names in Latin letters, for readers who cannot read the original that stands beside it: 尉迟小兰 Yuchi Xiaolan.

A surname is read as surnames are (单 Shan, 曾 Zeng, 仇 Qiu), a double one is kept together, and the two signs of a given name
become one word, with an apostrophe where the second would run into the first (王西安 Wang Xi'an). Tones are left out, as on a
passport; ü stays ü.
"""

from __future__ import annotations

import re
from functools import lru_cache

from marketplace.names import letter_sound, surname_sounds

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
DOUBLE_SURNAMES = {
    "尉迟": "Yuchi", "万俟": "Moqi", "单于": "Chanyu", "长孙": "Zhangsun", "澹台": "Tantai", "欧阳": "Ouyang", "司马": "Sima",
    "上官": "Shangguan", "诸葛": "Zhuge", "东方": "Dongfang", "皇甫": "Huangfu", "公孙": "Gongsun", "慕容": "Murong",
    "宇文": "Yuwen", "司徒": "Situ", "令狐": "Linghu", "夏侯": "Xiahou", "端木": "Duanmu", "独孤": "Dugu", "南宫": "Nangong",
    "闻人": "Wenren", "赫连": "Helian", "濮阳": "Puyang", "淳于": "Chunyu", "申屠": "Shentu", "轩辕": "Xuanyuan",
    "钟离": "Zhongli", "鲜于": "Xianyu", "司空": "Sikong", "西门": "Ximen", "呼延": "Huyan", "拓跋": "Tuoba", "百里": "Baili",
    "第五": "Diwu", "亓官": "Qiguan", "宰父": "Zaifu", "纳兰": "Nalan", "太史": "Taishi", "仲孙": "Zhongsun",
}  # fmt: skip
_DOTS = re.compile("[·・•‧]")
_ALL_HAN = re.compile(f"[{HAN}]+")


@lru_cache(maxsize=4096)
def romanised(name: str) -> str:
    """A person's name in Latin letters; "" for anything but a name in Chinese signs.

    A name in parts (古丽娜尔·阿不都拉) has no surname in front: each part is one word.
    """
    parts = [part for part in _DOTS.split("".join(name.split())) if part]
    if not parts or not all(_ALL_HAN.fullmatch(part) for part in parts):
        return ""
    if len(parts) > 1:
        return " ".join(_word(part) for part in parts)
    surname, given = surname_of(parts[0])
    return f"{surname} {_word(given)}".strip()


def surname_of(name: str) -> tuple[str, str]:
    """The surname in Latin letters, and what follows it in the original."""
    double = DOUBLE_SURNAMES.get(name[:2])
    # 单于 may be somebody 单 called 于, and nobody is called by a double surname alone.
    if double and len(name) > 2:
        return double, name[2:]
    sound = surname_sounds().get(name[:1], "")
    return sound.capitalize() or _word(name[:1]), name[1:]


def _word(signs: str) -> str:
    """Several signs as one word, its first letter large."""
    syllables = [letter_sound(sign).replace("v", "ü") for sign in signs]
    joined = "".join(("'" if place and one[:1] in "aeo" else "") + one for place, one in enumerate(syllables))
    return joined[:1].upper() + joined[1:]
