"""What one page of HTML leads to: its links, its forms with what stands in them, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SUBMITS = frozenset({"submit", "image"})
PLAUSIBLE = {
    "date": "2026-12-01",
    "time": "09:00",
    "number": "2",
    "tel": "19900000999",
    "password": "east-side-2026",
}
BY_NAME = {"phone": "19900000999", "minutes": "60", "year": "2027", "rows": "周新 19900009999"}
MADE_OF = frozenset(
    {"form", "table", "details", "input", "select", "textarea", "dl", "ol", "svg", "figure", "fieldset"}
)


@dataclass(slots=True)
class Field:
    """One control of a form: its name, what stands in it, and its kind (hidden, text, select, file, …)."""

    name: str
    value: str
    kind: str
    sent: bool = True
    first: str = ""


@dataclass(slots=True)
class Form:
    """A form as a browser would send it; `presses` are its named buttons with the address each of them has."""

    action: str
    method: str
    enctype: str
    fields: list[Field] = field(default_factory=list)
    presses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def typed(self) -> bool:
        """Whether a person fills anything in."""
        return any(one.kind != "hidden" for one in self.fields)

    def refused(self) -> list[tuple[str, str]]:
        """What is sent when the first button is pressed and nothing was filled in."""
        kept = [one for one in self.fields if one.kind not in {"file", "radio", "checkbox"}]
        return self._with_press([(one.name, one.value if one.kind == "hidden" else "") for one in kept])

    def filled(self) -> list[tuple[str, str]]:
        """What is sent when everything left empty was filled in with something plausible, and the first button pressed."""
        sent = [
            (one.name, one.value or one.first or _plausible(one))
            for one in self.fields
            if one.sent and one.kind != "file"
        ]
        chosen = {name for name, _ in sent}
        radios = [one for one in self.fields if one.kind == "radio"]
        first = {one.name: one.value for one in reversed(radios)}
        return self._with_press(
            [*sent, *((name, value) for name, value in first.items() if name not in chosen)]
        )

    def _with_press(self, sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
        name, value, _action = self.presses[0] if self.presses else ("", "", "")
        return [*sent, (name, value)] if name else sent

    @property
    def address(self) -> str:
        """Where its first button sends it."""
        return (self.presses[0][2] if self.presses else "") or self.action


@dataclass(slots=True)
class Reading:
    """What stands on a page.

    Attributes:
        links: addresses inside this site, in their order.
        forms: every form.
        look: tags and classes inside the page, which two pages in the same state have in common.
    """

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    look: frozenset[str] = frozenset()


def _plausible(one: Field) -> str:
    """Something to write into an empty field; hidden ones stay as they are."""
    return "" if one.kind == "hidden" else BY_NAME.get(one.name) or PLAUSIBLE.get(one.kind, "帮帮忙")


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.page = Reading()
        self._look: set[str] = set()
        self._form: Form | None = None
        self._select: Field | None = None
        self._textarea: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if (classes := known.get("class", "")) or tag in MADE_OF:
            self._look.add(f"{tag}.{'.'.join(sorted(classes.split()))}")
        if tag == "a" and known.get("href", "").startswith(("/", "?")):
            href = known["href"].partition("#")[0]
            self.page.links.append(self.path + href if href.startswith("?") else href)
        elif tag == "form":
            self._form = Form(
                action=known.get("action", "") or self.path,
                method=known.get("method", "get").casefold(),
                enctype=known.get("enctype", ""),
            )
            self.page.forms.append(self._form)
        elif self._form is not None and "disabled" not in known:
            self._control(tag, known)

    def _control(self, tag: str, known: dict[str, str]) -> None:
        form, name = self._form, known.get("name", "")
        assert form is not None
        kind = known.get("type", "text" if tag == "input" else "submit" if tag == "button" else tag)
        if kind in SUBMITS and tag in {"button", "input"}:
            form.presses.append((name, known.get("value", ""), known.get("formaction", "")))
        elif tag == "input" and name:
            sent = kind not in {"radio", "checkbox"} or "checked" in known
            form.fields.append(
                Field(name, known.get("value", "on" if kind == "checkbox" else ""), kind, sent)
            )
        elif tag == "textarea" and name:
            self._textarea = Field(name, "", tag)
            form.fields.append(self._textarea)
        elif tag == "select" and name:
            self._select = Field(name, "", tag)
            form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.first = self._select.first or known.get("value", "")
            if "selected" in known:
                self._select.value = known.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None


def read_page(html: str, path: str) -> Reading:
    """The links, forms and make of a page that was found at `path`."""
    reader = _Reader(path)
    reader.feed(html)
    reader.page.look = frozenset(reader._look)
    return reader.page
