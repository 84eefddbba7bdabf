"""People's names made comparable: one key for one name, however a form, a keyboard or an old font wrote it.

`name_key` is equal for 张三, 张　三 and 張三 in full width spaces; for 古丽娜尔·阿不都拉 with any dot; for 马丽 and ⻢丽, whose
first sign is a radical. It never changes a letter into another one: 文静 and 文婧 are `similar`, never equal. What a person
is shown is always the name as written.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

# Letters by their category that people type for the dot between the parts of a name: Canadian final middle dot, Latin
# letter sinological dot, Hangul araea (from the keyboards' ㆍ) and the stroke 丶.
_LETTERS_USED_AS_DOTS = frozenset("\u1427\ua78f\u119e\u4e36")
# Letters and marks that show nothing: Hangul fillers, grapheme joiner, variation selectors.
_SHOWS_NOTHING = frozenset(
    {"\u115f", "\u1160", "\u034f", "\u17b4", "\u17b5", "\u180b", "\u180c", "\u180d", "\u180f"}
    | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
)
# What stands where a letter was lost or hidden: a decoder's replacement sign, a printer's 〓, the boxes and stars of a
# list that hides names. 〇 is a letter and not among them.
_LOST = frozenset("\ufffd?？*＊〓□■▢○◯●×✕")
_DESCRIBED = range(0x2FF0, 0x3000)
_SIMILAR_LEAST = 3
# Plain letters and digits are their own key, but for the stroke that people type for a dot.
_PLAIN = re.compile("[0-9a-z\u4e00-\u4e35\u4e37-\u9fff]*")


def name_key(text: str) -> str:
    """The name for comparing: letters, digits and marks alone, in one width, case and form; "" when nothing is left.

    1. Letters that old GBK fonts kept in the private use area become the letters Unicode has for them.
    2. NFKC narrows widths and most radicals.
    3. The radicals and strokes that NFKC leaves become the letters they look like.
    4. Upper and lower case are made one.
    5. Spaces, dots, brackets and signs go; marks stay, for they are Tibetan and Uyghur vowels.

    A private-use letter that nobody knows stays in the key, so that it is never taken for its absence; ask `unreadable`
    before comparing such a name.
    """
    if _PLAIN.fullmatch(text):
        return text
    known = text.translate(_letters("private_use.txt"))
    plain = unicodedata.normalize("NFKC", known).translate(_letters("radicals.txt"))
    cased = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", plain).casefold())
    return unicodedata.normalize("NFC", "".join(char for char in cased if _counts(char)))


def unreadable(text: str) -> bool:
    """True when a letter of the name is lost: a private-use sign without a known letter, a mask or a replacement sign."""
    known = text.translate(_letters("private_use.txt"))
    return any(
        char in _LOST or ord(char) in _DESCRIBED or unicodedata.category(char) == "Co" for char in known
    )


def sound(text: str) -> str:
    """How the name sounds: pinyin without tones or spaces, other letters as in its key (張偉, 张玮 and Zhang Wei: zhangwei).

    Each letter has its usual reading, the first one its reading as a surname, so that a name sounds alike in simplified
    and traditional letters and beside any neighbour.
    """
    key = name_key(text)
    first = surname_sounds().get(key[:1], "") if len(key) > 1 else ""
    return first + "".join(letter_sound(char) for char in (key[1:] if first else key))


def similar(one: str, other: str) -> bool:
    """True for two different names that a slip of ear, pen or keyboard turns into each other.

    They sound alike; or of three or more letters one is another or two have changed places; or one to two letters at an
    end are cut off; or one is the whole beginning, of three letters or more, of the other (古丽娜尔 without the father's name).
    """
    first, second = sorted((name_key(one), name_key(other)), key=lambda key: (len(key), key))
    if not first or first == second:
        return False
    if sound(first) == sound(second):
        return True
    if len(first) == len(second):
        return len(first) >= _SIMILAR_LEAST and _one_slip(first, second)
    cut = len(second) - len(first)
    whole = second.startswith(first) or second.endswith(first)
    return (whole and len(first) > 1 and cut <= 2) or (
        second.startswith(first) and len(first) >= _SIMILAR_LEAST
    )


def _one_slip(one: str, other: str) -> bool:
    """One letter differs, or two neighbours have changed places."""
    apart = [at for at in range(len(one)) if one[at] != other[at]]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
    return len(apart) == 1


def _counts(char: str) -> bool:
    if char in _LETTERS_USED_AS_DOTS or char in _SHOWS_NOTHING:
        return False
    # The two planes of rare ideographs, whole: newer ones are letters too, though this Python may not know them yet.
    if 0x20000 <= ord(char) < 0x40000:
        return True
    category = unicodedata.category(char)
    return category[0] in "LNM" or category == "Co"


@cache
def _letters(filename: str) -> Mapping[int, int]:
    """Code point -> code point, from lines `2E8B ; 353E # remark`."""
    lines = files("marketplace").joinpath("data", filename).read_text("utf-8").splitlines()
    pairs = [line.split("#")[0].split(";") for line in lines if line.split("#")[0].strip()]
    return {int(code, 16): int(letter, 16) for code, letter in pairs}


@cache
def surname_sounds() -> Mapping[str, str]:
    """Surnames of one letter that are read otherwise than the same letter elsewhere: 单 shan."""
    return tomllib.loads(files("marketplace").joinpath("data/surname_sounds.toml").read_text("utf-8"))


@lru_cache(maxsize=20_000)
def letter_sound(char: str) -> str:
    """The usual reading of one letter, without its tone, ü as v; a letter without one is itself."""
    # Imported here because its tables take a while, which nothing but names has to wait for. Its table of phrases, the
    # larger part by far, says nothing about a letter by itself.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin(char)[0].casefold().replace("ü", "v")
