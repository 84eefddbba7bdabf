"""Every command of the contract, on the demo database, as an operator runs it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from marketplace.ages import AgeFact, AgeSort
from timebank.catalogue import Heard, founding_steps
from timebank.cli.running import open_context
from timebank.community import passwords, relating
from timebank.community.registering import Newcomer, register
from timebank.rules.relationships import OPERATOR, Relationship, member
from timebank.settings import Settings
from timebank.store.identity.actors import actor_of
from timebank.store.relations import relationships

LISTS = Path(__file__).resolve().parents[2] / "examples" / "data" / "lists"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def empty(tmp_path: Path, timebank: Any) -> str:
    """A founded community without lists."""
    url = f"sqlite:///{tmp_path}/real.db"
    timebank(
        "init", "--code", "xiqu", "--name", "西区社区", "--phone", "0555-7654321", "--grid", "一网格",
        "--worker", "陈晓", "--login", "chen", stdin="a good long password\n", database=url, city="plain",
    )  # fmt: skip
    return url


def test_all_given_files_are_imported_and_the_second_time_changes_nothing(timebank: Any, empty: str) -> None:
    files = sorted(LISTS.iterdir())
    first = timebank("import", *files, database=empty, city="plain").stdout
    assert "24" in first
    before = rows(empty)
    again = timebank("import", *files, database=empty, city="plain").stdout
    assert "0" in again
    assert rows(empty) == before
    tables = {name: count for name, count in before.items() if name.startswith("mp_")}
    assert tables["mp_need"] == 24
    assert tables["mp_activity"] == 6
    assert tables["mp_project"] == 3


def test_the_plan_meets_blood_pressure_and_choir_and_proves_itself(timebank: Any, empty: str) -> None:
    timebank("import", *sorted(LISTS.iterdir()), database=empty, city="plain")
    plan = json.loads(timebank("plan", "--week", "2026-W48", "--json", database=empty, city="plain").stdout)
    assert plan["certificate"]["primal"] == plan["certificate"]["dual"]
    assert plan["certificate"]["verified"] is True
    met = {
        (m["need"]["title"], m["resource"]["owner"], m["window"]["starts_at"][:16]): m
        for m in plan["matches"]
    }
    pressure = next(m for key, m in met.items() if "量血压" in key[0])
    said = timebank("plan", "--week", "2026-W48", database=empty, city="plain").stdout
    assert "← 区第二人民医院" in said
    assert pressure["resource"]["owner"] not in said, "people read names, programs read codes"
    assert pressure["quantity"] == 6
    assert pressure["window"]["starts_at"].startswith("2026-11-24T09:00")
    choir = [m for key, m in met.items() if "合唱队" in key[0]]
    assert [m["window"]["starts_at"][:16] for m in choir] == ["2026-11-24T19:00", "2026-11-26T19:00"]
    assert {m["resource"]["title"] for m in choir} == {"音乐教室(有钢琴)"}
    for match in plan["matches"]:
        assert sum(reason["points"] for reason in match["reasons"]) == match["value"]
        assert all(reason["zh"] and reason["en"] for reason in match["reasons"])


def test_the_same_plan_is_printed_in_words(timebank: Any) -> None:
    said = timebank("plan", "--week", "2026-W48", "--lang", "en").stdout
    assert "Certificate" in said
    assert timebank("plan", "--week", "2026-W99", check=False).returncode == 2


def test_books_verify_snapshot_export_and_close(timebank: Any, tmp_path: Path) -> None:
    assert "✓" in timebank("books", "verify").stdout
    snapshot = json.loads(timebank("books", "snapshot").stdout)
    assert snapshot["problems"] == []
    assert sum(account["balance"] for account in snapshot["accounts"] if account["commodity"] == "MIN") == 0
    assert {"accounts", "transfers", "head", "problems"} <= snapshot.keys()
    printed = timebank("books", "export", tmp_path / "books").stdout.split()
    assert (tmp_path / "books" / "2026-10.beancount").is_file()
    assert len(printed) >= 2
    assert timebank("books", "close", "2026-10").stdout == timebank("books", "close", "2026-10").stdout
    assert timebank("books", "close", "2026-13", check=False).returncode != 0


def test_a_changed_minute_in_the_database_is_found(timebank: Any, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        posting = next(name for name in tables if name.endswith("posting"))
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(
            f"UPDATE {posting} SET amount = amount + 1 WHERE seq = (SELECT MAX(seq) FROM {posting})"
        )
    connection.close()
    found = timebank("books", "verify", check=False)
    assert found.returncode == 1
    assert "✗" in found.stdout


def test_backup_and_restore_round_trip(timebank: Any, database: Path, tmp_path: Path) -> None:
    before = json.loads(timebank("books", "snapshot").stdout)
    copy = tmp_path / "copy.db"
    assert "✓" in timebank("backup", copy).stdout
    assert timebank("backup", copy, check=False).returncode != 0
    other = tmp_path / "elsewhere" / "restored.db"
    timebank("restore", copy, database=f"sqlite:///{other}")
    assert json.loads(timebank("books", "snapshot", database=f"sqlite:///{other}").stdout) == before
    assert timebank("restore", copy, check=False).returncode != 0
    timebank("restore", copy, "--replace")
    assert json.loads(timebank("books", "snapshot").stdout) == before
    assert list(tmp_path.glob("demo.db.replaced-*"))


def test_a_damaged_backup_is_not_restored(timebank: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    timebank("backup", copy)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    copy.write_bytes(content)
    assert timebank("restore", copy, database=f"sqlite:///{tmp_path}/new.db", check=False).returncode != 0
    assert not (tmp_path / "new.db").exists()


def test_a_witness_in_a_drawer_shows_what_was_done_beside_the_program(
    timebank: Any, database: Path, tmp_path: Path
) -> None:
    drawer = tmp_path / "drawer.json"
    timebank("books", "witness", drawer)
    assert "完整" in timebank("books", "verify", "--witness", drawer).stdout
    kept = tmp_path / "copy.db"
    timebank("backup", kept)
    again = f"sqlite:///{tmp_path}/again.db"
    timebank("restore", kept, database=again)
    assert "完整" in timebank("books", "verify", "--witness", drawer, database=again).stdout
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE tb_relationship SET until_on = '2099-12-31' WHERE id = 1")
    named = timebank("books", "verify", "--witness", drawer, check=False)
    assert named.returncode == 1
    assert "✗ audit log: tb_relationship 1 (" in named.stdout
    drawer.write_text("{}")
    refused = timebank("books", "verify", "--witness", drawer, check=False)
    assert refused.returncode == 1
    assert "witness" in refused.stderr


def test_upgrade_makes_a_backup_before_it_changes_anything(timebank: Any, database: Path) -> None:
    assert "已是最新" in timebank("upgrade").stdout
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM migration WHERE app_name = 'timebank'")
    connection.close()
    failed = timebank("upgrade", check=False)
    assert failed.returncode != 0
    assert list(database.parent.glob("demo.db.before-upgrade-*"))
    # The failing migration left nothing behind.
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM tb_member").fetchone()[0] > 20
    connection.close()


def test_an_old_schema_is_refused_with_the_command_that_mends_it(timebank: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    sqlite3.connect(tmp_path / "old.db").close()
    refused = timebank("plan", database=url, check=False)
    assert refused.returncode == 1
    assert "timebank upgrade" in refused.stderr
    timebank("upgrade", database=url)
    assert "timebank init" in timebank("plan", database=url, check=False).stderr


def test_doctor_names_what_is_missing(timebank: Any, tmp_path: Path) -> None:
    fine = timebank("doctor", check=False)
    assert "✓ policy dongqu" in fine.stdout
    missing = timebank("doctor", database=f"sqlite:///{tmp_path}/none.db", check=False)
    assert missing.returncode == 1
    assert "✗ database" in missing.stdout


def test_doctor_says_what_a_community_still_has_to_do(timebank: Any) -> None:
    told = timebank("doctor", "--community", "dongqu", check=False)
    assert told.returncode == 1, "the demo's grids have nobody in charge"
    shown = told.stdout.splitlines()[-12:]
    assert [line.split()[2] for line in shown] == [f"{step.code}:" for step in founding_steps()]
    assert shown[1].startswith("✗ 2. grids: 建好网格")
    assert "一网格" in shown[1]
    assert "grids" not in timebank("doctor", check=False).stdout
    assert "没有代号是 'xiqu' 的社区" in timebank("doctor", "--community", "xiqu", check=False).stdout


def test_a_community_founded_with_its_address_phone_and_hours_has_that_step_behind_it(
    timebank: Any, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    words = (
        "init", "--code", "xiqu", "--name", "西区社区", "--phone", "0555-7654321", "--address", "西路1号", "--opens",
        "周一至周五", "--worker", "陈晓", "--login", "chen",
    )  # fmt: skip
    timebank(*words, stdin="a good long password\n", database=url, city="plain")
    doctor = timebank("doctor", "--community", "xiqu", database=url, city="plain", check=False)
    told = doctor.stdout.splitlines()[-12:]
    assert told[0].startswith("✓ 1. place")
    assert told[1].endswith("(1: no_grid)")
    before = rows(url)
    again = timebank(*words, stdin="a good long password\n", database=url, city="plain")
    assert "already so" in again.stdout
    assert rows(url) == before


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "TIMEBANK_SECRET"),
        ({"secret": "a" * 40}, "TIMEBANK_SECRET"),
        ({"secret": SECRET, "host": "0.0.0.0"}, "TIMEBANK_HOST"),
        ({"secret": SECRET}, "its clock is moved"),
        ({"secret": SECRET, "database": "mysql://here"}, "TIMEBANK_DATABASE"),
        ({"secret": SECRET, "city": "nowhere"}, "nowhere"),
    ],
)
def test_unsafe_settings_are_refused_by_name(timebank: Any, settings: dict[str, str], named: str) -> None:
    refused = timebank("check", "--deploy", check=False, **settings)
    assert refused.returncode == 1
    assert named in refused.stdout + refused.stderr


def test_safe_settings_pass_and_a_readable_database_does_not(timebank: Any, empty: str) -> None:
    path = Path(empty.removeprefix("sqlite:///"))
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    fine = timebank("check", "--deploy", database=empty, secret=SECRET, city="plain")
    assert fine.returncode == 0
    assert "no second factor yet: chen" in fine.stdout
    path.chmod(0o644)
    refused = timebank("check", "--deploy", database=empty, secret=SECRET, city="plain", check=False)
    assert "readable by everybody" in refused.stdout


def test_a_community_whose_rules_let_a_password_alone_in_is_named(
    timebank: Any, tmp_path: Path, empty: str
) -> None:
    lax = tmp_path / "lax.toml"
    lax.write_text('name = "lax"\ntimezone = "Asia/Shanghai"\n[identity]\nsecond_factor = false\n')
    timebank(
        "init", "--code", "dongqu", "--name", "东区社区", "--phone", "0555-7654322", "--grid", "一网格",
        "--worker", "林静", "--login", "lin", stdin="a good long password\n", database=empty, city=str(lax),
    )  # fmt: skip
    refused = timebank("check", "--deploy", database=empty, secret=SECRET, city="plain", check=False)
    assert refused.returncode == 1
    assert "dongqu: identity.second_factor" in refused.stdout
    assert "xiqu: identity.second_factor" not in refused.stdout


def test_the_operator_ends_a_lost_telephone_and_says_so_when_there_is_none(timebank: Any, empty: str) -> None:
    none = timebank("staff", "new-telephone", "chen", database=empty, city="plain", check=False)
    assert none.returncode == 1
    assert "还没有认过手机" in none.stdout + none.stderr


def test_serve_refuses_unsafe_settings(timebank: Any) -> None:
    refused = timebank("serve", check=False)
    assert refused.returncode == 1
    assert "TIMEBANK_SECRET" in refused.stderr


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counted = {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}
    connection.close()
    return counted


def test_what_is_due_is_done_once(timebank: Any, empty: str) -> None:
    first = json.loads(timebank("tick", "--json", database=empty, city="plain").stdout)
    again = json.loads(timebank("tick", "--json", database=empty, city="plain").stdout)
    assert first["held_up"] == {}
    assert {**again, "held_up": {}} == {
        "relationships_over": 0, "bounds_changed": 0, "claims_expired": 0, "accounts_lapsed": 0, "services_reminded": 0,
        "forms_erased": 0, "parts_posted": 0, "asked_after": 0, "given_up": 0, "letters_due": 0, "news_erased": 0, "words_erased": 0, "ways_over": 0, "flags": 0, "erased": 0,
        "months_published": 0, "news": {"taken": 0, "failed": 0, "too_late": 0}, "held_up": {},
    }  # fmt: skip
    assert "0" in timebank("tick", database=empty, city="plain").stdout


def test_the_operator_is_the_second_hand_where_one_person_works(timebank: Any, empty: str) -> None:
    waiting = offered(empty, "林晓")
    told = timebank("staff", "show", database=empty, city="plain").stdout
    assert f"{waiting.holder.code}  林晓  -  {waiting.uid}" in told
    assert "waits for approval" in told

    early = timebank("staff", "open", waiting.holder.code, "lin", database=empty, city="plain", check=False)
    assert (early.returncode, "no approved office" in early.stderr) == (1, True)
    timebank("staff", "approve", waiting.uid, database=empty, city="plain")
    first = timebank("staff", "open", waiting.holder.code, "lin", database=empty, city="plain").stdout.strip()
    second = timebank("staff", "reset", "lin", database=empty, city="plain").stdout.strip()
    assert len({first, second}) == 2
    assert kept_password_fits(empty, "lin", second)
    assert not kept_password_fits(empty, "lin", first)

    taken = timebank("staff", "open", waiting.holder.code, "chen", database=empty, city="plain", check=False)
    assert (taken.returncode, "taken" in taken.stderr) == (1, True)
    nobody = timebank("staff", "reset", "nobody", database=empty, city="plain", check=False)
    assert nobody.returncode == 1


def offered(url: str, name: str) -> Relationship:
    """What the only worker enters at the desk: somebody new on record is asked to work there."""

    async def work() -> Relationship:
        async with open_context(Settings(database=url, city="plain")) as ctx:
            of_age = AgeFact(sort=AgeSort.OF_AGE, said_on=ctx.today(), source="desk")
            async with ctx.engine.atomic():
                uid = await register(ctx, "xiqu", Newcomer(name=name, ages=(of_age,)), recorded_by=OPERATOR)
            [worker] = await relationships.held_towards(ctx.engine, relating.area("xiqu"), kinds=("worker",))
            by = await actor_of(ctx.engine, ctx.catalogue_of, worker.holder.code, ctx.today())
            wanted = relating.Wanted(
                kind="worker", holder=member(uid), target=relating.area("xiqu"), holder_yes=Heard.PAPER
            )
            async with ctx.engine.atomic():
                return await relating.offer(ctx, by, wanted)

    return asyncio.run(work())


def kept_password_fits(url: str, login: str, password: str) -> bool:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        [(kept,)] = database.execute("SELECT hash FROM tb_password WHERE login = ?", [login])
    return passwords.fits(kept, password)
