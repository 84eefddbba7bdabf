"""The exact planner: needs against resources for one week, with reasons a resident understands and a proof.

    plan = plan_week(needs, resources, week=Week.parse("2026-W48"), context=PlanContext(now=now))
    suggest(need, resources, week=week, context=context)          # one need, now
    stand_ins(need, resources, window=freed, without=owner, context=context)
    suggest_for(resources, needs, weeks=[week], context=context)  # what could we do?
    what_if(plan, need_key=…, resource_key=…)                     # why not they, and what would have changed it
    override(plan, choice, uid=…, by=…, at=…, reason=…)           # a person decides otherwise; the cost is recorded
    plan.matches, plan.unserved, plan.shortages, plan.certificate, plan.verify(), plan_json(plan, "zh")

Three rooms, each importing only those after it: `answers` (the plan in words, its changes, choices by hand), `problem`
(lists become tasks and slots, named rules say who may serve whom, named terms what a match is worth) and `solving`
(whole numbers in, the best answer and its proof out).
"""

from marketplace.planning.answers.fatigue import AskBudget, Asks
from marketplace.planning.answers.live import LivePlan
from marketplace.planning.answers.online import Found, Suggestion, look_for, stand_ins, suggest, suggest_for
from marketplace.planning.answers.overrides import Override, Weighed, override, weigh
from marketplace.planning.answers.plan import Alternative, Certificate, Match, Plan, Shortage, Unserved
from marketplace.planning.answers.planner import plan_week
from marketplace.planning.answers.rendering import plan_json, suggestion_json
from marketplace.planning.answers.whatif import WhatIf, what_if
from marketplace.planning.answers.willing import History, StandBys, Willing, stand_bys
from marketplace.planning.problem.context import PlanContext, Pledge, Promise, Told
from marketplace.planning.problem.model import Fixed
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.travel import TravelTimes

__all__ = [
    "Alternative",
    "AskBudget",
    "Asks",
    "Certificate",
    "Fixed",
    "Found",
    "History",
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
    "StandBys",
    "Suggestion",
    "Told",
    "TravelTimes",
    "Unserved",
    "Weighed",
    "WhatIf",
    "Willing",
    "look_for",
    "override",
    "plan_json",
    "plan_week",
    "stand_bys",
    "stand_ins",
    "suggest",
    "suggest_for",
    "suggestion_json",
    "weigh",
    "what_if",
]
