"""What a new community does first: twelve steps, each computed from what is there and never ticked off by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from timebank.catalogue.faults import WrongValue
from timebank.catalogue.reading import read_tables


class Skip(StrEnum):
    """Whether a step may be left out, and what that takes."""

    NO = "no"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundingStep:
    """One step of the guide.

    Attributes:
        number: from 1 on, in the order of the file.
        page: where the step is done, beginning with `/`.
        check: name of the function that says whether it is done.
    """

    number: int
    code: str
    zh: str
    en: str
    page: str
    check: str
    skip: Skip

    def said(self, lang: str) -> str:
        """The sentence in `zh-CN` or `en`."""
        return self.en if lang == "en" else self.zh


def read_steps(text: str) -> tuple[FoundingStep, ...]:
    """The steps of a file; BadCatalogue names the first thing that is wrong with it."""
    steps: list[FoundingStep] = []
    for number, (code, table) in enumerate(
        read_tables(text, file="founding", parts=("steps",))["steps"].items(), start=1
    ):
        step = FoundingStep(
            number=number,
            code=code,
            zh=table.text("zh"),
            en=table.text("en"),
            page=table.text("page"),
            check=table.text("check"),
            skip=table.word("skip", Skip),
        )
        table.done()
        if not step.page.startswith("/"):
            raise WrongValue(file="founding", kind=code, key="page", detail=step.page)
        steps.append(step)
    return tuple(steps)


@cache
def founding_steps() -> tuple[FoundingStep, ...]:
    """The steps that ship with the package."""
    text = (resources.files("timebank.catalogue") / "founding.toml").read_text(encoding="utf-8")
    return read_steps(text)
