"""Paper passbooks on pages and for programs, in both languages."""

from __future__ import annotations

import re
from typing import Any

from timebank.store.office import opening

CSV = {"files": ("存折.csv", "姓名,编号,时长\n李四,021,15小时30分\n没有的人,,1小时\n".encode(), "text/csv")}


async def test_one_types_and_another_approves(paper: Any) -> None:
    one, two = await paper.town.client("worker"), await paper.town.client("worker2")
    page = await one.submit("/desk/opening", {"kind": "batch"})
    batch = page.url.path
    asked = await one.submit(f"{batch}/lines", {"who": "李四", "amount": "15"})
    assert asked.status_code == 422
    assert "请写明是小时还是分钟" in asked.text
    assert 'value="15"' in asked.text
    assert 'value="李四"' in asked.text
    page = await one.submit(f"{batch}/lines", {"who": "李四", "amount": "15小时30分", "book": "A-012"})
    assert "录好了：李四" in page.text
    assert "批准转入" not in page.text
    look = await two.page(batch)
    assert "15&nbsp;小时" in look.text or "15 小时 30 分" in look.text.replace("\xa0", " ")
    [seen] = re.findall(r'name="seen" value="([0-9a-f]{64})"', look.text)
    page = await two.submit(f"{batch}/approve", {"seen": seen})
    assert "批准了" in page.text
    assert await paper.saved("volunteer") == 930
    page = await two.submit(f"{batch}/approve", {"seen": seen})
    assert "已经办过" in page.text
    assert await paper.saved("volunteer") == 930


async def test_several_who_may_be_meant_are_shown_and_what_was_typed_stays(paper: Any) -> None:
    one = await paper.town.client("worker")
    batch = await paper.batch()
    page = await one.submit(f"/desk/opening/{batch}/lines", {"who": "王", "amount": "2小时", "book": "7"})
    assert "王秀英" in page.text
    assert "王小红" in page.text
    assert 'value="2小时"' in page.text
    picked = {"who": "王", "member": paper.town.uids["proxy"], "amount": "2小时", "book": "7"}
    page = await one.submit(f"/desk/opening/{batch}/lines", picked)
    assert "录好了：王小红" in page.text
    page = await one.submit(f"/desk/opening/{batch}/lines", {"who": "没有的人", "amount": "2小时"})
    assert page.status_code == 422
    assert "没有查到这个人" in page.text


async def test_a_second_passbook_is_asked_about_and_taken_when_it_is_said(paper: Any) -> None:
    one = await paper.town.client("worker")
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", book="1")
    typed = {"who": "李四", "amount": "1小时", "book": "2"}
    page = await one.submit(f"/desk/opening/{batch}/lines", typed)
    assert "是另一本存折" in page.text
    page = await one.submit(
        f"/desk/opening/{batch}/lines", {**typed, "member": paper.town.uids["volunteer"], "another": "yes"}
    )
    assert "共 2 本存折" in page.text


async def test_a_table_is_brought_in_and_whoever_is_unclear_is_chosen(paper: Any) -> None:
    one = await paper.town.client("worker")
    batch = await paper.batch()
    sent = await one.post(f"/desk/opening/{batch}/file", files=CSV, headers={"accept": "text/html"})
    page = await one.page(sent.headers["location"])
    assert "是哪一位？" in page.text
    [line] = [one for one in await opening.lines(paper.ctx.engine, batch) if not one.member]
    here = f"/desk/opening/{batch}/lines/{line.uid}"
    assert "没有查到" in (await one.page(here)).text
    page = await one.submit(here, {"who": "王秀英", "amount": "1:00", "step": "search"})
    assert paper.town.uids["elder"] in page.text
    page = await one.submit(
        here, {"who": "王秀英", "member": paper.town.uids["elder"], "amount": "1:00", "step": "save"}
    )
    assert "改好了" in page.text
    await paper.approve(batch)
    assert await paper.saved("elder") == 60
    empty = await one.post(f"/desk/opening/{batch}/file", headers={"accept": "text/html"})
    assert "请先选一个文件。" in (await one.page(empty.headers["location"])).text


async def test_no_passbooks_is_signed_on_the_page_by_two(paper: Any) -> None:
    one, two = await paper.town.client("worker"), await paper.town.client("worker2")
    await one.submit("/desk/opening", {"kind": "none"})
    look = await two.page("/desk/opening")
    [batch] = set(re.findall(r'href="(/desk/opening/O\w+)"', look.text))
    [seen] = re.findall(r'name="seen" value="([0-9a-f]{64})"', (await two.page(batch)).text)
    await two.submit(f"{batch}/approve", {"seen": seen})
    assert "以前的时间办好了" in (await one.page("/desk/opening")).text


async def test_every_page_and_refusal_has_its_english(paper: Any) -> None:
    one = await paper.town.client("worker")
    batch = await paper.posted("volunteer")
    waiting = await paper.batch()
    await paper.enter(waiting, "elder")
    await one.get("/preferences?lang=en")
    for path in (
        "/desk/opening", f"/desk/opening/{batch}", f"/desk/opening/{waiting}", "/desk/cards", "/desk/cards?show=all",
    ):  # fmt: skip
        text = (await one.page(path)).text
        main = re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")])
        left = set(re.findall("[\u4e00-\u9fff]+", main)) - {"李四", "王秀英", "陈社工", "林社工"}
        assert not left, (path, left)
    refused = await one.submit(f"/desk/opening/{waiting}/lines", {"who": "李四", "amount": "930"})
    assert "Please say whether these are hours or minutes." in refused.text


async def test_pages_hold_fifty_lines_however_many_a_batch_has(paper: Any) -> None:
    from tests.timebank.settling import settle

    batch = await paper.batch()
    async with paper.ctx.engine.atomic():
        for number in range(60):
            paper.town.uids[f"p{number}"] = await settle(
                paper.ctx, "dongqu", f"存折人{number}", number=f"4{number:02d}"
            )
    for number in range(60):
        await paper.enter(batch, f"p{number}", "1小时")
    two = await paper.town.client("worker2")
    first, second = [(await two.page(f"/desk/opening/{batch}?number={page}")).text for page in (1, 2)]
    assert len(set(re.findall(r"存折人\d+", first))) == 50
    assert len(set(re.findall(r"存折人\d+", second))) == 10
    # What is approved is the whole list, whichever page was looked at.
    seen = {re.findall(r'name="seen" value="(\w+)"', page)[0] for page in (first, second)}
    assert len(seen) == 1


async def test_the_same_for_programs(paper: Any) -> None:
    one, two = await paper.town.client("worker"), await paper.town.client("worker2")
    batch = (await one.post("/api/opening", json={})).json()["uid"]
    line = {
        "member": paper.town.uids["volunteer"],
        "amount": "15 h 30",
        "book": "A-012",
        "said_on": "2026-10-31",
    }
    made = await one.post(f"/api/opening/{batch}/lines", json=line)
    assert (made.status_code, made.json()["minutes"], made.json()["said_on"]) == (201, 930, "2026-10-31")
    again = await one.post(f"/api/opening/{batch}/lines", json=line)
    assert (again.status_code, again.json()["code"]) == (409, "passbook_entered")
    shown = (await two.get(f"/api/opening/{batch}")).json()
    assert (shown["count"], shown["minutes"], shown["short"]) == (1, 930, 0)
    own = await one.post(f"/api/opening/{batch}/approve", json={"seen": shown["seen"]})
    assert (own.status_code, own.json()["code"]) == (403, "second_person")
    stale = await two.post(f"/api/opening/{batch}/approve", json={"seen": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (409, "list_changed")
    done = await two.post(f"/api/opening/{batch}/approve", json={"seen": shown["seen"]})
    assert done.json()["state"] == "done"
    home = (await one.get("/api/opening")).json()
    assert home["settled"] is True
    assert home["done"][0]["minutes"] == 930
    back = (await one.post(f"/api/opening/{batch}/back", json={})).json()
    dropped = await two.post(f"/api/opening/{back['uid']}/drop", json={})
    assert dropped.json()["state"] == "dropped"
    assert await paper.saved("volunteer") == 930
    unknown = await one.post(f"/api/opening/{batch}/back", json={"lines": ["KXXXXXXXX"]})
    assert unknown.status_code == 404


async def test_a_batch_that_is_closed_takes_no_more(paper: Any) -> None:
    one = await paper.town.client("worker")
    batch = await paper.posted("volunteer")
    page = await one.submit(f"/desk/opening/{batch}/lines", {"who": "王秀英", "amount": "1小时"})
    assert "这一批已经办完了" in page.text
    [line] = await opening.lines(paper.ctx.engine, batch)
    for path in (f"/lines/{line.uid}/remove", "/drop"):
        await one.submit(f"/desk/opening/{batch}{path}")
    assert await paper.saved("volunteer") == 930
    assert len(await opening.lines(paper.ctx.engine, batch)) == 1
