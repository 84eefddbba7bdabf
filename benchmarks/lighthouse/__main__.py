"""`python -m benchmarks.lighthouse [--json] [--write]`: Lighthouse's four figures of the pages that people open first.

Serves a fresh demo community, signs in as each kind of person and lets Lighthouse judge their pages as a slow phone on a
slow network sees them. Needs Node and npm: the version named here is fetched by `npx`, and nothing of it stays in the tree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tools.chromium import chromium_path

LIGHTHOUSE = "lighthouse@13.5.0"
PAGE = Path(__file__).parents[2] / "docs" / "lighthouse-figures.md"
LEAST = 95
RUNS_MAX = 4
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Who opens what.
OPENED = (
    ("", "/notice"), ("", "/c/dongqu"), ("", "/lists/needs"), ("", "/sign-in"), ("", "/join"), ("elder", "/elder"), ("elder", "/hours"),
    ("volunteer", "/volunteer"), ("volunteer", "/lists/needs"), ("leader", "/teams"), ("unit", "/unit"), ("worker", "/desk"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The figures of one page, 0 to 100 by category, and what cost points."""

    who: str
    path: str
    scores: dict[str, int]
    faults: tuple[str, ...]

    @property
    def good(self) -> bool:
        return min(self.scores.values()) >= LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running demo: its address, and a sign-in link by role."""

    url: str
    sign_in: dict[str, str]


@contextmanager
def demo(folder: Path) -> Iterator[Served]:
    """A fresh demo community on a free port."""
    command = [sys.executable, "-m", "timebank.cli", "demo", "--port", "0", "--json", "--database"]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*command, f"sqlite:///{folder}/demo.db"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert server.stdout is not None
            known = json.loads(server.stdout.readline())
            yield Served(url=known["url"], sign_in=known["sign_in"])
        finally:
            server.terminate()
            server.wait(timeout=20)


def cookies_of(served: Served, who: str) -> str:
    """The cookie header of somebody signed in; a stranger's for ""."""
    with httpx.Client(base_url=served.url, headers={"accept-language": "zh-CN"}) as client:
        client.get(served.sign_in[who] if who else "/", follow_redirects=True)
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items() if name != "csrf")


def judge(served: Served, who: str, path: str, cookies: str, folder: Path) -> Judged:
    """One run of Lighthouse, as on a phone."""
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookies, "Accept-Language": "zh-CN"}), encoding="utf-8")
    done = subprocess.run(
        [
            "npx", "--yes", LIGHTHOUSE, served.url + path, "--quiet", "--output=json", "--output-path=stdout",
            f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ],
        capture_output=True, text=True, check=False, timeout=300, cwd=folder, env={**os.environ, "CHROME_PATH": chromium_path()},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {path}:\n{done.stderr}")
    report = json.loads(done.stdout)
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    faults = tuple(
        f"{audit['id']} {audit.get('displayValue', '')}".strip()
        for name in CATEGORIES
        for reference in report["categories"][name]["auditRefs"]
        if reference["weight"] and (audit := report["audits"][reference["id"]])["score"] not in (None, 1)
    )
    return Judged(who=who, path=path, scores=scores, faults=faults)


def best(served: Served, who: str, path: str, folder: Path) -> Judged:
    """The first run that is good, or the best of a few: a machine with other work on it makes any page slow at times."""
    cookies = cookies_of(served, who)
    runs: list[Judged] = []
    while len(runs) < RUNS_MAX and not (runs and runs[-1].good):
        runs.append(judge(served, who, path, cookies, folder))
    return max(runs, key=lambda run: sum(run.scores.values()))


def as_page(judged: list[Judged]) -> str:
    lines = [
        "# Lighthouse",
        "",
        f"`make lighthouse` wrote this page: {LIGHTHOUSE} on a fresh demo community, as on a slow phone with a slow network. The"
        f" goal is {LEAST} in every column; a page that misses it is judged up to {RUNS_MAX} times and its best run counts, for performance"
        " varies with what else the machine does.",
        "",
        "| who | page | performance | accessibility | best practices | search engines | what cost points |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {one.who or 'anybody'} | `{one.path}` | {' | '.join(str(one.scores[name]) for name in CATEGORIES)} | {'; '.join(one.faults)} |"
            for one in judged
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table, or JSON; 1 when a page falls short."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", action="store_true", help="write docs/lighthouse-figures.md")
    said = parser.parse_args()
    judged = []
    with tempfile.TemporaryDirectory() as name, demo(Path(name)) as served:
        for who, path in OPENED:
            judged.append(best(served, who, path, Path(name)))
    if said.write:
        PAGE.write_text(as_page(judged), encoding="utf-8")
    if said.json:
        known = [
            {"who": one.who, "path": one.path, "scores": one.scores, "faults": one.faults} for one in judged
        ]
        print(json.dumps(known, ensure_ascii=False, indent=1))
    else:
        print(as_page(judged))
    return int(not all(one.good for one in judged))


if __name__ == "__main__":
    sys.exit(main())
