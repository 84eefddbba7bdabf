"""双向认领: either side claims, the owner answers, and a yes is a service or nothing at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from marketplace import store as lists
from marketplace.claims import Stage
from marketplace.errors import ClaimedTwice, OverRemaining, OwnLine, WrongStage
from marketplace.times import mainland, read_when
from marketplace.values import Need, Place, Quantity, Resource, Unit, When, Window
from tests.timebank.conftest import Town
from tests.timebank.told import told as told_to
from timebank.adapters.system import SetClock
from timebank.errors import BadField, NotAllowed, NotFound
from timebank.help.lists import claiming
from timebank.rules.parts.attendance import ServiceState, State
from timebank.store.help import services

SHANGHAI = ZoneInfo("Asia/Shanghai")


def hours(day: int, starts: int, ends: int) -> Window:
    """A stretch of a day of November 2026."""
    return Window(
        datetime(2026, 11, day, starts, tzinfo=SHANGHAI), datetime(2026, 11, day, ends, tzinfo=SHANGHAI)
    )


def when(phrase: str) -> When:
    return read_when(phrase, filed_on=date(2026, 11, 20), calendar=mainland())


@pytest.fixture
async def lines(town: Town) -> Town:
    """One need of the elder, one of the library for three people, and two offers of the hospital."""
    needs = [
        Need(
            line_key="n-hair", title="上门理发", owner=town.uids["elder"], categories=("haircut",),
            when=when("11月26日 9:00-11:00"), quantity=Quantity(phrase="1小时", amount=1, unit=Unit.VISIT, minutes_each=60),
            place=Place(text="一网格3号楼502", grid="一网格"), filed_on=date(2026, 11, 20), private_note="五楼无电梯",
        ),
        Need(
            line_key="n-books", title="图书整理", source="unit", owner="区图书馆",
            when=when("周六 9:00-12:00"), filed_on=date(2026, 11, 20),
            quantity=Quantity(amount=3, unit=Unit.HELPER, helpers=3, minutes_each=180),
        ),
        Need(
            line_key="n-clean", title="清理楼道", source="community", when=when("每周二上午"), filed_on=date(2026, 11, 20),
            quantity=Quantity(amount=8, unit=Unit.HELPER, helpers=8, minutes_each=120),
        ),
    ]  # fmt: skip
    offers = [
        Resource(
            line_key="r-clinic", title="家庭医生坐诊", owner="hospital", categories=("health_check",),
            when=when("每周二 9:00-11:00"), quantity=Quantity(amount=2, unit=Unit.PERSON), contact="公卫科",
        ),
    ]  # fmt: skip
    await lists.save_needs(town.ctx.engine, "dongqu", needs, at=town.ctx.now())
    await lists.save_resources(town.ctx.engine, "dongqu", offers, at=town.ctx.now())
    return town


async def test_a_volunteer_claims_a_need_and_the_elders_yes_makes_the_visit(lines: Town) -> None:
    volunteer, elder = await lines.actor("volunteer"), await lines.actor("elder")
    claim = await claiming.claim_line(
        lines.ctx, volunteer, side="need", key="n-hair", window=hours(26, 9, 10)
    )
    service = await claiming.accept(lines.ctx, elder, claim.uid)
    assert service.recipient == lines.uids["elder"]
    assert service.minutes_planned == 60
    part = await services.attendance_of(lines.ctx.engine, service.uid, lines.uids["volunteer"])
    assert part is not None
    assert part.state is State.SIGNED_UP


async def test_a_proxy_answers_for_the_elder_and_the_desk_for_everybody(lines: Town) -> None:
    for who in ("proxy", "worker"):
        claim = await claiming.claim_line(
            lines.ctx, await lines.actor("volunteer"), side="need", key="n-hair", window=hours(26, 9, 10)
        )
        assert (
            await claiming.decline(lines.ctx, await lines.actor(who), claim.uid, reason="改天")
        ).reason == "改天"


@pytest.mark.parametrize("who", ["volunteer", "volunteer2", "unit", "leader"])
async def test_nobody_but_the_owners_side_answers_a_claim(lines: Town, who: str) -> None:
    claim = await claiming.claim_line(
        lines.ctx, await lines.actor("volunteer"), side="need", key="n-hair", window=hours(26, 9, 10)
    )
    with pytest.raises(NotFound):
        await claiming.accept(lines.ctx, await lines.actor(who), claim.uid)
    kept = await lists.claim(lines.ctx.engine, "dongqu", claim.uid)
    assert kept is not None
    assert kept.stage is Stage.OPEN


async def test_a_claim_of_another_community_is_not_there(lines: Town) -> None:
    claim = await claiming.claim_line(
        lines.ctx, await lines.actor("volunteer"), side="need", key="n-hair", window=hours(26, 9, 10)
    )
    with pytest.raises(NotFound):
        await claiming.accept(lines.ctx, await lines.actor("stranger_worker"), claim.uid)
    with pytest.raises(NotFound):
        await claiming.claim_line(
            lines.ctx,
            await lines.actor("stranger_volunteer"),
            side="need",
            key="n-hair",
            window=hours(26, 9, 10),
        )


async def test_an_elder_claims_a_clinic_place_and_the_hospital_says_yes(lines: Town) -> None:
    elder, unit = await lines.actor("elder"), await lines.actor("unit")
    next_tuesday = Window(
        datetime(2026, 12, 1, 9, tzinfo=SHANGHAI), datetime(2026, 12, 1, 11, tzinfo=SHANGHAI)
    )
    claim = await claiming.claim_line(lines.ctx, elder, side="resource", key="r-clinic", window=next_tuesday)
    to_answer, _mine = await claiming.inbox(lines.ctx, unit)
    assert [one.claim.uid for one in to_answer] == [claim.uid]
    service = await claiming.accept(lines.ctx, unit, claim.uid)
    assert (service.unit, service.recipient) == ("hospital", lines.uids["elder"])


async def test_places_of_one_tuesday_are_never_promised_twice(lines: Town) -> None:
    """Two places, both asked for; the next one is refused, and the Tuesday after still has two."""
    elder, worker = await lines.actor("elder"), await lines.actor("worker")
    tuesday = hours(24, 9, 11)
    await claiming.claim_line(lines.ctx, elder, side="resource", key="r-clinic", window=tuesday, quantity=2)
    with pytest.raises(OverRemaining):
        await claiming.claim_line(lines.ctx, worker, side="resource", key="r-clinic", window=tuesday)
    week_after = Window(tuesday.starts_at + timedelta(days=7), tuesday.ends_at + timedelta(days=7))
    claim = await claiming.claim_line(
        lines.ctx, worker, side="resource", key="r-clinic", window=week_after, quantity=2
    )
    assert claim.claimant == "office"


@pytest.mark.parametrize(("who", "side"), [("volunteer", "resource"), ("elder", "need"), ("auditor", "need")])
async def test_everybody_may_ask_and_everybody_may_help(lines: Town, who: str, side: str) -> None:
    key, window = ("r-clinic", hours(24, 9, 11)) if side == "resource" else ("n-clean", hours(24, 9, 11))
    claim = await claiming.claim_line(lines.ctx, await lines.actor(who), side=side, key=key, window=window)
    assert claim.claimant == lines.uids[who]


async def test_two_at_once_on_the_last_visit_and_one_wins(lines: Town) -> None:
    first, second = await lines.actor("volunteer"), await lines.actor("volunteer2")
    answers = await asyncio.gather(
        *(
            claiming.claim_line(lines.ctx, actor, side="need", key="n-hair", window=hours(26, 9, 10))
            for actor in (first, second)
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Claim", "OverRemaining"]


async def test_a_claim_is_answered_once(lines: Town) -> None:
    claim = await claiming.claim_line(
        lines.ctx, await lines.actor("volunteer"), side="need", key="n-hair", window=hours(26, 9, 10)
    )
    worker = await lines.actor("worker")
    answers = await asyncio.gather(
        *(claiming.accept(lines.ctx, worker, claim.uid) for _ in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert sum(isinstance(answer, WrongStage) for answer in answers) == 7
    made = await services.services(lines.ctx.engine, "dongqu", need_key="n-hair")
    assert len(made) == 1


async def test_several_volunteers_share_one_shift_of_a_need_for_several(lines: Town) -> None:
    worker = await lines.actor("worker")
    uids = set()
    for who in ("volunteer", "volunteer2"):
        claim = await claiming.claim_line(
            lines.ctx, await lines.actor(who), side="need", key="n-books", window=hours(28, 9, 12)
        )
        uids.add((await claiming.accept(lines.ctx, worker, claim.uid)).uid)
    assert len(uids) == 1
    assert await services.taken(lines.ctx.engine, uids.pop()) == 2


async def test_a_team_claims_under_its_own_name(lines: Town) -> None:
    leader, worker = await lines.actor("leader"), await lines.actor("worker")
    claim = await claiming.claim_line(
        lines.ctx,
        leader,
        side="need",
        key="n-clean",
        as_whom="team:red-vests",
        window=hours(24, 9, 11),
        quantity=8,
    )
    service = await claiming.accept(lines.ctx, worker, claim.uid)
    assert (service.team, service.lead, service.capacity) == ("red-vests", lines.uids["leader"], 8)


async def test_calling_off_frees_the_line_and_cancels_the_visit(lines: Town) -> None:
    volunteer, worker = await lines.actor("volunteer"), await lines.actor("worker")
    claim = await claiming.claim_line(
        lines.ctx, volunteer, side="need", key="n-hair", window=hours(26, 9, 10)
    )
    service = await claiming.accept(lines.ctx, worker, claim.uid)
    released = await claiming.release(lines.ctx, volunteer, claim.uid, reason="发烧")
    assert released.stage is Stage.RELEASED
    after = await services.service(lines.ctx.engine, service.uid)
    assert after is not None
    assert after.state is ServiceState.CANCELLED
    again = await claiming.claim_line(
        lines.ctx, await lines.actor("volunteer2"), side="need", key="n-hair", window=hours(26, 9, 10)
    )
    assert again.stage is Stage.OPEN


async def test_a_claim_that_nobody_answers_ends_in_a_word(lines: Town) -> None:
    volunteer = await lines.actor("volunteer")
    claim = await claiming.claim_line(
        lines.ctx, volunteer, side="need", key="n-hair", window=hours(26, 9, 10)
    )
    assert await claiming.expire(lines.ctx, "dongqu") == 0
    lines.ctx = replace(lines.ctx, clock=SetClock(claim.expires_at))
    assert await claiming.expire(lines.ctx, "dongqu") == 1
    assert await claiming.expire(lines.ctx, "dongqu") == 0, "told once"
    (after,) = [one for one in await lists.claims(lines.ctx.engine, "dongqu") if one.uid == claim.uid]
    assert after.stage is Stage.EXPIRED
    told = [one.kind for one in await told_to(lines.ctx.engine) if one.member == lines.uids["volunteer"]]
    assert told.count("claim_expired") == 1


async def test_only_the_claimant_takes_a_claim_back(lines: Town) -> None:
    claim = await claiming.claim_line(
        lines.ctx, await lines.actor("volunteer"), side="need", key="n-hair", window=hours(26, 9, 10)
    )
    with pytest.raises(NotFound):
        await claiming.withdraw(lines.ctx, await lines.actor("volunteer2"), claim.uid)
    withdrawn = await claiming.withdraw(lines.ctx, await lines.actor("volunteer"), claim.uid)
    assert withdrawn.stage is Stage.WITHDRAWN


@pytest.mark.parametrize(
    ("who", "known", "refusal"),
    [
        ("volunteer", {"side": "need", "key": "n-hair", "as_whom": "unit:hospital"}, NotAllowed),
        ("volunteer", {"side": "need", "key": "n-nothing"}, NotFound),
        ("unit", {"side": "resource", "key": "r-clinic"}, OwnLine),
        ("volunteer", {"side": "need", "key": "n-hair", "window": hours(27, 9, 10)}, BadField),  # not its day
        ("volunteer", {"side": "need", "key": "n-hair", "window": hours(23, 9, 10)}, BadField),  # past
    ],
)
async def test_claims_that_cannot_be_are_refused_each_with_its_reason(
    lines: Town, who: str, known: dict[str, Any], refusal: type[Exception]
) -> None:
    window = known.pop("window", hours(24, 9, 11) if known["key"] == "r-clinic" else hours(26, 9, 10))
    with pytest.raises(refusal):
        await claiming.claim_line(lines.ctx, await lines.actor(who), window=window, **known)


async def test_the_same_line_is_not_claimed_twice_by_one_person(lines: Town) -> None:
    leader = await lines.actor("leader")
    await claiming.claim_line(lines.ctx, leader, side="need", key="n-clean", window=hours(24, 9, 11))
    with pytest.raises(ClaimedTwice):
        await claiming.claim_line(lines.ctx, leader, side="need", key="n-clean", window=hours(24, 9, 11))


async def test_a_claim_and_its_answer_walk_through_the_pages_without_scripts(lines: Town) -> None:
    volunteer, elder = await lines.client("volunteer"), await lines.client("elder")
    page = await volunteer.page("/lists/needs/n-hair")
    assert "我来认领" not in page.text
    assert "认领，等对方答复" in page.text
    window = hours(26, 9, 11)
    sent = {
        "side": "need", "key": "n-hair", "window": f"{window.starts_at.isoformat()}/{window.ends_at.isoformat()}",
        "from_clock": "9:30", "idempotency_key": "k1",
    }  # fmt: skip
    for _twice in range(2):  # pressed twice: one claim
        answer = await volunteer.submit("/claims", sent)
        assert answer.status_code == 200
        assert "等待答复" in answer.text
    claims = await lists.claims(lines.ctx.engine, "dongqu")
    assert len(claims) == 1
    inbox = await elder.page("/claims")
    assert "李师傅" in inbox.text
    assert "好，就这样约" in inbox.text
    accepted = await elder.submit(f"/claims/{claims[0].uid}/accept", {"idempotency_key": "a"})
    assert "答应了" in accepted.text
    (made,) = await services.services(lines.ctx.engine, "dongqu", need_key="n-hair")
    assert made.starts_at == datetime(2026, 11, 26, 9, 30, tzinfo=SHANGHAI)


async def test_a_refused_claim_shows_the_form_again_with_the_reason(lines: Town) -> None:
    volunteer = await lines.client("volunteer")
    answer = await volunteer.submit("/claims", {"side": "need", "key": "n-hair", "window": "nonsense"})
    assert answer.status_code == 422
    assert "请选一个时间" in answer.text


async def test_programs_claim_and_accept_with_a_submission_key(lines: Town) -> None:
    volunteer, worker = await lines.client("volunteer"), await lines.client("worker")
    window = hours(26, 9, 10)
    body = {
        "side": "need",
        "line": "n-hair",
        "window": f"{window.starts_at.isoformat()}/{window.ends_at.isoformat()}",
    }
    first = await volunteer.post("/api/claims", json=body, headers={"Idempotency-Key": "k"})
    again = await volunteer.post("/api/claims", json=body, headers={"Idempotency-Key": "k"})
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    uid = first.json()["uid"]
    accepted = await worker.post(f"/api/claims/{uid}/accept", headers={"Idempotency-Key": "y"})
    assert accepted.status_code == 200
    replayed = await worker.post(f"/api/claims/{uid}/accept", headers={"Idempotency-Key": "y"})
    assert replayed.json() == accepted.json()
    late = await worker.post(f"/api/claims/{uid}/decline", json={"reason": "x"})
    assert late.status_code == 409
    assert late.json()["code"] == "wrong_stage"


@pytest.mark.parametrize("quantity", [0, -1, True, 1.0, "1", 10**9])
async def test_a_quantity_that_is_no_count_is_refused_by_the_api(lines: Town, quantity: object) -> None:
    volunteer = await lines.client("volunteer")
    window = hours(26, 9, 10)
    body = {
        "side": "need", "line": "n-hair", "quantity": quantity,
        "window": f"{window.starts_at.isoformat()}/{window.ends_at.isoformat()}",
    }  # fmt: skip
    assert (await volunteer.post("/api/claims", json=body)).status_code in (400, 422)
