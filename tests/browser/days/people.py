"""One person with a browser: opens a page, reads it, presses what is offered there.

What stands on a page is named by its Chinese, as in the templates; an English page is looked through for its English from the
catalogue. Names and people's own words are the same in both.
"""

from __future__ import annotations

import re

from playwright.sync_api import Error, Locator, Page, expect

from timebank.catalogue.news import news_kinds
from timebank.rules.parts.promises import Person, Standing, view
from timebank.web.i18n import gettext, plain_gettext, speaking

WIDER_BY = 1
"""Rounding of a fraction of a pixel."""


class Own:
    """Somebody's own browser. Every page that is opened has to be there, and has to fit its screen."""

    def __init__(self, page: Page, url: str, *, lang: str = "zh-CN") -> None:
        self.page, self.url, self.lang = page, url, lang
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def open(self, path: str) -> Locator:
        """The main part of a page."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.fits()
        return self.main

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def t(self, words: str, **known: object) -> str:
        """A sentence of the catalogue in the language of this browser; with no values it may be a name or a part of one."""
        with speaking(self.lang):
            return gettext(words, **known) if known else plain_gettext(words)

    def sentence(self, standing: Standing, person: Person, **known: str) -> re.Pattern[str]:
        """What somebody reads of a promise in this standing; what is not given may be anything."""
        said = view(standing, person)
        words = said.en if self.lang == "en" else said.zh
        pieces = re.split(r"\{(\w+)\}", words)
        # Every second piece is the name of a place in the sentence. On an English page a name has its English before it.
        pattern = "".join(
            (f".*{re.escape(known[one])}" if one in known else ".*") if number % 2 else re.escape(one)
            for number, one in enumerate(pieces)
        )
        return re.compile(pattern, re.IGNORECASE)

    def news(self, kind: str) -> str:
        """The sentence of a piece of news without names, hours and days in it."""
        known = news_kinds()[kind]
        return known.en if self.lang == "en" else known.zh

    def reads(self, path: str, *words: str | re.Pattern[str]) -> Locator:
        """The page says all of these words."""
        main = self.open(path)
        for one in words:
            expect(main).to_contain_text(self.t(one) if isinstance(one, str) else one)
        return main

    def does_not_read(self, path: str, *words: str | re.Pattern[str]) -> Locator:
        main = self.open(path)
        for one in words:
            expect(main).not_to_contain_text(self.t(one) if isinstance(one, str) else one)
        return main

    def slip(self, *words: str | re.Pattern[str]) -> Locator:
        """The first slip of the page that says all of this."""
        found = self.main.locator(".slip")
        for one in words:
            found = found.filter(has_text=self.t(one) if isinstance(one, str) else one)
        expect(found.first).to_be_visible()
        return found.first

    def press(self, name: str, within: Locator | None = None, **typed: str) -> None:
        """One press of a promise, with what it asks for typed first; the page that follows has to fit as well."""
        form = (within or self.main).locator(_form_of(name)).first
        details = form.locator("xpath=ancestor::details[not(@open)]")
        while details.count():
            details.first.locator("summary").first.click()
        for field, value in typed.items():
            form.locator(f"[name={field}]").fill(value)
        self.send(form.locator("button"))

    def click(self, name: str, within: Locator | None = None) -> None:
        """A button by what stands on it."""
        self.send((within or self.main).get_by_role("button", name=self.t(name), exact=True).first)

    def follow(self, name: str, within: Locator | None = None) -> None:
        """A link by what stands on it, to another page."""
        link = (within or self.main).get_by_role("link", name=self.t(name)).first
        with self.page.expect_navigation():
            link.click()
        self.fits()

    def send_link(self, link: Locator) -> None:
        """Follow a link that has no words of its own."""
        with self.page.expect_navigation():
            link.click()
        self.fits()

    def key(self, name: str) -> None:
        """One key of a page that is worked off by keys, and the page that follows."""
        self.page.evaluate("() => { window.before = true; }")
        self.page.keyboard.press(name)
        self.page.wait_for_function("() => !window.before && document.readyState === 'complete'")
        self.fits()

    def offers(self, name: str, within: Locator | None = None) -> bool:
        """Whether a press is offered."""
        return (within or self.main).locator(_form_of(name)).count() > 0

    def take_back(self, within: Locator | None = None) -> None:
        """One's own last press, by the one button for it."""
        self.send((within or self.main).locator("form[action$='/take-back'] button").first)

    def send(self, button: Locator) -> None:
        """Press a button of a form, and stay until the answer to it is there.

        The press itself ends before that: a page that keeps presses for the time without a network first looks whether there
        is one, and sends the form afterwards. Whoever looked at once would look at the page before.
        """
        swapped = button.evaluate("button => Boolean(button.form && button.form.closest('[hx-post]'))")
        if swapped and button.page.evaluate("() => Boolean(window.htmx)"):
            with self.page.expect_response(lambda answer: answer.request.method == "POST"):
                button.click()
        else:
            # A navigation would not do: that a form is sent is written down in the history of the page it is sent from.
            with self.page.expect_event("domcontentloaded"):
                button.click()
            self.page.wait_for_load_state()
        expect(self.page.locator(".flash, main h1").first).to_be_visible()
        assert not self.page.locator("#errors").count(), self.main.inner_text()
        self.fits()

    def letter_px(self) -> float:
        """How large the main text of the page is."""
        size = self.main.locator("p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        return float(size)

    def fits(self) -> None:
        """Nothing went wrong in the page, and nothing stands beyond the edge of the screen."""
        if self.wrong:
            raise AssertionError(self.wrong)
        wide, screen = self._widths()
        assert wide <= screen + WIDER_BY, (self.page.url, wide, screen)

    def _widths(self) -> tuple[int, int]:
        """How wide the page is and the screen; a page that moves on while it is asked is asked again."""
        for _again in range(3):
            try:
                wide, screen = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            except Error as gone:
                if "navigation" not in str(gone):
                    raise
                self.page.wait_for_load_state()
            else:
                return int(wide), int(screen)
        raise AssertionError(f"{self.page.url} does not come to rest")


def _form_of(name: str) -> str:
    # Stepping in says for which person, in a form of its own.
    return "form[action$='/step-in']" if name == "claim" else f"form:has(input[name=press][value={name}])"
