"""A town and short words to bring lists into it and to look at who is who afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from timebank.help.imports import answering
from timebank.help.imports import flow as imports
from timebank.help.imports.report import FileReport
from timebank.store.members import people, recognition

CASES = Path(__file__).parent / "cases"


@dataclass
class Office:
    """The desk of the small town, with the office's habits: bring a list, look who is there."""

    town: Any

    @property
    def ctx(self) -> Any:
        return self.town.ctx

    async def actor(self, who: str = "worker") -> Any:
        return await self.town.actor(who)

    async def bring(self, name: str, text: str) -> FileReport:
        """A list as text, imported by the desk."""
        files = [(name, text.encode())]
        [report] = await imports.import_files(
            self.ctx, await self.actor(), "dongqu", files, filed_on=self.ctx.today()
        )
        return report

    async def bring_case(self, name: str) -> FileReport:
        """One file of a field case."""
        path = CASES / name
        [report] = await imports.import_files(
            self.ctx,
            await self.actor(),
            "dongqu",
            [(path.name, path.read_bytes())],
            filed_on=self.ctx.today(),
        )
        return report

    async def named(self, name: str) -> list[Any]:
        """Everybody active of this name."""
        return await people.cards_named(self.ctx.engine, "dongqu", name)

    async def count(self, table: str = "tb_member") -> int:
        return int((await self.ctx.engine.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])

    async def asked(self) -> int:
        """Open questions who is meant."""
        return await recognition.count_open(self.ctx.engine, "dongqu")

    async def answer(self, report: FileReport, number: int, who: str, *, step: str = "who") -> Any:
        """The desk's word about one row."""
        place = next(at for at, row in enumerate(report.rows) if row.number == number)
        return await answering.answer_row(
            self.ctx, await self.actor(), file=report.uid, place=place, step=step, cells={}, who=who
        )


@pytest.fixture
def office(town: Any) -> Office:
    return Office(town)
