"""The stylesheet keeps its promises: contrast, no inline style or script, nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

import timebank
from timebank.web.compression import gzipped

STATIC = Path(timebank.__file__).parent / "static"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", TOKENS))
PAIRS = [
    (int(least), *pair.split("/"))
    for least, pairs in re.findall(r"contrast (\d): ([\w/ -]+)", TOKENS)
    for pair in pairs.split()
    if "/" in pair
]
OWN_CSS = sorted(STATIC.glob("*.css"))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("least", "text", "ground"), PAIRS)
def test_every_text_pair_reaches_its_contrast(least: int, text: str, ground: str) -> None:
    high, low = sorted((luminance(COLOURS[text]), luminance(COLOURS[ground])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= least


def test_the_list_of_pairs_names_every_text_colour() -> None:
    assert {text for _, text, _ in PAIRS} == {
        "ink", "ink-soft", "vest", "vest-deep", "jade", "amber", "sky", "white", "edge",
    }  # fmt: skip
    assert len(PAIRS) > 25


@pytest.mark.parametrize("path", OWN_CSS, ids=lambda path: path.name)
def test_nothing_is_fetched_from_outside_and_every_file_named_is_there(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    for address in re.findall(r"url\([\"']?([^\"')]+)", css):
        assert (STATIC / address).is_file(), address
    assert "@font-face" not in css


@pytest.mark.parametrize(
    "name", ["app.css", "components.css", "print.css", "paper.css", "roster.css", "calendar.css"]
)
def test_colours_stand_in_the_tokens_or_are_plain_paper_and_ink(name: str) -> None:
    loose = set(re.findall(r"#[0-9a-f]{3,6}\b", (STATIC / name).read_text(encoding="utf-8")))
    assert loose <= {"#fff", "#000", "#555"}


def test_no_template_has_an_inline_style_script_or_handler(environment: Environment) -> None:
    assert environment.loader is not None
    for name in environment.loader.list_templates():
        source, _path, _fresh = environment.loader.get_source(environment, name)
        assert not re.search(
            r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|<script(?![^>]*\ssrc=)", source
        ), name
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", source), name


def test_every_class_of_the_components_is_in_the_stylesheet(
    environment: Environment, page_context: dict[str, Any]
) -> None:
    html = environment.get_template("style.html").render(**page_context)
    used = {name for names in re.findall(r'class="([^"]*)"', html) for name in names.split()}
    styled = set(
        re.findall(r"\.([a-z][\w-]*)", "".join(path.read_text(encoding="utf-8") for path in OWN_CSS))
    )
    assert used - styled <= {"htmx-request"}


def test_the_vendored_files_are_the_versions_the_table_names() -> None:
    table = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    for name, pattern in (
        ("pico.min.css", r"Pico CSS \S+ v([\d.]+)"),
        ("htmx.min.js", r'version:"([\d.]+)"'),
    ):
        found = re.search(pattern, (STATIC / "vendor" / name).read_text(encoding="utf-8"))
        assert found is not None
        assert re.search(rf"`{re.escape(name)}`.*\| {re.escape(found.group(1))} \|", table)
    assert all(
        (STATIC / "vendor" / licence).is_file() for licence in re.findall(r"`([\w-]+LICENSE[.\w]*)`", table)
    )


def test_our_own_files_fit_their_weight_as_they_travel() -> None:
    names = ("tokens.css", "app.css", "components.css", "print.css", "page.js")
    assert sum(len(gzipped((STATIC / name).read_bytes(), level=9)) for name in names) < 15_000
