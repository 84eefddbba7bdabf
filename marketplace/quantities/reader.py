"""How much: 2人次, 8人×2小时, 每次6个号, 每天40份, 音响1套、桌椅40套, and the same in English.

Integers only. A half (半天, 1.5小时) becomes minutes; half a person is asked about. Money named in a resource is kept as
text and never counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from marketplace.quantities.counting import Counting
from marketplace.quantities.numerals import LARGE, NUMERAL, large
from marketplace.quantities.shapes import Shapes, is_vague, take_shapes
from marketplace.quantities.words import (
    ABOUT,
    AFTER,
    AMOUNT_MAX,
    DAY_MINUTES,
    EN_NUMBERS,
    EN_UNITS,
    HALF_DAY_MINUTES,
    HELPER_WORDS,
    MINUTES_MAX,
    PERS,
    PLAIN_WORDS,
    SERVED_UNITS,
    TOGETHER,
    ZH_UNITS,
    ask,
)
from marketplace.text import chinese_int, folded
from marketplace.values import Per, Quantity, Question, Unit

PLAIN = Counting()
# Classifiers under which meals are counted too.
PORTIONS = frozenset({"份", "盒", "items", "item"})
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰", "一二三四五六七八九十百")


@dataclass(slots=True)
class _Counted:
    """One `number unit` found in a phrase, with the unit's own word and the words around it."""

    amount: int
    unit: Unit
    counter: str
    word: str
    before: str


def read_quantity(phrase: str | None, counting: Counting = PLAIN) -> Quantity:
    """The quantity a phrase states; a question when it cannot be read, a note when something was assumed.

    Args:
        phrase: as written.
        counting: what the column counts where the phrase does not say it; see `marketplace.quantities.counting`.
    """
    written = (phrase or "").strip()
    text = _plain(written).replace("一次性", "1次")
    if not text or text in ("-", "—", "/") or (text == "无" and counting.people is not Unit.HELPER):
        return Quantity(phrase=written, notes=(ask("quantity_missing"),))
    if text in ("不限", "不限量", "无限", "unlimited", "no limit"):
        if counting.unlimited:
            return Quantity(phrase=written, notes=(ask("quantity_unlimited"),))
        return Quantity(phrase=written, question=ask("quantity_open", phrase=written))
    if is_vague(text):
        return Quantity(phrase=written, question=ask("quantity_open", phrase=written))
    doubt = _impossible(text, written)
    if doubt is not None:
        return Quantity(phrase=written, question=doubt)
    text, money = _take_money(text)
    text, shapes = take_shapes(text)
    quantity, notes = _counted_in(text, written, counting, shapes)
    if money and not (quantity.question or shapes.sessions or shapes.visits):
        notes = [*notes, ask("quantity_money", money=money)]
    return replace(quantity, phrase=written, money=money, notes=tuple(notes))


def _counted_in(
    text: str, written: str, counting: Counting, shapes: Shapes
) -> tuple[Quantity, list[Question]]:
    """The quantity of the text beside its shapes, and what was assumed."""
    text, together = _take_together(text)
    text, about = _take_about(text)
    text, per = _take_per(text)
    text, minutes, half = _take_minutes(text)
    counted, leftover = _take_counts(text)
    bare = counted[0].amount if len(counted) == 1 and not counted[0].counter else 0
    if len(counted) == 1 and counted[0].counter == "个" and counting.bare is Unit.HELPER:
        # 4个 in a column of helpers.
        bare = counted[0].amount
    if bare:
        counted, doubt = _bare(bare, written, per, counting)
        per = counting.bare_per if per is Per.TOTAL else per
    else:
        doubt = None
    if shapes.sessions or shapes.visits or shapes.seats:
        quantity = _shaped(shapes, per, minutes, counting)
        leftover = leftover + "".join(str(one.amount) for one in counted)
    elif not counted and not minutes:
        code = "total_missing" if shapes.limit_each else "quantity_unreadable"
        return Quantity(question=ask(code, phrase=written)), []
    else:
        quantity = _composed(counted, minutes, per, counting, helpers=together)
    if leftover:
        doubt = doubt or ask("quantity_partly_unread", leftover=leftover)
    if (
        doubt is None
        and not (shapes.sessions or shapes.visits)
        and _says_too_much(counted, counting.portions)
    ):
        doubt = ask("quantity_several", phrase=written)
    quantity = replace(
        quantity,
        together=together and quantity.helpers > 1,
        at_most=shapes.at_most if shapes.at_most > quantity.amount else 0,
        limit_each=shapes.limit_each,
        detail=shapes.detail,
        question=doubt,
    )
    return quantity, _notes(quantity, shapes, half=half, about=about or shapes.about)


def _notes(quantity: Quantity, shapes: Shapes, *, half: bool, about: str) -> list[Question]:
    notes = [ask("half_day", minutes=str(HALF_DAY_MINUTES))] if half else []
    notes += [ask("quantity_about", word=about)] if about else []
    if quantity.at_most:
        notes.append(ask("quantity_range", least=str(quantity.amount), most=str(quantity.at_most)))
    if shapes.limit_each:
        notes.append(ask("limit_each", limit=str(shapes.limit_each)))
    return notes


def _bare(amount: int, written: str, per: Per, counting: Counting) -> tuple[list[_Counted], Question | None]:
    """A number without a word counts what its column counts; where that is open, one is a visit and more is asked about."""
    if per not in (Per.TOTAL, Per.OCCASION) and counting.bare is None:
        # Two a month: sessions that are offered, visits that are asked for.
        unit = Unit.SESSION if counting.unlimited else Unit.VISIT
        return [_Counted(amount, unit, "bare", "", "")], None
    if counting.bare is None:
        doubt = None if amount == 1 else ask("quantity_of_what", phrase=written)
        return [_Counted(amount, Unit.VISIT, "bare", "", "")], doubt
    return [_Counted(amount, counting.bare, "bare", "", "")], None


def _shaped(shapes: Shapes, per: Per, minutes: int, counting: Counting) -> Quantity:
    """4场×20人, 共6小时,分3次, 1车(7座)."""
    if shapes.seats:
        return Quantity(amount=shapes.seats, unit=Unit.SEAT, per=per, minutes_each=minutes)
    if shapes.visits:
        return Quantity(
            amount=shapes.visits, unit=Unit.VISIT, per=per, minutes_each=shapes.minutes_each or minutes
        )
    helping = counting.people is Unit.HELPER
    return Quantity(
        amount=shapes.sessions,
        unit=Unit.SESSION,
        per=Per.TOTAL if per is Per.OCCASION else per,
        minutes_each=minutes,
        helpers=shapes.each_holds if helping else 0,
        each_holds=0 if helping else shapes.each_holds,
    )


def _plain(text: str) -> str:
    if not re.search(r"\d|[一-龥a-zA-Z]", text):
        return folded(text)
    folded_text = folded(text).casefold().translate(_FORMAL)
    plain = re.sub(r"\s*(?<![a-z])[x×*✕]\s*(?=\d|[一二两三四五六七八九十半])", "×", folded_text)
    plain = re.sub(r"(?<!\d)(\d{1,3}),(\d{3})(?!\d)", r"\1\2", plain)
    plain = re.sub(r"\b(?:in (?:all|total)|altogether|available)\b", "", plain)
    plain = LARGE.sub(large, plain)
    plain = re.sub(rf"(?:[一-龥]{{0,3}}家庭)({NUMERAL})[组个户]", r"\1户", plain)
    plain = re.sub(rf"({NUMERAL})[组个户](?:[一-龥]{{0,2}})家庭", r"\1户", plain)
    plain = re.sub(rf"(?:座位|床位|席位)({NUMERAL})[个张]", r"\1座", plain)
    plain = re.sub(rf"({NUMERAL})[个张](?:座位|床位|席位|座|席)", r"\1座", plain)
    words = "|".join(EN_NUMBERS)
    return re.sub(rf"\b(?:{words})\b", lambda found: str(EN_NUMBERS[found[0]]), plain, flags=re.ASCII)


def _impossible(text: str, written: str) -> Question | None:
    """A doubt that a single number raises by itself."""
    if re.search(r"(?<![\d\w])-\s*\d|负\d", text):
        return ask("quantity_zero", phrase=written)
    for found in re.finditer(r"\d+(?:\.\d+)?", text):
        value = Fraction(found[0])
        if value == 0:
            return ask("quantity_zero", phrase=written)
        if value > AMOUNT_MAX:
            return ask("quantity_absurd", phrase=written)
    for hours in re.finditer(r"(\d+(?:\.\d+)?)\s*(?:个)?(?:小时|钟头|hours?|hrs?|h\b)", text):
        if Fraction(hours[1]) * 60 > MINUTES_MAX:
            return ask("quantity_absurd", phrase=written)
        if Fraction(hours[1]) * 60 < 1:
            return ask("quantity_zero", phrase=written)
        if Fraction(hours[1]) * 60 % 1:
            return ask("quantity_not_whole", phrase=written)
    for minutes in re.finditer(r"(\d+)\s*(?:分钟|minutes?|mins?)", text):
        if int(minutes[1]) > MINUTES_MAX:
            return ask("quantity_absurd", phrase=written)
    if re.search(r"\d,\d", text):
        # 1,5小时 is one and a half to some and two numbers to others.
        return ask("quantity_unreadable", phrase=written)
    counted = re.search(r"\d+\.\d+(?!\d)(?!\s*(?:个)?(?:小时|钟头|h\b|hrs?|hours?|元|天))", text)
    return ask("quantity_not_whole", phrase=written) if counted else None


def says_together(text: str) -> bool:
    """Whether a text says that all who are asked for are needed at the same time."""
    return re.search(TOGETHER, _plain(text)) is not None


def _take_together(text: str) -> tuple[str, bool]:
    """The words that ask for all at the same time, taken off the text."""
    text = re.sub(r"双人", "2人同时", text)
    return re.sub(TOGETHER, " ", text), re.search(TOGETHER, text) is not None


def _take_about(text: str) -> tuple[str, str]:
    """The words that make a number a bound or a guess, taken off the text."""
    words = "|".join(ABOUT)
    found = re.findall(words, text)
    return re.sub(words, "", text), "、".join(dict.fromkeys(found))


def _says_too_much(counted: list[_Counted], portions: Unit) -> bool:
    """True when a count would be left out: 60人×2场, 上午2人下午3人.

    One count of helpers may stand beside visits or things, several things beside each other, and trips beside cars.
    """
    people = [one for one in counted if one.unit in (Unit.PERSON, Unit.HELPER)]
    things = [one for one in counted if one not in people]
    if len(people) > 1 or (people and things and counted[0] in people):
        return True
    if portions is Unit.MEAL and len(things) > 1:
        # 早餐30份、午餐50份: neither number is all of them.
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
        r"每一?个?(天|日|周|星期|半月|月|学期|季度|季|半年|年|次|人|场|户|班)|(?:/|per |each |every |(?<!half )a )(天|日|周|星期|月|学期|次|人|场|户|班|day|week|month|term|quarter|year|visit|time|person|session|class|lesson|group|shift)\b"
    )
    found = [PERS[one[1] or one[2]] for one in pattern.finditer(text)]
    longer = dict.fromkeys(per for per in found if per is not Per.OCCASION)
    if len(longer) > 1:
        # 每周3天,每天2小时: two stretches in one cell stay in the text and are asked about.
        return text, next(iter(longer))
    return pattern.sub(" ", text), next(iter(longer), found[0] if found else Per.TOTAL)


def _take_minutes(text: str) -> tuple[str, int, bool]:
    """The minutes one occasion takes, taken off the text; True when a half day was read."""
    rules: tuple[tuple[str, Callable[[re.Match[str]], int]], ...] = (
        (r"(\d+)\s*个?小时\s*(\d{1,2})\s*分钟?", lambda m: int(m[1]) * 60 + int(m[2])),
        (
            r"(\d+)\s*(?:hours?|hrs?|h)\s*(?:and )?(\d{1,2})(?:\s*(?:minutes?|mins?|m))?\b",
            lambda m: int(m[1]) * 60 + int(m[2]),
        ),
        (r"(\d+|[一二两三四五六七八])\s*个?半(?:小时|钟头)", lambda m: _minutes(m[1], 60) + 30),
        (r"半个?(?:小时|钟头)|half (?:an|1) hour", lambda _: 30),
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
    units = {**ZH_UNITS, **EN_UNITS}
    words = "|".join(sorted(units, key=len, reverse=True))
    after = "|".join(sorted((*HELPER_WORDS, *AFTER), key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<before>[一-龥a-z]*?)(?P<n>\d+|[一二两三四五六七八九十百]+)\s*(?P<unit>{words})(?P<after>(?:{after})?)(?P<noun>(?:(?<=[台张套件把本副辆盒袋支桶场间箱双条床册])[一-龥]{{1,6}})?)(?![一-龥]*分钟)"
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
    if not counted and (bare := re.fullmatch(r"[\s,]*(\d+|[一二两三四五六七八九十]{1,3})[\s,]*", text)):
        number = chinese_int(bare[1])
        if number:
            return [_Counted(number, Unit.ITEM, "", "", "")], ""
    rest = re.sub(r"[\s,、;.()]|(?<!\d)[×/](?!\d)|各|共|\b(?:and|for|of)\b", "", rest)
    return counted, "".join([*unread, rest])


def _unread_before(text: str, unit: Unit) -> str:
    """What stands before a number and says neither who helps nor what is counted: 上午2人."""
    if unit is Unit.ITEM:
        return ""
    known = "|".join(sorted((*HELPER_WORDS, *PLAIN_WORDS), key=len, reverse=True))
    return re.sub(rf"{known}|\b(?:and|for|of)\b", "", text)


def _composed(
    counted: list[_Counted], minutes: int, per: Per, counting: Counting, *, helpers: bool
) -> Quantity:
    """The quantity out of what was counted."""
    if not counted:
        return Quantity(amount=1, unit=Unit.VISIT, per=per, minutes_each=minutes)
    first = counted[0]
    people = [one for one in counted if one.unit in (Unit.PERSON, Unit.HELPER)]
    if minutes and first in people and not _served(first):
        # 8人×2小时: eight helpers at once for two hours.
        return Quantity(
            amount=first.amount, unit=Unit.HELPER, per=per, minutes_each=minutes, helpers=first.amount
        )
    trip = next((one for one in counted if one.unit is Unit.TRIP), None)
    if trip:
        return Quantity(amount=trip.amount, unit=Unit.TRIP, per=per, minutes_each=minutes)
    unit = _unit_of(first, counting, helpers=helpers)
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


def _served(one: _Counted) -> bool:
    """True for people counted as those who are helped: 人次, 名老人, 号."""
    return one.counter in SERVED_UNITS or one.word in ("老人", "居民", "学生", "孩子", "儿童")


def _unit_of(one: _Counted, counting: Counting, *, helpers: bool) -> Unit:
    if one.counter == "bare":
        return one.unit
    if one.counter == "处":
        return counting.spots
    if one.counter == "个" and ("名额" in one.before or "号" in one.before):
        return Unit.PERSON
    if one.unit is Unit.ITEM:
        return counting.portions if one.counter in PORTIONS else Unit.ITEM
    if one.unit is not Unit.PERSON:
        return one.unit
    if any(word in one.word or word in one.before for word in HELPER_WORDS):
        return Unit.HELPER
    if "坐" in one.before or "容纳" in one.before:
        return Unit.SEAT
    if _served(one):
        return Unit.PERSON
    return Unit.HELPER if helpers and counting.people is not Unit.SEAT else counting.people
