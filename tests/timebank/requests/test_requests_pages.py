"""Asking for help as people meet it: three taps, a telephone call, a slip to take home."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from marketplace import store as lists
from marketplace.values import Window
from tests.timebank.settling import settle
from timebank.community.saying import say
from timebank.help.arranging import arrange
from timebank.rules.parts.attendance import Evidence
from timebank.rules.parts.statements import Said
from timebank.store.help import lines, services


def key_in(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert found, "the form carries a key, so that a double tap makes one request"
    return found.group(1)


async def needs_of_elder(town: Any) -> list[lines.Filed]:
    return await lines.filed_by(town.ctx.engine, "dongqu", town.uids["elder"])


async def test_an_elder_asks_for_help_in_three_taps(town: Any) -> None:
    elder = await town.client("elder")
    home = await elder.page("/elder")
    assert home.status_code == 200
    assert "王奶奶，您好" in home.text
    assert "/elder/ask/shopping" in home.text

    when = await elder.page("/elder/ask/shopping")
    assert "/elder/ask/shopping/check?day=tomorrow&amp;part=am" in when.text

    check = await elder.page("/elder/ask/shopping/check?day=tomorrow&part=am")
    assert "明天上午(11月25日周三 8:00–12:00)" in check.text
    assert "一网格3号楼502" in check.text

    data = {
        "what": "shopping",
        "day": "tomorrow",
        "part": "am",
        "say": "买五斤米",
        "idempotency_key": key_in(check.text),
    }
    done = await elder.submit("/elder/requests", data)
    assert done.status_code == 200
    assert "登记好了" in done.text
    assert "正在帮您找人" in done.text

    (filed,) = await needs_of_elder(town)
    assert filed.need.title == "帮买东西"
    assert filed.need.categories == ("errand",)
    assert filed.need.place.grid == "一网格"
    private = await lists.need_private(town.ctx.engine, "dongqu", filed.need.line_key)
    assert private is not None
    assert private.private_note == "买五斤米"


async def test_pressing_send_twice_makes_one_request(town: Any) -> None:
    elder = await town.client("elder")
    data = {"what": "talk", "day": "any", "part": "day", "idempotency_key": "same-key"}
    await elder.submit("/elder/requests", data)
    await elder.submit("/elder/requests", data)
    assert len(await needs_of_elder(town)) == 1


async def test_the_same_words_from_a_page_shown_again_make_one_request_and_other_words_another(
    town: Any,
) -> None:
    elder = await town.client("elder")
    asked = {"what": "repair", "day": "days", "part": "day", "say": "水龙头漏水"}
    first = await elder.submit("/elder/requests", {**asked, "idempotency_key": "first-page"})
    assert "登记好了" in first.text
    again = await elder.submit("/elder/requests", {**asked, "idempotency_key": "page-shown-again"})
    assert "已经登记过了" in again.text
    (filed,) = await needs_of_elder(town)
    await elder.submit("/elder/requests", {**asked, "say": "灯也坏了", "idempotency_key": "other-words"})
    await elder.submit("/elder/requests", {**asked, "day": "any", "idempotency_key": "other-days"})
    assert len(await needs_of_elder(town)) == 3
    await elder.submit(f"/elder/requests/{filed.need.line_key}/cancel")
    await elder.submit("/elder/requests", {**asked, "idempotency_key": "needed-after-all"})
    assert len([one for one in await needs_of_elder(town) if one.is_open]) == 3, (
        "what was called off may be asked anew"
    )


async def test_something_else_needs_a_word_and_what_was_tapped_stays(town: Any) -> None:
    elder = await town.client("elder")
    back = await elder.submit("/elder/requests", {"what": "other", "day": "days", "part": "day"})
    assert back.status_code == 422
    assert "请说一句是什么事" in back.text
    assert 'name="day" value="days"' in back.text

    said = {"what": "other", "day": "days", "part": "day", "say": "窗户擦不动了"}
    await elder.submit("/elder/requests", said)
    (filed,) = await needs_of_elder(town)
    assert filed.need.title == "窗户擦不动了"
    assert "cleaning" in filed.need.categories


async def test_a_morning_that_is_over_is_not_offered(town: Any) -> None:
    town.ctx.clock.now = town.ctx.clock.now.replace(hour=15)
    elder = await town.client("elder")
    when = await elder.page("/elder/ask/repair")
    assert "day=today&amp;part=am" not in when.text
    assert "day=today&amp;part=pm" in when.text
    late = await elder.page("/elder/ask/repair/check?day=today&part=am")
    assert "来不及了" in late.text


async def test_an_unknown_kind_of_help_is_not_found(town: Any) -> None:
    elder = await town.client("elder")
    for what in ("money", "SHOPPING", "a" * 300):
        assert (await elder.page(f"/elder/ask/{what}")).status_code == 404


async def test_an_elder_calls_a_request_off(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "meal", "day": "any", "part": "day"})
    (filed,) = await needs_of_elder(town)
    home = await elder.submit(f"/elder/requests/{filed.need.line_key}/cancel")
    assert "不会有人来" in home.text
    (filed,) = await needs_of_elder(town)
    assert not filed.is_open
    again = await elder.submit(f"/elder/requests/{filed.need.line_key}/cancel")
    assert again.status_code == 409


async def test_asking_for_a_call_twice_keeps_one_line_and_the_desk_crosses_it_off(town: Any) -> None:
    elder, worker = await town.client("elder"), await town.client("worker")
    await elder.submit("/elder/call-me")
    await elder.submit("/elder/call-me")
    desk = await worker.page("/desk")
    assert desk.text.count("按了“请社区打给我”") == 1
    assert "199 0000 0101" in desk.text
    uid = re.search(r"/desk/calls/\w+", desk.text)
    assert uid
    stranger = await town.client("stranger_worker")
    assert (await stranger.submit(uid.group(0), {"said": "reached"})).status_code == 404
    after = await worker.submit(uid.group(0), {"said": "reached"})
    assert "没有电话要打" in after.text


async def test_a_daughter_acts_for_her_mother_and_both_stand_in_the_log(town: Any) -> None:
    proxy = await town.client("proxy")
    choose = await proxy.page("/elder")
    assert "代王奶奶办事" in choose.text
    acting = await town.client("proxy", acting_for="elder")
    assert "王奶奶，您好" in (await acting.page("/elder")).text
    await acting.submit("/elder/requests", {"what": "doctor", "day": "tomorrow", "part": "am"})
    (filed,) = await needs_of_elder(town)
    assert filed.need.channel == "proxy"
    log = await town.ctx.engine.fetch("SELECT actor, acting_for FROM tb_audit WHERE action = 'open_request'")
    assert log == [{"actor": town.uids["proxy"], "acting_for": town.uids["elder"]}]


async def test_nobody_else_sees_or_cancels_a_request(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "doctor", "day": "any", "part": "day", "say": "CANARY"})
    (filed,) = await needs_of_elder(town)
    key = filed.need.line_key
    async with town.ctx.engine.atomic():
        await town.ctx.engine.execute(
            "UPDATE tb_relationship SET state = 'over', open_key = NULL WHERE kind = 'proxy'"
        )
        town.uids["neighbour"] = await settle(town.ctx, "dongqu", "隔壁老人", asks=True)
    for who in ("neighbour", "proxy", "volunteer", "unit", "auditor", "stranger_worker", "stranger_elder"):
        other = await town.client(who)
        for answer in (
            await other.page(f"/elder/requests/{key}"),
            await other.page(f"/desk/needs/{key}"),
            await other.page(f"/desk/needs/{key}/slip"),
            await other.page(f"/desk/needs/{key}/edit"),
            await other.get(f"/api/requests/{key}"),
            await other.submit(f"/elder/requests/{key}/cancel"),
            await other.submit(f"/desk/needs/{key}/cancel"),
            await other.submit(f"/desk/needs/{key}/edit", {"what": "x"}),
            await other.post(f"/api/requests/{key}/cancel", json={}),
        ):
            assert answer.status_code in (403, 404), (who, answer.url)
            assert "CANARY" not in answer.text
    assert (await needs_of_elder(town))[0].is_open


async def test_a_known_caller_is_found_by_phone_however_it_is_written(town: Any) -> None:
    worker = await town.client("worker")
    for written in ("19900000101", "199-0000-0101", "１９９ ００００ ０１０１", "+86 199 0000 0101"):
        sheet = await worker.submit("/desk/phone", {"step": "find", "phone": written, "what": "灯坏了"})
        assert sheet.status_code == 200
        assert "王奶奶（王秀英）" in sheet.text
        assert "王小红" in sheet.text, "her daughter's mandate is shown"
        assert "灯坏了" in sheet.text, "nothing typed is lost"


async def test_a_caller_is_found_by_the_last_four_digits_a_name_or_a_number(town: Any) -> None:
    worker = await town.client("worker")
    for typed in ("0101", "王秀英", "王奶"):
        sheet = await worker.submit("/desk/phone", {"step": "next", "at": "phone", "phone": typed})
        assert "王奶奶（王秀英）" in sheet.text, typed
        assert re.search(r'name="kind"[^>]* autofocus', sheet.text), "the next key is the picture"
    both = await worker.submit("/desk/phone", {"step": "next", "at": "phone", "phone": "王"})
    assert both.text.count('type="radio" name="member"') >= 2
    assert "是另一位" in both.text
    nobody = await worker.submit("/desk/phone", {"step": "next", "at": "phone", "phone": "9999"})
    assert "还没有登记过" in nobody.text
    unknown = await worker.submit("/desk/phone", {"step": "next", "at": "phone", "phone": "沈新来"})
    assert re.search(r'name="name"[^>]* value="沈新来"', unknown.text), "a name of nobody is the new caller's"
    assert re.search(r'name="phone"[^>]* autofocus', unknown.text)


async def test_each_enter_goes_to_the_next_question_without_javascript(town: Any) -> None:
    worker = await town.client("worker")
    heard: dict[str, str] = {"member": town.uids["elder"], "phone": "0101", "sought": "0101", "kind": "1"}
    for at, following in (("kind", "when"), ("when", "note")):
        sheet = await worker.submit("/desk/phone", {**heard, "step": "next", "at": at})
        assert re.search(rf'name="{following}"[^>]* autofocus', sheet.text), at
    check = await worker.submit("/desk/phone", {**heard, "step": "next", "at": "note"})
    assert re.search(r'value="save" autofocus', check.text)
    words = await worker.submit("/desk/phone", {**heard, "kind": "6", "step": "next", "at": "kind"})
    assert re.search(r'name="what"[^>]* autofocus', words.text), "something else has to be said"


async def test_a_weekday_on_the_telephone_is_the_coming_one(town: Any) -> None:
    worker = await town.client("worker")
    heard = {"member": town.uids["elder"], "kind": "2", "when": "周四上午", "step": "save"}
    saved = await worker.submit("/desk/phone", heard)
    assert "记下了" in saved.text
    (filed,) = await needs_of_elder(town)
    assert not filed.need.when.recurrences
    assert filed.need.title == "陪着去看病"
    assert filed.need.categories == ("escort",)


async def test_a_caller_who_asked_already_is_told_so_before_anything_is_written(town: Any) -> None:
    worker, elder = await town.client("worker"), await town.client("elder")
    await elder.submit("/elder/requests", {"what": "shopping", "day": "any", "part": "day"})
    heard = {"member": town.uids["elder"], "kind": "1", "when": "明早"}
    sheet = await worker.submit("/desk/phone", {**heard, "step": "find"})
    assert "已登记过 1 件" in sheet.text
    assert "帮买东西" in sheet.text
    check = await worker.submit("/desk/phone", {**heard, "step": "check"})
    assert "不用再记" in check.text
    assert not re.search(r'value="save" autofocus', check.text), "Enter does not write it down twice"
    other = await worker.submit("/desk/phone", {**heard, "kind": "3", "step": "check"})
    assert "不用再记" not in other.text
    await worker.submit("/desk/phone", {**heard, "step": "save"})
    assert len(await needs_of_elder(town)) == 2, "another one is written down when the worker says so"


async def test_nought_rings_back_and_nine_shows_what_can_be_called_off(town: Any) -> None:
    worker, elder = await town.client("worker"), await town.client("elder")
    await elder.submit("/elder/requests", {"what": "shopping", "day": "any", "part": "day"})
    (filed,) = await needs_of_elder(town)
    heard = {"member": town.uids["elder"], "phone": "0101", "sought": "0101", "at": "kind"}
    nine = await worker.submit("/desk/phone", {**heard, "kind": "9", "step": "next"})
    assert f"/desk/needs/{filed.need.line_key}/cancel" in nine.text
    check = await worker.submit("/desk/phone", {**heard, "kind": "0", "step": "next"})
    assert "社区会打电话给您" in check.text
    await worker.submit("/desk/phone", {**heard, "kind": "0", "step": "save"})
    assert "请回电" in (await worker.page("/desk/calls")).text


async def test_another_number_typed_over_a_found_caller_lets_go_of_them(town: Any) -> None:
    worker = await town.client("worker")
    heard = {"member": town.uids["elder"], "phone": "0101", "sought": "0101", "kind": "1", "when": "明早"}
    sheet = await worker.submit("/desk/phone", {**heard, "phone": "9999", "step": "save"})
    assert sheet.status_code == 422
    assert not await needs_of_elder(town)


async def test_a_call_is_read_back_and_saved_with_a_slip(town: Any) -> None:
    worker = await town.client("worker")
    heard = {
        "phone": "199 0000 0101", "member": town.uids["elder"], "what": "卫生间灯泡坏了,不敢自己换",
        "category": "electrical", "when": "明天下午2点半", "urgency": "urgent", "note": "耳背,敲门大声些", "minutes": "60",
        "idempotency_key": "call-1",
    }  # fmt: skip
    check = await worker.submit("/desk/phone", {**heard, "step": "check"})
    assert "我念一遍" in check.text
    assert "14:30–15:30" in check.text
    saved = await worker.submit("/desk/phone", {**heard, "step": "save"})
    assert saved.status_code == 200
    assert re.search(r'name="phone"[^>]* autofocus', saved.text), "an empty sheet for the next caller"
    again = await worker.submit("/desk/phone", {**heard, "step": "save"})
    assert again.url == saved.url
    slip = re.search(r'href="(/desk/needs/[^"]+/slip)"', saved.text)
    assert slip is not None
    assert "登记回执" in (await worker.page(slip.group(1))).text

    (filed,) = await needs_of_elder(town)
    assert filed.need.categories[0] == "electrical"
    assert filed.need.channel == "phone"
    desk = await worker.page("/desk")
    assert "电路灯具" in desk.text
    assert "卫生间灯泡坏了" not in desk.text, "her own words are for the private card only"
    assert "敲门大声些" not in desk.text, "the note is for the private card only"
    card = await worker.page(f"/desk/needs/{filed.need.line_key}")
    assert "敲门大声些" in card.text
    assert "卫生间灯泡坏了" in card.text
    log = await town.ctx.engine.fetch(
        "SELECT reason FROM tb_audit WHERE action = 'read_private_card' AND object = ?", [filed.need.line_key]
    )
    assert {"reason": "DeskNeed"} in log


async def test_somebody_new_is_registered_with_the_call_both_or_neither(town: Any) -> None:
    worker = await town.client("worker")
    heard = {
        "phone": "19900000999",
        "what": "买米",
        "when": "这周内",
        "name": "陈㛃",
        "called": "陈伯伯",
        "area": "dongqu-2",
    }
    unread = await worker.submit("/desk/phone", {**heard, "when": "过两天", "step": "save"})
    assert unread.status_code == 422
    assert "看不懂" in unread.text
    assert "陈㛃" in unread.text
    assert not await town.ctx.engine.fetch("SELECT 1 AS n FROM tb_phone WHERE number = '19900000999'")

    await worker.submit("/desk/phone", {**heard, "step": "save"})
    rows = await town.ctx.engine.fetch(
        "SELECT p.member, p.name FROM tb_person p JOIN tb_phone t ON t.member = p.member"
        " WHERE t.number = '19900000999'"
    )
    assert [row["name"] for row in rows] == ["陈㛃"]
    (filed,) = await lines.filed_by(town.ctx.engine, "dongqu", rows[0]["member"])
    assert filed.need.place.grid == "二网格"

    twice = await worker.submit("/desk/phone", {**heard, "member": "new", "step": "save"})
    assert twice.status_code == 422
    assert "已经登记过了" in twice.text


DOUBTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"phone": "1990000000"}, "电话好像少了一位"),  # a digit is missing
    ({"what": ""}, "要帮什么忙"),
    ({"when": "11月24日(周三)上午"}, "请确认"),  # the weekday disagrees
    ({"when": "2026年11月20日下午"}, "已经过去了"),
    ({"category": "money"}, "没有这个类别"),
    ({"minutes": "100000"}, "看不懂"),
    ({"minutes": "true"}, "看不懂"),
    ({"urgency": "now"}, "看不懂"),
    ({"member": "", "name": ""}, "选一位"),
    ({"what": "很长" * 100}, "写得太长了"),
    ({"price": "5"}, "没有这一项"),  # nothing here costs anything
)


async def test_a_doubt_comes_back_beside_its_field_and_nothing_is_saved(town: Any) -> None:
    worker = await town.client("worker")
    heard = {"member": town.uids["elder"], "what": "买米", "when": "明天", "note": "KEEP"}
    for wrong, said in DOUBTS:
        back = await worker.submit("/desk/phone", {**heard, **wrong, "step": "save"})
        assert back.status_code == 422, wrong
        assert said in back.text, wrong
        assert "KEEP" in back.text, wrong
    assert not await needs_of_elder(town)


async def test_a_doubted_time_is_taken_after_the_worker_asked_again(town: Any) -> None:
    worker = await town.client("worker")
    heard = {
        "member": town.uids["elder"],
        "what": "买米",
        "when": "11月24日(周三)下午",
        "confirm_reading": "yes",
    }
    await worker.submit("/desk/phone", {**heard, "step": "save"})
    (filed,) = await needs_of_elder(town)
    assert filed.need.when.question is None
    assert filed.need.when.windows


async def test_a_worker_cannot_take_a_call_for_another_community(town: Any) -> None:
    worker = await town.client("worker")
    heard = {"member": town.uids["stranger_elder"], "what": "买米", "when": "明天"}
    for step in ("find", "check", "save"):
        assert (await worker.submit("/desk/phone", {**heard, "step": step})).status_code == 404
    page = await worker.page(f"/desk/members/{town.uids['stranger_elder']}")
    assert page.status_code == 404


async def test_people_are_found_by_name_phone_and_number_without_putting_it_in_the_address(town: Any) -> None:
    worker = await town.client("worker")
    for q, found, other in (
        ("王奶", "王秀英", "钱二"),
        ("199 0000 0002", "钱二", "王秀英"),
        ("021", "李四", "钱二"),
    ):
        page = await worker.submit("/desk/members", {"q": q})
        assert found in page.text
        assert other not in page.text
        assert page.url.query == b""


async def test_a_member_page_shows_mandates_and_requests(town: Any) -> None:
    worker, elder = await town.client("worker"), await town.client("elder")
    await elder.submit("/elder/requests", {"what": "talk", "day": "any", "part": "day"})
    page = await worker.page(f"/desk/members/{town.uids['elder']}")
    for shown in ("王小红", "女儿", "来家里聊聊天", "膝盖不好", "/desk/codes"):
        assert shown in page.text


async def test_the_desk_corrects_a_need_until_somebody_comes(town: Any) -> None:
    worker, elder = await town.client("worker"), await town.client("elder")
    await elder.submit("/elder/requests", {"what": "talk", "day": "any", "part": "day"})
    key = (await needs_of_elder(town))[0].need.line_key
    form = await worker.page(f"/desk/needs/{key}/edit")
    assert form.status_code == 200
    await worker.submit(
        f"/desk/needs/{key}/edit", {"what": "陪着下盘棋", "when": "每周二下午", "minutes": "90"}
    )
    (filed,) = await needs_of_elder(town)
    assert filed.need.title == "陪着下盘棋"
    assert filed.need.quantity.minutes_each == 90
    assert filed.need.when.recurrences


async def test_every_page_is_complete_in_english(town: Any) -> None:
    elder, worker = await town.client("elder"), await town.client("worker")
    await elder.submit("/elder/requests", {"what": "talk", "day": "any", "part": "day"})
    key = (await needs_of_elder(town))[0].need.line_key
    for client, paths in (
        (elder, ["/elder", "/elder/ask/talk", "/elder/ask/talk/check?day=any&part=day", f"/elder/requests/{key}"]),
        (worker, ["/desk", "/desk/phone", "/desk/needs", f"/desk/needs/{key}", f"/desk/needs/{key}/slip",
                  f"/desk/needs/{key}/edit", "/desk/members", f"/desk/members/{town.uids['elder']}"]),
    ):  # fmt: skip
        for path in paths:
            mark = "&" if "?" in path else "?"
            page = await client.page(f"{path}{mark}lang=en")
            assert page.status_code == 200, path
            assert '<html lang="en"' in page.text


async def test_the_elder_says_that_it_was_so_and_is_back_at_home(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "repair", "day": "today", "part": "am"})
    (filed,) = await needs_of_elder(town)
    ctx, now = town.ctx, town.ctx.now()
    async with ctx.engine.atomic():
        service = await arrange(
            ctx,
            await town.actor("worker"),
            need=filed.need,
            resource=None,
            window=Window(now, now + timedelta(hours=1)),
            member=town.uids["volunteer"],
            source="by_hand",
        )
        (part,) = await services.attendances(ctx.engine, service.uid)
        by = await town.actor("volunteer")
        part = await say(ctx, by, part, service, Said.ARRIVAL, at=now, evidence=Evidence.ELDER)
        await say(ctx, by, part, service, Said.LEAVING, at=now + timedelta(minutes=50))
    ctx.clock.now = now + timedelta(hours=1)

    home = await elder.page("/elder")
    assert "李师傅来过了：帮好了吗？" in home.text
    done = await elder.submit(
        f"/services/{service.uid}/press", {"press": "came", "part": part.uid, "next": "/elder"}
    )
    assert str(done.url).endswith("/elder")
    assert "帮好了吗" not in done.text
    assert "帮好了，记好了，谢谢" in done.text
    shown = await elder.page(f"/elder/requests/{filed.need.line_key}")
    assert "都办完了" in shown.text


async def test_programs_open_list_show_and_cancel(town: Any) -> None:
    elder = await town.client("elder")
    body = {"what": "买五斤米", "when": "明天上午", "note": "三楼", "minutes": 45}
    headers = {"Idempotency-Key": "r-1"}
    made = await elder.post("/api/requests", json=body, headers=headers)
    assert made.status_code == 201
    again = await elder.post("/api/requests", json=body, headers=headers)
    assert again.json() == made.json()
    other = await elder.post("/api/requests", json={**body, "note": "四楼"}, headers=headers)
    assert other.status_code == 422
    key = made.json()["key"]
    listed = (await elder.get("/api/requests")).json()["requests"]
    assert [one["key"] for one in listed] == [key]
    assert "note" not in listed[0], "a list shows public cards"
    shown = (await elder.get(f"/api/requests/{key}")).json()
    assert shown["note"] == "三楼"
    assert shown["categories"][0] == "errand"
    gone = await elder.post(f"/api/requests/{key}/cancel", json={"reason": "不用了"})
    assert gone.json() == {"key": key, "state": "cancelled"}
    assert (await elder.get(f"/api/requests/{key}")).json()["state"] == "closed"


async def test_programs_are_told_what_is_wrong(town: Any) -> None:
    elder = await town.client("elder")
    good = {"what": "买米", "when": "明天"}
    for wrong in (
        {"minutes": True},
        {"minutes": "60"},
        {"minutes": 60.0},
        {"minutes": 0},
        {"minutes": 2**63},
        {"what": ""},
        {"owner": "M1"},
        {"urgency": "now"},
    ):
        answer = await elder.post("/api/requests", json={**good, **wrong})
        assert answer.status_code == 400, wrong
    for wrong, field in (({"when": "过两天"}, "when"), ({"category": "money"}, "category")):
        answer = await elder.post("/api/requests", json={**good, **wrong})
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert answer.json()["en"]
    answer = await elder.post("/api/requests", json={**good, "elder": town.uids["stranger_elder"]})
    assert answer.status_code == 404
    assert not await needs_of_elder(town)
