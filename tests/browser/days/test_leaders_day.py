"""A leader's Tuesday: 21 people on the roll, one ticked without a network, and everything that goes wrong at a shift put right."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SIGNED_UP, TICKED = 11, 5
"""Of the demo's Tuesday."""
NEW = ("何春", "何夏", "何秋", "何冬", "何东", "何南", "何西", "何北", "何中", "何前")
"""They came to the team this morning with the volunteers' file."""
PEOPLE = SIGNED_UP + len(NEW)
ANOTHER_SAYS_SO = re.compile("还要另一位说一句|somebody else still has to say so")
NEXT_TUESDAY = re.compile("12月1日|1 December|1 Dec")
THE_DAY_AFTER = re.compile("12月2日|2 December|2 Dec")


@pytest.mark.parametrize("way", ways_of("leader"), ids=str)
def test_a_leaders_day(way: Way, day: Town) -> None:
    assert PEOPLE == 21
    _ten_join_the_team(day)
    leader = day.of("zheng")

    here = _the_roll(leader)
    _everybody_is_ticked(leader, here, way)
    _two_walk_up(leader, here)
    _one_leaves_early_and_is_still_there(leader, here, day)
    _closed_by_mistake_and_opened_again(leader, here, day)
    _after_work_the_paper_says_more(leader, here, day, way)
    _a_second_person_confirms(leader, here, day)
    next_week = _next_week_somebody_wants_to_swap(leader, day)
    _and_it_rains(leader, next_week, day)


def _ten_join_the_team(day: Town) -> None:
    file = day.folder / "报到志愿者.csv"
    rows = [f"{name},199000004{number:02d},,,,,周二红马甲服务队" for number, name in enumerate(NEW)]
    head = "姓名,手机,身份,特长,愿意服务的时间,愿意服务的对象,所属队伍"
    file.write_text("\n".join((head, *rows)), encoding="utf-8")
    day.command("import", str(file))


def _the_roll(leader: Own) -> str:
    """From the team's page to the roll-call; its address."""
    leader.open("/teams")
    leader.follow("点名", leader.slip("今天"))
    return leader.page.url.removeprefix(leader.url)


def _everybody_is_ticked(leader: Own, here: str, way: Way) -> None:
    """Who signed up by one tap each, who only came by one more tap below."""
    _counts(leader, TICKED, SIGNED_UP)
    if way.javascript:
        _one_without_a_network(leader)
    while (ticks := leader.main.locator("form[action$='/tick'] button")).count():
        leader.send(ticks.first)
    for name in NEW:
        leader.send(_not_on_it(leader, name).locator("form button"))
    _counts(leader, PEOPLE, PEOPLE)
    # Who is with somebody else at that hour is refused by name.
    _not_on_it(leader, "钱师傅").locator("form button").click()
    expect(leader.main.locator("#errors")).to_contain_text("钱师傅")


def _one_without_a_network(leader: Own) -> None:
    """Pressed where there is no network: it waits on the telephone, and is sent once when there is one."""
    leader.page.context.set_offline(True)
    row = leader.main.locator("ul.roll > li").filter(has=leader.page.locator("form[action$='/tick']")).first
    row.locator("form[action$='/tick'] button").click()
    expect(leader.main.locator("[data-waits]")).to_have_count(1)
    expect(leader.page.locator("#queue")).to_be_visible()
    leader.page.context.set_offline(False)
    expect(leader.main.locator("[data-waits]")).to_have_count(0)
    expect(leader.page.locator("#queue")).to_be_hidden()
    _counts(leader, TICKED + 1, SIGNED_UP)


def _two_walk_up(leader: Own, here: str) -> None:
    """One whom nobody knows, and one by the number on the vest; both join the team's people."""
    for name, first in (("何大海", True), ("003", False)):
        leader.open(here)
        leader.main.locator("#walk-up summary").first.click()
        leader.main.locator("#f-name").fill(name)
        if first:
            leader.main.get_by_label(leader.t("第一次来")).check()
        leader.click("人到了，记上")
    leader.open(here)
    _counts(leader, PEOPLE + 2, PEOPLE + 2)
    expect(_row(leader, "赵老师")).to_be_visible()


def _one_leaves_early_and_is_still_there(leader: Own, here: str, day: Town) -> None:
    day.at("09:40")
    deng = day.of("deng")
    leader.open(here)
    leader.press("leave_for", _row(leader, "邓姐"), left="9:35")
    expect(_row(leader, "邓姐")).to_contain_text("9:35")
    deng.reads("/volunteer", deng.sentence(Standing.LEFT, Person.VOLUNTEER, at2="9:35"))
    row = _row(leader, "邓姐")
    row.locator("summary").first.click()
    leader.take_back(row)
    expect(_row(leader, "邓姐")).not_to_contain_text("9:35")
    deng.reads("/volunteer", deng.sentence(Standing.ARRIVED, Person.VOLUNTEER))


def _closed_by_mistake_and_opened_again(leader: Own, here: str, day: Town) -> None:
    day.at("09:46")
    _close(leader, here, "09:46")
    deng = day.of("deng")
    deng.reads("/volunteer", deng.sentence(Standing.LEFT, Person.VOLUNTEER, at2="9:46"))
    leader.open(here)
    leader.press("reopen")
    deng.reads("/volunteer", deng.sentence(Standing.ARRIVED, Person.VOLUNTEER))


def _after_work_the_paper_says_more(leader: Own, here: str, day: Town, way: Way) -> None:
    """Closed at 11:30; on the paper one had left at 10:30 and one more had been there."""
    day.at("11:36")
    _close(leader, here, "11:30")
    leader.open(here)
    leader.follow("照纸填")
    pan = leader.main.locator("tr").filter(has_text="潘叔")
    left, new = pan.locator("[name=left]"), leader.main.locator("[name=name]").first
    if way.javascript:
        before = _heads(leader)
        left.focus()
        leader.page.keyboard.press("ArrowUp")
        expect(pan.locator("[name=left]")).not_to_be_focused()
        leader.page.keyboard.press("ArrowDown")
        expect(left).to_be_focused()
        leader.page.keyboard.type("1030")
        leader.page.keyboard.press("Control+z")
        expect(left).to_have_value("11:30")
        leader.page.keyboard.press("Control+a")
        leader.page.keyboard.type("1030")
        leader.page.keyboard.press("ArrowUp")
        assert _heads(leader) == before
    else:
        left.fill("1030")
    new.fill("何大江")
    line = leader.main.locator("tr").filter(has=leader.page.locator("[name=name]")).first
    line.locator("[name=came]").fill("八点半")
    line.locator("[name=went]").fill("11.30")
    leader.main.locator("#f-heads").fill(str(PEOPLE + 2))
    leader.main.get_by_role("button", name=leader.t("照这张纸记下")).click()
    # The paper has one more: the difference is said, and everything typed is still there.
    expect(leader.main.locator("#errors")).to_contain_text(str(PEOPLE + 3))
    expect(leader.main.locator("tr").filter(has_text="潘叔").locator("[name=left]")).to_have_value("1030")
    leader.main.locator("#f-heads").fill(str(PEOPLE + 3))
    leader.click("照这张纸记下")
    leader.open(here)
    expect(_row(leader, "潘叔")).to_contain_text("10:30")
    expect(_row(leader, "何大江")).to_contain_text("8:30")


def _a_second_person_confirms(leader: Own, here: str, day: Town) -> None:
    """Who called the roll is not asked for a word; the deputy says it, and the desk of what is beyond two people's day."""
    leader.open(here)
    expect(leader.main).to_contain_text(leader.t("等另一位"))
    expect(leader.main.get_by_role("button", name=leader.t("都对，记上"), exact=True)).to_have_count(0)
    deputy, desk = day.of("deng"), day.of("worker")
    deputy.open(here)
    deputy.press("confirm", _row(deputy, "郑队长"))
    deputy.open(here)
    deputy.click("都对，记上")
    expect(deputy.page.locator(".flash")).to_contain_text(ANOTHER_SAYS_SO)
    expect(_in_the_passbook(leader)).to_have_count(0)
    day.tick("11:58")
    expect(_in_the_passbook(leader)).to_have_count(1)
    # 24 people of three hours are more than the same two may bring in: the desk reads what is left, and says it.
    left = desk.open("/desk/confirm").locator(".slip").filter(has_text="周二“红马甲”在行动")
    expect(left.first).to_contain_text(desk.t("同两位一起确认的时间已经很多"))
    desk.send(left.first.locator("form[action$='/confirm'] button").first)
    day.tick("12:10")
    desk.does_not_read("/desk/confirm", "同两位一起确认的时间已经很多")


def _next_week_somebody_wants_to_swap(leader: Own, day: Town) -> str:
    """Next week's shift is made; one who signed up wants to give it away, others are asked, the first yes has it."""
    leader.open("/teams")
    leader.click("照清单排班")
    deng = day.of("deng")
    deng.open("/volunteer")
    deng.click("我报名", deng.slip("周二“红马甲”在行动", NEXT_TUESDAY))
    leader.open("/teams")
    leader.follow("看名单", leader.slip(NEXT_TUESDAY))
    here = leader.page.url.removeprefix(leader.url)
    expect(_row(leader, "邓姐")).to_contain_text(leader.t("还没到"))

    deng.open("/volunteer")
    deng.press("swap", deng.slip("周二“红马甲”在行动", NEXT_TUESDAY), note="要带孙子打针")
    leader.open(here)
    expect(_row(leader, "邓姐")).to_contain_text(leader.t("想请别人换，在问队里的人"))
    tang = day.of("tang")
    tang.open("/volunteer")
    tang.press("claim", tang.slip("周二“红马甲”在行动", NEXT_TUESDAY))
    leader.open(here)
    expect(_row(leader, "唐师傅")).to_be_visible()
    expect(leader.main.locator("ul.roll").first).not_to_contain_text("邓姐")
    deng.reads("/volunteer", deng.sentence(Standing.SWAPPED, Person.VOLUNTEER, who="唐师傅"))
    return here


def _and_it_rains(leader: Own, here: str, day: Town) -> None:
    """Rained off by a slip, back on, and then moved to the day after; whoever has signed up reads each of it."""
    tang = day.of("tang")
    leader.open(here)
    leader.press("rain")
    expect(leader.main).to_contain_text(leader.sentence(Standing.OFF_RAIN, Person.LEADER))
    tang.reads("/volunteer", tang.sentence(Standing.OFF_RAIN, Person.VOLUNTEER))
    leader.take_back()
    tang.reads("/volunteer", NEXT_TUESDAY)
    leader.open(here)
    leader.press("move", to="2026-12-02T08:30")
    expect(leader.main).to_contain_text(leader.sentence(Standing.MOVED, Person.LEADER))
    tang.reads("/volunteer", THE_DAY_AFTER)
    leader.open("/teams")
    expect(leader.slip(THE_DAY_AFTER)).to_be_visible()


def _not_on_it(leader: Own, name: str) -> Locator:
    """Somebody of the team who is not on the roll."""
    others = leader.main.locator("#walk-up details").nth(1)
    others.locator("summary").click()
    return others.locator("li").filter(has_text=name).first


def _close(leader: Own, here: str, at: str) -> None:
    leader.open(f"{here}/close")
    leader.main.locator("#f-at").fill(at)
    absent = leader.main.get_by_label(leader.t("都没来，记缺席"))
    if absent.count():
        absent.check()
    leader.click("收工")


def _row(own: Own, name: str) -> Locator:
    row = own.main.locator("ul.roll > li").filter(has_text=name).first
    expect(row).to_be_visible()
    return row


def _counts(leader: Own, here: int, expected: int) -> None:
    expect(leader.main.locator("#counts")).to_contain_text(f"{here} / {expected}")


def _heads(leader: Own) -> str:
    return leader.main.locator("[data-sums]").inner_text().split()[1]


def _in_the_passbook(own: Own) -> Locator:
    """The line of today."""
    today = re.compile("11-24|24 Nov")
    return own.open("/hours").locator("tbody tr").filter(has_text=today)
