"""What the import pages accept."""

from __future__ import annotations

from typing import Literal

from timebank.web.fields import Form


class RowForm(Form):
    """The desk's decision on one row; the corrected cells come beside it, named `cell-<number>`."""

    step: Literal["accept", "correct", "drop"]
