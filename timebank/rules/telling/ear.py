"""A sentence made for the ear: her name, what stands, one thing to do, in about twenty seconds. Pure.

A page read aloud says too much. This says the one sentence that the elder's page shows, with clocks, dates and numbers as
people speak them, and which button to press by its place, never by its colour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LENGTH_MAX = 80
"""Chinese characters, about twenty seconds of slow speech."""
WORDS_MAX = 45
"""English words in the same time."""

# The presses of the elder's page for each standing, in their order; a page that shows others says which.
_PRESSES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("asked", "proposed", "unnamed", "arranged", "reminded", "sure"), ("off_date",)),
    "searching": ("off_date", "off_series", "alt1", "alt2", "call_me"),
    "overdue": ("alt1", "alt2", "off_date", "off_series", "call_me"),
    "claimed": ("accept", "refuse"),
    "on_way": ("here", "call_me", "off_date"),
    "late": ("here", "not_came"),
    "arrived": ("call_me", "not_came", "came"),
    **dict.fromkeys(("silent", "overrun", "left", "unknown"), ("came", "not_came")),
    **dict.fromkeys(("said_came", "second", "resting", "posted", "corrected"), ("wrong",)),
    **dict.fromkeys(("unfilled", "said_not", "did_not", "off_date", "off_series"), ("again",)),
    **dict.fromkeys(("disputed", "off_rain", "moved"), ("call_me",)),
}
# What is worth saying of them: two that answer one question, else whatever stands first.
_PAIRS = (("alt1", "alt2"), ("accept", "refuse"), ("here", "not_came"), ("came", "not_came"))
_WORDS = {
    "alt1": ("前一个时间行", "For the first time"), "alt2": ("后一个时间行", "for the other"),
    "accept": ("行", "For yes"), "refuse": ("不行", "for no"), "here": ("到了", "If they are there"),
    "came": ("帮好了", "If it is done"), "not_came": ("没来", "if nobody came"), "again": ("要另约", "For another time"),
    "wrong": ("不对", "If that is wrong"), "off_date": ("不用来了", "If you no longer need it"), "call_me": ("有事", "If you need us"),
}  # fmt: skip
_PLACES_ZH, _PLACES_EN = (
    "一二三四五六七八",
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
)
# Where the end of the sentence is what is asked.
_END_MATTERS = frozenset({"overdue"})


def instruction(presses: Sequence[str], lang: str = "zh") -> str:
    """One thing to do, by the place of its button among `presses`, never by its colour."""
    shown = presses[: len(_PLACES_ZH)]
    if "undo" in shown:
        return "If that was a slip press “take back”." if lang == "en" else "按错了按“改回”。"
    first = next((code for code in shown if code in _WORDS), "")
    if not first:
        return "If you need us press “ring me”." if lang == "en" else "有事按“请打给我”。"
    group = next((pair for pair in _PAIRS if set(pair) <= set(shown)), (first,))
    at = [(*_WORDS[code], presses.index(code)) for code in group]
    if lang == "en":
        return ", ".join(f"{en} press the {_PLACES_EN[place]} button" for _zh, en, place in at) + "."
    return "，".join(f"{zh}按第{_PLACES_ZH[place]}个" for zh, _en, place in at) + "。"


def ear(
    *, called: str, sentence: str, standing: str = "", presses: Sequence[str] | None = None, lang: str = "zh"
) -> str:
    """What is spoken for one visit: called name + the sentence + one instruction.

    Args:
        called: as she is addressed; "" leaves it out.
        sentence: as her page shows it. standing: the code of where the visit stands, for the presses that go with it.
        presses: codes of the buttons in the order of the page, where it shows others.

    Returns:
        At most `LENGTH_MAX` characters (`WORDS_MAX` words in English): what does not fit goes, the name first, then the
        sentence from its end (where two other times are offered, from its beginning), never the instruction.
    """
    shown = _PRESSES.get(standing, ()) if presses is None else presses
    tongue = _EN if lang == "en" else _ZH
    said = _ended(_digits_en(sentence) if lang == "en" else spoken(sentence), tongue.stop)
    tail = tongue.gap + instruction(shown, lang)
    named = f"{called}{tongue.comma}{said}" if called else said
    for one in (named, said, *_shorter(said, from_start=standing in _END_MATTERS, stop=tongue.stop)):
        if tongue.length(one + tail) <= tongue.most:
            return one + tail
    return tongue.cut(said, tongue.most - tongue.length(tail)) + tail


def spoken(text: str) -> str:
    """Chinese text with its numbers as people say them: 八点半, 十一月二十四号星期二, 零幺九号."""
    text = re.sub(
        r"(?:\d{4}年)?(\d{1,2})月(\d{1,2})[日号][(（]?(?:周|星期)?([一二三四五六日])?[)）]?", _date, text
    )
    text = re.sub(r"(\d{1,2}):(\d{2})\s*[–—~-]\s*(\d{1,2}):(\d{2})", _span, text)
    text = re.sub(r"(\d{1,2}):(\d{2})", lambda one: clock(int(one[1]), int(one[2])), text)
    text = re.sub(r"(?<=[(（\s])周([一二三四五六日])", r"星期\1", text)
    text = re.sub(r"(?<!\d)(?:0\d+|\d{3,})(?!\d|小时|分|天|次|个)", lambda one: digits(one[0]), text)
    text = re.sub(r"(?<!\d)2(?=小时|个|次|位|天)", "两", text)
    return re.sub(r"(?<!\d)\d{1,2}(?!\d)", lambda one: number(int(one[0])), text)


def clock(hour: int, minute: int) -> str:
    """An hour of the day as it is spoken: 8:30 八点半, 14:05 下午两点零五分."""
    part = "" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
    twelve = hour if hour <= 12 else hour - 12
    said = f"{part}{'两' if twelve == 2 else number(twelve)}点"
    if minute == 0:
        return said
    if minute == 30:
        return f"{said}半"
    return f"{said}{'零' if minute < 10 else ''}{number(minute)}分"


def digits(text: str) -> str:
    """A number told figure by figure, as on the telephone: 019 零幺九."""
    return "".join("零幺二三四五六七八九"[int(one)] for one in text)


def number(value: int) -> str:
    """A number below a hundred: 24 二十四."""
    tens, ones = divmod(value, 10)
    plain = "零一二三四五六七八九"
    if not tens:
        return plain[ones]
    return f"{'' if tens == 1 else plain[tens]}十{plain[ones] if ones else ''}"


def _date(found: re.Match[str]) -> str:
    weekday = f"星期{found[3]}" if found[3] else ""
    return f"{number(int(found[1]))}月{number(int(found[2]))}号{weekday}"


def _span(found: re.Match[str]) -> str:
    starts, ends = clock(int(found[1]), int(found[2])), clock(int(found[3]), int(found[4]))
    same = next(
        (part for part in ("下午", "晚上", "中午") if starts.startswith(part) and ends.startswith(part)), ""
    )
    return f"{starts}到{ends.removeprefix(same)}"


def _digits_en(text: str) -> str:
    """Vest numbers figure by figure; clocks and dates are spoken rightly as they stand."""
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return re.sub(
        r"(?<![\d:])0\d+(?![\d:])", lambda one: " ".join(names[int(figure)] for figure in one[0]), text
    )


def _ended(sentence: str, stop: str) -> str:
    return sentence if sentence.endswith(("。", "？", "！", ".", "?", "!")) else sentence + stop


def _words(text: str) -> int:
    return len(text.split())


def _shorter(sentence: str, *, from_start: bool, stop: str) -> list[str]:
    """The sentence with ever fewer of its clauses, down to one."""
    clauses = re.split(r"(?<=[，；：。？,;:?])", sentence.rstrip(stop))
    clauses = [clause for clause in clauses if clause.strip()]
    if from_start:
        return [_ended("".join(clauses[at:]).strip(), stop) for at in range(1, len(clauses))]
    return [_ended("".join(clauses[:at]).rstrip("，；：,;: "), stop) for at in range(len(clauses) - 1, 0, -1)]


def _cut_zh(sentence: str, most: int) -> str:
    return sentence[: most - 1] + "。"


def _cut_en(sentence: str, most: int) -> str:
    return " ".join(sentence.split()[:most]) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    """How a language is measured and joined."""

    most: int
    length: Callable[[str], int]
    cut: Callable[[str, int], str]
    gap: str
    comma: str
    stop: str


_ZH = _Tongue(most=LENGTH_MAX, length=len, cut=_cut_zh, gap="", comma="，", stop="。")
_EN = _Tongue(most=WORDS_MAX, length=_words, cut=_cut_en, gap=" ", comma=", ", stop=".")
