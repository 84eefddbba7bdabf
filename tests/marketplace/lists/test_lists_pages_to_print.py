"""Lists as printed pages: one file without anything foreign, every cell escaped, A4 landscape in a real browser."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from marketplace.lists import ImportReport, ListKind, page_of, read_file
from marketplace.lists.export import words_of
from marketplace.values import Need
from tools.chromium import chromium_path

FILES = Path(__file__).parents[3] / "examples" / "data" / "lists"
MADE_ON = date(2026, 11, 18)


def reports() -> list[ImportReport]:
    return [one for path in sorted(FILES.iterdir()) for one in read_file(path, filed_on=MADE_ON).reports()]


def cells(page: str, tag: str = "td") -> list[str]:
    return [unescape(cell) for cell in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("private", [False, True])
def test_every_cell_of_every_list_is_printed_under_its_header(lang: str, private: bool) -> None:
    for report in reports():
        page = page_of(report.kind, report.values, made_on=MADE_ON, lang=lang, private=private)
        header, *rows = words_of(report.kind, report.values, lang=lang, private=private)
        assert cells(page, "th") == header
        assert cells(page) == [cell for row in rows for cell in row]
        widths = [float(width) for width in re.findall(r"width:([\d.]+)%", page)]
        assert len(widths) == len(header)
        assert abs(sum(widths) - 100) < 0.5


def test_a_page_stands_alone_and_says_what_and_when() -> None:
    needs = next(one for one in reports() if one.kind is ListKind.NEEDS)
    page = page_of(ListKind.NEEDS, needs.values, made_on=MADE_ON, title="东区社区 <需求>")
    assert "东区社区 &lt;需求&gt;" in page
    assert "共24条 · 2026年11月18日制表" in page
    assert not re.search(r"https?:|<script|<link|src=|url\(|@import", page)
    for secret in ("糖尿病", "女儿(外地)", "五楼无电梯"):
        assert secret not in page
        assert secret in page_of(ListKind.NEEDS, needs.values, made_on=MADE_ON, private=True)
    english = page_of(ListKind.NEEDS, needs.values[:1], made_on=MADE_ON, lang="en")
    assert "1 entry · made on 18 November 2026" in english
    assert '<html lang="en">' in english


def test_an_empty_list_says_so() -> None:
    assert cells(page_of(ListKind.PROJECTS, [], made_on=MADE_ON)) == ["还没有内容"]
    assert cells(page_of(ListKind.PROJECTS, [], made_on=MADE_ON, lang="en")) == ["Nothing here yet"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>&\"'=/ascript甲乙", max_size=24))
def test_no_cell_can_become_markup(text: str) -> None:
    page, plain = (
        page_of(ListKind.NEEDS, [Need(line_key="n-1", title=title, filed_on=MADE_ON)], made_on=MADE_ON)
        for title in (text, "x")
    )
    assert text in cells(page)
    assert page.count("<") == plain.count("<")


@pytest.mark.browser
def test_the_browser_prints_it_on_a4_landscape_with_nothing_cut_off() -> None:
    needs = next(one for one in reports() if one.kind is ListKind.NEEDS)
    page = page_of(ListKind.NEEDS, list(needs.values) * 3, made_on=MADE_ON, private=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        # The printable width of A4 landscape at 96 dots an inch.
        shown = browser.new_page(viewport={"width": 1046, "height": 700})
        shown.emulate_media(media="print")
        shown.set_content(page)
        overflowing = shown.evaluate(
            "[...document.querySelectorAll('td, th')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert overflowing == 0
        assert shown.evaluate("document.documentElement.scrollWidth") <= 1046
        assert (
            shown.evaluate("getComputedStyle(document.querySelector('thead')).display")
            == "table-header-group"
        )
        pdf = shown.pdf(prefer_css_page_size=True)
        browser.close()
    sizes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", pdf))
    assert sizes == {(b"841", b"594")}
    assert 5 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 8
