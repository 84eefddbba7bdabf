"""What a task asks of its helper is asked at the claim, at the sign-up and in the plan; the page says who and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.ages import AgeFact, AgeSort
from marketplace.errors import BadAgeRange
from marketplace.requirements import Requirement, asked_of
from marketplace.times import mainland, read_when
from marketplace.values import Need, Resource, Week, Window
from tests.timebank.conftest import TUESDAY, Town
from tests.timebank.settling import hold
from timebank.community.admission import NotAdmitted
from timebank.errors import BadFields, NotFound
from timebank.help import arranging
from timebank.help.lists import claiming
from timebank.help.planning import gathering as planning
from timebank.help.services import joining
from timebank.help.services.teams.shifts import ensure_shifts
from timebank.office.admission import asking
from timebank.rules.hours.eligible import Age, Person
from timebank.rules.people.admission import Lacking, Proof, ProofKind, lacks
from timebank.rules.relationships import Party, Sort, State
from timebank.store.help import services
from timebank.store.members import ages

WEEK = Week.of(TUESDAY.date())
NURSING = Requirement(subject="health", proofs=("certificate",))
FRIDAY = TUESDAY + timedelta(days=3)
CERTIFICATE = ProofKind(code="certificate", zh="资质证书", en="certificate or training")


def proof(category: str = "nursing", since: date = date(2026, 1, 1), until: date | None = None) -> Proof:
    return Proof(kind="certificate", category=category, since_on=since, until_on=until)


# ---------------------------------------------------------------------- the rule itself


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ([], Lacking.PROOF_MISSING),
        ([proof("meals")], Lacking.PROOF_MISSING),
        ([proof(until=date(2026, 11, 23))], Lacking.PROOF_ENDED),
        ([proof(since=date(2026, 12, 1))], Lacking.PROOF_TO_COME),
        ([proof(until=date(2026, 11, 24))], None),
        ([proof()], None),
        ([proof("health")], None),
        ([proof("")], None),
        ([proof(until=date(2026, 1, 31)), proof()], None),
    ],
)
def test_a_proof_counts_on_the_day_and_for_the_kind_of_help(held: list[Proof], why: Lacking | None) -> None:
    found = lacks(
        [NURSING], categories=("nursing", "health"), person=Person(), proofs=held, kinds=[CERTIFICATE],
        on=date(2026, 11, 24),
    )  # fmt: skip
    assert [one.why for one in found] == ([] if why is None else [why])
    assert all(one.zh and one.en for one in found)


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (Age.exactly(17), Lacking.TOO_YOUNG), (Age.exactly(18), None), (Age.exactly(70), None),
        (Age.exactly(71), Lacking.TOO_OLD), (Age(), None), (Age(least=16, most=20), None),
    ],
)  # fmt: skip
def test_only_the_certainly_too_young_and_too_old_are_kept_out(age: Age, why: Lacking | None) -> None:
    rule = Requirement(subject="health", age_min=18, age_max=70)
    found = lacks(
        [rule], categories=("health",), person=Person(age=age), proofs=[], kinds=[], on=date(2026, 11, 24)
    )
    assert [one.why for one in found] == ([] if why is None else [why])


def test_a_task_is_asked_for_by_its_line_its_kind_and_every_wider_kind() -> None:
    rules = {one: Requirement(subject=one, age_min=18) for one in ("health", "nursing", "n-1", "meals")}
    found = asked_of(rules, categories=("nursing", "health"), line_key="n-1")
    assert [one.subject for one in found] == ["n-1", "nursing", "health"]


@pytest.mark.parametrize(("low", "high"), [(70, 18), (-1, 0), (0, 121), (18.0, 0), (True, 0)])
def test_ages_that_are_no_range_are_refused(low: int, high: int) -> None:
    with pytest.raises(BadAgeRange):
        Requirement(subject="health", age_min=low, age_max=high)


# ---------------------------------------------------------------------- where it has effect


async def certified(town: Town, who: str, *, until: date | None = None) -> None:
    async with town.ctx.engine.atomic():
        await hold(
            town.ctx, "dongqu", "certificate", town.uids[who], Party(Sort.CATEGORY, "health"),
            since_on=date(2026, 1, 1), until_on=until, state=State.IN_FORCE,
        )  # fmt: skip


async def asks(town: Town, subject: str, *proofs: str, age_min: int = 0) -> None:
    await asking.set_rule(town.ctx, await town.actor("worker"), subject, proofs=proofs, age_min=age_min)


async def need(town: Town, *, when: str = "2026年11月27日下午2点到3点") -> Need:
    made = Need(
        line_key="n-1", title="上门换药", source="resident", owner=town.uids["elder"], categories=("health",),
        when=read_when(when, filed_on=town.ctx.today(), calendar=mainland(), zone=town.ctx.zone),
        filed_on=town.ctx.today(),
    )  # fmt: skip
    async with town.ctx.engine.atomic():
        await lists.save_needs(town.ctx.engine, "dongqu", [made], at=town.ctx.now())
    return made


async def offer(town: Town, who: str) -> Resource:
    made = Resource(
        line_key=f"r-{who}", title="上门护理", owner=town.uids[who], owner_kind="volunteer", categories=("health",),
        when=read_when("每天", filed_on=town.ctx.today(), calendar=mainland(), zone=town.ctx.zone),
    )  # fmt: skip
    async with town.ctx.engine.atomic():
        await lists.save_resources(town.ctx.engine, "dongqu", [made], at=town.ctx.now())
    return made


def friday_afternoon(town: Town) -> Window:
    starts = FRIDAY.replace(hour=14, minute=0)
    return Window(starts, starts + timedelta(hours=1))


async def test_a_claim_needs_what_the_task_asks_for(town: Town) -> None:
    await need(town)
    await asks(town, "health", "certificate")
    volunteer = await town.actor("volunteer")
    claim: dict[str, Any] = {"side": "need", "key": "n-1", "window": friday_afternoon(town)}
    with pytest.raises(NotAdmitted) as refused:
        await claiming.claim_line(town.ctx, volunteer, **claim)
    assert "资质证书" in refused.value.zh
    assert "certificate" in refused.value.en
    await certified(town, "volunteer", until=date(2026, 11, 26))
    with pytest.raises(NotAdmitted):
        await claiming.claim_line(town.ctx, volunteer, **claim)
    await certified(town, "volunteer2")
    assert await claiming.claim_line(town.ctx, await town.actor("volunteer2"), **claim)


async def test_a_choice_by_hand_needs_it_too(town: Town) -> None:
    made = await need(town)
    await asks(town, "health", "certificate")
    worker = await town.actor("worker")

    async def send(who: str) -> None:
        async with town.ctx.engine.atomic():
            await arranging.arrange(
                town.ctx, worker, need=made, resource=None, window=friday_afternoon(town), member=town.uids[who],
                source="by_hand",
            )  # fmt: skip

    with pytest.raises(NotAdmitted):
        await send("volunteer")
    assert await services.services(town.ctx.engine, "dongqu") == []
    await certified(town, "volunteer2")
    await send("volunteer2")


async def test_the_plan_sends_nobody_who_is_not_admitted_and_says_why(town: Town) -> None:
    made, one, other = await need(town), await offer(town, "volunteer"), await offer(town, "volunteer2")
    free = (await planning.gather(town.ctx, "dongqu", WEEK)).plan()
    assert {match.need.line_key for match in free.matches} == {made.line_key}
    await asks(town, "health", "certificate", age_min=18)
    given = await planning.gather(town.ctx, "dongqu", WEEK)
    assert given.plan().matches == ()
    names = set(given.context.certificate_names.values())
    assert names == {("资质证书（健康服务）", "certificate or training (Health)"), ("满18岁", "18 or older")}
    (unserved,) = given.plan().unserved
    said = " ".join(reason.zh for _line, reason in unserved.nearest)
    assert "资质证书（健康服务）" in said
    await certified(town, "volunteer2", until=date(2026, 11, 26))
    assert (await planning.gather(town.ctx, "dongqu", WEEK)).plan().matches == (), "it ends the day before"
    await certified(town, "volunteer")
    plan = (await planning.gather(town.ctx, "dongqu", WEEK)).plan()
    assert [match.resource.line_key for match in plan.matches] == [one.line_key]
    assert other.line_key != one.line_key


async def test_a_certificate_that_lasts_until_the_day_is_planned_with(town: Town) -> None:
    await need(town)
    await offer(town, "volunteer")
    await asks(town, "health", "certificate")
    await certified(town, "volunteer", until=FRIDAY.date())
    assert len((await planning.gather(town.ctx, "dongqu", WEEK)).plan().matches) == 1


async def test_an_age_on_record_keeps_somebody_out_of_the_plan(town: Town) -> None:
    await need(town)
    await offer(town, "volunteer")
    await asks(town, "health", age_min=60)
    assert len((await planning.gather(town.ctx, "dongqu", WEEK)).plan().matches) == 1, "nobody knows the age"
    born = AgeFact(sort=AgeSort.BORN_ON, value="2000-01-01", said_on=town.ctx.today(), source="test")
    async with town.ctx.engine.atomic():
        await ages.add_age(town.ctx.engine, town.uids["volunteer"], born, recorded_by="test")
    assert (await planning.gather(town.ctx, "dongqu", WEEK)).plan().matches == ()


async def test_a_sign_up_for_an_activity_needs_what_the_activity_asks_for(town: Town) -> None:
    from marketplace.lists import ListKind
    from marketplace.lists.typed import read_typed
    from marketplace.values import Activity

    activity = read_typed(
        ListKind.ACTIVITIES,
        {
            "title": "周二红马甲在行动",
            "lead": "周二红马甲服务队",
            "when": "每周二上午10:30-11:30",
            "helpers": "10人",
        },
        filed_on=town.ctx.today(),
    ).line
    assert isinstance(activity, Activity)
    async with town.ctx.engine.atomic():
        await lists.save_activities(town.ctx.engine, "dongqu", [activity], at=town.ctx.now())
    (shift,) = await ensure_shifts(town.ctx, "dongqu", WEEK)
    await asks(town, activity.line_key, "training")
    with pytest.raises(NotAdmitted) as refused:
        await joining.sign_up(town.ctx, await town.actor("volunteer"), shift.uid)
    assert "岗前培训" in refused.value.zh
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "training", town.uids["volunteer"], Party(Sort.CATEGORY, "cleaning"))
    assert await joining.sign_up(town.ctx, await town.actor("volunteer"), shift.uid)


async def test_a_criminal_record_check_counts_for_any_help(town: Town) -> None:
    await need(town)
    await asks(town, "health", "police_check")
    claim: dict[str, Any] = {"side": "need", "key": "n-1", "window": friday_afternoon(town)}
    with pytest.raises(NotAdmitted):
        await claiming.claim_line(town.ctx, await town.actor("volunteer"), **claim)
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "police_check", town.uids["volunteer"], Party(Sort.AREA, "dongqu"))
    assert await claiming.claim_line(town.ctx, await town.actor("volunteer"), **claim)


async def test_where_nothing_is_asked_for_nothing_changes(town: Town) -> None:
    made, line = await need(town), await offer(town, "volunteer")
    given = await planning.gather(town.ctx, "dongqu", WEEK)
    assert given.needs == (made,) or given.needs[0].requires == frozenset()
    assert [one.certificates for one in given.resources if one.line_key == line.line_key] == [frozenset()]


# ---------------------------------------------------------------------- the page


async def test_the_page_says_who_is_admitted_and_what_the_others_lack(town: Town) -> None:
    await asks(town, "health", "certificate", age_min=18)
    await certified(town, "volunteer")
    view = await asking.rule_view(town.ctx, await town.actor("worker"), "health", lang="zh-CN")
    by_name = {row.card.uid: row for row in view.rows}
    assert by_name[town.uids["volunteer"]].admitted
    assert by_name[town.uids["volunteer"]].age_unknown
    minor = by_name[town.uids["minor"]]
    assert {one.why for one in minor.missing} == {Lacking.PROOF_MISSING, Lacking.TOO_YOUNG}
    assert (view.admitted, view.kept_out) == (1, 3)
    assert not view.rows[0].admitted, "who is kept out comes first"
    assert view.asks == ("资质证书", "满18岁")


async def test_a_narrower_kind_inherits_what_a_wider_one_asks_for(town: Town) -> None:
    from marketplace.categories import default_tree

    child = next(code for code, one in default_tree().categories.items() if one.parent == "health")
    await asks(town, "health", "certificate")
    await asks(town, child, age_min=18)
    view = await asking.rule_view(town.ctx, await town.actor("worker"), child, lang="en")
    assert view.inherited == ("certificate or training",)
    assert view.asks == ("18 or older", "certificate or training")


async def test_a_rule_is_set_once_changed_and_taken_away(town: Town) -> None:
    worker = await town.actor("worker")
    for _twice in range(2):
        await asks(town, "health", "certificate")
    assert [row.subject.code for row in await asking.rules(town.ctx, worker, lang="zh-CN")] == ["health"]
    await asking.set_rule(town.ctx, worker, "health", proofs=())
    assert await asking.rules(town.ctx, worker, lang="zh-CN") == ()
    with pytest.raises(NotFound):
        await asks(town, "no-such-kind", "certificate")
    with pytest.raises(BadFields):
        await asks(town, "health", "leader")
    with pytest.raises(BadAgeRange):
        await asking.set_rule(town.ctx, worker, "health", proofs=(), age_min=70, age_max=18)


async def test_the_desk_next_door_and_everybody_else_set_no_rules_here(town: Town) -> None:
    for who in ("stranger_worker", "leader", "unit", "auditor"):
        actor = await town.actor(who)
        if who == "stranger_worker":
            await asking.set_rule(town.ctx, actor, "health", proofs=("certificate",))
            continue
        with pytest.raises(NotFound):
            await asking.set_rule(town.ctx, actor, "health", proofs=("certificate",))
    assert await lists.requirements(town.ctx.engine, "dongqu") == {}, "a rule of next door holds next door"


async def test_the_pages_set_a_rule_and_the_claimant_reads_it(town: Town) -> None:
    await need(town)
    desk = await town.client("worker")
    assert "谁都可以报名" in (await desk.page("/desk/admission")).text
    assert (await desk.page("/desk/admission?subject=health")).url.path == "/desk/admission/health"
    wrong = await desk.submit(
        "/desk/admission/health", {"proofs": "certificate", "age_min": "70", "age_max": "18"}
    )
    assert wrong.status_code == 422
    assert "checked" in wrong.text, "what was ticked stays ticked"
    made = await desk.submit(
        "/desk/admission/health", {"proofs": ["certificate", "police_check"], "age_min": "18"}
    )
    assert "记下了" in made.text
    assert (await desk.page("/desk/admission/no-such-thing")).status_code == 404
    reader = await town.client("volunteer")
    assert "资质证书、无犯罪记录证明、满18岁" in (await reader.page("/lists/needs/n-1")).text
    refused = await reader.submit(
        "/claims",
        {"side": "need", "key": "n-1", "window": "2026-11-27T14:00:00+08:00/2026-11-27T15:00:00+08:00"},
    )
    assert "没有登记“资质证书”" in refused.text
    told = (await desk.get("/api/admission/health")).json()
    assert (told["kept_out"], told["asks"]) == (4, ["资质证书", "无犯罪记录证明", "满18岁"])
    changed = await desk.post("/api/admission/health", json={"proofs": [], "age_min": 0})
    assert (changed.status_code, changed.json()["asks"]) == (200, [])


def test_a_requirement_comes_back_as_it_was_saved() -> None:
    from marketplace.store.codec import dumps, loads

    assert loads(Requirement, dumps(replace(NURSING, age_max=70))) == replace(NURSING, age_max=70)
