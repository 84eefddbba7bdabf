"""News leaves the house: real local servers, several processes, kill -9 in between; nothing is lost and nothing rings twice."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from tests.timebank.news.gateway import gateway
from tests.timebank.settling import mandate
from tests.timebank.told import told
from timebank.adapters.carriers import BadCarrier, MailServer, SmsFile, SmsGateway, carriers_of
from timebank.news.carrying import carry
from timebank.ports import Letter
from timebank.rules.telling.news import Outcome, Way
from timebank.settings import Settings
from timebank.store.channels import news

LETTER = Letter(uid="N1", to="19900000001", subject="约好了", text="有人来帮您了。", signed="东区社区")


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """Carrying holds on both databases."""
    return database_url


async def _put(town: Any, who: str, kind: str, **known: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        await news.put(ctx, community="dongqu", member=town.uids[who], kind=kind, **known)


def _with(ctx: Any, **carriers: Any) -> Any:
    object.__setattr__(ctx, "carriers", {Way(way): carrier for way, carrier in carriers.items()})
    return ctx


def _clients(url: str) -> SmsGateway:
    return SmsGateway(url, "secret", httpx.AsyncClient(timeout=0.3))


async def test_a_message_leaves_signed_and_once_and_is_handed_over_not_told(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await _put(town, "volunteer", "you_go", service="S1", at="2026-11-25T09:00+08:00")
        assert (await carry(ctx)).taken == 1
        assert (await carry(ctx)).taken == 0
        [body] = sms.rang.values()
        assert body["text"].startswith("【东区社区】请您去帮一个忙，时间是11月25日 周三 9:00")
        assert sms.tokens == {"Bearer secret"}
    [one] = await told(ctx.engine, "you_go")
    assert one.state == "carried"


async def test_who_has_no_mobile_number_is_rung(town: Any) -> None:
    with gateway() as sms:
        ctx = _with(town.ctx, sms=_clients(sms.url))
        await ctx.engine.execute(
            "UPDATE tb_phone SET number = '02885550000' WHERE member = ?", [town.uids["elder"]]
        )
        await _put(town, "elder", "help_comes", service="S1", at="2026-11-25T09:00+08:00")
        await carry(ctx)
        assert not [body for body in sms.rang.values() if body["to"].startswith("028")]
    assert [one.state for one in await told(ctx.engine) if not one.matter_of] == ["call"]


async def test_a_daughter_who_may_read_notices_hears_the_same_in_her_mothers_name(town: Any) -> None:
    ctx = town.ctx
    await mandate(ctx, "dongqu", elder=town.uids["elder"], proxy=town.uids["volunteer2"], scope="notices")
    await _put(town, "elder", "help_comes", service="S1", at="2026-11-25T09:00+08:00")
    await _put(town, "elder", "code_issued", by="M1")
    readers = {
        (one.member, one.kind) for one in await told(ctx.engine) if one.matter_of == town.uids["elder"]
    }
    assert (town.uids["volunteer2"], "help_comes") in readers
    assert not any(kind == "code_issued" for _, kind in readers)


async def test_something_newer_about_the_same_thing_takes_the_place_of_what_was_not_told(town: Any) -> None:
    ctx = town.ctx
    await _put(town, "volunteer", "you_go", service="S1", at="2026-11-25T09:00+08:00")
    await _put(town, "volunteer", "called_off", service="S1")
    await _put(town, "volunteer", "you_go", service="S2", at="2026-11-25T09:00+08:00")
    assert [(one.kind, one.state) for one in await told(ctx.engine)] == [
        ("you_go", "overtaken"), ("called_off", "call"), ("you_go", "call"),
    ]  # fmt: skip


async def test_a_reminder_is_written_once_whoever_writes_it(town: Any) -> None:
    ctx = town.ctx

    async def remind() -> None:
        async with ctx.engine.atomic():
            await news.put_once(
                ctx, community="dongqu", member=town.uids["volunteer"], kind="remind_helper", turn="2026-11-24",
                service="S1", at="2026-11-25T09:00+08:00",
            )  # fmt: skip

    await asyncio.gather(*(remind() for _ in range(8)))
    assert [one.state for one in await told(ctx.engine)] == ["call"]


async def test_what_comes_too_late_says_so(town: Any) -> None:
    ctx = town.ctx
    await _put(town, "volunteer", "you_go", service="S1", at="2026-11-24T10:00+08:00")
    ctx.clock.now += timedelta(hours=2)
    assert (await carry(ctx)).too_late == 1
    assert [one.state for one in await told(ctx.engine)] == ["could_not"]


@pytest.mark.parametrize(("status", "outcome"), [(0, Outcome.TAKEN), (400, Outcome.REFUSED)])
async def test_what_a_gateway_says(status: int, outcome: Outcome) -> None:
    with gateway() as sms:
        if status:
            sms.refuses.add(LETTER.to)
        assert await _clients(sms.url).hand_over(LETTER) is outcome


async def test_a_gateway_that_is_not_there_has_surely_not_taken_it() -> None:
    assert await _clients("http://127.0.0.1:9/send").hand_over(LETTER) is Outcome.FAILED


async def test_an_answer_that_does_not_come_leaves_it_open() -> None:
    with gateway(fails=1.0, seed=3) as sms:
        outcomes = {await _clients(sms.url).hand_over(LETTER) for _ in range(12)}
    assert outcomes == {Outcome.FAILED, Outcome.UNSURE}


async def test_a_batch_file_is_whole_or_not_there(tmp_path: Path) -> None:
    carrier = SmsFile(tmp_path / "out")
    assert await carrier.hand_over(LETTER) is Outcome.FILED
    assert await carrier.hand_over(LETTER) is Outcome.FILED
    [file] = list((tmp_path / "out").iterdir())
    assert json.loads(file.read_text(encoding="utf-8"))["id"] == "N1"
    (tmp_path / "no").write_text("a file where the folder should be")
    assert await SmsFile(tmp_path / "no").hand_over(LETTER) is Outcome.FAILED


class Sink:
    """A mail server that keeps what it gets, and refuses who is called nobody."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        if address.startswith("full"):
            return "452 full today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        self.kept.append(envelope)
        return "250 kept"


@pytest.fixture
async def mail() -> AsyncIterator[tuple[Sink, MailServer]]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield sink, MailServer(host="127.0.0.1", port=port, sender="office@dongqu.example")
    controller.stop()


async def test_a_letter_by_mail_carries_the_same_id_each_time(mail: tuple[Sink, MailServer]) -> None:
    sink, carrier = mail
    to = Letter(uid="N1", to="li@example.org", subject="约好了", text="有人来帮您了。", signed="东区社区")
    assert await carrier.hand_over(to) is Outcome.TAKEN
    assert await carrier.hand_over(to) is Outcome.TAKEN
    first, second = (str(envelope.content) for envelope in sink.kept)
    assert "Message-ID: <N1@dongqu.example>" in first
    assert "Message-ID: <N1@dongqu.example>" in second


@pytest.mark.parametrize(
    ("to", "outcome"), [("nobody@example.org", Outcome.REFUSED), ("full@example.org", Outcome.FAILED)]
)
async def test_what_a_mail_server_refuses(mail: tuple[Sink, MailServer], to: str, outcome: Outcome) -> None:
    _sink, carrier = mail
    letter = Letter(uid="N1", to=to, subject="约好了", text="有人来帮您了。", signed="东区社区")
    assert await carrier.hand_over(letter) is outcome


async def test_mail_to_a_server_elsewhere_goes_over_tls_or_not_at_all(mail: tuple[Sink, MailServer]) -> None:
    sink, carrier = mail
    # The same server by a name that is not this machine's; it offers no STARTTLS.
    elsewhere = replace(carrier, host="127.1")
    assert await elsewhere.hand_over(LETTER) is Outcome.FAILED
    assert sink.kept == []


async def test_a_mail_server_that_is_not_there_has_surely_not_taken_it() -> None:
    carrier = MailServer(host="127.0.0.1", port=9, sender="office@dongqu.example")
    assert await carrier.hand_over(LETTER) is Outcome.FAILED


@pytest.mark.parametrize(
    "wrong", [{"sms": "ftp://x"}, {"sms": "https://"}, {"mail": "smtp://host"}, {"mail": "host?from=a@b"}]
)
def test_an_address_of_no_carrier_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(BadCarrier, match="TIMEBANK_"):
        carriers_of(Settings(**wrong))  # type: ignore[arg-type]
