"""Slips of the pen, as they stand in real lists: what a writer does to a row, and what an importer must make of it.

Each fault names the verdict it deserves, so a list written with faults is also the answer sheet for its import. Some are
harmless (a phone written with spaces) and must not be asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from marketplace.generator.names import RARE_NAMES
from marketplace.lists.kinds import ListKind, Verdict

Cells = dict[str, str]
_WIDE = str.maketrans("0123456789:-", "０１２３４５６７８９：－")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of slip.

    Attributes:
        code: what happened.
        verdict: what the importer must say about the row.
        reason: the code it must give, "" for an accepted row.
        spoil: the row's cells after it; for `again` the cells of a further row that repeats this one.
        again: True when the fault is a further row below the clean one.
    """

    code: str
    verdict: Verdict
    reason: str = ""
    spoil: Callable[[Cells, Random], Cells]
    again: bool = False


def _set(column: str, *texts: str) -> Callable[[Cells, Random], Cells]:
    return lambda cells, draw: {**cells, column: draw.choice(texts)}


def _spoken(column: str, how: Callable[[str], str]) -> Callable[[Cells, Random], Cells]:
    return lambda cells, draw: {**cells, column: how(cells[column])}


def _wide(text: str) -> str:
    return text.translate(_WIDE)


def _one_digit_lost(cells: Cells, draw: Random) -> Cells:
    phone, at = cells["手机"], draw.randrange(5, 11)
    return {**cells, "手机": phone[:at] + phone[at + 1 :]}


def _other_team(cells: Cells, draw: Random) -> Cells:
    phone = cells["手机"]
    written = draw.choice(
        (f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}", _wide(phone), f"{phone[:3]}-{phone[3:7]}-{phone[7:]}")
    )
    return {
        **cells,
        "手机": written,
        "所属队伍": draw.choice(("供电公司营业部", "大学生志愿服务队", "突击队")),
    }


def _swapped(cells: Cells, draw: Random) -> Cells:
    return {**cells, "签到": cells["签退"], "签退": cells["签到"]}


def _half_past(text: str) -> str:
    hour, minute = text.split(":")
    return f"{hour}点半" if minute == "30" else f"{hour}点{minute}分" if minute != "00" else f"{hour}点"


_FORMULA = "=cmd|' /C calc'!A0"
_LINK = '=HYPERLINK("http://example.invalid","点此")'

VOLUNTEER_FAULTS = (
    Fault(code="phone_plus", verdict=Verdict.ACCEPTED,
          spoil=_spoken("手机", lambda text: f"+86 {text[:3]} {text[3:7]} {text[7:]}")),
    Fault(code="phone_wide", verdict=Verdict.ACCEPTED, spoil=_spoken("手机", _wide)),
    Fault(code="phone_dashes", verdict=Verdict.ACCEPTED,
          spoil=_spoken("手机", lambda text: f"{text[:3]}-{text[3:7]}-{text[7:]}")),
    Fault(code="phone_missing", verdict=Verdict.ACCEPTED, spoil=_set("手机", "")),
    Fault(code="rare_character", verdict=Verdict.ACCEPTED, spoil=_set("姓名", *RARE_NAMES)),
    Fault(code="phone_short", verdict=Verdict.QUESTIONED, reason="phone_length", spoil=_one_digit_lost),
    Fault(code="phone_letters", verdict=Verdict.QUESTIONED, reason="phone_characters",
          spoil=_set("手机", "同微信", "问队长")),
    Fault(code="under_age", verdict=Verdict.QUESTIONED, reason="guardian_consent",
          spoil=_set("身份", "17岁学生", "初中生")),
    Fault(code="name_formula", verdict=Verdict.QUESTIONED, reason="cell_formula", spoil=_set("姓名", _FORMULA)),
    Fault(code="name_missing", verdict=Verdict.REFUSED, reason="required_missing", spoil=_set("姓名", "", " ")),
    Fault(code="two_teams", verdict=Verdict.MERGED, reason="person_merged", spoil=_other_team, again=True),
    Fault(code="twice", verdict=Verdict.MERGED, reason="person_merged", again=True,
          spoil=lambda cells, draw: dict(cells)),
)  # fmt: skip

NEED_FAULTS = (
    Fault(code="date_slashes", verdict=Verdict.ACCEPTED,
          spoil=_spoken("登记日期", lambda text: text.replace("-", "/"))),
    Fault(code="date_in_words", verdict=Verdict.ACCEPTED,
          spoil=_spoken("登记日期", lambda text: f"{int(text[5:7])}月{int(text[8:])}日")),
    Fault(code="time_wide", verdict=Verdict.ACCEPTED, spoil=_spoken("希望时间", _wide)),
    Fault(code="time_reversed", verdict=Verdict.QUESTIONED, reason="times_reversed",
          spoil=_set("希望时间", "上午9点到8点", "周二 11:00-9:00")),
    Fault(code="time_ambiguous", verdict=Verdict.QUESTIONED, spoil=_set("希望时间", "周三 5点", "周五5点")),
    Fault(code="no_such_day", verdict=Verdict.QUESTIONED, spoil=_set("希望时间", "13月1日 9:00-11:00")),
    Fault(code="own_words", verdict=Verdict.QUESTIONED, spoil=_set("希望时间", "周二上午,老地方见")),
    Fault(code="remark_formula", verdict=Verdict.QUESTIONED, reason="cell_formula", spoil=_set("备注", _LINK)),
    Fault(code="date_unreadable", verdict=Verdict.QUESTIONED, reason="date_unreadable",
          spoil=_set("登记日期", "上周", "忘了")),
    Fault(code="title_missing", verdict=Verdict.REFUSED, reason="required_missing", spoil=_set("需求内容", "", "—")),
    Fault(code="twice", verdict=Verdict.MERGED, reason="line_repeated", again=True,
          spoil=lambda cells, draw: {**cells, "备注": "重复登记"}),
    Fault(code="nearly_twice", verdict=Verdict.QUESTIONED, reason="line_similar", again=True,
          spoil=_set("希望时间", "每天晚上")),
)  # fmt: skip

RESOURCE_FAULTS = (
    Fault(code="title_missing", verdict=Verdict.REFUSED, reason="required_missing", spoil=_set("可提供资源", "", "—")),
    Fault(code="contact_formula", verdict=Verdict.QUESTIONED, reason="cell_formula", spoil=_set("条件", _LINK)),
    Fault(code="time_wide", verdict=Verdict.ACCEPTED, spoil=_spoken("可服务时间", _wide)),
    Fault(code="twice", verdict=Verdict.MERGED, reason="line_repeated", again=True,
          spoil=lambda cells, draw: dict(cells)),
)  # fmt: skip

ATTENDANCE_FAULTS = (
    Fault(code="clock_wide", verdict=Verdict.ACCEPTED, spoil=_spoken("签到", _wide)),
    Fault(code="clock_dotted", verdict=Verdict.ACCEPTED, spoil=_spoken("签到", lambda text: text.replace(":", "."))),
    Fault(code="clock_in_words", verdict=Verdict.ACCEPTED, spoil=_spoken("签退", _half_past)),
    Fault(code="left_early", verdict=Verdict.ACCEPTED, spoil=_set("备注", "提前走")),
    Fault(code="times_reversed", verdict=Verdict.QUESTIONED, reason="times_reversed", spoil=_swapped),
    Fault(code="not_signed_out", verdict=Verdict.QUESTIONED, reason="clock_missing", spoil=_set("签退", "")),
    Fault(code="walk_up", verdict=Verdict.QUESTIONED, reason="walk_up", spoil=_set("备注", "没登记过", "临时来的")),
    Fault(code="form_of_address", verdict=Verdict.QUESTIONED, reason="walk_up",
          spoil=lambda cells, draw: {**cells, "姓名": draw.choice(("王阿姨", "李大爷", "张师傅")), "备注": "没登记过"}),
    Fault(code="under_age", verdict=Verdict.QUESTIONED, reason="guardian_consent", spoil=_set("备注", "未成年")),
    Fault(code="name_missing", verdict=Verdict.REFUSED, reason="required_missing", spoil=_set("姓名", "")),
    Fault(code="twice", verdict=Verdict.MERGED, reason="line_repeated", again=True,
          spoil=lambda cells, draw: {**cells, "备注": "重复登记"}),
)  # fmt: skip

FAULTS: Mapping[ListKind, tuple[Fault, ...]] = {
    ListKind.VOLUNTEERS: VOLUNTEER_FAULTS,
    ListKind.NEEDS: NEED_FAULTS,
    ListKind.RESOURCES: RESOURCE_FAULTS,
    ListKind.ATTENDANCE: ATTENDANCE_FAULTS,
}


def drawn_fault(kind: ListKind, draw: Random) -> Fault:
    """One of the faults of this list, each as likely as the other."""
    return draw.choice(FAULTS[kind])
