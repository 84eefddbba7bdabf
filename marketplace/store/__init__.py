"""Where the lists, plans, claims, agreements, turns and tasks are kept; SQLite and PostgreSQL through any engine with `atomic()`.

    bind_tables(engine)
    report = await save_needs(engine, "dongqu", needs, at=now)     # added, changed, same
    await needs(engine, "dongqu")                                  # for planning: nothing private is read
    await need_private(engine, "dongqu", line_key)                 # for the people named on the private card only

Everything is scoped by the community's code. Inside `async with engine.atomic():` each call joins the caller's unit of
work. Piccolo app: `timebank_marketplace`.
"""

from marketplace.store.admission import answer_task, state_task, task, tasks
from marketplace.store.agreements import agreement, agreements, change_agreement, save_agreement
from marketplace.store.asks import asked_lately, forget_asks, record_asks
from marketplace.store.claims import answer_claim, claim, claim_line, claims, expire_claims
from marketplace.store.desk import KeptLine, Standing, found_lines, kept_line
from marketplace.store.forgetting import (
    Forgotten,
    forget_cells,
    forget_closed,
    forget_owner,
    forget_reasons,
    forget_rows,
)
from marketplace.store.imports import (
    ImportedRow,
    forget_file,
    imported_row,
    imported_rows,
    judge_again,
    known_file,
    remove_line,
    save_import,
)
from marketplace.store.lines import (
    ListedNeed,
    SaveReport,
    activities,
    client_groups,
    close_line,
    count_resources,
    edit_dated,
    edit_need,
    edit_resource,
    end_line,
    listed_needs,
    need,
    need_private,
    needs,
    needs_private,
    projects,
    reopen_line,
    resource,
    resource_private,
    resources,
    save_activities,
    save_needs,
    save_projects,
    save_resources,
)
from marketplace.store.overrides import overrides, record_override
from marketplace.store.plans import (
    Proposal,
    answer_proposal,
    latest_plan,
    planned_at,
    promised,
    proposal,
    proposals,
    save_plan,
)
from marketplace.store.requirements import requirements, save_requirement
from marketplace.store.rota import add_turns, change_turns, drop_turns, turns
from marketplace.store.sql import APP_NAME, MIGRATIONS, Engine, bind_tables, give_way

__all__ = [
    "APP_NAME",
    "MIGRATIONS",
    "Engine",
    "Forgotten",
    "ImportedRow",
    "KeptLine",
    "ListedNeed",
    "Proposal",
    "SaveReport",
    "Standing",
    "activities",
    "add_turns",
    "agreement",
    "agreements",
    "answer_claim",
    "answer_proposal",
    "answer_task",
    "asked_lately",
    "bind_tables",
    "change_agreement",
    "change_turns",
    "claim",
    "claim_line",
    "claims",
    "client_groups",
    "close_line",
    "count_resources",
    "drop_turns",
    "edit_dated",
    "edit_need",
    "edit_resource",
    "end_line",
    "expire_claims",
    "forget_asks",
    "forget_cells",
    "forget_closed",
    "forget_file",
    "forget_owner",
    "forget_reasons",
    "forget_rows",
    "found_lines",
    "give_way",
    "imported_row",
    "imported_rows",
    "judge_again",
    "kept_line",
    "known_file",
    "latest_plan",
    "listed_needs",
    "need",
    "need_private",
    "needs",
    "needs_private",
    "overrides",
    "planned_at",
    "projects",
    "promised",
    "proposal",
    "proposals",
    "record_asks",
    "record_override",
    "remove_line",
    "reopen_line",
    "requirements",
    "resource",
    "resource_private",
    "resources",
    "save_activities",
    "save_agreement",
    "save_import",
    "save_needs",
    "save_plan",
    "save_projects",
    "save_requirement",
    "save_resources",
    "state_task",
    "task",
    "tasks",
    "turns",
]
