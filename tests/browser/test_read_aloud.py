"""What 朗读 says on her page: one sentence for the ear; where no voice speaks, the sentence large."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from timebank.rules.telling.ear import LENGTH_MAX


def test_without_a_voice_the_sentence_is_shown_large(visitor: Any) -> None:
    page: Page = visitor.page("elder")
    page.goto("/elder")
    said = page.evaluate("() => document.querySelector('template[data-ear]').content.textContent.trim()")
    assert said.startswith("王奶奶，")
    assert len(said) <= LENGTH_MAX
    page.get_by_role("button", name="朗读").click()
    shown = page.locator(".ear-shown")
    expect(shown).to_have_text(said)
    assert shown.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 32
    shown.click()
    expect(shown).to_have_count(0)


def test_a_voice_speaks_the_sentence_and_not_the_page(visitor: Any) -> None:
    page: Page = visitor.page("elder")
    page.add_init_script(
        "window.spoken = [];"
        "Object.defineProperty(window, 'speechSynthesis', {value: {speaking: false, getVoices: () => [{lang: 'zh-CN'}],"
        " addEventListener() {}, cancel() {}, speak: (one) => window.spoken.push(one.text)}});"
        "window.SpeechSynthesisUtterance = function (text) { this.text = text; };"
    )
    page.goto("/elder")
    page.get_by_role("button", name="朗读").click()
    [said] = page.evaluate("() => window.spoken")
    assert said.startswith("王奶奶，")
    assert len(said) <= LENGTH_MAX
    page.goto("/notice")
    page.get_by_role("button", name="朗读").click()
    [said] = page.evaluate("() => window.spoken")
    assert len(said) > LENGTH_MAX, "any other page is read as it stands"
