"""Several communities in one installation: every command says which one it acts on, and asks when it cannot know."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from timebank.cli import main, running
from timebank.cli.running import community_option, community_or_all_option

# Commands that act on the whole installation, or make the community they act on; each with why it names none.
OF_THE_INSTALLATION = {
    "demo": "makes its own community in a database of its own",
    "init": "founds the community that --code names",
    "serve": "one server for all of them",
    "upgrade": "one schema for all of them",
    "openapi": "one document for all of them",
    "check": "settings of the machine",
    "backup": "one file holds all of them",
    "restore": "one file holds all of them",
    "erase-again": "the list beside the file names people of all of them",
}
FILE = "姓名,手机,身份,特长,愿意服务的时间,愿意服务的对象,所属队伍\n周新,19900009999,在职,电工,周末,老人,\n"


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words it is called by, down to the last one."""
    for name in group.list_commands(context := click.Context(group)):
        command = group.get_command(context, name)
        assert command is not None
        words = (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield " ".join(words), command


def shared() -> list[tuple[tuple[str, ...], str | None]]:
    """The names and the help of the two shared options."""

    def bare() -> None: ...

    found = []
    for option in (community_option, community_or_all_option):
        [param] = click.command()(option(bare)).params
        bare.__click_params__ = []  # type: ignore[attr-defined]
        assert isinstance(param, click.Option)
        found.append((tuple(param.opts), param.help))
    return found


def test_every_command_that_acts_on_a_community_takes_the_one_shared_option() -> None:
    options = shared()
    for words, command in commands():
        taken = [
            (tuple(one.opts), getattr(one, "help", None)) for one in command.params if one.name == "community"
        ]
        if words in OF_THE_INSTALLATION:
            assert not taken, words
        else:
            assert len(taken) == 1, f"{words} acts on a community and takes no --community"
            assert taken[0] in options, f"{words} has an option of its own"


def test_what_names_no_community_is_a_command() -> None:
    assert set(OF_THE_INSTALLATION) <= {words for words, _command in commands()}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two communities founded by `init` in one database, under two policies; read only."""
    path = tmp_path_factory.mktemp("founded") / "two.db"
    for code, name, city in (("dongqu", "东区社区", "dongqu"), ("xiqu", "西区社区", "nanjing2019")):
        done = CliRunner().invoke(
            main,
            ["init", "--code", code, "--name", name, "--phone", "0555-7654321", "--grid", "一网格",
             "--worker", "陈晓", "--login", f"chen-{code}"],
            env={"TIMEBANK_DATABASE": f"sqlite:///{path}", "TIMEBANK_CITY": city}, input="a good long password\n",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
    return path


@pytest.fixture
def two(founded: Path, tmp_path: Path) -> str:
    """The address of a copy of that database."""
    return f"sqlite:///{shutil.copy(founded, tmp_path / 'two.db')}"


ASKED = (
    ("import", "{file}"), ("plan",), ("books", "verify"), ("books", "snapshot"), ("books", "export", "{folder}"),
    ("books", "witness", "{folder}.json"),
    ("books", "close", "2026-10"), ("policy", "show"), ("policy", "draft", "{rules}", "--starts-on", "2099-01-01"),
    ("policy", "approve", "1", "--seen", "0"), ("staff", "show"), ("staff", "approve", "R1"), ("staff", "open", "M1", "anna"),
    ("staff", "reset", "chen-dongqu"), ("staff", "new-telephone", "chen-dongqu"), ("staff", "sign-out", "M1"), ("opening", "show"), ("opening", "approve", "P1", "--seen", "0"),
)  # fmt: skip


def test_all_commands_of_one_community_are_asked_here() -> None:
    """Those that go over all communities unless one is named are asked below."""
    asked = {" ".join(word for word in words if word in {"show", "draft", "approve", "open", "reset", "new-telephone", "sign-out", "verify", "snapshot", "export", "witness", "close"} or word == words[0]) for words in ASKED}  # fmt: skip
    over_all = {"tick", "doctor"}
    assert asked | over_all | set(OF_THE_INSTALLATION) == {words for words, _command in commands()}


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_a_command_asks_which_community_and_lists_them(
    two: str, timebank: Any, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file, rules = tmp_path / "people.csv", tmp_path / "rules.toml"
    file.write_text(FILE, encoding="utf-8")
    rules.write_text("[credit]\nminutes_per_day_max = 60\n", encoding="utf-8")
    filled = [word.format(file=file, rules=rules, folder=tmp_path / "books") for word in words]
    for more, said in (
        ((), "这里有几个社区，请用 --community 指明一个：dongqu (东区社区), xiqu (西区社区)"),
        (("--community", "nowhere"), "没有代号是 'nowhere' 的社区。现有：dongqu (东区社区), xiqu (西区社区)"),
    ):
        refused = timebank(*filled, *more, check=False, database=two, city="plain")
        assert refused.returncode == 1, refused.stdout + refused.stderr
        assert said in refused.stderr
        assert "there are:" in refused.stderr or "which community?" in refused.stderr


def test_a_command_acts_on_the_community_that_is_named(two: str, timebank: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")
    timebank("import", file, "--community", "xiqu", database=two, city="plain")
    accounts = {
        code: json.loads(timebank("books", "snapshot", "--community", code, database=two, city="plain").stdout)["accounts"]
        for code in ("dongqu", "xiqu")
    }  # fmt: skip
    assert len(accounts["xiqu"]) == len(accounts["dongqu"]) + 1
    shown = {code: timebank("policy", "show", "1", "--community", code, database=two, city="plain").stdout for code in ("dongqu", "xiqu")}  # fmt: skip
    assert shown["dongqu"] != shown["xiqu"]
    staff = timebank("staff", "show", "--community", "xiqu", database=two, city="plain").stdout
    assert "chen-xiqu" in staff
    assert "chen-dongqu" not in staff


def test_staff_of_one_community_are_not_reset_in_the_name_of_another(two: str, timebank: Any) -> None:
    refused = timebank(
        "staff", "reset", "chen-dongqu", "--community", "xiqu", check=False, database=two, city="plain"
    )
    assert refused.returncode == 1
    assert "没有找到" in refused.stderr
    assert (
        "chen-dongqu" in timebank("staff", "show", "--community", "dongqu", database=two, city="plain").stdout
    )


def test_the_doctor_looks_at_every_community_or_at_the_one_named(two: str, timebank: Any) -> None:
    said = {code: f"{code}: 有能登录的工作人员" for code in ("dongqu", "xiqu")}
    every = timebank("doctor", check=False, database=two, city="plain").stdout
    assert all(f"✓ {one}" in every for one in said.values())
    one = timebank("doctor", "--community", "xiqu", check=False, database=two, city="plain").stdout
    assert said["xiqu"] in one
    assert said["dongqu"] not in one
    wrong = timebank("doctor", "--community", "nowhere", check=False, database=two, city="plain")
    assert wrong.returncode == 1
    assert "✗ 没有代号是 'nowhere' 的社区" in wrong.stdout


def test_of_many_communities_a_line_names_as_many_as_it_bears(
    two: str, timebank: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "COMMUNITIES_NAMED", 1)
    refused = timebank("books", "verify", check=False, database=two, city="plain")
    assert "--community 指明一个：dongqu (东区社区) … (+1)" in refused.stderr


def test_a_policy_of_another_time_zone_founds_nothing_and_runs_nothing(two: str, timebank: Any) -> None:
    """Days and hashes of a book hang on its zone: under another one a whole book would look tampered with."""
    refused = timebank(
        "init", "--code", "zurich", "--name", "苏黎世", "--phone", "", "--worker", "陈晓", "--login", "chen-zurich",
        stdin="a good long password\n", check=False, database=two, city="kiss",
    )  # fmt: skip
    assert refused.returncode == 2
    assert "community_other_zone" in refused.stderr
    looked = timebank("books", "verify", "--community", "xiqu", check=False, database=two, city="kiss")
    assert looked.returncode == 1
    assert "Europe/Zurich, the books here: Asia/Shanghai" in looked.stderr
    for city in ("plain", "dongqu", "nanjing2019"):
        assert "✓" in timebank("books", "verify", "--community", "xiqu", database=two, city=city).stdout
