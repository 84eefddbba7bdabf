"""What the import pages accept."""

from __future__ import annotations

from typing import Literal

from timebank.web.fields import Form


class RowForm(Form):
    """The desk's decision on one row; the corrected cells come beside it, named `cell:<column>`.

    `row` is the row's number as the page showed it: a table read anew meanwhile must not let another row be decided.
    """

    step: Literal["accept", "correct", "drop"]
    row: int = 0
