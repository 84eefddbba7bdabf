"""Files made to hurt, each below five megabytes: far cells, giant areas, bombs of every packing, deep and endless pages.

None is from anywhere: each is written here, small on disk and large to whoever unpacks, repeats or believes it.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>手机</t></is></c></row>'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(rows: str = "", after: str = "", strings: str = "", before: str = "") -> bytes:
    """A workbook of one sheet: what stands in its rows, after them, in its shared words, and before the sheet itself."""
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    words = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return zipped({**_PARTS, "xl/sharedStrings.xml": words, "xl/worksheets/sheet1.xml": sheet})


def _cell(address: str, row: int) -> str:
    return f'<row r="{row}"><c r="{address}"><v>1</v></c></row>'


def ods(body: str) -> bytes:
    names = "office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
    content = f"<?xml version='1.0'?><{names}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _ods_repeats() -> bytes:
    cell = "<table:table-cell table:number-columns-repeated='16384'><text:p>王</text:p></table:table-cell>"
    return ods(f"<table:table table:name='a'><table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row></table:table>" * 40)  # fmt: skip


def _laughs() -> str:
    """A billion laughs: ten times ten times … the same word."""
    levels = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 12))
    return f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY l0 'ha'>{levels}]>"


def _xls(sectors: int, chain: Callable[[int], int]) -> bytes:
    """A compound file of the old kind, whose table of sectors leads where `chain` says."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHHHIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, 1, 1, 0xFFFFFFFE)
    header += struct.pack("<I", 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *(chain(n) for n in range(128)))
    return header[:512].ljust(512, b"\xff") + table + b"Workbook".ljust(512, b"\x00") * sectors


def _csv(rows: int) -> bytes:
    head = "姓名,手机,技能,可服务时间,备注\r\n"
    return (
        head + "".join(f"王{n},199{n:08d},理发,每周二上午{n % 12}点,第{n}位\r\n" for n in range(rows))
    ).encode()


def _whens() -> bytes:
    """Times that go on and on: what a grammar reads slowest."""
    when = "、".join(f"除了每月第{n % 4 + 1}个周{'一二三四五六日'[n % 7]}下午{n % 12}点到{n % 12 + 1}点半以外的单周双周" for n in range(60))  # fmt: skip
    return (
        "姓名,手机,可服务时间\r\n" + "".join(f"李{n},199{n:08d},{when}{n}\r\n" for n in range(600))
    ).encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a cell in the last corner.xlsx": lambda: xlsx(_HEAD + _cell("XFD1048576", 1_048_576)),
    "a cell far out in row 200,000.xlsx": lambda: xlsx(_HEAD + _cell("XFD200000", 200_000)),
    "60,000 far cells.xlsx": lambda: xlsx(_HEAD + "".join(_cell(f"XFD{n}", n) for n in range(2, 60_002))),
    "one area of 16,384 by 20,000.xlsx": lambda: xlsx(
        _HEAD + _cell("A2", 2), '<mergeCells><mergeCell ref="A2:XFD20000"/></mergeCells>'
    ),
    "19,000 areas of a whole sheet.xlsx": lambda: xlsx(
        _HEAD + _cell("A2", 2),
        "<mergeCells>" + '<mergeCell ref="A2:XFD1048576"/>' * 19_000 + "</mergeCells>",
    ),
    "one word of 90 MB.xlsx": lambda: xlsx(_HEAD, strings=f"<si><t>{'王' * 30_000_000}</t></si>"),
    "ten million empty cells.xlsx": lambda: xlsx(f"<row>{'<c/>' * 10_000_000}</row>"),
    "100,000 levels deep.xlsx": lambda: xlsx("<a>" * 100_000),
    "a billion laughs.xlsx": lambda: xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row>', before=_laughs()
    ),
    "a word from another file.xlsx": lambda: xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&out;</t></is></c></row>',
        before="<?xml version='1.0'?><!DOCTYPE x [<!ENTITY out SYSTEM 'file:///etc/passwd'>]>",
    ),
    "one row a million million times.ods": _ods_repeats,
    "tables in tables.ods": lambda: ods("<table:table>" * 60_000),
    "120 MB of nothing.ods": lambda: ods(" " * 120_000_000),
    "60,000 rows.csv": lambda: _csv(60_000),
    "a row of a million columns.csv": lambda: ("姓名,手机\r\n" + ",".join(["王"] * 1_000_000)).encode(),
    "a quotation that never ends.csv": lambda: ('姓名,手机\r\n"' + "王,1\r\n" * 500_000).encode(),
    "times without an end.csv": _whens,
    "four million zeros.csv": lambda: b"\x00" * 4_000_000,
    "200,000 boxes in boxes.html": lambda: ("<html><table>" + "<div><table><tr><td>" * 200_000).encode(),
    "cells over a thousand million columns.html": lambda: (
        "<html><table><tr><td>姓名<td>手机</tr>" + "<tr><td colspan=999999999 rowspan=999999999>王</tr>" * 20_000
    ).encode(),
    "100,000 rows.html": lambda: (
        "<html><table><tr><td>姓名<td>手机</tr>" + "<tr><td>王<td>1</tr>" * 100_000
    ).encode(),
    "sectors that lead back to themselves.xls": lambda: _xls(2_000, lambda n: n),
    "sectors in a ring.xls": lambda: _xls(2_000, lambda n: (n + 1) % 128),
    "an archive of archives.zip": lambda: zipped({f"{n}.zip": zipped({"a": bytes(50_000_000)}) for n in range(20)}),
}  # fmt: skip
"""What it is, with the ending of its kind → its bytes, written when asked for."""
