"""Files made to hurt are read or refused, each with a sentence, and the office goes on."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.outside.files import HOSTILE
from timebank.help.imports import flow
from timebank.reading import Limits
from timebank.reading.limits import MB
from timebank.web.uploads import FILE_BYTES_MAX

BRIEF = Limits(cpu_s=1, wall_s=60, memory_bytes=220 * MB)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for each, as what takes longer is refused all the same."""
    monkeypatch.setattr(flow, "OFFICE", BRIEF)


async def test_files_made_to_hurt_are_read_or_refused_and_the_office_goes_on(town: Any) -> None:
    worker, visitor = await town.actor("worker"), await town.stranger()
    for name, make in HOSTILE.items():
        content = make()
        assert len(content) <= FILE_BYTES_MAX, name
        [report] = await flow.import_files(town.ctx, worker, "dongqu", [(name, content)])
        assert len(report.rows) < 1_000, name
        if not report.uid:
            [row] = report.rows
            assert row.reasons[0].code in {"file_too_large", "file_unreadable", "file_too_heavy"}, name
        assert (await visitor.get("/healthz")).status_code == 200, name


async def test_the_desk_is_told_on_the_page_and_the_next_file_is_read(town: Any) -> None:
    desk = await town.client("worker")
    heavy = ("60,000 rows.csv", HOSTILE["60,000 rows.csv"](), "text/csv")
    told = await desk.submit("/desk/import", files={"files": heavy})
    assert "太费力" in told.text
    plain = ("几个人.csv", "姓名,手机\n王五,19900000088".encode(), "text/csv")
    assert "太费力" not in (await desk.submit("/desk/import", files={"files": plain})).text
