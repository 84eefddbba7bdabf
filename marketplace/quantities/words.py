"""The words of quantities, Chinese and English: what a classifier counts, who is served and who helps, how often."""

from __future__ import annotations

from marketplace.values import Per, Question, Unit

# A working half day and day, as offices count a companion's trip to the hospital.
HALF_DAY_MINUTES, DAY_MINUTES = 210, 420
AMOUNT_MAX = 100_000
MINUTES_MAX = 24 * 60

ZH_UNITS: dict[str, Unit] = {
    "人次": Unit.PERSON, "个人次": Unit.PERSON, "个号": Unit.PERSON, "号": Unit.PERSON, "名学生": Unit.PERSON, "名老人": Unit.PERSON,
    "位老人": Unit.PERSON, "个孩子": Unit.PERSON, "户": Unit.VISIT, "家": Unit.VISIT, "次": Unit.VISIT,
    "场": Unit.SESSION, "节课": Unit.SESSION, "课时": Unit.SESSION, "趟": Unit.TRIP, "车次": Unit.TRIP,
    "份": Unit.ITEM, "餐": Unit.MEAL, "盒": Unit.ITEM, "副": Unit.ITEM, "件": Unit.ITEM, "套": Unit.ITEM,
    "辆": Unit.ITEM, "台": Unit.ITEM, "个": Unit.ITEM, "张": Unit.ITEM, "把": Unit.ITEM, "袋": Unit.ITEM,
    "本": Unit.ITEM, "册": Unit.ITEM, "支": Unit.ITEM, "桶": Unit.ITEM, "间": Unit.ITEM, "座": Unit.SEAT, "席": Unit.SEAT,
    "处": Unit.VISIT, "单": Unit.VISIT, "车": Unit.TRIP, "箱": Unit.ITEM, "包": Unit.ITEM, "床": Unit.ITEM,
    "双": Unit.ITEM, "块": Unit.ITEM, "瓶": Unit.ITEM, "罐": Unit.ITEM, "条": Unit.ITEM, "只": Unit.ITEM,
    "卷": Unit.ITEM, "根": Unit.ITEM, "顶": Unit.ITEM, "部": Unit.ITEM, "节": Unit.SESSION, "个人": Unit.PERSON,
    "个名额": Unit.PERSON, "位居民": Unit.PERSON,
    "人": Unit.PERSON, "名": Unit.PERSON, "位": Unit.PERSON,
}  # fmt: skip
EN_UNITS: dict[str, Unit] = {
    "people": Unit.PERSON, "persons": Unit.PERSON, "person": Unit.PERSON, "students": Unit.PERSON,
    "patients": Unit.PERSON, "places": Unit.PERSON, "slots": Unit.PERSON, "visits": Unit.VISIT, "visit": Unit.VISIT,
    "times": Unit.VISIT, "households": Unit.VISIT, "sessions": Unit.SESSION, "session": Unit.SESSION,
    "talks": Unit.SESSION, "talk": Unit.SESSION, "trips": Unit.TRIP, "trip": Unit.TRIP, "seats": Unit.SEAT,
    "meals": Unit.MEAL, "meal": Unit.MEAL, "lunches": Unit.MEAL, "items": Unit.ITEM, "item": Unit.ITEM,
    "pieces": Unit.ITEM, "piece": Unit.ITEM, "pairs": Unit.ITEM, "pair": Unit.ITEM, "sets": Unit.ITEM,
    "set": Unit.ITEM, "wheelchairs": Unit.ITEM, "chairs": Unit.ITEM, "tables": Unit.ITEM, "loaves": Unit.ITEM, "boxes": Unit.ITEM,
    "bags": Unit.ITEM, "parcels": Unit.ITEM, "books": Unit.ITEM, "coats": Unit.ITEM, "jobs": Unit.VISIT, "doctors": Unit.HELPER, "nurses": Unit.HELPER, "volunteers": Unit.HELPER, "volunteer": Unit.HELPER,
    "helpers": Unit.HELPER, "helper": Unit.HELPER, "lawyers": Unit.HELPER, "lawyer": Unit.HELPER,
}  # fmt: skip
# People counted in these words are served, whatever the row is about.
SERVED_UNITS = frozenset(
    {
        "人次",
        "个人次",
        "个号",
        "号",
        "名学生",
        "名老人",
        "位老人",
        "个孩子",
        "位居民",
        "个名额",
        "students",
        "patients",
        "places",
        "slots",
    }
)
AFTER = ("老人", "居民", "学生", "孩子", "儿童", "次")
# Words that make a number a bound or a guess: the number counts, and that is noted.
ABOUT = ("大约", "大概", "左右", "不超过", "不少于", "至少", "最多", "最少", r"\bmax(?:imum)?\b\.?(?: of)?", r"\bmin(?:imum)?\b\.?(?: of)?(?=\s*\d)", "no more than", "及以上", "以上", "以内", "以下", "上下", "约",
          "up to", "at most", "at least", "about", "around", "or so")  # fmt: skip
PLAIN_WORDS = (
    "可坐",
    "可容纳",
    "能坐",
    "容纳",
    "需要",
    "可接待",
    "接待",
    "可服务",
    "名额",
    "限额",
    "限号",
    "限",
    "需",
    "可",
    "共",
    "各",
    "有",
)
EN_NUMBERS = {
    "a couple of": 2, "a couple": 2, "an": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a dozen": 12, "once": "1 times", "twice": "2 times",
}  # fmt: skip
# Two people for one wheelchair: one alone is of no use.
TOGETHER = r"(?:必须|需要|须|要)?(?:同时|一起|一同)(?:到场|在场|上门|到|来|抬|搬|扶|推|干)?|at the same time|at once|all together|together"
# Words that make counted people helpers rather than people served.
HELPER_WORDS = (
    "律师",
    "志愿者",
    "讲师",
    "维修工",
    "辅导员",
    "护士",
    "医生",
    "老师",
    "师傅",
    "电工",
    "理发师",
    "队员",
    "社工",
    "司机",
    "骨干",
)
PERS: dict[str, Per] = {
    "天": Per.DAY, "日": Per.DAY, "周": Per.WEEK, "星期": Per.WEEK, "月": Per.MONTH, "学期": Per.TERM, "次": Per.OCCASION,
    "半月": Per.HALF_MONTH, "季度": Per.QUARTER, "季": Per.QUARTER, "半年": Per.HALF_YEAR, "年": Per.YEAR, "班": Per.OCCASION,
    "quarter": Per.QUARTER, "year": Per.YEAR,
    "人": Per.OCCASION, "场": Per.OCCASION, "户": Per.OCCASION, "day": Per.DAY, "week": Per.WEEK, "month": Per.MONTH,
    "term": Per.TERM, "visit": Per.OCCASION, "time": Per.OCCASION, "person": Per.OCCASION, "session": Per.OCCASION,
    "class": Per.OCCASION, "lesson": Per.OCCASION, "group": Per.OCCASION, "shift": Per.OCCASION,
}  # fmt: skip

SENTENCES = {
    "quantity_missing": ("没有写数量，按1算。", "No quantity is given; 1 is assumed."),
    "quantity_unreadable": ("看不懂数量“{phrase}”，请改写成数字加单位。", "The quantity “{phrase}” could not be read. Please write a number and a unit."),
    "quantity_zero": ("数量“{phrase}”是零或负数，请核对。", "The quantity “{phrase}” is zero or negative. Please check."),
    "quantity_absurd": ("数量“{phrase}”大得不合常理，请核对。", "The quantity “{phrase}” is too large to be right. Please check."),
    "quantity_not_whole": ("“{phrase}”不是整数，请核对。", "“{phrase}” is not a whole number. Please check."),
    "quantity_partly_unread": ("数量里的“{leftover}”没有读懂，请确认。", "“{leftover}” in the quantity was not understood. Please confirm."),
    "quantity_several": ("“{phrase}”里有几个数量，请写明各是什么。", "“{phrase}” holds several quantities. Please say what each of them is."),
    "quantity_about": ("“{word}”按所写的数算。", "“{word}” is read as the number that is written."),
    "quantity_money": ("“{money}”是钱，只作说明，不折算成时间。", "“{money}” is money: it is shown and never turns into hours."),
    "quantity_open": ("“{phrase}”没有说几个，请写个数。", "“{phrase}” does not say how many. Please give a number."),
    "quantity_unlimited": ("没有限量。", "No limit is stated."),
    "quantity_of_what": ("{phrase}是几个人、几次还是几件东西？这一列请说明一次。", "{phrase} of what: people, visits or things? Please say once for the column."),
    "quantity_range": ("按{least}算，最多{most}。", "Read as {least}, up to {most}."),
    "limit_each": ("每人（户）限{limit}，不是总数。", "{limit} for each is a limit, not the total."),
    "total_missing": ("写了每人（户）多少，没写总共多少，请补充。", "It says how many for each, not how many in all. Please add it."),
    "half_day": ("半天按{minutes}分钟算。", "Half a day is read as {minutes} minutes."),
}  # fmt: skip


def ask(code: str, **known: str) -> Question:
    """The question (or note) of this code with its values filled in."""
    zh, en = SENTENCES[code]
    return Question(code=code, zh=zh.format(**known), en=en.format(**known), field="quantity")
