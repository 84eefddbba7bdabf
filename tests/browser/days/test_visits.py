"""One Tuesday of an elder, her daughter, the helpers, a unit, the desk and the auditor: visits that come, fail, are passed on.

The stories follow each other on one clock; each has people and an hour of its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_helper_cancels_somebody_who_was_asked_steps_in_and_the_elder_reads_who(town: Any) -> None:
    elder, helper = town.of("liu"), town.of("xu")
    town.at("2026-11-24 10:30")
    elder.reads("/elder", "今天 15:00–16:00 许阿姨来")
    helper.open("/volunteer")
    helper.press("cannot", helper.slip("理发", "15:00"), note="发烧了")
    helper.reads("/volunteer", "您说了去不了，谢谢早说。")

    main = elder.reads("/elder", "许阿姨来不了了，正在另找人")
    expect(main).not_to_contain_text("许阿姨来：")
    desk = town.of("worker", "desk")
    row = (
        desk.reads("/desk/evening", "许阿姨来不了，还没有人顶")
        .locator(".slip")
        .filter(has_text="许阿姨来不了")
    )
    asked = row.locator("ul.roll .name").first.inner_text()

    steps_in = town.of(town.who(asked), "desk")
    steps_in.reads("/volunteer", "空出来的，您能来吗")
    steps_in.press("claim", steps_in.slip("理发", "15:00"))
    expect(steps_in.page.locator(".flash")).to_be_visible()
    elder.reads("/elder", f"今天 15:00–16:00 {asked}来")
    desk.does_not_read("/desk/evening", "许阿姨来不了")
    # Who cancelled takes it back too late: the place is taken.
    helper.open("/volunteer")
    helper.slip("谢谢早说").get_by_role("button", name="按错了，改回").click()
    expect(helper.main).to_contain_text("已经有人顶上了")
    elder.reads("/elder", f"今天 15:00–16:00 {asked}来")


def test_a_unit_cancels_on_the_day_and_the_desk_sees_it_at_once(town: Any) -> None:
    unit, desk = town.of("teacher"), town.of("worker", "desk")
    town.at("2026-11-24 11:00")
    unit.reads("/unit", "答应了的")
    mine = unit.slip("你们答应了今天 16:30–18:00")
    unit.press("cannot", mine, note="老师都去开会了")
    unit.does_not_read("/unit", "你们答应了今天 16:30–18:00")
    unit.reads("/unit", "你们答应了明天 16:30–18:00")

    row = desk.open("/desk/evening").locator(".slip").filter(has_text="课后托管")
    expect(row.first).to_contain_text("今天 16:30–18:00")
    expect(row.first).to_contain_text("实验小学来不了，还没有人顶")


def test_a_unit_names_who_goes_and_both_sides_read_the_name(town: Any) -> None:
    unit, worker = town.of("teacher", "desk"), town.of("worker", "desk")
    unit.open("/unit")
    who_goes = unit.slip("你们答应了明天 16:30–18:00").get_by_role("link", name="定下谁去")
    visit = (who_goes.get_attribute("href") or "").partition("#")[0]
    worker.reads(visit, "实验小学答应了，还没定是谁。")
    who_goes.click()
    unit.main.get_by_text("名单里没有这个人").click()
    unit.main.get_by_label("姓名").fill("马老师")
    unit.click("记下，就请这位")
    unit.reads("/unit", "明天 16:30–18:00 马老师去")
    worker.reads(visit, "明天 16:30–18:00 马老师去，还没问去不去得了。")


def test_one_date_of_a_series_is_called_off_and_taken_back_while_the_others_stay(town: Any) -> None:
    elder = town.of("sun", javascript=False)
    town.at("2026-11-24 17:10")
    main = elder.reads("/elder", "助餐")
    coming = main.locator(".slip").filter(has_text="惠民餐饮会派人来")
    days = coming.count()
    assert days >= 3
    tomorrow = coming.filter(has_text="明天 11:30")
    elder.press("off_date", tomorrow)
    elder.reads("/elder", "这一次不用来了，别的日子照旧。")
    expect(elder.main.locator(".slip").filter(has_text="惠民餐饮会派人来")).to_have_count(days - 1)
    expect(elder.main.locator(".slip").filter(has_text="后天 11:30")).to_contain_text("会派人来")

    town.at("2026-11-24 17:18")
    elder.open("/elder")
    elder.take_back(elder.slip("这一次不用来了"))
    expect(elder.open("/elder").locator(".slip").filter(has_text="惠民餐饮会派人来")).to_have_count(days)


def test_a_claim_waits_on_the_elders_page_and_her_yes_arranges_it(town: Any) -> None:
    elder, helper = town.of("sun", javascript=False), town.of("deng")
    town.at("2026-11-24 17:20")
    elder.reads("/elder", "正在帮您找人，后天 18:00以前给您回话。")
    helper.open("/lists/needs")
    helper.main.locator("ul.cards > li").filter(has_text="11月26日").get_by_role(
        "link", name="陪伴问候"
    ).first.click()
    helper.click("认领，等对方答复")

    elder.reads("/elder", "邓姐愿意来：想请人陪着说说话。请您说一声行不行。")
    elder.click("好，请他来", elder.slip("邓姐愿意来"))
    elder.reads("/elder", "后天 13:00–14:00 邓姐来")
    helper.reads("/volunteer", "陪伴问候")


def test_an_answer_that_is_late_says_so_and_offers_two_other_times(town: Any) -> None:
    elder = town.of("ma", javascript=False)
    town.at("2026-11-24 17:25")
    elder.reads("/elder", "对不起，说好11月20日 周五 18:00回话，还没找到人")
    late = elder.slip("想请人教用手机视频")
    others = late.locator("form[action$='/time'] button")
    expect(others).to_have_count(2)
    chosen = others.nth(1).inner_text().removesuffix(" 行")
    day, clocks = chosen.rsplit(" ", 1)
    others.nth(1).click()
    elder.reads("/elder", "正在帮您找人")
    slip = elder.slip("想请人教用手机视频")
    expect(slip).not_to_contain_text("对不起")
    expect(slip).to_contain_text(clocks)
    assert (
        day in slip.inner_text().replace("年", "").replace("2026", "") or day.split()[0] in slip.inner_text()
    )


def test_a_line_of_the_passbook_that_is_wrong_is_put_right_by_the_desk(town: Any) -> None:
    elder, desk = town.of("wang", javascript=False), town.of("worker", "desk")
    town.at("2026-11-24 17:40")
    line = elder.open("/hours").locator("tr, li").filter(has_text="电路灯具")
    expect(line.first).to_contain_text("0:30")
    line.first.get_by_role("link", name="不对？").click()
    elder.press("wrong", note="来了一个小时，不是半小时")
    desk.open("/desk/evening")
    row = desk.main.locator(".slip").filter(has_text="电路灯具").filter(has_text="11月16日")
    expect(row).to_have_count(1)
    # Longer hours take two: what one writes waits for a colleague.
    desk.press("correct", row, minutes="60", note="两边都问过")
    elder.does_not_read("/hours", "更正：时间记错了")
    desk.open("/desk/evening")
    expect(row).to_have_count(0)
    colleague = town.of("worker2", "desk")
    colleague.reads("/desk/put-right", "两边都问过")
    colleague.click("看过了，就这样改")

    elder.reads("/hours", "更正：时间记错了（电路灯具）")
    lines = town.of("钱二").open("/hours").locator("tr").filter(has_text="电路灯具")
    # One lamp of October, and of this one the hours as they were, taken back, and as they are.
    expect(lines).to_have_count(4)
    expect(lines.nth(2)).to_contain_text("更正")
    expect(lines.nth(3)).to_contain_text("1:00")
    town.of("auditor", "desk").reads("/books", "一分不差")
