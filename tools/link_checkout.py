"""Makes the virtual environment use this checkout: a path file and the `timebank` command.

An editable install would do the same but needs the build backend inside the environment; the demo's lock has none.
"""

from __future__ import annotations

import stat
import sys
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
COMMAND = """#!{python}
import sys

from timebank.cli import main

sys.exit(main())
"""


def link() -> None:
    """Write both files into the running environment."""
    site = Path(sysconfig.get_path("purelib"))
    (site / "timebank_checkout.pth").write_text(f"{CHECKOUT}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts")) / "timebank"
    command.write_text(COMMAND.format(python=sys.executable), encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


link()
