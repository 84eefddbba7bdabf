"""Walks the whole app from page to page, as every kind of person, and keeps what is shown: no list of pages to forget one in.

A page is known by its operation in the access registry. From each page the walk follows the links, presses the forms once
as they stand and once with nothing filled in, and takes every press back afterwards, so that the next page is found as if
nothing had happened. Of each operation the pages that look different are kept: full, empty, refused, after a press.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from litestar import Litestar

from timebank.context import Context
from timebank.web.guard import operations
from tools.pages.reading import Form, Reading, read_page

AT = "http://127.0.0.1:8000"
LEAVES_THE_WALK = (
    "/sign-out", "/preferences", "/sign-in/code", "/sign-in/password", "/sign-in/link", "/act-for", "/static/",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Somebody with a browser: a name, the cookies that say who it is, where they begin, and whether they follow links."""

    name: str
    cookies: Mapping[str, str]
    begins: tuple[str, ...] = ("/",)
    follows: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One page as it was sent.

    Attributes:
        operation: what it is in the access registry.
        how: "seen", or after which press: "pressed" (filled in) or "refused" (nothing filled in).
        address: of the page, or of the press that led to it.
        body: the bytes as sent; `html` the same as text.
    """

    operation: str
    who: str
    how: str
    lang: str
    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    html: str

    @property
    def name(self) -> str:
        return f"{self.operation} {self.address} as {self.who or 'a stranger'} ({self.how}, {self.lang})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far to walk: addresses per operation and person, presses per operation and person, pages kept per operation."""

    addresses: int = 2
    presses: int = 1
    kept: int = 4


class _TakenBack(Exception):
    """Ends a unit of work without keeping anything of it."""


class Routes:
    """Which operation an address belongs to."""

    def __init__(self, app: Litestar) -> None:
        self._known: list[tuple[int, re.Pattern[str], str, str]] = []
        for operation, route, handler in operations(app):
            literal = sum(not part.startswith("{") for part in route.path.split("/"))
            pattern = re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route.path) + "/?")
            for method in handler.http_methods:
                self._known.append((-literal, pattern, str(method), operation))
        self._known.sort(key=lambda known: known[0])

    def operation(self, method: str, path: str) -> str:
        """The operation id; "" for an address of nothing."""
        return next(
            (op for _, pattern, of, op in self._known if of == method and pattern.fullmatch(path)), ""
        )

    def pages(self) -> frozenset[str]:
        """Every operation that is asked for with GET and is no program's."""
        return frozenset(
            op for _, pattern, method, op in self._known if method == "GET" and not op.startswith("Api")
        )


@dataclass
class Walk:
    """The walk of all walkers through one installation."""

    ctx: Context
    app: Litestar
    depth: Depth = field(default_factory=Depth)
    langs: tuple[str, ...] = ("zh-CN", "en")
    kept: list[Kept] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    like: Walk | None = None
    _looks: dict[str, set[frozenset[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Pages that look as in a walk before are not kept again."""
        if self.like is not None:
            self._looks = self.like._looks

    async def walk(self, walkers: Iterable[Walker]) -> None:
        routes = Routes(self.app)
        for walker in walkers:
            await _Steps(self, routes, walker).go()

    def differs(self, operation: str, look: frozenset[str], *, paper: bool) -> bool:
        """Whether a page of this operation has not looked like this yet, and there is room for one more."""
        known = self._looks.setdefault(f"{operation} on paper" if paper else operation, set())
        if look in known or len(known) >= self.depth.kept:
            return False
        known.add(look)
        return True

    @asynccontextmanager
    async def taken_back(self) -> AsyncIterator[None]:
        """Whatever happens inside is undone afterwards."""
        try:
            async with self.ctx.engine.atomic():
                yield
                raise _TakenBack
        except _TakenBack:
            pass


class _Steps:
    """One walker on their way."""

    def __init__(self, walk: Walk, routes: Routes, walker: Walker) -> None:
        self.walk, self.routes, self.walker = walk, routes, walker
        self._cookies = dict(walker.cookies)
        self._token = ""
        self._queue: deque[str] = deque(walker.begins)
        self._met: set[str] = set(walker.begins)
        self._times: Counter[tuple[str, ...]] = Counter()
        self._pressed: Counter[tuple[str, str]] = Counter()

    async def go(self) -> None:
        # Any page gives the token that every press carries.
        self._token = await _token(self.walk.app, self._cookies)
        while self._queue:
            address = self._queue.popleft()
            if address.startswith(LEAVES_THE_WALK):
                continue
            if (found := await self._undone(_Step(method="GET", address=address))) is None:
                continue
            reading = await self._keep(found, "seen", _Step(method="GET", address=address))
            if self.walker.follows:
                self._note_links(reading.links)
            for form in reading.forms:
                await self._press(form)

    async def _press(self, form: Form) -> None:
        """Press a form as often as the depth allows, each time in the town as it was before."""
        path = urlsplit(form.address).path
        if path.startswith(LEAVES_THE_WALK):
            return
        if form.method == "get":
            self._note_links([f"{path}?{urlencode(form.filled())}"])
            return
        operation = self.routes.operation("POST", path)
        for how in ("pressed", "refused") if form.typed else ("pressed",):
            if self._pressed[operation, how] >= self.walk.depth.presses:
                continue
            self._pressed[operation, how] += 1
            sent = tuple(form.filled() if how == "pressed" else form.refused())
            step = _Step(method="POST", address=form.address, sent=sent, in_parts="multipart" in form.enctype)
            self.walk.reached.add(operation)
            if found := await self._undone(step):
                await self._keep(found, how, step)

    async def _keep(self, found: _Answer, how: str, step: _Step) -> Reading:
        """Note a page in both languages when it looks like none before."""
        path = urlsplit(found.address).path
        operation = self.routes.operation(found.method, path)
        self.walk.reached.add(operation)
        reading = read_page(found.html, path)
        refused = how if found.status >= 400 else ""
        look = reading.look | {f"{found.status}", refused}
        paper = "print=1" in found.address or "paper=1" in found.address
        if operation and self.walk.differs(operation, look, paper=paper):
            for lang in self.walk.langs:
                said = found if lang == "zh-CN" else await self._undone(step, lang=lang)
                assert said is not None, "the same step leads to a page in every language"
                self.walk.kept.append(said.kept(operation, self.walker.name, how, lang))
        return reading

    async def _undone(self, step: _Step, *, lang: str = "zh-CN") -> _Answer | None:
        """The page a step leads to, if it is one of ours; whatever it wrote is taken back."""
        async with self.walk.taken_back():
            return await _ask(self.walk.app, {**self._cookies, "lang": lang}, self._token, step)
        return None

    def _note_links(self, links: Iterable[str]) -> None:
        for link in links:
            parts = urlsplit(link)
            if link in self._met or parts.path.startswith(LEAVES_THE_WALK):
                continue
            operation = self.routes.operation("GET", parts.path)
            key = (operation, *sorted(name for name, _ in parse_qsl(parts.query)))
            if not operation or self._times[key] >= self.walk.depth.addresses:
                continue
            self._times[key] += 1
            self._met.add(link)
            self._queue.append(link)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What a browser asks for: a page, or what a form sends, as one text or in parts."""

    method: str
    address: str
    sent: tuple[tuple[str, str], ...] = ()
    in_parts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    method: str
    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    html: str

    def kept(self, operation: str, who: str, how: str, lang: str) -> Kept:
        return Kept(
            operation=operation, who=who, how=how, lang=lang, address=self.address, status=self.status,
            headers=self.headers, body=self.body, html=self.html,
        )  # fmt: skip


async def _ask(app: Litestar, cookies: Mapping[str, str], token: str, step: _Step) -> _Answer | None:
    """The page that a browser ends on; None when that is a file."""
    async with _browser(app, cookies, token) as client:
        for _ in range(4):
            answer, raw = await _send(client, step)
            if answer.status_code not in {301, 302, 303, 307, 308}:
                break
            step = _Step(method="GET", address=_local(answer.headers["location"]))
        if "text/html" not in answer.headers.get("content-type", ""):
            return None
        html = (gzip.decompress(raw) if answer.headers.get("content-encoding") == "gzip" else raw).decode()
        return _Answer(
            method=step.method, address=step.address, status=answer.status_code,
            headers=tuple(answer.headers.multi_items()), body=raw, html=html,
        )  # fmt: skip


async def _token(app: Litestar, cookies: Mapping[str, str]) -> str:
    async with _browser(app, cookies) as client:
        return (await client.get("/sign-in")).headers["x-csrftoken"]


def _browser(app: Litestar, cookies: Mapping[str, str], token: str = "") -> httpx.AsyncClient:
    # httpx describes an app in looser words than Litestar: both mean ASGI.
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    headers = {
        "accept": "text/html", "accept-encoding": "gzip", "accept-language": cookies.get("lang", "zh-CN"),
        "sec-fetch-site": "same-origin", "x-csrftoken": token,
    }  # fmt: skip
    client = httpx.AsyncClient(transport=transport, base_url=AT, headers=headers)
    for name, value in cookies.items():
        client.cookies.set(name, value, domain="127.0.0.1")
    return client


async def _send(client: httpx.AsyncClient, step: _Step) -> tuple[httpx.Response, bytes]:
    """One request, and the body of its answer as it came."""
    fields = [(name, value) for name, value in step.sent if name != "_csrf_token"]
    if step.in_parts:
        parts = [(name, (None, value)) for name, value in fields]
        request = client.build_request(step.method, step.address, files=parts)
    elif step.method == "POST":
        form = {"content-type": "application/x-www-form-urlencoded"}
        request = client.build_request(step.method, step.address, content=urlencode(fields), headers=form)
    else:
        request = client.build_request(step.method, step.address)
    answer = await client.send(request, stream=True)
    try:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])
    finally:
        await answer.aclose()


def _local(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")
