"""The desk keeps the four lists on pages: written once, read by the readers of files, changed, paused, ended, told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace import store as lists
from marketplace.lists import ListKind
from marketplace.lists.typed import read_typed, typed_of
from marketplace.store import Standing
from marketplace.values import Activity, Need, Project, Resource, Week, Window
from tests.timebank.conftest import TUESDAY, Town
from timebank.access import Actor
from timebank.errors import AlreadyDone, BadFields, NotFound
from timebank.help import arranging
from timebank.help.lists import offers
from timebank.help.lists.desk import flow, views
from timebank.help.lists.desk.flow import AlreadyListed, LineOver, Step
from timebank.help.lists.desk.reading import Written, typed_from
from timebank.help.lists.offers import Offer
from timebank.help.requests import flow as requests
from timebank.help.services.teams import shifts
from timebank.store.help import services

HOSPITAL = "org:hospital"
NEED = {
    "title": "帮忙买米",
    "when": "明天上午",
    "quantity": "1次",
    "source": "community",
    "urgency": "normal",
}
CLINIC = {
    "title": "家庭医生坐诊:量血压", "when": "每周二 9:00-11:00", "quantity": "每次6个号", "kind": "people",
    "free": "yes", "contact": "公卫科",
}  # fmt: skip
RED_VESTS = {
    "title": "周二红马甲在行动",
    "lead": "周二红马甲服务队",
    "when": "每周二上午8:30-10:30",
    "helpers": "10人",
}
LIFT = {
    "title": "老楼加装电梯",
    "lead": "社区",
    "partners": "区第二人民医院",
    "due": "2026年12月31日",
    "progress": "60%",
}


async def kept(town: Town, kind: str, key: str) -> lists.KeptLine:
    found = await lists.kept_line(town.ctx.engine, "dongqu", flow.WHICH[kind], key)
    assert found is not None
    return found


async def save(town: Town, kind: str, cells: dict[str, str], **known: object) -> str:
    actor = await town.actor("worker")
    key = str(known.pop("key", ""))
    return await flow.save_line(town.ctx, actor, kind, Written(cells=cells, **known), key=key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "cells", "owner"),
    [
        ("needs", NEED, ""),
        ("resources", CLINIC, HOSPITAL),
        ("activities", RED_VESTS, ""),
        ("projects", LIFT, ""),
    ],
)
async def test_a_line_of_each_list_is_read_as_the_row_of_a_file_would_be(
    town: Town, kind: str, cells: dict[str, str], owner: str
) -> None:
    key = await save(town, kind, cells, owner=owner)
    line = (await kept(town, kind, key)).line
    words = typed_from(line)
    assert {name: words[name] for name in cells} == cells
    plain = {name: text for name, text in cells.items() if name not in ("source", "urgency", "kind", "free")}
    filed = read_typed(ListKind(kind), plain | {"owner": "区第二人民医院"}, filed_on=TUESDAY.date()).line
    assert filed is not None
    for said in ("when", "due", "quantity", "helpers"):
        if hasattr(line, said):
            assert getattr(line, said) == getattr(filed, said)


@pytest.mark.parametrize("kind", ["needs", "resources", "activities", "projects"])
async def test_the_same_line_written_twice_stands_there_once(town: Town, kind: str) -> None:
    cells = {"needs": NEED, "resources": CLINIC, "activities": RED_VESTS, "projects": LIFT}[kind]
    owner = HOSPITAL if kind == "resources" else ""
    assert await save(town, kind, cells, owner=owner) == await save(town, kind, cells, owner=owner)
    page = await views.list_page(town.ctx, await town.actor("worker"), kind, lang="zh-CN")
    assert page.total == 1


async def test_a_line_with_the_same_name_and_other_words_is_refused_and_named(town: Town) -> None:
    key = await save(town, "projects", LIFT)
    with pytest.raises(AlreadyListed) as refused:
        await save(town, "projects", LIFT | {"progress": "70%"})
    assert refused.value.key == key
    line = (await kept(town, "projects", key)).line
    assert isinstance(line, Project)
    assert line.progress_percent == 60


@pytest.mark.parametrize(
    ("kind", "cells", "owner", "field"),
    [
        ("needs", NEED | {"when": "qwerty"}, "", "when"),
        ("needs", {"when": "随时"}, "", "title"),
        ("needs", NEED | {"title": "xyzzy"}, "", "category"),
        ("needs", NEED | {"source": "unit"}, "", "whose"),
        ("needs", NEED | {"source": "resident"}, HOSPITAL, "whose"),
        ("needs", NEED, "org:nobody", "whose"),
        ("needs", NEED, "member:nobody", "whose"),
        ("needs", NEED | {"title": "=cmd|' /C calc'!A0"}, "", "title"),
        ("resources", CLINIC, "", "whose"),
        ("resources", CLINIC | {"when": "看情况再定"}, HOSPITAL, "when"),
        ("activities", RED_VESTS | {"lead": "没有登记的单位"}, "", "lead"),
        ("activities", {"when": "每周二"}, "", "title"),
        ("projects", LIFT | {"partners": "区第二人民医院、天上的单位"}, "", "partners"),
        ("projects", LIFT | {"due": "qwerty"}, "", "due"),
    ],
)
async def test_what_is_not_understood_is_refused_at_its_field_and_nothing_is_saved(
    town: Town, kind: str, cells: dict[str, str], owner: str, field: str
) -> None:
    for sure in (False, True):
        if sure and field == "category":
            continue  # a kind of help may stay open when somebody says so
        with pytest.raises(BadFields) as refused:
            await save(town, kind, cells, owner=owner, sure=sure)
        assert field in [one.field for one in refused.value.fields]
        assert all(one.zh and one.en for one in refused.value.fields)
    page = await views.list_page(town.ctx, await town.actor("worker"), kind, lang="zh-CN", standing=None)
    assert page.total == 0


async def test_a_doubted_time_is_taken_when_somebody_says_so(town: Town) -> None:
    doubted = RED_VESTS | {"when": "11月24日(周三)上午9点"}
    with pytest.raises(BadFields):
        await save(town, "activities", doubted)
    line = (await kept(town, "activities", await save(town, "activities", doubted, sure=True))).line
    assert isinstance(line, Activity)
    assert line.when.question is None


async def test_a_chosen_kind_of_help_counts_before_the_words(town: Town) -> None:
    key = await save(town, "needs", NEED | {"title": "xyzzy"}, category="companionship")
    line = (await kept(town, "needs", key)).line
    assert isinstance(line, Need)
    assert line.categories[0] == "companionship"
    with pytest.raises(BadFields) as refused:
        await save(town, "needs", NEED, category="no-such-kind")
    assert [one.field for one in refused.value.fields] == ["category"]


async def test_a_resident_s_need_stands_under_their_name_with_their_grid(town: Town) -> None:
    cells = NEED | {"source": "resident"}
    mine = await save(town, "needs", cells, owner=f"member:{town.uids['elder']}")
    other = await save(town, "needs", cells, owner=f"member:{town.uids['volunteer']}")
    line = (await kept(town, "needs", mine)).line
    assert isinstance(line, Need)
    assert (line.owner, line.place.grid, line.source) == (town.uids["elder"], "一网格", "resident")
    assert mine != other, "two residents may ask for the same thing"
    elder = await town.client("elder")
    assert "帮忙买米" in (await elder.page("/elder")).text


async def test_a_resident_lends_things_and_what_they_can_do_stays_in_their_wishes(town: Town) -> None:
    chair = {"title": "轮椅可借", "when": "随时", "quantity": "1台", "kind": "equipment", "free": "yes"}
    owner = f"member:{town.uids['volunteer']}"
    line = (await kept(town, "resources", await save(town, "resources", chair, owner=owner))).line
    assert isinstance(line, Resource)
    assert (line.owner_kind, line.owner, line.kind) == ("volunteer", town.uids["volunteer"], "equipment")
    with pytest.raises(BadFields) as refused:
        await save(town, "resources", CLINIC, owner=owner)
    assert [one.field for one in refused.value.fields] == ["kind"]


async def test_a_changed_line_keeps_its_place_and_tells_who_changed_what(town: Town) -> None:
    key = await save(town, "activities", RED_VESTS)
    assert await save(town, "activities", RED_VESTS | {"helpers": "12人"}, key=key) == key
    assert await save(town, "activities", RED_VESTS | {"helpers": "12人"}, key=key) == key
    view = await views.line_view(town.ctx, await town.actor("worker"), "activities", key, lang="zh-CN")
    assert [(one.who, one.did, one.fields) for one in view.history] == [
        ("陈社工", "改了", ("需要志愿者",)),
        ("陈社工", "写上清单", ()),
    ]
    line = view.found.line
    assert isinstance(line, Activity)
    assert line.helpers is not None
    assert line.helpers.helpers == 12


async def test_words_left_as_they_were_keep_the_reading_of_their_day(town: Town) -> None:
    key = await save(town, "needs", NEED)
    before = (await kept(town, "needs", key)).line
    town.ctx.clock.now += timedelta(days=3)  # type: ignore[attr-defined]
    await save(town, "needs", NEED | {"remark": "要东北大米"}, key=key)
    after = (await kept(town, "needs", key)).line
    assert isinstance(before, Need)
    assert isinstance(after, Need)
    assert (after.when, after.filed_on) == (before.when, before.filed_on)
    assert after.private_note == "要东北大米"


async def test_what_only_the_office_knows_of_a_line_outlives_a_change(town: Town) -> None:
    key = await save(town, "needs", NEED)
    line = (await kept(town, "needs", key)).line
    assert isinstance(line, Need)
    known = replace(line, requires=frozenset({"护士证"}), last_helpers=("M1",), language="粤语")
    await lists.edit_need(town.ctx.engine, "dongqu", known, at=town.ctx.now())
    await save(town, "needs", NEED | {"title": "帮忙买面"}, key=key)
    after = (await kept(town, "needs", key)).line
    assert isinstance(after, Need)
    assert (after.requires, after.last_helpers, after.language) == (frozenset({"护士证"}), ("M1",), "粤语")


@pytest.mark.parametrize("kind", ["needs", "resources", "activities", "projects"])
async def test_a_line_pauses_comes_back_and_ends_and_each_press_counts_once(town: Town, kind: str) -> None:
    cells = {"needs": NEED, "resources": CLINIC, "activities": RED_VESTS, "projects": LIFT}[kind]
    key = await save(town, kind, cells, owner=HOSPITAL if kind == "resources" else "")
    actor = await town.actor("worker")

    async def public() -> bool:
        stranger = await town.stranger()
        return (await stranger.page(f"/lists/{kind}/{key}?community=dongqu")).status_code == 200

    async def take(step: Step) -> Standing:
        return await flow.take_step(town.ctx, actor, kind, key, step)

    assert await public()
    for _twice in range(2):
        assert await take(Step.PAUSE) is Standing.PAUSED
    assert not await public()
    assert await take(Step.RESUME) is Standing.LISTED
    assert await public()
    for _twice in range(2):
        assert await take(Step.END) is Standing.OVER
    assert not await public()
    with pytest.raises(LineOver):
        await save(town, kind, cells, key=key, owner=HOSPITAL if kind == "resources" else "")
    assert await take(Step.RESUME) is Standing.LISTED
    view = await views.line_view(town.ctx, actor, kind, key, lang="en")
    assert [one.did for one in view.history] == [
        "put back on the list", "ended", "put back on the list", "taken off for a while", "put on the list",
    ]  # fmt: skip


async def test_an_imported_file_leaves_what_the_desk_changed(town: Town) -> None:
    """The same line from the same file once more is no change; the desk's words stay."""
    line = read_typed(ListKind.ACTIVITIES, RED_VESTS, filed_on=TUESDAY.date()).line
    assert isinstance(line, Activity)
    await lists.save_activities(town.ctx.engine, "dongqu", [line], at=town.ctx.now())
    await save(town, "activities", RED_VESTS | {"place": "东门"}, key=line.line_key)
    report = await lists.save_activities(town.ctx.engine, "dongqu", [line], at=town.ctx.now())
    assert report.changes == 0
    after = (await kept(town, "activities", line.line_key)).line
    assert isinstance(after, Activity)
    assert after.place.text == "东门"


async def test_a_paused_activity_makes_no_shifts(town: Town) -> None:
    key = await save(town, "activities", RED_VESTS)
    actor = await town.actor("worker")
    await flow.take_step(town.ctx, actor, "activities", key, Step.PAUSE)
    assert await shifts.ensure_shifts(town.ctx, "dongqu", Week.of(TUESDAY.date())) == []
    await flow.take_step(town.ctx, actor, "activities", key, Step.RESUME)
    assert len(await shifts.ensure_shifts(town.ctx, "dongqu", Week.of(TUESDAY.date()))) == 1


async def test_a_list_is_found_by_words_owner_and_page(town: Town) -> None:
    actor = await town.actor("worker")
    for number in range(views.PAGE_SIZE + 3):
        await save(town, "projects", {"title": f"项目第{number:03d}号"})
    await save(town, "needs", NEED | {"source": "resident"}, owner=f"member:{town.uids['elder']}")
    await save(town, "resources", CLINIC, owner=HOSPITAL)

    async def total(kind: str, words: str, number: int = 1) -> tuple[int, int]:
        page = await views.list_page(town.ctx, actor, kind, lang="zh-CN", words=words, number=number)
        return page.total, len(page.rows)

    assert await total("projects", "") == (views.PAGE_SIZE + 3, views.PAGE_SIZE)
    assert await total("projects", "", 2) == (views.PAGE_SIZE + 3, 3)
    assert await total("projects", "第007") == (1, 1)
    assert await total("projects", "%") == (0, 0), "the database's signs are only signs"
    assert await total("needs", "王秀英") == (1, 1)
    assert await total("resources", "第二人民医院 血压") == (1, 1)
    assert await total("resources", "第二人民医院 足浴") == (0, 0)


async def test_a_need_somebody_is_coming_for_is_not_changed_and_its_end_tells_them(town: Town) -> None:
    key = await save(town, "needs", NEED | {"source": "resident"}, owner=f"member:{town.uids['elder']}")
    line = (await kept(town, "needs", key)).line
    assert isinstance(line, Need)
    actor = await town.actor("worker")
    window = Window(TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=1, hours=1))
    async with town.ctx.engine.atomic():
        made = await arranging.arrange(
            town.ctx,
            actor,
            need=line,
            resource=None,
            window=window,
            member=town.uids["volunteer"],
            source="test",
        )
    with pytest.raises(AlreadyDone):
        await save(
            town, "needs", NEED | {"source": "resident"}, key=key, owner=f"member:{town.uids['elder']}"
        )
    await flow.take_step(town.ctx, actor, "needs", key, Step.END, reason="不用了")
    after = await services.service(town.ctx.engine, made.uid)
    assert after is not None
    assert after.state.value == "cancelled"
    assert (await kept(town, "needs", key)).standing is Standing.OVER


async def test_nobody_but_the_desk_of_the_community_keeps_its_lists(town: Town) -> None:
    key = await save(town, "projects", LIFT)
    for who in ("stranger_worker", "unit", "leader", "elder", "auditor"):
        actor = await town.actor(who)
        with pytest.raises(NotFound):
            await views.line_view(town.ctx, actor, "projects", key, lang="zh-CN")
        with pytest.raises(NotFound):
            await flow.save_line(town.ctx, actor, "projects", Written(cells=LIFT), key=key)
        with pytest.raises(NotFound):
            await flow.take_step(town.ctx, actor, "projects", key, Step.END)
        if who == "stranger_worker":
            assert (await views.list_page(town.ctx, actor, "projects", lang="zh-CN")).total == 0
        else:
            with pytest.raises(NotFound):
                await views.list_page(town.ctx, actor, "projects", lang="zh-CN")
    assert (await kept(town, "projects", key)).standing is Standing.LISTED


async def test_a_unit_s_own_changes_stand_in_the_history(town: Town) -> None:
    unit = await town.actor("unit")
    made = await offers.save_offer(
        town.ctx, unit, Offer(title="会议室", kind="place", when="工作日", quantity="40人")
    )
    await offers.pause_offer(town.ctx, unit, made.line_key)
    view = await views.line_view(
        town.ctx, await town.actor("worker"), "resources", made.line_key, lang="zh-CN"
    )
    assert [one.who for one in view.history] == ["孙护士", "孙护士"]
    assert view.found.standing is Standing.PAUSED


async def test_a_cancelled_request_is_over(town: Town) -> None:
    key = await save(town, "needs", NEED | {"source": "resident"}, owner=f"member:{town.uids['elder']}")
    elder: Actor = await town.actor("elder")
    await requests.cancel_request(town.ctx, elder, key, reason="")
    assert (await kept(town, "needs", key)).standing is Standing.OVER


async def test_the_pages_keep_what_was_typed_and_lead_to_the_line(town: Town) -> None:
    worker = await town.client("worker")
    assert (await worker.page("/desk/lists")).status_code == 200
    assert (await worker.page("/desk/lists?list=nothing")).status_code == 404
    form = await worker.page("/desk/lists/activities/new")
    assert form.status_code == 200
    typed = RED_VESTS | {"when": "看情况", "audience": "CANARY 全体居民"}
    back = await worker.submit("/desk/lists/activities/new", typed)
    assert back.status_code == 422
    assert "CANARY 全体居民" in back.text
    made = await worker.submit("/desk/lists/activities/new", RED_VESTS | {"idempotency_key": "k1"})
    again = await worker.submit("/desk/lists/activities/new", RED_VESTS | {"idempotency_key": "k1"})
    assert made.url == again.url
    assert "写上清单了" in made.text
    assert "陈社工" in made.text
    path = made.url.path
    assert "改这一条" in (await worker.page(f"{path}/edit")).text
    ended = await worker.submit(f"{path}/step", {"step": "end"})
    assert "已经结束" in ended.text
    assert (await worker.submit(f"{path}/step", {"step": "vanish"})).status_code == 422
    english = await worker.page(path, headers={"accept-language": "en"})
    assert english.status_code == 200


@pytest.mark.parametrize("kind", ["needs", "resources", "activities", "projects"])
async def test_the_form_of_each_list_opens_in_both_languages(town: Town, kind: str) -> None:
    worker = await town.client("worker")
    for lang in ("zh-CN", "en"):
        await worker.page(f"/preferences?lang={lang}")
        for path in (f"/desk/lists?list={kind}", f"/desk/lists/{kind}/new"):
            assert (await worker.page(path)).status_code == 200


async def test_a_program_keeps_the_lists_as_the_pages_do(town: Town) -> None:
    worker = await town.client("worker")
    body = {"fields": CLINIC, "whose": HOSPITAL}
    made = await worker.post("/api/desk/lists/resources", json=body, headers={"Idempotency-Key": "a"})
    assert made.status_code == 201, made.text
    key = made.json()["key"]
    again = await worker.post("/api/desk/lists/resources", json=body, headers={"Idempotency-Key": "a"})
    assert again.json() == made.json()
    changed = await worker.post(
        f"/api/desk/lists/resources/{key}",
        json={"fields": CLINIC | {"quantity": "每次8个号"}, "whose": HOSPITAL},
    )
    assert changed.status_code == 200, changed.text
    seen = (await worker.get(f"/api/desk/lists/resources/{key}")).json()
    assert (seen["owner"], seen["standing"], len(seen["history"])) == ("区第二人民医院", "listed", 2)
    listed = (await worker.get("/api/desk/lists/resources?q=血压")).json()
    assert (listed["total"], listed["lines"][0]["key"]) == (1, key)
    stepped = await worker.post(f"/api/desk/lists/resources/{key}/step", json={"step": "pause"})
    assert stepped.json()["standing"] == "paused"
    wrong = await worker.post(
        "/api/desk/lists/resources", json={"fields": {"colour": "red"}, "whose": HOSPITAL}
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "colour"


def test_every_line_can_be_typed_again_as_it_is_shown() -> None:
    needs = {"title": "帮忙买米", "category": "代买代购", "when": "明天上午"}
    for kind, cells in (("activities", RED_VESTS), ("projects", LIFT), ("needs", needs)):
        line = read_typed(ListKind(kind), cells, filed_on=TUESDAY.date()).line
        assert isinstance(line, Need | Activity | Project)
        assert read_typed(ListKind(kind), typed_of(line), filed_on=TUESDAY.date()).line == line
