"""The benchmark's lines as Markdown tables, the goals first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

Line = dict[str, Any]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "matching-figures.md"
MARK = "<!-- figures -->\n"

TABLES = {
    "city": ("With the extra `city`", {
        "size": "needs × offers", "regime": "regime", "pairs": "pairs", "ortools_s": "OR-Tools s", "city_s": "`city` s",
        "ratio": "ratio", "us_per_pair": "µs per pair", "peak_mb": "peak MB"}),
    "own": ("Without it: our own engine in plain Python", {
        "size": "needs × offers", "regime": "regime", "ortools_s": "OR-Tools s", "own_s": "ours s", "ratio": "ratio",
        "greedy_share": "best-pairs-first reaches", "left_with_nothing": "left with nothing: ours",
        "left_with_nothing_greedy": "best-pairs-first"}),
    "networkx": ("Beside networkx' `network_simplex`, slack", {
        "size": "needs × offers", "networkx_s": "networkx s", "times_quicker_city": "`city`, times quicker",
        "times_quicker_own": "our own engine, times quicker"}),
    "pipeline": ("From columns to a proven plan with every explanation, slack", {
        "size": "needs × offers", "matches": "matches", "whole_s": "whole s", "solver_s": "solver alone s",
        "ratio": "ratio", "peak_mb": "peak MB"}),
    "rounds": ("Days with rounds", {
        "kind": "instances", "instances": "how many", "proven": "proven the best", "gap_percent": "largest gap told, %",
        "close": "told within 1 %", "beside_least_percent": "least of CP-SAT's best, %", "beside_percent": "mean, %", "minutes": "minutes of help", "median_s": "median s", "most_s": "most s",
        "verify_s": "proof again, most s"}),
    "lists": ("A generated zone from its lists to a proven plan in words", {
        "registered": "registered", "needs": "needs", "resources": "resources", "pairs": "possible pairs",
        "matches": "matches", "gap_percent": "gap told, %", "reading_s": "reading s", "solving_s": "solving s", "telling_s": "telling s",
        "whole_s": "whole s", "verify_s": "checked again s", "loading_s": "loading once s"}),
    "change": ("One need taken out of a standing plan, and put back", {
        "size": "needs × offers", "withdraw_p50_ms": "withdraw p50 ms", "withdraw_p99_ms": "p99 ms",
        "insert_p50_ms": "insert p50 ms", "insert_p99_ms": "p99 ms", "peak_mb": "peak MB"}),
    "suggest": ("The ten best offers for one need", {
        "offers": "offers", "index_s": "index s", "top10_p50_ms": "p50 ms", "top10_p99_ms": "p99 ms"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """The worst figure of its kind and the bound it should keep."""

    name: str
    found: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.found >= self.bound if self.at_least else self.found <= self.bound


def goals(found: dict[str, list[Line]]) -> list[Goal]:
    """What can be judged of the sizes that were measured."""
    kept = [*_city_goals(found["city"])]
    small = [line["own_s"] for line in found["own"] if line["size"] == 1_000]
    larger = [line["ratio"] for line in found["own"] if (line["size"], line["regime"]) == (10_000, "slack")]
    if small:
        kept.append(Goal("own engine, 1,000 × 1,000, slowest regime, s", max(small), 1))
    if larger:
        kept.append(Goal("own engine, 10,000 × 10,000 slack ÷ OR-Tools", larger[0], 2.5))
    for line in found["networkx"]:
        kept.append(
            Goal("`city`, times quicker than networkx", line["times_quicker_city"], 20, at_least=True)
        )
        kept.append(
            Goal("own engine, times quicker than networkx", line["times_quicker_own"], 20, at_least=True)
        )
    kept += [
        Goal(f"columns to explanations ÷ solver alone, {line['size']:,}", line["ratio"], 2)
        for line in found["pipeline"]
    ]
    kept.extend(_round_goals(found["rounds"]))
    zone = found["lists"][-1]
    kept.append(
        Goal(f"a zone of {zone['registered']:,} from lists to words, rounds and all, s", zone["whole_s"], 6)
    )
    kept.append(Goal(f"a zone of {zone['registered']:,}, gap told, %", zone["gap_percent"], 0.2))
    kept.append(Goal("loading the compiled solver once, s", zone["loading_s"], 0.6))
    for line in found["change"]:
        if line["size"] == 100_000:
            kept.append(Goal("change of a plan of 100,000, p50 ms", _worst(line, "p50"), 2))
            kept.append(Goal("change of a plan of 100,000, p99 ms", _worst(line, "p99"), 30))
    kept += [
        Goal("ten best of 100,000 offers, p50 ms", line["top10_p50_ms"], 1)
        for line in found["suggest"]
        if line["offers"] == 100_000
    ]
    return kept


# Regime -> the most of OR-Tools' time that is meant to be taken, at the two larger sizes.
_RATIOS = {
    10_000: {"unit": 1.0},
    100_000: {"slack": 0.35, "scarce": 0.35, "hub": 0.35, "ties": 0.5, "unit": 0.8},
}


def _city_goals(lines: list[Line]) -> list[Goal]:
    kept = [
        Goal(f"`city` ÷ OR-Tools, {line['size']:,} {line['regime']}", line["ratio"], bound)
        for line in lines
        if (bound := _RATIOS.get(line["size"], {}).get(line["regime"])) is not None
    ]
    largest = [line["peak_mb"] for line in lines if line["size"] == 100_000]
    if largest:
        kept.append(Goal("`city`, 100,000 × 100,000, peak MB", max(largest), 1200))
    return kept


# Kind of day -> the least share of CP-SAT's best points that a plan should reach, in percent.
_BESIDE_PERCENT = {"community": 99.5, "dense": 99, "rooms": 99, "at_once": 97}


def _round_goals(lines: list[Line]) -> list[Goal]:
    kept = []
    for line in lines:
        if line["kind"] == "community":
            share = round(100 * line["proven"] / line["instances"])
            kept.append(Goal("communities with rounds, proven the best, %", share, 85, at_least=True))
            kept.append(Goal("communities with rounds, largest gap told, %", line["gap_percent"], 1))
            kept.append(Goal("communities with rounds, median s", line["median_s"], 0.5))
            kept.append(Goal("communities with rounds, most s", line["most_s"], 3))
        if line["kind"] == "dense":
            kept.append(Goal("dense days, largest gap told, %", line["gap_percent"], 3))
        if line["beside_least_percent"] != "":
            name = f"{line['kind']}: least share of what CP-SAT finds, %"
            kept.append(
                Goal(name, line["beside_least_percent"], _BESIDE_PERCENT[line["kind"]], at_least=True)
            )
        kept.append(Goal(f"{line['kind']}: proof again, most s", line["verify_s"], 1))
    return kept


def _worst(line: Line, which: str) -> float:
    return float(max(line[f"withdraw_{which}_ms"], line[f"insert_{which}_ms"]))


def told(found: dict[str, list[Line]]) -> str:
    """Everything in Markdown."""
    lines = ["| ratio or figure | found | goal | |", "|---|---|---|---|"]
    for goal in goals(found):
        bound = f"{'≥' if goal.at_least else '≤'} {goal.bound:,}"
        lines.append(f"| {goal.name} | **{goal.found:,}** | {bound} | {'met' if goal.met else 'missed'} |")
    for name, (title, columns) in TABLES.items():
        lines += ["", f"## {title}", "", f"| {' | '.join(columns.values())} |", "|---" * len(columns) + "|"]
        lines += [f"| {' | '.join(_cell(key, line[key]) for key in columns)} |" for line in found[name]]
    return "\n".join(lines) + "\n"


def _cell(key: str, value: Any) -> str:
    if key == "size":
        return f"{value:,} × {value:,}"
    if key == "ratio":
        return f"**{value}**"
    if key == "greedy_share":
        return f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(found: dict[str, list[Line]]) -> None:
    """Renew the page's tables; what stands before them is written by hand."""
    before = PAGE.read_text("utf-8").partition(MARK)[0]
    PAGE.write_text(before + MARK + told(found), "utf-8")
