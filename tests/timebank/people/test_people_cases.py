"""Field cases of who is who, from the file to the register: each once as it came from the field, with others of its kind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.timebank.settling import settle
from timebank.community.identity import flow as identity
from timebank.errors import AppRefusal, BadField, TryLater, WrongCode
from timebank.help.services import flow as services
from timebank.rules.parts.attendance import State
from timebank.store.help import services as stored
from timebank.store.members import ages, people, phones, recognition

SHEET = "姓名,签到,签退\n{name},8:30,11:30\n"


def counts(report: Any) -> dict[str, int]:
    return {verdict.value: number for verdict, number in report.counts.items() if number}


async def test_F01_a_name_padded_with_spaces_is_the_same_person(office: Any) -> None:
    await office.bring_case("F01-padded-name/list.csv")
    before = await office.count()
    assert counts(await office.bring_case("F01-padded-name/sheet.csv")) == {"accepted": 2}
    assert await office.count() == before


async def test_F02_a_dot_is_a_dot(office: Any) -> None:
    await office.bring_case("F02-name-dots/list.csv")
    assert counts(await office.bring_case("F02-name-dots/sheet.csv")) == {"accepted": 1}


@pytest.mark.parametrize(
    ("listed", "on_the_sheet"),
    [
        ("马丽", "⻢丽"),  # F03: a radical that looks like the letter
        ("䶮七", "\ue863七"),  # F04: a letter of an old font's private use area
        ("张三丰", "张 三 丰"),
        ("古丽娜尔·阿不都拉", "古丽娜尔・阿不都拉"),
        ("Anna Li", "ＡＮＮＡ　ＬＩ"),
    ],
)
async def test_a_name_is_the_same_however_a_keyboard_or_a_font_wrote_it(
    office: Any, listed: str, on_the_sheet: str
) -> None:
    await office.bring("志愿者.csv", f"姓名,手机,所在团队\n{listed},19911110001,周二红马甲服务队\n")
    [known] = await office.named(listed)
    report = await office.bring(
        "2026-11-17-红马甲签到表.csv", "周二红马甲 2026年11月17日\n" + SHEET.format(name=on_the_sheet)
    )
    [row] = report.rows
    part = await stored.attendance(office.ctx.engine, row.target)
    assert part is not None, row.reasons
    assert (part.member, part.state) == (known.uid, State.CHECKED_OUT)


async def test_F05_two_of_one_name_are_asked_about_and_never_become_one(office: Any) -> None:
    await office.bring_case("F05-homonyms/first.csv")
    report = await office.bring_case("F05-homonyms/second.csv")
    assert counts(report) == {"questioned": 1}
    [teacher] = await office.named("张伟")
    assert "搬东西" not in (await people.profile(office.ctx.engine, teacher.uid)).skills
    await office.answer(report, report.rows[0].number, "another")
    assert len(await office.named("张伟")) == 2
    assert "搬东西" not in (await people.profile(office.ctx.engine, teacher.uid)).skills


async def test_F06_a_slip_in_a_name_with_the_same_number_is_asked(office: Any) -> None:
    report = await office.bring("名单.csv", "姓名,手机,特长\n李斯,19900000004,理发\n")
    assert counts(report) == {"questioned": 1}
    assert [one.code for one in report.rows[0].reasons if one.code.startswith("name")] == [
        "name_spelled_differently"
    ]


async def test_F07_two_records_of_one_person_can_be_joined(office: Any) -> None:
    """The joining itself is in `test_people_joining`; here: the list knows both spellings afterwards."""
    from timebank.community.people import by_two

    async with office.ctx.engine.atomic():
        again = await settle(office.ctx, "dongqu", "李思", phone="19911110007", gives=True)
    kept = office.town.uids["volunteer"]
    change = await by_two.enter_joining(office.ctx, await office.actor(), kept=kept, gone=again)
    await by_two.approve(office.ctx, await office.actor("worker2"), change.uid)
    before = await office.count()
    report = await office.bring("名单.csv", "姓名,手机,特长\n李思,19911110007,理发\n李四,19900000004,理发\n")
    assert {row.target for row in report.rows} == {kept}
    assert await office.count() == before


async def test_F08_one_wrong_guesser_does_not_end_the_codes_of_all_on_a_landline(office: Any) -> None:
    ctx, uids = office.ctx, []
    async with ctx.engine.atomic():
        for number in range(3):
            uids.append(await settle(ctx, "dongqu", f"老人{number}", phone="02885550009", asks=True))
    codes = [await identity.issue_code(ctx, await office.actor(), member=uid, kind="code") for uid in uids]
    for guess in range(5):
        with pytest.raises(AppRefusal):
            await identity.sign_in_by_code(
                ctx, community="dongqu", who="02885550009", code="000000", source=f"s{guess}"
            )
        ctx.clock.now = ctx.clock.now.replace(minute=ctx.clock.now.minute + 1)
    for code in codes:
        assert await identity.sign_in_by_code(
            ctx, community="dongqu", who="02885550009", code=code, source="another"
        )


async def test_F08_wrong_guesses_at_one_persons_own_number_slow_down_and_leave_the_code_good(
    office: Any,
) -> None:
    ctx = office.ctx
    code = await identity.issue_code(ctx, await office.actor(), member=office.town.uids["elder"], kind="code")
    for guess in range(ctx.policy_of("dongqu").identity.code_tries):
        with pytest.raises(WrongCode):
            await identity.sign_in_by_code(
                ctx, community="dongqu", who="19900000101", code="999999", source=f"s{guess}"
            )
    with pytest.raises(TryLater):
        await identity.sign_in_by_code(
            ctx, community="dongqu", who="19900000101", code=code, source="another"
        )
    ctx.clock.now += timedelta(minutes=1)
    assert await identity.sign_in_by_code(
        ctx, community="dongqu", who="19900000101", code=code, source="another"
    )


@pytest.mark.parametrize(
    "who",
    ["+86 199 0000 0101", "0086-19900000101", "１９９０００００１０１", "199-0000-0101", "tel:19900000101"],
)
async def test_F09_a_number_signs_in_however_it_is_written(office: Any, who: str) -> None:
    elder = office.town.uids["elder"]
    code = await identity.issue_code(office.ctx, await office.actor(), member=elder, kind="code")
    assert await identity.sign_in_by_code(
        office.ctx, community="dongqu", who=who, code=f"{code[:3]} {code[3:]}", source="s"
    )


async def test_a_guardians_number_signs_nobody_in(office: Any) -> None:
    ctx, minor = office.ctx, office.town.uids["minor"]
    async with ctx.engine.atomic():
        from marketplace.phones import read_phones

        await phones.set_phones(
            ctx.engine, community="dongqu", member=minor, numbers=read_phones("19911112222"), whose="guardian"
        )
    code = await identity.issue_code(ctx, await office.actor(), member=minor, kind="code")
    with pytest.raises(AppRefusal):
        await identity.sign_in_by_code(ctx, community="dongqu", who="19911112222", code=code, source="s")


async def test_F11_every_form_of_a_number_is_kept_and_can_be_rung(office: Any) -> None:
    await office.bring_case("F11-phone-forms/list.csv")
    shown = {}
    for name in ("人甲", "人乙", "人丙", "人丁", "人戊", "人己"):
        [card] = await office.named(name)
        shown[name] = [
            (one.number, one.extension, one.note) for one in await phones.phones(office.ctx.engine, card.uid)
        ]
    assert shown == {
        "人甲": [("02885550000", "802", "")],
        "人乙": [("02885550000", "802", "")],
        "人丙": [("19900000001", "", ""), ("19900000002", "", "")],
        "人丁": [("19900000003", "", "女儿")],
        "人戊": [("19900000004", "", "")],
        "人己": [("19900000005", "", "")],
    }


async def test_F11_the_telephone_sheet_takes_every_form(office: Any) -> None:
    worker = await office.town.client("worker")
    for typed in ("028-85550000转802", "19900000003（女儿）", "19900000001/19900000002", "问门卫"):
        page = await worker.submit("/desk/phone", {"step": "find", "phone": typed})
        assert page.status_code == 200, typed


@pytest.mark.parametrize(
    "q", ["0004", "０２１", "021", "李　四", "李四", "四", "+86 199 0000 0004", "lisi", "李师傅"]
)
async def test_F12_the_desk_finds_somebody(office: Any, q: str) -> None:
    page = (await (await office.town.client("worker")).submit("/desk/members", {"q": q})).text
    assert f"/desk/members/{office.town.uids['volunteer']}" in page


async def test_F13_a_new_number_on_the_list_sent_again_is_asked_and_makes_nobody_twice(office: Any) -> None:
    old = "姓名,手机,特长\n甲乙丙,19911110001,聊天\n丁戊己,19911110002,聊天\n"
    await office.bring("报到名单11月.csv", old)
    before = await office.count()
    [known] = await office.named("甲乙丙")
    report = await office.bring("报到名单12月.csv", old.replace("19911110001", "19911119999"))
    assert counts(report) == {"merged": 1, "questioned": 1}
    assert [one.code for one in report.rows[0].reasons if "number" in one.code] == ["number_changed"]
    await office.answer(report, report.rows[0].number, known.uid)
    assert await office.count() == before
    numbers = [one.number for one in await phones.phones(office.ctx.engine, known.uid)]
    assert "19911119999" in numbers
    again = await office.bring("报到名单1月.csv", old.replace("19911110001", "19911119999") + "\n")
    assert counts(again) == {"merged": 2}


async def test_F14_ages_and_births_of_a_list_are_facts_with_their_day(office: Any) -> None:
    report = await office.bring_case("F14-age-column/list.csv")
    today = office.ctx.today()
    minors = {}
    for row in report.rows:
        minors[row.cells["姓名"]] = await ages.minor_without_consent(office.ctx.engine, row.target, today)
    assert minors == {"小明": True, "小红": True, "老王": False}


async def test_F16_a_childs_word_in_a_job_makes_nobody_a_child(office: Any) -> None:
    report = await office.bring_case("F16-childs-word/list.csv")
    for row in report.rows:
        assert row.target, row.reasons
        assert not await ages.minor_without_consent(office.ctx.engine, row.target, office.ctx.today())


async def test_F18_nobody_is_seventeen_for_ever(office: Any) -> None:
    report = await office.bring("名单.csv", "姓名,手机,年龄\n周十七,19911110017,17\n")
    uid = report.rows[0].target
    assert await ages.minor_without_consent(office.ctx.engine, uid, date(2026, 11, 24))
    assert not await ages.minor_without_consent(office.ctx.engine, uid, date(2028, 11, 24))


async def test_F18_a_minor_of_two_years_ago_signs_up_by_themselves(office: Any, town: Any) -> None:
    from tests.timebank.services.conftest import Scene

    scene = Scene(town)
    office.ctx.clock.now = datetime(2028, 11, 28, 9, 0, tzinfo=office.ctx.clock.now.tzinfo)
    shift = await scene.shift()
    await office.bring("名单.csv", "姓名,手机,身份\n吴六,19900000006,19岁学生\n")
    assert await services.sign_up(office.ctx, await office.actor("minor"), shift.uid)


async def test_F20_an_identity_number_is_nobodys_occupation(office: Any) -> None:
    report = await office.bring_case("F20-id-column-becomes-occupation/list.csv")
    for row in report.rows:
        if row.target:
            assert (await people.person(office.ctx.engine, row.target)).occupation == ""


async def test_F21_a_parents_number_on_two_children_is_two_people(office: Any) -> None:
    await office.bring("名单.csv", "姓名,手机,年龄\n小甲,19911110021,12\n小乙,19911110021,9\n")
    [one], [two] = await office.named("小甲"), await office.named("小乙")
    assert one.uid != two.uid
    assert await office.asked() == 0


async def test_a_row_of_a_dead_or_gone_member_revives_nobody(office: Any) -> None:
    from timebank.community.people import lives
    from timebank.community.recognition import ComesBackFirst

    volunteer = office.town.uids["volunteer"]
    await lives.leave(office.ctx, await office.actor(), volunteer, moved=True)
    report = await office.bring("名单.csv", "姓名,手机,特长\n李四,19900000004,理发\n")
    assert [one.code for one in report.rows[0].reasons if one.code == "has_left"] == ["has_left"]
    with pytest.raises(ComesBackFirst):
        await office.answer(report, report.rows[0].number, volunteer)
    await lives.take_back(office.ctx, await office.actor(), volunteer)
    row = await office.answer(report, report.rows[0].number, "", step="accept")
    assert row.target == volunteer


async def test_a_question_is_asked_once_whatever_list_brings_it_again(office: Any) -> None:
    text = "姓名,特长\n李四,理发\n"
    first = await office.bring("街道名单.csv", text)
    assert (counts(first), await office.asked()) == ({"questioned": 1}, 1)
    await office.bring("街道名单2.csv", text + "\n")
    assert await office.asked() == 1
    await office.answer(first, first.rows[0].number, office.town.uids["volunteer"])
    assert await office.asked() == 0
    third = await office.bring("街道名单3.csv", text + "\n\n")
    assert (counts(third), await office.asked()) == ({"merged": 1}, 0)


async def test_an_answer_about_a_bare_name_does_not_travel_to_another_offices_list(office: Any) -> None:
    first = await office.bring("街道名单.csv", "姓名,特长\n李四,理发\n")
    await office.answer(first, first.rows[0].number, office.town.uids["volunteer"])
    assert counts(await office.bring("学校名单.csv", "姓名,特长\n李四,搬东西\n")) == {"questioned": 1}


async def test_a_question_whose_row_was_dropped_or_whose_file_was_taken_back_waits_for_nobody(
    office: Any,
) -> None:
    from timebank.help.imports import undoing

    first = await office.bring("街道名单.csv", "姓名,特长\n李四,理发\n")
    await office.answer(first, first.rows[0].number, "", step="drop")
    assert await office.asked() == 0
    second = await office.bring("街道名单.csv", "姓名,特长\n李四,理发\n\n")
    assert await office.asked() == 1
    await undoing.undo_file(office.ctx, await office.actor(), second.uid)
    assert await office.asked() == 0


async def test_saying_yes_to_a_row_without_saying_who_is_refused(office: Any) -> None:
    report = await office.bring("名单.csv", "姓名,特长\n李四,理发\n")
    with pytest.raises(BadField) as refused:
        await office.answer(report, report.rows[0].number, "", step="accept")
    assert refused.value.field == "who"
    assert await recognition.count_open(office.ctx.engine, "dongqu") == 1
