"""The guide of a community's first days: twelve steps as data, each computed from what is there.

    await guide.steps(ctx, community)     every step with what is still missing, for the page, programs and `doctor`
    await guide.left(ctx, community)      how many are neither done nor left out

`facts` loads, `checks` decides (pure), and only a step left out is stored (`store.office.founding_skips`).
"""

from timebank.community.guide.checks import CHECKS, CheckMissing, Found, FoundingFacts
from timebank.community.guide.facts import has_auditor
from timebank.community.guide.steps import StepShown, left, steps

__all__ = ["CHECKS", "CheckMissing", "Found", "FoundingFacts", "StepShown", "has_auditor", "left", "steps"]
