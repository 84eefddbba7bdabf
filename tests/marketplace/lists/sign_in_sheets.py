"""Sign-in sheets drawn at random, with the stays each row truly tells; an oracle for the reader that shares no code with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

FILED_ON = date(2026, 11, 24)
NAMES = ("张三", "李四", "王五", "赵六", "钱二", "孙小妹", "周强", "吴敏", "郑重", "冯唐")
_PM = 12 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One true stay: who, which day, how long."""

    name: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sheet as text, and the stays of each of its rows by row number."""

    content: bytes
    stays: dict[int, list[Stay]]


def clock(minute: int, draw: Random) -> str:
    """The clock as somebody writes it; a small hour of the afternoon never without its part."""
    hour, rest = minute // 60 % 24, minute % 60
    plain = [
        f"{hour}:{rest:02d}",
        f"{hour:02d}:{rest:02d}",
        f"{hour}：{rest:02d}",
        f"{hour}点{rest:02d}分" if rest else f"{hour}点",
    ]
    if rest == 30:
        plain.append(f"{hour}点半")
    if hour >= 13:
        plain.append(f"下午{hour - 12}:{rest:02d}" if hour < 18 else f"晚上{hour - 12}:{rest:02d}")
    return draw.choice(plain)


def by_day(day: date, draw: Random) -> str:
    return draw.choice(
        (
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.month}月{day.day}日",
        )
    )


def span(draw: Random) -> tuple[int, int]:
    starts = draw.choice((7, 8, 9, 10, 13, 14, 15, 18)) * 60 + draw.choice((0, 5, 15, 30))
    return starts, starts + draw.choice((30, 60, 90, 120, 175, 180))


def titled(draw: Random) -> Drawn:
    """One day in the title; some rows without a sign-out, some people twice."""
    day = FILED_ON - timedelta(days=draw.randrange(1, 60))
    rows: list[list[str]] = [
        ["红马甲 签到表"],
        [f"{day.year}年{day.month}月{day.day}日", "地点:小广场"],
        ["姓名", "签到", "签退", "备注"],
    ]
    stays: dict[int, list[Stay]] = {}
    for name in draw.sample(NAMES, draw.randrange(1, 8)):
        for starts, ends in _apart(draw, draw.choice((1, 1, 1, 2))):
            rows.append([name, clock(starts, draw), "" if draw.random() < 0.1 else clock(ends, draw), ""])
            stays[len(rows)] = [Stay(name=name, day=day, minutes=ends - starts)]
    return Drawn(content=_csv(rows), stays=stays)


def _apart(draw: Random, count: int) -> list[tuple[int, int]]:
    if count == 1:
        return [span(draw)]
    return [
        (8 * 60 + 30, 8 * 60 + 30 + draw.choice((60, 90, 180))),
        (14 * 60, 14 * 60 + draw.choice((60, 120))),
    ]


def dated(draw: Random) -> Drawn:
    """The day in a column, sometimes only where it changes."""
    rows = [["服务记录"], ["日期", "姓名", "签到时间", "签退时间", "服务内容"]]
    stays: dict[int, list[Stay]] = {}
    blanks = draw.random() < 0.4
    for back in sorted(draw.sample(range(1, 90), draw.randrange(1, 5)), reverse=True):
        day, first = FILED_ON - timedelta(days=back), True
        for name in draw.sample(NAMES, draw.randrange(1, 4)):
            starts, ends = span(draw)
            rows.append(
                [
                    "" if blanks and not first else by_day(day, draw),
                    name,
                    clock(starts, draw),
                    clock(ends, draw),
                    "清洁",
                ]
            )
            stays[len(rows)] = [Stay(name=name, day=day, minutes=ends - starts)]
            first = False
    return Drawn(content=_csv(rows), stays=stays)


def moments(draw: Random) -> Drawn:
    """Day and clock in one cell."""
    rows = [["姓名", "签到时间", "签退时间", "时长(分钟)"]]
    stays: dict[int, list[Stay]] = {}
    for name in draw.sample(NAMES, draw.randrange(1, 8)):
        day = FILED_ON - timedelta(days=draw.randrange(1, 60))
        starts, ends = span(draw)
        said = str(ends - starts) if draw.random() < 0.8 else str(ends - starts + 60)
        rows.append(
            [
                name,
                f"{day} {starts // 60:02d}:{starts % 60:02d}:00",
                f"{day} {ends // 60:02d}:{ends % 60:02d}:00",
                said,
            ]
        )
        stays[len(rows)] = [Stay(name=name, day=day, minutes=ends - starts)]
    return Drawn(content=_csv(rows), stays=stays)


def halves(draw: Random) -> Drawn:
    """Two pairs of clocks, with or without 上午 and 下午 above them."""
    day = FILED_ON - timedelta(days=draw.randrange(1, 60))
    header = draw.choice(
        (["姓名", "上午签到", "上午签退", "下午签到", "下午签退"], ["姓名", "到岗", "离岗", "到岗", "离岗"])
    )
    rows = [[f"值班签到表 {day.year}年{day.month}月{day.day}日"], header]
    stays: dict[int, list[Stay]] = {}
    named = header[1].startswith("上午")
    for name in draw.sample(NAMES, draw.randrange(1, 7)):
        cells, true = [name], []
        if draw.random() < 0.8:
            ends = 8 * 60 + 30 + draw.choice((60, 120, 180))
            cells += ["8:30", f"{ends // 60}:{ends % 60:02d}"]
            true.append(Stay(name=name, day=day, minutes=ends - 510))
        else:
            cells += ["", ""]
        if draw.random() < 0.6 or not true:
            ends = 14 * 60 + draw.choice((60, 90, 120))
            shift = _PM if named and draw.random() < 0.5 else 0
            cells += [f"{(840 - shift) // 60}:00", f"{(ends - shift) // 60}:{ends % 60:02d}"]
            true.append(Stay(name=name, day=day, minutes=ends - 840))
        rows.append(cells)
        stays[len(rows)] = true
    return Drawn(content=_csv(rows), stays=stays)


def nights(draw: Random) -> Drawn:
    """A patrol that ends after midnight."""
    day = FILED_ON - timedelta(days=draw.randrange(2, 60))
    rows = [["夜巡签到表"], [day.isoformat()], ["姓名", "签到", "签退"]]
    stays: dict[int, list[Stay]] = {}
    for name in draw.sample(NAMES, draw.randrange(1, 6)):
        starts, minutes = draw.choice((20, 21, 22, 23)) * 60, draw.choice((60, 120, 180, 240))
        ends = starts + minutes
        if ends < 1440:
            said = f"{ends // 60}:00"
        elif ends == 1440:
            said = draw.choice(("24:00", "0:00", "次日0:00"))
        else:
            hour = ends // 60 - 24
            said = draw.choice((f"{hour}:00", f"次日{hour}:00", f"凌晨{hour}点"))
        rows.append([name, f"{starts // 60}:00", said])
        stays[len(rows)] = [Stay(name=name, day=day, minutes=minutes)]
    return Drawn(content=_csv(rows), stays=stays)


def lengths(draw: Random) -> Drawn:
    """Lengths without clocks, with the unit in the header, in the cells, or nowhere."""
    header, say = draw.choice(
        (
            ("服务时长(小时)", lambda minutes: f"{minutes / 60:g}"), ("时长(分钟)", str),
            ("时长", lambda minutes: f"{minutes}分钟"), ("时长", lambda minutes: f"{minutes / 60:g}"),
        )
    )  # fmt: skip
    rows = [["日期", "姓名", header]]
    stays: dict[int, list[Stay]] = {}
    for name in draw.sample(NAMES, draw.randrange(1, 9)):
        day, minutes = FILED_ON - timedelta(days=draw.randrange(1, 60)), draw.choice((30, 60, 90, 120, 180))
        rows.append([by_day(day, draw), name, say(minutes)])
        stays[len(rows)] = [Stay(name=name, day=day, minutes=minutes)]
    return Drawn(content=_csv(rows), stays=stays)


def grid(draw: Random) -> Drawn:
    """People down, days across."""
    days = sorted(draw.sample(range(1, 23), draw.randrange(3, 8)))
    with_clocks = draw.random() < 0.5
    rows = [
        ["2026年11月红马甲服务时长表" + ("" if with_clocks else "(小时)")],
        ["姓名", *(f"11月{day}日" for day in days)],
    ]
    stays: dict[int, list[Stay]] = {}
    for name in draw.sample(NAMES, draw.randrange(2, 7)):
        cells, true = [name], []
        for day in days:
            if draw.random() < 0.5:
                cells.append("")
                continue
            minutes = draw.choice((60, 90, 120, 150))
            ends = 9 * 60 + minutes
            cells.append(f"9:00-{ends // 60}:{ends % 60:02d}" if with_clocks else f"{minutes / 60:g}")
            true.append(Stay(name=name, day=date(2026, 11, day), minutes=minutes))
        if true:
            rows.append(cells)
            stays[len(rows)] = true
    return Drawn(content=_csv(rows), stays=stays)


KINDS: tuple[Callable[[Random], Drawn], ...] = (titled, dated, moments, halves, nights, lengths, grid)


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
