"""An auditor follows an hour from its entry to the service it was for, and reads no name and no private word there."""

from __future__ import annotations

from typing import Any

from timebank.help.hours.followed import Hand, followed
from timebank.help.services.keeping import off
from timebank.help.services.words import confirming, disputes

PRIVATE = ("王秀英", "王奶奶", "19900000101", "李四", "李师傅", "膝盖不好", "敲门要重", "没有来那么久")


async def test_a_hold_leads_to_its_service_and_back(scene: Any) -> None:
    await scene.give("elder", 240)
    service, part = await scene.visit(held=60, minutes=60)
    auditor = await scene.town.client("auditor")
    shown = await auditor.page(f"/books/transfers/{service.hold_uid}")
    assert f"/books/services/{service.uid}" in shown.text
    page = await auditor.page(f"/books/services/{service.uid}")
    assert page.status_code == 200
    assert f"/books/transfers/{service.hold_uid}" in page.text
    assert service.title not in page.text
    assert [word for word in PRIVATE if word in page.text] == []
    await scene.served(part, 60)
    await disputes.dispute(scene.ctx, await scene.actor("elder"), part.uid, note="没有来那么久")
    again = await auditor.page(f"/books/services/{service.uid}")
    assert "说不对" in again.text
    assert [word for word in PRIVATE if word in again.text] == []


async def test_the_desk_reads_it_without_a_name_too(scene: Any) -> None:
    service, part = await scene.visit(minutes=60)
    await scene.served(part, 60)
    worker = await scene.town.client("worker")
    page = await worker.page(f"/books/services/{service.uid}")
    assert page.status_code == 200
    assert [word for word in PRIVATE if word in page.text] == []


async def test_what_was_given_back_leads_to_its_service_too(scene: Any) -> None:
    await scene.give("elder", 240)
    service, _part = await scene.visit(held=60, minutes=60)
    await off.call_off_date(scene.ctx, await scene.actor("elder"), service.uid)
    auditor = await scene.town.client("auditor")
    released = [
        one for one in await scene.ctx.book("dongqu").transfers(limit=10_000) if one.hold == service.hold_uid
    ]
    assert released
    assert (
        f"/books/services/{service.uid}" in (await auditor.page(f"/books/transfers/{released[-1].uid}")).text
    )


async def test_each_word_says_what_its_hand_was_to_the_service(scene: Any) -> None:
    service, part = await scene.visit(minutes=60)
    await scene.served(part, 60)
    await confirming.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    found = await followed(scene.ctx, await scene.actor("auditor"), service.uid, "zh-CN")
    hands = {word.said.what.value: word.hand for word in found.parts[0].words}
    assert hands["arrival"] is Hand.EARNER
    assert hands["word"] is Hand.HELPED
    assert found.title == ""


async def test_nobody_else_and_no_other_community_reads_it(scene: Any) -> None:
    service, _part = await scene.visit(minutes=60)
    for who in ("volunteer", "elder", "unit", "leader"):
        client = await scene.town.client(who)
        assert (await client.get(f"/books/services/{service.uid}")).status_code in (403, 404)
    auditor = await scene.town.client("auditor")
    assert (await auditor.get("/books/services/S00000000")).status_code == 404
