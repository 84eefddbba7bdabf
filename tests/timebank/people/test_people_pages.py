"""Registering, joining by oneself, finding, households and needs without an owner: by pages and by flows."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace import store as lists
from tests.timebank.settling import settle
from timebank.community.people import correcting, households, newcomers
from timebank.errors import AlreadyDone, BadField, NotFound
from timebank.help.imports import flow as imports
from timebank.store.members import applicants, finding, people, phones


async def test_somebody_new_is_registered_and_somebody_known_is_shown_first(office: Any) -> None:
    ctx, worker = office.ctx, await office.actor()
    told = newcomers.Told(name="欧阳一", phone="19911110001、028-85550000", age="1950-03-02", asks=True)
    uid, new = await newcomers.register_at_counter(ctx, worker, told)
    assert new
    assert [one.number for one in await phones.phones(ctx.engine, uid)] == ["19911110001", "02885550000"]
    with pytest.raises(newcomers.MayBeKnown) as refused:
        await newcomers.register_at_counter(ctx, worker, told)
    assert refused.value.uids == (uid,)
    same = newcomers.Told(name="欧阳一", phone="19911110001", occupation="退休", who=uid)
    assert await newcomers.register_at_counter(ctx, worker, same) == (uid, False)
    assert (await people.person(ctx.engine, uid)).occupation == "退休"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (newcomers.Told(name=""), "name"),
        (newcomers.Told(name="新人", phone="1990000000"), "phone"),
        (newcomers.Told(name="新人", age="很大"), "age"),
        (newcomers.Told(name="新人", area="nanqu-1"), "area"),
        (newcomers.Told(name="新人", number="021"), "number"),
    ],
)
async def test_what_cannot_be_is_refused_and_nobody_half_registered(
    office: Any, told: newcomers.Told, field: str
) -> None:
    before = await office.count()
    with pytest.raises(BadField) as refused:
        await newcomers.register_at_counter(office.ctx, await office.actor(), told)
    assert (refused.value.field, await office.count()) == (field, before)


async def test_the_page_keeps_what_was_typed_when_somebody_may_be_known(office: Any) -> None:
    worker = await office.town.client("worker")
    page = await worker.submit("/desk/register", {"name": "李四", "phone": "", "gives": "yes"})
    assert page.status_code == 409
    assert 'value="李四"' in page.text
    assert office.town.uids["volunteer"] in page.text
    done = await worker.submit("/desk/register", {"name": "李四", "gives": "yes", "who": "another"})
    assert done.status_code == 200
    assert len(await office.named("李四")) == 2


async def test_who_asks_to_join_is_nobody_until_the_desk_says_so(office: Any) -> None:
    before = await office.count()
    stranger = await office.town.stranger()
    for _again in range(2):  # pressing twice asks once
        page = await stranger.submit("/join", {"name": "想来的", "phone": "19911117777", "wants": "gives"})
        assert page.status_code == 200
    assert (await office.count(), await applicants.count_waiting(office.ctx.engine, "dongqu")) == (before, 1)
    [one] = await applicants.waiting(office.ctx.engine, "dongqu")
    with pytest.raises(NotFound):
        await newcomers.confirm_applicant(office.ctx, await office.actor("stranger_worker"), one.uid)
    uid, new = await newcomers.confirm_applicant(office.ctx, await office.actor(), one.uid)
    assert new
    assert (await people.profile(office.ctx.engine, uid)).gives
    with pytest.raises(AlreadyDone):
        await newcomers.confirm_applicant(office.ctx, await office.actor(), one.uid)
    gone = await applicants.applicant(office.ctx.engine, one.uid)
    assert gone is not None
    assert (gone.name, gone.phone) == ("", "")


async def test_a_stranger_is_not_told_who_is_on_record(office: Any) -> None:
    stranger = await office.town.stranger()
    known = await stranger.submit("/join", {"name": "李四", "phone": "19900000004"})
    new = await stranger.submit("/join", {"name": "没人", "phone": "19911118888"})
    assert known.status_code == new.status_code == 200
    [one, _two] = await applicants.waiting(office.ctx.engine, "dongqu")
    with pytest.raises(newcomers.MayBeKnown):
        await newcomers.confirm_applicant(office.ctx, await office.actor(), one.uid)


async def test_no_page_of_people_grows_with_their_number(office: Any) -> None:
    async with office.ctx.engine.atomic():
        for number in range(130):
            await settle(
                office.ctx, "dongqu", f"人{number:03d}", number=f"{number + 200}" if number % 2 else ""
            )
    worker = await office.town.client("worker")
    seen: set[str] = set()
    url, pages = "/desk/members", 0
    while url:
        page = (await worker.page(url)).text
        found = {part.partition('"')[0] for part in page.split('<a href="/desk/members/M')[1:]}
        assert 0 < len(found) <= finding.PAGE
        assert not found & seen
        seen |= found
        pages += 1
        url = "/desk/members?after=" + page.partition("/desk/members?after=")[2].partition('"')[0]
        if "/desk/members?after=" not in page:
            break
    assert len(seen) == await office.count() - 3  # the neighbours' three are not here
    assert pages == 3
    one = (await worker.page(f"/desk/members/{office.town.uids['elder']}")).text
    assert len(one) < 40_000


async def test_corrections_are_kept_and_a_taken_number_is_refused(office: Any) -> None:
    ctx, worker, elder = office.ctx, await office.actor(), office.town.uids["elder"]
    new = correcting.Corrections(
        name="王秀瑛",
        called="王阿婆",
        phone="19900000101",
        emergency_phone="19911110009",
        number="077",
        size="elder-xl",
    )
    found = await correcting.correct(ctx, worker, elder, new)
    assert (found.person.name, found.member.number, found.member.size) == ("王秀瑛", "077", "elder-xl")
    assert {one.whose for one in found.phones} == {"", "emergency"}
    with pytest.raises(BadField) as refused:
        await correcting.correct(ctx, worker, elder, correcting.Corrections(name="王秀瑛", number="021"))
    assert refused.value.field == "number"
    with pytest.raises(NotFound):
        await correcting.correct(ctx, await office.actor("volunteer"), elder, new)


async def test_what_a_volunteer_wants_is_their_line_on_the_resources_list(office: Any) -> None:
    ctx, volunteer = office.ctx, office.town.uids["volunteer"]
    actor = await office.actor("volunteer")
    wants = correcting.Wants(
        gives=True, services=("haircut",), times="周二下午", languages="四川话", hours_per_week_max=4,
        same_building=True, grids=("一网格",), declines=("electrical",), notice_days=2,
    )  # fmt: skip
    await correcting.save_wants(ctx, actor, volunteer, wants)
    [offer] = await lists.resources(ctx.engine, "dongqu", owner=volunteer)
    assert (offer.categories, offer.declines, offer.reach_grids) == (
        ("haircut",),
        ("electrical",),
        ("一网格",),
    )
    assert (offer.minutes_per_week_max, offer.same_building, offer.languages) == (
        240,
        True,
        frozenset({"四川话"}),
    )
    assert offer.when.recurrences
    shown = await correcting.wants_of(ctx, await correcting.on_record(ctx, actor, volunteer, "MemberProfile"))
    assert (shown.services, shown.hours_per_week_max, shown.notice_days) == (("haircut",), 4, 2)
    await correcting.save_wants(ctx, actor, volunteer, correcting.Wants(gives=False))
    assert not await lists.resources(ctx.engine, "dongqu", owner=volunteer)
    with pytest.raises(NotFound):
        await correcting.save_wants(ctx, await office.actor("volunteer2"), volunteer, wants)


async def test_two_homes_are_not_silently_one(office: Any) -> None:
    ctx, worker, uids = office.ctx, await office.actor(), office.town.uids
    await households.live_together(ctx, worker, uids["elder"], other=uids["proxy"])
    await households.live_together(ctx, worker, uids["volunteer"], other=uids["volunteer2"])
    with pytest.raises(households.TwoHouseholds):
        await households.live_together(ctx, worker, uids["elder"], other=uids["volunteer"])
    with pytest.raises(BadField):
        await households.live_together(ctx, worker, uids["elder"], other=uids["elder"])
    with pytest.raises(NotFound):
        await households.live_together(ctx, worker, uids["elder"], other=uids["stranger_elder"])
    await households.live_apart(ctx, worker, uids["elder"])
    with pytest.raises(AlreadyDone):
        await households.live_apart(ctx, worker, uids["elder"])


async def test_an_imported_need_gets_its_resident(office: Any) -> None:
    text = "需求内容,希望时间,登记日期,数量\n陪去体检,随时,2026-11-20,1次\n"
    await imports.import_files(office.ctx, await office.actor(), "dongqu", [("需求.csv", text.encode())])
    [need] = await lists.needs(office.ctx.engine, "dongqu")
    worker = await office.town.client("worker")
    page = await worker.page(f"/desk/needs/{need.line_key}")
    assert f"/desk/pick/need/{need.line_key}" in page.text
    picked = await worker.submit(f"/desk/pick/need/{need.line_key}", {"q": "王奶奶"})
    assert office.town.uids["elder"] in picked.text
    await worker.submit(f"/desk/needs/{need.line_key}/owner", {"other": office.town.uids["elder"]})
    elder = await office.town.client("elder")
    assert "陪去体检" in (await elder.page("/elder")).text


async def test_a_small_town_comes_in_twice_and_from_another_file_and_is_everybody_once(office: Any) -> None:
    """The real flow over a list that goes ahead in turns; the figures of a whole town stand in the benchmarks."""
    surnames, given = "王李张刘陈杨", "伟芳娜敏静丽强"
    names = [surnames[at % 6] + given[at // 6 % 7] + (given[at % 7] if at % 3 else "") for at in range(240)]
    rows = [f"{name},199{at:08d},聊天,第{at % 9}服务队" for at, name in enumerate(names)]
    text = "姓名,手机,特长,所属队伍\n" + "\n".join(rows) + "\n"
    before = await office.count()
    first = await office.bring("名单.csv", text)
    assert await office.count() == before + 240
    again = await office.bring("名单.csv", text + "\n")
    assert again.changes == 0
    padded = text.replace(",199", ",+86 199")
    for name in set(names):
        if len(name) == 2:
            padded = padded.replace(f"\n{name},", f"\n{name[0]}　{name[1]},")
    other = await office.bring("街道名单.csv", padded)
    assert [row.target for row in other.rows] == [row.target for row in first.rows]
    assert await office.count() == before + 240
    assert await office.asked() == 0
