"""Turning the lines of an account into a passbook that its owner understands: pure, words and sums only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger import EntryKind, Line
from ledger.values import Layer
from timebank.rules.hours.credit import Credit
from timebank.rules.parts.attendance import Attendance
from timebank.store.help.services import ServiceTitle
from timebank.web.filters import hours
from timebank.web.i18n import speaking

LineText = tuple[str, str]
"""A line's words in (zh, en)."""

REASON_WORDS: dict[str, LineText] = {
    "donate": ("送给社区基金", "Given to the community fund"),
    "lapse": ("到期转入社区基金", "Past their time: to the community fund"),
    "gift": ("时间转赠", "Hours given on"),
    "gift_body": ("送给公益为老机构", "Given to a non-profit body"),
    "opening": ("以前的时间转入", "Hours brought forward"),
    "grant": ("社区赠送", "A gift from the community"),
    "put_right": ("记错的时间收回", "Taken back: it was recorded wrongly"),
    "after_death": ("去世后转入社区基金", "Left to the community fund"),
    "erased": ("删除信息时转入社区基金", "To the community fund when the details were erased"),
    "joined": ("两份档案合成一份", "From another record of the same person"),
    "reverse_mistake": ("更正：录错了", "Corrected: entered by mistake"),
    "reverse_wrong_minutes": ("更正：时间记错了", "Corrected: wrong minutes"),
    "reverse_wrong_person": ("更正：记错了人", "Corrected: wrong person"),
    "reverse_not_served": ("更正：这次没有服务", "Corrected: it did not take place"),
    "reverse_entered_twice": ("更正：记了两遍", "Corrected: entered twice"),
}
OTHER: LineText = ("其他", "Other")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLine:
    """One line: what, when, in or out, and what was left.

    Attributes:
        minutes_in, minutes_out: None when nothing went that way.
        service: uid of the service behind it, whose page says more and takes "that is not right"; "" for none.
        note_zh, note_en: which rule cut what, or that the line was corrected later.
    """

    seq: int
    uid: str
    happened_on: date
    zh: str
    en: str
    minutes_in: int | None
    minutes_out: int | None
    minutes_left: int
    service: str = ""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passbook:
    """A page of a passbook, oldest line first.

    Attributes:
        minutes_held: set aside for services to come.
        before_seq: ask with this for the older page; None on the first one.
    """

    member: str
    owner: str
    number: str
    lines: tuple[PassLine, ...]
    minutes_left: int
    minutes_held: int
    before_seq: int | None


def lines_of(
    lines: Iterable[Line],
    parts: Mapping[str, tuple[Attendance, Credit]],
    titles: Mapping[str, ServiceTitle],
    paper: Mapping[str, str] | None = None,
) -> tuple[PassLine, ...]:
    """Posted lines in words, oldest first; what is only set aside is no line of a passbook.

    Args:
        lines: newest first, as the ledger gives them.
        parts: by attendance uid, with why the minutes are what they are.
        titles: by service uid.
        paper: numbers of the paper passbooks from which hours were brought forward, by the line that says so.
    """
    shown = [_line(line, parts, titles, paper or {}) for line in lines if line.layer is Layer.POSTED]
    return tuple(reversed(shown))


def _line(
    line: Line,
    parts: Mapping[str, tuple[Attendance, Credit]],
    titles: Mapping[str, ServiceTitle],
    paper: Mapping[str, str],
) -> PassLine:
    part, credit = parts.get(str(line.meta.get("attendance", "")), (None, None))
    zh, en = _words(line, titles.get(str(line.meta.get("service", ""))))
    note_zh, note_en = "", ""
    if line.reversed_by:
        note_zh, note_en = "后来更正了", "corrected later"
    elif credit is not None and line.amount > 0 and part is not None and part.transfer_uid == line.uid:
        note_zh, note_en = _why(credit)
    elif book := paper.get(str(line.meta.get("passbook", ""))):
        note_zh, note_en = f"纸质存折 {book}", f"paper passbook {book}"
    return PassLine(
        seq=line.seq,
        uid=line.uid,
        happened_on=line.effective_on,
        zh=zh,
        en=en,
        minutes_in=line.amount if line.amount > 0 else None,
        minutes_out=-line.amount if line.amount < 0 else None,
        minutes_left=line.balance_after,
        service=str(line.meta.get("service", "")),
        note_zh=note_zh,
        note_en=note_en,
    )


def _words(line: Line, service: ServiceTitle | None) -> LineText:
    if line.kind is EntryKind.REVERSE:
        zh, en = REASON_WORDS.get(line.reason, ("更正", "Corrected"))
        return (f"{zh}（{service.title}）", f"{en} ({service.title})") if service else (zh, en)
    if line.reason == "put_right":
        zh, en = REASON_WORDS["put_right"]
        return (f"{zh}（{service.title}）", f"{en} ({service.title})") if service else (zh, en)
    if service is not None:
        place = service.place
        where = f" {place}" if place else ""
        if line.amount < 0:
            return f"用于：{service.title}", f"Used for: {service.title}"
        return f"{service.title}{where}", f"{service.title}{where}"
    if line.reason == "service":
        return ("服务", "Service") if line.amount > 0 else ("得到帮助", "Help received")
    return REASON_WORDS.get(line.reason, OTHER)


def _why(credit: Credit) -> LineText:
    """The rules that changed the minutes; nothing to say when none did."""
    if not credit.cuts:
        return "", ""
    zh = "，".join(cut.zh for cut in credit.cuts)
    en = ", ".join(cut.en for cut in credit.cuts)
    with speaking("zh-CN"):
        served_zh = hours(credit.minutes_served)
    with speaking("en"):
        served_en = hours(credit.minutes_served)
    return f"实际 {served_zh}，{zh}", f"served {served_en}; {en}"


def months_between(first_on: date, last_on: date) -> list[str]:
    """Months `2026-10`, newest first, from that of `last_on` back to that of `first_on`."""
    months = []
    year, month = last_on.year, last_on.month
    while (year, month) >= (first_on.year, first_on.month):
        months.append(f"{year:04d}-{month:02d}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months
