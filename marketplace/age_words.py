"""Ages as people write them: the cell of an age or birth column, and the words about a person that tell how old they are."""

from __future__ import annotations

import re
from datetime import date

from marketplace.ages import AgeFact, AgeSort, reaches
from marketplace.text import chinese_int, folded

AGE_MAX = 120

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}.*)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_YEAR = re.compile(r"(\d{4})\s*年?(?:生|出生)?")
_SHORT_DATE = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_DECADE = re.compile(r"(?:(19|20))?(\d)0后")
_LUNAR = re.compile(r"^(?:农历|阴历|旧历)|初[一二三四五六七八九十]")
_NUMERAL = r"\d{1,3}|[一二两三四五六七八九十百]{1,5}"
_AGE = re.compile(
    rf"(?:今年|现年|年龄:?|周岁|实岁|刚满|年满|满|现|age:?|aged)?\s*(?P<nominal>虚岁)?\s*(?P<years>{_NUMERAL})(?:\s*[-~至到]\s*(?P<most>{_NUMERAL}))?"
    r"\s*(?P<unit>虚岁|周?岁|years?[ -]old|y/?o)?\s*(?P<about>半|多岁?|来岁|左右|上下)?",
    re.IGNORECASE,
)


def read_age(text: str, *, said_on: date, source: str) -> AgeFact | None:
    """What a cell of the age or the birth column says; either may hold the other. None for an empty or unreadable cell.

    A date of the traditional calendar counts as any day of its year. A birth in the future, or an age beyond 120, is unreadable.
    """
    plain = re.sub(r"^(?:出生(?:日期|年月)?|生日|born)\s*:?\s*", "", folded(text).casefold())
    if not plain:
        return None
    born = _born(plain, said_on=said_on)
    stated = "" if born else _stated_age(plain)
    sort, value = born or (AgeSort.AGE, stated or "")
    if not value:
        words = facts_in_words(text, said_on=said_on, source=source)
        return words[0] if words else None
    try:
        fact = AgeFact(sort=sort, value=value, said_on=said_on, source=source)
    except ValueError:  # a year 0, a range from late to early
        return None
    likely = fact.births.earliest <= said_on and said_on < reaches(fact.births.latest, AGE_MAX + 1)
    return fact if likely else None


def _born(plain: str, *, said_on: date) -> tuple[AgeSort, str] | None:
    """The birth a cell states, as far as it states it."""
    if re.fullmatch(r"\d{4}(?:-\d\d){0,2}/\d{4}(?:-\d\d){0,2}", plain):
        return AgeSort.BORN_YEAR, plain
    if found := _DECADE.fullmatch(plain):
        century = found[1] or ("20" if int(found[2]) * 10 <= said_on.year % 100 else "19")
        return AgeSort.BORN_YEAR, f"{century}{found[2]}0/{century}{found[2]}9"
    if _LUNAR.search(plain) and (year := re.search(r"(?<!\d)(\d{4})(?!\d)", plain)):
        # The traditional year begins between 21 January and 20 February.
        return AgeSort.BORN_YEAR, f"{year[1]}-01-21/{int(year[1]) + 1}-02-20"
    if re.fullmatch(r"(?:19|20)\d{6}", plain):
        return _date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if re.fullmatch(r"(?:19|20)\d{4}", plain):
        return _month(int(plain[:4]), int(plain[4:]))
    plain = re.sub(r"\s*(?:出?生(?:于)?|出生)$", "", plain)
    if found := _DATE.fullmatch(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _YEAR.fullmatch(plain):
        return AgeSort.BORN_YEAR, found[1]
    if found := _YEAR_LAST.fullmatch(plain):
        first, second, named = int(found[1]), int(found[2]), int(found[3])
        if first > 12:
            return _date(named, second, first)
        # 5/6/1960 is May in one program and June in another.
        sure = second > 12 or first == second
        return _date(named, first, second) if sure else (AgeSort.BORN_YEAR, found[3])
    if found := _SHORT_DATE.fullmatch(plain):
        century = 2000 if int(found[1]) <= said_on.year % 100 else 1900
        return _date(century + int(found[1]), int(found[2]), int(found[3]))
    return None


def _date(year: int, month: int, day: int) -> tuple[AgeSort, str] | None:
    try:
        return AgeSort.BORN_ON, date(year, month, day).isoformat()
    except ValueError:
        return None


def _month(year: int, month: int) -> tuple[AgeSort, str] | None:
    return (AgeSort.BORN_YEAR, f"{year:04d}-{month:02d}") if 1 <= month <= 12 else None


def _stated_age(plain: str) -> str | None:
    """The value of an AGE fact: 16, 15-16 for 虚岁17, 70-79 for 70多岁; None for anything else."""
    found = _AGE.fullmatch(plain)
    years = chinese_int(found["years"]) if found else None
    if found is None or years is None:
        return None
    most = chinese_int(found["most"]) if found["most"] else years
    if most is None or not 0 < years <= most <= AGE_MAX:
        return None
    about, nominal = found["about"] or "", bool(found["nominal"]) or found["unit"] == "虚岁"
    if nominal:
        # Counted from one at birth, and one more at each new year.
        years, most = max(years - 2, 0), most - 1
    elif about.startswith("多"):
        most = years + 9 if years % 10 == 0 else years + 1
    elif about in ("来岁", "左右", "上下"):
        room = 5 if years >= 30 else 1
        years, most = years - room, most + room
    return str(years) if years == most else f"{years}-{most}"


# --- reading words about the person

_TOKENS = re.compile(r"[,;、/|()\[\]。.!\n·]+")
_STAGES = {
    "小学": (1, 6),
    "初中": (7, 9),
    "高中": (10, 12),
    "普高": (10, 12),
    "职高": (10, 12),
    "中专": (10, 12),
    "技校": (10, 12),
    "中学": (7, 12),
}
_STAGE_YEARS = {"小学": 0, "初中": 6, "高中": 9, "初": 6, "高": 9, "": 0}
_NUMBERS = "一二三四五六七八九"
_NAMED = re.compile(
    r"(?:.{1,12}(?:小学|中学|学校|附小|附中|[一二三四五六七八九十\d]中))?(?:在读|在校)?(?:男|女)?"
    r"(?P<stage>小学|初中|高中|初|高|)(?P<year>[一二三四五六七八九1-9])(?P<word>年级|)"
    r"(?:\d+班)?(?:在读|在校|就读)?(?:男|女)?(?:学生|同学|男生|女生|生)?"
)
_PUPIL = re.compile(
    r"(?:一名|是)?(?:在读|在校|普通)?(?:男|女)?(?P<stage>小学|初中|高中|普高|职高|中专|技校|中学)(?:在读|在校|就读)?(?:男|女)?(?:学生|同学|男生|女生|生)"
    r"|(?P<reading>小学|初中|高中|普高|职高|中专|技校|中学)(?:在读|在校|就读)"
)
_SCHOOL_PUPIL = re.compile(
    r"(?P<name>.{2,12}?)(?P<stage>小学|初中|高中|中学|附小|附中|职高|中专|技校)(?:在读|在校|就读)?(?:男|女)?(?:学生|同学)"
)
_HELPING = re.compile(r"辅导|接送|教|帮|陪|关爱|照顾|照看|带|服务|资助|看护|指导|退休|原|曾|为|给")
_ENGLISH = (
    (re.compile(r"(?:primary|elementary)(?: school)? (?:student|pupil)|schoolchild|pupil"), (1, 6)),
    (re.compile(r"(?:middle|junior high)(?: school)? (?:student|pupil)"), (7, 9)),
    (re.compile(r"(?:senior )?high(?: school)? (?:student|pupil)"), (10, 12)),
    (re.compile(r"secondary(?: school)? (?:student|pupil)|schoolboy|schoolgirl"), (7, 12)),
)  # fmt: skip
_MINOR = re.compile(
    r"(?:是)?未成年(?:人|学生|志愿者)?|(?:未满|不满|不到)(?:18|十八)(?:周?岁)?|(?:18|十八)周?岁以下|(?:a )?minor|under[ -]?18|under[ -]?age"
)
_OF_AGE = re.compile(
    r"已?成年(?:人)?|(?:已|年)满(?:18|十八)(?:周?岁)?|(?:18|十八)周?岁(?:及)?以上|(?:an )?adult|over[ -]?18"
)
# Whoever is one of these stands beside a child, and is none.
_ADULT = re.compile(
    r".*(?:家长|老师|教师|教练|校长|班主任|辅导员|负责人|校医|保安|厨师|司机|员工|职工|医生|护士|妈妈?|爸爸?|母亲|父亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|监护人|teacher|parent|mother|father|coach)"
)
_WHO = re.compile(
    r"(?:的)?(?:男|女|学生|大学生|同学|男生|女生|青年|少年|老人|志愿者|小朋友|党员|居民|退休.{0,6}|student|pupil|boy|girl)?"
)
_AGE_FIRST = re.compile(r"(?P<age>.*?(?:岁半|周岁|虚岁|岁左右|多岁|来岁|岁|years?[ -]old|y/o))\s*(?P<who>.*)")


def facts_in_words(text: str, *, said_on: date, source: str) -> tuple[AgeFact, ...]:
    """What a cell about the person says of their age: whole words that speak of nobody else.

    `17岁学生`, `高一`, `东区小学学生`, `未成年` count; `高中生家长`, `小学生托管班负责人`, `辅导小学生`, `3岁孩子的妈妈` do not: their head
    is somebody else, or what the person does.
    """
    plain = folded(text).casefold()
    parts = [part.strip() for part in _TOKENS.split(plain)]
    tokens = [one for part in parts for one in ([part] if re.search("[a-z]", part) else part.split())]
    is_adult = any(_ADULT.fullmatch(token) for token in tokens)
    found: list[AgeFact] = []
    for token in tokens:
        said = _said_in(token, is_adult=is_adult)
        if said is not None:
            found.append(AgeFact(sort=said[0], value=said[1], said_on=said_on, source=source))
    return tuple(dict.fromkeys(found))


def _said_in(token: str, *, is_adult: bool) -> tuple[AgeSort, str] | None:
    if _OF_AGE.fullmatch(token):
        return AgeSort.OF_AGE, ""
    if _MINOR.fullmatch(token):
        return AgeSort.MINOR_SAID, ""
    if stated := _age_of_token(token):
        return AgeSort.AGE, stated
    if is_adult:
        return None
    if grades := _grades(token):
        return AgeSort.GRADE, str(grades[0]) if grades[0] == grades[1] else f"{grades[0]}-{grades[1]}"
    return None


def _age_of_token(token: str) -> str | None:
    """17岁学生, 高二17岁 and aged 16 state the person's own age; 3岁孩子 does not."""
    if re.fullmatch(r"aged?:?\s*\d{1,3}", token):
        return _stated_age(token)
    first = re.fullmatch(r"(?P<age>虚岁\d{1,3})(?P<who>.*)", token) or _AGE_FIRST.fullmatch(token)
    if first is not None and (_WHO.fullmatch(first["who"]) or _grades(first["who"])):
        return _stated_age(first["age"])
    return None


def _grades(token: str) -> tuple[int, int] | None:
    """First and last school year that the word for a pupil may mean: 高一 is 10, 高中生 10 to 12."""
    if found := _PUPIL.fullmatch(token):
        return _STAGES[found["stage"] or found["reading"]]
    for pattern, grades in _ENGLISH:
        if pattern.fullmatch(token):
            return grades
    if found := _NAMED.fullmatch(token):
        stage, year = found["stage"], (_NUMBERS.find(found["year"]) + 1) or int(found["year"])
        most = {"小学": 6, "初中": 3, "高中": 3, "初": 3, "高": 3, "": 9}[stage]
        named = found["word"] or stage in ("初", "高")
        return (year + _STAGE_YEARS[stage],) * 2 if named and year <= most else None
    found = _SCHOOL_PUPIL.fullmatch(token)
    if found and not _HELPING.search(found["name"]):
        stage = {"附小": "小学", "附中": "中学"}.get(found["stage"], found["stage"])
        return _STAGES[stage]
    return None
