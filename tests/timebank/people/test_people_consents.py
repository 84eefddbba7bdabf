"""A yes has a purpose, a text with a version and a way in which it was heard; taken back, what rested on it stops the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.timebank.kept_versions import give_rules
from timebank.catalogue.consents import FAMILY, GUARDIAN, HEALTH, Purpose, purposes, read_purposes
from timebank.catalogue.faults import BadCatalogue
from timebank.community.people import consenting, correcting
from timebank.community.people.consenting import HealthNotAgreed, Stand
from timebank.errors import AlreadyDone, BadField, GuardianNeeded, NotFound
from timebank.help.services import joining
from timebank.news.letters import scope_of, write_letters
from timebank.rules.parts.attendance import Kind, Service, ServiceState, State
from timebank.store.help import services as stored
from timebank.store.help import statements
from timebank.store.members import consents, people

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def stand(town: Any, who: str, purpose: str) -> consenting.Standing:
    shown = await consenting.agreed(town.ctx, await town.actor(who), town.uids[who])
    return next(one for one in shown.standings if one.purpose.code == purpose)


def test_every_purpose_has_its_text_its_version_and_what_stops_in_both_languages() -> None:
    assert set(purposes()) == {HEALTH, FAMILY, GUARDIAN}
    for one in purposes().values():
        assert all((one.version, one.zh, one.en, one.stops_zh, one.stops_en))
    with pytest.raises(BadCatalogue):
        read_purposes(
            'format = 1\n[kinds.x]\nversion = "1"\nof = "nobody"\nzh = "a"\nen = "b"\nstops_zh = "c"\nstops_en = "d"\n'
        )


async def test_a_yes_says_to_which_text_when_and_how_and_said_twice_it_is_one(town: Any) -> None:
    elder, uid = await town.actor("elder"), town.uids["elder"]
    assert (await stand(town, "elder", HEALTH)).stand is Stand.UNASKED
    for _twice in range(2):
        await consenting.agree(town.ctx, elder, uid, HEALTH, heard="paper")
    [kept] = await consents.consents_of(town.ctx.engine, uid)
    assert (kept.heard, kept.text_version, kept.recorded_by) == ("page", purposes()[HEALTH].version, uid)
    assert (await stand(town, "elder", HEALTH)).stand is Stand.GIVEN


async def test_the_desk_says_how_it_heard_it_and_nobody_else_agrees_for_somebody(town: Any) -> None:
    worker, uid = await town.actor("worker"), town.uids["elder"]
    with pytest.raises(BadField):
        await consenting.agree(town.ctx, worker, uid, HEALTH, heard="page")
    await consenting.agree(town.ctx, worker, uid, HEALTH, heard="phone")
    for who in ("proxy", "volunteer", "leader", "stranger_worker"):
        with pytest.raises(NotFound):
            await consenting.take_back(town.ctx, await town.actor(who), uid, HEALTH)
    with pytest.raises(NotFound):
        await consenting.agree(town.ctx, worker, uid, "no_such_purpose", heard="phone")
    [kept] = await consents.consents_of(town.ctx.engine, uid)
    assert (kept.heard, kept.withdrawn_on) == ("phone", None)


async def test_a_text_that_changed_since_is_asked_about_anew(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    elder, uid = await town.actor("elder"), town.uids["elder"]
    await consenting.agree(town.ctx, elder, uid, HEALTH)
    changed: dict[str, Purpose] = {**purposes(), HEALTH: replace(purposes()[HEALTH], version="2027-06")}
    monkeypatch.setattr(consenting, "purposes", lambda: changed)
    assert (await stand(town, "elder", HEALTH)).newer
    await consenting.agree(town.ctx, elder, uid, HEALTH)
    assert not (await stand(town, "elder", HEALTH)).newer
    assert [one.text_version for one in await consents.consents_of(town.ctx.engine, uid)] == [
        purposes()[HEALTH].version, "2027-06",
    ]  # fmt: skip


@pytest.mark.parametrize("asked_before", [True, False])
async def test_without_a_yes_to_health_the_note_is_gone_and_none_is_written(
    town: Any, asked_before: bool
) -> None:
    ctx, uid, elder = town.ctx, town.uids["elder"], await town.actor("elder")
    worker = await town.actor("worker")
    async with ctx.engine.atomic():
        person = await people.person(ctx.engine, uid)
        await people.save_person(ctx.engine, replace(person, health_note="膝盖不好"))
    if asked_before:
        await consenting.agree(ctx, elder, uid, HEALTH)
    await consenting.take_back(ctx, elder, uid, HEALTH)
    assert (await people.person(ctx.engine, uid)).health_note == ""
    assert "膝盖不好" not in (await (await town.client("worker")).page(f"/desk/members/{uid}")).text
    found = await correcting.on_record(ctx, worker, uid, "CorrectMember")
    typed = correcting.Corrections(**found.typed(), consented=False)
    with pytest.raises(HealthNotAgreed):
        await correcting.correct(ctx, worker, uid, replace(typed, health_note="血压高"))
    await correcting.correct(ctx, worker, uid, replace(typed, called="王阿姨"))
    with pytest.raises(AlreadyDone):
        await consenting.take_back(ctx, elder, uid, HEALTH)
    await consenting.agree(ctx, elder, uid, HEALTH)
    await correcting.correct(ctx, worker, uid, replace(typed, health_note="耳背"))
    assert (await people.person(ctx.engine, uid)).health_note == "耳背"


async def test_without_a_yes_to_the_family_no_letter_is_written_and_none_is_opened(town: Any) -> None:
    ctx, uid = town.ctx, town.uids["elder"]
    await give_rules(
        ctx, "dongqu",
        (ctx.today() - timedelta(days=30), "[news]\nletter_weekday = 7\nletter_hour = 18\nletter_when_quiet = true\n"),
    )  # fmt: skip
    ctx.clock.now = datetime(2026, 11, 29, 18, 5, tzinfo=SHANGHAI)
    assert await write_letters(ctx, "dongqu") == 1
    assert await scope_of(ctx, town.uids["proxy"], uid)
    await consenting.take_back(ctx, await town.actor("elder"), uid, FAMILY)
    assert await write_letters(ctx, "dongqu") == 0
    assert not await scope_of(ctx, town.uids["proxy"], uid)
    page = await (await town.client("proxy")).page(f"/letters/{uid}/2026-11-29")
    assert page.status_code == 404


async def test_without_a_guardians_yes_a_minor_gives_back_what_is_to_come_and_signs_up_for_nothing(
    town: Any,
) -> None:
    ctx, uid, worker = town.ctx, town.uids["minor"], await town.actor("worker")
    minor = await town.actor("minor")
    shift = Service(
        uid="S-SHIFT", community="dongqu", kind=Kind.SHIFT, title="清扫", category="environment", team="",
        starts_at=ctx.now() + timedelta(days=1), ends_at=ctx.now() + timedelta(days=1, hours=2), capacity=5,
        state=ServiceState.PLANNED,
    )  # fmt: skip
    async with ctx.engine.atomic():
        await stored.add_service(ctx, shift, created_by=worker.uid)
    with pytest.raises(BadField):
        await consenting.agree(ctx, minor, uid, GUARDIAN)
    await consenting.agree(ctx, worker, uid, GUARDIAN, heard="paper")
    part = await joining.sign_up(ctx, minor, shift.uid)
    await consenting.take_back(ctx, worker, uid, GUARDIAN)
    after = await stored.attendance(ctx.engine, part.uid)
    assert after is not None
    assert after.state is State.CANCELLED
    assert await statements.of_part(ctx.engine, part.uid)
    with pytest.raises(GuardianNeeded):
        await joining.sign_up(ctx, minor, shift.uid)


@pytest.mark.parametrize(
    ("lang", "agree", "withdrawn"), [("zh-CN", "同意了", "撤回"), ("en", "Agreed", "Taken back")]
)
async def test_the_page_says_each_text_and_one_press_changes_it(
    town: Any, lang: str, agree: str, withdrawn: str
) -> None:
    elder, uid = await town.client("elder"), town.uids["elder"]
    heads = {"accept-language": lang}
    page = await elder.page(f"/members/{uid}/consents", headers=heads)
    text = purposes()[HEALTH].en if lang == "en" else purposes()[HEALTH].zh
    assert text in page.text
    await elder.submit(f"/members/{uid}/consents/health")
    assert agree in (await elder.page(f"/members/{uid}/consents", headers=heads)).text
    await elder.submit(f"/members/{uid}/consents/health/withdraw")
    assert withdrawn in (await elder.page(f"/members/{uid}/consents", headers=heads)).text
    assert (await elder.page(f"/members/{town.uids['proxy']}/consents")).status_code == 404


async def test_the_copy_of_everything_holds_what_was_agreed_and_who_looked(town: Any) -> None:
    elder, uid = await town.client("elder"), town.uids["elder"]
    await elder.submit(f"/members/{uid}/consents/health")
    await (await town.client("worker")).page(f"/desk/members/{uid}")
    kept = (await elder.get(f"/api/members/{uid}/copy")).json()["kept"]
    assert [one["purpose"] for one in kept["consent"]] == [HEALTH]
    assert {one["reader"] for one in kept["card_reading"]} == {town.uids["worker"]}
