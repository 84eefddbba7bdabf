"""Who is told of a change, and how: the words after a press come from the news that was written, and from nothing else."""

from __future__ import annotations

import ast
import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import timebank
from tests.timebank.news.gateway import gateway
from tests.timebank.news.test_news_carried import _clients, _with
from tests.timebank.settling import mandate
from tests.timebank.told import told
from timebank.news.carrying import carry
from timebank.news.saying import told_of, with_news
from timebank.ports import Letter
from timebank.rules.relationships import Life
from timebank.rules.telling.news import Outcome, Way
from timebank.settings import Settings
from timebank.store.channels import news, outbox
from timebank.store.members import people, reach
from timebank.store.members.reach import ReachOf

AT = "2026-11-25T09:00+08:00"
# Written by the clock: nobody pressed anything.
BY_CLOCK = {"help/hours/lapsing.py"}


async def _put(town: Any, who: str, kind: str, **known: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        await news.put(ctx, community="dongqu", member=town.uids[who], kind=kind, **known)


async def _no_phone(town: Any, who: str) -> None:
    await town.ctx.engine.execute("DELETE FROM tb_phone WHERE member = ?", [town.uids[who]])


async def _visit(town: Any, who: str, helper: str, *, hours: int = 24) -> str:
    """Somebody is to come to this person."""
    at = town.ctx.now() + timedelta(hours=hours)
    await town.ctx.engine.execute(
        "INSERT INTO tb_service (uid, community, kind, title, recipient, starts_at, ends_at, created_at, state)"
        " VALUES ('SV1', 'dongqu', 'visit', '买菜', ?, ?, ?, ?, 'planned')",
        [town.uids[who], at, at + timedelta(hours=1), town.ctx.now()],
    )
    await town.ctx.engine.execute(
        "INSERT INTO tb_attendance (uid, service, member, state, signed_up_at) VALUES ('AV1', 'SV1', ?, 'signed_up', ?)",
        [town.uids[helper], town.ctx.now()],
    )
    return "SV1"


async def _states(town: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.state) for one in await told(town.ctx.engine)]


async def test_after_arranging_the_desk_reads_who_gets_a_message_and_who_has_to_be_rung(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await ctx.engine.execute(
            "UPDATE tb_phone SET number = '02885550000' WHERE member = ?", [town.uids["elder"]]
        )
        before = ctx.now()
        await _put(town, "volunteer", "you_go", service="S1", at=AT)
        await _put(town, "elder", "help_comes", service="S1", at=AT)
        desk, me = await town.actor("worker"), await town.actor("volunteer")
        assert await with_news(ctx, desk, "约好了。", "S1", since=before) == (
            "约好了。李师傅：会发短信。王奶奶：要打电话。王小红：会发短信。"
        ), "her daughter reads her notices"
        assert await with_news(ctx, me, "约好了。", "S1", since=before) == (
            "约好了。对方：会发短信。对方：要打电话。"
        ), "names are for the desk"
        await carry(ctx)
        assert {one.words for one in await told_of(ctx, desk, "S1")} == {"短信已交出", "要打电话"}
        uid = next(iter(sms.rang))
        async with ctx.engine.atomic():
            assert await outbox.received(ctx.engine, uid, now=ctx.now())
        assert {one.words for one in await told_of(ctx, desk, "S1")} == {
            "手机已收到", "短信已交出", "要打电话",
        }  # fmt: skip
        assert await with_news(ctx, desk, "约好了。", "S9", since=before) == "约好了。", "nobody was told"


def test_nothing_in_the_app_says_that_somebody_was_told_but_the_news_itself() -> None:
    """已通知 and its likes stand in no page and no sentence; what was really told is read from the news."""
    folder = Path(timebank.__file__).parent
    words = ("已通知", "已经告诉双方", "都会收到通知", "has been told", "have been told")
    found = [
        f"{path.relative_to(folder)}: {word}"
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".html", ".po", ".toml", ".js")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def _calls_without_a_hand(path: Path) -> list[int]:
    """Lines that leave news and do not say whose press it was."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        said = {one.arg for one in node.keywords}
        if (name.endswith("news.put") and "kind" in said and "pressed_by" not in said) or (
            name == "tell_duty" and "by" not in said
        ):
            kind = next((ast.unparse(one.value) for one in node.keywords if one.arg == "kind"), "")
            if kind != "'call_me'":  # asked for by oneself, told to the desk
                lines.append(node.lineno)
    return lines


def test_whoever_leaves_news_says_whose_press_it_was_so_that_nobody_is_told_of_their_own() -> None:
    folder = Path(timebank.__file__).parent
    # Services leave the actor out of those they tell; what is posted, the clock posts; a text or a card is answered.
    found = {
        str(path.relative_to(folder)): lines
        for path in sorted(folder.rglob("*.py"))
        if (lines := _calls_without_a_hand(path))
        and not path.relative_to(folder)
        .as_posix()
        .startswith(("help/services/", "help/posting/", "channels/"))
    }
    assert found.keys() <= BY_CLOCK, found


async def test_nobody_is_told_of_their_own_press_nor_gets_a_copy_of_it(town: Any) -> None:
    ctx = town.ctx
    proxy = town.uids["volunteer2"]
    await mandate(ctx, "dongqu", elder=town.uids["elder"], proxy=proxy, scope="notices")
    await _put(town, "elder", "called_off", pressed_by=proxy, service="S1")
    told_to = {one.member for one in await told(ctx.engine, "called_off")}
    assert proxy not in told_to
    assert town.uids["elder"] in told_to
    await _put(town, "elder", "called_off", pressed_by=town.uids["elder"], service="S2")
    [copy] = [one for one in await told(ctx.engine, "called_off") if one.member == proxy]
    assert copy.matter_of == town.uids["elder"], "the daughter hears what her mother pressed"


async def test_whoever_has_no_telephone_gets_a_slip_with_the_next_visit_and_else_a_visit(town: Any) -> None:
    ctx = town.ctx
    await _no_phone(town, "elder")
    await _put(town, "elder", "request_opened", need="N1")
    await _visit(town, "elder", "volunteer")
    await _put(town, "elder", "request_opened", need="N2")
    await _put(town, "elder", "help_comes", service="S5", at="2026-11-24T20:00+08:00")
    own = [(one.kind, one.state) for one in await told(ctx.engine) if not one.matter_of]
    assert own == [("request_opened", "visit"), ("request_opened", "slip"), ("help_comes", "visit")], (
        "a slip that comes after it is over is none"
    )


async def test_slips_are_printed_brought_and_in_their_hands(town: Any) -> None:
    await _no_phone(town, "elder")
    await _visit(town, "elder", "volunteer")
    await _put(town, "elder", "request_opened", need="N2")
    desk = await town.client("worker")
    uid = next(one.uid for one in await told(town.ctx.engine) if not one.matter_of)
    assert "李师傅" in (await desk.page("/desk/slips")).text
    paper = (await desk.page("/desk/slips/paper")).text
    assert "社区替您登记了一件事" in paper
    await desk.submit("/desk/slips", {"uids": uid, "said": "printed"})
    assert "没有要印的纸条" in (await desk.page("/desk/slips/paper")).text
    assert (await _states(town))[0] == ("request_opened", "carried")
    await desk.submit("/desk/slips", {"uids": uid, "said": "given"})
    assert (await _states(town))[0] == ("request_opened", "told")


async def test_a_slip_that_was_not_handed_over_becomes_a_visit(town: Any) -> None:
    await _no_phone(town, "elder")
    await _visit(town, "elder", "volunteer")
    await _put(town, "elder", "request_opened", need="N2")
    desk = await town.client("worker")
    uid = next(one.uid for one in await told(town.ctx.engine) if not one.matter_of)
    for said in ("printed", "not_given"):
        await desk.submit("/desk/slips", {"uids": uid, "said": said})
    assert (await _states(town))[0] == ("request_opened", "visit")


async def test_a_slip_nobody_printed_waits_for_the_next_visit_or_is_brought(town: Any) -> None:
    await _no_phone(town, "elder")
    await _visit(town, "elder", "volunteer", hours=2)
    await _put(town, "elder", "request_opened", need="N2")
    town.ctx.clock.now += timedelta(hours=3)
    await carry(town.ctx)
    assert (await _states(town))[0] == ("request_opened", "visit")


async def test_messages_in_a_file_are_handed_over_when_the_office_says_that_they_went_up(
    town: Any, tmp_path: Path
) -> None:
    from timebank.adapters.carriers import SmsFile

    ctx = _with(town.ctx, sms=SmsFile(tmp_path))
    await _put(town, "volunteer", "you_go", service="S1", at=AT)
    assert (await carry(ctx)).taken == 1
    assert await _states(town) == [("you_go", "filed")]
    desk = await town.client("worker")
    shown = (await desk.page("/desk/slips")).text
    assert "1 条短信写进了文件" in shown
    await _put(town, "volunteer2", "you_go", service="S1", at=AT)
    await carry(ctx)
    first = (await told(ctx.engine))[0].uid
    await desk.submit("/desk/slips/uploaded", {"last": first})
    assert await _states(town) == [("you_go", "carried"), ("you_go", "filed")], (
        "what was written after the page was read has not gone up"
    )


async def test_two_who_share_a_telephone_get_one_message_that_names_both(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        for who in ("volunteer", "volunteer2"):
            await ctx.engine.execute(
                "UPDATE tb_phone SET number = '19911112222', written = '' WHERE member = ?", [town.uids[who]]
            )
            await _put(town, who, "called_off", service="S1")
        await carry(ctx)
        ctx.clock.now += timedelta(minutes=2)
        await carry(ctx)
        [body] = sms.rang.values()
        assert "李师傅" in body["text"]
        assert "钱二" in body["text"]
        await _put(town, "volunteer", "you_go", service="S2", at=AT)
        await carry(ctx)
        assert [b["text"] for b in sms.rang.values()][-1].startswith("【东区社区】给李师傅：")
    assert {state for _, state in await _states(town)} == {"carried"}


async def test_stop_ends_text_messages_and_no_calls(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        me = await town.client("volunteer")
        uid = town.uids["volunteer"]
        await me.submit(f"/members/{uid}/reach", {"way": "", "stop": "true"})
        await _put(town, "volunteer", "you_go", service="S1", at=AT)
        await carry(ctx)
        assert sms.rang == {}
        assert await _states(town) == [("you_go", "call")]
        await me.submit(f"/members/{uid}/reach", {"way": ""})
        await _put(town, "volunteer", "you_go", service="S2", at=AT)
        await carry(ctx)
        assert len(sms.rang) == 1


async def test_tell_my_daughter_only_leaves_the_mother_in_peace(town: Any) -> None:
    ctx = town.ctx
    elder, daughter = town.uids["elder"], town.uids["volunteer2"]
    await ctx.engine.execute("DELETE FROM tb_relationship WHERE to_member = ?", [elder])
    async with ctx.engine.atomic():
        await reach.save_reach(ctx.engine, ReachOf(member=elder, ways="family"), by=elder, now=ctx.now())
    await _put(town, "elder", "called_off", service="S0")
    await mandate(ctx, "dongqu", elder=elder, proxy=daughter, scope="notices")
    await _put(town, "elder", "called_off", service="S1")
    assert [(one.member, one.state) for one in await told(ctx.engine)] == [
        (elder, "call"), (elder, "own_page"), (daughter, "call"),
    ], "while nobody reads her notices she is told herself"  # fmt: skip


async def test_own_hours_are_kept_and_only_narrower_ones(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        me, uid = await town.client("volunteer"), town.uids["volunteer"]
        wide = await me.submit(f"/members/{uid}/reach", {"way": "", "from_hour": "6", "until_hour": "21"})
        assert wide.status_code == 422
        await me.submit(f"/members/{uid}/reach", {"way": "", "from_hour": "10", "until_hour": "20"})
        await _put(town, "volunteer", "relationship_asked", relationship="R1")
        await carry(ctx)
        assert sms.rang == {}, "8:40 is too early for them"
        ctx.clock.now += timedelta(hours=2)
        await carry(ctx)
        assert len(sms.rang) == 1


async def test_a_question_nobody_answers_is_asked_by_telephone_and_an_answered_one_is_not(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await _put(town, "volunteer", "line_claimed", claim="C1")
        await _put(town, "volunteer", "line_claimed", claim="C2")
        await carry(ctx)
        async with ctx.engine.atomic():
            await news.answered(ctx.engine, "C2")
        ctx.clock.now += timedelta(days=3)
        await carry(ctx)
        assert {state for _, state in await _states(town)} == {"carried"}
        ctx.clock.now += timedelta(days=1)
        await carry(ctx)
    assert [state for _, state in await _states(town)] == ["call", "carried"]


async def test_the_dead_are_told_nothing_and_what_waited_for_them_is_dropped(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await _put(town, "volunteer", "you_go", service="S1", at=AT)
        await ctx.engine.execute(
            "UPDATE tb_member SET life = ? WHERE uid = ?", [Life.DIED.value, town.uids["volunteer"]]
        )
        await carry(ctx)
        assert sms.rang == {}
        assert await _states(town) == [("you_go", "overtaken")]
        await _put(town, "volunteer", "you_go", service="S2", at=AT)
    assert len(await told(ctx.engine)) == 1


async def test_the_gateway_says_that_the_telephone_has_it_with_the_token_agreed(town: Any) -> None:
    settings = Settings(database=town.ctx.settings.database, city="dongqu", demo=True, sms_token="agreed")
    object.__setattr__(town.ctx, "settings", settings)
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await _put(town, "volunteer", "you_go", service="S1", at=AT)
        await carry(ctx)
        [uid] = sms.rang
        out = await town.stranger()
        body = {"id": uid, "status": "delivered"}
        for wrong in ("", "Bearer x", "agreed"):
            refused = await out.post("/api/texts/receipts", json=body, headers={"authorization": wrong})
            assert (refused.status_code, refused.json()["code"]) == (403, "wrong_gateway")
        right = {"authorization": "Bearer agreed"}
        answer = await out.post("/api/texts/receipts", json=body, headers=right)
        assert answer.json() == {"known": True}
        unknown = await out.post(
            "/api/texts/receipts", json={"id": "N0", "status": "delivered"}, headers=right
        )
        assert unknown.json() == {"known": False}
        failed = await out.post("/api/texts/receipts", json=body | {"status": "failed"}, headers=right)
        assert failed.status_code == 200
    assert await _states(town) == [("you_go", "call")], "a telephone that never got it is rung"


async def test_what_could_not_be_told_stays_until_the_desk_has_looked_and_then_says_who_did(
    town: Any,
) -> None:
    ctx = town.ctx
    await _put(town, "volunteer", "you_go", service="S1", at="2026-11-24T10:00+08:00")
    ctx.clock.now += timedelta(hours=2)
    await carry(ctx)
    desk = await town.client("worker")
    assert "1 条没能及时告诉" in (await desk.page("/desk/calls")).text
    page = (await desk.page("/desk/calls/missed")).text
    assert "李师傅" in page
    [line] = (await desk.get("/api/calls/missed")).json()
    seen = await desk.submit("/desk/calls/missed", {"uids": line["uid"]})
    assert "陈社工" in seen.text, "who has seen it stands with it"
    assert (await desk.get("/api/calls/missed")).json() == []
    assert "没能及时告诉" not in (await desk.page("/desk/calls")).text


async def test_one_call_tells_a_person_everything_and_is_taken_back_as_one(town: Any) -> None:
    await _put(town, "volunteer", "called_off", service="S1")
    await _put(town, "volunteer", "relationship_asked", relationship="R1")
    desk = await town.client("worker")
    sheet = (await desk.get("/api/calls")).json()
    assert sheet["waiting"] == 1
    [row] = sheet["rows"]
    assert [line["kind"] for line in row["lines"]] == ["called_off", "relationship_asked"]
    uids = [line["uid"] for line in row["lines"]]
    await desk.submit(f"/desk/calls/{uids[0]}", {"said": "reached", "read_out": ",".join(uids)})
    assert {state for _, state in await _states(town)} == {"told"}
    await desk.submit(f"/desk/calls/{uids[0]}", {"said": "undone"})
    assert {state for _, state in await _states(town)} == {"call"}
    twice = await desk.post(f"/api/calls/{uids[0]}", json={"said": "undone"})
    assert twice.status_code == 409


async def test_ninety_days_after_it_was_handed_over_nobody_reads_what_it_said(town: Any) -> None:
    ctx = town.ctx
    await _put(town, "volunteer", "hours_posted", attendance="A1", minutes=90)
    ctx.clock.now += timedelta(days=91)
    await _put(town, "volunteer", "relationship_asked", relationship="R1")
    async with ctx.engine.atomic():
        assert await outbox.forget(ctx.engine, now=ctx.now()) == 1
        assert await outbox.forget(ctx.engine, now=ctx.now()) == 0
    me = await town.client("volunteer")
    assert "90天以前的消息" in (await me.page("/news")).text


async def test_news_about_nothing_in_particular_is_carried_too(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await _put(town, "volunteer", "code_issued")
        assert (await carry(ctx)).taken == 1
        assert len(sms.rang) == 1


class Broken:
    """A carrier with a mistake in it."""

    async def hand_over(self, letter: Letter) -> Outcome:
        raise ZeroDivisionError(letter.uid)


async def test_a_mistake_with_one_piece_of_news_holds_up_no_other_and_ends_with_a_voice(town: Any) -> None:
    from timebank.adapters.carriers import MailServer

    ctx = _with(town.ctx, sms=Broken(), mail=MailServer(host="127.0.0.1", port=9, sender="a@b.c"))
    async with ctx.engine.atomic():
        uid = town.uids["volunteer2"]
        wants = ReachOf(member=uid, ways="mail", mail="q@example.org")
        await reach.save_reach(ctx.engine, wants, by=uid, now=ctx.now())
    await _put(town, "volunteer", "relationship_asked", relationship="R1")
    await _put(town, "volunteer2", "relationship_asked", relationship="R2")
    for _hour in range(12):
        await carry(ctx)
        ctx.clock.now += timedelta(minutes=61)
    assert {state for _, state in await _states(town)} == {"call"}


async def test_in_two_processes_a_shared_telephone_rings_once(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        for who in ("volunteer", "volunteer2"):
            await ctx.engine.execute(
                "UPDATE tb_phone SET number = '19911112222' WHERE member = ?", [town.uids[who]]
            )
            await _put(town, who, "called_off", service="S1")
        await asyncio.gather(carry(ctx), carry(ctx))
        ctx.clock.now += timedelta(minutes=2)
        await asyncio.gather(carry(ctx), carry(ctx))
        assert len(sms.rang) == 1


@pytest.mark.parametrize("life", [Life.DIED, Life.ERASED])
async def test_nothing_is_written_for_who_is_gone(town: Any, life: Life) -> None:
    await town.ctx.engine.execute(
        "UPDATE tb_member SET life = ? WHERE uid = ?", [life.value, town.uids["volunteer"]]
    )
    assert await people.member(town.ctx.engine, town.uids["volunteer"]) is not None
    await _put(town, "volunteer", "hours_posted", attendance="A1", minutes=30)
    assert await told(town.ctx.engine) == []


def test_a_way_of_every_name_is_said_in_words() -> None:
    from timebank.news import saying
    from timebank.rules.telling.news import State

    special = {State.TOLD, State.CARRIED, State.DUE, State.CARRYING}
    assert saying.STANDS.keys() | special == set(State)
    assert saying.BY_WAY.keys() <= set(Way)
