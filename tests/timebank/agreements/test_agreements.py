"""An agreement: drafted by the desk, signed by each side for itself, turned into lines, counted, ended, renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace import store as lists
from marketplace.agreements import COMMUNITY, Agreement, Direction, Standing
from marketplace.claims import Claim, Side, Stage
from marketplace.errors import (
    AgreementDropped,
    AlreadyAgreed,
    EndedWithoutReason,
    NothingAgreed,
    NotInForce,
    SameHand,
    TermOver,
    UnknownItem,
)
from marketplace.store import Standing as Listed
from marketplace.values import Need, Resource, Week, Window
from tests.timebank.conftest import TUESDAY, Town
from tests.timebank.settling import hold
from tests.timebank.told import told as told_to
from timebank.community.relating import organisation
from timebank.errors import BadFields, NotAllowed, NotFound
from timebank.help.lists import offers
from timebank.help.lists.offers import Offer
from timebank.help.planning import gathering as planning
from timebank.office.agreements import flow, views
from timebank.office.agreements.items import Pledge

FIRST, LAST = date(2026, 11, 1), date(2027, 10, 31)
CLINIC = Pledge(
    unit="hospital", title="家庭医生坐诊:量血压", when="每周二 9:00-11:00", quantity="每次6个号", amount=12
)
CHOIR = Pledge(
    unit="hospital", title="护士节慰问演出", direction=Direction.RECEIVES, when="2027年5月12日下午", category="event_help",
    quantity="1场",
)  # fmt: skip


async def drafted(town: Town, *pledges: Pledge, last_on: date = LAST) -> Agreement:
    worker = await town.actor("worker")
    made = await flow.draft(
        town.ctx, worker, title="2027年共建协议", units=["hospital"], first_on=FIRST, last_on=last_on
    )
    for pledge in pledges:
        made = await flow.add_item(town.ctx, worker, made.uid, pledge)
    return made


async def agreed(town: Town, *pledges: Pledge) -> Agreement:
    made = await drafted(town, *pledges)
    await flow.sign(town.ctx, await town.actor("worker"), made.uid, party=COMMUNITY)
    return await flow.sign(town.ctx, await town.actor("unit"), made.uid, party="hospital")


async def line(town: Town, which: str, key: str) -> lists.KeptLine:
    found = await lists.kept_line(town.ctx.engine, "dongqu", which, key)  # type: ignore[arg-type]
    assert found is not None
    return found


async def test_each_side_signs_for_itself_and_the_items_become_lines(town: Town) -> None:
    made = await drafted(town, CLINIC, CHOIR)
    assert made.standing(town.ctx.today()) is Standing.DRAFT
    assert await lists.resources(town.ctx.engine, "dongqu") == ()
    half = await flow.sign(town.ctx, await town.actor("unit"), made.uid, party="hospital")
    assert half.standing(town.ctx.today()) is Standing.SIGNING
    whole = await flow.sign(town.ctx, await town.actor("worker"), made.uid, party=COMMUNITY)
    assert whole.standing(town.ctx.today()) is Standing.IN_FORCE
    gives, gets = whole.items
    offer = (await line(town, "resource", gives.line_key)).line
    wish = (await line(town, "need", gets.line_key)).line
    assert isinstance(offer, Resource)
    assert isinstance(wish, Need)
    assert (offer.owner, offer.owner_kind, offer.quantity.amount) == ("hospital", "unit", 6)
    assert (wish.owner, wish.source, wish.categories[0]) == ("hospital", "unit", "event_help")
    home = await offers.unit_home(town.ctx, await town.actor("unit"))
    assert [one.line_key for one in home.resources] == [gives.line_key]
    assert [one.line_key for one in home.needs] == [gets.line_key]


@pytest.mark.parametrize(
    ("who", "party"),
    [("worker", "hospital"), ("unit", COMMUNITY), ("unit", "red-vests"), ("worker", "nobody")],
)
async def test_nobody_signs_for_the_other_side(town: Town, who: str, party: str) -> None:
    made = await drafted(town, CLINIC)
    with pytest.raises(NotAllowed):
        await flow.sign(town.ctx, await town.actor(who), made.uid, party=party)
    after = await lists.agreement(town.ctx.engine, "dongqu", made.uid)
    assert after is not None
    assert after.signatures == ()


async def test_one_person_does_not_sign_for_two_sides(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "unit_contact", town.uids["worker"], organisation("hospital"))
    made = await drafted(town, CLINIC)
    both = await town.actor("worker")
    await flow.sign(town.ctx, both, made.uid, party=COMMUNITY)
    with pytest.raises(SameHand):
        await flow.sign(town.ctx, both, made.uid, party="hospital")


async def test_signing_twice_is_signing_once(town: Town) -> None:
    made = await drafted(town, CLINIC)
    unit = await town.actor("unit")
    first = await flow.sign(town.ctx, unit, made.uid, party="hospital")
    assert await flow.sign(town.ctx, unit, made.uid, party="hospital") == first
    whole = await flow.sign(town.ctx, await town.actor("worker"), made.uid, party=COMMUNITY)
    again = await flow.sign(town.ctx, await town.actor("worker"), made.uid, party=COMMUNITY)
    assert (again.signed_on, again.items) == (whole.signed_on, whole.items)
    assert len(await lists.resources(town.ctx.engine, "dongqu")) == 1


async def test_a_signature_on_paper_is_written_down_with_its_day(town: Town) -> None:
    worker = await town.actor("worker")
    made = await drafted(town, CLINIC)
    await flow.sign(town.ctx, worker, made.uid, party=COMMUNITY)
    with pytest.raises(BadFields) as refused:
        await flow.record_signature(
            town.ctx, worker, made.uid, unit="hospital", on=town.ctx.today() + timedelta(days=1)
        )
    assert refused.value.fields[0].field == "signed_on"
    with pytest.raises(NotAllowed):
        await flow.record_signature(town.ctx, worker, made.uid, unit=COMMUNITY, on=town.ctx.today())
    whole = await flow.record_signature(town.ctx, worker, made.uid, unit="hospital", on=date(2026, 11, 20))
    paper = whole.signatures[-1]
    assert (paper.on, paper.on_paper, paper.by, paper.recorded_by) == (
        date(2026, 11, 20), True, "", town.uids["worker"],
    )  # fmt: skip
    assert whole.signed_on == town.ctx.today(), "complete on the day of the latest signature"


async def test_a_changed_draft_has_to_be_signed_again_and_what_is_agreed_is_not_changed(town: Town) -> None:
    worker = await town.actor("worker")
    made = await drafted(town, CLINIC)
    await flow.sign(town.ctx, await town.actor("unit"), made.uid, party="hospital")
    changed = await flow.add_item(town.ctx, worker, made.uid, CHOIR)
    assert changed.signatures == ()
    same = await flow.add_item(town.ctx, worker, made.uid, CHOIR)
    assert len(same.items) == 2, "the same item typed twice stands there once"
    left = await flow.drop_item(town.ctx, worker, made.uid, changed.items[1].key)
    assert [item.title for item in left.items] == [CLINIC.title]
    with pytest.raises(UnknownItem):
        await flow.drop_item(town.ctx, worker, made.uid, changed.items[1].key)
    renamed = await flow.revise(
        town.ctx, worker, made.uid, title="换个名字", first_on=FIRST, last_on=date(2027, 11, 30)
    )
    assert (renamed.title, renamed.last_on) == ("换个名字", date(2027, 11, 30))
    with pytest.raises(BadFields):
        await flow.revise(town.ctx, worker, made.uid, title="短", first_on=FIRST, last_on=date(2027, 1, 1))
    await flow.sign(town.ctx, await town.actor("unit"), made.uid, party="hospital")
    await flow.sign(town.ctx, worker, made.uid, party=COMMUNITY)
    for touch in (
        flow.add_item(town.ctx, worker, made.uid, CHOIR),
        flow.drop_item(town.ctx, worker, made.uid, left.items[0].key),
        flow.revise(town.ctx, worker, made.uid, title="不行", first_on=FIRST, last_on=LAST),
    ):
        with pytest.raises(AlreadyAgreed):
            await touch


@pytest.mark.parametrize(
    ("pledge", "field"),
    [
        (replace(CLINIC, when="看情况"), "when"),
        (replace(CLINIC, unit="red-vests"), "unit"),
        (replace(CLINIC, unit="nobody"), "unit"),
        (replace(CLINIC, category="no-such"), "category"),
        (replace(CHOIR, title="xyzzy", category=""), "category"),
        (replace(CLINIC, due_on=date(2030, 1, 1)), "due_on"),
    ],
)
async def test_an_item_that_is_not_understood_is_refused_at_its_field(
    town: Town, pledge: Pledge, field: str
) -> None:
    made = await drafted(town)
    with pytest.raises(BadFields) as refused:
        await flow.add_item(town.ctx, await town.actor("worker"), made.uid, pledge)
    assert field in [one.field for one in refused.value.fields]
    assert all(one.zh and one.en for one in refused.value.fields)


async def test_an_agreement_without_items_or_past_its_term_is_not_signed(town: Town) -> None:
    worker = await town.actor("worker")
    with pytest.raises(NothingAgreed):
        await flow.sign(town.ctx, worker, (await drafted(town)).uid, party=COMMUNITY)
    old = await drafted(town, replace(CLINIC, due_on=date(2026, 11, 10)), last_on=date(2026, 11, 20))
    with pytest.raises(TermOver):
        await flow.sign(town.ctx, worker, old.uid, party=COMMUNITY)


async def test_a_term_that_ends_before_it_begins_and_an_unknown_unit_are_refused(town: Town) -> None:
    worker = await town.actor("worker")
    for units, last_on, field in (
        (["hospital"], date(2026, 1, 1), "last_on"), (["nobody"], LAST, "units"), ([], LAST, "units"),
    ):  # fmt: skip
        with pytest.raises(BadFields) as refused:
            await flow.draft(town.ctx, worker, title="协议", units=units, first_on=FIRST, last_on=last_on)
        assert [one.field for one in refused.value.fields] == [field]


async def test_the_planner_knows_what_is_pledged_and_what_was_promised_in_return(town: Town) -> None:
    made = await agreed(town, CLINIC, CHOIR)
    gives, gets = made.items
    given = await planning.gather(town.ctx, "dongqu", Week.of(TUESDAY.date()))
    assert given.context.pledges[gives.line_key].left == 12
    assert gets.line_key in given.context.in_return


async def test_what_was_done_counts_for_the_agreement(town: Town) -> None:
    made = await agreed(town, replace(CLINIC, amount=2, due_on=date(2026, 11, 30)))
    key = made.items[0].line_key
    window = Window(TUESDAY, TUESDAY + timedelta(hours=1))
    engine = town.ctx.engine
    async with engine.atomic():
        claim: Claim = await lists.claim_line(
            engine, "dongqu", Side.RESOURCE, key, uid="C1", claimant="office", quantity=2, window=window,
            at=TUESDAY - timedelta(hours=2), expires_at=TUESDAY + timedelta(days=2),
        )  # fmt: skip
        await lists.answer_claim(
            engine,
            "dongqu",
            claim.uid,
            lambda one, _line: replace(one, stage=Stage.DONE, answered_at=TUESDAY),
        )
    view = await views.view(town.ctx, await town.actor("worker"), made.uid, lang="zh-CN")
    assert view.gives[0].item.done == 2
    town.ctx.clock.now += timedelta(days=10)  # type: ignore[attr-defined]
    view = await views.view(town.ctx, await town.actor("unit"), made.uid, lang="zh-CN")
    assert (view.row.kept.due, view.row.kept.kept) == (1, 1)


async def test_an_agreement_ended_early_takes_its_own_lines_with_it_and_no_other(town: Town) -> None:
    unit, worker = await town.actor("unit"), await town.actor("worker")
    stood = await offers.save_offer(
        town.ctx, unit, Offer(title="会议室", kind="place", when="工作日", quantity="40人")
    )
    room = Pledge(
        unit="hospital", title="会议室", kind="place", when="工作日", quantity="40人", category="venue"
    )
    made = await agreed(town, CLINIC, room)
    assert made.items[1].line_key == stood.line_key, "what stands on the list already is that line"
    with pytest.raises(EndedWithoutReason):
        await flow.end(town.ctx, worker, made.uid, reason=" ")
    ended = await flow.end(town.ctx, worker, made.uid, reason="医院搬走")
    assert ended.standing(town.ctx.today()) is Standing.ENDED
    assert await flow.end(town.ctx, worker, made.uid, reason="再按一次") == ended
    assert (await line(town, "resource", made.items[0].line_key)).standing is Listed.OVER
    assert (await line(town, "resource", stood.line_key)).standing is Listed.LISTED


async def test_a_dropped_draft_is_signed_by_nobody(town: Town) -> None:
    worker = await town.actor("worker")
    made = await drafted(town, CLINIC)
    dropped = await flow.end(town.ctx, worker, made.uid, reason="")
    assert dropped.standing(town.ctx.today()) is Standing.DROPPED
    with pytest.raises(AgreementDropped):
        await flow.sign(town.ctx, worker, made.uid, party=COMMUNITY)
    with pytest.raises(NotInForce):
        await flow.renew(town.ctx, worker, made.uid, first_on=FIRST, last_on=LAST)


async def test_a_renewed_agreement_is_a_new_draft_of_the_same_items(town: Town) -> None:
    worker = await town.actor("worker")
    made = await agreed(town, CLINIC)
    term = {"first_on": date(2027, 11, 1), "last_on": date(2028, 10, 31)}
    renewed = await flow.renew(town.ctx, worker, made.uid, **term)
    assert await flow.renew(town.ctx, worker, made.uid, **term) == renewed
    assert (renewed.follows, renewed.signatures, renewed.items[0].done) == (made.uid, (), 0)
    assert renewed.items[0].due_on == date(2028, 10, 30)
    await flow.sign(town.ctx, worker, renewed.uid, party=COMMUNITY)
    whole = await flow.sign(town.ctx, await town.actor("unit"), renewed.uid, party="hospital")
    assert whole.standing(town.ctx.today()) is Standing.AHEAD
    assert len(await lists.resources(town.ctx.engine, "dongqu")) == 1, "the line goes on"


async def test_the_other_side_is_told(town: Town) -> None:
    made = await drafted(town, CLINIC)
    await flow.sign(town.ctx, await town.actor("worker"), made.uid, party=COMMUNITY)
    waiting = await told_to(town.ctx.engine)
    assert [(one.kind, one.member) for one in waiting if one.kind.startswith("agreement")] == [
        ("agreement_to_sign", town.uids["unit"])
    ]


async def test_only_its_parties_and_the_desk_read_an_agreement(town: Town) -> None:
    made = await agreed(town, CLINIC)
    for who in ("elder", "leader", "stranger_worker", "auditor", "volunteer"):
        with pytest.raises(NotFound):
            await views.view(town.ctx, await town.actor(who), made.uid, lang="zh-CN")
    with pytest.raises(NotFound):
        await flow.sign(town.ctx, await town.actor("stranger_worker"), made.uid, party=COMMUNITY)


async def test_an_agreement_goes_through_the_pages_from_draft_to_end(town: Town) -> None:
    desk, unit = await town.client("worker"), await town.client("unit")
    assert "还没有共建协议" in (await desk.page("/desk/agreements")).text
    refused = await desk.submit(
        "/desk/agreements", {"title": "CANARY 协议", "first_on": "2026-11-01", "last_on": "2026-10-01"}
    )
    assert refused.status_code == 422
    assert "CANARY 协议" in refused.text
    made = await desk.submit(
        "/desk/agreements",
        {"title": "2027年共建协议", "units": "hospital", "first_on": "2026-11-01", "last_on": "2027-10-31"},
    )
    assert "接着写事项" in made.text
    path = made.url.path
    uid = path.rpartition("/")[2]
    doubted = await desk.submit(
        f"{path}/items", {"unit": "hospital", "title": "坐诊量血压", "when": "看情况", "amount": "12"}
    )
    assert doubted.status_code == 422
    assert "坐诊量血压" in doubted.text
    added = await desk.submit(
        f"{path}/items",
        {"unit": "hospital", "title": "坐诊量血压", "when": "每周二9:00-11:00", "amount": "12"},
    )
    assert "添上了一项" in added.text
    assert (await desk.submit(f"/agreements/{uid}/sign", {"party": "hospital"})).status_code == 403
    assert "等另一方签" in (await desk.submit(f"/agreements/{uid}/sign", {"party": "community"})).text
    assert "等您签字" in (await unit.page("/unit/agreements")).text
    assert "替单位签字" in (await unit.page(f"/unit/agreements/{uid}")).text
    assert "协议生效" in (await unit.submit(f"/agreements/{uid}/sign", {"party": "hospital"})).text
    assert "要写明原因" in (await desk.submit(f"{path}/end", {"reason": ""})).text
    assert "终止了" in (await desk.submit(f"{path}/end", {"reason": "搬走"})).text
    program = (await desk.get(f"/api/agreements/{uid}")).json()
    assert (program["standing"], len(program["sides"]), program["reason"]) == ("ended", 2, "搬走")
