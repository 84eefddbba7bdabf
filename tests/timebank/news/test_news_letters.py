"""The weekly letter to families: once a week, by the way they chose, and nothing beyond what they may read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.timebank.news.test_feeds import _part, _service
from tests.timebank.news.test_news_carried import Sink, _with, mail
from tests.timebank.told import told
from timebank.adapters.carriers import MailServer
from timebank.catalogue import Scope
from timebank.news.carrying import carry
from timebank.news.letters import in_words, letter_of, write_letters
from timebank.store.members import reach
from timebank.store.members.reach import ReachOf

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 29, 18, 5, tzinfo=SHANGHAI)
__all__ = ["mail"]  # the fixture


async def _week(town: Any) -> None:
    """One visit that took place, one called off, one to come; then it is Sunday evening."""
    elder = town.uids["elder"]
    await _service(town, "SV1", hours=24, recipient=elder, title="买菜", state="done")
    await _part(town, "SV1", "volunteer", "AV1")
    await town.ctx.engine.execute(
        "UPDATE tb_attendance SET state = 'posted', minutes_served = 60 WHERE uid = 'AV1'"
    )
    await _service(town, "SV2", hours=48, recipient=elder, title="修灯", state="cancelled")
    await _service(town, "SV3", hours=24 * 7, recipient=elder, title="理发")
    await _part(town, "SV3", "volunteer2", "AV3")
    town.ctx.clock.now = SUNDAY


async def _letters(town: Any) -> list[tuple[str, str]]:
    return [(one.member, one.matter_of) for one in await told(town.ctx.engine, "weekly_letter")]


async def test_on_its_evening_each_family_gets_one_letter_however_often_the_round_runs(town: Any) -> None:
    await _week(town)
    town.ctx.clock.now = SUNDAY - timedelta(minutes=10)
    assert await write_letters(town.ctx, "dongqu") == 0, "not before its hour"
    for late in (timedelta(0), timedelta(hours=1), timedelta(days=2)):
        town.ctx.clock.now = SUNDAY + late
        await write_letters(town.ctx, "dongqu")
    assert await _letters(town) == [(town.uids["proxy"], town.uids["elder"])]
    town.ctx.clock.now = SUNDAY + timedelta(days=4)
    assert await write_letters(town.ctx, "dongqu") == 0, "too late for that week, too early for the next"


async def test_a_quiet_week_has_no_letter(town: Any) -> None:
    town.ctx.clock.now = SUNDAY
    assert await write_letters(town.ctx, "dongqu") == 0
    assert await _letters(town) == []


@pytest.mark.parametrize(
    ("scope", "holds", "lacks"),
    [
        ({Scope.NOTICES}, ("11月25日",), ("买菜", "李师傅", "1 小时", "60")),
        ({Scope.NOTICES, Scope.READ}, ("买菜", "李师傅", "理发"), ("1 小时", "60")),
        ({Scope.NOTICES, Scope.READ, Scope.HOURS}, ("买菜", "李师傅", "1 小时"), ()),
    ],
)
async def test_it_says_no_more_than_may_be_read(
    town: Any, scope: set[Scope], holds: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    await _week(town)
    letter = await letter_of(town.ctx, town.uids["elder"], until_on=SUNDAY.date(), scope=frozenset(scope))
    assert letter
    text = in_words(letter, "zh-CN")
    assert [word for word in holds if word not in text] == []
    assert [word for word in lacks if word in text] == []
    assert "修灯" not in text, "what was called off is no visit"
    assert (len(letter.done), len(letter.coming)) == (1, 1)


async def test_who_reads_mail_gets_the_whole_letter_and_a_page(
    town: Any, mail: tuple[Sink, MailServer]
) -> None:
    sink, server = mail
    ctx, reader = _with(town.ctx, mail=server), town.uids["proxy"]
    async with ctx.engine.atomic():
        wants = ReachOf(member=reader, ways="mail,sms", mail="hong@example.org")
        await reach.save_reach(ctx.engine, wants, by=reader, now=ctx.now())
    await _week(town)
    await write_letters(ctx, "dongqu")
    assert (await carry(ctx)).taken == 1
    import email
    import email.policy

    [kept] = sink.kept
    letter = email.message_from_bytes(bytes(kept.original_content or b""), policy=email.policy.default)
    whole = letter.get_body()
    assert whole is not None
    body = str(whole.get_content())
    assert "王奶奶这一周" in body
    assert "买菜 李师傅" in body
    assert str(letter["subject"]).startswith("替王奶奶：这一周来帮了1次")
    me = await town.client("proxy")
    page = await me.page("/news")
    assert f"/letters/{town.uids['elder']}/2026-11-29" in page.text
    read = await me.page(f"/letters/{town.uids['elder']}/2026-11-29")
    assert "李师傅" in read.text
    english = await me.page(f"/letters/{town.uids['elder']}/2026-11-29?lang=en")
    assert "Help that came:" in english.text


@pytest.mark.parametrize("week", ["2026-11", "x", "2026-13-01"])
async def test_a_week_that_is_none_has_no_letter(town: Any, week: str) -> None:
    me = await town.client("proxy")
    assert (await me.page(f"/letters/{town.uids['elder']}/{week}")).status_code == 404
