"""The same steps for programs: JSON in, JSON out, an Idempotency-Key where minutes move."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from timebank.access import Actor
from timebank.context import Context
from timebank.help.services import flow
from timebank.help.services.pages import views
from timebank.help.services.pages.schemas import (
    AttendanceOut,
    CancelBody,
    CheckInBody,
    CheckOutBody,
    CloseBody,
    ClosedOut,
    ConfirmedOut,
    ConfirmedServiceOut,
    ManyBody,
    ManyOut,
    MyPartOut,
    MyServicesOut,
    NoteBody,
    OpenShiftOut,
    PersonBody,
    ResolveBody,
    ServiceOut,
    ServiceWithParts,
    UnpostedOut,
)
from timebank.rules.parts.attendance import Attendance, Service
from timebank.web.fields import clock_time
from timebank.web.once import once

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Key = Annotated[str, HeaderParameter(name="Idempotency-Key", required=False, max_length=255)]


@get("/api/services", operation_id="ApiServices")
async def my_services(ctx: Ctx, actor: Who) -> MyServicesOut:
    """The asker's coming services, what waits for a word, and the shifts that can be joined."""
    home = await views.volunteer_home(ctx, actor)
    coming = [card for card in (home.now_on, *home.later) if card is not None]
    return MyServicesOut(
        coming=tuple(_mine(card.service, card.part) for card in coming if card.part is not None),
        waiting=tuple(_mine(service, part) for part, service in home.waiting),
        open_shifts=tuple(
            OpenShiftOut(service=ServiceOut.of(service), places_left=left)
            for service, left in home.open_shifts
        ),
        minutes_stored=home.minutes_stored,
    )


def _mine(service: Service, part: Attendance) -> MyPartOut:
    return MyPartOut(service=ServiceOut.of(service), attendance=AttendanceOut.of(part))


@get("/api/services/{uid:str}", operation_id="ApiService")
async def one_service(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ServiceWithParts:
    """One service with everybody's part, by opaque ids; names and doors stay on the pages."""
    card = await views.service_card(ctx, actor, uid)
    return ServiceWithParts(
        service=ServiceOut.of(card.service),
        attendances=tuple(AttendanceOut.of(row.part) for row in card.rows),
    )


@post("/api/services/{uid:str}/sign-up", operation_id="ApiSignUp", status_code=200)
async def sign_up(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AttendanceOut:
    """Join an open shift."""
    return AttendanceOut.of(await flow.sign_up(ctx, actor, uid))


@post("/api/services/{uid:str}/walk-ups", operation_id="ApiAddWalkUp", status_code=200)
async def add_walk_up(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PersonBody]) -> AttendanceOut:
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
    return AttendanceOut.of(part)


@post("/api/services/{uid:str}/helper", operation_id="ApiNameHelper", status_code=200)
async def name_helper(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PersonBody]) -> AttendanceOut:
    """Who goes."""
    part = await flow.name_helper(ctx, actor, uid, member=data.member or "", name=data.name, phone=data.phone)
    return AttendanceOut.of(part)


@post("/api/services/{uid:str}/close", operation_id="ApiCloseShift", status_code=200)
async def close_shift(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CloseBody]) -> ClosedOut:
    """End a shift."""
    closed = await flow.close_shift(ctx, actor, uid, at=clock_time(data.at), absent_known=data.absent_known)
    return ClosedOut.of(closed)


@post("/api/services/{uid:str}/confirm", operation_id="ApiConfirmService", status_code=200)
async def confirm_service(ctx: Ctx, actor: Who, uid: FromPath[str], key: Key = "") -> ConfirmedServiceOut:
    """Confirm every waiting part but the asker's own, and post the hours."""

    async def run() -> ConfirmedServiceOut:
        return ConfirmedServiceOut.told(await flow.confirm_service(ctx, actor, uid))

    return await once(
        ctx,
        actor,
        key,
        operation="ApiConfirmService",
        body={"service": uid},
        kind=ConfirmedServiceOut,
        run=run,
    )


@post("/api/attendances/{uid:str}/approve", operation_id="ApiApproveHours", status_code=200)
async def approve_hours(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ConfirmedOut:
    """The auditor has looked at what two others said."""
    return ConfirmedOut.told(await flow.approve_hours(ctx, actor, uid))


@post("/api/attendances/{uid:str}/check-in", operation_id="ApiCheckIn", status_code=200)
async def check_in(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CheckInBody]) -> AttendanceOut:
    """Somebody has arrived."""
    return AttendanceOut.of(await flow.check_in(ctx, actor, uid, code=data.code))


@post("/api/attendances/{uid:str}/tick", operation_id="ApiTickPresent", status_code=200)
async def tick(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AttendanceOut:
    """The leader or the desk sees somebody there."""
    return AttendanceOut.of(await flow.tick(ctx, actor, uid))


@post("/api/attendances/{uid:str}/undo", operation_id="ApiUndoCheckIn", status_code=200)
async def undo_check_in(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AttendanceOut:
    """A slip of the finger."""
    return AttendanceOut.of(await flow.undo_check_in(ctx, actor, uid))


@post("/api/attendances/{uid:str}/check-out", operation_id="ApiCheckOut", status_code=200)
async def check_out(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CheckOutBody]) -> AttendanceOut:
    """Somebody has left."""
    return AttendanceOut.of(await flow.check_out(ctx, actor, uid, at=clock_time(data.at)))


@post("/api/attendances/{uid:str}/cancel", operation_id="ApiCancelAttendance", status_code=200)
async def cancel(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CancelBody]) -> AttendanceOut:
    """Not coming after all."""
    return AttendanceOut.of(await flow.cancel_attendance(ctx, actor, uid, note=data.note))


@post("/api/attendances/{uid:str}/confirm", operation_id="ApiConfirmHours", status_code=200)
async def confirm_hours(ctx: Ctx, actor: Who, uid: FromPath[str], key: Key = "") -> ConfirmedOut:
    """Confirm one part and post its hours; the same answer again when it was done before."""

    async def run() -> ConfirmedOut:
        return ConfirmedOut.told(await flow.record_confirmation(ctx, actor, uid))

    return await once(
        ctx, actor, key, operation="ApiConfirmHours", body={"attendance": uid}, kind=ConfirmedOut, run=run
    )


@post("/api/attendances/{uid:str}/dispute", operation_id="ApiDisputeHours", status_code=200)
async def dispute(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[NoteBody]) -> AttendanceOut:
    """It was not so."""
    return AttendanceOut.of(await flow.dispute(ctx, actor, uid, note=data.note))


@post("/api/attendances/{uid:str}/resolve", operation_id="ApiResolveDispute", status_code=200)
async def resolve(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ResolveBody], key: Key = ""
) -> AttendanceOut:
    """What the desk found out; no minutes means that it did not take place."""

    async def run() -> AttendanceOut:
        part = await flow.resolve_dispute(ctx, actor, uid, minutes_served=data.minutes, note=data.note)
        return AttendanceOut.of(part)

    body = {"attendance": uid, **data.model_dump()}
    return await once(ctx, actor, key, operation="ApiResolveDispute", body=body, kind=AttendanceOut, run=run)


@post("/api/confirm", operation_id="ApiConfirmMany", status_code=200)
async def confirm_many(ctx: Ctx, actor: Who, data: JSONBody[ManyBody], key: Key = "") -> ManyOut:
    """One word for several visits; each counts by itself."""

    async def run() -> ManyOut:
        done = await flow.confirm_many(ctx, actor, data.parts)
        refused = [
            UnpostedOut(attendance=uid, code=why.code, zh=why.zh, en=why.en) for uid, why in done.refused
        ]
        return ManyOut(confirmed=tuple(one.part.uid for one in done.done), refused=tuple(refused))

    return await once(
        ctx, actor, key, operation="ApiConfirmMany", body=data.model_dump(), kind=ManyOut, run=run
    )


handlers = [
    confirm_many,
    my_services, one_service, sign_up, add_walk_up, name_helper, close_shift, confirm_service, check_in, tick,
    undo_check_in, check_out, cancel, confirm_hours, approve_hours, dispute, resolve,
]  # fmt: skip
