"""What the desk's forms and the API of kept lines accept, and what the API shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from marketplace.store import Standing
from timebank.help.lists.desk.flow import REASON_LENGTH_MAX
from timebank.help.lists.desk.reading import Written
from timebank.web.fields import Body, Form, Out

Cell = Annotated[str, Field(max_length=300)]
Whose = Annotated[str, Field(max_length=40, pattern=r"^$|^(?:org|member):[A-Za-z0-9_-]+$")]
StepWord = Literal["pause", "resume", "end"]
# Fields of the form that are no cells of a list.
_NOT_CELLS = frozenset({"next", "idempotency_key", "category", "whose", "sure"})


class LineForm(Form):
    """One line of any of the four lists; a form shows the fields of its own list."""

    title: Cell = ""
    category: str = Field(default="", max_length=40)
    whose: Whose = ""
    source: Literal["", "resident", "community", "unit"] = ""
    served: Cell = ""
    place: Cell = ""
    when: Cell = ""
    quantity: Cell = ""
    urgency: Literal["", "urgent", "normal", "low"] = ""
    contact: Cell = ""
    remark: str = Field(default="", max_length=500)
    kind: Literal["", "people", "place", "equipment", "vehicle", "meals", "goods", "funds"] = ""
    reach: Cell = ""
    conditions: Cell = ""
    free: Literal["", "yes", "no"] = ""
    lead: Cell = ""
    helpers: Cell = ""
    audience: Cell = ""
    state: Cell = ""
    partners: Cell = ""
    content: str = Field(default="", max_length=500)
    requires: Cell = ""
    due: Cell = ""
    progress: Cell = ""
    sure: Literal["", "yes"] = ""

    def written(self) -> Written:
        """What was typed, as the flow takes it."""
        cells = {name: str(text) for name, text in self if name not in _NOT_CELLS and text}
        return Written(cells=cells, category=self.category, owner=self.whose, sure=self.sure == "yes")


class StepForm(Form):
    """A line paused, put back or ended; a need that ends may say why."""

    step: StepWord
    reason: str = Field(default="", max_length=REASON_LENGTH_MAX)


class LineIn(Body):
    """A line by a program.

    Attributes:
        fields: field of the list -> text as people write it: `when`, `quantity` and the rest of `columns.toml`; kind,
            source, urgency and free by their codes.
        whose: `org:<code>` or `member:<uid>`; "" for the community.
        confirm_reading: the reading of what is in doubt is right.
    """

    fields: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=500)]]
    category: str = Field(default="", max_length=40)
    whose: Whose = ""
    confirm_reading: bool = False

    def form(self) -> LineForm:
        """The same as a form, judged by the same rules; pydantic's ValidationError for an unknown field or code."""
        return LineForm.model_validate(
            {
                **self.fields,
                "category": self.category,
                "whose": self.whose,
                "sure": "yes" if self.confirm_reading else "",
            }
        )


class StepIn(Body):
    """A step of a line by a program."""

    step: StepWord
    reason: str = Field(default="", max_length=REASON_LENGTH_MAX)


class KeptLineOut(Out):
    """A line of a list with where it stands; `owner` is what it is called."""

    kind: str
    key: str
    title: str
    owner: str
    standing: Standing
    ended_on: date | None
    when: str
    quantity: str
    category: str


class KeptListOut(Out):
    """One page of a list as the desk keeps it."""

    kind: str
    total: int
    page: int
    pages: int
    lines: tuple[KeptLineOut, ...]


class ChangeOut(Out):
    """One entry of a line's history."""

    at: datetime
    who: str
    did: str
    fields: tuple[str, ...]


class FactOut(Out):
    """One field of a line, as the office calls it, with what was written there."""

    label: str
    text: str


class LineOut(Out):
    """One line as the desk reads it."""

    kind: str
    key: str
    title: str
    owner: str
    standing: Standing
    ended_on: date | None
    facts: tuple[FactOut, ...]
    read_as: str
    doubt: str
    history: tuple[ChangeOut, ...]


class SavedOut(Out):
    """The key of a line that was saved."""

    kind: str
    key: str


class SteppedOut(Out):
    """Where a line stands after a step."""

    kind: str
    key: str
    standing: Standing
