"""Two people changed the same thing: what one of them changed is taken, what both changed is chosen, nothing is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.timebank.conftest import Town
from tests.timebank.web.test_web_forms import fields, press
from timebank.web.forms.merging import Disputed, merged, read_seen, seen_as

FIELDS = st.sampled_from(["name", "phone", "address"])
WORDS = st.sampled_from(["", "甲", "乙", "丙", "两\n行"])
VERSION = st.fixed_dictionaries({"name": WORDS, "phone": WORDS, "address": WORDS})


@given(before=VERSION, theirs=VERSION, yours=VERSION)
def test_each_field_is_one_of_the_versions_and_only_what_both_changed_is_asked(
    before: dict[str, str], theirs: dict[str, str], yours: dict[str, str]
) -> None:
    found = merged(before, theirs, yours)
    asked = {one.name for one in found.disputed}
    for name in theirs:
        mine, now, was = yours[name], theirs[name], before[name]
        assert (name in asked) == (mine != was and now != was and mine != now)
        assert found.values[name] == (now if mine == was else mine)


@given(before=VERSION, yours=VERSION)
def test_with_nobody_else_the_typed_words_stand(before: dict[str, str], yours: dict[str, str]) -> None:
    assert merged(before, before, yours).values == yours
    assert not merged(before, before, yours).disputed


def test_lines_of_a_browser_end_otherwise_and_are_the_same() -> None:
    assert not merged({"note": "一\n二"}, {"note": "一\n二\n三"}, {"note": "一\r\n二 "}).disputed


def test_a_field_that_did_not_come_was_emptied() -> None:
    found = merged({"box": "yes"}, {"box": "yes"}, {})
    assert found.values == {"box": ""}
    both = merged({"box": "yes"}, {"box": "no"}, {})
    assert both.disputed == (Disputed(name="box", before="yes", theirs="no", yours=""),)


def test_what_a_form_had_shown_is_read_back_and_anything_else_is_not() -> None:
    assert read_seen(seen_as({"n": 60, "w": " 字 "})) == {"n": "60", "w": "字"}
    for text in ("", "{", "[]", "3", '"x"'):
        assert read_seen(text) is None


def shown(html: str, action: str) -> dict[str, str]:
    """Every field of the form as the page shows it: hidden, text, text area, chosen."""
    form = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', html, re.S)
    assert form
    found = fields(html, action)
    for tag in re.findall(r"<input [^>]*>", form.group(0)):
        known = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if known.get("type") in {"radio", "checkbox"}:
            if tag.endswith(" checked>") or " checked" in tag:
                found[known["name"]] = unescape(known["value"])
        elif "name" in known:
            found[known["name"]] = unescape(known.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form.group(0), re.S):
        found[name] = unescape(text)
    for name, body in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form.group(0), re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found.pop("idempotency_key")  # each press below is one of its own
    return found


async def opened(browser: Any, action: str) -> dict[str, str]:
    return shown((await browser.page(action)).text, action)


async def test_two_clerks_who_changed_different_fields_of_a_person_both_keep_theirs(town: Town) -> None:
    one, two = await town.client("worker"), await town.client("worker2")
    action = f"/desk/members/{town.uids['elder']}/edit"
    first, second = await opened(one, action), await opened(two, action)
    await press(one, action, {**first, "health_note": "耳背，请大声说"})
    saved = await press(two, action, {**second, "address": "一网格3号楼503"}, follow_redirects=True)
    assert saved.status_code == 200
    now = await opened(one, action)
    assert (now["health_note"], now["address"]) == ("耳背，请大声说", "一网格3号楼503")


async def test_two_clerks_who_changed_the_same_field_see_both_and_choose(town: Town) -> None:
    one, two = await town.client("worker"), await town.client("worker2")
    action = f"/desk/members/{town.uids['elder']}/edit"
    first, second = await opened(one, action), await opened(two, action)
    await press(one, action, {**first, "address": "一网格3号楼503", "called": "王妈妈"})
    page = await press(
        two, action, {**second, "address": "一网格5号楼101", "occupation": "退休"}, follow_redirects=True
    )
    assert page.status_code == 409
    for words in ("一网格3号楼502", "一网格3号楼503", "一网格5号楼101", "陈社工", "8:40"):
        assert words in page.text
    asked = shown(page.text, action)
    assert asked["address"] == "一网格5号楼101"
    assert asked["called"] == "王妈妈"
    await press(two, action, {**asked, "address": "一网格3号楼503"})
    now = await opened(one, action)
    assert (now["address"], now["called"], now["occupation"]) == ("一网格3号楼503", "王妈妈", "退休")


async def test_a_third_change_while_somebody_chooses_is_asked_about_again(town: Town) -> None:
    one, two = await town.client("worker"), await town.client("worker2")
    action = f"/desk/members/{town.uids['elder']}/edit"
    first, second = await opened(one, action), await opened(two, action)
    await press(one, action, {**first, "address": "甲楼"})
    page = await press(two, action, {**second, "address": "乙楼"}, follow_redirects=True)
    await press(one, action, {**(await opened(one, action)), "address": "丙楼"})
    again = await press(two, action, shown(page.text, action), follow_redirects=True)
    assert again.status_code == 409
    assert "丙楼" in again.text
    await press(two, action, shown(again.text, action))
    assert (await opened(one, action))["address"] == "乙楼"


async def test_a_need_edited_on_an_older_page_is_merged(town: Town) -> None:
    elder, one, two = await town.client("elder"), await town.client("worker"), await town.client("worker2")
    made = await elder.submit(
        "/elder/requests", {"what": "talk", "day": "any", "part": "day", "say": "说说话"}
    )
    key = str(made.url).rpartition("/")[2]
    action = f"/desk/needs/{key}/edit"
    first, second = await opened(one, action), await opened(two, action)
    await press(one, action, {**first, "note": "门铃坏了，请敲门"})
    await press(two, action, {**second, "where": "社区活动室"})
    now = await opened(one, action)
    assert (now["note"], now["where"]) == ("门铃坏了，请敲门", "社区活动室")
    both = await press(two, action, {**second, "note": "请先打电话"}, follow_redirects=True)
    assert both.status_code == 409
    assert "门铃坏了，请敲门" in both.text


async def test_a_line_of_a_list_changed_by_two_is_chosen(town: Town) -> None:
    one, two = await town.client("worker"), await town.client("worker2")
    new = "/desk/lists/resources/new"
    form = {**(await opened(one, new)), "title": "轮椅，可以借一周", "kind": "equipment", "whose": "org:hospital",
            "quantity": "2台", "when": "随时", "category": "aids"}  # fmt: skip
    made = await press(one, new, {**form, "category": ""})
    action = made.headers["location"] + "/edit"
    first, second = await opened(one, action), await opened(two, action)
    await press(one, action, {**first, "conditions": "押身份证"})
    page = await press(two, action, {**second, "conditions": "提前一天说"}, follow_redirects=True)
    assert page.status_code == 409
    assert "押身份证" in page.text


async def test_a_unit_that_edits_an_older_page_of_its_offer_is_asked(town: Town) -> None:
    contact = await town.client("unit")
    new = "/unit/resources"
    start = shown((await contact.page("/unit/resources/new")).text, new)
    offer = {**start, "title": "量血压", "when": "每周二 9:00-11:00", "quantity": "每次6个号", "step": "save"}
    await press(contact, new, offer)
    home = (await contact.page("/unit")).text
    key = re.search(r"/unit/resources/(?!new)([\w-]+)\?", home)
    assert key
    old = shown((await contact.page(f"/unit/resources/{key[1]}?unit=hospital")).text, new)
    assert old.get("title") == "量血压", (key[1], old)
    await press(contact, new, {**old, "conditions": "带医保卡", "step": "save"})
    page = await press(
        contact, new, {**old, "conditions": "不用带什么", "step": "save"}, follow_redirects=True
    )
    assert page.status_code == 409, re.findall(r'class="error"[^>]*>.*?</p>', page.text)
    assert "带医保卡" in page.text
