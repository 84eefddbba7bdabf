"""`timebank tick`: what is due now, once, for a timer of the machine."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from timebank.cli.running import communities_meant, community_or_all_option, run, say
from timebank.context import Context
from timebank.daily import Done, do_what_is_due


@click.command()
@community_or_all_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def tick(community: str, as_json: bool) -> None:
    """Do what is due: terms that end, new bounds, undisputed hours, hours that lapse / 到期事项。

    A running server does the same every hour; twice changes nothing. Exit code 1 when a book refused.
    """

    async def work(ctx: Context) -> Done:
        return await do_what_is_due(ctx, await communities_meant(ctx, community))

    done = run(work)
    say(json.dumps(asdict(done), ensure_ascii=False) if as_json else in_words(done))
    if done.held_up:
        raise SystemExit(1)


def in_words(done: Done) -> str:
    """The round as lines a person reads."""
    lines = [
        f"关系到期 / relationships over: {done.relationships_over}",
        f"额度调整 / bounds changed: {done.bounds_changed}",
        f"认领过期 / claims expired: {done.claims_expired}",
        f"时长到期 / accounts with hours lapsed: {done.accounts_lapsed}",
        f"月度公布 / months published: {done.months_published}",
        f"请旁人看一眼 / worth a look: {done.flags}",
        f"家信 / letters due: {done.letters_due}；旧消息清字 / news erased: {done.news_erased}",
        f"到期清字 / words erased: {done.words_erased}；过期登录 / sign-ins over: {done.ways_over}",
        f"删除个人信息 / people erased: {done.erased}",
        f"消息交出 / news carried: {done.news.taken}；没交出 / not taken: {done.news.failed}；太晚 / too late: {done.news.too_late}",
    ]
    return "\n".join([*lines, *(f"✗ {community}: {code}" for community, code in done.held_up.items())])
