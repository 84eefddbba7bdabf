"""The steps with what is still missing: one function for the page, for programs and for `timebank doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from timebank.catalogue import Skip, founding_steps
from timebank.catalogue.founding import FoundingStep
from timebank.community.guide.checks import CHECKS, Found
from timebank.community.guide.facts import load
from timebank.context import Context
from timebank.store.office import founding_skips
from timebank.store.office.founding_skips import Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step with what its check found and, when somebody left it out, who and why."""

    step: FoundingStep
    found: Found
    skip: Skipped | None = None

    @property
    def done(self) -> bool:
        return self.found.done

    @property
    def left_out(self) -> bool:
        return not self.done and self.skip is not None

    @property
    def settled(self) -> bool:
        return self.done or self.left_out


async def steps(ctx: Context, community: str) -> tuple[StepShown, ...]:
    """Every step in the order of the guide.

    Raises:
        NotFound: no such community.
    """
    facts = await load(ctx, community)
    skips = await founding_skips.skips(ctx.engine, community)
    return tuple(
        StepShown(
            step=step,
            found=CHECKS[step.check](facts),
            skip=skips.get(step.code) if step.skip is not Skip.NO else None,
        )
        for step in founding_steps()
    )


async def left(ctx: Context, community: str) -> int:
    """How many steps are neither done nor left out."""
    return sum(not one.settled for one in await steps(ctx, community))
