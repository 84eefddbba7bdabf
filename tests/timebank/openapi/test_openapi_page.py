"""What `docs/programs.md` shows is what works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.timebank.shared_app import transport_to
from timebank.community.identity import flow

PAGE = Path(__file__).parents[3] / "docs" / "programs.md"


async def test_the_program_on_the_page_signs_in_and_asks_once(town: Any) -> None:
    import httpx

    shown: dict[str, Any] = {}
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(program, str(PAGE), "exec"), shown)
    code = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids["elder"], kind="code")
    async with httpx.AsyncClient(
        transport=transport_to(town.app), base_url="http://127.0.0.1:8000"
    ) as client:
        client.cookies.set("community", "dongqu", domain="127.0.0.1")
        with pytest.raises(PermissionError):
            await shown["sign_in"](client, "19900000101", "000000" if code != "000000" else "000001")
        await shown["sign_in"](client, "19900000101", code)
        made = [await shown["ask_for_help"](client, "买菜", "随时", key="press-1") for _twice in range(2)]
    assert len(set(made)) == 1
