"""Two communities founded by `init` in one database, on both databases: two doors, two policies, two books, and no word of one
anywhere in the other.

Everything that each office writes holds a word of its own (`zqdong`, `zqxi`). Strangers, members and workers of one walk all
their pages and ask every operation for what belongs to the other.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from ledger import Leg, Transfer
from tests.beginnings import Beginning
from tests.timebank.conftest import Browser, Town
from timebank.access import Role, use_case
from timebank.cli import main
from timebank.community.identity.flow import issue_code
from timebank.context import Context, issuing_account, member_account
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.identity.actors import actor_of
from timebank.store.places import communities
from timebank.web.guard import operations

PASSWORD = "a good long password"
PHONE = "19955500001"
# Addresses that a walk leaves out: they change something, leave the site, or are not about one community.
NOT_WALKED = ("/static/", "/preferences", "/sign-out", "/communities", "/act-for")
PAGES_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One of the two: its code and name, the shipped policy it was founded under, the word in all it writes."""

    code: str
    name: str
    city: str
    word: str

    @property
    def login(self) -> str:
        return f"chen-{self.code}"

    def files(self) -> dict[str, str]:
        """Its volunteers and its lists, as the office types them; the same telephone stands in both communities."""
        word = self.word
        return {
            f"{word}志愿者.csv": "姓名,手机,身份,特长,愿意服务的时间,愿意服务的对象,所属队伍,备注\n"
            f"{word}张三,{PHONE},在职,{word}电工,周末,老人,{word}服务队,\n",
            f"{word}需求.csv": "需求来源,需求内容,希望时间,数量,服务对象,地点,联系人,备注\n"
            f"社区,{word}清扫,每周四上午,2人次,{word}居民,一网格{word}楼,{word}联系人,{word}备注\n",
            f"{word}资源.csv": "单位名称,可提供资源,可服务时间,数量,联系部门\n"
            f"{word}医院,{word}量血压,每周二上午,8人,{word}科室\n",
            f"{word}活动.csv": "活动名称,轮值牵头单位,时间,地点,需要志愿者\n"
            f"{word}合唱,{word}医院,每周一8:30-11:30,{word}广场,8人\n",
        }


DONG = Office(code="donghe", name="东河社区", city="dongqu", word="zqdong")
XI = Office(code="xishan", name="西山社区", city="nanjing2019", word="zqxi")
BOTH = ((DONG, XI), (XI, DONG))


def timebank(url: str, *words: object, city: str = "plain", stdin: str = "") -> str:
    """A command's output on this installation."""
    done = CliRunner().invoke(
        main,
        [str(word) for word in words],
        env={"TIMEBANK_DATABASE": url, "TIMEBANK_CITY": city},
        input=stdin,
    )
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done.stdout


def _install(url: str) -> None:
    """Both communities founded and filled by commands alone, as whoever runs the machine does it."""
    for office in (DONG, XI):
        timebank(
            url, "init", "--code", office.code, "--name", office.name, "--phone", "0571-11112222",
            "--address", f"{office.word}路1号", "--grid", f"{office.word}网格", "--worker", f"{office.word}陈晓",
            "--login", office.login, city=office.city, stdin=f"{PASSWORD}\n",
        )  # fmt: skip
    with TemporaryDirectory() as folder:
        for office in (DONG, XI):
            for name, text in office.files().items():
                file = Path(folder) / name
                file.write_text(text, encoding="utf-8")
                timebank(url, "import", file, "--community", office.code)


@dataclass(slots=True)
class Two:
    """The running installation, and what each community's rows are called by."""

    town: Town
    ids: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    @property
    def ctx(self) -> Context:
        return self.town.ctx

    async def member(self, office: Office) -> Browser:
        """The volunteer of a community, signed in at its door with the telephone that both have."""
        rows = await self.ctx.engine.fetch(
            "SELECT r.uid FROM tb_member r JOIN tb_password p ON p.member = r.uid WHERE r.community = ?",
            [office.code],
        )
        desk = await actor_of(self.ctx.engine, self.ctx.catalogue_of, str(rows[0]["uid"]), self.ctx.today())
        code = await issue_code(self.ctx, desk, member=self.members[office.code], kind="code")
        browser = await self.town.stranger("")
        page = await browser.submit(f"/c/{office.code}/sign-in/code", {"who": PHONE, "code": code})
        assert page.status_code == 200, page.text
        return browser

    async def worker(self, office: Office) -> Browser:
        """The first worker, signed in with the password that `init` was told."""
        browser = await self.town.stranger("")
        page = await browser.submit("/sign-in/password", {"login": office.login, "password": PASSWORD})
        assert page.url.path == "/desk"
        return browser


@dataclass(frozen=True, slots=True)
class _Begun:
    """What each community's rows are called by, and its volunteer."""

    ids: dict[str, list[str]]
    members: dict[str, str]


async def _two_offices(url: str) -> _Begun:
    """Both installed, each office's page written and an hour in each book."""
    await asyncio.to_thread(_install, url)
    ctx = make_context(Settings(database=url, city="plain", demo=True))
    begun = _Begun({}, {})
    async with ctx.engine:
        await ctx.policies.load()
        for number, office in enumerate((DONG, XI), start=1):
            await _write_door(ctx, office)
            rows = await ctx.engine.fetch(
                "SELECT member FROM tb_phone WHERE community = ? AND number = ?", [office.code, PHONE]
            )
            uid = begun.members[office.code] = str(rows[0]["member"])
            minutes = 60 * number
            legs = (Leg(issuing_account(office.code), minutes), Leg(member_account(uid), -minutes))
            async with ctx.engine.atomic():
                await ctx.book(office.code).post(Transfer(key=f"hour:{office.code}", legs=legs), at=ctx.now())
            begun.ids[office.code] = await _ids(ctx, office)
    return begun


@pytest.fixture
def begins_with() -> Beginning:
    return Beginning(name="two_offices", make=_two_offices)


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def two(app_database_url: str, begun: _Begun) -> AsyncIterator[Two]:
    """The installation started."""
    ctx = make_context(Settings(database=app_database_url, city="plain", demo=True))
    await ctx.engine.start()
    town = Town(ctx=ctx)
    try:
        await ctx.policies.load()
        yield Two(town, ids=begun.ids, members=begun.members)
    finally:
        await town.close()
        await ctx.engine.close()


async def _write_door(ctx: Context, office: Office) -> None:
    known = await communities.community(ctx.engine, office.code)
    assert known is not None
    said = replace(known, opens=f"{office.word}每天", page_text=f"{office.word}欢迎")
    async with ctx.engine.atomic():
        await communities.save_community(ctx.engine, said)


async def _ids(ctx: Context, office: Office) -> list[str]:
    """One of whatever an address can name of a community: people, lines, files, relationships, organisations."""
    found: list[str] = []
    for table, key in (
        ("tb_member", "uid"), ("mp_need", "line_key"), ("tb_import", "uid"), ("tb_relationship", "uid"),
        ("tb_organisation", "code"),
    ):  # fmt: skip
        rows = await ctx.engine.fetch(
            f"SELECT MAX({key}) AS id FROM {table} WHERE community = ?", [office.code]
        )
        assert rows[0]["id"], f"{office.code} has nothing in {table}"
        found.append(str(rows[0]["id"]))
    return found


async def walk(browser: Browser, starts: list[str]) -> dict[str, str]:
    """Every page that links lead to from here, by address."""
    waiting, seen = list(starts), dict[str, str]()
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        if path in seen:
            continue
        page = await browser.page(path)
        assert page.status_code < 500, path
        seen[path] = page.text if "text" in page.headers.get("content-type", "") else ""
        if "html" in page.headers.get("content-type", ""):
            links = (link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', page.text))
            waiting += [link for link in links if not link.startswith(NOT_WALKED) and link not in seen]
    return seen


def met(pages: Mapping[str, str], of: Office) -> list[str]:
    """Addresses of pages on which a word of this community stands."""
    return sorted(
        path for path, text in pages.items() if of.word in text or of.name in text or f"/c/{of.code}" in text
    )


async def test_two_doors_two_policies_two_books(two: Two, app_database_url: str, tmp_path: Path) -> None:
    for office, other in BOTH:
        door = (await (await two.town.stranger("")).page(f"/c/{office.code}")).text
        assert f"{office.word}路1号" in door
        assert f"{office.word}每天" in door
        assert other.word not in door
        worker = await two.worker(office)
        assert (await worker.get("/api/policy")).status_code == 200
    rules = {office.code: two.ctx.policy_of(office.code) for office in (DONG, XI)}
    assert rules["donghe"].name != rules["xishan"].name
    assert rules["donghe"].credit != rules["xishan"].credit
    books = {}
    for office in (DONG, XI):
        folder = tmp_path / f"books-{office.code}"
        await asyncio.to_thread(
            timebank, app_database_url, "books", "export", folder, "--community", office.code
        )
        books[office.code] = "".join(
            path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.beancount"))
        )
        said = await asyncio.to_thread(
            timebank, app_database_url, "books", "snapshot", "--community", office.code
        )
        held = {one["code"]: one["balance"] for one in json.loads(said)["accounts"]}
        mine = member_account(two.members[office.code])
        assert abs(held[mine]) == {"donghe": 60, "xishan": 120}[office.code]
    for office, other in BOTH:
        assert two.members[office.code] in books[office.code]
        assert two.members[other.code] not in books[office.code]


async def test_no_page_of_one_says_a_word_of_the_other(two: Two) -> None:
    for office, other in BOTH:
        at = f"/c/{office.code}"
        walkers = {
            "stranger": (await two.town.stranger(""), [at, f"{at}/lists", f"{at}/notice?print=1"]),
            "member": (await two.member(office), ["/", "/volunteer", "/lists", "/notice", at]),
            "worker": (
                await two.worker(office),
                ["/", "/desk", "/books", "/desk/policy", "/lists", "/notice", at],
            ),
        }
        for who, (browser, starts) in walkers.items():
            pages = await walk(browser, starts)
            assert met(pages, other) == [], f"{who} of {office.code}"
            assert len(met(pages, office)) >= 8, f"{who} of {office.code} saw {sorted(pages)}"


async def test_nothing_of_the_other_is_shown_when_it_is_asked_for_by_name(two: Two) -> None:
    """Every GET operation, with every id of the other community in its address."""
    asked = sorted(
        (route.path, handler.operation_id)
        for _name, route, handler in operations(two.town.app)
        if "GET" in handler.http_methods
    )
    for office, other in BOTH:
        signed_in = {"member": await two.member(office), "worker": await two.worker(office)}
        stranger = {"stranger": await two.town.stranger(office.code)}
        shown: list[str] = []
        for pattern, operation in asked:
            walkers = signed_in | (stranger if Role.PUBLIC in use_case(str(operation)).grants else {})
            for path in sorted(_filled(pattern, office, two.ids[other.code])):
                for who, browser in walkers.items():
                    answer = await browser.get(path, headers={"accept": "text/html"})
                    assert answer.status_code < 500, path
                    if other.word in answer.text or other.name in answer.text:
                        shown.append(f"{who} of {office.code} at {path}")
        assert shown == []


def _filled(pattern: str, office: Office, ids: list[str]) -> set[str]:
    """The addresses of an operation, each with one id of the other community wherever it takes one."""
    own = pattern.replace("{community_code:str}", office.code)
    if "/sign-in/link/" in own or own in ("/api/communities", "/communities"):
        return set()

    def with_id(one: str) -> str:
        kinds = re.sub(r"\{(kind|name):str\}", "needs", own)
        return re.sub(r"\{[^}]*:int\}", "1", re.sub(r"\{[^}]*:(str|date)\}", one, kinds))

    return {with_id(one) for one in ids} if "{" in own else {own}


async def test_joining_and_hours_of_one_are_unknown_to_the_other(two: Two) -> None:
    stranger = await two.town.stranger("")
    await stranger.submit(f"/c/{XI.code}/join", {"name": "zqwantsq", "phone": "19911112222"})
    for office, there in ((DONG, False), (XI, True)):
        worker = await two.worker(office)
        assert ("zqwantsq" in (await worker.page("/desk/questions")).text) is there
        held = (await (await two.member(office)).get("/api/hours")).json()
        assert held["minutes_left"] == {"donghe": 60, "xishan": 120}[office.code]


async def test_a_round_and_a_close_for_one_leave_the_other_open(two: Two, app_database_url: str) -> None:
    month = f"{two.ctx.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    await asyncio.to_thread(timebank, app_database_url, "tick", "--community", XI.code)
    await asyncio.to_thread(timebank, app_database_url, "books", "close", month, "--community", XI.code)
    closed = {
        office.code: month in (await (await two.worker(office)).page("/books")).text for office in (DONG, XI)
    }
    heads = {office.code: (await two.ctx.book(office.code).head()).seq for office in (DONG, XI)}
    assert heads["xishan"] > heads["donghe"], closed
    for office in (DONG, XI):
        assert "✓" in await asyncio.to_thread(
            timebank, app_database_url, "books", "verify", "--community", office.code
        )
