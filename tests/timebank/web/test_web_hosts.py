"""Which host is answered, what our links begin with, and from where a press may come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.timebank.conftest import Town
from timebank.settings import Settings
from timebank.web.hosts import host_of, known_hosts

AT = "https://time.example.org"


def reached_at(town: Town, url: str = AT, *hosts: str) -> None:
    """Tell the installation how people reach it."""
    object.__setattr__(town.ctx, "settings", replace(town.ctx.settings, url=url, hosts=hosts))


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("time.example.org", "time.example.org"), ("TIME.example.org:8443", "time.example.org"), ("[::1]:80", "::1"),
        ("time.example.org.", "time.example.org"), ("", ""), ("[", ""), ("a@b", "b"), ("evil.example/time.example.org", "evil.example"),
    ],
)  # fmt: skip
def test_a_host_is_read_without_its_port(written: str, host: str) -> None:
    assert host_of(written) == host


def test_nothing_but_this_machine_is_known_until_an_address_is_given() -> None:
    assert known_hosts(Settings()) == {"localhost", "127.0.0.1", "::1"}
    given = Settings(url=AT, hosts=("www.example.org", "old.example.org:8443"))
    assert known_hosts(given) >= {"time.example.org", "www.example.org", "old.example.org"}


async def test_another_host_is_refused_everywhere_and_ours_are_answered(town: Town) -> None:
    reached_at(town, AT, "also.example.org")
    browser = await town.client("worker")
    for host in ("evil.example", "time.example.org.evil.example", "", "evil.example:443", "0.0.0.0"):
        for path in ("/notice", "/healthz", "/desk/cards", "/sign-in"):
            refused = await browser.get(path, headers={"host": host, "accept": "text/html"})
            assert (refused.status_code, "evil" in refused.text) == (421, False), (host, path)
    for host in (
        "time.example.org",
        "TIME.example.org:443",
        "also.example.org",
        "localhost:8000",
        "127.0.0.1",
    ):
        assert (await browser.get("/healthz", headers={"host": host})).status_code == 200, host


async def test_printed_links_name_the_configured_address_whatever_was_asked_for(town: Town) -> None:
    browser = await town.client("worker")
    for url, begins in ((AT, AT), ("", "http://127.0.0.1:8000")):
        reached_at(town, url)
        slip = await browser.submit("/desk/codes", {"member": town.uids["elder"], "kind": "code"})
        assert f"{begins}/c/dongqu/sign-in" in slip.text
        issued = await browser.post(
            "/api/cards", json={"members": [town.uids["elder"]]}, headers={"accept": "application/json"}
        )
        assert issued.json()[0]["link"].startswith(f"{begins}/k#")


async def test_a_press_from_a_page_without_an_address_is_refused(town: Town) -> None:
    browser = await town.client("worker")
    said = {"member": town.uids["elder"], "kind": "code"}
    own = await browser.submit("/desk/codes", said, headers={"origin": "http://127.0.0.1:8000"})
    assert own.status_code < 400
    for origin in ("null", "https://evil.example", "http://127.0.0.1:8000.evil.example", "file://", ""):
        assert (await browser.submit("/desk/codes", said, headers={"origin": origin})).status_code == 403
