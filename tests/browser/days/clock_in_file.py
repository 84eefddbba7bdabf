"""The demo community on a database, its clock set by a file: it shows the hour that was written last and goes on from there.

python -m tests.browser.days.clock_in_file hour.txt demo --port 0 …     # or tick, or any other command
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from tests.browser.days.cast import prepare
from timebank.adapters.system import SystemClock
from timebank.cli import main


def hour_of(file: Path) -> datetime:
    """The hour in the file, and the seconds since it was written."""
    written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return datetime.fromisoformat(file.read_text()).astimezone(UTC) + (datetime.now(UTC) - written_at)


if __name__ == "__main__":
    named, *arguments = sys.argv[1:]
    with (
        patch.object(SystemClock, "__call__", lambda clock: hour_of(Path(named))),
        patch("timebank.demo.seed.sign_in_links", prepare),
    ):
        main(arguments)
