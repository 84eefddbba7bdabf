"""Yes is not certain: how likely a helper says yes when asked, and comes when promised, from their own history.

No black box: what counts are four numbers per helper (asked, said yes, promised, came) and the rates of everybody. A helper
nobody knows yet is as likely as everybody; each answer of their own moves the estimate towards what they really do (the
posterior mean of a beta distribution whose prior weighs as much as so many answers). Every estimate is shown with its
counts, and a person may correct it.

Stand-bys are the next best helpers who are told to keep the hour free, so that what must not fail is met by somebody with
the probability asked for; nobody is asked more often than their budget allows.

Source: Gelman and others, Bayesian Data Analysis (2013), chapter 2.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import datetime
from fractions import Fraction

from marketplace.errors import NotAProbability, NotWholeNumber
from marketplace.planning.answers.fatigue import Asks
from marketplace.planning.answers.online import NOBODY_ASKED, Suggestion
from marketplace.planning.problem.reasons import Reason

PRIOR_ANSWERS = 4
PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a helper did so far: asked and said yes, promised and came."""

    asked: int = 0
    yes: int = 0
    promised: int = 0
    came: int = 0

    def __post_init__(self) -> None:
        for name in ("asked", "yes", "promised", "came"):
            given = getattr(self, name)
            if type(given) is not int or given < 0:
                raise NotWholeNumber(field=name, given=repr(given))
        if self.yes > self.asked or self.came > self.promised:
            raise NotWholeNumber(
                field="yes, came", given=f"{self.yes} of {self.asked}, {self.came} of {self.promised}"
            )

    def __add__(self, other: History) -> History:
        return History(
            asked=self.asked + other.asked,
            yes=self.yes + other.yes,
            promised=self.promised + other.promised,
            came=self.came + other.came,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Willing:
    """The histories of a community and what people corrected.

    Attributes:
        histories: resource owner -> history.
        corrected: resource owner -> percent with which a person says they come when asked; it stands until taken back.
        prior: how many answers of everybody a newcomer is taken for.
    """

    histories: Mapping[str, History] = filled(default_factory=dict)
    corrected: Mapping[str, int] = filled(default_factory=dict)
    prior: int = PRIOR_ANSWERS

    def __post_init__(self) -> None:
        for owner, percent in self.corrected.items():
            if type(percent) is not int or not 0 <= percent <= PERCENT:
                raise NotAProbability(owner=owner, given=repr(percent))

    def says_yes(self, owner: str) -> Fraction:
        """The probability that a helper says yes when asked."""
        own, everybody = self.histories.get(owner, History()), self._everybody()
        return _posterior(own.yes, own.asked, everybody.yes, everybody.asked, self.prior)

    def comes(self, owner: str) -> Fraction:
        """The probability that a helper comes when promised."""
        own, everybody = self.histories.get(owner, History()), self._everybody()
        return _posterior(own.came, own.promised, everybody.came, everybody.promised, self.prior)

    def serves(self, owner: str) -> Fraction:
        """The probability that asking a helper ends in a visit: they say yes and come, or what a person says of them."""
        if owner in self.corrected:
            return Fraction(self.corrected[owner], PERCENT)
        return self.says_yes(owner) * self.comes(owner)

    def why(self, owner: str) -> Reason:
        """The estimate with the counts behind it, in words."""
        own, percent = self.histories.get(owner, History()), round(self.serves(owner) * PERCENT)
        if owner in self.corrected:
            return Reason(
                code="corrected",
                zh=f"按人工更正：约 {percent}% 会来",
                en=f"about {percent} % come, as a person said",
            )
        return Reason(
            code="willing",
            zh=f"约 {percent}% 会来：问过 {own.asked} 次答应 {own.yes} 次，约好 {own.promised} 次来了 {own.came} 次",
            en=f"about {percent} %: said yes {own.yes} of {own.asked} times, came {own.came} of {own.promised} times",
        )

    def _everybody(self) -> History:
        return sum(self.histories.values(), History())


def _posterior(hits: int, tries: int, all_hits: int, all_tries: int, prior: int) -> Fraction:
    """The share of hits, with everybody's share counting as `prior` tries; one more hit and miss keep it off 0 and 1."""
    everybody = Fraction(all_hits + 1, all_tries + 2)
    return (hits + prior * everybody) / Fraction(tries + prior)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandBys:
    """Who keeps an hour free in case, and how likely the visit is met with and without them, in percent."""

    helpers: tuple[Suggestion, ...]
    percent_alone: int
    percent: int
    enough: bool


def stand_bys(
    planned: Iterable[str],
    candidates: Sequence[Suggestion],
    *,
    willing: Willing,
    percent_wanted: int,
    now: datetime,
    asks: Asks = NOBODY_ASKED,
    most: int = 3,
) -> StandBys:
    """Stand-bys for one visit that must not fail, the likeliest first; as few as will do.

    Args:
        planned: owners who are planned for the visit; one of them is enough.
        candidates: others who could come at that hour, as `suggest` or `stand_ins` find them.
        percent_wanted: how likely the visit should be met by somebody.
        most: stand-bys at most, so that nobody keeps hours free for nothing.

    Raises:
        NotAProbability: the wish is no percentage.
    """
    if type(percent_wanted) is not int or not 0 <= percent_wanted <= PERCENT:
        raise NotAProbability(owner="", given=repr(percent_wanted))
    missing = Fraction(1)
    for owner in planned:
        missing *= 1 - willing.serves(owner)
    alone = missing
    chosen: list[Suggestion] = []
    free = [one for one in candidates if asks.spent(one.resource, now=now) is None]
    for one in sorted(
        free, key=lambda one: (-willing.serves(one.resource.owner), -one.value, one.resource.line_key)
    ):
        if (1 - missing) * PERCENT >= percent_wanted or len(chosen) == most:
            break
        chosen.append(one)
        missing *= 1 - willing.serves(one.resource.owner)
    return StandBys(
        helpers=tuple(chosen),
        percent_alone=round((1 - alone) * PERCENT),
        percent=round((1 - missing) * PERCENT),
        enough=(1 - missing) * PERCENT >= percent_wanted,
    )
