"""When each step of the guide is done: one pure function per check that `catalogue/founding.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from timebank.catalogue.founding import FoundingStep

WORKERS_MIN = 2


class CheckMissing(Exception):
    """A step of the guide names a check that nobody wrote: the app does not start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundingFacts:
    """What the checks are decided by; no person's name stands in it.

    Attributes:
        place_missing: which of address, phone and opening hours are not given, as field names.
        places_in_charge: how many places there are of kinds that need somebody in charge; vacant: names of those with nobody.
        workers: workers in force who can sign in. auditors: auditors in force who are no workers.
        neighbours: active members without an office. old_questions: open questions who is meant, older than a week.
        teams_unled, units_unreached: names.
        policy_by_two: a version was approved by somebody else than who entered it.
        hours_opened: hours were brought forward from paper.
        lists_empty: which of the four lists never had a line. needs_of_nobody: open needs of residents nobody knows.
        week_planned: a week after founding was planned.
        asking_without: members who ask and have neither phone nor card nor proxy.
    """

    place_missing: tuple[str, ...] = ()
    places_in_charge: int = 0
    vacant: tuple[str, ...] = ()
    workers: int = 0
    auditors: int = 0
    neighbours: int = 0
    old_questions: int = 0
    teams_unled: tuple[str, ...] = ()
    units_unreached: tuple[str, ...] = ()
    policy_by_two: bool = False
    hours_opened: bool = False
    lists_empty: tuple[str, ...] = ()
    needs_of_nobody: int = 0
    week_planned: bool = False
    asking_without: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a check found.

    Attributes:
        missing: how many are still missing, 0 when it is done.
        names: of what they are, where these are places or organisations.
        words: codes for the page's own words, such as `address`.
    """

    missing: int
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.missing == 0


def _there(found: object, word: str) -> Found:
    return Found(missing=0) if found else Found(missing=1, words=(word,))


def place_given(facts: FoundingFacts) -> Found:
    return Found(missing=len(facts.place_missing), words=facts.place_missing)


def grids_have_officers(facts: FoundingFacts) -> Found:
    if not facts.places_in_charge:
        return Found(missing=1, words=("no_grid",))
    return Found(missing=len(facts.vacant), names=facts.vacant)


def two_workers(facts: FoundingFacts) -> Found:
    missing = max(0, WORKERS_MIN - facts.workers)
    return Found(missing=missing, words=("worker",) if missing else ())


def auditor_apart(facts: FoundingFacts) -> Found:
    return _there(facts.auditors, "auditor")


def people_known(facts: FoundingFacts) -> Found:
    if not facts.neighbours:
        return Found(missing=1, words=("nobody",))
    return Found(missing=facts.old_questions, words=("questions",) if facts.old_questions else ())


def teams_led(facts: FoundingFacts) -> Found:
    return Found(missing=len(facts.teams_unled), names=facts.teams_unled)


def units_reached(facts: FoundingFacts) -> Found:
    return Found(missing=len(facts.units_unreached), names=facts.units_unreached)


def policy_by_two(facts: FoundingFacts) -> Found:
    return _there(facts.policy_by_two, "approval")


def balances_opened(facts: FoundingFacts) -> Found:
    return _there(facts.hours_opened, "hours")


def lists_filled(facts: FoundingFacts) -> Found:
    words = (*facts.lists_empty, *(("needs_of_nobody",) if facts.needs_of_nobody else ()))
    return Found(missing=len(facts.lists_empty) + facts.needs_of_nobody, words=words)


def week_planned(facts: FoundingFacts) -> Found:
    return _there(facts.week_planned, "week")


def cards_given(facts: FoundingFacts) -> Found:
    return Found(missing=facts.asking_without)


CHECKS: Mapping[str, Callable[[FoundingFacts], Found]] = {
    check.__name__: check
    for check in (
        place_given, grids_have_officers, two_workers, auditor_apart, people_known, teams_led, units_reached,
        policy_by_two, balances_opened, lists_filled, week_planned, cards_given,
    )
}  # fmt: skip


def require_checks(steps: Iterable[FoundingStep]) -> None:
    """Raise CheckMissing when a step names a check that is not here."""
    if missing := sorted({step.check for step in steps} - CHECKS.keys()):
        raise CheckMissing(f"founding.toml names checks that nobody wrote: {missing}")
