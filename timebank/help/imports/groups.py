"""Rows that ask one and the same thing, answered together."""

from __future__ import annotations

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound
from timebank.help.imports import flow
from timebank.store import imports


async def answer_rows(ctx: Context, actor: Actor, *, file: str, code: str, step: str) -> tuple[int, int]:
    """(rows answered, rows that need a correction of their own) among those whose one question is `code`.

    Args:
        step: `accept` or `drop`, as for a single row.

    Raises:
        NotFound: no such file.
    """
    async with ctx.engine.atomic():
        found = await imports.file(ctx.engine, file)
        if found is None:
            raise NotFound()
        sees(actor, "AnswerRows", Facts(community=found.community))
        report = await flow.stored(ctx, found)
        wanted = set(map(id, report.groups.get(code, ())))
        places = [place for place, row in enumerate(report.rows) if id(row) in wanted]
    done = 0
    for place in places:
        try:
            # Each in a unit of its own: one that cannot be saved like this leaves the others standing.
            await flow.answer_row(ctx, actor, file=file, place=place, step=step, cells={})
            done += 1
        except (BadField, BadFields, AlreadyDone):
            continue
    return done, len(places) - done
