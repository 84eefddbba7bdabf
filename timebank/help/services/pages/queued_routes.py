"""What a phone without a network needs: its worker, a page to show, and the one address it sends its presses to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Template
from pydantic import Field

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import NotSignedIn
from timebank.help.services import queued
from timebank.help.services.queued import Op
from timebank.rules.parts.late_clock import Reading
from timebank.web.downloads import Files
from timebank.web.fields import Body, Clock, Out
from timebank.web.filters import STATIC
from timebank.web.pages import page
from timebank.web.receipts import receipt_word
from timebank.web.request import Request
from timebank.web.tokens import read_issued

WORKER = STATIC / "worker.js"
Millis = Annotated[int, Field(ge=0, le=8_640_000_000_000_000)]


class PressBody(Body):
    """One press with the phone's clocks, in milliseconds; `page` is what the page was signed with."""

    id: str = Field(min_length=8, max_length=40, pattern="^[0-9a-zA-Z-]+$")
    op: Op
    page: str = Field(max_length=120)
    part: str = Field(default="", max_length=40, pattern="^[0-9a-zA-Z-]*$")
    service: str = Field(default="", max_length=16, pattern="^[A-Z0-9]*$")
    said: Millis
    steady: Millis
    boot: str = Field(max_length=40)
    skew: int | None = Field(default=None, ge=-(10**13), le=10**13)
    sent_said: Millis
    sent_steady: Millis
    sent_boot: str = Field(max_length=40)
    at: Clock | None = None
    known: str = Field(default="", max_length=16, pattern="^[A-Z0-9]*$")
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    minor: bool = False
    first_time: bool = False
    absent: bool = False


class PressOut(Out):
    """What came of it, and why not; `part` is the part it was about or made."""

    id: str
    state: str
    part: str
    receipt: str
    zh: str
    en: str


@get("/sw.js", operation_id="Worker", answers=Files(kinds=("text/javascript",)))
async def worker() -> Response[bytes]:
    """The service worker, at the root so that it may look after every page."""
    return Response(content=WORKER.read_bytes(), media_type="text/javascript")


@get("/offline", operation_id="Offline")
async def offline(request: Request) -> Template:
    """What is shown for a page that the phone has not kept."""
    return page(request, "services/offline.html")


@post("/queue", operation_id="TakePress", status_code=200)
async def take_press(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], data: JSONBody[PressBody]
) -> PressOut:
    """Take one press that waited on the phone; sent twice, it gets the first answer."""
    made = read_issued(ctx.settings, data.page)
    if made is None or made[0] != actor.uid:
        raise NotSignedIn()
    one = await queued.take(
        ctx,
        actor,
        queued.Queued(
            id=data.id, op=data.op, part=data.part, service=data.service, issued_at=made[1],
            pressed=Reading(wall=_moment(data.said), steady_ms=data.steady, boot=data.boot),
            sent=Reading(wall=_moment(data.sent_said), steady_ms=data.sent_steady, boot=data.sent_boot),
            skew=None if data.skew is None else timedelta(milliseconds=data.skew), at=data.at or "", known=data.known,
            name=data.name, phone=data.phone, minor=data.minor, first_time=data.first_time, absent_known=data.absent,
        ),
    )  # fmt: skip
    return PressOut(
        id=one.press,
        state=one.state.value,
        part=one.part,
        receipt=receipt_word(one.press),
        zh=one.zh,
        en=one.en,
    )


def _moment(millis: int) -> datetime:
    # Past the year 9999 no datetime exists; such a clock is wrong in any case.
    return datetime.fromtimestamp(min(millis, 253_402_214_400_000) / 1000, UTC)


handlers = [worker, offline, take_press]
