"""What the page of kinds accepts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from timebank.web.fields import Form

Words = Annotated[str, Field(min_length=1, max_length=60)]
Code = Annotated[str, Field(min_length=1, max_length=40)]


class WordingForm(Form):
    """A sentence, and the kind of help it means."""

    text: Words
    category: Code


class ForgetForm(Form):
    """A sentence that was taught."""

    text: Words


class KindForm(Form):
    """A kind of the community's own, below a shipped one; other words for it by commas."""

    parent: Code
    zh: Annotated[str, Field(min_length=1, max_length=20)]
    en: Annotated[str, Field(min_length=1, max_length=40)]
    words: Annotated[str, Field(max_length=300)] = ""
