"""The texts of a page, each with the language that holds where it stands."""

from __future__ import annotations

from html.parser import HTMLParser

from tools.pages.walking import Kept

VOID = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "rect"}
)


class _Texts(HTMLParser):
    """Every text of a page with the language that holds for it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            above = self.inside[-1][1] if self.inside else ""
            self.inside.append((tag, dict(attrs).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.inside:
            self.texts.append((self.inside[-1][0], self.inside[-1][1], " ".join(data.split())))


def texts_of(page: Kept) -> list[tuple[str, str, str]]:
    """Element, language and words of every text that is read, without scripts and the title of the tab."""
    reader = _Texts()
    reader.feed(page.html)
    return [text for text in reader.texts if text[0] not in {"script", "style", "title"}]
