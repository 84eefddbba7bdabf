"""What protects every page: CSRF, origin, headers, cookies, refusals, and a start-up that denies by default."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from litestar import get

from tests.timebank.second import real
from timebank.access import REGISTRY, DeclaredTwice, Role, UseCase, grants, indexed, use_case
from timebank.app import UnsafeSettings, create_app
from timebank.cli.serving import LOG_LINE, LOG_TIME
from timebank.help.promises.presses import PRESSES
from timebank.office.board import routes as board
from timebank.settings import Settings
from timebank.web import guard
from timebank.web.guard import UndeclaredRoute, operations
from timebank.web.session import cookie_name, session_cookie


async def test_a_write_without_the_csrf_token_is_refused(town: Any) -> None:
    browser = await town.client("elder")
    answer = await browser.post("/sign-out", headers={"x-csrftoken": "", "accept": "text/html"})
    assert answer.status_code == 403
    assert (await browser.page("/elder")).status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
async def test_a_write_from_another_site_is_refused(town: Any, headers: dict[str, str]) -> None:
    browser = await town.client("elder")
    assert (await browser.submit("/sign-out", headers=headers)).status_code == 403


async def test_every_answer_carries_the_security_headers(town: Any) -> None:
    browser = await town.stranger()
    for path in ("/sign-in", "/notice", "/nowhere", "/healthz"):
        headers = (await browser.page(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


async def test_pages_hold_nothing_inline(town: Any) -> None:
    browser = await town.client("worker")
    for path in ("/sign-in", "/desk", "/notice", "/lists", "/help", "/privacy"):
        text = (await browser.page(path)).text
        assert " style=" not in text
        assert "<style" not in text
        assert "onclick" not in text


def test_outside_the_demo_cookies_are_bound_to_the_host() -> None:
    settings = Settings(secret="x" * 40)
    cookie = session_cookie(settings, "t")
    assert cookie_name(settings) == "__Host-sid"
    assert cookie.secure
    assert cookie.httponly
    assert cookie.path == "/"
    assert cookie.domain is None


async def test_outside_the_demo_no_cookie_of_any_use_travels_in_the_clear(town: Any) -> None:
    office = real(town)
    set_by = {}
    try:
        for path in ("/preferences?lang=en&size=elder", "/c/dongqu", "/sign-in"):
            browser = await office.stranger("")
            for one in (await browser.get(path, headers={"accept": "text/html"})).headers.get_list(
                "set-cookie"
            ):
                set_by[one.partition("=")[0]] = one.lower()
        browser = await office.stranger()
        said = await browser.post(
            "/sign-in/code", data={"who": "1", "code": "1"}, headers={"accept": "text/html"}
        )
        set_by |= {one.partition("=")[0]: one.lower() for one in said.headers.get_list("set-cookie")}
    finally:
        await office.close()
    assert set(set_by) >= {"lang", "size", "community", "__Host-visit"}
    assert [name for name, one in set_by.items() if "; secure" not in one or "samesite=" not in one] == []


async def test_outside_the_demo_every_answer_keeps_to_tls_and_to_its_own_site(town: Any) -> None:
    office = real(town)
    kinds = set()
    try:
        browser = await office.stranger()
        for path in (
            "/sign-in", "/nowhere", "/healthz", "/notice", "/api/notice?community=dongqu", "/static/app.css", "/schema/openapi.json",
        ):  # fmt: skip
            answer = await browser.get(
                path, headers={"accept": "text/html", "origin": "https://elsewhere.example"}
            )
            headers = answer.headers
            assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains", path
            assert headers["referrer-policy"] == "same-origin", path
            assert {"frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"} <= set(
                headers["content-security-policy"].split("; ")
            ), path
            assert not [name for name in headers if name.startswith("access-control-")], path
            kinds.add(headers["content-type"])
    finally:
        await office.close()
    assert kinds == {
        "text/html; charset=utf-8", "text/css; charset=utf-8", "application/json", "application/vnd.oai.openapi+json"
    }  # fmt: skip


def test_lines_of_the_log_say_their_zone() -> None:
    record = logging.makeLogRecord({"name": "timebank.access", "msg": "GET /healthz 200"})
    line = logging.Formatter(LOG_LINE, LOG_TIME).format(record)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} timebank\.access GET /healthz 200", line)


def test_our_own_scripts_put_text_as_text() -> None:
    """Nothing they are given becomes markup or a program, and no word of another site's page is listened to."""
    never = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__|setTimeout\(\s*[\"'`]"
        r"|window\.addEventListener\(\s*[\"']message"
    )
    scripts = sorted((Path(__file__).resolve().parents[3] / "timebank/static").glob("*.js"))
    assert len(scripts) >= 7
    assert [
        (one.name, never.findall(text)) for one in scripts if never.search(text := one.read_text("utf-8"))
    ] == []


def test_a_real_installation_needs_a_secret(town: Any) -> None:
    with pytest.raises(UnsafeSettings):
        create_app(replace(town.ctx.settings, demo=False, secret="short"), context=town.ctx)


def test_a_route_without_an_entry_stops_start_up(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    @get("/back-door", operation_id="BackDoor")
    async def back_door() -> str:
        return "open"

    monkeypatch.setattr(board, "handlers", [*board.handlers, back_door])
    with pytest.raises(UndeclaredRoute, match="BackDoor"):
        create_app(town.ctx.settings, context=town.ctx)


def test_an_entry_without_a_route_stops_start_up(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REGISTRY", (*REGISTRY, UseCase("Forget", grants(), api="Forgotten")))
    with pytest.raises(UndeclaredRoute, match=r"Forget.*Forgotten"):
        create_app(town.ctx.settings, context=town.ctx)


async def test_no_answer_needs_a_thread(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Litestar runs whatever is not asynchronous in a thread; a guard of that kind would cost each request a wait."""

    async def in_a_thread(_loop: object, _pool: object, function: object, *_values: object) -> None:
        raise AssertionError(f"{function} runs in a thread")

    browser = await town.client("worker")
    monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", in_a_thread)
    for path in ("/desk", "/lists", "/healthz"):
        assert (await browser.page(path)).status_code == 200


async def test_unknown_and_forbidden_answer_alike_for_programs(town: Any) -> None:
    browser = await town.client("worker")
    answer = await browser.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "not_found"
    assert answer.json()["zh"]
    assert answer.json()["en"]


async def test_every_operation_is_in_the_openapi_document(town: Any) -> None:
    browser = await town.stranger()
    document = (await browser.get("/schema/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    described = {item["operationId"] for path in document["paths"].values() for item in path.values()}
    assert described == {operation for operation, _, _ in operations(town.app)}


async def test_the_log_names_no_token_and_no_query(town: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = await town.stranger()
    await browser.page("/sign-in/link/secret-token-from-a-card")
    await browser.page("/notice?phone=19900000101")
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("timebank"))
    assert "/sign-in/link/{token" in said
    assert "secret-token" not in said
    assert "19900000101" not in said


@pytest.mark.parametrize(
    ("accept", "shown"), [("en-US", "Come in"), ("zh-TW", "请进"), ("fr", "请进"), ("", "请进")]
)
async def test_a_stranger_reads_chinese_unless_english_is_asked_for(
    town: Any, accept: str, shown: str
) -> None:
    browser = await town.stranger()
    assert shown in (await browser.page("/sign-in", headers={"accept-language": accept})).text


async def test_a_language_chosen_is_kept(town: Any) -> None:
    browser = await town.stranger()
    page = await browser.page("/preferences?lang=en&next=/help")
    assert page.url.path == "/help"
    assert '<html lang="en"' in page.text
    assert "Time is not money" in (await browser.page("/help")).text


def test_every_role_is_somebody_in_the_registry() -> None:
    assert {role for case in REGISTRY for role in case.grants} == set(Role)


def test_an_operation_stands_in_one_entry_only() -> None:
    with pytest.raises(DeclaredTwice, match="ApiCheckIn"):
        indexed((*REGISTRY, UseCase("SlipIn", grants(), api="ApiCheckIn")))


def test_a_use_case_is_found_by_its_name_its_pages_and_its_api() -> None:
    found = {use_case(word).name for word in ("OpenRequest", "AskWhen", "ApiOpenRequest")}
    assert found == {"OpenRequest"}


def test_no_use_case_is_served_by_nothing() -> None:
    by_a_press = {press.case for press in PRESSES.values()}
    assert [case.name for case in REGISTRY if not case.operations and case.name not in by_a_press] == []
