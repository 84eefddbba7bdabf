"""A command of the product, run as if the machine's clock stood at another hour and went on from there.

python -m tests.browser.at_time 2026-11-16T09:00+08:00 init --code …
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from unittest.mock import patch

from timebank.adapters.system import SystemClock
from timebank.cli import main

if __name__ == "__main__":
    hour, *arguments = sys.argv[1:]
    moved = datetime.fromisoformat(hour) - datetime.now(UTC)
    with patch.object(SystemClock, "__call__", lambda clock: datetime.now(UTC) + moved + clock.offset):
        main(arguments)
