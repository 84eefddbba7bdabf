"""Measures a page in a browser: our own checks at every width and text size, axe's rules, and what travelled for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
SIZES = ("", "elder", "elder-xl")
WIDTHS = {390: 844, 1280: 800, 320: 640}
# What WCAG 2.2 asks for at level AA, and at AAA the contrast.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {
    "runOnly": {"type": "tag", "values": RULES},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
SET_SIZE = "size => size ? document.documentElement.setAttribute('data-size', size) : document.documentElement.removeAttribute('data-size')"
FIRST_ACTION = """() => {
  // The demo says on every page that it is one; no real page carries this strip.
  document.querySelector('.strip.demo')?.remove();
  const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('[hidden], .hide, header, footer');
  const all = what => [...document.querySelectorAll(what)].filter(shown);
  // A button, a number to ring, a choice or the first field to fill in: so much of it that it can be hit.
  const found = all('main .btn:not(.calm, .link, .ticked), main .tile, main a[href^="tel:"], main form .input, main form .choice').map(e => {
    const box = e.getBoundingClientRect();
    return [Math.min(box.bottom, box.top + 60), (e.innerText || e.name).trim().slice(0, 24)];
  });
  const first = found.sort((a, b) => a[0] - b[0])[0];
  return first ? [first[1], Math.round(first[0])] : null;
}"""
TRAVELLED = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const files = performance.getEntriesByType('resource');
  const headers = 300;
  return {
    page: page.transferSize, again: page.transferSize + files.reduce((sum, f) => sum + f.transferSize, 0),
    first: page.encodedBodySize + headers + files.reduce((sum, f) => sum + f.encodedBodySize + headers, 0),
  };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Bytes of one page as they travelled: the first time with all its files, and now with what the browser kept."""

    first: int
    again: int


@cache
def _axe() -> Axe:
    return Axe()


def own_checks(page: Page, *, sizes: tuple[str, ...] = SIZES, widths: dict[int, int] = WIDTHS) -> list[str]:
    """What is wrong with the page as it stands open, by width and text size; the page is left at the first width."""
    found = []
    started = page.evaluate("document.documentElement.dataset.size || ''")
    for width, height in widths.items():
        page.set_viewport_size({"width": width, "height": height})
        for size in sizes:
            page.evaluate(SET_SIZE, size)
            found += [f"{width} {size or 'standard'} {what}" for what in page.evaluate(CHECKS)]
    page.evaluate(SET_SIZE, started)
    page.set_viewport_size({"width": 390, "height": 844})
    return found


def first_action(page: Page) -> str:
    """Words, when the first thing to do on a phone lies below its first screen."""
    first = page.evaluate(FIRST_ACTION)
    return f"“{first[0]}” ends at {first[1]} px" if first and first[1] > 844 else ""


def axe(page: Page) -> list[str]:
    """What axe finds: rule and places."""
    # At its foot nothing lies over the page: what sticks to the screen's edge stands in its own place there.
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    found = _axe().run(page, options=AXE).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:4]}" for rule in found]


def weight(page: Page) -> Weight:
    """What travelled for the page that stands open."""
    known = page.evaluate(TRAVELLED)
    return Weight(first=known["first"], again=known["again"])
