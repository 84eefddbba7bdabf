"""How much: 2人次, 8人×2小时, 每次6个号, 每天40份, 音响1套、桌椅40套, and the same in English.

Integers only. A half (半天, 1.5小时) becomes minutes; half a person is asked about. Money named in a resource is kept as
text and never counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from marketplace.text import chinese_int, folded
from marketplace.values import Per, Quantity, Question, Unit

# A working half day and day, as offices count a companion's trip to the hospital.
HALF_DAY_MINUTES, DAY_MINUTES = 210, 420
AMOUNT_MAX = 100_000
MINUTES_MAX = 24 * 60

_ZH_UNITS: dict[str, Unit] = {
    "人次": Unit.PERSON, "个号": Unit.PERSON, "号": Unit.PERSON, "名学生": Unit.PERSON, "名老人": Unit.PERSON,
    "位老人": Unit.PERSON, "个孩子": Unit.PERSON, "户": Unit.VISIT, "家": Unit.VISIT, "次": Unit.VISIT,
    "场": Unit.SESSION, "节课": Unit.SESSION, "课时": Unit.SESSION, "趟": Unit.TRIP, "车次": Unit.TRIP,
    "份": Unit.ITEM, "餐": Unit.MEAL, "盒": Unit.ITEM, "副": Unit.ITEM, "件": Unit.ITEM, "套": Unit.ITEM,
    "辆": Unit.ITEM, "台": Unit.ITEM, "个": Unit.ITEM, "张": Unit.ITEM, "把": Unit.ITEM, "袋": Unit.ITEM,
    "本": Unit.ITEM, "支": Unit.ITEM, "桶": Unit.ITEM, "间": Unit.ITEM, "座": Unit.SEAT, "席": Unit.SEAT,
    "人": Unit.PERSON, "名": Unit.PERSON, "位": Unit.PERSON,
}  # fmt: skip
_EN_UNITS: dict[str, Unit] = {
    "people": Unit.PERSON, "persons": Unit.PERSON, "person": Unit.PERSON, "students": Unit.PERSON,
    "patients": Unit.PERSON, "places": Unit.PERSON, "slots": Unit.PERSON, "visits": Unit.VISIT, "visit": Unit.VISIT,
    "times": Unit.VISIT, "households": Unit.VISIT, "sessions": Unit.SESSION, "session": Unit.SESSION,
    "talks": Unit.SESSION, "talk": Unit.SESSION, "trips": Unit.TRIP, "trip": Unit.TRIP, "seats": Unit.SEAT,
    "meals": Unit.MEAL, "meal": Unit.MEAL, "lunches": Unit.MEAL, "items": Unit.ITEM, "item": Unit.ITEM,
    "pieces": Unit.ITEM, "piece": Unit.ITEM, "pairs": Unit.ITEM, "pair": Unit.ITEM, "sets": Unit.ITEM,
    "set": Unit.ITEM, "wheelchairs": Unit.ITEM, "volunteers": Unit.HELPER, "volunteer": Unit.HELPER,
    "helpers": Unit.HELPER, "helper": Unit.HELPER, "lawyers": Unit.HELPER, "lawyer": Unit.HELPER,
}  # fmt: skip
# People counted in these words are served, whatever the row is about.
_SERVED_UNITS = frozenset(
    {"人次", "个号", "号", "名学生", "名老人", "位老人", "个孩子", "students", "patients", "places", "slots"}
)
_AFTER = ("老人", "居民", "学生", "孩子", "儿童", "次")
# Words that make a number a bound or a guess: the number counts, and that is noted.
_ABOUT = ("大约", "大概", "左右", "不超过", "不少于", "至少", "最多", "最少", "及以上", "以上", "以内", "以下", "上下", "约",
          "up to", "at most", "at least", "about", "around", "or so")  # fmt: skip
_PLAIN_WORDS = (
    "可坐",
    "可容纳",
    "能坐",
    "容纳",
    "需要",
    "可接待",
    "接待",
    "可服务",
    "需",
    "可",
    "共",
    "各",
    "有",
)
_EN_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a dozen": 12, "once": "1 times", "twice": "2 times",
}  # fmt: skip
# Two people for one wheelchair: one alone is of no use.
_TOGETHER = r"(?:必须|需要|须|要)?(?:同时|一起|一同)(?:到场|在场|上门|到|来|抬|搬|扶|推|干)?|at the same time|at once|all together|together"
# Words that make counted people helpers rather than people served.
_HELPER_WORDS = (
    "律师",
    "志愿者",
    "讲师",
    "维修工",
    "辅导员",
    "队员",
    "护士",
    "医生",
    "老师",
    "师傅",
    "电工",
    "骨干",
)
_PERS: dict[str, Per] = {
    "天": Per.DAY, "日": Per.DAY, "周": Per.WEEK, "星期": Per.WEEK, "月": Per.MONTH, "学期": Per.TERM, "次": Per.OCCASION,
    "人": Per.OCCASION, "场": Per.OCCASION, "户": Per.OCCASION, "day": Per.DAY, "week": Per.WEEK, "month": Per.MONTH,
    "term": Per.TERM, "visit": Per.OCCASION, "time": Per.OCCASION, "person": Per.OCCASION, "session": Per.OCCASION,
}  # fmt: skip

_SENTENCES = {
    "quantity_missing": ("没有写数量，按1算。", "No quantity is given; 1 is assumed."),
    "quantity_unreadable": ("看不懂数量“{phrase}”，请改写成数字加单位。", "The quantity “{phrase}” could not be read. Please write a number and a unit."),
    "quantity_zero": ("数量“{phrase}”是零或负数，请核对。", "The quantity “{phrase}” is zero or negative. Please check."),
    "quantity_absurd": ("数量“{phrase}”大得不合常理，请核对。", "The quantity “{phrase}” is too large to be right. Please check."),
    "quantity_not_whole": ("“{phrase}”不是整数，请核对。", "“{phrase}” is not a whole number. Please check."),
    "quantity_partly_unread": ("数量里的“{leftover}”没有读懂，请确认。", "“{leftover}” in the quantity was not understood. Please confirm."),
    "quantity_several": ("“{phrase}”里有几个数量，请写明各是什么。", "“{phrase}” holds several quantities. Please say what each of them is."),
    "quantity_about": ("“{word}”按所写的数算。", "“{word}” is read as the number that is written."),
    "quantity_money": ("“{money}”是钱，只作说明，不折算成时间。", "“{money}” is money: it is shown and never turns into hours."),
    "half_day": ("半天按{minutes}分钟算。", "Half a day is read as {minutes} minutes."),
}  # fmt: skip


def _ask(code: str, **known: str) -> Question:
    zh, en = _SENTENCES[code]
    return Question(code=code, zh=zh.format(**known), en=en.format(**known), field="quantity")


@dataclass(slots=True)
class _Counted:
    """One `number unit` found in a phrase, with the unit's own word and the words around it."""

    amount: int
    unit: Unit
    counter: str
    word: str
    before: str


def read_quantity(
    phrase: str | None, *, seats: bool = False, meals: bool = False, helpers: bool = False
) -> Quantity:
    """The quantity a phrase states; a question when it cannot be read, a note when something was assumed.

    Args:
        phrase: as written.
        seats: counted people are seats of a room.
        meals: counted 份 are meals.
        helpers: counted people are helpers offered or asked for, not people served.
    """
    written = (phrase or "").strip()
    text = _plain(written)
    if not text or text in ("-", "—", "无"):
        return Quantity(phrase=written, notes=(_ask("quantity_missing"),))
    doubt = _impossible(text, written)
    if doubt is not None:
        return Quantity(phrase=written, question=doubt)
    text, money = _take_money(text)
    text, together = _take_together(text)
    text, about = _take_about(text)
    text, per = _take_per(text)
    text, minutes, half = _take_minutes(text)
    counted, leftover = _take_counts(text)
    if not counted and not minutes:
        return Quantity(phrase=written, money=money, question=_ask("quantity_unreadable", phrase=written))
    quantity = _composed(counted, minutes, per, seats=seats, meals=meals, helpers=helpers or together)
    notes = [_ask("half_day", minutes=str(HALF_DAY_MINUTES))] if half else []
    notes += [_ask("quantity_about", word=about)] if about else []
    notes += [_ask("quantity_money", money=money)] if money else []
    quantity = replace(quantity, together=together and quantity.helpers > 1)
    question = _ask("quantity_partly_unread", leftover=leftover) if leftover else None
    if question is None and _says_too_much(counted):
        question = _ask("quantity_several", phrase=written)
    return replace(quantity, phrase=written, money=money, notes=tuple(notes), question=question)


def _plain(text: str) -> str:
    if not re.search(r"\d|[一-龥a-zA-Z]", text):
        return folded(text)
    plain = re.sub(r"\s*[x×*✕]\s*(?=\d|[一二两三四五六七八九十])", "×", folded(text).casefold())
    plain = re.sub(r"(?<!\d)(\d{1,3}),(\d{3})(?!\d)", r"\1\2", plain)
    words = "|".join(_EN_NUMBERS)
    return re.sub(rf"\b(?:{words})\b", lambda found: str(_EN_NUMBERS[found[0]]), plain, flags=re.ASCII)


def _impossible(text: str, written: str) -> Question | None:
    """A doubt that a single number raises by itself."""
    if re.search(r"(?<![\d\w])-\s*\d|负\d", text):
        return _ask("quantity_zero", phrase=written)
    for found in re.finditer(r"\d+(?:\.\d+)?", text):
        value = Fraction(found[0])
        if value == 0:
            return _ask("quantity_zero", phrase=written)
        if value > AMOUNT_MAX:
            return _ask("quantity_absurd", phrase=written)
    for hours in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:个)?(?:小时|钟头|hours?|hrs?|h\b)", text):
        if Fraction(hours[1]) * 60 > MINUTES_MAX:
            return _ask("quantity_absurd", phrase=written)
        if Fraction(hours[1]) * 60 < 1:
            return _ask("quantity_zero", phrase=written)
        if Fraction(hours[1]) * 60 % 1:
            return _ask("quantity_not_whole", phrase=written)
    for minutes in re.finditer(r"(\d+)\s*(?:分钟|minutes?|mins?)", text):
        if int(minutes[1]) > MINUTES_MAX:
            return _ask("quantity_absurd", phrase=written)
    if re.search(r"\d,\d", text):
        # 1,5小时 is one and a half to some and two numbers to others.
        return _ask("quantity_unreadable", phrase=written)
    counted = re.search(r"\d+\.\d+(?!\d)(?!\s*(?:个)?(?:小时|钟头|h\b|hrs?|hours?|元|天))", text)
    return _ask("quantity_not_whole", phrase=written) if counted else None


def says_together(text: str) -> bool:
    """Whether a text says that all who are asked for are needed at the same time."""
    return re.search(_TOGETHER, _plain(text)) is not None


def _take_together(text: str) -> tuple[str, bool]:
    """The words that ask for all at the same time, taken off the text."""
    text = re.sub(r"双人", "2人同时", text)
    return re.sub(_TOGETHER, " ", text), re.search(_TOGETHER, text) is not None


def _take_about(text: str) -> tuple[str, str]:
    """The words that make a number a bound or a guess, taken off the text."""
    words = "|".join(_ABOUT)
    found = re.findall(words, text)
    return re.sub(words, "", text), "、".join(dict.fromkeys(found))


def _says_too_much(counted: list[_Counted]) -> bool:
    """True when a count would be left out: 60人×2场, 上午2人下午3人.

    One count of helpers may stand beside visits or things, several things beside each other, and trips beside cars.
    """
    people = [one for one in counted if one.unit in (Unit.PERSON, Unit.HELPER)]
    things = [one for one in counted if one not in people]
    if len(people) > 1 or (people and things and counted[0] in people):
        return True
    trips = [one for one in things if one.unit is Unit.TRIP]
    if trips:
        others = [one.counter for one in things if one not in trips]
        return bool(people) or len(trips) > 1 or others not in ([], ["辆"])
    return len(things) > 1 and any(one.unit is not Unit.ITEM for one in things)


def _take_money(text: str) -> tuple[str, str]:
    found = re.search(
        r"[,、;]?\s*((?:每[人名户位份次])?(?:约|共)?\s*\d+(?:\.\d+)?\s*(?:元|块|万元|yuan|rmb)(?:/[人名份次])?)",
        text,
    )
    return (text[: found.start()] + text[found.end() :], found[1].strip()) if found else (text, "")


def _take_per(text: str) -> tuple[str, Per]:
    """每天40份 and 20份/月: the stretch over which the quantity counts again; 每周2次,每次1小时 is per week."""
    pattern = re.compile(
        r"每一?个?(天|日|周|星期|月|学期|次|人|场|户)|(?:/|per |each |every |(?<!half )a )(天|日|周|星期|月|学期|次|人|场|户|day|week|month|term|visit|time|person|session)\b"
    )
    found = [_PERS[one[1] or one[2]] for one in pattern.finditer(text)]
    longer = dict.fromkeys(per for per in found if per is not Per.OCCASION)
    if len(longer) > 1:
        # 每周3天,每天2小时: two stretches in one cell stay in the text and are asked about.
        return text, next(iter(longer))
    return pattern.sub(" ", text), next(iter(longer), found[0] if found else Per.TOTAL)


def _take_minutes(text: str) -> tuple[str, int, bool]:
    """The minutes one occasion takes, taken off the text; True when a half day was read."""
    rules: tuple[tuple[str, Callable[[re.Match[str]], int]], ...] = (
        (r"(\d+)\s*个?小时\s*(\d{1,2})\s*分钟?", lambda m: int(m[1]) * 60 + int(m[2])),
        (r"(\d+|[一二两三四五六七八])\s*个?半(?:小时|钟头)", lambda m: _minutes(m[1], 60) + 30),
        (r"半个?(?:小时|钟头)|half an hour", lambda _: 30),
        (r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)\s*个?(?:小时|钟头)", lambda m: _minutes(m[1], 60)),
        (r"(\d+(?:\.\d+)?)\s*(?:hours?|hrs?|h)\b", lambda m: _minutes(m[1], 60)),
        (r"(\d+)\s*(?:分钟|minutes?|mins?)", lambda m: int(m[1])),
    )
    half = re.search(r"半天|半日|half a day", text)
    if half:
        return text[: half.start()] + text[half.end() :], HALF_DAY_MINUTES, True
    for pattern, minutes in rules:
        found = re.search(pattern, text)
        if found:
            return text[: found.start()] + " " + text[found.end() :], minutes(found), False
    whole = re.search(r"(?:[一1]整?天|全天|整天|a day)(?!\w)", text)
    if whole:
        return text[: whole.start()] + text[whole.end() :], DAY_MINUTES, False
    return text, 0, False


def _minutes(number: str, each: int) -> int:
    return round(Fraction(number) * each) if number[0].isdigit() else (chinese_int(number) or 0) * each


def _take_counts(text: str) -> tuple[list[_Counted], str]:
    """Every `number unit` of the text, and what is left unread."""
    units = {**_ZH_UNITS, **_EN_UNITS}
    words = "|".join(sorted(units, key=len, reverse=True))
    after = "|".join(sorted((*_HELPER_WORDS, *_AFTER), key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<before>[一-龥a-z]*?)(?P<n>\d+|[一二两三四五六七八九十百]+)\s*(?P<unit>{words})(?P<after>(?:{after})?)(?P<noun>(?:(?<=[台张套件把本副辆盒袋支桶场])[一-龥]{{1,6}})?)(?![一-龥]*分钟)"
    )
    counted: list[_Counted] = []
    unread: list[str] = []
    for found in pattern.finditer(text):
        amount, unit = chinese_int(found["n"]) or 0, units[found["unit"]]
        if amount:
            counted.append(_Counted(amount, unit, found["unit"], found["after"], found["before"]))
        unread.append(_unread_before(found["before"], unit))
        if found["noun"] and unit not in (Unit.ITEM, Unit.SESSION):
            unread.append(found["noun"])
    rest = pattern.sub("", text)
    if not counted and (bare := re.fullmatch(r"\s*(\d+)\s*", text)):
        return [_Counted(int(bare[1]), Unit.ITEM, "", "", "")], ""
    rest = re.sub(r"[\s,、;.()]|(?<!\d)[×/](?!\d)|各|共|\b(?:and|for|of)\b", "", rest)
    return counted, "".join([*unread, rest])


def _unread_before(text: str, unit: Unit) -> str:
    """What stands before a number and says neither who helps nor what is counted: 上午2人."""
    if unit is Unit.ITEM:
        return ""
    known = "|".join(sorted((*_HELPER_WORDS, *_PLAIN_WORDS), key=len, reverse=True))
    return re.sub(rf"{known}|\b(?:and|for|of)\b", "", text)


def _composed(
    counted: list[_Counted], minutes: int, per: Per, *, seats: bool, meals: bool, helpers: bool
) -> Quantity:
    """The quantity out of what was counted."""
    if not counted:
        return Quantity(amount=1, unit=Unit.VISIT, per=per, minutes_each=minutes)
    first = counted[0]
    people = [one for one in counted if one.unit in (Unit.PERSON, Unit.HELPER)]
    if minutes and first in people:
        # 8人×2小时: eight helpers at once for two hours.
        return Quantity(
            amount=first.amount, unit=Unit.HELPER, per=per, minutes_each=minutes, helpers=first.amount
        )
    trip = next((one for one in counted if one.unit is Unit.TRIP), None)
    if trip:
        return Quantity(amount=trip.amount, unit=Unit.TRIP, per=per, minutes_each=minutes)
    unit = _unit_of(first, seats=seats, meals=meals, helpers=helpers)
    beside = next((one.amount for one in counted[1:] if one in people), 0)
    things = tuple((one.before or one.word, one.amount) for one in counted if one.unit is Unit.ITEM)
    return Quantity(
        amount=first.amount,
        unit=unit,
        per=per,
        minutes_each=minutes,
        helpers=first.amount if unit is Unit.HELPER else beside,
        items=things if len(things) > 1 else (),
    )


def _unit_of(one: _Counted, *, seats: bool, meals: bool, helpers: bool) -> Unit:
    if one.unit is Unit.ITEM and meals:
        return Unit.MEAL
    if one.unit is not Unit.PERSON:
        return one.unit
    if any(word in one.word or word in one.before for word in _HELPER_WORDS):
        return Unit.HELPER
    if seats or "坐" in one.before or "容纳" in one.before:
        return Unit.SEAT
    served = one.counter in _SERVED_UNITS or one.word in ("老人", "居民", "学生", "孩子", "儿童")
    return Unit.HELPER if helpers and not served else Unit.PERSON
