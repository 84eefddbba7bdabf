"""The figures in the docs are those the corpora give today."""

from __future__ import annotations

from pathlib import Path

from tests.marketplace.reading.judged import table

DOCS = Path(__file__).parents[3] / "docs" / "reading.md"


def test_the_table_of_the_docs_is_the_one_that_the_command_prints() -> None:
    text = DOCS.read_text("utf-8")
    shown = text.split("<!-- figures -->\n")[1].split("<!-- /figures -->")[0]
    assert shown == table()
