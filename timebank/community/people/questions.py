"""The desk's questions about who is meant: rows of lists that may be somebody on record, and people who ask to join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketplace import store as lists
from marketplace.store.imports import ImportedRow
from timebank.access import Actor, Facts, sees
from timebank.community import cards
from timebank.community.cards import Card
from timebank.community.recognition import Why, why_said
from timebank.context import Context
from timebank.store.help import imports
from timebank.store.members import applicants, recognition
from timebank.store.members.applicants import Applicant
from timebank.store.members.recognition import Question
from timebank.store.oversight import audit

PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One open question with whom it may be.

    Attributes:
        cells: what the list says, column by column; empty when the file was taken back meanwhile.
        answer_at: where the form that answers it is posted; "" where the row no longer waits.
        doubts: what else is asked about the row.
    """

    question: Question
    zh: str
    en: str
    file: str
    cells: Mapping[str, str]
    people: Sequence[Card]
    answer_at: str = ""
    doubts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """One page of them."""

    asked: Sequence[Asked]
    waiting: int
    offset: int
    applicants: Sequence[Applicant] = ()
    applying: int = 0

    @property
    def after(self) -> int:
        """Where the next page begins; 0 for none."""
        return self.offset + PAGE if self.offset + PAGE < self.waiting else 0


@dataclass(slots=True)
class _Files:
    """Rows of files, each file read once for a page."""

    rows: dict[str, Sequence[ImportedRow]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


async def page_of(ctx: Context, actor: Actor, *, offset: int = 0) -> QuestionPage:
    """Open questions of the desk's community, the oldest first; that private cards were read is logged."""
    sees(actor, "IdentityQuestions", Facts(community=actor.community))
    community = actor.community
    found = await recognition.open_questions(ctx.engine, community, number=PAGE, offset=offset)
    files = _Files()
    asked = [await _asked(ctx, actor, files, one) for one in found]
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "read_identity_questions")
    return QuestionPage(
        asked=asked,
        waiting=await recognition.count_open(ctx.engine, community),
        offset=offset,
        applicants=await applicants.waiting(ctx.engine, community, number=PAGE) if not offset else (),
        applying=await applicants.count_waiting(ctx.engine, community),
    )


async def _asked(ctx: Context, actor: Actor, files: _Files, one: Question) -> Asked:
    zh, en = why_said(Why(one.why))
    shown = [
        await cards.card(ctx, actor, uid, "IdentityQuestions", log=False)
        for uid in one.uids[: cards.MEANT_MAX]
    ]
    what, _mark, rest = one.seen_in.partition("/")
    asked = Asked(question=one, zh=zh, en=en, file="", cells={}, people=shown)
    if what != "import":
        return asked
    uid, number, part, sheet = rest.split("/", 3)
    await _load(ctx, files, uid)
    for place, row in enumerate(files.rows[uid]):
        if (row.row_number, row.part) == (int(number), int(part)) and row.sheet == sheet:
            return Asked(
                question=one, zh=zh, en=en, file=files.names[uid], cells={k: v for k, v in row.cells.items() if v},
                people=shown, answer_at=f"/desk/import/{uid}/rows/{place}",
                doubts=[(each.zh, each.en) for each in row.reasons if each.code != one.why],
            )  # fmt: skip
    return asked


async def _load(ctx: Context, files: _Files, uid: str) -> None:
    if uid in files.rows:
        return
    file = await imports.file(ctx.engine, uid)
    files.rows[uid] = (
        await lists.imported_rows(ctx.engine, file.community, fingerprint=file.fingerprint) if file else ()
    )
    files.names[uid] = file.name if file else ""
