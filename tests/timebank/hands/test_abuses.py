"""Each way in which one person alone once made hours, in the order of their harm: refused, or waiting for a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.phones import read_phones
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import hold, settle
from timebank.catalogue import Heard
from timebank.community import relating
from timebank.community.identity import flow as identity
from timebank.community.knowing import flow as knowing
from timebank.community.people import by_two
from timebank.community.registering import Newcomer, register
from timebank.community.relating.refusals import OwnMandate
from timebank.community.staff import flow as staff
from timebank.daily import do_what_is_due
from timebank.errors import AnotherHand, AppRefusal, PairFull, StaffAreThemselves
from timebank.help.imports import flow as imports
from timebank.help.opening import entering
from timebank.help.opening import flow as opening
from timebank.help.services import flow
from timebank.help.services.words import putting_right
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import State
from timebank.rules.relationships import member
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store.help import services
from timebank.store.identity import sessions
from timebank.store.members import people, phones

SHEET = "周二“红马甲”在行动 签到表\n{day},地点:社区小广场\n姓名,签到,签退,服务内容,备注\n{rows}"


async def minutes_in_book(scene: Any) -> int:
    """Minutes that attendances brought into the book."""
    return sum(
        posting.amount for entry in await scene.posted() for posting in entry.postings if posting.amount > 0
    )


async def as_if_signed_in(scene: Any, who: str, *, code_by: Any) -> Any:
    """Somebody's own actor on a telephone that a code from the desk opened."""
    uid = scene.town.uids[who]
    code = await identity.issue_code(scene.ctx, code_by, member=uid, kind="code")
    signed_in = await identity.sign_in_by_code(
        scene.ctx, community="dongqu", who=uid, code=code, source="somewhere"
    )
    found = await sessions.find_session(
        scene.ctx.engine, scene.ctx.catalogue_of, signed_in.token, scene.ctx.now()
    )
    assert found is not None
    return found.actor


async def import_sheet(
    scene: Any, by: Any, *names: str, day: str = "2026年11月17日", left: str = "11:30"
) -> list[str]:
    """A roll-call sheet brought in by one person, everybody on it accepted; the parts."""
    rows = "\n".join(f"{name},8:30,{left},巡逻," for name in names)
    text = SHEET.format(day=day, rows=rows)
    [report] = await imports.import_files(
        scene.ctx, by, "dongqu", [(f"{day}{len(names)}.csv", text.encode())]
    )
    return [row.target for row in report.rows if row.target]


# ---- 1. a worker becomes a colleague, the auditor or an elder


@pytest.mark.parametrize("who", ["worker2", "auditor"])
async def test_no_code_for_a_colleague_comes_from_the_desk(scene: Any, who: str) -> None:
    with pytest.raises(StaffAreThemselves):
        await identity.issue_code(
            scene.ctx, await scene.actor("worker"), member=scene.town.uids[who], kind="code"
        )
    desk = await scene.town.client("worker")
    refused = await desk.post("/desk/codes", data={"member": scene.town.uids[who], "kind": "code"})
    assert refused.status_code == 403


async def _as_a_colleague(scene: Any, worker: Any, who: str = "worker2") -> Any:
    """Signed in as a colleague, with a password that the worker made up."""
    ctx = scene.ctx
    await staff.give_password(
        ctx, worker, member_uid=scene.town.uids[who], login=f"login-{who}", password="made-up-by-her", action="reset_account"
    )  # fmt: skip
    signed_in = await identity.sign_in_by_password(
        ctx, login=f"login-{who}", password="made-up-by-her", source="desk"
    )
    found = await sessions.find_session(ctx.engine, ctx.catalogue_of, signed_in.token, ctx.now())
    assert found is not None
    return found.actor


async def test_a_colleague_whose_password_one_made_up_is_no_second_hand(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    colleague = await _as_a_colleague(scene, worker)
    [part] = await import_sheet(scene, worker, "李四")
    done = await flow.record_confirmation(ctx, colleague, part)
    assert (done.part.state, done.part.waits) == (State.CHECKED_OUT, "one_hand")
    assert await minutes_in_book(scene) == 0


async def test_a_sheet_typed_under_a_colleagues_name_is_still_the_same_hand(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    colleague = await _as_a_colleague(scene, worker)
    [part] = await import_sheet(scene, colleague, "李四")
    assert (await flow.record_confirmation(ctx, worker, part)).part.waits == "one_hand"


async def test_a_colleague_whose_password_one_made_up_approves_nothing(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    colleague = await _as_a_colleague(scene, worker)
    uid = scene.town.uids["volunteer2"]
    async with ctx.engine.atomic():
        change = await by_two.enter_death(ctx, worker, uid=uid, died_on=ctx.today())
    with pytest.raises(SecondPerson):
        await by_two.approve(ctx, colleague, change.uid)


async def test_nobody_acts_for_a_colleague_or_the_auditor(scene: Any) -> None:
    desk = await scene.town.client("worker")
    refused = await desk.post("/act-for", data={"elder": scene.town.uids["auditor"]})
    assert refused.status_code == 403


async def test_nobody_writes_down_a_mandate_for_themselves(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    wanted = relating.Wanted(
        kind="proxy",
        holder=member(worker.uid),
        target=member(scene.town.uids["elder"]),
        target_yes=Heard.TOLD,
    )
    with pytest.raises(OwnMandate):
        async with ctx.engine.atomic():
            await relating.offer(ctx, worker, wanted)


async def test_an_elders_code_is_no_second_hand_until_somebody_else_has_met_her(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    elder = await as_if_signed_in(scene, "elder", code_by=worker)
    _service, part = await scene.visit()
    await write_times(
        ctx,
        worker,
        part.uid,
        arrived=ctx.now() - timedelta(minutes=30),
        left=ctx.now() - timedelta(minutes=5),
    )
    done = await flow.record_confirmation(ctx, elder, part.uid)
    assert done.part.waits == "one_hand"
    assert await minutes_in_book(scene) == 0


# ---- 2. one worker alone mints hours for invented people, months back, or by a dispute


async def test_a_worker_alone_brings_nothing_in_for_people_she_invented(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    desk = await scene.town.client("worker")
    async with ctx.engine.atomic():
        for number in range(3):
            await register(ctx, "dongqu", Newcomer(name=f"造人{number}", gives=True), recorded_by=worker.uid)
    names = [f"造人{number}" for number in range(3)]
    for day in ("2026年11月17日", "2026年11月10日", "2026年9月2日"):
        await import_sheet(scene, worker, *names, day=day)
    waiting = await services.waiting_for_confirmation(ctx.engine, "dongqu")
    for _part, service in waiting:
        await flow.confirm_service(ctx, worker, service.uid)
        await desk.post(f"/services/{service.uid}/confirm", data={})
    assert await minutes_in_book(scene) == 0
    with pytest.raises(AnotherHand):
        await flow.record_confirmation(ctx, worker, waiting[0][0].uid)


async def test_a_dispute_that_lengthens_waits_for_two_more(scene: Any) -> None:
    ctx = scene.ctx
    [part] = await import_sheet(scene, await scene.actor("worker"), "李四", left="9:30")
    await flow.dispute(ctx, await scene.actor("leader"), part, note="不止一小时")
    resolved = await flow.resolve_dispute(
        ctx, await scene.actor("worker"), part, minutes_served=480, note="我说八小时"
    )
    assert (resolved.state, resolved.waits) == (State.CHECKED_OUT, "one_hand")
    second = await flow.record_confirmation(ctx, await scene.actor("worker2"), part)
    assert second.part.waits == "approver"
    assert await minutes_in_book(scene) == 0
    third = await flow.approve_hours(ctx, await scene.actor("auditor"), part)
    assert third.part.state is State.POSTED
    assert await scene.balance("volunteer") == 480


async def test_a_dispute_that_shortens_takes_the_desk_alone(scene: Any) -> None:
    ctx = scene.ctx
    _service, part = await scene.visit(minutes=120)
    await scene.served(part, 120)
    await flow.dispute(ctx, await scene.actor("elder"), part.uid, note="没那么久")
    resolved = await flow.resolve_dispute(
        ctx, await scene.actor("worker"), part.uid, minutes_served=60, note="两边都问了"
    )
    assert resolved.state is State.POSTED
    assert await scene.balance("volunteer") == 60


async def test_hours_in_the_book_are_made_longer_by_two_only(scene: Any) -> None:
    ctx = scene.ctx
    _service, part = await scene.visit()
    await scene.served(part, 60)
    await flow.record_confirmation(ctx, await scene.actor("elder"), part.uid)
    desk = await scene.town.client("worker")
    answer = await desk.post(
        f"/services/{_service.uid}/press",
        data={"press": "correct", "part": part.uid, "minutes": "300", "note": "我说五小时"},
    )
    assert answer.status_code in {303, 409}
    assert await scene.balance("volunteer") == 60
    [waiting] = await putting_right.waiting(ctx, await scene.actor("worker2"))
    with pytest.raises(SecondPerson):
        await putting_right.approve(ctx, await scene.actor("worker"), waiting.change.uid)
    assert await scene.balance("volunteer") == 60
    await putting_right.approve(ctx, await scene.actor("worker2"), waiting.change.uid)
    assert await scene.balance("volunteer") == 300


async def _longer(scene: Any, by: Any) -> Any:
    """An hour in the book that somebody wants to have been four; it waits for a second person."""
    _service, part = await scene.visit()
    await scene.served(part, 60)
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    change = await putting_right.enter(scene.ctx, by, part.uid, minutes_served=240, note="都问过")
    scene.pass_time(240)
    return change


async def test_two_who_make_hours_longer_are_held_to_the_bound_of_two(scene: Any) -> None:
    ctx, uids = scene.ctx, scene.town.uids
    text = "[hands]\npair_day_minutes = 300\n"
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), text))
    worker, colleague = await scene.actor("worker"), await scene.actor("worker2")
    changes = [await _longer(scene, worker), await _longer(scene, worker)]
    await putting_right.approve(ctx, colleague, changes[0].uid)
    with pytest.raises(PairFull):
        await putting_right.approve(ctx, colleague, changes[1].uid)
    assert await scene.balance("volunteer") == 300
    # Anybody else of the desk is a third person.
    await hold(ctx, "dongqu", "worker", uids["volunteer2"], relating.area("dongqu"))
    await putting_right.approve(ctx, await scene.actor("volunteer2"), changes[1].uid)
    assert await scene.balance("volunteer") == 480


@pytest.mark.parametrize(
    "between", ["their door", "a child with the number of one and the door of the other"]
)
async def test_a_household_has_the_bound_of_one_person(scene: Any, between: str) -> None:
    ctx, uids = scene.ctx, scene.town.uids
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[hands]\npair_day_minutes = 300\n"))
    worker, colleague = await scene.actor("worker"), await scene.actor("worker2")
    door, phone = "一网格9号楼901", "19955507777"
    uids["spouse"] = await settle(ctx, "dongqu", "爱人", "worker", address="一网格 9号楼901")
    if between == "their door":
        mine = await people.person(ctx.engine, colleague.uid)
        await people.save_person(ctx.engine, replace(mine, address=door))
    else:
        await settle(ctx, "dongqu", "孩子", address=door, phone=phone)
        await phones.set_phones(
            ctx.engine, community="dongqu", member=colleague.uid, numbers=read_phones(phone)
        )
    changes = [await _longer(scene, worker), await _longer(scene, worker)]
    await putting_right.approve(ctx, colleague, changes[0].uid)
    with pytest.raises(PairFull):
        await putting_right.approve(ctx, await scene.actor("spouse"), changes[1].uid)
    assert await scene.balance("volunteer") == 300


async def _shared_by_two(scene: Any) -> Any:
    """Signed in as a colleague: one worker made up the password, another acknowledged the telephone on which it was used."""
    ctx = scene.ctx
    scene.town.uids["worker3"] = await settle(ctx, "dongqu", "赵三", "worker")
    scene.town.uids["worker4"] = await settle(ctx, "dongqu", "孙四", "worker")
    colleague = await _as_a_colleague(scene, await scene.actor("worker"))
    shown = knowing.digits_of(ctx.settings, colleague.via, ctx.now())
    await knowing.know(ctx, await scene.actor("worker3"), digits=shown)
    return colleague


async def test_two_who_share_a_third_ones_sign_in_are_held_to_their_own_bound(scene: Any) -> None:
    ctx = scene.ctx
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[hands]\npair_day_minutes = 300\n"))
    shared = await _shared_by_two(scene)
    entered = await scene.actor("worker3")
    changes = [await _longer(scene, entered), await _longer(scene, entered)]
    await putting_right.approve(ctx, await scene.actor("worker"), changes[0].uid)
    with pytest.raises(PairFull):
        await putting_right.approve(ctx, shared, changes[1].uid)
    assert await scene.balance("volunteer") == 300
    await putting_right.approve(ctx, await scene.actor("worker4"), changes[1].uid)
    assert await scene.balance("volunteer") == 480


async def test_two_colleagues_whose_passwords_one_made_up_are_one_hand(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    scene.town.uids["worker3"] = await settle(ctx, "dongqu", "赵三", "worker")
    shared = [await _as_a_colleague(scene, worker, who) for who in ("worker2", "worker3")]
    batch = (await opening.begin(ctx, shared[0])).uid
    typed = entering.Typed(amount="8小时")
    await entering.enter(ctx, shared[0], batch, member=scene.town.uids["volunteer"], typed=typed)
    seen = (await opening.show(ctx, shared[1], batch)).seen
    with pytest.raises(SecondPerson):
        await opening.approve(ctx, shared[1], batch, seen=seen)
    assert await scene.balance("volunteer") == 0


async def test_a_sign_in_that_two_share_is_no_third_person(scene: Any) -> None:
    ctx = scene.ctx
    shared, worker3 = await _shared_by_two(scene), await scene.actor("worker3")
    batch = (await opening.begin(ctx, await scene.actor("worker"))).uid
    typed = entering.Typed(amount="50小时")
    await entering.enter(
        ctx, await scene.actor("worker"), batch, member=scene.town.uids["volunteer"], typed=typed
    )
    seen = (await opening.show(ctx, worker3, batch)).seen
    assert (await opening.approve(ctx, worker3, batch, seen=seen)).waits
    with pytest.raises(SecondPerson):
        await opening.approve(ctx, shared, batch, seen=seen)
    assert await scene.balance("volunteer") == 0
    await opening.approve(ctx, await scene.actor("worker4"), batch, seen=seen)
    assert await scene.balance("volunteer") == 3_000


# ---- 3. hours for the future


async def test_a_sheet_for_next_month_is_asked_about_and_posts_nothing(scene: Any) -> None:
    assert await import_sheet(scene, await scene.actor("worker"), "李四", day="2026年12月24日") == []
    assert await minutes_in_book(scene) == 0


async def test_what_is_written_down_late_waits_for_its_second_person_from_then_on(scene: Any) -> None:
    ctx, worker = scene.ctx, await scene.actor("worker")
    [part] = await import_sheet(scene, worker, "李四", day="2026年10月13日")
    await flow.record_confirmation(ctx, worker, part)
    for days, state in ((0, State.CHECKED_OUT), (13, State.CHECKED_OUT), (2, State.UNKNOWN)):
        scene.pass_time(days * 24 * 60)
        await do_what_is_due(ctx)
        found = await services.attendance(ctx.engine, part)
        assert found is not None
        assert found.state is state, days
    assert await minutes_in_book(scene) == 0


# ---- 4. a photographed card


async def test_a_card_confirms_nothing(scene: Any) -> None:
    ctx = scene.ctx
    card = await identity.issue_code(
        ctx, await scene.actor("worker"), member=scene.town.uids["elder"], kind="card"
    )
    _service, part = await scene.visit()
    await scene.served(part, 60)
    signed_in = await identity.open_card(ctx, token=card)
    thief = await scene.town.stranger()
    thief.cookies.set("sid", signed_in.token, domain="127.0.0.1")
    answer = await thief.post(f"/attendances/{part.uid}/confirm", data={})
    assert answer.status_code in {302, 303, 401, 403, 404}
    assert await minutes_in_book(scene) == 0
    await identity.issue_code(ctx, await scene.actor("worker"), member=scene.town.uids["elder"], kind="card")
    assert (
        await sessions.find_session(
            ctx.engine, ctx.catalogue_of, signed_in.token, ctx.now(), level=sessions.CARD
        )
        is None
    )


# ---- 13. a leader alone


async def test_a_leader_alone_posts_nobody_who_just_walked_up(scene: Any) -> None:
    ctx, leader = scene.ctx, await scene.actor("leader")
    shift = await scene.shift(capacity=3)
    for number in range(4):
        await flow.add_walk_up(ctx, leader, shift.uid, name=f"路人{number}", first_time=True)
    scene.pass_time(180)
    await flow.close_shift(ctx, leader, shift.uid)
    done = await flow.confirm_service(ctx, leader, shift.uid)
    assert (len(done.posted), len(done.second)) == (0, 4)
    assert await minutes_in_book(scene) == 0


# ---- 14. a mandate without the word


async def test_a_mandate_to_ask_is_none_to_confirm(scene: Any) -> None:
    ctx = scene.ctx
    await hold(
        ctx, "dongqu", "proxy", scene.town.uids["volunteer2"], member(scene.town.uids["elder"]), scope="ask"
    )
    _service, part = await scene.visit()
    await scene.served(part, 60)
    with pytest.raises(AppRefusal):
        await flow.record_confirmation(ctx, await scene.actor("volunteer2"), part.uid)


# ---- 15. one household


@pytest.mark.parametrize("shares", ["phone", "address", "household"])
async def test_nobody_of_the_household_vouches_for_the_hours(scene: Any, shares: str) -> None:
    from dataclasses import replace

    ctx, uids = scene.ctx, scene.town.uids
    async with ctx.engine.atomic():
        if shares == "phone":
            await ctx.engine.execute(
                "UPDATE tb_phone SET number = (SELECT number FROM tb_phone WHERE member = ?) WHERE member = ?",
                [uids["elder"], uids["volunteer"]],
            )
        elif shares == "address":
            kept = await people.person(ctx.engine, uids["volunteer"])
            await people.save_person(ctx.engine, replace(kept, address="一网格 3号楼502"))
        else:
            await ctx.engine.execute("INSERT INTO tb_household (uid, community) VALUES ('H1', 'dongqu')", [])
            await ctx.engine.execute(
                "UPDATE tb_member SET household = 'H1' WHERE uid IN (?, ?)",
                [uids["elder"], uids["volunteer"]],
            )
    _service, part = await scene.visit()
    await scene.served(part, 60)
    done = await flow.record_confirmation(ctx, await scene.actor("elder"), part.uid)
    assert done.part.waits == "no_word"
    assert await minutes_in_book(scene) == 0
    assert (
        await flow.record_confirmation(ctx, await scene.actor("worker"), part.uid)
    ).part.state is State.POSTED
