"""The exact planner: needs against resources for one week, with reasons a resident understands and a proof.

    plan = plan_week(needs, resources, week=Week.parse("2026-W48"), context=PlanContext(now=now))
    suggest(need, resources, week=week, context=context)          # one need, now
    stand_ins(need, resources, window=freed, without=owner, context=context)
    suggest_for(resources, needs, weeks=[week], context=context)  # what could we do?
    what_if(plan, need_key=…, resource_key=…)                     # why not they, and what would have changed it
    override(plan, choice, uid=…, by=…, at=…, reason=…)           # a person decides otherwise; the cost is recorded
    plan.matches, plan.unserved, plan.shortages, plan.certificate, plan.verify(), plan.as_json("zh")

Lists become tasks and slots (`tasks`, `slots`), named rules say who may serve whom (`rules`), named terms say what a
match is worth (`scores`), whole numbers go to the exact engine (`flow`, `search`), and words come back (`planner`).
"""

from marketplace.planning.context import PlanContext, Pledge, Promise
from marketplace.planning.fatigue import AskBudget, Asks
from marketplace.planning.live import LivePlan
from marketplace.planning.model import Fixed
from marketplace.planning.objective import Objective
from marketplace.planning.online import Found, Suggestion, look_for, stand_ins, suggest, suggest_for
from marketplace.planning.overrides import Override, Weighed, override, weigh
from marketplace.planning.plan import Alternative, Certificate, Match, Plan, Shortage, Unserved
from marketplace.planning.planner import plan_week
from marketplace.planning.reasons import Reason
from marketplace.planning.ways import Ways
from marketplace.planning.whatif import WhatIf, what_if

__all__ = [
    "Alternative",
    "AskBudget",
    "Asks",
    "Certificate",
    "Fixed",
    "Found",
    "LivePlan",
    "Match",
    "Objective",
    "Override",
    "Plan",
    "PlanContext",
    "Pledge",
    "Promise",
    "Reason",
    "Shortage",
    "Suggestion",
    "Unserved",
    "Ways",
    "Weighed",
    "WhatIf",
    "look_for",
    "override",
    "plan_week",
    "stand_ins",
    "suggest",
    "suggest_for",
    "weigh",
    "what_if",
]
