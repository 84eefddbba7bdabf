"""A line typed into a form: read like a row of a file, doubts at their fields, and typed again as it is shown."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.lists import ListKind
from marketplace.lists.typed import confirmed, kind_of, read_typed, typed_of
from marketplace.values import Activity, Need, Project, Resource

FILED = date(2026, 11, 24)
TYPED = {
    ListKind.NEEDS: {"title": "帮忙买米", "category": "代买代购", "when": "明天上午"},
    ListKind.RESOURCES: {"owner": "区第二人民医院", "title": "义诊", "category": "义诊", "when": "每周三上午", "quantity": "20人"},
    ListKind.ACTIVITIES: {"title": "周二红马甲在行动", "lead": "周二红马甲服务队", "when": "每周二上午8:30-10:30", "helpers": "10人"},
    ListKind.PROJECTS: {"title": "老楼加装电梯", "lead": "社区", "due": "2026年12月31日", "progress": "60%"},
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_a_line_is_typed_again_as_it_is_shown(kind: ListKind) -> None:
    read = read_typed(kind, TYPED[kind] | {"no such field": "x"}, filed_on=FILED)
    assert isinstance(read.line, Need | Resource | Activity | Project)
    assert (read.doubts, kind_of(read.line)) == ((), kind)
    again = read_typed(kind, typed_of(read.line), filed_on=FILED).line
    assert again == read.line


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        (ListKind.NEEDS, "when", "周三5点"),
        (ListKind.RESOURCES, "quantity", "1-2小时"),
        (ListKind.ACTIVITIES, "helpers", "若干"),
    ],
)
def test_a_doubt_is_told_at_its_field_and_a_yes_takes_it_away(kind: ListKind, field: str, text: str) -> None:
    read = read_typed(kind, TYPED[kind] | {field: text}, filed_on=FILED)
    assert field in {one.field for one in read.doubts}
    assert read.line is not None
    line = confirmed(read.line)
    assert isinstance(line, Need | Resource | Activity)
    assert line.when.question is None
    counted = line.helpers if isinstance(line, Activity) else line.quantity
    assert counted is None or counted.question is None


def test_what_nobody_could_agree_to_stays_refused() -> None:
    needs = TYPED[ListKind.NEEDS]
    unread = read_typed(ListKind.NEEDS, needs | {"when": "看情况"}, filed_on=FILED)
    assert unread.firm == {"when"}
    late = read_typed(ListKind.PROJECTS, TYPED[ListKind.PROJECTS] | {"due": "老时间"}, filed_on=FILED)
    assert late.firm == {"due"}
    empty = read_typed(ListKind.NEEDS, {"category": "代买代购"}, filed_on=FILED)
    assert "title" in empty.firm
    assert empty.line is None
    project = read_typed(ListKind.PROJECTS, TYPED[ListKind.PROJECTS] | {"due": "3/4"}, filed_on=FILED)
    assert isinstance(project.line, Project)
    after = confirmed(project.line)
    assert isinstance(after, Project)
    assert after.due.question is None
