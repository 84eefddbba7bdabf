"""Who lives in the demo community. All names and telephone numbers are made up."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from marketplace.ages import AgeFact, AgeSort
from marketplace.phones import read_phones
from timebank.community.registering import Newcomer

FOUNDED_ON = date(2026, 10, 19)
OF_AGE = AgeFact(sort=AgeSort.OF_AGE, said_on=FOUNDED_ON, source="desk")


class Someone(NamedTuple):
    """One made-up person: a short key for the story, and what the desk wrote down."""

    key: str
    newcomer: Newcomer


def _elder(
    key: str, name: str, called: str, phone: str, grid: int, address: str, note: str, born_on: str = ""
) -> Someone:
    born = (
        (AgeFact(sort=AgeSort.BORN_ON, value=born_on, said_on=FOUNDED_ON, source="desk"),) if born_on else ()
    )
    return Someone(
        key,
        Newcomer(
            name=name, called=called, phones=read_phones(phone), area=f"dongqu-{grid}", address=address,
            health_note=note, ages=born, asks=True, size="elder",
        ),
    )  # fmt: skip


def _vest(key: str, name: str, called: str, phone: str, number: str, skills: str) -> Someone:
    return Someone(
        key,
        Newcomer(
            name=name, called=called, phones=read_phones(phone), number=number, skills=skills, gives=True,
            ages=(OF_AGE,),
        ),
    )  # fmt: skip


def _named(key: str, name: str, called: str, phone: str) -> Someone:
    return Someone(key, Newcomer(name=name, called=called, phones=read_phones(phone), ages=(OF_AGE,)))


STAFF = (
    _named("worker", "陈晓", "陈社工", "19900000201"),
    _named("worker2", "林静", "林社工", "19900000202"),
    _named("auditor", "何明", "何监督员", "19900000203"),
    _named("nurse", "孙慧", "孙护士", "19900000204"),
    _named("teacher", "顾老师", "顾老师", "19900000205"),
    _named("proxy", "王小红", "王小红", "19900000206"),
)

ELDERS = (
    _elder(
        "wang", "王秀英", "王奶奶", "19900000101", 1, "一网格3号楼2单元502",
        "膝盖不好,下楼慢;降压药每月25日前后要买", "1944-03-08",
    ),
    _elder("liu", "刘德福", "刘爷爷", "19900000102", 2, "二网格9号楼1单元301", "独居，不能爬高"),
    _elder("zhao", "赵桂兰", "赵奶奶", "19900000103", 2, "二网格8号楼2单元102", "坐轮椅，女儿在外地"),
    _elder("zhou", "周美玉", "周奶奶", "19900000104", 3, "三网格11号楼3单元401", "听力不好，说话要慢"),
    _elder("sun", "孙有田", "孙爷爷", "19900000105", 1, "一网格1号楼4单元201", "糖尿病，少盐"),
    _elder("ma", "马文生", "马爷爷", "19900000106", 4, "四网格16号楼1单元101", "眼睛花，要老花镜"),
)  # fmt: skip

VESTS = (
    _vest("zheng", "郑建国", "郑队长", "19900000301", "001", "组织 急救"),
    _vest("deng", "邓丽", "邓姐", "19900000302", "002", "陪聊 代买"),
    _vest("tang", "唐志强", "唐师傅", "19900000303", "005", "水电 搬运"),
    _vest("xu", "许慧芳", "许阿姨", "19900000304", "008", "理发 缝补"),
    _vest("luo", "罗大勇", "罗大哥", "19900000305", "011", "搬运 巡逻"),
    _vest("yuan", "袁小梅", "小梅", "19900000306", "014", "手机教学"),
    _vest("cai", "蔡志明", "蔡叔", "19900000307", "017", "环境整治"),
    _vest("fang", "方玉珍", "方阿姨", "19900000308", "019", "代买 问候"),
    _vest("pan", "潘国庆", "潘叔", "19900000309", "024", "环境整治"),
    _vest("qiu", "邱雪", "小邱", "19900000310", "027", "拍照 写稿"),
)

# Numbers on the vests of those who come with the volunteers' file, by name.
NUMBERS = {
    "李四": ("021", "李师傅"),
    "钱二": ("022", "钱师傅"),
    "赵一": ("003", "赵老师"),
    "周五": ("006", "周叔"),
}

# Who came on which Tuesday, and when someone left early (hour, minute); the roll-call of a believable month.
TUESDAYS: tuple[tuple[date, tuple[str, ...], dict[str, tuple[int, int]]], ...] = (
    (date(2026, 10, 20), ("zheng", "deng", "tang", "xu", "luo", "cai", "fang", "pan", "李四"), {}),
    (
        date(2026, 10, 27),
        ("zheng", "deng", "tang", "xu", "yuan", "cai", "fang", "pan", "李四", "钱二", "赵一"),
        {"赵一": (10, 0)},
    ),
    (
        date(2026, 11, 3),
        ("zheng", "deng", "xu", "luo", "yuan", "cai", "pan", "qiu", "李四", "周五"),
        {"qiu": (10, 15)},
    ),
    (
        date(2026, 11, 10),
        ("zheng", "deng", "tang", "xu", "luo", "yuan", "cai", "fang", "pan", "李四", "钱二", "赵一"),
        {"yuan": (9, 50), "fang": (11, 0)},
    ),
)


class Visit(NamedTuple):
    """One visit of the past month: when, how long, who helped whom with what, and who confirmed it."""

    on: date
    at: tuple[int, int]
    minutes: int
    helper: str
    elder: str
    title: str
    category: str
    confirmer: str


VISITS = (
    Visit(date(2026, 10, 21), (9, 0), 50, "fang", "wang", "代买米、油和青菜", "errand", "wang"),
    Visit(date(2026, 10, 22), (15, 0), 62, "周五", "zhou", "陪聊,读报", "companionship", "worker"),
    Visit(date(2026, 10, 23), (9, 30), 35, "钱二", "liu", "换厨房灯泡", "electrical", "worker"),
    Visit(date(2026, 10, 26), (8, 0), 205, "deng", "zhao", "陪去市一院复查", "escort", "worker2"),
    Visit(date(2026, 10, 29), (15, 0), 58, "周五", "zhou", "陪聊", "companionship", "worker"),
    Visit(date(2026, 10, 30), (9, 0), 47, "fang", "wang", "代买菜和药", "errand", "proxy"),
    Visit(date(2026, 11, 3), (14, 0), 32, "李四", "wang", "理发", "haircut", "wang"),
    Visit(date(2026, 11, 4), (10, 0), 44, "tang", "sun", "修水龙头", "plumbing", "worker"),
    Visit(date(2026, 11, 5), (15, 0), 61, "周五", "zhou", "陪聊", "companionship", "worker2"),
    Visit(date(2026, 11, 6), (9, 0), 56, "deng", "wang", "代买代购", "errand", "wang"),
    Visit(date(2026, 11, 9), (14, 30), 75, "yuan", "ma", "教用手机挂号", "phone_lessons", "worker"),
    Visit(date(2026, 11, 12), (15, 0), 60, "周五", "zhou", "陪聊", "companionship", "worker"),
    Visit(date(2026, 11, 13), (9, 0), 52, "fang", "wang", "代买代购", "errand", "proxy"),
    Visit(date(2026, 11, 16), (9, 30), 28, "钱二", "wang", "换卫生间灯泡", "electrical", "wang"),
    Visit(date(2026, 11, 19), (15, 0), 63, "周五", "zhou", "陪聊", "companionship", "worker"),
    Visit(date(2026, 11, 20), (9, 0), 55, "deng", "wang", "代买代购", "errand", "wang"),
)
