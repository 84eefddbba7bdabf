"""Where everything stands that the app keeps about a member, and what becomes of each when they are erased. One list for all.

    await forget(engine, "M123", area="dongqu", naming=("王秀英", "19900000101"), title="理发")

What names a person goes; what others rest on (a part, an hour, a day) stays with the opaque uid. A table or a column of words that
comes anew has to be named here (`tests/timebank/access/test_access_erasing.py` looks through every column of every table) and in
`docs/privacy/record.toml`, with what it is for and how long it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from piccolo.table import Table

from ledger.store.engine import DurableEngine
from timebank.store import tables as t
from timebank.store.channels import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Rows of one table that are about a member.

    Attributes:
        whose: columns that hold the member's uid; a row is theirs when one of them does.
        becomes: what its words become; nothing where the whole row goes.
        stays: the row holds ids, days and minutes alone, and stays as it is: as proof, or because hours rest on it.
        told: whether they belong to the copy that a member may ask for; keys and copies of pages do not.
        untold: columns that the copy leaves out, because whoever has them could come in by them.
        of: another table whose rows, theirs by that table's own entry, are named in `whose`.
    """

    table: type[Table]
    whose: tuple[str, ...] = ("member",)
    becomes: Mapping[str, object] = field(default_factory=dict)
    of: type[Table] | None = None
    stays: bool = False
    told: bool = True
    untold: tuple[str, ...] = ()


PARTS = Kept(table=t.Attendance, becomes={"note": ""})
VISITS = Kept(
    table=t.Service, whose=("recipient",),
    becomes={"place": "", "place_exact": "", "note_private": "", "reasons": "[]"},
)  # fmt: skip
NAMED = Kept(table=t.FlagPerson, stays=True, told=False)
PLACES: tuple[Kept, ...] = (
    # Words in rows that others rest on, and those that hang on them before the rows themselves.
    Kept(table=t.Statement, whose=("by",), becomes={"note": ""}),
    Kept(table=t.Statement, whose=("part",), of=t.Attendance, becomes={"note": ""}),
    Kept(table=t.Statement, whose=("service",), of=t.Service, becomes={"note": ""}),
    Kept(table=t.Attendance, whose=("service",), of=t.Service, becomes={"note": ""}),
    # What was counted of their hours, for whom two people may vouch; the sums of a community rest on it.
    Kept(table=t.HandUse, whose=("part",), of=t.Attendance, stays=True),
    # What somebody agreed to, when, and when they took it back: proof that it was asked.
    Kept(table=t.Consent, whose=("member",), stays=True),
    Kept(table=t.WayIn, becomes={"hash": ""}, untold=("hash", "device")),
    # What the radar saw stays for those whom it does not concern, who alone read it; what they wrote of it goes.
    Kept(table=t.Flag, whose=("uid",), of=t.FlagPerson, becomes={"says": ""}, told=False),
    Kept(table=t.Flag, whose=("looked_by",), becomes={"says": ""}, told=False),
    NAMED,
    PARTS,
    VISITS,
    Kept(table=t.Relationship, whose=("holder_member", "to_member"), becomes={"note": ""}),
    Kept(table=t.OpeningLine, becomes={"written": "", "book": "", "note": ""}),
    Kept(table=t.IncomingText, becomes={"sender": "", "words": "", "about": "", "choices": "[]"}),
    Kept(table=t.News, whose=("member", "matter_of"), becomes={"known": outbox.ERASED}),
    Kept(table=t.RecordChange, becomes={"kept": "{}"}),
    Kept(table=t.Applicant, becomes={"name": "", "phone": "", "age": "", "says": "", "fingerprint": "", "area": ""}),
    # Rows that are about nobody else.
    Kept(table=t.Person, untold=("salt",)),
    Kept(table=t.Phone, untold=("salt",)),
    Kept(table=t.Age, untold=("salt",)),
    Kept(table=t.Profile),
    Kept(table=t.SourceKey),
    Kept(table=t.IdentityAnswer),
    Kept(table=t.Absence),
    Kept(table=t.CardReading),
    Kept(table=t.Reach),
    Kept(table=t.Feed),
    Kept(table=t.Password, told=False),
    Kept(table=t.SecondFactor, told=False),
    Kept(table=t.RecoveryCode, told=False),
    Kept(table=t.SignInCode, whose=("member", "acting_for"), told=False),
    Kept(table=t.Session, whose=("member", "acting_for"), told=False),
    Kept(table=t.KeptForm, whose=("member", "acting_for"), told=False),
    Kept(table=t.QueuedPress),
    Kept(table=t.RequestKey, whose=("actor",), told=False),
)  # fmt: skip
"""In this order: what is found through another table comes before that table's rows change."""

QUOTING: tuple[tuple[type[Table], str], ...] = (
    (t.Draft, "html"),
    (t.KeptForm, "body"),
    (t.RequestKey, "body"),
    (t.QueuedPress, "body"),
    (t.IdentityQuestion, "uids"),
    (t.FeedEntry, "subject"),
)
"""Copies of pages and answers made for others, by the column that may quote a member: such a row goes."""


async def forget(
    engine: DurableEngine, uid: str, *, naming: Sequence[str], title_of: Callable[[str], str]
) -> int:
    """Take a member's words out of every table of the app, in the caller's unit of work; how many rows it touched.

    Args:
        naming: name and numbers by which copies made for others are known.
        title_of: code of a category -> what a visit to them is called from now on.
    """
    done = await _rename_visits(engine, uid, title_of)
    for kept in PLACES:
        done += await _forget(engine, kept, uid)
    for table, column in QUOTING:
        for word in (uid, *naming):
            done += await _drop_quotes(engine, table, column, word)
    return done


async def kept_about(engine: DurableEngine, uid: str) -> dict[str, list[dict[str, object]]]:
    """Table -> every row about a member, as it stands: the copy that they may ask for."""
    found: dict[str, list[dict[str, object]]] = {}
    for kept in (one for one in PLACES if one.told):
        where, values = _where(kept, uid)
        rows = await engine.fetch(f"SELECT * FROM {_name(kept.table)} WHERE {where} ORDER BY id", values)
        if rows:
            found.setdefault(_name(kept.table).removeprefix("tb_"), []).extend(
                {name: value for name, value in row.items() if name not in kept.untold} for row in rows
            )
    return found


async def erased_uids(engine: DurableEngine) -> list[str]:
    """Everybody who was erased here, for whoever keeps the list beside the copies."""
    rows = await engine.fetch("SELECT uid FROM tb_member WHERE life = 'erased' ORDER BY uid")
    return [str(row["uid"]) for row in rows]


async def joined_into(engine: DurableEngine, uid: str) -> list[str]:
    """Records that were joined into a member's: the same person under another uid."""
    rows = await engine.fetch("SELECT uid FROM tb_member WHERE joined_to = ? ORDER BY uid", [uid])
    return [str(row["uid"]) for row in rows]


async def _rename_visits(engine: DurableEngine, uid: str, title_of: Callable[[str], str]) -> int:
    rows = await engine.fetch("SELECT uid, category FROM tb_service WHERE recipient = ?", [uid])
    for row in rows:
        await engine.execute(
            "UPDATE tb_service SET title = ? WHERE uid = ?", [title_of(str(row["category"])), row["uid"]]
        )
    return len(rows)


async def _forget(engine: DurableEngine, kept: Kept, uid: str) -> int:
    where, values = _where(kept, uid)
    if kept.stays:
        return 0
    if not kept.becomes:
        return await engine.execute(f"DELETE FROM {_name(kept.table)} WHERE {where}", values)
    becomes = {name: _blank(kept.table, name, value, uid) for name, value in kept.becomes.items()}
    setting = ", ".join(f"{name} = ?" for name in becomes)
    return await engine.execute(
        f"UPDATE {_name(kept.table)} SET {setting} WHERE {where}", [*becomes.values(), *values]
    )


def _blank(table: type[Table], name: str, value: object, uid: str) -> object:
    if value == "" and table._meta.get_column_by_name(name)._meta.null:
        return None
    # A fingerprint is of name and number: whoever tries some would find the right ones.
    return f"erased:{uid}" if name == "fingerprint" else value


def _where(kept: Kept, uid: str) -> tuple[str, list[object]]:
    """The condition of a member's rows, with its values."""
    if kept.of is None:
        return " OR ".join(f"{name} = ?" for name in kept.whose), [uid] * len(kept.whose)
    through, key = {t.Service: (VISITS, "uid"), t.FlagPerson: (NAMED, "flag")}.get(kept.of, (PARTS, "uid"))
    inner, values = _where(through, uid)
    (name,) = kept.whose
    return f"{name} IN (SELECT {key} FROM {_name(kept.of)} WHERE {inner})", values


async def _drop_quotes(engine: DurableEngine, table: type[Table], column: str, word: str) -> int:
    done = 0
    for spelled in {word, json.dumps(word)[1:-1]}:
        pattern = "%" + spelled.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        done += await engine.execute(
            f"DELETE FROM {_name(table)} WHERE {column} LIKE ? ESCAPE '!'", [pattern]
        )
    return done


def _name(table: type[Table]) -> str:
    return str(table._meta.tablename)
