"""One week of a development zone, planned exactly and planned best pair first: who is left with nothing, and who works.

    python examples/zone_week/run.py                     # a quarter of the zone, in a few seconds
    python examples/zone_week/run.py --one-in 1 --write  # the whole zone; renews docs/matching-town.md and its plot

The zone is invented, of the size a real one reported: 8,723 registered volunteers, 6,542 with an offer, 3,271 places a
week. Both plans obey the same rules and earn the same points. Best pair first takes the most valuable pair that is still
possible, again and again, as a careful office does by hand.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from plot import drawn

from marketplace.generator import ZONE, Town, scaled
from marketplace.planning import Plan, PlanContext, plan_week
from marketplace.values import SHANGHAI, Need, Resource

DOCS = Path(__file__).resolve().parents[2] / "docs"
FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one plan means for people.

    Attributes:
        nobody_could: needs without any help, because nobody on the lists may serve them.
        left: needs without any help although somebody could have served them.
        pairs_kept: standing pairs that meet again.
        gini_week, gini_lately: how unevenly helpers' hours lie, in thousandths; of this week, and with the hours of
            the last weeks. 0 is all alike, 1000 is all on one.
    """

    helpers_placed: int
    nobody_could: int
    left: int
    pairs_kept: int
    gini_week: int
    gini_lately: int
    seconds: float

    @property
    def with_nothing(self) -> int:
        return self.nobody_could + self.left


def outcome(plan: Plan, offers: list[Resource], seconds: float) -> Outcome:
    """The plan counted in people."""
    served = {match.need.line_key for match in plan.matches}
    without = {one.need.line_key: one for one in plan.unserved if one.need.line_key not in served}
    nobody_could = sum(one.why.code.startswith("no_candidate") for one in without.values())
    week = minutes_of(plan)
    return Outcome(
        helpers_placed=sum(match.quantity for match in plan.matches),
        nobody_could=nobody_could,
        left=len(without) - nobody_could,
        pairs_kept=sum(match.resource.owner in match.need.last_helpers for match in plan.matches),
        gini_week=gini([week[one.owner] for one in offers]),
        gini_lately=gini([one.load_minutes + week[one.owner] for one in offers]),
        seconds=seconds,
    )


def minutes_of(plan: Plan) -> dict[str, int]:
    """Minutes of each helper in the week."""
    minutes: dict[str, int] = defaultdict(int)
    for match in plan.matches:
        minutes[match.resource.owner] += match.minutes * match.quantity
    return minutes


def gini(amounts: list[int]) -> int:
    """The Gini index in thousandths, rounded down."""
    ordered, total = sorted(amounts), sum(amounts)
    weighted = sum(rank * amount for rank, amount in enumerate(ordered, start=1))
    count = len(ordered)
    return (2 * weighted - (count + 1) * total) * 1000 // (count * total) if total else 0


def possible_pairs(town: Town, needs: list[Need], offers: list[Resource], context: PlanContext) -> int:
    """Standing pairs whose helper could come this week, each looked at by itself."""
    by_owner = {one.owner: one for one in offers}
    return sum(
        bool(plan_week([need], [by_owner[owner]], week=town.week, context=context).matches)
        for need in needs
        for owner in need.last_helpers
    )


def timed(town: Town, needs: list[Need], resources: list[Resource], mode: str) -> tuple[Plan, float]:
    started = time.process_time()
    plan = plan_week(
        needs,
        resources,
        week=town.week,
        context=PlanContext(now=FRIDAY),
        mode="optimal" if mode == "optimal" else "stable",
    )
    return plan, time.process_time() - started


def compared(one_in: int, seed: int) -> tuple[dict[str, int], Outcome, Outcome]:
    """(what the town is, the exact plan, best pair first)."""
    town = Town(ZONE if one_in == 1 else scaled(ZONE, one_in), Random(seed))
    needs, resources = list(town.needs()), list(town.resources())
    offers = [one for one in resources if one.owner_kind == "volunteer"]
    exact, exact_s = timed(town, needs, resources, "optimal")
    greedy, greedy_s = timed(town, needs, resources, "stable")
    # Proven to a thousandth at least; at this size it is a millionth.
    assert exact.certificate.gap * 1000 <= exact.certificate.dual
    facts = {
        "registered": town.preset.registered,
        "offers": len(offers),
        "needs": len(needs),
        "places": town.preset.places_a_week,
        "pairs": possible_pairs(town, needs, offers, PlanContext(now=FRIDAY)),
    }
    return facts, outcome(exact, offers, exact_s), outcome(greedy, offers, greedy_s)


def said(facts: dict[str, int]) -> str:
    """How large the town is, in a line."""
    return (
        f"{facts['registered']:,} registered, {facts['offers']:,} offers, "
        f"{facts['needs']:,} needs for {facts['places']:,} helpers"
    )


def table(facts: dict[str, int], exact: Outcome, greedy: Outcome) -> str:
    """The figures as a Markdown table."""
    rows = [
        ("helpers placed", f"{exact.helpers_placed:,}", f"{greedy.helpers_placed:,}"),
        ("people left with nothing", f"**{exact.with_nothing}**", f"{greedy.with_nothing}"),
        ("… whom somebody could have helped", f"**{exact.left}**", f"{greedy.left}"),
        ("… whom nobody on the lists can help", f"{exact.nobody_could}", f"{greedy.nobody_could}"),
        (
            f"standing pairs kept, of {facts['pairs']} possible",
            f"**{exact.pairs_kept}** ({100 * exact.pairs_kept // max(1, facts['pairs'])} %)",
            f"{greedy.pairs_kept} ({100 * greedy.pairs_kept // max(1, facts['pairs'])} %)",
        ),
        (
            "Gini of helpers' hours, this week",
            f"{exact.gini_week / 1000:.3f}",
            f"{greedy.gini_week / 1000:.3f}",
        ),
        (
            "Gini of helpers' hours, with the last weeks",
            f"**{exact.gini_lately / 1000:.3f}**",
            f"{greedy.gini_lately / 1000:.3f}",
        ),
    ]
    head = ["| | exact plan | best pair first |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {name} | {ours} | {theirs} |" for name, ours, theirs in rows)])


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--one-in", type=int, default=4, help="1 for the whole zone")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--write", action="store_true", help="renew the page and the plot in docs/")
    given = options.parse_args()
    facts, exact, greedy = compared(given.one_in, given.seed)
    size = said(facts)
    print(size)
    print(table(facts, exact, greedy))
    if given.write:
        page = DOCS / "matching-town.md"
        before, mark, rest = page.read_text("utf-8").partition("<!-- figures -->\n")
        _, end, after = rest.partition("<!-- end of figures -->")
        found = f"{size}; seed {given.seed}.\n\n{table(facts, exact, greedy)}\n"
        page.write_text(f"{before}{mark}{found}{end}{after}", "utf-8")
        (DOCS / "matching-town.svg").write_text(drawn(facts, exact, greedy), "utf-8")
        print(f"process seconds: exact {exact.seconds:.1f}, best pair first {greedy.seconds:.1f}")


if __name__ == "__main__":
    main()
