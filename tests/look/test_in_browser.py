"""The style page in a real Chromium: every width and size, with and without JavaScript, under the real content policy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, Template
from playwright.sync_api import Browser, Page, sync_playwright

import timebank
from timebank.web import i18n
from tools.chromium import chromium_path

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
# 60 px for what one presses in a page, 52 in dense lists, 44 in the header and for small buttons.
TOO_SMALL = """() => [...document.querySelectorAll(
    'main a.btn, main button, main .tile, main .choice, main .input, .board a, .board button')]
  .filter(e => e.offsetParent && !e.closest('[hidden]'))
  .map(e => [e.innerText || e.name, Math.round(e.getBoundingClientRect().height),
             e.closest('.board') || e.matches('.small') ? 44 : e.closest('.dense') ? 52 : 60])
  .filter(([, height, least]) => height < least)"""
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.hide, thead'))
  .map(e => e.outerHTML.slice(0, 80))"""
LETTERS = "() => parseFloat(getComputedStyle(document.querySelector('main p.soft')).fontSize)"
LEADING = """() => {
  const style = getComputedStyle(document.body);
  return parseFloat(style.lineHeight) / parseFloat(style.fontSize);
}"""


class Pages(SimpleHTTPRequestHandler):
    """Serves the package's static files and the pages it is given, with the headers of the app."""

    pages: dict[str, Callable[[], str]] = {}

    def log_message(self, format: str, *args: Any) -> None:
        return None

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        if page is None:
            return super().do_GET()
        body = page().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None


def render(template: Template, context: dict[str, Any]) -> str:
    """One page in the language of its context."""
    with i18n.speaking(context["lang"]):
        return template.render(**context)


@pytest.fixture
def address(environment: Environment, page_context: dict[str, Any]) -> Iterator[str]:
    """Where the style page is served: `{address}/{lang}/{size}`."""
    template = environment.get_template("style.html")
    for lang in i18n.LANGUAGES:
        for size in ("", "elder", "elder-xl"):
            context = {**page_context, "lang": lang, "size": size}
            Pages.pages[f"/{lang}/{size}"] = partial(render, template, context)
    root = Path(timebank.__file__).parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; `make test` installs one where it is missing."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=flags)
        yield browser
        browser.close()


def open_page(
    browser: Browser, address: str, *, width: int, javascript: bool = True
) -> tuple[Page, list[str]]:
    """The page, and the list that fills with whatever the browser complains about."""
    page = browser.new_page(
        viewport={"width": width, "height": 844}, locale="zh-CN", java_script_enabled=javascript
    )
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize(("size", "letters_px"), [("", 18), ("elder", 22), ("elder-xl", 30)])
def test_every_component_fits_its_screen_and_the_thumb(
    chromium: Browser, address: str, lang: str, size: str, letters_px: int
) -> None:
    page, complaints = open_page(chromium, f"{address}/{lang}/{size}", width=390)
    for width in (390, 320, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(TOO_WIDE) == [], width
        assert page.evaluate(TOO_SMALL) == [], width
    assert page.evaluate(LETTERS) >= letters_px
    assert page.evaluate(LEADING) >= 1.5
    assert complaints == []
    page.close()


def test_what_needs_javascript_is_not_there_without_it(chromium: Browser, address: str) -> None:
    page, _complaints = open_page(chromium, f"{address}/zh-CN/elder", width=390, javascript=False)
    assert not page.locator("[data-read]").is_visible()
    assert page.locator("text=更大").is_visible()
    assert page.locator("#offline").is_hidden()
    page.close()


def test_a_form_that_came_back_has_the_focus_on_what_to_mend(chromium: Browser, address: str) -> None:
    page, _complaints = open_page(chromium, f"{address}/zh-CN/", width=390)
    assert page.evaluate("document.activeElement.id") == "errors"
    page.click("#errors a")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "f-phone"
    page.close()


def test_the_first_tab_stop_leads_to_the_text(chromium: Browser, address: str) -> None:
    page, _complaints = open_page(chromium, f"{address}/zh-CN/", width=1280)
    page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    page.locator(".skip").focus()
    assert page.evaluate("document.querySelector('.skip').getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_axe_finds_nothing_against_wcag_22(chromium: Browser, address: str, lang: str) -> None:
    page, _complaints = open_page(chromium, f"{address}/{lang}/elder", width=390)
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules})
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found.response["violations"]] == []
    page.close()
