"""`timebank plan`: the week's exact plan with its reasons and its certificate."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from marketplace import store as lists
from marketplace.planning.documents import PlanDocument
from marketplace.values import Week
from timebank.cli.running import community_option, run, say, the_community
from timebank.context import Context
from timebank.help.matching import flow
from timebank.store.relations.owners import names_of_bodies


@click.command()
@click.option(
    "--week", "week_text", default="", help="ISO week such as 2026-W48; the present week when left out."
)
@community_option
@click.option("--lang", type=click.Choice(["zh-CN", "en"]), default="zh-CN", help="Language of the reasons.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def plan(week_text: str, community: str, lang: str, as_json: bool) -> None:
    """Match the needs list against the resources list for one week / 本周供需匹配."""
    try:
        week = Week.parse(week_text) if week_text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--week") from error

    async def work(ctx: Context) -> tuple[PlanDocument, dict[str, str]]:
        code = await the_community(ctx, community)
        made = await flow.plan_as_json(ctx, code, week or Week.of(ctx.today()), lang)
        offered = await lists.resources(ctx.engine, code, open_only=False)
        bodies = [one.owner for one in offered if one.owner_kind != "volunteer"]
        return made, await names_of_bodies(ctx.engine, code, bodies)

    found, names = run(work)
    say(json.dumps(found, ensure_ascii=False, indent=2) if as_json else in_words(found, lang, names))


def in_words(plan: PlanDocument, lang: str, names: Mapping[str, str]) -> str:
    """The plan as lines a person reads: organisations by their names, people by their ids."""
    zh = lang != "en"
    lines = [f"{'周' if zh else 'Week'} {plan['week']}"]
    for match in plan["matches"]:
        owner = match["resource"]["owner"]
        when = f"{match['window']['starts_at'][5:16]}–{match['window']['ends_at'][11:16]}".replace("T", " ")
        lines.append(
            f"  {match['need']['title']} ← {names.get(owner, owner)} {match['resource']['title']}"
            f"  {when}  ×{match['quantity']}"
        )
        lines += [
            f"      {reason['points']:+d}  {reason['zh' if zh else 'en']}" for reason in match["reasons"]
        ]
    lines.append("没有排上:" if zh else "Not served:")
    for unserved in plan["unserved"]:
        why = unserved["reason"]["zh" if zh else "en"]
        for owner in filter(None, names):
            why = why.replace(owner, names[owner])
        lines.append(f"  {unserved['need']['title']}: {why}")
    proof = plan["certificate"]
    lines.append(f"{'证明' if zh else 'Certificate'}: primal {proof['primal']} = dual {proof['dual']}")
    return "\n".join(lines)
