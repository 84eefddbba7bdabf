"""The radar over the app's own tables: it sees what the story says, once, and shows it to nobody whom it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.conftest import Town
from tests.timebank.radar.planting import planted_story
from tests.timebank.radar.story import NOW, flags_of, measured
from tests.timebank.radar.written import write
from tests.timebank.second import with_password
from timebank.community.founding.flow import found_community
from timebank.community.identity import flow as identity
from timebank.community.keeping import forget_what_is_over
from timebank.community.people import households
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, NotFound
from timebank.office.radar import flow
from timebank.office.radar.watching import seen, watch
from timebank.policy import RadarPolicy
from timebank.rules.radar import Flag, KeptFlag, Look, Pattern, look
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store import personal
from timebank.store.identity import ways
from timebank.store.oversight import audit, flags


async def test_the_tables_give_what_the_story_says(ctx: Context) -> None:
    ctx.clock.now = NOW  # type: ignore[attr-defined]
    async with ctx.engine.atomic():
        await found_community(ctx, code="dongqu", name="东区社区", name_en="Dongqu", grids=("一网格",))
    story = planted_story(8_000)
    await write(ctx, story)

    told, here = story.seen(), await seen(ctx, "dongqu")
    assert [one.uid for one in here.parts] == [one.uid for one in told.parts]
    assert here.parts == told.parts
    assert (here.met, here.devices) == (told.met, told.devices)
    found = look(here, RadarPolicy())
    assert found == flags_of(story)
    assert sum(measured(story, found).found.values()) >= len(Pattern) - 1

    assert await watch(ctx, "dongqu") == len(found)
    assert sorted(one.flag.people for one in await flags.flags(ctx.engine, "dongqu")) == sorted(
        one.people for one in found
    )
    assert await watch(ctx, "dongqu") == 0
    ctx.clock.now = NOW + timedelta(days=1)  # type: ignore[attr-defined]
    assert await watch(ctx, "dongqu") <= 1, "a day later nearly everything is what it was"


async def flagged(town: Town, *who: str, rule: Pattern = Pattern.SPLIT, **known: Any) -> KeptFlag:
    kept = KeptFlag(
        uid=town.ctx.ids.uid("F"), community="dongqu", seen_at=town.ctx.now(), **known,
        flag=Flag(
            rule=rule, people=tuple(sorted(town.uids[one] for one in who)), parts=("A1",), figures={"days": 1, "parts": 4}
        ),
    )  # fmt: skip
    await flags.add_flag(town.ctx.engine, kept)
    return kept


async def open_for(town: Town, who: str) -> list[str]:
    return [one.kept.uid for one in (await flow.shown(town.ctx, await town.actor(who))).open]


async def test_whom_a_flag_names_and_who_lives_with_them_never_meets_it(town: Town) -> None:
    kept = await flagged(town, "volunteer", "worker")
    assert await open_for(town, "worker") == []
    assert await open_for(town, "worker2") == [kept.uid]
    assert await open_for(town, "auditor") == [kept.uid]
    with pytest.raises(NotFound):
        await flow.look_at(
            town.ctx, await town.actor("worker"), kept.uid, found=Look.EXPLAINED, says="没有问题"
        )
    browser = await town.client("worker")
    assert "件事请您看一眼" not in (await browser.page("/books")).text
    assert (await browser.submit(f"/books/radar/{kept.uid}", {})).status_code in {404, 422}

    await households.live_together(
        town.ctx, await town.actor("worker"), town.uids["worker2"], other=town.uids["volunteer"]
    )
    assert await open_for(town, "worker2") == []
    assert await open_for(town, "auditor") == [kept.uid]


async def test_a_look_takes_a_sentence_and_a_finding_once_and_leaves_a_line(town: Town) -> None:
    kept, desk = await flagged(town, "volunteer", "elder"), await town.actor("worker")
    for found, says, field in ((Look.OPEN, "打电话问过", "found"), (Look.EXPLAINED, " 好 ", "says")):
        with pytest.raises(BadField) as refused:
            await flow.look_at(town.ctx, desk, kept.uid, found=found, says=says)
        assert refused.value.field == field
    await flow.look_at(town.ctx, desk, kept.uid, found=Look.EXPLAINED, says=" 打电话问过，是四顿饭 ")
    again = await flags.flag(town.ctx.engine, kept.uid)
    assert again is not None
    assert (again.state, again.looked_by, again.says) == (Look.EXPLAINED, desk.uid, "打电话问过，是四顿饭")
    with pytest.raises(AlreadyDone):
        await flow.look_at(town.ctx, desk, kept.uid, found=Look.WRONG, says="再看一次")
    [line] = await audit.about(town.ctx.engine, "dongqu", kept.uid)
    assert (line.action, line.actor, line.reason) == ("radar_explained", desk.uid, "split")
    page = await flow.shown(town.ctx, await town.actor("auditor"))
    assert ([one.kept.uid for one in page.looked], page.open) == ([kept.uid], ())
    assert set(page.looked[0].people.values()) == {""}, "an auditor reads numbers instead of names"


async def test_a_password_that_one_of_them_gave_is_no_other_hand(town: Town) -> None:
    kept = await flagged(town, "volunteer", "worker")
    await with_password(town, "auditor", "he-audit")
    given = replace(await town.actor("auditor"), via="I-GIVEN")
    await ways.add_way(
        town.ctx.engine,
        ways.WayIn(uid="I-GIVEN", member=given.uid, community="dongqu", made_by=town.uids["worker"], made_at=NOW),
    )  # fmt: skip
    with pytest.raises(SecondPerson):
        await flow.look_at(town.ctx, given, kept.uid, found=Look.EXPLAINED, says="说得通的")


async def test_the_page_keeps_what_was_typed_and_says_what_is_missing(town: Town) -> None:
    kept = await flagged(town, "volunteer", "elder")
    desk = await town.client("worker")
    back = await desk.submit(f"/books/radar/{kept.uid}", {"says": "问过了，是四顿饭"})
    assert back.status_code == 422
    assert "请选看下来怎么样" in back.text
    assert "问过了，是四顿饭" in back.text
    done = await desk.submit(f"/books/radar/{kept.uid}", {"says": "问过了，是四顿饭", "found": "explained"})
    assert done.status_code == 200
    assert "说得通" in done.text
    english = (await desk.page("/books/radar", headers={"accept-language": "en"})).text
    assert "perhaps cut into several" in english
    assert (
        await desk.submit("/books/radar/FNONE", {"says": "没有这一条", "found": "wrong"})
    ).status_code == 404


async def test_two_people_on_one_telephone_have_two_ways_and_one_device(town: Town) -> None:
    ctx, desk, found = town.ctx, await town.actor("worker"), []
    device = ""
    for who in ("volunteer", "volunteer2", "elder"):
        code = await identity.issue_code(ctx, desk, member=town.uids[who], kind="code")
        signed_in = await identity.sign_in_by_code(
            ctx, community="dongqu", who=town.uids[who], code=code, source=who, device=device
        )
        rows = await ctx.engine.fetch("SELECT uid, device FROM tb_way_in WHERE member = ?", [town.uids[who]])
        found += [(str(row["uid"]), str(row["device"])) for row in rows]
        device = signed_in.device
    (first, none), second, third = found
    assert none == ""
    assert (second[1], third[1]) == (first, first)


async def test_what_was_written_of_a_flag_goes_with_each_whom_it_names_and_after_a_year(town: Town) -> None:
    known: dict[str, Any] = {
        "state": Look.EXPLAINED,
        "looked_by": town.uids["worker"],
        "looked_at": town.ctx.now(),
        "says": "问过王奶奶",
    }
    kept = await flagged(town, "volunteer", "elder", **known)
    other = await flagged(town, "volunteer", "leader", rule=Pattern.DEVICE, **known)

    async def says(uid: str) -> str:
        found = await flags.flag(town.ctx.engine, uid)
        assert found is not None
        return found.says

    async with town.ctx.engine.atomic():
        await personal.forget(
            town.ctx.engine, town.uids["elder"], naming=["王秀英"], title_of=lambda _: "帮忙"
        )
    assert (await says(kept.uid), await says(other.uid)) == ("", "问过王奶奶")
    assert "flag" not in await personal.kept_about(town.ctx.engine, town.uids["volunteer"])
    town.ctx.clock.now += timedelta(days=366)  # type: ignore[attr-defined]
    await forget_what_is_over(town.ctx, "dongqu")
    assert await says(other.uid) == ""
