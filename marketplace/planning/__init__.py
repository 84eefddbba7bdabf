"""The exact planner: needs against resources for one week, with reasons a resident understands and a proof.

    plan = plan_week(needs, resources, week=Week.parse("2026-W48"), context=PlanContext(now=now))
    suggest(need, resources, week=week, context=context)        # one need, now
    suggest_for(resources, needs, weeks=[week], context=context)  # what could we do?
    plan.matches, plan.unserved, plan.shortages, plan.certificate, plan.verify(), plan.as_json("zh")

Lists become tasks and slots (`tasks`, `slots`), named rules say who may serve whom (`rules`), named terms say what a
match is worth (`scores`), whole numbers go to the exact engine (`flow`, `search`), and words come back (`planner`).
"""

from marketplace.planning.context import PlanContext
from marketplace.planning.live import LivePlan
from marketplace.planning.model import Fixed
from marketplace.planning.objective import Objective
from marketplace.planning.online import Suggestion, suggest, suggest_for
from marketplace.planning.plan import Alternative, Certificate, Match, Plan, Shortage, Unserved
from marketplace.planning.planner import plan_week
from marketplace.planning.reasons import Reason

__all__ = [
    "Alternative",
    "Certificate",
    "Fixed",
    "LivePlan",
    "Match",
    "Objective",
    "Plan",
    "PlanContext",
    "Reason",
    "Shortage",
    "Suggestion",
    "Unserved",
    "plan_week",
    "suggest",
    "suggest_for",
]
