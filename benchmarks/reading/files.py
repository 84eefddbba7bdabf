"""The files that are read: lists of volunteers as large as a city's, and files made to hurt."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from random import Random

import xlsxwriter

HEADER = (
    "姓名",
    "手机",
    "身份",
    "特长",
    "愿意服务的时间",
    "愿意服务的对象",
    "所属队伍",
    "不能来的日子",
    "语言",
    "备注",
)
_FAMILY, _FIRST, _SECOND = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十", "甲乙丙丁戊己庚辛壬癸"
_TIMES = ("周二上午", "周末", "周一至周五 9:00-11:00", "每周三下午", "周二、周四晚上7:00-8:30", "周六上午")
_SKILLS = ("理发", "陪聊", "电工、开车", "辅导 写字", "量血压", "")
_INLINE = '<c t="inlineStr"><is><t>{}</t></is></c>'


def people(rows: int) -> list[tuple[str, ...]]:
    """So many volunteers of ten columns."""
    draw = Random(1)
    return [
        (
            draw.choice(_FAMILY) + draw.choice(_FIRST) + draw.choice(_SECOND), f"199{at:08d}",
            draw.choice(("退休教师", "在职", "大学生")), draw.choice(_SKILLS), draw.choice(_TIMES),
            draw.choice(("老人", "不限")), f"第{at % 50}服务队", draw.choice(("", "", "寒假")), draw.choice(("", "四川话")), "",
        )
        for at in range(rows)
    ]  # fmt: skip


def as_xlsx(rows: int) -> bytes:
    """The volunteers as a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet("志愿者")
    for at, row in enumerate((HEADER, *people(rows))):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(at, column, text)
    book.close()
    return out.getvalue()


def as_csv(rows: int) -> bytes:
    """The volunteers as text in GB18030, as an office program saves it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows((HEADER, *people(rows)))
    return out.getvalue().encode("gb18030")


def _by_hand(body: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')  # fmt: skip
        made.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        made.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>')  # fmt: skip
        made.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')  # fmt: skip
        made.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</worksheet>')  # fmt: skip
    return out.getvalue()


def _small(*more: str, after: str = "") -> bytes:
    rows = "".join(
        f'<row r="{at}">{"".join(_INLINE.format(text) for text in row)}</row>'
        for at, row in enumerate((HEADER[:3], ("张三", "19900000001", "退休")), start=1)
    )
    return _by_hand(f"<sheetData>{rows}{''.join(more)}</sheetData>{after}")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "ghost row 1048576": lambda: _small('<row r="1048576"><c r="A1048576"/></row>'),
    "corner cell XFD20000": lambda: _small('<row r="20000"><c r="XFD20000"/></row>'),
    "merge over the whole sheet": lambda: _small(after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "300,000 rows of styled empty cells": lambda: _small(*(f'<row r="{at}"><c r="A{at}"/><c r="B{at}"/></row>' for at in range(3, 300_003))),
}  # fmt: skip
