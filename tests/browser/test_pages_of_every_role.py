"""Every role's pages, small and wide, in Chinese and English, with JavaScript on and off.

A page is opened once, on a phone, and then widened to a desk: what differs between the two is the stylesheet's work alone.
"""

from __future__ import annotations

from typing import Any

import pytest

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}
pytestmark = pytest.mark.browser

PAGES = {
    "": ("/c/dongqu", "/communities", "/c/dongqu/lists/needs", "/notice", "/lists", "/lists/needs", "/lists/resources", "/lists/activities", "/lists/projects", "/help",
         "/privacy", "/sign-in"),
    "elder": ("/elder", "/hours", "/lists/resources"),
    "proxy": ("/elder",),
    "volunteer": ("/volunteer", "/hours", "/lists/needs", "/claims"),
    "leader": ("/teams", "/volunteer"),
    "unit": ("/unit", "/claims", "/lists/needs"),
    "worker": ("/desk", "/desk/phone", "/desk/needs", "/desk/members", "/desk/plan", "/desk/confirm", "/desk/import",
               "/books", "/claims", "/desk/office", "/desk/community", "/desk/founding", "/desk/areas",
               "/desk/areas/dongqu-1", "/desk/areas/list", "/desk/funnel", "/desk/funnel/docked"),
    "auditor": ("/books",),
}  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_open_fit_and_speak_the_language(visitor: Any, role: str, lang: str, javascript: bool) -> None:
    page = visitor.page(role, size="phone", lang=lang, javascript=javascript)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    for path in PAGES[role]:
        page.set_viewport_size(SIZES["phone"])
        answer = page.goto(path)
        assert answer is not None, path
        assert answer.status == 200, f"{path} for {role}: {answer.status}"
        assert page.locator("h1").count() == 1, path
        assert page.locator("html").get_attribute("lang") == lang, path
        assert page.locator("main").inner_text().strip(), path
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider <= 0, f"{path} is {wider} px too wide at {size}"
    assert troubles == []


def test_an_elders_targets_and_type_are_large(visitor: Any) -> None:
    page = visitor.page("elder", size="phone")
    page.goto("/elder")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden])')]
            .filter(e => e.offsetParent !== null && !e.closest('p') && !e.closest('td'))
            .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 60 || box.width < 60)
            .map(([text, box]) => `${text.trim()} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
    )
    assert small == []
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") >= 18
