"""No module imports itself by way of others, not even inside a function: what stands lower knows nothing of what stands on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def imports_of(package: str, root: Path = ROOT) -> Mapping[str, set[str]]:
    """Every module of the package with the modules of the package it imports, wherever in the file that stands."""
    files = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (root / package).rglob("*.py")
    }
    return {name: set(_imported(path, package, set(files))) - {name} for name, path in files.items()}


def _imported(path: Path, package: str, known: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            for one in node.names:
                full = f"{node.module}.{one.name}"
                yield full if full in known else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle in the order they import each other; empty when there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph.get(name, ())):
            if found := walk(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])


@pytest.mark.parametrize("package", ["ledger", "marketplace", "timebank"])
def test_no_import_circle_exists(package: str) -> None:
    assert circle_in(imports_of(package)) == []


def test_a_circle_is_found_also_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "village").mkdir()
    (tmp_path / "village" / "well.py").write_text("import village.road\n")
    (tmp_path / "village" / "road.py").write_text("def go():\n    from village import well\n")
    assert circle_in(imports_of("village", tmp_path)) == ["village.road", "village.well", "village.road"]
