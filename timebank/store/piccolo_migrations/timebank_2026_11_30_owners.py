"""Owners of lines, claims and turns: from a unit's or team's name, as the lists wrote it, to the organisation's code.

Frozen: a later change is a later migration. A name that nobody owns becomes an organisation, so that no line is lost; a
name of the office itself becomes "", the office's own. What a plan said when it was made stays as it was said.
"""

from __future__ import annotations

import json
import re
from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.engine import DurableEngine
from ledger.store.migrate import current_engine
from marketplace.names import name_key

ID = "2026-11-30T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "owners are organisation codes"

OFFICE_CLAIMS, COMMUNITY_SIGNS = "office", "community"
OFFICE_NAME = re.compile(
    r"^(?:.{0,6}社区|社区居委会|.{0,8}居委会|居委会|党群服务中心|服务台|community(?: office)?)$",
    re.IGNORECASE,
)
TEAM_NAME = re.compile(r"(?:服务队|志愿队|突击队|队|team)$", re.IGNORECASE)
TEAM, UNIT = "team", "unit"

Document = dict[str, Any]


@dataclass(slots=True)
class Owners:
    """Who goes by which name in one installation; learns of what it makes."""

    engine: DurableEngine
    known: frozenset[str]
    names: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    async def code(self, community: str, word: str, *, kind: str = "") -> str:
        """The code behind a word on a line; a member's uid and a code stay what they are.

        Args:
            kind: what the line says that the owner is; "" where it says nothing.
        """
        if not word or word in self.known:
            return word
        if OFFICE_NAME.match(word):
            return ""
        key = name_key(word)
        called = self.names.get((community, key)) or self.names.get(("", key)) or []
        fitting = [code for code, its in called if its == kind] or [code for code, _ in called]
        return fitting[0] if fitting else await self._made(community, word, key, kind)

    async def _made(self, community: str, name: str, key: str, kind: str) -> str:
        kind = kind or (TEAM if TEAM_NAME.search(name) else UNIT)
        mark = b32encode(sha256(f"timebank/owner/v1 {community} {name}".encode()).digest()).decode()[:8]
        code = ("T" if kind == TEAM else "U") + mark
        await self.engine.execute(
            "INSERT INTO tb_organisation (code, community, kind, subkind, name, name_key, brand, path, area, opens, phone,"
            " address) SELECT ?, code, ?, '', ?, ?, '', ?, area, '', '', '' FROM tb_community WHERE code = ?",
            [code, kind, name[:80], key[:80], f"~{code}", community],
        )
        [row] = await self.engine.fetch("SELECT id FROM tb_organisation WHERE code = ?", [code])
        await self.engine.execute(
            "UPDATE tb_organisation SET path = ? WHERE code = ?", [f"{row['id']:x}/", code]
        )
        await self.engine.execute(
            "INSERT INTO tb_organisation_name (organisation, name, name_key) VALUES (?, ?, ?)",
            [code, name[:80], key[:80]],
        )
        self.names.setdefault((community, key), []).append((code, kind))
        return code


async def read(engine: DurableEngine) -> Owners:
    members = await engine.fetch("SELECT uid FROM tb_member")
    bodies = await engine.fetch("SELECT code FROM tb_organisation")
    found = Owners(engine, frozenset([*(row["uid"] for row in members), *(row["code"] for row in bodies)]))
    called = await engine.fetch(
        "SELECT o.code, o.kind, o.community, n.name_key FROM tb_organisation_name n"
        " JOIN tb_organisation o ON o.code = n.organisation ORDER BY o.id, n.id"
    )
    for row in called:
        place = (row["community"] or "", row["name_key"])
        found.names.setdefault(place, []).append((row["code"], row["kind"]))
    return found


async def move_lines(engine: DurableEngine, owners: Owners) -> None:
    """Resources and needs; whether a line is the same when it is brought again is judged by what it says, as before."""
    for row in await engine.fetch(
        "SELECT community, line_key, owner, owner_kind, line FROM mp_resource WHERE owner_kind <> 'volunteer'"
    ):
        code = await owners.code(row["community"], row["owner"], kind=row["owner_kind"])
        line: Document = json.loads(row["line"])
        await _save_line(
            engine, "mp_resource", row["community"], row["line_key"], code, {**line, "owner": code}
        )
    for row in await engine.fetch("SELECT community, line_key, owner, line FROM mp_need"):
        line = json.loads(row["line"])
        owned = line.get("source") == "unit"
        code = await owners.code(row["community"], row["owner"], kind=UNIT) if owned else row["owner"]
        came = [await owners.code(row["community"], word) for word in line.get("last_helpers", ())]
        changed = {**line, **({"owner": code} if owned else {}), **({"last_helpers": came} if came else {})}
        if changed != line:
            await _save_line(engine, "mp_need", row["community"], row["line_key"], code, changed)


async def move_promises(engine: DurableEngine, owners: Owners) -> None:
    """Claims and turns."""
    for row in await engine.fetch("SELECT uid, community, claimant FROM mp_claim"):
        if row["claimant"] != OFFICE_CLAIMS:
            code = await owners.code(row["community"], row["claimant"]) or OFFICE_CLAIMS
            await engine.execute("UPDATE mp_claim SET claimant = ? WHERE uid = ?", [code, row["uid"]])
    for row in await engine.fetch(
        "SELECT community, activity_key, period, unit, swapped_with, covered_by FROM mp_turn"
    ):
        units = [
            await owners.code(row["community"], row[column])
            for column in ("unit", "swapped_with", "covered_by")
        ]
        await engine.execute(
            "UPDATE mp_turn SET unit = ?, swapped_with = ?, covered_by = ?"
            " WHERE community = ? AND activity_key = ? AND period = ?",
            [*units, row["community"], row["activity_key"], row["period"]],
        )


async def move_papers(engine: DurableEngine, owners: Owners) -> None:
    """Agreements with whoever signed them, and tasks that units stated."""
    for row in await engine.fetch("SELECT uid, community, document FROM mp_agreement"):
        paper: Document = json.loads(row["document"])
        codes = {
            word: await owners.code(row["community"], word)
            for word in (
                *paper.get("units", ()),
                *(one["party"] for one in paper.get("signatures", ()) if one["party"] != COMMUNITY_SIGNS),
                *(one["unit"] for one in paper.get("items", ())),
            )
        }
        paper["units"] = [codes[word] for word in paper.get("units", ())]
        for one in paper.get("items", ()):
            one["unit"] = codes[one["unit"]]
        for one in paper.get("signatures", ()):
            one["party"] = codes.get(one["party"], one["party"])
        await engine.execute(
            "UPDATE mp_agreement SET document = ? WHERE uid = ?", [_written(paper), row["uid"]]
        )
    for row in await engine.fetch("SELECT uid, community, unit, document FROM mp_admission"):
        code = await owners.code(row["community"], row["unit"])
        task: Document = json.loads(row["document"])
        await engine.execute(
            "UPDATE mp_admission SET unit = ?, document = ? WHERE uid = ?",
            [code, _written({**task, "unit": code}), row["uid"]],
        )


async def _save_line(
    engine: DurableEngine, table: str, community: str, key: str, owner: str, line: Document
) -> None:
    await engine.execute(
        f"UPDATE {table} SET owner = ?, line = ? WHERE community = ? AND line_key = ?",
        [owner, _written(line), community, key],
    )


def _written(value: Document) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        engine = current_engine()
        owners = await read(engine)
        await move_lines(engine, owners)
        await move_promises(engine, owners)
        await move_papers(engine, owners)

    manager.add_raw(move)
    return manager
