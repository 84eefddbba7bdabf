"""Every page as everybody who may see it, full, empty, refused and after a press: what we promise of it holds.

The short run opens each page in one of the languages, in its reader's size and, where there is least room, in the largest letters;
axe judges one of each operation.
`PAGES=all` (make soak) opens more of each kind in both languages, every size, and judges them all. What is measured stands in tools/pages/checks.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.pages.conftest import LONG
from tests.pages.forms import forms_of
from tests.pages.texts import texts_of
from tests.pages.towns import Pages
from timebank.web.i18n import LANGUAGES
from timebank.web.openapi.document import document
from timebank.web.openapi.json import JsonObject, as_list, as_object
from tools.pages.checking import SIZES, WIDTHS, axe, first_action, own_checks, weight
from tools.pages.walking import Kept, Routes

pytestmark = [pytest.mark.browser, pytest.mark.timeout(0 if LONG else 1800)]

# Operations that are asked for with GET and show no page of their own: files, and addresses that lead on to one.
NO_PAGE = frozenset(
    {
        "Home",
        "Health",
        "Preferences",
        "ThisCalendar",
        "DownloadBook",
        "DownloadContacts",
        "DownloadFunnel",
        "MemberCopy",
        "SignInByLink",
        "CalendarFeed",
        "CloseCard",
        "Worker",
    }
)
FIRST_LOAD_BYTES, LATER_BYTES = 60_000, 15_000
OF_COMMUNITY = re.compile("^/c/[a-z]+(?=/.)")
HAN = re.compile("[\u3400-\u9fff]")
THREE_ENGLISH_WORDS = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")
TO_READ = frozenset({"Help", "Privacy"})
# Whoever comes on a telephone and wants to do one thing.
ON_A_TELEPHONE = frozenset({"elder", "proxy acting", "volunteer", "leader", "unit", "card"})


def _fields_of(operation: JsonObject) -> tuple[set[str], list[str]]:
    """(fields that an operation reads, patterns of further ones), from its address or from its body."""
    if "requestBody" not in operation:
        return {str(as_object(one)["name"]) for one in as_list(operation.get("parameters", []))}, []
    content = as_object(as_object(operation["requestBody"])["content"])
    schema = as_object(as_object(next(iter(content.values())))["schema"])
    return set(as_object(schema["properties"])), [*as_object(schema.get("patternProperties", {}))]


def _opened(page: Page, pages: Pages) -> Iterator[Kept]:
    """Each page after the other, open in the browser; the short run takes turns between the languages."""
    for number, kept in enumerate(pages.kept):
        if LONG or number % len(LANGUAGES) == (number // len(LANGUAGES)) % len(LANGUAGES):
            page.goto(f"/kept/{number}")
            yield kept


def test_the_walk_reaches_every_page_of_the_registry(pages: Pages) -> None:
    assert sorted(pages.missed - NO_PAGE) == []
    assert sorted(NO_PAGE - pages.missed) == []


def test_every_page_is_legible_within_reach_light_and_open_to_all(pages: Pages, page: Page) -> None:
    """One visit of each page serves all measures: opening it is what takes the time."""
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wrong: list[str] = []
    judged: set[str] = set()
    for number, kept in enumerate(_opened(page, pages)):
        found = own_checks(page) if LONG else _in_short(page, kept)
        if LONG or kept.operation not in judged:
            found += axe(page)
            judged.add(kept.operation)
        found += _too_heavy(page, first_page=number == 0)
        if _wants_one_thing(kept) and (late := first_action(page)):
            found.append(f"the first thing to do is below the first screen: {late}")
        wrong += [f"{kept.name}: {what}" for what in [*found, *complaints]]
        complaints.clear()
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def test_what_is_printed_as_a_poster_is_one_sheet_of_a4(pages: Pages, page: Page) -> None:
    sheets = {}
    for number, kept in enumerate(pages.kept):
        if _a_poster(kept):
            page.goto(f"/kept/{number}")
            for size in SIZES:
                page.evaluate("size => document.documentElement.dataset.size = size", size)
                printed = page.pdf(prefer_css_page_size=True)
                sheets[kept.name, size] = len(re.findall(rb"/Type\s*/Page[^s]", printed))
    assert sheets
    assert set(sheets.values()) == {1}, sheets


def test_every_form_has_the_fields_that_the_document_for_programs_says_of_its_operation(pages: Pages) -> None:
    paths = as_object(document(pages.app)["paths"])
    described = {
        str(as_object(one)["operationId"]): as_object(one)
        for item in paths.values()
        for one in as_object(item).values()
    }
    routes, wrong, judged = Routes(pages.app), set[str](), set[str]()
    for page in pages.kept:
        for form in forms_of(page):
            operation = routes.operation(form.method.upper(), OF_COMMUNITY.sub("", form.path))
            known, further = _fields_of(described[operation])
            unknown = {one for one in form.fields - known if not any(re.search(at, one) for at in further)}
            wrong |= {f"{page.operation}: {operation} does not read {one}" for one in unknown}
            judged.add(operation)
    assert wrong == set()
    assert len(judged) > 100


def test_no_chinese_stands_on_an_english_page_unmarked(pages: Pages) -> None:
    wrong = [
        f"{page.name}: {text}"
        for page in pages.kept
        if page.lang == "en"
        for _tag, lang, text in texts_of(page)
        if HAN.search(text) and not lang.startswith("zh")
    ]
    assert wrong == []


def test_no_english_sentence_stands_on_a_chinese_page_unmarked(pages: Pages) -> None:
    wrong = {
        f"{page.operation}: {text}"
        for page in pages.kept
        if page.lang == "zh-CN"
        for tag, lang, text in texts_of(page)
        if tag not in {"pre", "code", "kbd"}
        and not lang.startswith("en")
        and THREE_ENGLISH_WORDS.search(text)
    }
    assert wrong == set()


def test_every_page_says_its_language(pages: Pages) -> None:
    assert [page.name for page in pages.kept if f'<html lang="{page.lang}"' not in page.html] == []


def _in_short(page: Page, kept: Kept) -> list[str]:
    """In its reader's size where it is read, and in the largest letters where there is least room."""
    found = re.search(r'data-size="([\w-]+)"', kept.html)
    at_home = own_checks(page, sizes=(found[1] if found else "",), widths={w: WIDTHS[w] for w in (390, 1280)})
    return at_home + own_checks(page, sizes=("elder-xl",), widths={320: WIDTHS[320]})


def _too_heavy(page: Page, *, first_page: bool) -> list[str]:
    found = weight(page)
    heavy = [f"{found.first} bytes on a first visit"] if found.first > FIRST_LOAD_BYTES else []
    if found.again > LATER_BYTES and not first_page:
        heavy.append(f"{found.again} bytes on a later visit")
    return heavy


def _wants_one_thing(kept: Kept) -> bool:
    return (
        kept.operation not in TO_READ
        and kept.who in ON_A_TELEPHONE
        and kept.how == "seen"
        and kept.status == 200
        and "print=1" not in kept.address
    )


def _a_poster(kept: Kept) -> bool:
    return kept.operation == "NeedSlip" or (kept.operation == "PublicNotice" and "print=1" in kept.address)
