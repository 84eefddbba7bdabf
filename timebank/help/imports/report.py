"""What became of a file: every row with its verdict, its reason in two languages and what it was saved as.

Values only, so that the desk's page, the command line and the API say the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.lists import ListKind, Table, Verdict
from marketplace.values import Refusal

VERDICTS_ZH = {
    Verdict.ACCEPTED: "收下",
    Verdict.MERGED: "合并",
    Verdict.QUESTIONED: "待问",
    Verdict.REFUSED: "退回",
}
KINDS = {
    ListKind.NEEDS: ("需求清单", "needs"),
    ListKind.RESOURCES: ("资源清单", "resources"),
    ListKind.ACTIVITIES: ("活动清单", "activities"),
    ListKind.PROJECTS: ("项目清单", "projects"),
    ListKind.VOLUNTEERS: ("志愿者名单", "volunteers"),
    ListKind.ATTENDANCE: ("签到表", "attendance"),
    ListKind.UNKNOWN: ("认不出的表", "unknown"),
}
_TEXT_WIDTH = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file.

    Attributes:
        number: as the spreadsheet program counts, from 1.
        part: which stay of a row of a sign-in sheet, from 0.
        reasons: why it was merged, doubted or refused.
        cells: column name -> text as written, also of a refused row.
        target: key of the line, uid of the member or of the attendance it was saved as; "" while it is not saved.
        made: whether it brought its target into being.
        answer: what the desk decided on a doubted or refused row: accepted, corrected or dropped; "" while it waits.
    """

    number: int
    sheet: str
    kind: ListKind
    verdict: Verdict
    part: int = 0
    reasons: tuple[Refusal, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    made: bool = False
    answer: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody at the desk still has to say something about it."""
        return self.verdict in (Verdict.QUESTIONED, Verdict.REFUSED) and not self.answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file.

    Attributes:
        known: the very same file came in before; nothing was read again.
        changes: lines, people, memberships and attendances that this import added or changed.
        read: its tables without their rows: questions, columns left out, rows passed over.
        undone: the office took it back.
    """

    uid: str
    name: str
    filed_on: date
    rows: tuple[Row, ...]
    known: bool = False
    changes: int = 0
    read: tuple[Table, ...] = ()
    undone: bool = False

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rows got each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def groups(self) -> dict[str, tuple[Row, ...]]:
        """Waiting rows that ask one and the same thing, by its code, where there is more than one."""
        found: dict[str, tuple[Row, ...]] = {}
        for row in self.waiting:
            codes = {one.code for one in row.reasons}
            if row.verdict is Verdict.QUESTIONED and len(codes) == 1:
                (code,) = codes
                found[code] = (*found.get(code, ()), row)
        return {code: rows for code, rows in found.items() if len(rows) > 1}

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Rows the desk has to answer, in the order of the file."""
        return tuple(row for row in self.rows if row.waits)

    @property
    def tables(self) -> dict[tuple[str, ListKind], tuple[Row, ...]]:
        """Rows by sheet and kind, in the order of the file."""
        found: dict[tuple[str, ListKind], tuple[Row, ...]] = {}
        for row in self.rows:
            key = (row.sheet, row.kind)
            found[key] = (*found.get(key, ()), row)
        return found


def as_text(reports: Sequence[FileReport]) -> str:
    """The reports as lines for a terminal, Chinese and English side by side."""
    lines: list[str] = []
    for report in reports:
        lines.append(report.name)
        if report.known:
            lines.append("  这个文件以前导入过 / this very file was imported before")
        for (sheet, kind), rows in report.tables.items():
            zh, en = KINDS[kind]
            found = Counter(row.verdict for row in rows)
            counts = "  ".join(
                f"{VERDICTS_ZH[verdict]} {verdict.value} {found[verdict]}"
                for verdict in Verdict
                if found[verdict]
            )
            lines.append(f"  {_wide(f'{zh} {en} ({sheet})')} {len(rows):>3}  {counts}")
        for table in report.read:
            for asked in table.questions:
                lines += [f"    {table.sheet}: {asked.zh}", f"        {asked.en}"]
            if table.left_out:
                names = "、".join(one.column for one in table.left_out)
                lines.append(f"    {table.sheet}: 没有用的列 columns not used: {names}")
            if table.passed:
                numbers = ", ".join(str(one.number) for one in table.passed)
                lines.append(f"    {table.sheet}: 不是内容的行 rows that are no lines: {numbers}")
        for row in report.rows:
            for reason in row.reasons:
                answered = f" [{row.answer}]" if row.answer else ""
                lines.append(
                    f"    {row.sheet}:{row.number} {VERDICTS_ZH[row.verdict]}{answered} {reason.field} {reason.code}"
                )
                lines.append(f"        {reason.zh}")
                lines.append(f"        {reason.en}")
        lines.append(f"  改动 changes: {report.changes}")
    return "\n".join(lines)


def _wide(text: str) -> str:
    """The text filled up to a column, a Chinese character counting two."""
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, _TEXT_WIDTH - width)
