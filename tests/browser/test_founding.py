"""A community from an empty database, run by the people who really do each step: nothing but commands, files and pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.office import FIRST_PASSWORD, Office

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

LISTS = Path(__file__).parents[2] / "examples" / "data" / "lists"
FILES = (
    "报到志愿者.csv",
    "东区社区四张清单.xlsx",
    "区人民银行营业部-资源.csv",
    "2026-11-17-红马甲签到表.csv",
)
GRIDS = ("一网格", "二网格", "三网格", "四网格", "五网格")
TEAM, UNIT = "周二红马甲服务队", "区人民银行营业部"
LI, QIAN = "19900000004", "19900000002"


@pytest.fixture
def office(tmp_path: Path, chromium: Browser) -> Iterator[Office]:
    office = Office(tmp_path, chromium)
    yield office
    office.close()


def test_a_community_from_an_empty_database_to_a_closed_month(office: Office, tmp_path: Path) -> None:
    # Wednesday 18 November: founded, the office's four files, and everybody gets what they need to act.
    grids = [word for name in GRIDS for word in ("--grid", name)]
    office.command(
        "2026-11-18T09:00", "init", "--code", "dongqu", "--name", "东区社区", "--phone", "028-85550000", *grids,
        "--worker", "陈静", "--login", "chenjing", typed=FIRST_PASSWORD + "\n",
    )  # fmt: skip
    office.command("2026-11-18T09:10", "import", *(str(LISTS / name) for name in FILES))
    office.serve("2026-11-18T09:20")
    chen = office.sign_in_by_password("chen", "chenjing", FIRST_PASSWORD)
    lin = _second_worker(office, chen)
    _auditor(office, chen, lin)
    _leader_and_deputy(office, chen)
    _known_by_a_second(office, lin, "deputy")
    _unit_contact(office, chen)
    _officers(office, chen)
    _proxy(office, chen)
    _policy_by_two(office, chen, lin)
    _paper_passbook(office, chen, lin)

    # Thursday: 李四 asks for help with the hours he saved; Friday he is helped, and they are settled.
    office.tick("2026-11-19T08:30")
    office.sign_in_by_password("chen", "chenjing", FIRST_PASSWORD)
    _li_is_promised_help(office, chen)
    office.at("2026-11-20T09:02")
    _press(office.page("deputy", "/volunteer"), "我到了")
    office.at("2026-11-20T10:04")
    _press(office.page("deputy", "/volunteer"), "我走了")
    _press(office.page("leader", "/elder"), "帮好了")
    office.tick("2026-11-20T10:15")
    expect(office.page("leader", "/hours").locator("main")).to_contain_text("14 小时 30 分")

    # Tuesday: somebody of seventy earns, and asks in turn.
    office.sign_in_by_password("chen", "chenjing", FIRST_PASSWORD)
    _seventy_earns_and_asks(office, chen)

    # December: the month closes, and stock bean-check has nothing to say.
    office.serve("2026-12-01T09:00")
    office.sign_in_by_password("chen", "chenjing", FIRST_PASSWORD)
    _month_closes(office, chen, tmp_path / "books")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator(".flash").first).to_be_visible()


def _second_worker(office: Office, chen: Page) -> Page:
    """The operator is the second hand of a community with one worker, and hands the account out: nobody could be her."""
    uid = office.register(chen, "林敏", "19900001002", does="愿意帮别人")
    waiting = office.offer(chen, "worker", holder="林敏", target="东区社区")
    office.command("2026-11-18T09:22", "staff", "approve", waiting.rpartition("/")[2])
    password = office.command("2026-11-18T09:22", "staff", "open", uid, "linmin").split()[-1]
    return _own_password(office, "lin", "林敏", "linmin", password)


def _auditor(office: Office, chen: Page, lin: Page) -> None:
    office.register(chen, "周监", "19900001003", does="愿意帮别人")
    waiting = office.offer(chen, "auditor", holder="周监", target="东区社区")
    chen.goto(waiting)
    expect(chen.get_by_role("button", name="我批准")).to_have_count(0)
    lin.goto(waiting)
    _press(lin, "我批准")
    auditor = _with_an_account(office, chen, "auditor", "周监", "zhoujian")
    auditor.goto(office.url + "/books")
    expect(auditor.locator("main")).to_contain_text("一分不差")


def _with_an_account(office: Office, desk: Page, who: str, name: str, login: str) -> Page:
    """A colleague opens the account; the person signs in with the slip and puts a password of their own."""
    desk.goto(office.url + "/desk/staff")
    person = desk.locator("li", has_text=name)
    person.get_by_role("link", name="开账号").click()
    person.get_by_label("登录名").fill(login)
    person.get_by_role("button", name="开账号").click()
    password = desk.locator("strong.keep").nth(1).inner_text()
    return _own_password(office, who, name, login, password)


def _own_password(office: Office, who: str, name: str, login: str, password: str) -> Page:
    """Whoever was given a password puts one of their own."""
    page = office.sign_in_by_password(who, login, password)
    page.goto(office.url + "/password")
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码").first.fill(own := f"只有{name}自己知道的密码")
    page.get_by_role("button", name="换成新密码").click()
    return office.sign_in_by_password(who, login, own)


def _leader_and_deputy(office: Office, desk: Page) -> None:
    """The leader confirms the others' hours of the paper sheet, the deputy the leader's own."""
    office.offer(desk, "leader", holder="李四", target=TEAM)
    office.offer(desk, "deputy", holder="钱二", target=TEAM)
    for who, name, phone in (("leader", "李四", LI), ("deputy", "钱二", QIAN)):
        page = office.sign_in_by_code(who, office.uid_of(desk, name), phone, desk=desk)
        page.goto(office.url + "/teams")
        page.get_by_role("link", name="看一遍，再确认").click()
        _press(page, "都对，记上")
    office.tick("2026-11-18T09:33")
    expect(office.page("leader", "/hours").locator("main")).to_contain_text("3 小时")


def _known_by_a_second(office: Office, colleague: Page, who: str) -> None:
    """Chen read out the code, so Lin stands beside its owner once: from then on it is their own word."""
    page = office.page(who, "/phone")
    digits = page.locator(".code").inner_text()
    colleague.goto(office.url + "/know")
    colleague.get_by_label("对方手机上的六个数字").fill(digits)
    _press(colleague, "是本人，认下")
    expect(office.page(who, "/phone").locator("main")).to_contain_text("认过了")


def _unit_contact(office: Office, desk: Page) -> None:
    """The contact of a unit says what it offers."""
    contact = office.register(desk, "何主任", "19900001004", does="愿意帮别人")
    office.offer(desk, "unit_contact", holder="何主任", target=UNIT)
    unit = office.sign_in_by_code("unit", contact, "19900001004", desk=desk)
    unit.goto(office.url + "/unit")
    expect(unit.locator("main")).to_contain_text("会议室")
    _press(unit, "先停一停")


def _officers(office: Office, desk: Page) -> None:
    """Three grids, an officer each, who reads what is open in their own and in no other."""
    for number, grid in enumerate(GRIDS[:3], start=1):
        name, phone = f"网格员{'甲乙丙'[number - 1]}", f"1990000200{number}"
        uid = office.register(desk, name, phone, does="愿意帮别人")
        office.offer(desk, "grid_worker", holder=name, target=grid)
        officer = office.sign_in_by_code(f"officer{number}", uid, phone, desk=desk)
        officer.goto(office.url + "/places")
        expect(officer.locator("h1")).to_contain_text(grid)
        other = officer.goto(f"{office.url}/places/dongqu-{number % 3 + 1}")
        assert other is not None
        assert other.status == 404


def _proxy(office: Office, desk: Page) -> None:
    """A daughter asks for her mother."""
    office.register(desk, "王秀兰", "028-85551234", age="78", grid="一网格", does="想请人帮忙")
    daughter = office.register(desk, "王小丽", "19900001005", does="愿意帮别人")
    office.offer(desk, "proxy", holder="王小丽", target="王秀兰")
    proxy = office.sign_in_by_code("proxy", daughter, "19900001005", desk=desk)
    proxy.goto(office.url + "/elder")
    proxy.get_by_role("button", name="代王秀兰办事").click()
    _ask(office, proxy, "shopping", "这几天")
    desk.goto(office.url + "/desk/needs")
    expect(desk.locator("main")).to_contain_text("王秀兰")


def _ask(office: Office, page: Page, what: str, when: str) -> None:
    page.goto(f"{office.url}/elder/ask/{what}")
    page.get_by_role("link", name=when).click()
    _press(page, "请帮我登记")


def _paper_passbook(office: Office, chen: Page, lin: Page) -> None:
    """What 李四 had on paper, entered by one and approved by the other: with Tuesday's 3 hours he has 15 h 30."""
    chen.goto(office.url + "/desk/opening")
    chen.get_by_role("button", name="录一批存折").click()
    chen.get_by_label("谁的存折").fill("李四")
    chen.get_by_label("存着多少时间").fill("12小时30分")
    chen.get_by_label("存折号").fill("甲-17")
    _press(chen, "录进这一批")
    expect(chen.get_by_role("button", name="对过了，批准转入")).to_have_count(0)
    lin.goto(chen.url)
    _press(lin, "对过了，批准转入")
    expect(office.page("leader", "/hours").locator("main")).to_contain_text("15 小时 30 分")


def _policy_by_two(office: Office, chen: Page, lin: Page) -> None:
    """From tomorrow on, who has saved hours pays with them first; entered by one, approved by the other."""
    chen.goto(office.url + "/desk/policy/new")
    chen.locator("#f-starts_on").fill("2026-11-19")
    chen.locator("[id='f-credit.payer']").evaluate("field => field.closest('details').open = true")
    chen.locator("[id='f-credit.payer']").select_option("recipient_first")
    chen.get_by_role("button", name="记下草稿，看看会怎样").click()
    expect(chen.get_by_role("button", name="看过了，批准")).to_have_count(0)
    lin.goto(chen.url)
    _press(lin, "看过了，批准")


def _li_is_promised_help(office: Office, desk: Page) -> None:
    _ask(office, office.page("leader", ""), "repair", "明天上午")
    desk.goto(office.url + "/desk/needs")
    desk.locator("tr", has_text="李四").get_by_role("link", name="找人").click()
    desk.locator("#f-who").select_option(label="钱二 002")
    desk.locator("#f-on").fill("2026-11-20")
    desk.locator("#f-at").fill("9:00")
    desk.locator("#f-reason").fill("他是电工，住得近")
    _press(desk, "约定")
    expect(office.page("leader", "/hours").locator("main")).to_contain_text("1 小时")


def _seventy_earns_and_asks(office: Office, desk: Page) -> None:
    desk.goto(office.url)
    zhang = office.register(desk, "张大爷", "19900001070", age="70", grid="二网格", does="愿意帮别人")
    old = office.sign_in_by_code("seventy", zhang, "19900001070", desk=desk)
    leader = office.page("leader", "/teams")
    _press(leader, "照清单排班")
    old.goto(office.url + "/volunteer")
    _press(old, "我报名")
    office.tick("2026-11-24T08:30")
    leader = office.page("leader", "/teams")
    leader.locator("main").get_by_role("link", name="点名").first.click()
    leader.locator("li", has_text="张").get_by_role("button").first.click()
    expect(leader.locator("#counts")).to_contain_text("1 / 1")
    office.at("2026-11-24T11:30")
    leader = office.page("leader", "/teams")
    leader.locator("main").get_by_role("link", name="点名").first.click()
    leader.get_by_role("link", name="收工").click()
    leader.get_by_role("button", name="收工").click()
    expect(leader.locator(".flash").first).to_be_visible()
    # Who called the roll does not vouch for it: the deputy reads the list.
    deputy = office.page("deputy", "/teams")
    deputy.get_by_role("link", name="看一遍，再确认").click()
    _press(deputy, "都对，记上")
    office.tick("2026-11-24T11:41")
    expect(office.page("seventy", "/hours").locator("main")).to_contain_text("3 小时")
    _ask(office, office.page("seventy", ""), "talk", "这几天")


def _month_closes(office: Office, desk: Page, folder: Path) -> None:
    """The desk closes November; the auditor reads that it is whole, and stock bean-check is silent about the book."""
    desk.goto(office.url + "/books")
    desk.get_by_role("button", name="结").first.click()
    expect(desk.locator(".flash").first).to_be_visible()
    auditor = office.sign_in_by_password("auditor", "zhoujian", "只有周监自己知道的密码")
    auditor.goto(office.url + "/books")
    expect(auditor.locator("main")).to_contain_text("一分不差")
    expect(auditor.locator("main")).to_contain_text("已结账")
    office.command("2026-12-01T09:30", "books", "export", str(folder))
    november = folder / "2026-11.beancount"
    program = Path(sys.executable).parent / "bean-check"
    checked = subprocess.run([program, november], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
