"""What a person says about a table, and what of it is remembered for the next file of that shape."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.errors import UnknownColumn
from marketplace.lists import ListKind, Table, TableAnswers, Verdict, Workbook, read_file
from marketplace.store import codec
from marketplace.values import Need, VolunteerEntry

FILED = date(2026, 11, 24)
WISHES = "愿望,几时,说说\n想理发,周二上午,急\n想读报,周四,不急\n"
SAID = TableAnswers(kind="needs", columns={"愿望": "title", "几时": "when", "说说": "urgency"})


def book(text: str, *remembered: TableAnswers, name: str = "x.csv") -> Workbook:
    return read_file(text.encode(), name, filed_on=FILED, remembered=remembered)


def table(text: str, *remembered: TableAnswers) -> Table:
    (only,) = book(text, *remembered).tables
    return only


def test_an_unknown_table_is_read_once_somebody_points_at_its_columns() -> None:
    unknown = table(WISHES)
    assert [one.code for one in unknown.questions] == ["kind_unknown"]
    read = unknown.answered(SAID)
    assert (read.kind, read.questions) == (ListKind.NEEDS, ())
    assert dict(read.mapping) == {"title": "愿望", "when": "几时", "urgency": "说说"}


def test_the_next_file_of_that_shape_is_read_at_once() -> None:
    kept = table(WISHES).answered(SAID).answers.kept()
    later = table("愿望,几时,说说\n想量血压,周五上午,一般\n", kept)
    assert (later.kind, later.questions) == (ListKind.NEEDS, ())
    (report,) = book("愿望,几时,说说\n想量血压,周五上午,一般\n", kept).reports()
    assert [value.title for value in report.values if isinstance(value, Need)] == ["想量血压"]


def test_columns_that_moved_or_came_on_top_keep_their_answers_and_only_the_new_ones_are_asked() -> None:
    kept = table(WISHES).answered(SAID).answers.kept()
    moved = table("几时,满意度,愿望,说说\n周五上午,好,想量血压,一般\n", kept)
    assert (moved.kind, [(one.code, one.column) for one in moved.questions]) == (
        ListKind.NEEDS, [("column_unclaimed", "满意度")],
    )  # fmt: skip
    assert table("几时,愿望\n周五,想量血压\n", kept).kind is ListKind.UNKNOWN


def test_a_remembered_answer_is_held_against_the_cells() -> None:
    said = TableAnswers(kind="volunteers", columns={"谁呀": "name", "怎么找": "phone"})
    kept = table("谁呀,怎么找\n张三,19900000001\n").answered(said).answers.kept()
    rows = "".join(f"{name},住在三号楼二单元旁边的院子里\n" for name in ("张三", "李四", "王五"))
    again = table(f"谁呀,怎么找\n{rows}", kept)
    assert "phone" not in again.mapping
    assert [one.column for one in again.questions] == ["怎么找"]


def test_answers_about_hidden_and_struck_out_rows_are_never_kept() -> None:
    said = TableAnswers(rows={"hidden": "take"}, columns={"a": "name"})
    assert said.kept() == TableAnswers(columns={"a": "name"})


def test_answers_are_plain_values_that_a_store_keeps() -> None:
    answers = table(WISHES).answered(SAID).answers
    assert codec.loads(TableAnswers, codec.dumps(answers)) == answers
    whole = table("姓名,手机,帽子\n张三,19900000001,L\n")
    assert codec.loads(Table, codec.dumps(whole)) == whole


def test_a_column_can_be_pointed_at_left_out_and_taken_from_another_field() -> None:
    asked = table("姓名,手机,帽子尺码\n张三,19900000001,L\n")
    assert [one.code for one in asked.questions] == ["column_unclaimed"]
    noted = asked.answered(TableAnswers(columns={"帽子尺码": "remark"}))
    assert (noted.mapping["remark"], noted.questions) == ("帽子尺码", ())
    dropped = asked.answered(TableAnswers(columns={"帽子尺码": "-"}))
    assert ([(one.column, one.why) for one in dropped.left_out], dropped.questions) == (
        [("帽子尺码", "said")],
        (),
    )
    moved = asked.mapped(skills="手机")
    assert (moved.mapping.get("phone"), moved.mapping["skills"]) == (None, "手机")


def test_a_list_that_lacks_what_it_needs_is_asked_about_again() -> None:
    said = table(WISHES).answered(TableAnswers(kind="resources", columns={"愿望": "title"}))
    (asked,) = said.questions
    assert (said.kind, asked.code, asked.guess) == (ListKind.UNKNOWN, "kind_lacks", "resources")
    assert "单位名称" in asked.zh
    assert "Owner" in asked.en


def test_a_table_can_be_left_out_and_its_rows_say_so() -> None:
    left = table(WISHES).answered(TableAnswers(kind="none"))
    assert left.questions == ()
    (report,) = Workbook(filename="x", tables=(left,)).reports()
    assert {row.verdict for row in report.rows} == {Verdict.REFUSED}
    assert {row.reasons[0].code for row in report.rows} == {"table_left_out"}


@pytest.mark.parametrize(
    "said",
    [
        TableAnswers(kind="rota"), TableAnswers(kind="needs", columns={"没有": "title"}), TableAnswers(kind="needs", columns={"愿望": "name"}),
        TableAnswers(columns={"愿望": "title"}),
    ],
)  # fmt: skip
def test_a_list_a_column_or_a_field_that_is_not_there_is_refused(said: TableAnswers) -> None:
    with pytest.raises(UnknownColumn):
        table(WISHES).answered(said)


def test_struck_out_rows_are_one_question_whose_answer_holds_for_all() -> None:
    html = "<table><tr><td>姓名</td><td>手机</td></tr><tr><td>张三</td><td>19900000001</td></tr>" + "".join(
        f"<tr><td><s>{name}</s></td><td><s>1990000001{at}</s></td></tr>"
        for at, name in enumerate(("王五", "赵六"))
    )
    asked = table(html)
    assert [(one.code, one.rows) for one in asked.questions] == [("rows_struck", (3, 4))]
    taken = asked.answered(TableAnswers(rows={"struck": "take"}))
    left = asked.answered(TableAnswers(rows={"struck": "leave"}))
    for answered, names in ((taken, ["张三", "王五", "赵六"]), (left, ["张三"])):
        (report,) = Workbook(filename="x", tables=(answered,)).reports()
        assert [value.name for value in report.values if isinstance(value, VolunteerEntry)] == names
        assert not answered.questions


def test_a_unit_said_once_holds_for_every_length_without_one() -> None:
    asked = table("日期,姓名,时长\n2026-11-17,李四,2\n2026-11-17,钱二,1\n")
    assert [(one.code, one.rows) for one in asked.questions] == [("unit_unknown", (2, 3))]
    answered = asked.answered(TableAnswers(unit_minutes=60))
    (report,) = Workbook(filename="x", tables=(answered,)).reports()
    assert [value.minutes_served for value in report.values] == [120, 60]  # type: ignore[union-attr]
    assert len(report.accepted) == 2


def test_identity_numbers_are_gone_before_anybody_could_store_them() -> None:
    text = "姓名,手机,身份证号,备注\n老李,19900000002,510100195603080025,证件510100195603080025已验\n"
    found = table(text)
    assert "510100195603080025" not in repr(found)
    assert [(one.column, one.why) for one in found.left_out] == [("身份证号", "sensitive")]
    nameless = table("姓名,手机,号码一\n老李,19900000002,510100195603080025\n")
    assert "510100195603080025" not in repr(nameless)


def test_an_identity_number_is_gone_from_a_table_nobody_recognised_too() -> None:
    assert "510100195603080025" not in repr(table("户主,身份证号,车牌\n老李,510100195603080025,A1\n"))


def test_needs_that_are_claimed_or_done_are_asked_about() -> None:
    text = "需求内容,希望时间,认领单位,状态\n修灯,周三上午,供电所,\n读报,周四上午,,已完成\n理发,周五上午,,待认领\n"
    (report,) = book(text).reports()
    assert [[one.code for one in row.reasons] for row in report.rows] == [["need_claimed"], ["need_done"], []]


def test_a_family_name_and_a_given_name_are_one_name() -> None:
    (report,) = book("First Name,Last Name,Phone\nJane,Doe,07700900001\n").reports()
    assert [value.name for value in report.values if isinstance(value, VolunteerEntry)] == ["Jane Doe"]
    (report,) = book("姓,名,手机\n欧阳,小明,19900000001\n").reports()
    assert [value.name for value in report.values if isinstance(value, VolunteerEntry)] == ["欧阳小明"]


def test_a_wish_in_traditional_characters_is_read_and_kept_as_written() -> None:
    (report,) = book("需求內容,希望時間\n陪伴散步,週二下午\n").reports()
    (need,) = report.values
    assert isinstance(need, Need)
    assert (need.title, need.when.phrase, need.when.said_zh) == (
        "陪伴散步",
        "週二下午",
        "每周二 下午13:00–18:00",
    )


def test_the_cells_of_every_file_are_accounted_for() -> None:
    text = (
        "名单,,,\n姓名,手机,特长,\n例,199,理发,\n张三,19900000001,理发,多一格\n,,,\n合计,1人,,\n注：完,,,\n"
    )
    found = table(text)
    seen = {text for row in found.rows for text in row.cells.values() if text}
    seen |= (
        {piece for one in found.passed for piece in one.text.split(" ")}
        | set(found.titles)
        | set(found.columns)
    )
    assert {cell for line in text.split("\n") for cell in line.split(",") if cell} <= seen
