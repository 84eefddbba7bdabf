"""The same steps for programs: JSON in, JSON out, an Idempotency-Key where minutes move."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from timebank.access import Actor
from timebank.context import Context
from timebank.help.services import flow, views
from timebank.help.services.schemas import (
    CancelBody,
    CheckInBody,
    CheckOutBody,
    CloseBody,
    NoteBody,
    PersonBody,
    ResolveBody,
    attendance_out,
    confirmed_out,
    confirmed_service_out,
    service_out,
)
from timebank.web.fields import clock_time
from timebank.web.once import once

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Key = Annotated[str, HeaderParameter(name="Idempotency-Key", required=False, max_length=255)]


@get("/api/services", operation_id="ApiServices")
async def my_services(ctx: Ctx, actor: Who) -> dict[str, Any]:
    """The asker's coming services, what waits for a word, and the shifts that can be joined."""
    home = await views.volunteer_home(ctx, actor)
    coming = [card for card in (home.now_on, *home.later) if card is not None]
    return {
        "coming": [
            {"service": service_out(card.service), "attendance": attendance_out(card.part)}
            for card in coming
            if card.part is not None
        ],
        "waiting": [
            {"service": service_out(service), "attendance": attendance_out(part)}
            for part, service in home.waiting
        ],
        "open_shifts": [
            {"service": service_out(service), "places_left": left} for service, left in home.open_shifts
        ],
        "minutes_stored": home.minutes_stored,
    }


@get("/api/services/{uid:str}", operation_id="ApiService")
async def one_service(ctx: Ctx, actor: Who, uid: FromPath[str]) -> dict[str, Any]:
    """One service with everybody's part, by opaque ids; names and doors stay on the pages."""
    card = await views.service_card(ctx, actor, uid)
    return {
        "service": service_out(card.service),
        "attendances": [attendance_out(row.part) for row in card.rows],
    }


@post("/api/services/{uid:str}/sign-up", operation_id="ApiSignUp", status_code=200)
async def sign_up(ctx: Ctx, actor: Who, uid: FromPath[str]) -> dict[str, Any]:
    """Join an open shift."""
    return attendance_out(await flow.sign_up(ctx, actor, uid))


@post("/api/services/{uid:str}/walk-ups", operation_id="ApiAddWalkUp", status_code=200)
async def add_walk_up(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PersonBody]) -> dict[str, Any]:
    """Somebody who came without signing up."""
    part = await flow.add_walk_up(
        ctx,
        actor,
        uid,
        member=data.member or "",
        name=data.name,
        phone=data.phone,
        minor=data.minor,
        first_time=data.first_time,
    )
    return attendance_out(part)


@post("/api/services/{uid:str}/helper", operation_id="ApiNameHelper", status_code=200)
async def name_helper(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PersonBody]) -> dict[str, Any]:
    """Who goes."""
    part = await flow.name_helper(ctx, actor, uid, member=data.member or "", name=data.name, phone=data.phone)
    return attendance_out(part)


@post("/api/services/{uid:str}/close", operation_id="ApiCloseShift", status_code=200)
async def close_shift(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CloseBody]) -> dict[str, Any]:
    """End a shift."""
    closed = await flow.close_shift(ctx, actor, uid, at=clock_time(data.at), absent_known=data.absent_known)
    return {
        "service": service_out(closed.service),
        "left": [attendance_out(part) for part in closed.left],
        "absent": [attendance_out(part) for part in closed.absent],
    }


@post("/api/services/{uid:str}/confirm", operation_id="ApiConfirmService", status_code=200)
async def confirm_service(ctx: Ctx, actor: Who, uid: FromPath[str], key: Key = "") -> dict[str, Any]:
    """Confirm every waiting part but the asker's own, and post the hours."""

    async def run() -> dict[str, Any]:
        return confirmed_service_out(await flow.confirm_service(ctx, actor, uid))

    return await once(ctx, actor, key, operation="ApiConfirmService", body={"service": uid}, run=run)


@post("/api/attendances/{uid:str}/check-in", operation_id="ApiCheckIn", status_code=200)
async def check_in(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CheckInBody]) -> dict[str, Any]:
    """Somebody has arrived."""
    return attendance_out(await flow.check_in(ctx, actor, uid, code=data.code))


@post("/api/attendances/{uid:str}/tick", operation_id="ApiTickPresent", status_code=200)
async def tick(ctx: Ctx, actor: Who, uid: FromPath[str]) -> dict[str, Any]:
    """The leader or the desk sees somebody there."""
    return attendance_out(await flow.tick(ctx, actor, uid))


@post("/api/attendances/{uid:str}/undo", operation_id="ApiUndoCheckIn", status_code=200)
async def undo_check_in(ctx: Ctx, actor: Who, uid: FromPath[str]) -> dict[str, Any]:
    """A slip of the finger."""
    return attendance_out(await flow.undo_check_in(ctx, actor, uid))


@post("/api/attendances/{uid:str}/check-out", operation_id="ApiCheckOut", status_code=200)
async def check_out(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CheckOutBody]) -> dict[str, Any]:
    """Somebody has left."""
    return attendance_out(await flow.check_out(ctx, actor, uid, at=clock_time(data.at)))


@post("/api/attendances/{uid:str}/cancel", operation_id="ApiCancelAttendance", status_code=200)
async def cancel(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CancelBody]) -> dict[str, Any]:
    """Not coming after all."""
    return attendance_out(await flow.cancel_attendance(ctx, actor, uid, note=data.note))


@post("/api/attendances/{uid:str}/confirm", operation_id="ApiConfirmHours", status_code=200)
async def confirm_hours(ctx: Ctx, actor: Who, uid: FromPath[str], key: Key = "") -> dict[str, Any]:
    """Confirm one part and post its hours; the same answer again when it was done before."""

    async def run() -> dict[str, Any]:
        return confirmed_out(await flow.record_confirmation(ctx, actor, uid))

    return await once(ctx, actor, key, operation="ApiConfirmHours", body={"attendance": uid}, run=run)


@post("/api/attendances/{uid:str}/dispute", operation_id="ApiDisputeHours", status_code=200)
async def dispute(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[NoteBody]) -> dict[str, Any]:
    """It was not so."""
    return attendance_out(await flow.dispute(ctx, actor, uid, note=data.note))


@post("/api/attendances/{uid:str}/resolve", operation_id="ApiResolveDispute", status_code=200)
async def resolve(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ResolveBody], key: Key = ""
) -> dict[str, Any]:
    """What the desk found out; no minutes means that it did not take place."""

    async def run() -> dict[str, Any]:
        part = await flow.resolve_dispute(ctx, actor, uid, minutes_served=data.minutes, note=data.note)
        return attendance_out(part)

    body = {"attendance": uid, **data.model_dump()}
    return await once(ctx, actor, key, operation="ApiResolveDispute", body=body, run=run)


handlers = [
    my_services, one_service, sign_up, add_walk_up, name_helper, close_shift, confirm_service, check_in, tick,
    undo_check_in, check_out, cancel, confirm_hours, dispute, resolve,
]  # fmt: skip
