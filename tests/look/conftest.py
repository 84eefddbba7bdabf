"""What the look's tests share: a Jinja environment as the app sets it up, and every message the project writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import timebank
from timebank.web import filters, i18n

PACKAGE = Path(timebank.__file__).parent


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Every test starts in Chinese."""
    with i18n.speaking("zh-CN"):
        yield


@pytest.fixture
def environment() -> Environment:
    """Jinja as the app sets it up."""
    environment = Environment(loader=FileSystemLoader(PACKAGE / "templates"), autoescape=True)
    filters.install(environment)
    return environment


def stretch(day: int, begins: int, ends: int) -> SimpleNamespace:
    """A stretch of November 2026 from hour to hour, Shanghai time."""
    starts_at = datetime(2026, 11, day, begins, tzinfo=filters.SHANGHAI)
    return SimpleNamespace(starts_at=starts_at, ends_at=starts_at.replace(hour=ends))


@pytest.fixture
def page_context() -> dict[str, Any]:
    """What every page is given, and what style.html shows besides."""
    line = SimpleNamespace(
        happened_on=date(2026, 11, 17), text="换灯泡", minutes_in=None, minutes_out=30, minutes_left=180
    )
    return {
        "lang": "zh-CN",
        "size": "elder",
        "actor": SimpleNamespace(name="王奶奶", roles={"elder"}, acting_for_name=""),
        "community_name": "东区社区",
        "community_phone": "0991-1234567",
        "nav": [{"href": "/elder", "label": "我要帮忙", "current": True}],
        "csrf_input": Markup('<input type="hidden" name="_csrf_token" value="t">'),
        "now": datetime(2026, 11, 24, 8, 10, tzinfo=filters.SHANGHAI),
        "demo": True,
        "path": "/elder",
        "flashes": [{"kind": "done", "text": "登记好了。"}],
        "lines": [line],
        "qr_svg": Markup("<svg></svg>"),
        "today_services": [stretch(24, 10, 11), stretch(26, 8, 11)],
    }


@pytest.fixture(scope="session")
def messages() -> list[tuple[str, str, str]]:
    """Every message of the project as (file and line, context, message)."""
    keywords = {**DEFAULT_KEYWORDS, "lazy": None}
    found = extract_from_dir(
        PACKAGE,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}},
        keywords=keywords,
    )
    said = []
    for file, line, message, _comments, context in found:
        singular = message if isinstance(message, str) else message[0]
        said.append((f"{file}:{line}", context or "", singular))
    return said
