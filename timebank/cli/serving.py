"""`timebank demo`, `init`, `serve`, `doctor`, `check`: from a first look to a real community's server."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from getpass import getpass

import click
import uvicorn
from litestar import Litestar

from ledger.clash import clashes
from ledger.store.engine import EngineError
from timebank.app import UnsafeSettings, create_app
from timebank.cli.keeping import sqlite_path
from timebank.cli.running import answered, communities_meant, community_or_all_option, open_context, run, say
from timebank.community import guide
from timebank.community.founding.flow import Founded, Founding, can_sign_in, found
from timebank.community.guide import StepShown
from timebank.context import Context
from timebank.errors import AppRefusal, NoSuchCommunity
from timebank.policy import BadPolicy, Policy
from timebank.settings import SECRET_BYTES_MIN, Settings
from timebank.store import upgrade as schema

SECONDS_TO_FINISH = 4


class _Server(uvicorn.Server):
    """Says where it is once it really listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # Being told to stop and having stopped in order is success; uvicorn would die of the signal again.
        self._captured_signals.clear()


def _serve(app: Litestar, settings: Settings, ready: Callable[[], None]) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,  # our own line names no query, and the route's pattern instead of the path
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        lifespan="on",
    )
    server = _Server(config, ready)
    server.run()
    if not server.started:
        raise SystemExit(1)


def _free_port(settings: Settings) -> Settings:
    """The settings with a port that can be listened on; port 0 picks a free one."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"port {settings.port} is taken; try --port {settings.port + 1} / 端口 {settings.port} 被占用"
            ) from error
        return replace(settings, port=probe.getsockname()[1])


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Port to serve on (8000; 0 picks one)."
)
@click.option("--database", default="", help="Where the demo community lives (sqlite:///timebank-demo.db).")
@click.option(
    "--json", "as_json", is_flag=True, help="First output line: the address and a sign-in link per role."
)
@click.option("--seed-only", is_flag=True, help="Make the demo community and stop.")
def demo(port: int | None, database: str, as_json: bool, seed_only: bool) -> None:
    """A seeded neighbourhood to look at: 东区社区 with a month of history / 演示社区."""
    from timebank.demo.seed import seed, sign_in_links

    given = Settings.from_env()
    settings = replace(
        given,
        database=database or "sqlite:///timebank-demo.db",
        city="dongqu",
        demo=True,
        port=given.port if port is None else port,
    )
    if path := sqlite_path(settings.database):
        path.parent.mkdir(parents=True, exist_ok=True)
    settings = settings if seed_only else _free_port(settings)

    async def prepare() -> dict[str, str]:
        async with open_context(settings, migrated=False) as ctx:
            await schema.upgrade(ctx.engine)
            await seed(ctx)
        async with open_context(settings) as ctx:
            return await sign_in_links(ctx)

    links = answered(prepare)
    url = f"http://{settings.host}:{settings.port}"
    sign_in = {role: f"{url}/sign-in/link/{token}" for role, token in links.items()}
    if seed_only:
        say(json.dumps({"database": settings.database}) if as_json else f"✓ {settings.database}")
        return

    def ready() -> None:
        if as_json:
            say(json.dumps({"url": url, "sign_in": sign_in}, ensure_ascii=False))
            return
        say(f"\n  社区时间银行 · 演示 / demo:  {url}\n")
        for role, link in sign_in.items():
            say(f"  {ROLE_LABELS[role]:<24} {link}")
        say("\n  Ctrl+C 停止 / stops it\n")

    _serve(create_app(settings), settings, ready)


ROLE_LABELS = {
    "elder": "老人 elder",
    "proxy": "家属代办 proxy",
    "volunteer": "志愿者 volunteer",
    "leader": "红马甲队长 leader",
    "unit": "共建单位 unit",
    "worker": "社区工作者 worker",
    "auditor": "监督员 auditor",
}


@click.command()
def serve() -> None:
    """Serve a real community; refuses unsafe settings and an old schema / 正式运行."""
    settings = Settings.from_env()
    if problems := unsafe(settings):
        raise click.ClickException("\n".join(["unsafe settings / 设置不安全:", *problems]))

    async def current(_: Context) -> None:
        return None

    run(current, settings=settings)
    settings = _free_port(settings)
    _serve(create_app(settings), settings, lambda: say(f"http://{settings.host}:{settings.port}"))


@click.command()
@click.option(
    "--code", prompt="社区代号 code (a-z, 0-9)", help="Lower-case letters and digits; never changes."
)
@click.option("--name", prompt="社区名称 name", help="As on the door.")
@click.option("--name-en", default="", help="English name.")
@click.option("--phone", prompt="对外电话 phone", default="", help="Shown to everybody.")
@click.option("--address", default="", help="Where the office is.")
@click.option("--opens", default="", help="When the office is open, in words.")
@click.option("--grid", "grids", multiple=True, help="A grid's name; repeat for each.")
@click.option("--worker", prompt="第一位社区工作者 first worker's name", help="Gets the first login.")
@click.option("--login", prompt="登录名 login", help="The worker's login name.")
def init(
    code: str,
    name: str,
    name_en: str,
    phone: str,
    address: str,
    opens: str,
    grids: tuple[str, ...],
    worker: str,
    login: str,
) -> None:
    """Found a real community with its first worker; asks for the password / 建立社区."""
    password = getpass("密码 password (10+): ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    settings = Settings.from_env()
    if path := sqlite_path(settings.database):
        path.parent.mkdir(parents=True, exist_ok=True)

    wanted = Founding(
        code=code, name=name, name_en=name_en, phone=phone, address=address, opens=opens, grids=grids, worker=worker,
        login=login,
    )  # fmt: skip

    async def work() -> Founded:
        async with open_context(settings, migrated=False) as ctx:
            await schema.upgrade(ctx.engine)
            return await found(ctx, wanted, password=password)

    try:
        done = asyncio.run(work())
    except AppRefusal as refusal:
        click.echo(f"✗ {refusal.code}: {refusal.zh} / {refusal.en}", err=True)
        raise SystemExit(2) from refusal
    said = {
        Founded.NEW: f"✓ {name} ({code}); timebank serve",
        Founded.WORKER_ADDED: f"✓ {name} ({code}): 多了一位能登录的工作人员 / one more worker who can sign in",
        Founded.ALREADY_SO: f"✓ {name} ({code}): 已经是这样了 / already so, nothing changed",
    }
    say(said[done])


@click.command()
@community_or_all_option
def doctor(community: str) -> None:
    """What is missing on this machine, and in its communities / 检查这台机器和各个社区."""
    settings = Settings.from_env()
    findings: list[tuple[bool, str]] = [
        (sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11+)"),
        (sqlite3.sqlite_version_info >= (3, 35), f"SQLite {sqlite3.sqlite_version} (3.35+)"),
        *(
            [(False, one) for one in clashes()]
            or [(True, "ledger, marketplace 只有一份 / come from one place each")]
        ),
        (_has_chinese_font(), "中文字体 / a Chinese font for printing (apt install fonts-noto-cjk)"),
    ]
    try:
        findings.append((True, f"policy {Policy.load(settings.city).name}"))
    except BadPolicy as error:
        findings.append((False, f"policy: {error}"))

    async def reach() -> tuple[list[str], list[tuple[bool, str]]]:
        async with open_context(settings, migrated=False) as ctx:
            missing = await schema.waiting(ctx.engine)
            return missing, [] if missing else await _communities(ctx, community)

    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        findings.append((False, f"database {path} is not there yet (timebank init, or timebank demo)"))
    else:
        try:
            missing, of_communities = asyncio.run(reach())
            findings.append((not missing, f"database schema ({len(missing)} migrations waiting)"))
            findings += of_communities
        except NoSuchCommunity as refusal:
            findings.append((False, f"{refusal.zh} / {refusal.en}"))
        except Exception as error:  # whatever keeps us from the database is the finding
            findings.append((False, f"database: {type(error).__name__}: {error}"))
    for fine, what in findings:
        say(f"{'✓' if fine else '✗'} {what}")
    if not all(fine for fine, _ in findings):
        raise SystemExit(1)


async def _communities(ctx: Context, community: str) -> list[tuple[bool, str]]:
    """Whether somebody can sign in to work at each community's desk; of one that is named also its founding steps."""
    meant = await communities_meant(ctx, community)
    found = [
        (await can_sign_in(ctx, code), f"{code}: 有能登录的工作人员 / a worker who can sign in")
        for code in meant
    ]
    if community:
        found += [(one.settled, _step_said(one)) for one in await guide.steps(ctx, community)]
    return found


def _step_said(one: StepShown) -> str:
    """One step of the guide in a line: what is missing, or why it was left out."""
    said = f"{one.step.number}. {one.step.code}: {one.step.zh} / {one.step.en}"
    if one.done:
        return said
    if one.skip:
        return f"{said} (跳过 / left out: {one.skip.why})"
    names = ", ".join((*one.found.words, *one.found.names))
    return f"{said} ({one.found.missing}{': ' + names if names else ''})"


@click.command()
@click.option("--deploy", is_flag=True, help="Also refuse what is unsafe for real people's data.")
def check(deploy: bool) -> None:
    """Whether the settings can be used; with --deploy, whether they are safe / 检查设置."""
    settings = Settings.from_env()
    problems = unsafe(settings) if deploy else []
    try:
        Policy.load(settings.city)
        create_app(replace(settings, secret=settings.secret or "x" * SECRET_BYTES_MIN))
    except (BadPolicy, UnsafeSettings, EngineError) as error:
        problems.append(f"✗ {error}")
    for problem in problems:
        say(problem)
    if problems:
        raise SystemExit(1)
    say("✓ 设置可用 / settings are fine")


def unsafe(settings: Settings) -> list[str]:
    """What must be mended before real people's data may be kept; one line each."""
    found = []
    if len(settings.secret) < SECRET_BYTES_MIN:
        found.append(f"✗ TIMEBANK_SECRET: at least {SECRET_BYTES_MIN} random characters")
    elif len(set(settings.secret)) < 10:
        found.append("✗ TIMEBANK_SECRET: not random enough")
    if settings.demo:
        found.append("✗ demo mode is for made-up people")
    if settings.host not in {"127.0.0.1", "::1", "localhost"}:
        found.append("✗ TIMEBANK_HOST: listen on 127.0.0.1 and let a TLS proxy stand in front")
    path = sqlite_path(settings.database)
    if path is None and not settings.database.startswith(("postgresql://", "postgres://")):
        found.append("✗ TIMEBANK_DATABASE: sqlite:///path or postgresql://…")
    if path is not None and path.exists():
        if path.stat().st_mode & 0o007:
            found.append(f"✗ {path}: readable by everybody on this machine (chmod o-rwx)")
        offset = _clock_offset(settings)
        if offset not in ("", "0"):
            found.append(f"✗ {path}: a demo database, its clock is moved")
    return found


def _clock_offset(settings: Settings) -> str:
    path = sqlite_path(settings.database)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT value FROM tb_setting WHERE key = 'clock_offset_seconds'"
        ).fetchall()
    except sqlite3.DatabaseError:
        return ""
    finally:
        connection.close()
    return str(rows[0][0]) if rows else ""


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    found = subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False)  # noqa: S603 fixed words
    return bool(found.stdout.strip())
