"""Every page of services is served to those it is for, in both languages, and shows what they came for."""

from __future__ import annotations

from typing import Any

import pytest

from timebank.help.services import flow
from timebank.store.help import services


async def test_the_volunteers_page_leads_from_arriving_to_waiting(scene: Any) -> None:
    _service, part = await scene.visit()
    client = await scene.town.client("volunteer")
    page = await client.page("/volunteer")
    assert page.status_code == 200
    assert "我到了" in page.text
    assert "一网格3号楼502" in page.text
    page = await client.submit(f"/attendances/{part.uid}/check-in", {"next": "/volunteer"})
    assert "我走了" in page.text
    scene.pass_time(60)
    page = await client.submit(f"/attendances/{part.uid}/check-out", {"next": "/volunteer"})
    assert "走，等一句“帮好了”" in page.text
    assert "时间写错了" in page.text


async def test_an_elder_confirms_with_one_button(scene: Any) -> None:
    service, part = await scene.visit()
    await scene.served(part, 60)
    client = await scene.town.client("elder")
    page = await client.page(f"/services/{service.uid}")
    assert "帮好了" in page.text
    page = await client.submit(
        f"/attendances/{part.uid}/confirm", {"next": f"/services/{service.uid}", "idempotency_key": "k1"}
    )
    assert page.status_code == 200
    assert await scene.balance("volunteer") == 60


async def test_a_leader_calls_the_roll_and_closes_and_a_second_person_posts_all_with_one_tap(
    scene: Any,
) -> None:
    shift = await scene.shift("leader", "volunteer", "volunteer2")
    client = await scene.town.client("leader")
    home = await client.page("/teams")
    here = f"/teams/red-vests/shifts/{shift.uid}"
    assert here in home.text
    for who in ("leader", "volunteer"):
        part = await scene.part(shift, who)
        page = await client.submit(f"/attendances/{part.uid}/tick", {"next": here})
        assert page.status_code == 200
    page = await client.submit(f"{here}/walk-ups", {"name": "王阿姨"})
    assert "王阿姨" in page.text
    closing = await client.page(f"{here}/close")
    assert "钱二" in closing.text
    scene.pass_time(185)
    assert f'action="{here}/close"' in closing.text
    refused = await client.submit(f"{here}/close", {"at": "11:40"})
    assert refused.status_code == 422
    closed = await client.submit(f"{here}/close", {"at": "11:40", "absent": "known"})
    assert "2 人的时间等另一位说一句" in closed.text
    assert "都对，记上" not in closed.text
    assert "记 3 小时" in closed.text
    done = await client.submit(f"/services/{shift.uid}/confirm", {"next": here, "idempotency_key": "k2"})
    assert "2 人的，您这一句记下了，还要另一位说一句" in done.text
    assert await scene.balance("volunteer") == 0
    assert "没有等您说一句的" in (await client.page("/second")).text
    desk = await scene.town.client("worker")
    waiting = await desk.page("/second")
    assert "记的人和证明的人要是两位" in waiting.text
    done = await desk.submit(f"/services/{shift.uid}/confirm", {"next": here, "idempotency_key": "k3"})
    assert "3 人的时间都记上了" in done.text
    assert await scene.balance("volunteer") == 180
    assert await scene.balance("leader") == 180


async def test_a_tick_by_htmx_gives_back_one_row(scene: Any) -> None:
    shift = await scene.shift("volunteer")
    part = await scene.part(shift, "volunteer")
    client = await scene.town.client("leader")
    row = await client.post(
        f"/attendances/{part.uid}/tick",
        data={"next": "/teams"},
        headers={"accept": "text/html", "hx-request": "true"},
    )
    assert row.status_code in {200, 201}
    assert row.text.strip().startswith("<li")
    assert 'hx-swap-oob="true"' in row.text


async def test_the_roster_sheet_carries_a_code_that_checks_in(scene: Any) -> None:
    shift = await scene.shift("leader")
    leader = await scene.town.client("leader")
    sheet = await leader.page(f"/teams/red-vests/shifts/{shift.uid}/sheet")
    assert "<svg" in sheet.text
    roll_code = sheet.text.split('class="code">')[1][:4]
    volunteer = await scene.town.client("volunteer")
    page = await volunteer.page(f"/services/{shift.uid}/arrive?code={roll_code}")
    assert roll_code in page.text
    page = await volunteer.submit(f"/services/{shift.uid}/arrive", {"code": roll_code})
    assert "我走了" in page.text
    part = await scene.part(shift, "volunteer")
    assert part.evidence is not None
    assert part.evidence.value == "code"


async def test_the_desk_sees_what_waits_and_confirms_it(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 100)
    client = await scene.town.client("worker")
    page = await client.page("/desk/confirm")
    assert "李师傅" in page.text
    assert "比约定多" in page.text
    assert "本人自己签到" in page.text
    page = await client.submit(
        f"/attendances/{part.uid}/confirm", {"next": "/desk/confirm", "idempotency_key": "k3"}
    )
    assert "没有等确认的" in page.text
    noted = await scene.ctx.engine.fetch("SELECT action FROM tb_audit WHERE action = 'read_confirm_list'")
    assert noted


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("volunteer", "/volunteer"),
        ("leader", "/teams"),
        ("leader", "/teams/red-vests/shifts/{shift}"),
        ("leader", "/teams/red-vests/shifts/{shift}/close"),
        ("leader", "/teams/red-vests/shifts/{shift}/sheet"),
        ("volunteer", "/services/{visit}"),
        ("elder", "/services/{visit}"),
        ("worker", "/services/{visit}"),
        ("worker", "/desk/confirm"),
        ("volunteer2", "/services/{shift}/arrive"),
    ],
)
async def test_every_page_speaks_english(scene: Any, who: str, path: str) -> None:
    shift = await scene.shift("volunteer2")
    visit, part = await scene.visit()
    await scene.served(part, 60)
    client = await scene.town.client(who)
    page = await client.page(path.format(shift=shift.uid, visit=visit.uid), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert '<html lang="en"' in page.text


@pytest.mark.parametrize("who", ["volunteer2", "unit", "auditor", "stranger_worker", "stranger_volunteer"])
async def test_a_visit_is_nobody_elses_business(scene: Any, who: str) -> None:
    service, part = await scene.visit()
    await scene.served(part, 60)
    client = await scene.town.client(who)
    for path in (f"/services/{service.uid}", f"/api/services/{service.uid}"):
        page = await client.get(path, headers={"accept": "text/html"})
        assert page.status_code in {403, 404}
        assert "3号楼" not in page.text
    for step in ("check-in", "check-out", "confirm", "cancel", "undo", "tick"):
        refused = await client.post(f"/attendances/{part.uid}/{step}", data={})
        assert refused.status_code in {403, 404}
    saved = await services.attendance(scene.ctx.engine, part.uid)
    assert saved is not None
    assert saved.state.value == "checked_out"


async def test_the_private_card_closes_a_week_after_the_visit(scene: Any) -> None:
    service, part = await scene.visit()
    await scene.served(part, 60)
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    client = await scene.town.client("volunteer")
    assert "一网格3号楼502" in (await client.page(f"/services/{service.uid}")).text
    scene.pass_time(8 * 24 * 60)
    client = await scene.town.client("volunteer")
    assert (await client.page(f"/services/{service.uid}")).status_code == 404


async def test_the_api_confirms_once_per_key_and_refuses_another_request_under_it(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    client = await scene.town.client("elder")
    headers = {"idempotency-key": "once-and-for-all"}
    first = await client.post(f"/api/attendances/{part.uid}/confirm", headers=headers)
    again = await client.post(f"/api/attendances/{part.uid}/confirm", headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    other = await client.post("/api/attendances/ANOTHER/confirm", headers=headers)
    assert other.status_code == 422
    assert other.json()["code"] == "key_reused"
    assert await scene.balance("volunteer") == 60


@pytest.mark.parametrize("minutes", [True, "60", 60.0, -1, 721, 2**63, None])
async def test_minutes_are_whole_numbers_or_refused(scene: Any, minutes: object) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    await flow.dispute(scene.ctx, await scene.actor("elder"), part.uid, note="不对")
    client = await scene.town.client("worker")
    body = {"minutes": minutes, "note": "核实"}
    refused = await client.post(f"/api/attendances/{part.uid}/resolve", json={**body, "surprise": 1})
    assert refused.status_code in {400, 422}
    answer = await client.post(f"/api/attendances/{part.uid}/resolve", json=body)
    if minutes is None:
        assert answer.json()["state"] == "no_show"
    else:
        assert answer.status_code in {400, 422}
    assert await scene.balance("volunteer") == 0
