"""What a volunteer could do these days, near and fitting, with the reasons: what nobody has been asked for or has promised yet."""

from __future__ import annotations

from marketplace import store as lists
from marketplace.planning import suggest_for, suggestion_json
from marketplace.planning.documents import SuggestionDocument
from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.help.planning.gathering import gather

SHOWN = 5


async def near_me(ctx: Context, actor: Actor, lang: str) -> tuple[SuggestionDocument, ...]:
    """The needs of this week that the actor's own lines fit best, each at its best hour; () for who offers nothing.

    What is promised to others, or proposed to somebody and not answered yet, is left out.
    """
    sees(actor, "MyProposals", Facts(community=actor.community, owners=frozenset({actor.uid})))
    own = await lists.resources(ctx.engine, actor.community, owner=actor.uid)
    if not own:
        return ()
    week = Week.of(ctx.today())
    given = await gather(ctx, actor.community, week)
    keys = {one.line_key for one in own}
    lines = [one for one in given.resources if one.line_key in keys]
    asked = {
        one.need_key for one in await lists.proposals(ctx.engine, actor.community, week, stages=("proposed",))
    }
    needs = [one for one in given.needs if one.line_key not in asked and one.owner != actor.uid]
    found = suggest_for(lines, needs, weeks=[week], context=given.context, fixed=given.fixed, k=SHOWN)
    return tuple(suggestion_json(one, lang) for one in found if one.window.starts_at > ctx.now())
