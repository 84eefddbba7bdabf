"""The forms of a page: where each goes, and the names of its fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tools.pages.walking import Kept

FIELDS = frozenset({"input", "select", "textarea", "button"})


@dataclass(slots=True)
class FormSeen:
    """One form; a button that sends it elsewhere makes another one of the same fields.

    Attributes:
        sent: whether a button sends it to its own address.
    """

    method: str
    path: str
    fields: set[str] = field(default_factory=set)
    sent: bool = False


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.open: FormSeen | None = None
        self.by_id: dict[str, FormSeen] = {}
        self.forms: list[FormSeen] = []
        self.elsewhere: list[tuple[FormSeen | None, str, str]] = []
        self.apart: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = FormSeen(known.get("method", "get").lower(), self._at(known.get("action", "")))
            self.forms.append(self.open)
            if "id" in known:
                self.by_id[known["id"]] = self.open
        elif tag in FIELDS:
            self._field(tag, known)

    def _field(self, tag: str, known: dict[str, str]) -> None:
        name, of = known.get("name", ""), known.get("form", "")
        if of:
            self.apart.append((of, name, _sends(tag, known)))
        elif self.open is not None:
            self.open.fields |= {name} - {""}
            self.open.sent |= _sends(tag, known)
        if "formaction" in known:
            self.elsewhere.append((self.open, of, self._at(known["formaction"])))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None

    def _at(self, action: str) -> str:
        return urlsplit(action).path or urlsplit(self.address).path


def forms_of(page: Kept) -> list[FormSeen]:
    """Every form that something sends, with fields that stand apart from it and buttons that send it elsewhere."""
    reader = _Forms(page.address)
    reader.feed(page.html)
    for of, name, sends in reader.apart:
        if form := reader.by_id.get(of):
            form.fields |= {name} - {""}
            form.sent |= sends
    for inside, of, path in reader.elsewhere:
        if form := reader.by_id.get(of, inside):
            reader.forms.append(FormSeen("post", path, form.fields, sent=True))
    return [one for one in reader.forms if one.sent]


def _sends(tag: str, known: dict[str, str]) -> bool:
    kind = known.get("type", "submit" if tag == "button" else "")
    return kind == "submit" and "formaction" not in known
