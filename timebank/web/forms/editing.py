"""A form that changes something which somebody else may change at the same time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from timebank.access import Actor
from timebank.context import Context
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.web.forms.merging import Disputed, merged, read_seen, seen_as
from timebank.web.pages import Page, Typed, judged, page, typed_form
from timebank.web.request import Request

Form = TypeVar("Form", bound=BaseModel)
SEEN_FIELD = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Generic[Form]):
    """A form as it came, with what others changed meanwhile already in it.

    Attributes:
        form: None when a field cannot be used, or when somebody has to choose.
        typed: every field as it should be shown now. disputed: what both changed.
    """

    form: Form | None
    errors: dict[str, str]
    typed: Typed
    disputed: tuple[Disputed, ...]


async def read_edit(request: Request, form: type[Form], now: Mapping[str, object]) -> Edit[Form]:
    """Read a form that changes `now`, the fields as they stand at this moment.

    A program, or a form that does not say what it had shown, means all its fields.
    """
    typed = await typed_form(request)
    before = read_seen(str(typed.pop(SEEN_FIELD, "")))
    if before is None:
        values, errors = judged(form, typed)
        return Edit(form=values, errors=errors, typed=typed, disputed=())
    found = merged(before, now, typed)
    typed |= found.values
    values, errors = judged(form, typed)
    return Edit(form=None if found.disputed else values, errors=errors, typed=typed, disputed=found.disputed)


async def conflict_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    edit: Edit[Form],
    now: Mapping[str, object],
    *,
    action: str,
    about: str,
    by: Collection[str],
    labels: Mapping[str, object],
    words: Mapping[str, Mapping[str, object]],
) -> Page:
    """Both versions of what two people changed, to choose from; what only one of them changed is taken already.

    Args:
        action: where the form goes. about, by: the object and the actions by which the log names who changed it.
        labels: field -> its name. words: field -> code -> how it is said, for fields that hold a code.
    """
    changes = [line for line in await audit.about(ctx.engine, actor.community, about) if line.action in by]
    last = changes[-1] if changes else None
    names = await people.names(ctx.engine, [last.actor]) if last else {}
    asked = {one.name for one in edit.disputed}
    return page(
        request, "forms/conflict.html", status=409, action=action, disputed=edit.disputed, labels=labels, codes=words,
        kept={name: value for name, value in edit.typed.items() if name not in asked}, seen=seen_as(now),
        who=names.get(last.actor, "") if last else "", at=last.at.astimezone(ctx.zone) if last else None,
    )  # fmt: skip
