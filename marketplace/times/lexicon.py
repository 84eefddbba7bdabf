"""The words of time, Chinese and English, as rules in the order they are tried.

Longer readings stand before shorter ones. A rule gives a kind of token and its value; words that carry no meaning of
their own are FILLER. A new wording is a new line here and a row in the phrase tables of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from marketplace.text import chinese_int
from marketplace.times.festivals import festivals
from marketplace.times.tokens import Kind, Value

_ZH_DAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    **{str(n): n - 1 for n in range(1, 8)},
}
_EN_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_EN_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_EN_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "last": -1,
}  # fmt: skip
PARTS = {
    "清晨": "dawn", "早晨": "early", "早上": "early", "早间": "early", "一早": "early", "上午": "morning",
    "中午": "noon", "午间": "noon", "正午": "noon", "下午": "afternoon", "午后": "afternoon", "傍晚": "dusk",
    "晚上": "evening", "晚间": "evening", "夜里": "evening", "夜间": "evening", "当晚": "evening", "晚": "evening",
    "早": "early", "白天": "daytime", "日间": "daytime", "全天": "all_day", "整天": "all_day", "一整天": "all_day",
    "全日": "all_day", "凌晨": "night",
    "morning": "morning", "noon": "noon", "midday": "noon", "lunchtime": "noon", "afternoon": "afternoon",
    "evening": "evening", "night": "evening", "tonight": "evening", "daytime": "daytime", "during the day": "daytime",
    "all day": "all_day", "whole day": "all_day", "early morning": "early",
}  # fmt: skip

_N = r"(?:\d{1,3}|[一二两三四五六七八九十廿]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_WD = r"[一二三四五六日天]"
_ENWD = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:s|rs|sday|nesday|rsday|urday|day)?(?:day)?s?\b\.?"
_ENMON = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_TO = r"\s*(?:-|至|到)\s*"
_TWO_LETTERS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_ENORD = r"(?:first|second|third|fourth|fifth|sixth|last|1st|2nd|3rd|4th|5th)"

Rule = tuple[re.Pattern[str], Kind, Callable[[re.Match[str]], Value]]


class NotANumber(ValueError):
    """Numerals side by side that are no number (三四): the rule that took them for one does not hold."""


def _rule(kind: Kind, pattern: str, value: Callable[[re.Match[str]], Value] | Value = None) -> Rule:
    # ASCII word boundaries, so that an English word may touch a Chinese one.
    compiled = re.compile(pattern, re.ASCII)
    if callable(value):
        return compiled, kind, value
    return compiled, kind, lambda _match: value


def _number(text: str | None) -> int:
    if not text:
        return 0
    if text in _EN_NUMBERS:
        return _EN_NUMBERS[text]
    ordinal = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", text)
    if ordinal:
        return int(ordinal[1])
    number = chinese_int(text)
    if number is None:
        raise NotANumber(text)
    return number


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_number(found) for found in re.findall(_N, text))


def _weekday_range(first: int, last: int) -> tuple[int, ...]:
    """Monday to Friday; a range over the week's end (周五至周一) goes round."""
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _en_day(text: str) -> int:
    return _EN_DAYS[text[:3]]


def _zh_weekdays(match: re.Match[str]) -> Value:
    return tuple(_ZH_DAYS[char] for char in match[0] if char in "一二三四五六日天")


def _ordinals(match: re.Match[str]) -> Value:
    words = re.findall(r"最后[一1]?|倒数第一|" + _N, match[0])
    return tuple(-1 if word.startswith(("最后", "倒数")) else _number(word) for word in words)


def _en_ordinals(match: re.Match[str]) -> Value:
    return tuple(_number(word) for word in re.findall(_ENORD, match[0]))


def _clock_zh(match: re.Match[str]) -> Value:
    tail = match["tail"] or ""
    minute = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}.get(tail)
    return (_number(match["hour"]), _number(tail.rstrip("分")) if minute is None else minute, "")


def _clock_digits(match: re.Match[str]) -> Value:
    # 03:00 with its zero is written in the 24-hour way and needs no part of the day.
    mark = (match["mark"] or ("24h" if match["hour"].startswith("0") else "")).replace(".", "")
    return (int(match["hour"]), int(match["minute"] or 0), mark)


def _bare_hour(match: re.Match[str]) -> Value:
    return (int(match[1]), 0, "bare")


def _slashed(match: re.Match[str]) -> Value:
    return (int(match[3] or 0), int(match[1]), int(match[2]))


def _period(number: int, unit: str) -> int:
    return number * {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "个月": 30, "月": 30}[unit]


def _en_period(number: int, unit: str) -> int:
    return number * {"day": 1, "week": 7, "month": 30}[unit.rstrip("s")]


_PERIODS = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "个月": "month", "月": "month", "季度": "quarter",
    "季": "quarter", "学期": "term", "年": "year", "半年": "half_year",
    "day": "day", "week": "week", "fortnight": "week", "month": "month", "quarter": "quarter", "term": "term",
    "year": "year",
}  # fmt: skip


def _every(count: int, unit: str) -> Callable[[re.Match[str]], Value]:
    return lambda _match: (count, 0, unit)


def _every_zh(match: re.Match[str]) -> Value:
    return (_number(match[1]), 0, _PERIODS[match[2]])


def _every_en(match: re.Match[str]) -> Value:
    unit = match[2].rstrip("s")
    return (_number(match[1]) * (2 if unit == "fortnight" else 1), 0, _PERIODS[unit])


def _endings(match: re.Match[str]) -> Value:
    """逢5 is the 5th, 15th and 25th; 逢十 the 10th, 20th and 30th."""
    ends = {_number(one) % 10 for one in re.findall(r"[1-9]0?|[一二三四五六七八九十]", match[1])}
    return tuple(day for day in range(1, 32) if day % 10 in ends)


def _lunar_days(match: re.Match[str]) -> Value:
    words = re.findall(_LUNAR_DAY, match["days"])
    return tuple(_number(word.lstrip("初")) for word in words)


def _zh_minutes(match: re.Match[str]) -> Value:
    """一个半小时, 两小时, 半小时, 1.5小时, 1小时30分."""
    number, half, more = match["n"], match["half"], match["more"]
    hours = (
        0.0 if not number else float(number) if re.fullmatch(r"\d+(?:\.\d+)?", number) else _number(number)
    )
    minutes = round(hours * 60) + (30 if half or not number else 0)
    return minutes + (30 if more == "半" else int(more.rstrip("分钟")) if more else 0)


def _en_minutes(match: re.Match[str]) -> Value:
    """Two hours, an hour and a half, half an hour, 1.5 h."""
    number = match["n"]
    hours = 0.5 if number.startswith("half") else float(number) if number[0].isdigit() else _number(number)
    return round(hours * 60) + (30 if match["half"] else 0)


def _en_offset(match: re.Match[str]) -> Value:
    days = _en_period(_number(match[1]) or 1, match[2])
    return -days if match[3] == "before" else days


def _notice_days(number: str, unit: str) -> int:
    if unit == "小时":
        # Hours of warning are at most days of warning, rounded up.
        return -(-_number(number) // 24) if number != "半" else 1
    if number == "半":
        return 15 if unit == "月" else 1
    return _period(_number(number), "个月" if unit == "月" else unit)


# Apostrophes are typed in several ways, or not at all.
_FESTIVALS = {name.replace("'", ""): name for name in festivals()}
_FESTIVAL_WORDS = "|".join(
    re.escape(name).replace("'", "['’]?") + (r"\b" if name.isascii() else "")
    for name in sorted(festivals(), key=len, reverse=True)
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR_DAY = r"(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|三十|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|\d{1,2})"
_THIS_YEAR = r"(?:(?:(\d{4})年|(今年|明年))的?)?"


def _year(number: str | None, word: str | None) -> int:
    return int(number) if number else {"今年": -1, "明年": -2}.get(word or "", 0)


def _festival(match: re.Match[str]) -> Value:
    named = match["day"] or ""
    how = 0 if not named else 1 if named in ("当天", "当日", "那天", "这天", " itself") else 2
    name = _FESTIVALS[re.sub("['’]", "", match["name"])]
    return (_year(match[1], match[2]), 2 if match["during"] else how, name)


def _lunar(match: re.Match[str]) -> Value:
    named = match["month"]
    month = _LUNAR_MONTHS.get(named) or _number(named)
    return (
        _year(match[1], match[2]),
        -month if match["leap"] else month,
        _number((match["day"] or "").lstrip("初")),
    )


_PART_WORDS = "|".join(sorted(map(re.escape, PARTS), key=len, reverse=True))

# What is open or done in the hours behind a label: 服务时间:每周三.
_LABELLED = (
    "志愿服务|服务|活动|门诊|义诊|办公|接待|开放|营业|值班|上课|授课|培训|讲座|集合|工作|上班|演出|排练|训练|上门|探访|陪护|举办|举行|开展|进行"
    "|具体|可用|空闲|需求|需要|期望|希望|开门|对外开放|可服务|护理|送餐|巡逻|借用|使用|出诊"
)

RULES: tuple[Rule, ...] = (
    _rule(Kind.FILLER, rf"(?:{_LABELLED})?(?:的)?(?:时间|日期|时段)(?:安排)?(?:为|是|:)(?=.)|(?:{_LABELLED})时间(?=每|周|星期|礼拜|工作日|\d)|(?:opening |office |visiting )?(?:hours|times?|when|date):(?=.)"),
    _rule(Kind.FILLER, r"(?:早|中|晚|白|夜|日)班(?:时间)?:?(?=\s*\d)"),
    _rule(Kind.FILLER, r"(?:定|拟|计划|预计|预定|安排)(?:于|在)(?=.)|(?:计划|预计|预定)(?=\d|每|周)|(?:须|需|务必|应|赶|要)[在于](?=.*前)|(?:所有|全部)的?(?=周|星期|礼拜)|整(?=个?(?:周末|上午|下午|晚上))|(?<=\bi )am\b"),
    _rule(Kind.RANGE, r"截止(?:时间|日期)(?:为|是|:)?(?=.)"),
    _rule(Kind.ANY, r"24/7|7[x×*/]24(?:小时)?|24 hours(?: a day)?(?! ?notice)(?=$|[,;. ])|round the clock"),
    # By then: of a day, not of an hour.
    _rule(Kind.BEFORE, r"(?:最迟|最晚|至迟|不晚于|不迟于|不得?晚于|不得?迟于)(?:在|到|于)?"),
    _rule(Kind.ANY, r"(?<![共月周天])(?:24|二十四)小时(?:都行|都可以|均可)?(?!之?以?内|制|左右)|全天候"),
    # Days by a name, turned into dates by `named`.
    _rule(Kind.LUNAR_DAYS, rf"(?:每个?月|每逢|逢)(?:的)?(?:农历|阴历)?(?P<days>(?=[^,;]*初|(?<=农历)|(?<=阴历)){_LUNAR_DAY}(?:[、和及,]{_LUNAR_DAY}|初[一二三四五六七八九十]|十五)*)(?![\d:年点时个次月日号])", _lunar_days),
    _rule(Kind.LUNAR_DAYS, rf"(?:农历|阴历)的?(?:每个?月)?的?(?P<days>{_LUNAR_DAY}(?:[、和及,]{_LUNAR_DAY}|初[一二三四五六七八九十]|十五)*)(?![\d:年点时个次月日号])", _lunar_days),
    _rule(Kind.LUNAR_DAYS, r"(?P<days>初一(?:[、和及,]?十五)+)", _lunar_days),
    _rule(Kind.LUNAR_DAYS, r"lunar days? (?P<days>[\d, and]+?) of every month", lambda m: tuple(int(one) for one in re.findall(r"\d+", m["days"]))),
    _rule(Kind.FESTIVAL, rf"{_THIS_YEAR}(?P<during>during )?(?:the )?(?P<name>{_FESTIVAL_WORDS})(?P<day>当天|当日|那天|这天|期间|假期|小?长假|放假|节假日| itself| holidays?| week| period)?", _festival),
    _rule(Kind.LUNAR_DATE, rf"(?:农历|阴历|旧历)?{_THIS_YEAR}(?P<leap>闰)?(?P<month>[正冬腊])月(?:里|间|份)?(?P<day>{_LUNAR_DAY}(?:日|号)?)?(?![个次])", _lunar),
    _rule(Kind.LUNAR_DATE, rf"(?:农历|阴历|旧历){_THIS_YEAR}(?P<leap>闰)?(?P<month>{_N})月(?:份)?(?P<day>{_LUNAR_DAY}(?:日|号)?)?(?![个次])", _lunar),
    _rule(Kind.LUNAR_DATE, rf"{_THIS_YEAR}(?P<leap>闰)?(?P<month>{_N})月(?P<day>初[一二三四五六七八九十])(?![次回个周天场趟户人])", _lunar),
    _rule(Kind.LUNAR_DATE, r"大年初([一二三四五六七八九十])", lambda m: (0, 1, _number(m[1]))),
    _rule(Kind.LUNAR_DATE, r"(?:农历|阴历)?初([一二三四五六七八九十])(?![次回个周天场趟户人])", lambda m: (0, 0, _number(m[1]))),
    _rule(Kind.LUNAR_DATE, r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: day)? of the (\d{1,2}(?=st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)(?:st|nd|rd|th)? lunar month", lambda m: (0, _number(m[2]), int(m[1]))),
    _rule(Kind.SEASON, r"放?寒假(?:期间|里|中)?(?!暑)|(?:the )?winter (?:school )?(?:holidays?|break|vacation)", "winter"),
    _rule(Kind.SEASON, r"放?暑假(?:期间|里|中)?|(?:the )?summer (?:school )?(?:holidays?|break|vacation)", "summer"),
    _rule(Kind.SEASON, r"本学期内?|这个?学期|学期内|this (?:school )?term", "term"),
    _rule(Kind.SEASON, r"下个?学期|next (?:school )?term", "next_term"),
    _rule(Kind.SEASON, r"开学|(?:the )?start of term", "term_start"),
    _rule(Kind.OFFSET, rf"(?:之)?前({_N})个?(天|日|周|星期|礼拜)(?:之?以?内)?", lambda m: -_period(_number(m[1]), m[2])),
    _rule(Kind.OFFSET, rf"(?:之)?后({_N})个?(天|日|周|星期|礼拜)(?:之?以?内)?", lambda m: _period(_number(m[1]), m[2])),
    _rule(Kind.OFFSET, r"(?<!any )(?<!every )(?:the )?(?:(\d+|one|two|three|four|five|six|a) )?(day|week)s? (before|after)(?= \S)(?! please)", _en_offset),
    # Dates.
    _rule(Kind.DATE, r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?", lambda m: (int(m[1]), int(m[2]), int(m[3]))),
    _rule(Kind.DATE, r"(今年|明年)(\d{1,2})月(\d{1,2})[日号]?", lambda m: (-1 if m[1] == "今年" else -2, int(m[2]), int(m[3]))),
    _rule(Kind.DATE, r"(\d{1,2})\s*月\s*(\d{1,2})(?!\d)\s*(?:[日号]|(?!个?(?:周|星期|天|小时)))", lambda m: (0, int(m[1]), int(m[2]))),
    _rule(Kind.DATE, rf"({_N})月({_N})[日号]", lambda m: (0, _number(m[1]), _number(m[2]))),
    _rule(Kind.DATE, rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_ENMON}),?\s+(\d{{4}})", lambda m: (int(m[3]), _EN_MONTHS[m[2][:3]], int(m[1]))),
    _rule(Kind.DATE, rf"({_ENMON})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", lambda m: (int(m[3]), _EN_MONTHS[m[1][:3]], int(m[2]))),
    _rule(Kind.DATE, rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_ENMON})(?!\w)", lambda m: (0, _EN_MONTHS[m[2][:3]], int(m[1]))),
    _rule(Kind.DATE, rf"({_ENMON})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", lambda m: (0, _EN_MONTHS[m[1][:3]], int(m[2]))),
    _rule(Kind.DATE, rf"(\d{{1,2}})(?:st|nd|rd|th)?(?=(?:\s*(?:-|to|and|or|&|,|/)\s*(?:{_ENWD}\s+)?\d{{1,2}}(?:st|nd|rd|th)?)+\s+(?:of\s+)?({_ENMON})(?!\w))", lambda m: (0, _EN_MONTHS[m[2][:3]], int(m[1]))),
    _rule(Kind.DATE, r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)", lambda m: (int(m[1]), int(m[2]), int(m[3]))),
    # 12-05 9:00 is a date; by itself it may be hours.
    _rule(Kind.DATE, r"(?<![\d:点时-])(\d{1,2})-(0[1-9])(?= *(?:[(]|上午|下午|中午|晚|早|周|星期|\d{1,2}[:点]))", lambda m: (0, int(m[1]), int(m[2]))),
    _rule(Kind.UNKNOWN, r"(?<![\d:点时-])\d{1,2}-0[1-9](?![\d:点时日号月-])"),
    # 3/4 is the third of April to some and the fourth of March to others; `digits` settles it where it can be.
    _rule(Kind.SLASHED, r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])", _slashed),
    _rule(Kind.UNKNOWN, r"\d{1,2}/\d{1,2}(?:/\d+)?"),
    _rule(Kind.MONTH_YEAR, rf"(今年|明年)({_N})月份?(?!\d)", lambda m: (-1 if m[1] == "今年" else -2, _number(m[2]))),
    _rule(Kind.MONTH_YEAR, r"(\d{4})\s*年\s*(\d{1,2})\s*月份?", lambda m: (int(m[1]), int(m[2]))),
    # A warning time is not a time.
    _rule(Kind.NOTICE, rf"(?:需要?|须|请|要|得|最好)?提前\s*(半|{_N})\s*个?(天|日|周|星期|礼拜|月|小时)(?:以上)?(?:电话)?(?:预约|联系|约|通知|告知|打电话|申请|打招呼|说)?", lambda m: _notice_days(m[1], m[2])),
    _rule(Kind.NOTICE, r"(?:with |needs? |give |at least )*(\d+|one|two|three|four|five|six|seven|a)[ -](day|week)s?'?s?'?\s+(?:notice|ahead|in advance|before)(?: please)?", lambda m: _en_period(_number(m[1]), m[2])),
    _rule(Kind.NOTICE, r"(?:with |needs? |give |at least )*(24|48|72)[ -]hours?'?\s+(?:notice|ahead|in advance)(?: please)?", lambda m: int(m[1]) // 24),
    # Within so long; "in two weeks" is a day to some and a stretch to others.
    _rule(Kind.HOURS_IN, rf"({_N})个?小时之?以?内|(?:within|in|over) (?:the next )(\d{{1,3}}) hours?|within (\d{{1,3}}) hours?", lambda m: _number(m[1] or m[2] or m[3])),
    _rule(Kind.SPAN, r"半个?月(?=之?以?内)", 15),
    _rule(Kind.SPAN, rf"(?<!月)({_N})(?:个?(天|周|星期|礼拜)|(个月))(?=之?以?内)", lambda m: _period(_number(m[1]), m[2] or m[3])),
    _rule(Kind.SPAN, r"(?<!月)([一二两三四五六七八九十]{1,3})日(?=之?以?内)", lambda m: _number(m[1])),
    _rule(Kind.SPAN, r"(?:within|in|over) the next (?:(\d+|two|three|four|five|six) )?(day|week|month)s?\b|within ()(\d+|one|two|three|four|five|six|a) (day|week|month)s?\b", lambda m: _en_period(_number(m[1]) or 1, m[2]) if m[2] else _en_period(_number(m[4]), m[5])),
    _rule(Kind.UNKNOWN, r"(?<!once )(?<!twice )(?<!times )in (?:an?|one|two|three|four|five|six|\d+) (?:hour|day|week|fortnight|month)s?'?(?: time)?\b|(?<![a-z] )(?:a|one|two) (?:week|fortnight)s? on\b"),
    # How often.
    _rule(Kind.ANCHOR, r"从(\d{4})年(\d{1,2})月(\d{1,2})日算起", lambda m: (int(m[1]), int(m[2]), int(m[3]))),
    _rule(Kind.ANCHOR, rf"counting from (\d{{1,2}}) ({_ENMON}) (\d{{4}})", lambda m: (int(m[3]), _EN_MONTHS[m[2][:3]], int(m[1]))),
    _rule(Kind.EACH_TIME, rf"每[次趟回](?:大?约)?|一次(?=(?:大?约)?(?:{_N}|\d|半)个?半?(?:小时|钟头|分钟))|each time|per (?:visit|time|session)"),
    _rule(Kind.EACH, r"(?:都?要?)?各[一1]?[次回趟场]|分别|(?:once|one) each\b|each of them"),
    _rule(Kind.AT_LEAST, r"至少|最少|不少于|at least|no less than"),
    _rule(Kind.EVERY, r"(?<![每周月天日年次])(?:一共|总共|总计|合计|共计?)(?=\s*\S{0,6}(?:次|回|小时|钟头|分钟))|(?:in total|in all|altogether)\b", _every(1, "total")),
    _rule(Kind.EVERY, r"(?:只需要?|只要|仅需?|只来?|就来?)(?=[一1][次回])|(?<=[一1]次)(?:就行|就好|即可|就够|性)|(?:just|only)(?= once)|one[- ]off", _every(1, "total")),
    _rule(Kind.EVERY, r"每半个?月|半个?月(?=[一1]次)|(?:each|every|a|per) half[ -]month|twice[ -]monthly", _every(1, "half_month")),
    _rule(Kind.EVERY, r"每(?:个)?半年|半年(?=[一1两二]次)|(?:each|every|a|per) half[ -]year", _every(1, "half_year")),
    _rule(Kind.EVERY, r"每(?:个)?季度?|一个?季度?(?=[一二两三\d]+[次回趟])|quarterly|(?:of )?(?:each|every|a|per|the) quarter", _every(1, "quarter")),
    _rule(Kind.EVERY, r"每(?:个)?学期|一个?学期(?=[一二两三四\d]+[次回趟])|(?:each|every|a|per) (?:school )?term", _every(1, "term")),
    _rule(Kind.EVERY, r"每年|每一年|一年(?=[一二两三四\d]+[次回趟])|yearly|annually|(?:of )?(?:each|every|a|per) year", _every(1, "year")),
    # 双周周二 is every even week; 双周一次 every two weeks; odd weeks are odd weeks of what.
    _rule(Kind.UNKNOWN, r"单双周|双单周|单周"),
    _rule(Kind.EVEN_WEEKS, rf"双周的?(?={_WEEK}[一二三四五六日天末])|of even weeks|(?:in )?even weeks"),
    _rule(Kind.EVEN_WEEKS, r"双周(?=[二三四五六日](?![次回]))|双(?=周[二三四五六日](?![次回]))"),
    _rule(Kind.EVERY, r"隔周的?|每?隔[一1]?周|每?隔[一1]个?星期|双周(?=[一1]次)", _every(2, "week")),
    _rule(Kind.EVERY, rf"隔(?={_WEEK}[一二三四五六日天](?![次回]))", _every(2, "week")),
    _rule(Kind.EVERY, r"隔天|隔日|每?隔[一1][天日]", _every(2, "day")),
    _rule(Kind.EVERY, r"每?隔[一1]个?月|隔月", _every(2, "month")),
    # 每隔三天 is every third day to some and every fourth to others.
    _rule(Kind.UNKNOWN, rf"每?隔{_N}个?(?:天|日|周|星期|礼拜|月)"),
    _rule(Kind.EVERY, rf"每({_N})个?(天|周|星期|礼拜|月|季度|学期|年)(?!以上)", _every_zh),
    _rule(Kind.EVERY, rf"({_N})个?(天|周|星期|礼拜)(?=[一1][次回])", _every_zh),
    _rule(Kind.EVERY, rf"({_N})个(月|季度|学期)(?=[一1][次回])", _every_zh),
    _rule(Kind.EVERY, rf"({_N})(年)(?=[一1][次回])", _every_zh),
    # The third of the month, or every three weeks?
    _rule(Kind.UNKNOWN, rf"every (?:2nd|3rd|4th|third|fourth) (?:{_ENWD}|day\b|week\b)(?! of | (?:in|monthly))"),
    _rule(Kind.UNKNOWN, r"bi-?weekly|bi-?monthly"),
    _rule(Kind.EVERY, rf"every (?:other|second)(?= (?:week|{_ENWD}))(?! {_ENWD} of )(?: week\b)?|alternate (?:weeks?\b)?|every 2nd week|fortnightly|once (?:a|every) fortnight|(?:each|every|a|per) fortnight", _every(2, "week")),
    _rule(Kind.EVERY, r"every (?:other|second) day", _every(2, "day")),
    _rule(Kind.EVERY, r"every (?:other|second) month", _every(2, "month")),
    _rule(Kind.EVERY, r"every (\d+|two|three|four|five|six) (day|week|fortnight|month|quarter|year)s", _every_en),
    _rule(Kind.EVERY, r"weekly|(?:each|every|a|per) week\b", _every(1, "week")),
    _rule(Kind.EVERY, r"(?<!same )(?:a|per) day\b", _every(1, "day")),
    # The end of the month is this month's, the first Tuesday of the month comes every month.
    _rule(Kind.RELATIVE_MONTH, r"(?<=end of )the month|(?<=start of )the month|(?<=beginning of )the month|(?<=middle of )the month", 0),
    _rule(Kind.EVERY, r"monthly|(?:of |in )?(?:each|every|a|per|the) month\b", _every(1, "month")),
    _rule(Kind.TIMES, rf"({_N})\s*[次回趟](?!数)", lambda m: _number(m[1])),
    _rule(Kind.TIMES, r"once", 1),
    _rule(Kind.TIMES, r"twice", 2),
    _rule(Kind.TIMES, r"(\d+|one|two|three|four|five|six|seven|eight|ten) (?:times|visits?)\b", lambda m: _number(m[1])),
    _rule(Kind.CHOICE, r"任[选意何]?(?:其中)?一[天次]|任选其[一1]|[任可]选(?:其中)?(?:一[天次个])?|选(?:其中)?一[天次]|其中[一任]一?[天次]|(?:之|当)?[中里]的?(?:任[意何]?)?一[天次个]|哪天都行|[二两三四五]选[一1]|one of (?:them|these)|(?:any|either) (?:one )?(?:day |one )?of|any one day|one day(?= (?:from|between|mon|tue|wed|thu|fri|sat|sun))|either"),
    # Ordinals of weekdays and of weeks.
    _rule(Kind.NTH_WEEK, rf"(最后一|第{_N})个?(?:周|星期|礼拜)(?![一二三四五六日天末])", lambda m: -1 if m[1] == "最后一" else _number(m[1][1:])),
    _rule(Kind.NTH_WEEK, rf"({_ENORD}) (?:full )?week\b", lambda m: _number(m[1])),
    _rule(Kind.NTH_WEEK, r"(?:首|头一?)个?(?:周|星期|礼拜)(?![一二三四五六日天末])", 1),
    _rule(Kind.NTHS, rf"(?:首|头[一1]?)个(?=的?{_WEEK})", lambda _match: (1,)),
    # 第一、三周的周五: the first and the third Friday.
    _rule(Kind.NTHS, rf"第{_N}周?(?:[、和及,]第?{_N})+周的?(?={_WEEK}[一二三四五六日天])", _ordinals),
    _rule(Kind.NTHS, rf"(?:第{_N}|最后[一1]?)个?(?=或(?:者|是)?(?:第{_N}|最后[一1]?)个?的?{_WEEK})", _ordinals),
    _rule(Kind.NTHS, rf"(?:(?:第{_N}|最后[一1]?|倒数第一)个?(?:[、和及,]\s*)?)+(?:[、和及]?{_N}个)?(?=的?{_WEEK})", _ordinals),
    _rule(Kind.NTHS, rf"第{_N}(?:[、和及,]第?{_N})+个?(?=的?{_WEEK})", _ordinals),
    _rule(Kind.NTHS, rf"{_ENORD}(?:\s*(?:,|and|&)\s*{_ENORD})*(?=\s+{_ENWD})", _en_ordinals),
    # Weekdays.
    _rule(Kind.WEEKDAYS, rf"(?:每个?)?{_WEEK}({_WD}){_TO}{_WEEK}?({_WD})(?![点时个次月日])", lambda m: _weekday_range(_ZH_DAYS[m[1]], _ZH_DAYS[m[2]])),
    _rule(Kind.WEEKDAYS, rf"(?:每个?)?{_WEEK}([1-7]){_TO}{_WEEK}?([1-7])(?![\d:点时])", lambda m: _weekday_range(int(m[1]) - 1, int(m[2]) - 1)),
    _rule(Kind.WEEKDAYS, rf"(?:每个?)?{_WEEK}(?!{_WD}(?:个?(?:半)?小时|个?钟头|个?半)){_WD}(?![次回])(?:[、,和及]?(?!一(?:早|大早|整?天)|天){_WD}(?![点时个次回月刻十]|选[一1](?![天次个])|天(?!上|下|早|晚))|[、,和及]天)*", _zh_weekdays),
    _rule(Kind.WEEKDAYS, rf"(?:每个?)?{_WEEK}([1-7](?:[、,和及/]?[1-7])*)(?![\d:点时.小个次回天]|-\d)", lambda m: tuple(int(one) - 1 for one in re.findall(r"\d", m[1]))),
    _rule(Kind.WEEKDAYS, r"(?<=[日号\d]\()([一二三四五六日])(?=\))", lambda m: (_ZH_DAYS[m[1]],)),
    _rule(Kind.WEEKDAYS, r"m[ /,&]+w[ /,&]+f\b", lambda _match: (0, 2, 4)),
    _rule(Kind.WEEKDAYS, r"(?:mo|tu|we|th|fr|sa|su)(?:[ /,&-]+(?:mo|tu|we|th|fr|sa|su)\b)+", lambda m: tuple(_TWO_LETTERS.index(one) for one in re.findall(r"[a-z]{2}", m[0]))),
    _rule(Kind.WEEKDAYS, rf"(?:every )?({_ENWD})\s*(?:-|to|through|until|till)\s*({_ENWD})", lambda m: _weekday_range(_en_day(m[1]), _en_day(m[2]))),
    _rule(Kind.WEEKDAYS, rf"(?:every )?({_ENWD})", lambda m: (_en_day(m[1]),)),
    _rule(Kind.UNKNOWN, r"上班时间|工作时间|办公时间|office hours|working hours|business hours"),
    _rule(Kind.WORKDAYS, r"(?:法定|平时)?工作日|平日|上班日|weekdays?|working days?|workdays?|business days?"),
    _rule(Kind.WEEKEND, r"(?:每个?)?周末(?:两天)?|双休日|双休|星期末|礼拜末|休息日|weekends?"),
    _rule(Kind.DAILY, r"一年365天|365天|365 days a year|[一每]?周[七7]天(?:都行|都可以?)?|每一?天|天天|每日|日日|every ?day|daily|each day|(?:seven|7) days a week|all week"),
    _rule(Kind.DAILY, r"每个?(?=清晨|早|晚|上午|下午|中午|傍晚|夜)|(?:every|each)(?= (?:single )?(?:morning|evening|afternoon|night|lunchtime))"),
    _rule(Kind.REST, r"其余(?:时间|各天|日子)?|其[他它](?:时间|各天|日子)?|平时|otherwise|(?:all )?other days|rest of the week"),
    # Weeks and months relative to the filing day.
    _rule(Kind.RELATIVE_WEEK, rf"(?:本|这个?)(?={_WEEK}[一二三四五六日天末])|this(?= weekend)", 0),
    _rule(Kind.RELATIVE_WEEK, rf"下下个?(?={_WEEK}[一二三四五六日天末])|下下个?(?:周|星期|礼拜)|(?:the )?week after next", 2),
    _rule(Kind.RELATIVE_WEEK, rf"下个?(?={_WEEK}[一二三四五六日天末])|next(?= weekend)", 1),
    _rule(Kind.EVERY, r"每一?个?(?:周|星期|礼拜)|一个?(?:周|星期|礼拜)(?=(?:至少|最少|最多|不少于)?(?:上门|来|去|跑)?[一二两三四五六七\d]+(?:次|回|趟|个?小时))", _every(1, "week")),
    _rule(Kind.RELATIVE_WEEK, r"本周|这个?周|这个?星期|这个?礼拜|this week", 0),
    _rule(Kind.RELATIVE_WEEK, rf"下个?周|下个?星期|下个?礼拜|next week|next(?= {_ENWD})", 1),
    _rule(Kind.RELATIVE_WEEK, rf"this(?= {_ENWD})", 0),
    _rule(Kind.RELATIVE_DAY, r"今[天日]|今儿个?|今(?=[早晚夜])|today|to(?=night)|this(?= (?:morning|afternoon|evening))", 0),
    _rule(Kind.RELATIVE_DAY, r"明[天日]|明儿个?|明(?=[早晚晨])|tomorrow", 1),
    _rule(Kind.RELATIVE_DAY, r"大后天", 3),
    _rule(Kind.RELATIVE_DAY, r"后天|后日|后儿个?|(?:the )?day after tomorrow", 2),
    _rule(Kind.EVERY, r"每一?个?月的?|(?:一个月)(?=(?:至少|最少|最多|不少于)?(?:上门|来|去|跑)?[一二两三四五六七\d]+(?:次|回|趟|个?小时))", _every(1, "month")),
    _rule(Kind.RELATIVE_MONTH, r"本月|这个月|当月|月(?=内)|this month", 0),
    _rule(Kind.RELATIVE_MONTH, r"下个?月|next month", 1),
    _rule(Kind.RELATIVE_MONTH, r"年底|年末|年内|今年内|今年|end of (?:the|this) year|the end of (?:the|this) year", 12),
    # Parts of a month.
    _rule(Kind.TENTH, r"上旬|初旬|月初|初(?![一二三四五六七八九十])|(?:the )?(?:early|beginning of|start of)(?: in)?(?=[ -](?:next|this|the|month|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))", "start"),
    _rule(Kind.TENTH, r"中旬|月中|(?:the )?(?:mid|middle of)(?=[ -])", "middle"),
    _rule(Kind.TENTH, r"下旬|(?:the )?late(?=[ -](?:next|this|the|month|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))", "end"),
    _rule(Kind.TENTH, r"月底|月末|(?:the )?end of(?=[ -](?:next|this|the|month|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|底(?=前|之前|以前|为?止|[,;)、 ]|$)", "last"),
    _rule(Kind.ENDINGS, r"(?:每个?月的?)?逢([1-9](?:0(?!\d))?(?:[、,和及逢]+[1-9]0?(?!\d))*)(?![\d:点时])日?", _endings),
    _rule(Kind.ENDINGS, r"(?:每个?月的?)?逢([一二三四五六七八九十](?:[、,和及逢]*[一二三四五六七八九十])*)(?![点时个月])日?", _endings),
    _rule(Kind.ENDINGS, r"(?:每个?月的?)?(?:双号|双日|偶数日)", lambda _match: tuple(range(2, 31, 2))),
    _rule(Kind.ENDINGS, r"(?:每个?月的?)?(?:单号|单日|奇数日)", lambda _match: tuple(range(1, 32, 2))),
    _rule(Kind.MONTH_DAYS, r"(?:月?[末底])?(?:的)?最后[一1]天|(?:the )?last day(?= of)", lambda _match: (-1,)),
    _rule(Kind.MONTH_DAYS, r"(\d{1,2})(?=-\d{1,2}[日号])(?<!\d:\d\d)", lambda m: (int(m[1]),)),
    _rule(Kind.MONTH_DAYS, rf"{_N}[日号]?(?:[、,和及]\s*{_N}(?=[日号、,和及]))*[日号](?!楼|院|门|单元)", lambda m: _numbers(m[0])),
    _rule(Kind.MONTH_DAYS, r"(\d{1,2})(?:st|nd|rd|th)(?!\w)(?: day)?", lambda m: (int(m[1]),)),
    _rule(Kind.MONTH_RANGE, rf"({_N})月?份?{_TO}({_N})月份?(?!\d)", lambda m: (_number(m[1]), _number(m[2]))),
    _rule(Kind.MONTH_RANGE, rf"({_ENMON})\s*(?:-|to|until|through)\s*({_ENMON})", lambda m: (_EN_MONTHS[m[1][:3]], _EN_MONTHS[m[2][:3]])),
    _rule(Kind.MONTH_YEAR, rf"({_N})月份?(?!\d)", lambda m: (0, _number(m[1]))),
    _rule(Kind.MONTH_YEAR, rf"({_ENMON})(?:\s+(\d{{4}}))?", lambda m: (int(m[2] or 0), _EN_MONTHS[m[1][:3]])),
    # Times of day.
    _rule(Kind.DURATION, rf"(?:大?约|大概)?(?=[\d半一二两三四五六七八九十])(?P<n>\d+(?:\.\d+)?|{_N})?个?(?P<half>半)?个?(?:小时|钟头)(?P<more>半|\d{{1,2}}分钟?)?(?:左右|上下|以内|之内)?", _zh_minutes),
    _rule(Kind.DURATION, rf"(?:大?约|大概)?({_N})(?:分钟|刻钟)(?:左右|上下)?", lambda m: _number(m[1]) * (15 if "刻" in m[0] else 1)),
    _rule(Kind.DURATION, r"(?:about |around |up to |roughly )?(?P<n>\d+(?:\.\d+)?|half an?|an?|one|two|three|four|five|six|seven|eight)(?:[ -])?(?:hours?|hrs?|h)\b(?P<half> and a half)?", _en_minutes),
    _rule(Kind.DURATION, r"(?:about |around )?(\d+)[ -]?(?:minutes?|mins?)\b", lambda m: int(m[1])),
    _rule(Kind.NEXT_DAY, r"次日|第二天|翌日|(?:the )?(?:next|following) day"),
    # 四点半小时 is half past four, or half an hour from four.
    _rule(Kind.UNKNOWN, rf"{_N}点半小时"),
    _rule(Kind.CLOCK, r"12 ?(?:noon|midday)|at (?:12 )?noon|(?<=before )noon|(?<=by )noon|(?<=after )noon|(?<=until )noon", lambda _match: (12, 0, "24h")),
    _rule(Kind.CLOCK, rf"(?P<hour>{_N})\s*[点时](?:钟|整)?(?P<tail>半(?!个?小时)|[一三13]刻|(?:\d{{1,2}}(?!\d|\s*个?(?:小时|钟头|半))|[一二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])分?)?(?:钟)?", _clock_zh),
    _rule(Kind.CLOCK, r"(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?!\d)(?:\s*分(?!钟))?\s*(?P<mark>[ap]\.?m\b\.?)?", _clock_digits),
    _rule(Kind.CLOCK, r"(?P<hour>\d{1,2})(?P<minute>)\s*(?P<mark>[ap]\.?m\b\.?)", _clock_digits),
    _rule(Kind.CLOCK, r"(\d{1,2})\.(\d{2})(?![\d.])\s*([ap]\.?m\b\.?)", lambda m: (int(m[1]), int(m[2]), m[3].replace(".", ""))),
    _rule(Kind.DOTTED, r"(\d{1,2})\.(\d{1,2})(?![\d.])", lambda m: (int(m[1]), int(m[2]), m[2])),
    _rule(Kind.CLOCK, rf"(\d{{1,2}})(?={_TO}\d{{1,2}}\s*[点时])", lambda m: (int(m[1]), 0, "")),
    _rule(Kind.CLOCK, r"(\d{1,2})(?=\s*(?:-|to|until|till|and)\s*\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?m)", lambda m: (int(m[1]), 0, "open")),
    _rule(Kind.CLOCK, rf"(\d{{1,2}})(?={_TO}\d{{1,2}}:\d{{2}})", lambda m: (int(m[1]), 0, "")),
    _rule(Kind.CLOCK, r"(?<=[:点时]\d\d-)(\d{1,2})(?![\d:点时.日号月])|(?<=[:点时]-)(\d{1,2})(?![\d:点时.日号月])", lambda m: (int(m[1] or m[2]), 0, "")),
    # 9-5 beside a weekday, after 6, from 2 to 4.
    _rule(Kind.CLOCK, r"(?<![\d:./-])(\d{1,2})(?=(?:-| to | until | till )(?:noon|midday)|(?:-| to | until | till )\d{1,2}(?![\d:./日号月天周个次人回名位楼年岁户场元份]|\s*(?:st|nd|rd|th|days?|weeks?|months?|hours?|times?|people|visits?)\b))", _bare_hour),
    _rule(Kind.CLOCK, r"(?<=\d-)(\d{1,2})(?![\d:点时./日号月天周个次人])|(?<=\d to )(\d{1,2})(?![\d:./])|(?<=\d until )(\d{1,2})(?![\d:./])|(?<=\d till )(\d{1,2})(?![\d:./])|(?<=[ap]m-)(\d{1,2})(?=$|[ ,;)])", lambda m: (int(next(one for one in m.groups() if one)), 0, "bare")),
    _rule(Kind.CLOCK, r"(?<=after )(\d{1,2})(?=$|[,;)])|(?<=before )(\d{1,2})(?=$|[,;)])|(?<=at )(\d{1,2})(?=$|[,;) ])(?! (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|(?<=until )(\d{1,2})(?=$|[,;)])|(?<=noon-)(\d{1,2})(?=$|[,;)])", lambda m: (int(next(one for one in m.groups() if one)), 0, "bare")),
    _rule(Kind.PART, rf"(?:in the |at )?({_PART_WORDS})(?:s\b)?", lambda m: PARTS[m[1]]),
    _rule(Kind.PART, r"(?<![\d.])(?<!\d )a\.?m\.?s?\b\.?", "morning"),
    _rule(Kind.PART, r"(?<![\d.])(?<!\d )p\.?m\.?s?\b\.?", "afternoon"),
    _rule(Kind.PART, r"(?<=[一二三四五六日末号])一整?天(?=$|[,;。)、])", "all_day"),
    # Exceptions.
    _rule(Kind.SCHOOL_HOLIDAY, r"寒暑假期?|寒假、暑假|寒假和暑假|学校放假|school holidays?|school vacations?|school breaks?"),
    _rule(Kind.PUBLIC_HOLIDAY, r"(?:法定|公共|国家)?节假日|法定假日|法定假|public holidays?|bank holidays?|holidays?"),
    _rule(Kind.EXAMS, r"期末(?:考试)?|期中(?:考试)?|考试周|exams?(?: weeks?)?|end of term"),
    _rule(Kind.EXCEPT_SUFFIX, r"除外|[以之]外|外(?=的|都|$|[,;)每周星工平其上下早晚白])|不来|来不了|不行|不可以?|没空|没时间|停止|暂停|休息|休馆|闭馆|闭店|不开放?|不营业|不上班|关门|停课|不去|不能来|不算|excepted|excluded"),
    _rule(Kind.EXCEPT_PREFIX, rf"除了|除|不含|不包括|不包含|except(?:ing)?(?: for)?|closed(?: on)?|(?:but )?not(?! later)(?: on| in| during)?\b|no\b(?! later| rush| hurry| more)|excluding|but(?: on| in)?(?= (?:{_ENWD}|\d|weekends|public|school|bank))|apart from"),
    _rule(Kind.FILLER, r"放假"),
    # How firm, before and after.
    _rule(Kind.SOON, r"尽快|马上|立即|立刻|越快越好|尽早|急用?|as soon as possible|asap|right away|urgent(?:ly)?|soon"),
    _rule(Kind.ANY, r"随时(?:都?可以?|都行)?|任[何意]时[间候]|什么时候都(?:行|可以)|时间不限|不限(?:时间)?|不着?急|no rush|no hurry|长期|常年|全年无休|全年|一年四季|全天候|每时每刻|any ?time|flexible|always|whenever|all year(?: round)?|ongoing|随叫随到|二十四小时|24小时|24h"),
    _rule(Kind.ABOUT, r"左右|前后|上下|大约|大概|约|around|about|approximately|approx\.?|or so|roughly|ish\b"),
    _rule(Kind.WITHIN, r"之内|以内|内|within|during"),
    _rule(Kind.RANGE, r"截至|截止(?:到|至)?(?=\s*\d|明年|今年|年底|月底)|up to(?= (?:\d|the end))"),
    # From Monday: the coming one, or every one? From Monday to Friday is a range.
    _rule(Kind.UNKNOWN, rf"from (?={_ENWD}(?!\s*(?:-|to|until|till|through)))"),
    _rule(Kind.AFTER, rf"from(?= (?:tomorrow|next )|(?: {_ENMON})(?!\s*(?:-|to|until|till|through|\d)))"),
    _rule(Kind.FROM_NOW, r"即日起|从?即日(?=至|到)|从?现在起|从?现在开始|现在(?=至|到)|从?今[天日]起|即时起|from now on|from now|starting now|starting today|from today|now(?= (?:to|until|till))"),
    _rule(Kind.BEFORE, r"之前|以前|前|截止|为止|止|by\b|before|no later than|not later than"),
    _rule(Kind.AFTER, r"之后|以后|后|起|开始|after|onwards?|from(?= \d)|since|starting"),
    # What holds the phrase together.
    _rule(Kind.RANGE, r"-|直到|直至|一直到|至|到|to\b|until|till|through"),
    _rule(Kind.OR, r"或者?是?|or\b"),
    _rule(Kind.LIST, r"、|/|和|及|与|and\b|&|\+"),
    _rule(Kind.COMMA, r",|:"),
    _rule(Kind.STOP, r"[;。!|]|\.(?=\s|$)"),
    _rule(Kind.OPEN, r"[(\[【「『“\"]"),
    _rule(Kind.CLOSE, r"[)\]】」』”\"]"),
    _rule(Kind.FILLER, r"这?[两二三四五]天(?=$|[,;。)])"),
    _rule(Kind.FILLER, rf"on an?(?= {_ENWD})|a(?= {_ENWD}(?! a ))"),
    _rule(Kind.FILLER, r"(?:为时|时长|历时|用时|持续|大约持续)(?=[约大\d一二两三四五六七八九十半])|即可|就行|也行|固定|希望|方便的?|有空|有时间|都有?|均|可以|可|能|行|任[何意]|在家|从|自|我|人|的|是|为|于|在|逢|每|个|开放|营业|开门|时间段?|时段|钟|这|那|当天|吧|来|跑|上门|完成|办完|只有|只|限|共|总共|仅|最多|不超过|自由|安排"),
    _rule(Kind.FILLER, r"(?:at most|up to|(?:no|not) more than|on|at|in|the|of|each|every|any|is|are|at home|home|available|open|opening hours|free|from|between|i|i'm|we|we're|please|only|for|days?|during|times?|o'clock|hours?|except|single|only)\b"),
)  # fmt: skip
