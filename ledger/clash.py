"""Whether somebody else's distribution brings a package named `ledger` or `marketplace` into this environment.

Both are common words, and two packages of one name overwrite each other's files without a word. `timebank doctor` and
`python -m ledger.clash` name the stranger.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import packages_distributions

OWN: Mapping[str, frozenset[str]] = {
    "ledger": frozenset({"timebank-ledger"}),
    "marketplace": frozenset({"timebank-marketplace"}),
}
"""Top-level package → the distributions it may come from."""


def clashes(brought: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """One sentence for each stranger, in Chinese and in English; [] when there is none.

    Args:
        brought: which distributions bring which top-level package; what is installed here when not given.
    """
    found = packages_distributions() if brought is None else brought
    return [
        f"{stranger} 也带有名为 {package} 的包，请卸载它 / {stranger} also brings a package named {package}: uninstall it"
        for package, own in OWN.items()
        for stranger in sorted({name.lower().replace("_", "-") for name in found.get(package, ())} - own)
    ]


def main() -> int:
    """Print every clash; 1 when there is one."""
    found = clashes()
    print(*found or ["no clash"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
