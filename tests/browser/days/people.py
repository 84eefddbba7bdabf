"""One person with a browser: opens a page, reads it, presses what is offered there."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

WIDER_BY = 1
"""Rounding of a fraction of a pixel."""


class Own:
    """Somebody's own browser. Every page that is opened has to be there, and has to fit its screen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def open(self, path: str) -> Locator:
        """The main part of a page."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self._fits()
        return self.main

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def reads(self, path: str, *words: str) -> Locator:
        """The page says all of these words."""
        main = self.open(path)
        for one in words:
            expect(main).to_contain_text(one)
        return main

    def does_not_read(self, path: str, *words: str) -> Locator:
        main = self.open(path)
        for one in words:
            expect(main).not_to_contain_text(one)
        return main

    def slip(self, *words: str) -> Locator:
        """The first slip of the page that says all of this."""
        found = self.main.locator(".slip")
        for one in words:
            found = found.filter(has_text=one)
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
        form.locator("button").click()
        self._went_well()

    def click(self, name: str, within: Locator | None = None) -> None:
        """A button by what stands on it."""
        (within or self.main).get_by_role("button", name=name, exact=True).first.click()
        self._went_well()

    def offers(self, name: str, within: Locator | None = None) -> bool:
        """Whether a press is offered."""
        return (within or self.main).locator(_form_of(name)).count() > 0

    def take_back(self, within: Locator | None = None) -> None:
        """One's own last press, by the one button for it."""
        (within or self.main).locator("form[action$='/take-back'] button").first.click()
        self._went_well()

    def _went_well(self) -> None:
        expect(self.page.locator(".flash, main h1").first).to_be_visible()
        assert not self.page.locator(".error-summary").count(), self.main.inner_text()
        self._fits()

    def _fits(self) -> None:
        if self.wrong:
            raise AssertionError(self.wrong)
        wide, screen = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= screen + WIDER_BY, (self.page.url, wide, screen)


def _form_of(name: str) -> str:
    # Stepping in says for which person, in a form of its own.
    return "form[action$='/step-in']" if name == "claim" else f"form:has(input[name=press][value={name}])"


def digits(text: str) -> str:
    """Only the figures of a text."""
    return re.sub(r"\D", "", text)
