"""The week's plan as the desk, a volunteer, a leader and a unit meet it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from marketplace import store as lists
from marketplace.agreements import Agreement, PledgedItem
from marketplace.claims import Side
from marketplace.times import read_when
from marketplace.values import Looseness, Need, Resource, Week, When
from timebank.help.matching import flow
from timebank.help.planning.gathering import gather
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.store.help import services

WEEK = Week.parse("2026-W48")
FILED_ON = date(2026, 11, 20)


async def planned(town: Any) -> dict[str, Any]:
    proposals = await flow.plan_week(town.ctx, await town.actor("worker"), "dongqu", WEEK)
    return {one.need_key: one for one in proposals}


async def test_the_plan_is_exact_says_why_and_shows_no_private_word(market: Any) -> None:
    plan = await flow.plan_as_json(market.ctx, "dongqu", WEEK, "zh-CN")
    assert plan["certificate"]["verified"]
    assert plan["certificate"]["gap"] == 0
    assert {match["need"]["key"] for match in plan["matches"]} == {"bulb", "sweep", "blood"}
    for match in plan["matches"]:
        assert sum(reason["points"] for reason in match["reasons"]) == match["value"]
    assert "CANARY" not in str(plan)
    assert [one["need"]["key"] for one in plan["unserved"] if one["quantity"] == 1] == ["law"]
    assert await lists.latest_plan(market.ctx.engine, "dongqu", WEEK) is None, "looking ahead keeps nothing"


async def test_the_plan_page_shows_three_parts_with_names_for_the_desk(market: Any) -> None:
    worker = await market.client("worker")
    empty = await worker.page("/desk/plan?week=2026-W48")
    assert "这一周还没有排" in empty.text
    page = await worker.submit("/desk/plan", {"week": "2026-W48"})
    assert page.status_code == 200
    for shown in ("待派 3 件", "电路灯具", "钱二 022", "已证明没有比它更好的", "缺口", "法律咨询"):
        assert shown in page.text, shown
    assert market.uids["volunteer2"] not in page.text, "people are named, not numbered"
    english = await worker.page("/desk/plan?week=2026-W48&lang=en")
    assert "Legal advice" in english.text
    sheet = await worker.page("/desk/plan/shortage?week=2026-W48")
    assert "法律咨询 · 一网格" in sheet.text


async def test_yes_from_the_desk_makes_a_service_and_takes_the_need_off_the_list(market: Any) -> None:
    proposals = await planned(market)
    worker = await market.client("worker")
    page = await worker.submit(
        f"/desk/proposals/{proposals['bulb'].uid}/accept", {"next": "/desk/plan?week=2026-W48"}
    )
    assert "约好了" in page.text
    assert "待派 2 件" in page.text
    (service,) = await services.services(market.ctx.engine, "dongqu")
    assert service.need_key == "bulb"
    assert await services.service_reasons(market.ctx.engine, service.uid)
    elder = await market.client("elder")
    home = await elder.page("/elder")
    assert "电路灯具" in home.text
    assert "022" in home.text, "she learns by which number the helper is recognised"


async def test_volunteer_leader_and_unit_answer_for_their_own_lines_only(market: Any) -> None:
    proposals = await planned(market)
    own = {"volunteer2": "bulb", "leader": "sweep", "unit": "blood"}
    for who in own:
        client = await market.client(who)
        for key in set(own.values()) - {own[who]}:
            refused = await client.submit(f"/desk/proposals/{proposals[key].uid}/accept")
            assert refused.status_code == 404, (who, key)
    for who, key in own.items():
        client = await market.client(who)
        page = await client.page("/proposals")
        assert proposals[key].document["need"]["title"] in page.text
        assert "CANARY" not in page.text
        done = await client.submit(f"/desk/proposals/{proposals[key].uid}/accept")
        assert "约好了" in done.text
    by_need = {one.need_key: one for one in await services.services(market.ctx.engine, "dongqu")}
    assert by_need["sweep"].team == "red-vests"
    assert by_need["sweep"].capacity == 4
    assert by_need["blood"].unit == "hospital"


async def test_nobody_else_answers_a_proposal_or_reads_the_plan(market: Any) -> None:
    uid = (await planned(market))["bulb"].uid
    for who in ("volunteer", "elder", "proxy", "auditor", "stranger_worker", "stranger_volunteer"):
        client = await market.client(who)
        for answer in (
            await client.submit(f"/desk/proposals/{uid}/accept"),
            await client.submit(f"/desk/proposals/{uid}/decline"),
            await client.post(f"/api/proposals/{uid}/accept"),
            await client.post(f"/api/proposals/{uid}/decline", json={}),
            await client.page("/desk/needs/bulb/assign"),
        ):
            assert answer.status_code in (403, 404), (who, answer.url)
        page = await client.page("/desk/plan?week=2026-W48")
        assert "电路灯具" not in page.text
    assert await services.services(market.ctx.engine, "dongqu") == []


async def test_a_no_is_remembered_for_the_week(market: Any) -> None:
    uid = (await planned(market))["bulb"].uid
    volunteer = await market.client("volunteer2")
    await volunteer.submit(f"/desk/proposals/{uid}/decline", {"reason": "出门了"})
    assert "bulb" not in await planned(market)
    late = await volunteer.submit(f"/desk/proposals/{uid}/accept")
    assert late.status_code == 409


async def test_what_is_agreed_stays_when_the_week_is_planned_again(market: Any) -> None:
    proposals = await planned(market)
    actor = await market.actor("worker")
    agreed = await flow.accept_proposal(market.ctx, actor, proposals["bulb"].uid)
    again = await planned(market)
    assert set(again) == {"sweep", "blood"}
    async with market.ctx.engine.atomic():
        second = Need(line_key="lamp", title="修台灯", owner=market.uids["elder"], categories=("electrical",),
                      when=When(looseness=Looseness.ANY, phrase="随时"), filed_on=FILED_ON)  # fmt: skip
        await lists.save_needs(market.ctx.engine, "dongqu", [second], at=market.ctx.now())
    beside = await planned(market)
    assert "bulb" not in beside, "what is agreed is not proposed again"
    lamp = beside["lamp"].window
    assert lamp.ends_at <= agreed.starts_at or agreed.ends_at <= lamp.starts_at, "his morning holds both"


async def test_a_choice_by_hand_keeps_its_reason_and_its_cost(market: Any) -> None:
    worker = await market.client("worker")
    page = await worker.page("/desk/needs/bulb/assign")
    assert "钱二 022" in page.text
    assert "李师傅 021" in page.text
    choice = {"who": f"member:{market.uids['volunteer']}", "on": "2026-11-25", "at": "9:00", "minutes": "60"}
    back = await worker.submit("/desk/needs/bulb/assign", choice)
    assert back.status_code == 422
    assert "为什么这样选" in back.text
    done = await worker.submit("/desk/needs/bulb/assign", {**choice, "reason": "老邻居,奶奶信得过"})
    assert "约好了" in done.text
    (service,) = await services.services(market.ctx.engine, "dongqu")
    (reason,) = await services.service_reasons(market.ctx.engine, service.uid)
    assert reason["zh"] == "老邻居,奶奶信得过"
    log = await market.ctx.engine.fetch("SELECT object, reason FROM tb_audit WHERE action = 'decide_by_hand'")
    assert log == [{"object": service.uid, "reason": ""}], (
        "no line of his own to compare, and no free text in the log"
    )


async def test_choosing_a_suggestion_logs_what_it_costs_against_the_best(market: Any) -> None:
    actor = await market.actor("worker")
    given = flow.ByHand(window=(await planned(market))["bulb"].window, reason="照建议", resource_key="qian")
    service = await flow.decide_by_hand(market.ctx, actor, "bulb", given)
    assert service.starts_at == given.window.starts_at
    log = await market.ctx.engine.fetch("SELECT reason FROM tb_audit WHERE action = 'decide_by_hand'")
    assert log == [{"reason": "cost 0"}]
    (kept,) = await lists.overrides(market.ctx.engine, "dongqu")
    assert (kept.need_key, kept.resource_key, kept.cost, kept.broken, kept.reason) == (
        "bulb", "qian", 0, (), "照建议",
    )  # fmt: skip
    assert "bulb" not in await planned(market)
    page = await (await market.client("worker")).page("/desk/plan?week=2026-W48")
    assert "自己定的 1 件" in page.text
    assert "和计划一样好" in page.text
    assert "原因：照建议" in page.text


async def test_a_choice_against_a_rule_is_possible_and_stands_with_the_rules_it_breaks(market: Any) -> None:
    actor = await market.actor("worker")
    line = await lists.resource(market.ctx.engine, "dongqu", "qian")
    assert line is not None
    window = (await planned(market))["bulb"].window
    barred = replace(line, declines=line.categories)
    async with market.ctx.engine.atomic():
        await lists.edit_resource(market.ctx.engine, "dongqu", barred, at=market.ctx.now())
    assert "bulb" not in await planned(market)
    given = flow.ByHand(window=window, reason="没有别人", resource_key="qian")
    await flow.decide_by_hand(market.ctx, actor, "bulb", given)
    (kept,) = await lists.overrides(market.ctx.engine, "dongqu")
    assert kept.broken == ("services",)
    assert kept.cost < 0


async def test_a_choice_with_a_fault_comes_back_with_what_was_typed(market: Any) -> None:
    worker = await market.client("worker")
    choice = {"who": "line:qian", "on": "2026-11-25", "at": "9:00", "minutes": "60", "reason": "KEEP"}
    for wrong, said in (
        ({"who": ""}, "请选一位"),
        ({"on": ""}, "哪一天"),
        ({"at": "25:00"}, "看不懂"),
        ({"on": "2026-11-20"}, "已经过去"),
        ({"minutes": "true"}, "看不懂"),
    ):
        back = await worker.submit("/desk/needs/bulb/assign", {**choice, **wrong})
        assert back.status_code == 422, wrong
        assert said in back.text, wrong
        assert "KEEP" in back.text, wrong
    for who in ("line:none", f"member:{market.uids['stranger_volunteer']}"):
        assert (await worker.submit("/desk/needs/bulb/assign", {**choice, "who": who})).status_code == 404


async def test_calling_a_need_off_frees_the_promise_for_the_next_plan(market: Any) -> None:
    proposals = await planned(market)
    actor = await market.actor("worker")
    await flow.accept_proposal(market.ctx, actor, proposals["bulb"].uid)
    elder = await market.client("elder")
    await elder.submit("/elder/requests/bulb/cancel")
    (service,) = await services.services(market.ctx.engine, "dongqu")
    assert service.state.value == "cancelled"
    assert await lists.promised(market.ctx.engine, "dongqu", WEEK) == ()
    assert "bulb" not in {need.line_key for need in await lists.needs(market.ctx.engine, "dongqu")}


async def test_programs_plan_read_and_accept_with_one_answer_per_key(market: Any) -> None:
    worker = await market.client("worker")
    made = (await worker.post("/api/plans", json={"week": "2026-W48"})).json()
    assert {one["need"]["key"] for one in made["proposals"]} == {"bulb", "sweep", "blood"}
    shown = (await worker.get("/api/plans/2026-W48")).json()
    assert shown["certificate"]["verified"]
    uid = next(one["uid"] for one in made["proposals"] if one["need"]["key"] == "bulb")
    headers = {"Idempotency-Key": "k-1"}
    first = await worker.post(f"/api/proposals/{uid}/accept", headers=headers)
    again = await worker.post(f"/api/proposals/{uid}/accept", headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert (await worker.post("/api/plans", json={"week": "next"})).status_code == 400
    assert (await worker.get("/api/plans/2026-W99")).status_code == 404
    for ages_away in ("0001-W09", "1899-W52", "2200-W01", "9999-W52"):
        assert (await worker.post("/api/plans", json={"week": ages_away})).status_code == 404
        assert (await worker.get(f"/desk/plan?week={ages_away}")).status_code == 200
    assert (await worker.post("/api/proposals/none/accept")).status_code == 404


async def test_somebody_who_moved_away_is_not_proposed(market: Any) -> None:
    async with market.ctx.engine.atomic():
        await market.ctx.engine.execute(
            "UPDATE tb_member SET life = 'left' WHERE uid = ?", [market.uids["volunteer2"]]
        )
    assert "bulb" not in await planned(market)


async def test_nobody_is_asked_to_help_themselves(market: Any) -> None:
    async with market.ctx.engine.atomic():
        own = await lists.need_private(market.ctx.engine, "dongqu", "bulb")
        assert own is not None
        changed = replace(own, owner=market.uids["volunteer2"])
        await lists.edit_need(market.ctx.engine, "dongqu", changed, at=market.ctx.now())
    assert "bulb" not in await planned(market)


async def test_a_helper_is_not_sent_to_a_group_they_did_not_choose(market: Any) -> None:
    need = await lists.need_private(market.ctx.engine, "dongqu", "bulb")
    line = await lists.resource(market.ctx.engine, "dongqu", "qian")
    assert need is not None
    assert line is not None
    async with market.ctx.engine.atomic():
        await lists.edit_need(
            market.ctx.engine, "dongqu", replace(need, served="独居老人"), at=market.ctx.now()
        )
        await lists.edit_resource(
            market.ctx.engine, "dongqu", replace(line, serves=("pupil",)), at=market.ctx.now()
        )
    assert "bulb" not in await planned(market)
    page = await (await market.client("worker")).page("/desk/plan?week=2026-W48")
    assert "选定的服务对象不同" in page.text
    assert "独居" not in page.text


async def test_an_agreement_bounds_what_is_planned_of_a_pledged_line(market: Any) -> None:
    item = PledgedItem(
        key="clinic",
        unit="hospital",
        title="量血压",
        line_key="clinic",
        amount=4,
        due_on=date(2026, 12, 31),
    )
    signed = Agreement(
        uid="A1", title="共建协议", units=("hospital",), first_on=date(2026, 1, 1), last_on=date(2026, 12, 31),
        items=(item,), signed_on=date(2026, 1, 5),
    )  # fmt: skip
    assert (await planned(market))["blood"].quantity == 6
    await lists.save_agreement(market.ctx.engine, "dongqu", signed, at=market.ctx.now())
    assert (await planned(market))["blood"].quantity == 4


async def test_an_open_claim_is_a_wish_the_plan_sees(market: Any) -> None:
    line = await lists.resource(market.ctx.engine, "dongqu", "qian")
    assert line is not None
    now = market.ctx.now()
    async with market.ctx.engine.atomic():
        await lists.claim_line(
            market.ctx.engine, "dongqu", Side.NEED, "bulb", uid="C1", claimant=line.owner, with_key="qian", at=now,
            expires_at=now + timedelta(days=2),
        )  # fmt: skip
        await lists.claim_line(
            market.ctx.engine, "dongqu", Side.RESOURCE, "clinic", uid="C2", claimant="office", with_key="blood", at=now,
            expires_at=now + timedelta(days=2),
        )  # fmt: skip
    given = await gather(market.ctx, "dongqu", WEEK)
    assert given.context.wishes == {("bulb", line.owner), ("blood", "hospital")}
    assert given.context.received == {market.uids["elder"]: 0}
    proposal = (await planned(market))["bulb"]
    assert "wished" in [reason["code"] for reason in proposal.document["reasons"]]


async def test_planning_again_leaves_everybody_where_they_were_proposed(market: Any) -> None:
    first = await planned(market)
    nearer = Resource(line_key="near", title="会电工", owner=market.uids["volunteer"], owner_kind="volunteer",
                      categories=("electrical",), when=read_when("周三上午", filed_on=FILED_ON), reach_grids=("一网格",))  # fmt: skip
    async with market.ctx.engine.atomic():
        await lists.save_resources(market.ctx.engine, "dongqu", [nearer], at=market.ctx.now())
    again = await planned(market)
    assert {key: (one.resource_key, one.window) for key, one in again.items()} == {
        key: (one.resource_key, one.window) for key, one in first.items()
    }
    await flow.decline_proposal(
        market.ctx, await market.actor("worker"), again["bulb"].uid, reason="电话里说不行"
    )
    assert (await planned(market))["bulb"].resource_key == "near"


async def test_what_somebody_gave_in_the_last_months_is_their_load(market: Any) -> None:
    member = market.uids["volunteer2"]
    for key, day, minutes in (("long_ago", 200, 600), ("lately", 20, 90), ("last_week", 6, 30)):
        begun = market.ctx.now() - timedelta(days=day)
        async with market.ctx.engine.atomic():
            await services.add_service(
                market.ctx,
                Service(uid=key, community="dongqu", kind=Kind.SHIFT, title="量血压", starts_at=begun, ends_at=begun + timedelta(hours=2)),
                created_by="test",
            )  # fmt: skip
            await services.add_attendance(
                market.ctx.engine,
                Attendance(
                    uid=key,
                    service=key,
                    member=member,
                    state=State.POSTED,
                    signed_up_at=begun,
                    minutes_credited=minutes,
                ),
            )
    given = await gather(market.ctx, "dongqu", WEEK)
    assert given.context.load_minutes == {member: 120}
    assert "load" in [reason["code"] for reason in (await planned(market))["bulb"].document["reasons"]]


async def test_all_ticked_proposals_are_arranged_at_one_press_and_what_failed_is_said(market: Any) -> None:
    proposals = await planned(market)
    worker = await market.client("worker")
    page = await worker.page("/desk/plan?week=2026-W48")
    ticked = re.findall(r'name="proposal" value="([^"]+)" checked', page.text)
    assert sorted(ticked) == sorted(one.uid for one in proposals.values())
    await flow.accept_proposal(market.ctx, await market.actor("unit"), proposals["blood"].uid)
    done = await worker.submit(
        "/desk/proposals/accept", {"proposal": ticked, "next": "/desk/plan?week=2026-W48"}
    )
    assert "约好了 2 件" in done.text
    assert "“量血压”没约成" in done.text
    assert {one.need_key for one in await services.services(market.ctx.engine, "dongqu")} == {
        "bulb",
        "sweep",
        "blood",
    }
    nothing = await worker.submit("/desk/proposals/accept", {"next": "/desk/plan?week=2026-W48"})
    assert "请先打勾" in nothing.text
    unknown = await worker.submit("/desk/proposals/accept", {"proposal": "W0-1"})
    assert unknown.status_code == 404


async def test_of_several_yeses_only_ones_own_are_taken(market: Any) -> None:
    proposals = await planned(market)
    volunteer = await market.client("volunteer2")
    both = [proposals["bulb"].uid, proposals["blood"].uid]
    assert (await volunteer.submit("/desk/proposals/accept", {"proposal": both})).status_code == 404
    assert {one.need_key for one in await services.services(market.ctx.engine, "dongqu")} <= {"bulb"}


async def test_the_board_is_narrowed_by_its_address_and_a_day_is_shown_by_the_hour(market: Any) -> None:
    proposals = await planned(market)
    worker = await market.client("worker")

    async def seen(query: str) -> set[str]:
        page = await worker.page(f"/desk/plan?week=2026-W48&{query}")
        assert page.status_code == 200
        return {
            key for key, one in proposals.items() if f'value="{one.uid}"' in page.text or one.uid in page.text
        }

    assert await seen("") == {"bulb", "sweep", "blood"}
    assert await seen("urgency=urgent") == {"bulb"}
    assert await seen("urgency=other") == {"sweep", "blood"}
    assert await seen("line=vests") == {"sweep"}
    assert await seen("day=2026-11-25") == {"bulb", "blood"}
    assert await seen("day=2026-11-25&urgency=other") == {"blood"}
    assert await seen("grid=一网格") == {"bulb"}
    assert await seen("who=钱二") == {"bulb"}
    assert await seen("who=022") == {"bulb"}
    assert await seen("who=没有这个人") == set()
    assert await seen("day=2026-11-29") == set()
    assert await seen("day=no-day") == set()
    by_day = await worker.page("/desk/plan?week=2026-W48&view=board")
    assert 'data-on="2026-11-29"' in by_day.text
    assert "data-at" not in by_day.text
    by_hour = await worker.page("/desk/plan?week=2026-W48&view=board&day=2026-11-25")
    assert 'data-at="19:00"' in by_hour.text
    assert 'data-on="2026-11-26"' not in by_hour.text


async def test_a_choice_says_its_price_before_it_is_made_and_takes_the_place_of_its_proposal(
    market: Any,
) -> None:
    bulb = (await planned(market))["bulb"]
    worker = await market.client("worker")
    drawn = f"who=line:qian&on=2026-11-25&at=11:00&minutes=60&proposal={bulb.uid}"
    page = await worker.page(f"/desk/needs/bulb/assign?{drawn}")
    assert "比计划少" in page.text
    assert "计划里本来是：钱二" in page.text
    assert "还没有定" in page.text
    assert await services.services(market.ctx.engine, "dongqu") == [], "looking decides nothing"
    choice = {"who": "line:qian", "on": "2026-11-25", "at": "11:00", "minutes": "60", "proposal": bulb.uid}
    weighed = await worker.submit("/desk/needs/bulb/assign", {**choice, "step": "weigh"})
    assert "比计划少" in weighed.text
    done = await worker.submit("/desk/needs/bulb/assign", {**choice, "reason": "奶奶早上要出门"})
    assert "约好了" in done.text
    (kept,) = await lists.overrides(market.ctx.engine, "dongqu")
    assert kept.cost > 0
    assert kept.sentence("zh") in weighed.text, "what was said before is what it cost"
    replaced = await lists.proposal(market.ctx.engine, "dongqu", bulb.uid)
    assert replaced is not None
    assert (replaced.stage, replaced.reason) == ("superseded", "奶奶早上要出门")


async def test_a_price_of_what_breaks_a_rule_names_it_and_of_a_bad_choice_says_why(market: Any) -> None:
    await planned(market)
    worker = await market.client("worker")
    page = await worker.page("/desk/needs/bulb/assign?who=line:qian&on=2026-11-27&at=9:00")
    assert "不合 1 条规则" in page.text
    assert "说好的时间里没有这一段" in page.text
    unlisted = f"who=member:{market.uids['volunteer']}&on=2026-11-25&at=9:00"
    assert "没有可比的计划" in (await worker.page(f"/desk/needs/bulb/assign?{unlisted}")).text
    for query, said in (
        ("on=2026-11-25&at=9:00", "请选一位"),
        ("who=line:qian&on=2026-11-20&at=9:00", "已经过去"),
        ("who=line:qian&on=2026-11-25&at=25:00", "看不懂"),
    ):
        back = await worker.page(f"/desk/needs/bulb/assign?{query}")
        assert back.status_code == 422, query
        assert said in back.text, query
    missing = "who=line:none&on=2026-11-25&at=9:00"
    assert (await worker.page(f"/desk/needs/bulb/assign?{missing}")).status_code == 404
    assert (
        await worker.page("/desk/needs/none/assign?who=line:qian&on=2026-11-25&at=9:00")
    ).status_code == 404


async def test_of_many_helpers_a_name_is_typed_and_no_list_grows_with_them(
    market: Any, monkeypatch: Any
) -> None:
    await planned(market)
    worker = await market.client("worker")
    assert '<select class="input" id="f-line"' in (await worker.page("/desk/plan?week=2026-W48")).text
    monkeypatch.setattr("timebank.help.matching.board.FEW", 2)
    page = await worker.page("/desk/plan?week=2026-W48&who=022")
    assert 'id="f-line"' not in page.text
    assert 'name="who" type="search" value="022"' in page.text


async def test_the_price_of_a_proposal_where_it_stands_is_nothing_however_many_it_serves(market: Any) -> None:
    proposals = await planned(market)
    worker = await market.client("worker")
    for key, one in proposals.items():
        starts = one.window.starts_at
        asked = (
            f"who=line:{one.resource_key}&on={starts:%Y-%m-%d}&at={starts:%H:%M}&minutes={one.window.minutes}"
        )
        page = await worker.page(f"/desk/needs/{key}/assign?{asked}&proposal={one.uid}")
        assert "和计划一样好" in page.text, key
    foreign = await worker.submit(
        "/desk/needs/bulb/assign",
        {"who": "line:qian", "on": "2026-11-25", "at": "9:00", "minutes": "60", "reason": "试",
         "proposal": proposals["sweep"].uid},
    )  # fmt: skip
    assert "约好了" in foreign.text
    kept = await lists.proposal(market.ctx.engine, "dongqu", proposals["sweep"].uid)
    assert kept is not None
    assert kept.stage == "proposed", "a choice takes the place of its own need's proposal alone"
