"""`python -m benchmarks [--json] [--write]`: all benchmarks one after another, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

PARTS = ("engine", "ledger", "marketplace", "reading", "importing", "outside")
KEEP_A_PAGE = ("ledger", "marketplace", "reading", "importing", "outside")


def main() -> int:
    """Run every part; its own exit code says whether its goals were met."""
    as_json = "--json" in sys.argv[1:]
    found, missed = {}, False
    for part in PARTS:
        command = [sys.executable, "-m", f"benchmarks.{part}", *(["--json"] if as_json else [])]
        if part in KEEP_A_PAGE and "--write" in sys.argv[1:]:
            command.append("--write")
        done = subprocess.run(command, stdout=subprocess.PIPE if as_json else None, text=True, check=False)
        missed = missed or done.returncode != 0
        if as_json:
            found[part] = json.loads(done.stdout)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
