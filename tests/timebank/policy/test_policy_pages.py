"""The policy page: a draft by one, its preview, approval by another; and what each of them is told."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from timebank.community.policy import flow
from timebank.errors import AppRefusal, NotFound
from timebank.policy import BadPolicy, DayTaken, PreviewChanged, SecondPerson, StartsTooSoon, reading
from timebank.policy.versions import VersionState
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.store.help import services
from timebank.store.office import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 12, 15)
CAP = "[credit]\nminutes_per_day_max = 60\n"


async def drafted(town: Any, who: str = "worker", *, text: str = CAP, starts_on: date = START) -> Any:
    return await flow.draft(town.ctx, await town.actor(who), text=text, starts_on=starts_on)


async def served(town: Any, who: str, day: int, minutes: int) -> None:
    """A visit that stands posted, some days ago."""
    ctx = town.ctx
    starts_at = datetime(2026, 11, day, 9, tzinfo=SHANGHAI)
    service = Service(
        uid=ctx.ids.uid("S"), community="dongqu", kind=Kind.VISIT, title="买米", recipient=town.uids["elder"],
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
    )  # fmt: skip
    async with ctx.engine.atomic():
        await services.add_service(ctx, service, created_by="")
        part = Attendance(
            uid=ctx.ids.uid("A"), service=service.uid, member=town.uids[who], signed_up_at=starts_at,
            checked_in_at=starts_at, checked_out_at=service.ends_at, minutes_served=minutes,
            minutes_credited=minutes, state=State.POSTED,
        )  # fmt: skip
        await services.add_attendance(ctx.engine, part)


async def test_one_enters_and_another_approves_and_the_rule_holds_from_its_day(town: Any) -> None:
    ctx = town.ctx
    made = await drafted(town)
    assert ctx.policy_of("dongqu", START).credit.minutes_per_day_max == 480
    done = await flow.approve(ctx, await town.actor("worker2"), made.number, seen=made.fingerprint)
    assert (done.state, done.approved_by) == (VersionState.APPROVED, town.uids["worker2"])
    days = (START - timedelta(days=1), START)
    assert [ctx.policy_of("dongqu", on).credit.minutes_per_day_max for on in days] == [480, 60]
    assert ctx.policy_of("nanqu", START).credit.minutes_per_day_max == 480


async def test_the_auditor_may_approve_too(town: Any) -> None:
    made = await drafted(town)
    done = await flow.approve(town.ctx, await town.actor("auditor"), made.number, seen=made.fingerprint)
    assert done.state is VersionState.APPROVED


async def test_who_entered_it_does_not_approve_it(town: Any) -> None:
    made = await drafted(town)
    with pytest.raises(SecondPerson):
        await flow.approve(town.ctx, await town.actor("worker"), made.number, seen=made.fingerprint)


async def test_what_was_not_seen_is_not_approved(town: Any) -> None:
    made = await drafted(town)
    await flow.draft(town.ctx, await town.actor("worker"), text="", starts_on=START, number=made.number)
    with pytest.raises(PreviewChanged):
        await flow.approve(town.ctx, await town.actor("worker2"), made.number, seen=made.fingerprint)


@pytest.mark.parametrize("who", ["volunteer", "elder", "proxy", "leader", "unit"])
async def test_nobody_else_reads_or_changes_it(town: Any, who: str) -> None:
    made = await drafted(town)
    actor = await town.actor(who)
    for step in (
        flow.home(town.ctx, actor),
        flow.show(town.ctx, actor, made.number),
        flow.draft(town.ctx, actor, text="", starts_on=START),
        flow.approve(town.ctx, actor, made.number, seen=made.fingerprint),
        flow.withdraw(town.ctx, actor, made.number),
        flow.look_again(town.ctx, actor, made.number),
    ):
        with pytest.raises(NotFound):
            await step


async def test_a_strangers_desk_sees_its_own_versions_only(town: Any) -> None:
    made = await drafted(town)
    stranger = await town.actor("stranger_worker")
    with pytest.raises(NotFound):
        await flow.show(town.ctx, stranger, made.number)
    with pytest.raises(NotFound):
        await flow.approve(town.ctx, stranger, made.number, seen=made.fingerprint)
    assert [one.number for one in (await flow.home(town.ctx, stranger)).versions] == [1]


@pytest.mark.parametrize(
    ("text", "starts_on", "refusal"),
    [
        ("[credit]\nsurprise = 1\n", START, BadPolicy),
        ("[earning]\ncategories = ['erand']\n", START, BadPolicy),
        ("timezone = 'Europe/Zurich'\n", START, BadPolicy),
        ("", date(2026, 11, 24), StartsTooSoon),
        ("", date(2026, 11, 1), StartsTooSoon),
    ],
)
async def test_a_bad_draft_is_refused_and_leaves_nothing_behind(
    town: Any, text: str, starts_on: date, refusal: type[AppRefusal]
) -> None:
    with pytest.raises(refusal):
        await drafted(town, text=text, starts_on=starts_on)
    assert len(await rules.versions(town.ctx.engine, "dongqu")) == 1


async def test_two_versions_never_begin_on_one_day(town: Any) -> None:
    one, two = await drafted(town), await drafted(town, "worker2")
    assert (one.number, two.number) == (2, 3)
    await flow.approve(town.ctx, await town.actor("worker2"), one.number, seen=one.fingerprint)
    with pytest.raises(DayTaken):
        await flow.approve(town.ctx, await town.actor("worker"), two.number, seen=two.fingerprint)
    await flow.withdraw(town.ctx, await town.actor("worker"), one.number)
    await flow.approve(town.ctx, await town.actor("worker"), two.number, seen=two.fingerprint)
    assert town.ctx.policies.rule("dongqu", START).number == 3


async def test_the_preview_names_whose_hours_would_differ(town: Any) -> None:
    await served(town, "volunteer", 20, 120)
    await served(town, "volunteer", 21, 50)
    await served(town, "volunteer2", 22, 60)
    await served(town, "volunteer2", 23, 45)
    made = await drafted(town)
    shown = await flow.show(town.ctx, await town.actor("worker2"), made.number)
    assert shown.preview is not None
    assert (shown.preview.people, shown.preview.parts) == (2, 4)
    # Rounding is gone with the new text: 50 minutes stay 50 where they were 45.
    assert [(one.member, one.minutes_before, one.minutes_after) for one in shown.preview.differences] == [
        (town.uids["volunteer"], 165, 110)
    ]
    assert shown.preview.differences[0].rules == ("day_cap", "rounding")
    assert shown.says[town.uids["volunteer"]] == "李师傅"
    blind = await flow.show(town.ctx, await town.actor("auditor"), made.number)
    assert town.uids["volunteer"] not in blind.says


async def test_a_preview_is_worked_out_again_without_a_new_hand(town: Any) -> None:
    made = await drafted(town)
    await served(town, "volunteer", 20, 120)
    again = await flow.look_again(town.ctx, await town.actor("worker2"), made.number)
    assert again.fingerprint != made.fingerprint
    assert again.entered_by == town.uids["worker"]
    with pytest.raises(PreviewChanged):
        await flow.approve(town.ctx, await town.actor("worker2"), made.number, seen=made.fingerprint)
    await flow.approve(town.ctx, await town.actor("worker2"), made.number, seen=again.fingerprint)


async def test_twenty_drafts_at_once_take_twenty_numbers(town: Any) -> None:
    made = await asyncio.gather(*(drafted(town, starts_on=START + timedelta(days=n)) for n in range(20)))
    assert sorted(one.number for one in made) == list(range(2, 22))


async def test_the_office_does_it_on_pages_alone(town: Any) -> None:
    await served(town, "volunteer", 20, 120)
    worker, other = await town.client("worker"), await town.client("worker2")
    home = await worker.page("/desk/policy")
    assert "第 1 版" in home.text
    assert "480 分钟" in home.text
    form = await worker.page("/desk/policy/new")
    assert 'name="credit.minutes_per_day_max"' in form.text
    assert 'value="480"' in form.text

    sent = {
        "starts_on": "2026-12-15",
        "credit.minutes_per_day_max": "60",
        "earning.free_only": "yes",
        "giving.to": "fund",
    }
    version = await worker.submit("/desk/policy", sent)
    assert version.url.path == "/desk/policy/2"
    assert "1 个人的时间会不同" in version.text
    assert "李师傅" in version.text
    assert "要请另一位来批准" in version.text
    assert "看过了，批准" not in version.text

    mine = await worker.submit("/desk/policy/2/approve", {"seen": await fingerprint(town, 2)})
    assert "录入的人不能自己批准" in mine.text
    seen = await other.page("/desk/policy/2")
    assert "看过了，批准" in seen.text
    done = await other.submit("/desk/policy/2/approve", {"seen": await fingerprint(town, 2)})
    assert "批准了，从 2026-12-15 起算。" in done.text
    taken = await other.submit("/desk/policy/2/withdraw")
    assert "撤回了" in taken.text


async def fingerprint(town: Any, number: int) -> str:
    found = await rules.version(town.ctx.engine, "dongqu", number)
    assert found is not None
    return found.fingerprint


async def test_a_mistyped_draft_comes_back_with_everything_typed(town: Any) -> None:
    worker = await town.client("worker")
    sent = {
        "starts_on": "yesterday", "title_zh": "新名字", "credit.step_minutes": "fifteen",
        "credit.weights.3.category": "daily", "credit.weights.3.percent": "0", "surprise": "1",
    }  # fmt: skip
    page = await worker.submit("/desk/policy", sent)
    assert page.status_code == 422
    for kept in ("yesterday", "新名字", "fifteen", 'name="credit.weights.3.category"'):
        assert kept in page.text
    assert "请填起算的日子" in page.text
    late = await worker.submit("/desk/policy", {"starts_on": "2026-11-24"})
    assert late.status_code == 422
    assert "规则最早从明天起算" in late.text


@pytest.mark.parametrize("name", reading.shipped())
async def test_a_shipped_profile_fills_the_form(town: Any, name: str) -> None:
    worker = await town.client("worker")
    page = await worker.page(f"/desk/policy/new?profile={name}")
    assert page.status_code == 200
    assert f'value="{name}"' in page.text


async def test_the_pages_speak_english(town: Any) -> None:
    worker = await town.client("worker")
    worker.cookies.set("lang", "en", domain="127.0.0.1")
    await drafted(town)
    for path in ("/desk/policy", "/desk/policy/new", "/desk/policy/2"):
        page = await worker.page(path, headers={"accept-language": "en"})
        assert page.status_code == 200
    assert "Most for one day" in (await worker.page("/desk/policy/2")).text


async def test_programs_do_the_same(town: Any) -> None:
    worker, auditor = await town.client("worker"), await town.client("auditor")
    draft = (await worker.post("/api/policy", json={"text": CAP, "starts_on": "2026-12-15"})).json()
    assert (draft["number"], draft["state"]) == (2, "drafted")
    refused = await worker.post("/api/policy/2/approve", json={"seen": draft["fingerprint"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person")
    done = await auditor.post("/api/policy/2/approve", json={"seen": draft["fingerprint"]})
    assert done.json()["state"] == "approved"
    home = (await auditor.get("/api/policy")).json()
    assert [one["number"] for one in home["versions"]] == [2, 1]
    assert home["in_force"] == 1
    bad = await worker.post("/api/policy", json={"text": "[credit]\nx = 1", "starts_on": "2026-12-16"})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_policy")
    gone = await worker.post("/api/policy/2/withdraw", json={})
    assert gone.json()["state"] == "withdrawn"
    assert (await worker.get("/api/policy/9")).status_code == 404
