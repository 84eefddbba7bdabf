"""The auditor's pages: what was done is found there, by ids alone, and by nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.timebank.settling import settle
from timebank.help.hours import flow as hours
from timebank.help.services import flow as serving
from timebank.office.auditing import flow
from timebank.rules.oversight import auditing
from timebank.rules.oversight.auditing import What
from timebank.store.oversight import audit


async def some_work(scene: Any) -> str:
    """A visit that was confirmed and reversed; the uid of its service."""
    await scene.give("elder", 240)
    service, part = await scene.visit(held=60, minutes=60)
    await scene.served(part, 60)
    await serving.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    [entry] = [one for one in await scene.posted() if "attendance" in (one.meta or "")]
    await hours.reverse(scene.ctx, await scene.actor("worker"), entry.uid, reason="wrong_minutes", note="")
    return str(service.uid)


async def test_an_auditor_finds_what_was_done_by_ids_alone(scene: Any) -> None:
    service = await some_work(scene)
    client = await scene.town.client("auditor")
    assert "/books/looks" in (await client.page("/books")).text
    looks = await client.page("/books/looks?days=90")
    assert looks.status_code == 200
    pages = [looks.text]
    for what in What:
        assert f"/books/looks/{what.value}?days=90" in looks.text
        answer = await client.page(f"/books/looks/{what.value}?days=90")
        assert answer.status_code == 200
        pages.append(answer.text)
    log = await client.page(
        f"/books/log?who={scene.town.uids['worker']}&since=2026-11-01&until=2026-12-31&minutes=60"
    )
    assert log.status_code == 200
    of_volunteer = await client.page(f"/books/log?who={scene.town.uids['volunteer']}&minutes=60")
    assert f"/books/services/{service}" in of_volunteer.text
    assert "reverse_hours" in log.text
    for text in (*pages, log.text, of_volunteer.text):
        assert not any(name in text for name in ("王秀英", "李四", "陈社工", "19900000101"))


@pytest.mark.parametrize(("minutes", "shown"), [(0, "11:40"), (5, "11:40 –11:45")])
async def test_a_burst_says_from_when_to_when(scene: Any, minutes: int, shown: str) -> None:
    people = [await settle(scene.ctx, "dongqu", f"人{at}", gives=True) for at in range(auditing.BURST_LEAST)]
    scene.town.uids |= {f"one{at}": uid for at, uid in enumerate(people)}
    shift = await scene.shift(*(f"one{at}" for at in range(len(people))))
    leader, worker = await scene.actor("leader"), await scene.actor("worker")
    for at in range(len(people)):
        await serving.tick(scene.ctx, leader, (await scene.part(shift, f"one{at}")).uid)
    scene.pass_time(180)
    await serving.close_shift(scene.ctx, leader, shift.uid, absent_known=True)
    for at in range(len(people)):
        if at == len(people) - 1:
            scene.pass_time(minutes)
        await serving.record_confirmation(scene.ctx, worker, (await scene.part(shift, f"one{at}")).uid)
    page = (await (await scene.town.client("auditor")).page("/books/looks/bursts")).text
    row = " ".join(re.sub(r"<[^>]*>", " ", page.partition("<tbody>")[2].partition("</tr>")[0]).split())
    assert row.startswith(f"2026年11月24日 {shown} M"), row
    assert f" {len(people)} {shift.uid}" in row


async def test_the_log_is_searched_by_person_day_and_amount(scene: Any) -> None:
    await some_work(scene)
    client = await scene.town.client("auditor")
    worker, elder = scene.town.uids["worker"], scene.town.uids["elder"]

    async def lines(query: str) -> str:
        answer = await client.page(f"/books/log?{query}")
        assert answer.status_code == 200
        return str(answer.text)

    assert "reverse_hours" in await lines(f"who={worker.lower()}")
    assert "reverse_hours" not in await lines(f"who={elder}")
    assert "reverse_hours" not in await lines("until=2026-11-01")
    assert "记进账本</td>" in await lines("minutes=60")
    assert "记进账本</td>" not in await lines("minutes=61")
    assert "记进账本</td>" not in await lines("minutes=60&until=2026-11-01")


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "until=2026-13-01",
        "minutes=1e9",
        "minutes=-1",
        "since=2026-11-24T00",
        "until=9999-12-31",
        "since=0001-01-01",
    ],
)
async def test_what_is_no_day_and_no_number_is_said_so(scene: Any, query: str) -> None:
    client = await scene.town.client("auditor")
    answer = await client.page(f"/books/log?{query}")
    assert answer.status_code == 422
    assert "请填" in answer.text


async def test_the_log_turns_its_pages(scene: Any) -> None:
    for _number in range(2 * flow.LINES + 5):
        async with scene.ctx.engine.atomic():
            await audit.note(scene.ctx, await scene.actor("worker"), "read_call_list")
    client = await scene.town.client("auditor")
    first = await client.page("/books/log")
    [_before, after] = first.text.split("/books/log?below=")
    below = after.split("&")[0]
    second = await client.page(f"/books/log?below={below}")
    assert second.status_code == 200
    assert second.text.count("read_call_list") == first.text.count("read_call_list") == flow.LINES
    assert "上一页" not in second.text


async def test_nobody_else_reads_them(scene: Any) -> None:
    for who in ("worker", "leader", "volunteer", "elder", "unit"):
        client = await scene.town.client(who)
        for path in ("/books/looks", "/books/looks/alone", "/books/log"):
            assert (await client.get(path)).status_code == 403
    client = await scene.town.client("auditor")
    assert (await client.page("/books/looks/nothing")).status_code == 404
