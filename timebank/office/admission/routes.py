"""The desk's pages of admission: what kinds of help and lines ask for, whom that admits, and why not the others."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Redirect, Template

from marketplace.categories import default_tree
from marketplace.errors import BadAgeRange
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadFields
from timebank.office.admission import asking, task_routes
from timebank.office.admission.schemas import RuleForm, RuleIn, RuleOut, RulesOut, RuleViewOut
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000)]
Subject = Annotated[str, QueryParameter(name="subject", max_length=64)]


@get("/desk/admission", operation_id="AdmissionRules")
async def admission_rules(
    request: Request, ctx: Ctx, actor: Who, subject: Subject = ""
) -> Template | Redirect:
    """Every rule, and a kind of help to choose for another one."""
    rows = await asking.rules(ctx, actor, lang=request.state.lang)
    if subject in default_tree().categories:
        return go(f"/desk/admission/{subject}")
    tree, spoken = default_tree(), "en" if request.state.lang == "en" else "zh"
    categories = [(code, tree.label(code, spoken)) for code in tree.categories]
    return page(request, "admission/rules.html", rows=rows, categories=categories)


@get("/desk/admission/{subject:str}", operation_id="AdmissionRule")
async def admission_rule(
    request: Request, ctx: Ctx, actor: Who, subject: FromPath[str], number: Page = 1
) -> Template:
    """What one kind of help or one line asks for, who is admitted, and why not the others."""
    view = await asking.rule_view(ctx, actor, subject, lang=request.state.lang, number=number)
    typed: Typed = {
        "proofs": list(view.rule.proofs), "age_min": view.rule.age_min or "", "age_max": view.rule.age_max or "",
    }  # fmt: skip
    return _rule_page(request, ctx, actor, view, typed)


@post("/desk/admission/{subject:str}", operation_id="SetAdmission")
async def set_admission(
    request: Request, ctx: Ctx, actor: Who, subject: FromPath[str]
) -> Template | Redirect:
    """Set what it asks for; it holds from the next claim, sign-up and plan on."""
    form, errors, typed = await read_form(request, RuleForm)
    if form is not None:
        try:
            await asking.set_rule(
                ctx, actor, subject, proofs=form.proofs, age_min=form.age_min or 0, age_max=form.age_max or 0
            )
        except BadAgeRange as refusal:
            errors = {"age_max": refusal.sentence("en" if request.state.lang == "en" else "zh")}
        except BadFields as refusal:
            errors = {one.field: one.said(request.state.lang) for one in refusal.fields}
        else:
            return go(f"/desk/admission/{subject}", _("记下了，从下一次报名、认领和安排起就按这个来。"))
    view = await asking.rule_view(ctx, actor, subject, lang=request.state.lang)
    proofs = typed.get("proofs", [])
    typed["proofs"] = [proofs] if isinstance(proofs, str) else proofs
    return _rule_page(request, ctx, actor, view, typed, errors=errors, status=422)


@get("/api/admission", operation_id="ApiAdmissionRules")
async def api_rules(request: Request, ctx: Ctx, actor: Who) -> RulesOut:
    """Every rule of the community."""
    rows = await asking.rules(ctx, actor, lang=request.state.lang)
    return RulesOut(rules=tuple(RuleOut.told(row) for row in rows))


@get("/api/admission/{subject:str}", operation_id="ApiAdmissionRule")
async def api_rule(
    request: Request, ctx: Ctx, actor: Who, subject: FromPath[str], number: Page = 1
) -> RuleViewOut:
    """One rule with the helpers here."""
    return RuleViewOut.told(
        await asking.rule_view(ctx, actor, subject, lang=request.state.lang, number=number)
    )


@post("/api/admission/{subject:str}", operation_id="ApiSetAdmission", status_code=200)
async def api_set_rule(
    request: Request, ctx: Ctx, actor: Who, subject: FromPath[str], data: JSONBody[RuleIn]
) -> RuleViewOut:
    """Set what it asks for; the helpers as they stand with it."""
    await asking.set_rule(ctx, actor, subject, proofs=data.proofs, age_min=data.age_min, age_max=data.age_max)
    return RuleViewOut.told(await asking.rule_view(ctx, actor, subject, lang=request.state.lang))


def _rule_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    view: asking.RuleView,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    english = request.state.lang == "en"
    kinds = [
        (kind.code, kind.en if english else kind.zh) for kind in asking.kinds_of_proof(ctx, actor.community)
    ]
    return page(
        request, "admission/rule.html", status=status, view=view, kinds=kinds, typed=typed, errors=errors or {},
    )  # fmt: skip


handlers: list[HTTPRouteHandler] = [
    admission_rules, admission_rule, set_admission, api_rules, api_rule, api_set_rule, *task_routes.handlers,
]  # fmt: skip
