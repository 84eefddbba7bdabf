"""`timebank demo` and `timebank serve`: from a first look to a real community's server."""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Callable
from dataclasses import replace

import click
import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from timebank.app import create_app
from timebank.cli.running import answered, open_context, run, say
from timebank.cli.safety import sqlite_path, unsafe
from timebank.context import Context
from timebank.settings import Settings
from timebank.store import upgrade as schema

PROXIES = "127.0.0.1,::1"
LOG_LINE, LOG_TIME = "%(asctime)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"
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
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=LOG_LINE, datefmt=LOG_TIME)
    server = _Server(config_of(app, settings), ready)
    server.run()
    if not server.started:
        raise SystemExit(1)


def config_of(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How the server listens. Where a request comes from is what the proxy on this machine says, and nobody else's header."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,  # our own line names no query, and the route's pattern instead of the path
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=PROXIES,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        lifespan="on",
    )


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
