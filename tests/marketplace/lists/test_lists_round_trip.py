"""Every list written whole and read again is the same list: in both file kinds, in UTF-8 and in the encoding of older programs.

The lines are those the reader made of drawn cells: names, times and amounts as offices write them beside quotes, line breaks,
formulas, leading zeros and signs of any script.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.ages import births_of, doubted
from marketplace.lists import ImportReport, ListKind, csv_of, read_file, xlsx_of
from marketplace.lists.columns import all_columns
from marketplace.lists.report import Line
from marketplace.values import AttendanceEntry, Need, Resource, VolunteerEntry, Week

FILED_ON = date(2026, 11, 24)
KINDS = [kind for kind in ListKind if kind is not ListKind.UNKNOWN]

# What nobody expects in a cell, and what everybody writes there.
STRANGE = st.text(
    alphabet="=+-@|'\"‘“,，、;；/()（）\t\n\r\x0b\u00a0\u3000\u200b\u202e\ufeff＝＋０1９甲𠮷乙é😀·.%#:：ab",
    max_size=12,
)
HARD = st.sampled_from(
    ["=1+1", "@SUM(A1)", "-5", "+86 19900000001", "007", "0012", '甲\n"乙"', "＝全角", "'撇号", "''=1", "1e5", "TRUE",
     "#N/A", "2026-11-20", "12:30", "50%", "+86、abc", "\u200b=1", "李·买买提", "O'Brien, Bob", "无", "-", "合计路3号楼", "王阿姨"]
)  # fmt: skip
ANYTHING = st.one_of(STRANGE, HARD)


def some(*usual: str) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(["", *usual]), ANYTHING)


WRITTEN: dict[ListKind, dict[str, st.SearchStrategy[str]]] = {
    ListKind.NEEDS: {
        "source": some("居民", "社区", "共建单位"), "place": some("一网格3号楼", "grid 2"), "category": some("理发", "家电维修"),
        "title": some("修水龙头", "陪同就医", "上门理发"), "served": some("空巢老人3人"),
        "when": some("每周二上午", "12月5日", "隔周周三", "尽快", "本周内", "每周二、周四晚上7:00-8:30"),
        "quantity": some("2人", "3次", "8人×2小时", "10分钟/人"), "urgency": some("紧急", "不急"), "channel": some("电话", "微信", "留言簿"),
        "filed_on": some("2026-11-20", "11月12日", "2026/11/30"), "helpers": some("2", "3人"), "contact": some("张女儿 19900000001"), "remark": some("只会方言"),
    },
    ListKind.RESOURCES: {
        "owner": some("区医院", "理发志愿队"), "owner_type": some("学校", "社团"), "kind": some("场地", "设备", "车辆", "资金物品"),
        "title": some("义诊", "会议室", "电路检修"), "when": some("工作日", "每月第一个周六上午"), "quantity": some("50人", "2辆", "每次12人"),
        "reach": some("一网格", "全社区"), "conditions": some("提前2天预约", "期末(1月)停止", "21点前离校"), "contact": some("公卫科 02885550000"),
        "free": some("无偿", "低偿"),
    },
    ListKind.ACTIVITIES: {
        "title": some("周二读报", "义诊"), "lead": some("区第二人民医院(12月轮值:实验小学)"), "when": some("每周二上午9:00-10:00"),
        "place": some("二网格活动室"), "helpers": some("5", "3-5人"), "audience": some("老年人"), "state": some("筹备中"),
    },
    ListKind.PROJECTS: {
        "title": some("老旧楼道照明"), "lead": some("物业"), "partners": some("供电所、居委会"), "content": some("装灯"), "requires": some("灯具20套"),
        "due": some("2026-12-31", "12月底"), "progress": some("60%", "0.6", "1", "进行中"),
    },
    ListKind.VOLUNTEERS: {
        "name": some("张三", "李四", "王五"), "phone": some("19900000001", "02885550000-802", "19900000002/19900000003(女儿)", "+852 21234567", "见公示栏"),
        "age": some("65", "17", "70多岁"), "born": some("1960-05-01", "80后"), "services": some("陪诊、代购"), "declines": some("重活", "助浴"),
        "identity": some("退休", "17岁学生"), "skills": some("理发、电工", "书法 国画"), "when": some("周六", "每晚", "周二、周四上午"),
        "away": some("12月1日至12月5日", "周一", "寒暑假", "节假日", "3月"), "cap": some("4", "每周2次×2小时"), "rest": some("30分钟", "2天"),
        "reach": some("同楼", "步行15分钟", "2公里", "一网格"), "notice": some("2天"), "languages": some("四川话、英语"), "gender": some("男", "女"),
        "heavy": some("否", "是"), "certificates": some("电工证"), "serves": some("老人、残疾人", "不限"), "team": some("A队、B队"), "remark": some("高一学生"),
    },
    ListKind.ATTENDANCE: {
        "held_on": some("2026-11-17", "11月20日", "2026-12-30"), "activity": some("清洁"), "name": some("张三", "李四"),
        "signed_in": some("8:30", "22:00", "3:00", "凌晨3:00", "下午2点"), "signed_out": some("11:30", "次日1:00", "24:00", "4:30"),
        "minutes": some("120", "90分钟"), "did": some("扫地"), "place": some("花园"), "phone": some("19900000001"), "age": some("17", "70"),
        "remark": some("没登记"),
    },
}  # fmt: skip


def in_gb18030(kind: ListKind, lines: tuple[Line, ...], *, lang: str) -> bytes:
    """The csv as a program saves it again that knows no UTF-8."""
    return csv_of(kind, lines, lang=lang, private=True).decode("utf-8-sig").encode("gb18030")


WAYS: dict[str, Callable[[ListKind, tuple[Line, ...], str], bytes]] = {
    "csv": lambda kind, lines, lang: csv_of(kind, lines, lang=lang, private=True),
    "gb18030": lambda kind, lines, lang: in_gb18030(kind, lines, lang=lang),
    "xlsx": lambda kind, lines, lang: xlsx_of(kind, lines, lang=lang, private=True),
}


def read(kind: ListKind, source: bytes, *, name: str = "whatever") -> ImportReport:
    (report,) = read_file(source, name, filed_on=FILED_ON).reports()
    assert (report.kind, report.questions) == (kind, ())
    return report


def drawn(kind: ListKind, rows: list[dict[str, str]]) -> ImportReport:
    """The cells read as an office's own file; the running number and every column make it one of ours."""
    labels = all_columns()[kind].fields
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([label for label, _ in labels.values()])
    writer.writerows(
        [[str(at), *(row.get(name, "") for name in [*labels][1:])] for at, row in enumerate(rows, 1)]
    )
    (report,) = read_file(out.getvalue().encode(), "drawn", filed_on=FILED_ON).reports()
    assert report.kind is kind
    return report


def known(line: Line) -> Line:
    """The line without what a file cannot tell: the row an unknown stay stood in, and in whose words an age was said."""
    if isinstance(line, AttendanceEntry) and not (line.held_on and line.minutes_served):
        line = replace(line, line_key="a-")
    return replace(line, ages=()) if isinstance(line, VolunteerEntry | AttendanceEntry) else line


def ages(line: Line) -> object:
    found = line.ages if isinstance(line, VolunteerEntry | AttendanceEntry) else ()
    return births_of(found), doubted(found)


def same(before: tuple[Line, ...], after: tuple[Line, ...]) -> None:
    """Line by line and field by field, so that a failure names the field."""
    assert len(before) == len(after)
    for one, other in zip(map(known, before), map(known, after), strict=True):
        for field in fields(one):
            assert (field.name, getattr(one, field.name)) == (field.name, getattr(other, field.name))
    assert [*map(ages, before)] == [*map(ages, after)]


@st.composite
def lists(draw: st.DrawFn) -> tuple[ListKind, list[dict[str, str]]]:
    kind = draw(st.sampled_from(KINDS))
    return kind, draw(st.lists(st.fixed_dictionaries(WRITTEN[kind]), min_size=1, max_size=5))


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(lists(), st.sampled_from([*WAYS]))
def test_a_list_written_whole_and_read_again_is_the_same_list(
    one: tuple[ListKind, list[dict[str, str]]], way: str
) -> None:
    kind, rows = one
    before = drawn(kind, rows)
    again = read(kind, WAYS[way](kind, before.values, "zh"))
    same(before.values, again.values)
    # What needed no question needs none the second time, and nothing was lost, merged or passed over on the way.
    assert {row.value.line_key for row in again.accepted if row.value} >= {
        row.value.line_key for row in before.accepted if row.value
    }
    assert (again.refused, again.merged, again.passed) == ((), (), ())
    # From then on not even the words in which an age was said change.
    third = read(kind, WAYS[way](kind, again.values, "zh")).values
    assert third == again.values


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "需求内容,需求类别,希望时间,人数",
            "上门理发,理发,周二上午,5",
        ),  # five people to help, not five things
        ("需求内容,需求类别,希望时间,数量,需要几名志愿者", "上门理发,理发,周二上午,3次,2"),
        ("需求内容,需求类别,最晚什么时候", "上门理发,理发,2026-12-31"),  # until that day, not on it
        ("What is needed,Category,Needed by,Helpers needed", "a haircut at home,haircut,2026-12-31,2"),
        ("需求内容,需求类别,具体说明,备注,联系人,电话", "上门理发,理发,三楼,只会方言,张女儿,19900000001"),
        ("单位名称,可提供资源,资源类别,可服务时间,人数", "区委会议室,会议室,场地,工作日,50"),
        ("单位名称,可提供资源,资源类别,可服务时间,容纳人数", "社区学校,手机课,人才,周二上午,20"),
        ("姓名,手机,特长,周二,周四", "张三,19900000001,理发,√,上午"),
        ("姓名,上午签到,上午签退,下午签到,下午签退,服务日期", "张三,8:30,11:30,2:00,4:00,2026-11-20"),
        ("姓名,服务日期,服务时长(小时)", "张三,2026-11-20,1.5"),
        ("First Name,Last Name,Phone,Skills", "Jane,Doe,19900000001,haircuts"),
    ],
)
def test_what_stood_in_columns_of_another_kind_means_the_same_in_ours(
    header: str, row: str, way: str
) -> None:
    (report,) = read_file(f"{header}\n{row}\n".encode(), "own.csv", filed_on=FILED_ON).reports()
    assert (report.questions, report.refused) == ((), ())
    again = read(report.kind, WAYS[way](report.kind, report.values, "zh"))
    same(tuple(map(meant, report.values)), tuple(map(meant, again.values)))


def meant(line: Line) -> Line:
    """The line without the words of its amount, which say what they count once their own column is gone."""
    return (
        replace(line, quantity=replace(line.quantity, phrase=""))
        if isinstance(line, Need | Resource)
        else line
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_written_in_english_is_open_at_the_same_hours_for_the_same_people(
    kind: ListKind, way: str
) -> None:
    """The words change with the language; who, when, how much and how urgent do not."""
    before = drawn(kind, [{name: cell for name, cell in row.items() if cell} for row in ENGLISH[kind]])
    again = read(kind, WAYS[way](kind, before.values, "en"))
    assert [*map(facts, before.values)] == [*map(facts, again.values)]


ENGLISH: dict[ListKind, list[dict[str, str]]] = {
    ListKind.NEEDS: [
        {"source": "社区", "place": "一网格3号楼", "category": "理发", "title": "上门理发", "when": "隔周周三", "quantity": "3次", "helpers": "2",
         "urgency": "紧急", "channel": "留言簿", "filed_on": "2026-11-20", "contact": "张女儿 19900000001", "remark": "只会方言"},
        {"category": "家电维修", "title": "修电饭锅", "when": "12月5日前", "quantity": "1次"},
    ],
    ListKind.RESOURCES: [
        {"owner": "区医院", "kind": "人才", "title": "义诊", "when": "每月第一个周六上午", "quantity": "3名", "conditions": "提前2天预约", "free": "低偿"},
        {"owner": "车队", "kind": "车辆", "title": "接送老人就医", "when": "工作日", "quantity": "2辆"},
    ],
    ListKind.ACTIVITIES: [{"title": "读报", "lead": "居委会(12月轮值:实验小学)", "when": "每周二上午9:00-10:00", "helpers": "3"}],
    ListKind.PROJECTS: [{"title": "楼道照明", "due": "2026-12-31", "progress": "60%"}, {"title": "儿童之家", "progress": "进行中"}],
    ListKind.VOLUNTEERS: [
        {"name": "张三", "phone": "02885550000-802", "born": "1960-05-01", "services": "理发、代购", "declines": "重活", "skills": "理发", "when": "周二、周四上午",
         "away": "周一、12月1日至12月5日、寒暑假", "cap": "4", "rest": "30分钟、2天", "reach": "步行15分钟", "notice": "2天", "gender": "女", "team": "A队"},
        {"name": "李四", "phone": "19900000002", "age": "17", "skills": "唱歌", "when": "每晚", "away": "节假日、3月", "reach": "同楼", "heavy": "否"},
    ],
    ListKind.ATTENDANCE: [
        {"held_on": "2026-11-17", "activity": "清洁", "name": "张三", "signed_in": "22:00", "signed_out": "次日1:00", "age": "17"},
        {"held_on": "2026-11-17", "activity": "清洁", "name": "李四", "signed_in": "凌晨3:00", "signed_out": "凌晨5:00"},
        {"activity": "清洁", "name": "王五", "minutes": "90"},
    ],
}  # fmt: skip


def facts(line: Line) -> tuple[object, ...]:
    """What does not depend on the language of the words."""
    when = getattr(line, "when", None) or getattr(line, "due", None)
    hours = (
        tuple(
            one
            for number in range(60)
            for one in when.windows_in(Week.of(FILED_ON + timedelta(weeks=number)))
        )
        if when
        else ()
    )
    names = ("title", "name", "owner", "lead", "rota", "urgency", "source", "channel", "kind", "free", "preferences", "held_on",
             "signed_in_at", "signed_out_at", "minutes_stated", "progress_percent", "contact", "private_note", "phone")  # fmt: skip
    quantity = getattr(line, "quantity", None)
    amount = (quantity.amount, quantity.unit, quantity.helpers, quantity.per) if quantity else None
    return (
        *(getattr(line, name, None) for name in names),
        getattr(line, "categories", ("",))[:1],
        amount,
        hours,
        ages(line),
    )


@pytest.mark.parametrize(("kind", "way"), [*product(KINDS, WAYS)])
def test_an_empty_list_stays_empty(kind: ListKind, way: str) -> None:
    assert read_file(WAYS[way](kind, (), "zh"), "empty", filed_on=FILED_ON).reports()[0].values == ()
