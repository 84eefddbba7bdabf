"""The town's lists as its offices would write them: titles, their own columns, and the slips of the pen.

A `Sheet` is rows of text with the fault each row carries, so it is a test of an importer together with its answers. It
becomes a file by `csv_of_sheet` (UTF-8 with a mark, or GB18030) or `xlsx_of_sheets` (one workbook).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from marketplace.generator.draws import chance, share
from marketplace.generator.faults import FAULTS, Fault, drawn_fault
from marketplace.generator.kinds import SHIFTS
from marketplace.generator.town import Community, Town
from marketplace.lists.kinds import ListKind
from marketplace.values import Need, Resource, Urgency

# 2,311 person-times in 199 activities are printed for a county city.
PEOPLE_PER_SHEET = 12
_URGENCY = {Urgency.URGENT: "紧急", Urgency.NORMAL: "一般", Urgency.LOW: "不急"}
_CHANNEL = {
    "phone": "电话", "grid_visit": "网格员走访", "desk": "移动办公桌", "message_book": "留言簿", "wish_wall": "心愿墙",
    "community": "社区",
}  # fmt: skip
_SOURCE = {"resident": "居民", "community": "社区"}

NEED_COLUMNS = (
    "序号", "需求来源", "网格/楼栋", "需求类别", "需求内容", "服务对象", "希望时间", "数量", "紧急程度", "登记方式",
    "登记日期", "联系人", "备注",
)  # fmt: skip
RESOURCE_COLUMNS = (
    "序号", "单位名称", "单位类型", "资源类别", "可提供资源", "可服务时间", "数量/容量", "服务范围", "条件", "联系部门",
    "是否无偿",
)  # fmt: skip
ACTIVITY_COLUMNS = ("序号", "活动名称", "轮值牵头单位", "时间", "地点", "需要志愿者", "参与对象", "状态")
PROJECT_COLUMNS = ("序号", "项目名称", "实施单位", "配合单位", "主要内容", "所需资源", "完成时限", "进度")
VOLUNTEER_COLUMNS = ("姓名", "手机", "身份", "特长", "愿意服务的时间", "愿意服务的对象", "所属队伍")
ATTENDANCE_COLUMNS = ("姓名", "签到", "签退", "服务内容", "备注")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One written row; `fault` is None for a clean one."""

    cells: Mapping[str, str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One list as a table of text; `titles` stand above the header, `name` names the sheet or the file."""

    name: str
    kind: ListKind
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def grid(self) -> Iterator[list[str]]:
        """Titles, header and rows as they stand in the file."""
        for title in self.titles:
            yield [title]
        yield list(self.columns)
        for row in self.rows:
            yield [row.cells.get(column, "") for column in self.columns]


def workbook_of(town: Town, at: Community, draw: Random) -> tuple[Sheet, ...]:
    """The four lists of one community."""
    month = f"{town.filed_on.year}年{town.filed_on.month}月"
    filed = f"填报时间:{month}{town.filed_on.day}日"
    needs = [_need_cells(number, need) for number, need in enumerate(town.needs_of(at), start=1)]
    resources = [
        _resource_cells(number, one) for number, one in enumerate(town.listed_resources(at), start=1)
    ]
    return (
        _sheet(town, draw, "需求清单", ListKind.NEEDS, (f"{at.name}共驻共建需求清单({month})", filed), NEED_COLUMNS, needs),
        _sheet(town, draw, "资源清单", ListKind.RESOURCES, (f"{at.name}驻区单位资源清单", filed), RESOURCE_COLUMNS, resources),
        _sheet(town, draw, "活动清单", ListKind.ACTIVITIES, (f"{at.name}活动清单", filed), ACTIVITY_COLUMNS, _activities(town, at)),
        _sheet(town, draw, "项目清单", ListKind.PROJECTS, (f"{at.name}惠民项目清单", filed), PROJECT_COLUMNS, _projects(town, at)),
    )  # fmt: skip


def volunteers_of(town: Town, at: Community, draw: Random) -> Sheet:
    """The volunteers' list of one community, as the report-in app hands it over."""
    rows = []
    for person in town.people(at):
        entry = person.entry()
        rows.append(
            {
                "姓名": entry.name,
                "手机": entry.phone,
                "身份": entry.occupation,
                "特长": "、".join(entry.skills),
                "愿意服务的时间": entry.when.phrase,
                "愿意服务的对象": "、".join(entry.serves) or "不限",
                "所属队伍": "、".join(entry.teams),
            }
        )
    return _sheet(town, draw, f"{at.name}志愿者报到名单", ListKind.VOLUNTEERS, (), VOLUNTEER_COLUMNS, rows)


def attendance_of(town: Town, at: Community, draw: Random) -> Iterator[Sheet]:
    """Last Tuesday's roll-calls: those who have a post, a dozen to a sheet."""
    held_on = town.week.monday_on + timedelta(days=1 - 7)
    placed = min(len(at.places), len(at.registered))
    sheets = -(-placed // PEOPLE_PER_SHEET)
    for sheet in range(sheets):
        kind = SHIFTS[sheet % len(SHIFTS)]
        rows = []
        for number in share(placed, sheets, sheet):
            starts = 8 * 60 + 30 + draw.choice((0, 0, 5, 30))
            ends = starts + draw.choice((90, 120, 150, 180))
            rows.append(
                {
                    "姓名": town.volunteer(at, at.registered[number]).name,
                    "签到": f"{starts // 60}:{starts % 60:02d}",
                    "签退": f"{ends // 60}:{ends % 60:02d}",
                    "服务内容": kind.skill,
                }
            )
        name = f"{held_on.isoformat()}-{at.name}{kind.phrase}{sheet + 1}签到表"
        titles = (
            f"周二“红马甲”在行动·{kind.phrase} 签到表",
            f"{held_on.year}年{held_on.month}月{held_on.day}日 地点:{at.name}小广场",
        )
        yield _sheet(town, draw, name, ListKind.ATTENDANCE, titles, ATTENDANCE_COLUMNS, rows)


def csv_of_sheet(sheet: Sheet, *, encoding: str = "utf-8-sig") -> bytes:
    """The sheet as a csv file; `encoding` utf-8-sig or gb18030, the two that offices produce."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(sheet.grid())
    return out.getvalue().encode(encoding)


def xlsx_of_sheets(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one workbook of plain text cells, the same bytes for the same sheets."""
    # Imported here: importing the package must not load a spreadsheet library.
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        for at, row in enumerate(sheet.grid()):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(at, column, cell)
    book.close()
    return out.getvalue()


def _sheet(
    town: Town,
    draw: Random,
    name: str,
    kind: ListKind,
    titles: tuple[str, ...],
    columns: tuple[str, ...],
    clean: Sequence[Mapping[str, str]],
) -> Sheet:
    """The sheet with slips at the preset's rate."""
    rows: list[Row] = []
    for cells in clean:
        if kind not in FAULTS or not chance(draw, town.preset.dirty_per_cent):
            rows.append(Row(cells=cells))
            continue
        fault = drawn_fault(kind, draw)
        spoilt = fault.spoil(dict(cells), draw)
        if fault.again:
            rows.append(Row(cells=cells))
        rows.append(Row(cells=spoilt, fault=fault))
    return Sheet(name=name, kind=kind, titles=titles, columns=columns, rows=tuple(rows))


def _need_cells(number: int, need: Need) -> dict[str, str]:
    return {
        "序号": str(number),
        "需求来源": _SOURCE[need.source],
        "网格/楼栋": need.place.text,
        "需求类别": need.category_phrase,
        "需求内容": need.title,
        "服务对象": need.served,
        "希望时间": need.when.phrase,
        "数量": need.quantity.phrase,
        "紧急程度": _URGENCY[need.urgency],
        "登记方式": _CHANNEL[need.channel],
        "登记日期": need.filed_on.isoformat(),
        "联系人": need.contact,
        "备注": need.private_note,
    }


def _resource_cells(number: int, line: Resource) -> dict[str, str]:
    return {
        "序号": str(number),
        "单位名称": line.owner,
        "单位类型": line.owner_type,
        "资源类别": line.category_phrase,
        "可提供资源": line.title,
        "可服务时间": line.when.phrase,
        "数量/容量": line.quantity.phrase,
        "服务范围": line.reach,
        "条件": line.conditions,
        "联系部门": "办公室",
        "是否无偿": "无偿" if line.free else "低偿",
    }


def _activities(town: Town, at: Community) -> list[dict[str, str]]:
    """The quarter's activities; the units take turns to lead."""
    leads = [unit.name for unit in town.units(at) if unit.active] or [f"{at.name}居委会"]
    known = (
        ("周二“红马甲”在行动", "每周二上午8:30", "小广场(移动办公桌)", "12人", "全体居民", "进行中"),
        ("健康义诊", "每月第二个周三 9:00-11:00", "党群服务中心", "3人", "老年人", "已排定"),
        ("捡烟头、塑料袋换鸡蛋", "12月5日", "小广场", "6人", "居民", "筹备"),
        ("居民说事日", "每月5日", "说事厅", "2人", "居民", "进行中"),
        ("联席会", "每月最后一个周五15:00", "会议室", "", "成员单位", "进行中"),
    )
    return [
        dict(zip(ACTIVITY_COLUMNS, (str(number), title, leads[number % len(leads)], *rest), strict=True))
        for number, (title, *rest) in enumerate(known, start=1)
    ]


def _projects(town: Town, at: Community) -> list[dict[str, str]]:
    partners = [unit.name for unit in town.units(at) if unit.active] or [f"{at.name}居委会"]
    year = town.week.year
    known = (
        ("无围墙敬老院", f"{at.name}居委会", partners[0], "上门助餐、量血压、每周探望", "探望志愿者6名", f"{year}年12月31日", "60%"),
        ("四点半课堂", partners[-1], "大学生志愿服务队", "接送、作业辅导", "教室1间;辅导员4名", "长期", "在办"),
        ("适老化小改造", "物业公司", partners[0], "换灯泡、装扶手20户", "维修工3名", f"{year}-12-20", "未开始"),
    )  # fmt: skip
    return [
        dict(zip(PROJECT_COLUMNS, (str(number), *cells), strict=True))
        for number, cells in enumerate(known, start=1)
    ]
