"""A whole file taken back while nothing rests on what it made.

Lines it put on the lists leave them, unless somebody claimed them or another file says the same. Stays nobody has
confirmed are struck. People stay registered, without the offers the file gave them: somebody once known is not unknown
again. The books are never touched. Afterwards the very same file may come in again.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace import store as lists
from marketplace.lists import ListKind
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, NotFound
from timebank.help.imports.kept import stored
from timebank.help.imports.report import Row
from timebank.store.help import imports, services
from timebank.store.help.imports import ImportedFile
from timebank.store.locks import one_at_a_time
from timebank.store.members import recognition, source_keys
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking a file back came to: rows undone, and rows held by something that rests on them."""

    undone: int
    held: int


async def undo_file(ctx: Context, actor: Actor, uid: str) -> Undone:
    """Take back what a file made, as far as nothing rests on it.

    Raises:
        NotFound: no such file; AlreadyDone: taken back before.
    """
    async with ctx.engine.atomic():
        file = await imports.file(ctx.engine, uid)
        if file is None:
            raise NotFound()
        sees(actor, "UndoImport", Facts(community=file.community))
        await one_at_a_time(ctx.engine, f"import:{file.community}")
        report = await stored(ctx, file)
        if report.undone:
            raise AlreadyDone()

        mine = [row for row in report.rows if row.made and row.target and row.answer != "dropped"]
        free = [row for row in mine if await _taken_back(ctx, file, row)]

        if not await imports.undo(ctx, uid, fingerprint=f"undone:{uid}"):
            raise AlreadyDone()
        await lists.forget_file(
            ctx.engine, file.community, fingerprint=file.fingerprint, kept_as=f"undone:{uid}"
        )
        await recognition.close_seen(ctx.engine, file.community, f"import/{uid}/", at=ctx.now(), below=True)
        await audit.note(ctx, actor, "undo_import", object=uid, reason=f"{len(free)} of {len(mine)}")
    return Undone(undone=len(free), held=len(mine) - len(free))


async def _taken_back(ctx: Context, file: ImportedFile, row: Row) -> bool:
    """Whether what the row made is gone again; False where something rests on it."""
    if await imports.others_became(ctx.engine, file.community, file.uid, row.target):
        return False
    match row.kind:
        case ListKind.ATTENDANCE:
            return await services.remove_unconfirmed(ctx.engine, row.target)
        case ListKind.VOLUNTEERS:
            key = await source_keys.source_key_of(ctx.engine, row.target)
            return bool(key) and await lists.remove_line(ctx.engine, file.community, "resources", key)
        case ListKind.NEEDS if await services.services(
            ctx.engine, file.community, need_key=row.target, limit=1
        ):
            return False
        case _:
            return await lists.remove_line(ctx.engine, file.community, row.kind.value, row.target)
