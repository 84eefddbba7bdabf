"""Each community has its own door: its page, its path, its sign-in; a stranger chooses one and is remembered."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from marketplace import store as lists
from marketplace.times import mainland, read_when
from marketplace.values import Need, Quantity
from tests.timebank.conftest import Browser, Town
from timebank.community.founding.flow import found_community
from timebank.context import Context
from timebank.store.places import areas, communities
from timebank.store.places.communities import Community
from timebank.web.community import CHOICES_ON_A_PAGE

SHORT = ("/notice", "/lists", "/lists/needs", "/join", "/sign-in", "/help", "/privacy")


@pytest.fixture
async def doors(town: Town) -> Town:
    """Both communities of the town say where they are and when they are open."""
    async with town.ctx.engine.atomic():
        for code, name, name_en, phone in (
            ("dongqu", "东区社区", "Dongqu", "0571-11112222"),
            ("nanqu", "南区社区", "Nanqu", "0571-33334444"),
        ):
            said = Community(
                code=code, area=code, name=name, name_en=name_en, phone=phone, address=f"{name}光明路1号",
                opens=f"{name}周一到周五8:30", page_text=f"{name}在集市旁边。\n\n欢迎来坐。",
            )  # fmt: skip
            await communities.save_community(town.ctx.engine, said)
    return town


async def test_a_communitys_page_says_where_when_and_whom_to_ring(doors: Town) -> None:
    page = (await (await doors.stranger("")).page("/c/nanqu")).text
    for said in (
        "南区社区光明路1号",
        "南区社区周一到周五8:30",
        "tel:057133334444",
        "南区社区在集市旁边。",
        "欢迎来坐。",
    ):
        assert said in page
    for href in ("/lists/needs", "/lists/resources", "/lists/activities", "/lists/projects", "/notice", "/join", "/sign-in"):  # fmt: skip
        assert f'href="/c/nanqu{href}"' in page
    assert "东区" not in page
    english = (await (await doors.stranger("")).page("/c/nanqu?lang=en")).text
    assert "<h1>Nanqu</h1>" in english
    assert "Find us" in english


async def test_a_page_says_what_to_do_where_the_office_has_not_said_when_it_opens(town: Town) -> None:
    page = (await (await town.stranger("")).page("/c/nanqu")).text
    assert "到社区服务台问一声。" in page
    assert "在哪里" not in page
    assert "tel:" not in page


async def test_a_stranger_chooses_once_and_the_short_addresses_keep_to_it(doors: Town) -> None:
    browser = await doors.stranger("")
    asked = await browser.page("/")
    assert (asked.url.path, asked.status_code) == ("/communities", 200)
    assert [name for name in ("东区社区", "南区社区") if name in asked.text] == ["东区社区", "南区社区"]
    await browser.page("/c/nanqu")
    assert browser.cookies["community"] == "nanqu"
    assert (await browser.page("/")).url.path == "/c/nanqu"
    for path in SHORT:
        page = await browser.page(path)
        assert page.status_code == 200
        assert "南区社区" in page.text
        assert "东区" not in page.text
    await browser.page("/c/dongqu/notice")
    assert (await browser.page("/")).url.path == "/c/dongqu"


async def test_the_choice_is_kept_in_a_plain_cookie_that_holds_the_code_alone(doors: Town) -> None:
    browser = await doors.stranger("")
    answer = await browser.page("/c/nanqu/help")
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("community=")]
    assert cookie.startswith("community=nanqu;")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    again = await browser.page("/c/nanqu/help")
    assert not [one for one in again.headers.get_list("set-cookie") if one.startswith("community=")]
    assert "您选的社区" in (await browser.page("/privacy")).text


@pytest.mark.parametrize("path", ["/notice", "/lists", "/lists/needs", "/lists/needs.csv", "/join"])
async def test_without_a_choice_a_page_asks_first_and_leads_on_to_what_was_wanted(
    doors: Town, path: str
) -> None:
    browser = await doors.stranger("")
    asked = await browser.page(path)
    assert asked.url.path == "/communities"
    assert f'href="/c/nanqu{path}"' in asked.text
    assert (await browser.page(f"/c/nanqu{path}")).status_code == 200


async def test_where_the_choice_leads_stays_inside_the_community(doors: Town) -> None:
    for wanted in (
        "//evil.example",
        "https://evil.example",
        "/noticeboard",
        "/desk",
        "/../desk",
        "/notice\\x",
    ):
        page = await (await doors.stranger("")).page("/communities", params={"next": wanted})
        assert re.findall(r'href="(/c/nanqu[^"]*)"', page.text) == ["/c/nanqu"]
        assert "evil" not in re.sub(r"next=[^\"]*", "", page.text)
    page = await (await doors.stranger("")).page("/communities", params={"next": "/sign-in?next=/elder"})
    assert 'href="/c/nanqu/sign-in?next=/elder"' in page.text


@pytest.mark.parametrize("path", ["", "/notice", "/lists/needs", "/sign-in", "/join", "/help", "/privacy"])
@pytest.mark.parametrize(
    ("lang", "said", "lead"), [("zh-CN", "这里没有这个社区。", "您要找的社区"), ("en", "There is no such community here.", "Is the one you want below?")]
)  # fmt: skip
async def test_a_wrong_code_is_not_found_and_lets_a_stranger_choose(
    doors: Town, path: str, lang: str, said: str, lead: str
) -> None:
    page = await (await doors.stranger("")).page(f"/c/nowhere{path}?lang={lang}")
    assert page.status_code == 404
    assert said in page.text
    assert lead in page.text
    assert 'href="/c/nanqu"' in page.text
    assert 'href="/c/dongqu"' in page.text
    assert "community=" not in str(page.headers.get_list("set-cookie"))


async def test_a_choice_that_is_no_longer_here_is_asked_again(doors: Town) -> None:
    browser = await doors.stranger("gone")
    assert (await browser.page("/notice")).url.path == "/communities"


async def test_with_one_community_there_is_nothing_to_choose(ctx: Context) -> None:
    town = Town(ctx=ctx)
    try:
        browser = await town.stranger("")
        empty = await browser.page("/")
        assert (empty.status_code, "这里还没有社区" in empty.text) == (200, True)
        assert (await browser.page("/notice")).url.path == "/communities"
        async with ctx.engine.atomic():
            await found_community(ctx, code="dongqu", name="东区社区")
        front = await browser.page("/")
        assert front.url.path == "/c/dongqu"
        assert "/communities" not in front.text
        assert (await browser.page("/notice")).url.path == "/notice"
    finally:
        await town.close()


async def test_who_is_signed_in_is_in_their_own_community_whatever_was_chosen(doors: Town) -> None:
    elder = await doors.client("elder")
    elder.cookies.set("community", "nanqu", domain="127.0.0.1")
    assert "东区社区" in (await elder.page("/notice")).text
    assert (await elder.page("/")).url.path == "/elder"
    next_door = await elder.page("/c/nanqu/notice")
    assert "南区社区光明路1号" in next_door.text
    assert 'href="/elder"' in next_door.text
    assert elder.cookies["community"] == "nanqu"
    assert "东区社区" in (await elder.page("/lists")).text
    assert "南区" not in (await elder.page("/elder?community=nanqu")).text


async def test_after_signing_out_one_stands_at_ones_own_door(doors: Town) -> None:
    elder = await doors.client("stranger_elder")
    assert (await elder.submit("/sign-out")).url.path == "/c/nanqu"
    assert (await elder.page("/")).url.path == "/c/nanqu"


async def test_a_page_of_the_other_community_leads_no_further_than_that_one(doors: Town) -> None:
    """Every link of a stranger's public pages keeps to the community of the page, whatever was chosen."""
    browser = await doors.stranger("dongqu")
    for path in ("", "/notice", "/lists", "/lists/needs", "/join", "/sign-in", "/help", "/privacy"):
        page = await browser.page(f"/c/nanqu{path}")
        links = set(re.findall(r'(?:href|action)="(/[^"?]*)', page.text))
        # A login is unique in the installation, so its form is the same at every door.
        apart = ("/static/", "/preferences", "/communities", "/sign-in/password")
        ours = {link for link in links if not link.startswith(apart)}
        assert ours
        assert all(link.startswith("/c/nanqu") for link in ours), ours
        browser.cookies.set("community", "dongqu", domain="127.0.0.1")


async def test_programs_name_the_community_and_are_told_which_there_are(doors: Town) -> None:
    browser = await doors.stranger("")
    for path in ("/api/notice", "/api/lists/needs"):
        unsaid = await browser.get(path)
        assert (unsaid.status_code, unsaid.json()["code"]) == (409, "which_community")
        wrong = await browser.get(f"{path}?community=nowhere")
        assert (wrong.status_code, wrong.json()["code"]) == (404, "no_such_community")
        assert (await browser.get(f"{path}?community=nanqu")).json()["community"] == "nanqu"
    known = (await browser.get("/api/communities")).json()
    assert [one["code"] for one in known["communities"]] == ["dongqu", "nanqu"]
    one = (await browser.get("/api/communities/nanqu")).json()
    assert (one["name"], one["phone"], one["opens"]) == (
        "南区社区",
        "0571-33334444",
        "南区社区周一到周五8:30",
    )
    assert (await browser.get("/api/communities/nowhere")).status_code == 404
    described = (await browser.get("/schema/openapi.json")).json()["paths"]
    for path in ("/api/notice", "/api/lists/{kind}"):
        assert "community" in [one["name"] for one in described[path]["get"]["parameters"]]


# --- many communities


@pytest.fixture
async def many(ctx: Context) -> AsyncIterator[Town]:
    """Three streets with more communities than a page shows, and one that stands alone."""
    async with ctx.engine.atomic():
        for street in range(3):
            above = await areas.add_area(
                ctx.engine, code=f"street{street}", kind="street", name=f"{'东西南'[street]}街道", parent=None,
                community="", since_on=ctx.today() - timedelta(days=9),
            )  # fmt: skip
            for number in range(9):
                code = f"c{street}x{number}"
                node = await areas.add_area(
                    ctx.engine, code=code, kind="community", name=code, parent=above, community="",
                    since_on=ctx.today(),
                )  # fmt: skip
                await communities.add_community(
                    ctx.engine,
                    Community(code=code, area=node.code, name=f"第{street}{number}社区", name_en=f"Garden {street}{number}", address=f"{code}_路 100%"),
                )  # fmt: skip
    town = Town(ctx=ctx)
    yield town
    await town.close()


async def names_on(browser: Browser, path: str) -> list[str]:
    page = await browser.page(path)
    return re.findall(r"<strong>(第\d+社区)</strong>", page.text)


async def test_many_communities_stand_by_street_a_page_at_a_time(many: Town) -> None:
    browser = await many.stranger("")
    first = await browser.page("/communities")
    assert re.findall(r"<h2>(.街道)</h2>", first.text) == ["东街道", "西街道", "南街道"]
    names = await names_on(browser, "/communities")
    rest = await names_on(browser, "/communities?page=2")
    assert len(names) == CHOICES_ON_A_PAGE
    assert len(set(names) | set(rest)) == len(names) + len(rest) == 27
    assert "/communities?page=2" in first.text
    assert await names_on(browser, "/communities?page=3") == []
    assert (await browser.page("/communities?page=0")).status_code == 400


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("第1", 9), ("南街道", 9), ("garden 13", 1), ("ＧＡＲＤＥＮ１３", 0), ("Ｇarden 13", 1), ("c2x4_", 1), ("100%", 20), ("%", 20), ("_", 20),
        ("x_4", 0), ("没有", 0), ("' OR 1=1 --", 0), ("\\", 0),
    ],
)  # fmt: skip
async def test_a_community_is_found_by_name_street_or_address(many: Town, sought: str, found: int) -> None:
    browser = await many.stranger("")
    page = await browser.page("/communities", params={"q": sought})
    assert len(re.findall(r"<strong>第\d+社区</strong>", page.text)) == found
    if not found:
        assert "这样找没有找到" in page.text


async def test_a_wrong_code_among_many_shows_some_and_the_search(many: Town) -> None:
    page = await (await many.stranger("")).page("/c/nowhere")
    assert page.status_code == 404
    assert len(re.findall(r"<strong>第\d+社区</strong>", page.text)) == CHOICES_ON_A_PAGE
    assert 'action="/communities"' in page.text


async def test_a_line_next_door_is_read_as_strangers_read_it_and_not_claimed(doors: Town) -> None:
    key, filed_on = "n-lamp", doors.ctx.today()
    need = Need(
        line_key=key, title="修路灯", source="community", filed_on=filed_on,
        when=read_when("每周四 9:00-11:00", filed_on=filed_on, calendar=mainland()),
        quantity=Quantity(amount=1, minutes_each=60),
    )  # fmt: skip
    await lists.save_needs(doors.ctx.engine, "nanqu", [need], at=doors.ctx.now())
    for who in ("volunteer", "worker"):
        page = await (await doors.client(who)).page(f"/c/nanqu/lists/needs/{key}")
        assert page.status_code == 200
        assert "这是别的社区的清单" in page.text
        assert 'action="/claims"' not in page.text
    at_home = await (await doors.client("stranger_volunteer")).page(f"/lists/needs/{key}")
    assert "这是别的社区的清单" not in at_home.text
    assert 'action="/claims"' in at_home.text
