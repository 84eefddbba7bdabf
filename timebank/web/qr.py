"""A link as a picture that a camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(link: str) -> Markup:
    """The link as an inline SVG; nothing for an empty link."""
    return Markup(segno.make(link, error="m").svg_inline(scale=6, omitsize=True)) if link else Markup()  # noqa: S704
