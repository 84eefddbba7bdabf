"""What an office says of itself: given, corrected, refused field by field, and seen by everybody at once."""

from __future__ import annotations

from typing import Any

import pytest

from timebank.store.places import communities

GIVEN = {
    "address": "东区路18号一楼", "phone": "0555-1234567", "opens": "周一至周五 8:30–17:30",
    "page_text": "坐3路车到东区路站。\n进门左手。", "name_en": "Dongqu Community",
}  # fmt: skip


async def test_what_the_office_gives_stands_on_its_board_at_once(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.submit("/desk/community", GIVEN)
    assert "保存了" in page.text
    assert "东区路18号一楼" in page.text
    board = await (await town.stranger()).page("/notice?community=dongqu")
    for said in (
        "东区路18号一楼",
        "0555-1234567",
        "周一至周五 8:30–17:30",
        "坐3路车到东区路站。",
        "进门左手。",
    ):
        assert said in board.text, said
    assert "Dongqu Community" in (await worker.page("/desk/community?lang=en")).text
    emptied = await worker.submit("/desk/community", {**GIVEN, "opens": "", "page_text": ""})
    assert emptied.status_code == 200
    found = await communities.community(town.ctx.engine, "dongqu")
    assert found is not None
    assert (found.name, found.opens, found.page_text) == ("东区社区", "", "")


@pytest.mark.parametrize(
    ("field", "typed", "said", "english"),
    [
        ("phone", "服务台", "这个电话号码拨不通，请再看一眼。", "That number cannot be dialled."),
        ("name_en", "东区", "英文名称请用英文字母写。", "Write the English name in Latin letters."),
        ("address", "路" * 121, "写得太长了，请短一些。", "too long"),
        ("opens", "周" * 121, "写得太长了，请短一些。", "too long"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    town: Any, field: str, typed: str, said: str, english: str
) -> None:
    worker = await town.client("worker")
    page = await worker.submit("/desk/community", {**GIVEN, field: typed})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="周一至周五 8:30–17:30"' in page.text or field == "opens"
    assert english in (await worker.submit("/desk/community?lang=en", {**GIVEN, field: typed})).text
    found = await communities.community(town.ctx.engine, "dongqu")
    assert found is not None
    assert found.address == "", "nothing of it was kept"


async def test_programs_give_all_of_it_every_time(town: Any) -> None:
    worker = await town.client("worker")
    assert (await worker.post("/api/community", json=GIVEN)).json() == {
        "code": "dongqu",
        "name": "东区社区",
        **GIVEN,
    }
    assert (await worker.get("/api/community")).json()["opens"] == GIVEN["opens"]
    half = await worker.post("/api/community", json={"phone": "0555-1234567"})
    assert half.status_code == 400
    wrong = await worker.post("/api/community", json={**GIVEN, "phone": "服务台"})
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["phone"]


async def test_saving_the_same_again_writes_nothing(town: Any) -> None:
    worker = await town.client("worker")
    await worker.submit("/desk/community", GIVEN)
    before = await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_audit")
    await worker.submit("/desk/community", GIVEN)
    assert await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_audit") == before
