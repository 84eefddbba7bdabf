"""Whoever is erased is nowhere any more: not on a page, not in a file, not in yesterday's copy once it is put in place.

Every private field of the town holds a word of its own, so the files are searched for the words themselves. And every column of
every table that could hold words is either named in `timebank.store.personal` or here, with the reason why it names nobody.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from click.testing import CliRunner
from piccolo.columns import Text, Varchar

from marketplace.store.tables import TABLES as MARKET
from marketplace.store.tables import MarketNeed, MarketResource
from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.access_world import World, open_context
from timebank.adapters import erased
from timebank.cli import main
from timebank.community.people import by_two, copying, erasing
from timebank.daily import do_what_is_due
from timebank.help.hours import flow as hours
from timebank.rules.relationships import Life
from timebank.store import personal
from timebank.store.identity.actors import actor_of
from timebank.store.members import people
from timebank.store.tables import TABLES

READINGS = [(operation, ask) for operation, asks in CATALOGUE.items() for ask in asks if ask.method == "GET"]
NAMES_NOBODY = {
    "an id, a key made of ids, a code or a hash": (
        "tb_setting.key tb_setting.value tb_area.path tb_organisation.path tb_member.account tb_identity_question.described "
        "tb_identity_question.seen_in tb_relationship.to_line tb_relationship.to_category tb_relationship.scope "
        "tb_relationship.open_key tb_relationship.seat_key tb_rule.fingerprint tb_throttle.key tb_way_in.hash tb_hand_use.key tb_service.need_key "
        "tb_attendance.cuts tb_attendance.counted tb_draft.hash tb_draft.owner tb_kiosk.hash tb_text.gateway_id tb_news.about "
        "tb_news.key tb_import.fingerprint tb_import_answer.target tb_layout.fingerprint tb_audit.object tb_audit.prev_hash "
        "tb_audit.hash tb_audit.held tb_audit_head.hash tb_publication.text tb_opening.second_seen tb_opening_line.open_key mp_activity.line_key mp_activity.fingerprint mp_project.line_key "
        "mp_project.fingerprint mp_claim.line_key mp_claim.claimant mp_claim.with_key mp_claim.answered_by mp_proposal.uid "
        "mp_proposal.need_key mp_proposal.resource_key mp_proposal.answered_by mp_turn.activity_key mp_turn.unit mp_turn.swapped_with "
        "mp_turn.covered_by mp_admission.unit mp_requirement.subject mp_override.need_key mp_override.resource_key "
        "mp_override.decided_by mp_override.broken mp_override.instead_of mp_ask.owner mp_ask.need_key mp_import_file.fingerprint "
        "mp_import_row.fingerprint mp_import_row.line_key tb_flag.parts tb_flag.figures"
    ),
    "of a place, an office or a body": (
        "tb_area.name tb_community.name tb_community.name_en tb_community.address tb_community.opens tb_community.page_text "
        "tb_organisation.name tb_organisation.name_key tb_organisation.brand tb_organisation.opens tb_organisation.address "
        "tb_organisation_name.name tb_organisation_name.name_key mp_activity.title mp_activity.line mp_project.title "
        "mp_project.line mp_agreement.title mp_agreement.document mp_turn.reason mp_admission.title mp_admission.document"
    ),
    "of rules and of files as such": (
        "tb_rule.text tb_rule.preview tb_import.name tb_import.tables tb_import_answer.sheet tb_layout.answers mp_requirement.document "
        "mp_import_file.filename mp_import_row.sheet"
    ),
    "what the office says of its own work": "tb_founding_skip.why tb_audit.reason tb_opening.note",
    "a grid, as a calendar shows it": "tb_feed_entry.place",
}  # fmt: skip
WORDS_FROM = 60
"""A column that takes fewer characters holds a code or an id."""
IN_THE_LISTS = frozenset(
    {
        "mp_claim.reason",
        "mp_plan.document",
        "mp_proposal.document",
        "mp_proposal.reason",
        "mp_override.reason",
    }
    | {"mp_import_row.reasons", "mp_import_row.cells"}
)
"""What `marketplace.store.forgetting` empties, besides the lines themselves."""


async def _actor(street: Any, who: str) -> Any:
    ctx = street.ctx
    return await actor_of(ctx.engine, ctx.catalogue_of, street.world.uids[who], ctx.today())


def _words(street: Any, who: str) -> list[str]:
    """The words of the town that are theirs."""
    return [one.word for one in street.world.canaries if one.of == who or one.of.startswith(f"{who} ")]


def _found(path: Path, words: list[str]) -> list[str]:
    """Which of the words stand anywhere in a database, its WAL or its index of it."""
    bodies = [
        file.read_bytes() for file in path.parent.glob(f"{path.name}*") if not file.name.endswith(".erased")
    ]
    return [word for word in words if any(word.encode() in body for body in bodies)]


async def _erased(street: Any, who: str) -> str:
    """By the person and a worker, with what waits for a word given up before."""
    ctx, uid = street.ctx, str(street.world.uids[who])
    row = await people.member(ctx.engine, uid)
    assert row is not None
    async with ctx.engine.atomic():
        await erasing._settled(ctx, row)
    change = await by_two.enter_erasure(ctx, await _actor(street, who), uid=uid)
    await by_two.approve(ctx, await _actor(street, "worker"), change.uid)
    return uid


@pytest.mark.parametrize("who", ["elder", "volunteer", "helper", "proxy", "child"])
async def test_nothing_of_somebody_erased_stands_in_any_file(
    own_street: Any, tmp_path: Path, who: str
) -> None:
    street, ctx = own_street, own_street.ctx
    words = _words(street, who)
    path = Path(ctx.engine.path)
    assert len(_found(path, words)) == len(words) > 0
    uid = await _erased(street, who)
    await ctx.engine.compact()
    assert _found(path, words) == []
    copy = tmp_path / "copy" / "copy.db"
    copy.parent.mkdir()
    await ctx.engine.backup(copy)
    assert _found(copy, words) == []
    row = await people.member(ctx.engine, uid)
    assert row is not None
    assert (row.life, row.number, row.household) == (Life.ERASED, "", "")
    assert await hours.verify(ctx, "dongqu") == []
    assert set((await ctx.book("dongqu").trial_balance()).off_by.values()) == {0}


async def test_every_page_still_opens_and_shows_nothing_of_them(own_street: Any) -> None:
    street = own_street
    words = _words(street, "elder") + _words(street, "helper")
    for who in ("elder", "helper"):
        await _erased(street, who)
    met = []
    for name in ("worker", "volunteer", "leader", "proxy", "unit", "auditor", "officer", "public"):
        for _operation, ask in READINGS:
            async with street.taken_back():
                answer = await street.ask(name, ask.request(street.world.ids), accept="text/html")
            if answer.status_code >= 500:
                met.append(f"{ask.path} fails for {name}")
            said = {one.word for one in street.found_in(answer.content)}
            met += [f"{ask.path} shows {word} to {name}" for word in words if word in said]
    assert met == []


async def test_an_older_copy_that_comes_back_is_told_who_was_erased(own_street: Any, tmp_path: Path) -> None:
    street, ctx = own_street, own_street.ctx
    words = _words(street, "elder")
    older = tmp_path / "older" / "older.db"
    older.parent.mkdir()
    await ctx.engine.backup(older)
    await _erased(street, "elder")
    gone = await personal.erased_uids(ctx.engine)
    assert gone == [street.world.uids["elder"]]
    again = open_context(older)
    await again.engine.start()
    try:
        assert await erasing.erase_again(again, gone) == 1
        assert await erasing.erase_again(again, gone) == 0, "twice changes nothing"
        await again.engine.compact()
        assert _found(older, words) == []
        assert await hours.verify(again, "dongqu") == []
    finally:
        await again.engine.close()


def test_restore_erases_again_whoever_stands_on_the_list_beside_the_database(
    stored_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.db"
    copyfile(stored_world.path, path)
    words = [one.word for one in stored_world.canaries if one.of == "elder"]
    assert erased.add(Path(f"{path}.erased"), [stored_world.uids["elder"]]) == 1
    assert erased.add(Path(f"{path}.erased"), [stored_world.uids["elder"]]) == 0
    monkeypatch.setenv("TIMEBANK_DATABASE", f"sqlite:///{path}")
    monkeypatch.setenv("TIMEBANK_CITY", "dongqu")
    answer = CliRunner().invoke(main, ["restore", str(stored_world.path), "--replace", "--unsealed"])
    assert answer.exit_code == 0, answer.output
    assert "1 people erased again" in answer.output
    # The database that was there before is kept under another name; nobody was erased in it.
    assert [one for one in words if one.encode() in path.read_bytes()] == []


async def test_the_daily_round_writes_the_list_and_the_files_anew(own_street: Any) -> None:
    street, ctx = own_street, own_street.ctx
    words, path = _words(street, "proxy"), Path(ctx.engine.path)
    uid = await _erased(street, "proxy")
    assert (await do_what_is_due(ctx)).erased == 1
    assert erased.read(erased.list_of(ctx.settings)) == [uid]
    assert _found(path, words) == []
    assert (await do_what_is_due(ctx)).erased == 0


async def test_hours_that_wait_for_a_word_are_settled_first(own_street: Any) -> None:
    street, ctx = own_street, own_street.ctx
    desk = await _actor(street, "worker")
    with pytest.raises(erasing.NotDecidedYet):
        await by_two.enter_erasure(ctx, desk, uid=street.world.uids["volunteer"])


async def test_a_copy_for_the_person_holds_every_word_of_theirs(own_street: Any) -> None:
    street, ctx = own_street, own_street.ctx
    found = await copying.copy_of(ctx, await _actor(street, "elder"), street.world.uids["elder"])
    told = str(found)
    own = [one for one in street.world.canaries if one.of == "elder" or one.of.startswith("elder ")]
    assert [one.what for one in own if one.word not in told] == []
    assert "hash" not in {name for rows in found.kept.values() for row in rows for name in row}


def test_every_column_that_could_hold_words_is_named() -> None:
    erased = {
        f"{kept.table._meta.tablename}.{column._meta.name}"
        for kept in personal.PLACES
        for column in kept.table._meta.columns
        if not kept.becomes or column._meta.name in kept.becomes
    }
    erased |= {f"{table._meta.tablename}.{column}" for table, column in personal.QUOTING}
    erased |= IN_THE_LISTS | {"tb_service.title"}
    named = {one for words in NAMES_NOBODY.values() for one in words.split()}
    wordy = {
        f"{table._meta.tablename}.{column._meta.name}"
        for table in (*TABLES, *MARKET)
        if table not in (MarketNeed, MarketResource)
        for column in table._meta.columns
        if isinstance(column, Text) or (isinstance(column, Varchar) and (column.length or 0) >= WORDS_FROM)
    }
    assert sorted(wordy - erased - named) == []
    assert sorted(named - wordy) == [], "named here, and no longer there"
