"""The telephone sheet: eleven keys for a caller on record, beside the words; every Enter goes to the next question.

The sheet works without JavaScript, a page for each Enter; with it the keys move by themselves and the page stays.
"""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, sees
from timebank.community import cards, finding, pictures
from timebank.community.place_names import choices
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.requests import calling, flow, hearing, views
from timebank.help.requests.intake import Asked, heard_time
from timebank.help.requests.schemas import PhoneForm
from timebank.rules.telling.phone_words import CALL_DIGIT, OFF_DIGIT
from timebank.rules.telling.time_words import once as one_moment
from timebank.store.members import finding as store
from timebank.store.members import people
from timebank.store.places import calendars
from timebank.web import i18n
from timebank.web.once import Made, once
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
NEW = "new"
DIGITS_OF_A_PART_MAX = 6
"""Fewer digits are the end of a number, or a vest number; more are a number to dial."""


@get("/desk/phone", operation_id="PhoneIntake")
async def phone_page(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    member: FromQuery[str] = "",
    saved: FromQuery[str] = "",
    off: FromQuery[str] = "",
) -> Template:
    """An empty sheet, one for a person already found, or one that says what was just written down."""
    typed: Typed = {"idempotency_key": ctx.ids.token()[:32]}
    found = [await cards.card(ctx, actor, member, "PhoneIntake")] if member else []
    if found:
        typed |= {"member": member, "phone": found[0].phone, "sought": found[0].phone}
        typed |= {"kind": OFF_DIGIT} if off else {}
    done = None
    if saved:
        done = await views.request_for(ctx, actor, saved[:60], "PhoneIntake")
    return await _sheet(request, ctx, actor, typed, found=found, at="kind" if found else "phone", done=done)


@post("/desk/phone", operation_id="TakeCall")
async def take_call(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template | Redirect:
    """One press: the next question, the sheet read back, or all of it written down. Nothing typed is ever lost."""
    form, errors, typed = await read_form(request, PhoneForm)
    at = str(typed.get("at", "")) or "phone"
    if str(typed.get("phone", "")) != str(typed.get("sought", "")) and typed.get("sought"):
        typed["member"] = ""  # Another caller was typed over the one that was found.
    try:
        found = await _found(ctx, actor, typed)
    except BadField as refusal:
        found, errors = [], {**errors, refusal.field: refusal.said(request.state.lang)}
    if len(found) == 1 and not typed.get("member") and not typed.get("name"):
        typed["member"] = found[0].uid
    if not found and not typed.get("name") and finding.read(str(typed.get("phone", ""))).key:
        # A name that nobody on record bears is the new caller's; the number is still to be asked.
        typed |= {"name": typed["phone"], "phone": "", "at": ""}
        at = ""
    typed["sought"] = str(typed.get("phone", ""))
    if form is None or errors:
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, at=at, status=422)

    member = str(typed.get("member", ""))
    new = _is_new(typed, found)
    if form.step in ("find", "read", "back"):
        at = (
            calling.following("phone", new=new, kind=form.kind, known=bool(member))
            if form.step == "find"
            else at
        )
        return await _sheet(request, ctx, actor, typed, found=found, at=at)
    if form.step == "next":
        filled = frozenset(name for name, said in typed.items() if said)
        known = bool(member) and member != NEW
        at = calling.following(at, new=new, kind=form.kind, known=known, filled=filled)
        if at != calling.CHECK:
            return await _sheet(request, ctx, actor, typed, found=found, at=at)

    if form.kind == CALL_DIGIT and member not in ("", NEW):
        return await _call_back(request, ctx, actor, form, typed, member)
    asked, errors = await hearing.asked(ctx, actor, form, request.state.lang)
    if member in ("", NEW) and not form.name:
        errors["name" if new else "phone"] = _("请先选一位，或者写下姓名登记。")
    if asked is None or errors:
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, at=at, status=422)
    if form.step != "save":
        return await _read_aloud(request, ctx, actor, {**typed, "member": member}, asked)
    return await _saved(request, ctx, actor, form, asked, typed, found)


def _is_new(typed: Typed, found: list[cards.Card]) -> bool:
    """Whether the questions for somebody new are asked."""
    if typed.get("member") == NEW or typed.get("name"):
        return True
    return bool(typed.get("phone")) and not found and not typed.get("member")


async def _found(ctx: Context, actor: Actor, typed: Typed) -> list[cards.Card]:
    """Everybody whom a whole number, its last four digits, a vest number or a name may mean; and whoever was chosen."""
    said, name = str(typed.get("phone", "")), str(typed.get("name", ""))
    dialled = sum(char.isdecimal() for char in said) > DIGITS_OF_A_PART_MAX
    described = flow.NewElder(name=name, phone=said if dialled else "").described
    chosen = str(typed.get("member", ""))
    if chosen not in ("", NEW):
        return [await cards.card(ctx, actor, chosen, "TakeCall")]
    sees(actor, "TakeCall", Facts(community=actor.community))
    sought = finding.read(said)
    if not name and said and not dialled:
        some = await store.search(ctx.engine, actor.community, sought, size=cards.MEANT_MAX, gone=False)
        return [await cards.card(ctx, actor, one.uid, "TakeCall") for one in some]
    if not described.numbers and not name:
        return []
    return (await cards.meant(ctx, actor, described, "TakeCall"))[1]


async def _sheet(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    found: list[cards.Card],
    at: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
    done: views.Request | None = None,
) -> Template:
    """The sheet with what was heard so far, how we read it, and the cursor where the next key goes."""
    reading, doubt = None, ""
    if phrase := str(typed.get("when", "")):
        try:
            reading = heard_time(
                one_moment(phrase, on=ctx.today()),
                filed_on=ctx.today(),
                zone=ctx.zone,
                confirmed=bool(typed.get("confirm_reading")),
                calendar=await calendars.calendar_of(ctx.engine, actor.community, ctx.today()),
            )
        except BadField as refusal:
            doubt = refusal.said(request.state.lang)
    member = str(typed.get("member", ""))
    places = await choices(ctx, actor.community, typed.get("area"))
    return page(
        request, "requests/phone.html", status=status, typed=typed, errors=errors or {}, found=found,
        new=_is_new(typed, found), at=calling.first_wrong(errors or {}, at), reading=reading, doubt=doubt,
        pictures=pictures.ALL, open=await _open(ctx, actor, member), off=typed.get("kind") == OFF_DIGIT,
        areas=places, categories=await hearing.category_options(request, ctx, actor), done=done,
    )  # fmt: skip


async def _open(ctx: Context, actor: Actor, member: str) -> list[views.Request]:
    """What the caller asked for before and is not over."""
    row = await people.member(ctx.engine, member) if member not in ("", NEW) else None
    if row is None or row.community != actor.community:
        return []
    return [one for one in await views.requests_of(ctx, row) if one.is_open or one.may_be_cancelled]


async def _read_aloud(request: Request, ctx: Context, actor: Actor, typed: Typed, asked: Asked) -> Template:
    """The whole sheet as sentences to read to the caller before it is saved, and what is open already."""
    member = str(typed.get("member", ""))
    known = member not in ("", NEW)
    person = await cards.card(ctx, actor, member, "TakeCall", log=False) if known else None
    before = await _open(ctx, actor, member)
    same = calling.repeated([one.need for one in before], title=asked.title, categories=asked.categories)
    kept = {name: value for name, value in typed.items() if name != "step"}
    return page(
        request, "requests/phone_check.html", typed=kept, asked=asked, person=person,
        label=", ".join(await hearing.labels(request, ctx, actor, asked.categories[:1])),
        before=[one for one in before if one.need in same],
    )  # fmt: skip


async def _saved(
    request: Request,
    ctx: Context,
    actor: Actor,
    form: PhoneForm,
    asked: Asked,
    typed: Typed,
    found: list[cards.Card],
) -> Template | Redirect:
    member = str(typed.get("member", ""))
    new = flow.NewElder(
        name=form.name, called=form.called, phone=form.phone, area=form.area, address=form.address,
        another=member == NEW,
    )  # fmt: skip

    async def run() -> Made:
        known = "" if member == NEW else member
        return Made(uid=(await flow.take_call(ctx, actor, asked, member=known, new=new)).line_key)

    body = form.model_dump(exclude={"idempotency_key", "step", "at", "sought"})
    try:
        made = await once(
            ctx, actor, form.idempotency_key, operation="TakeCall", body=body, kind=Made, run=run
        )
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, at="name", status=422)
    return go(f"/desk/phone?saved={made.uid}")


async def _call_back(
    request: Request, ctx: Context, actor: Actor, form: PhoneForm, typed: Typed, member: str
) -> Template | Redirect:
    """The caller wants to be rung: read back, then a line on the call sheet."""
    if form.step == "save":
        await flow.ask_for_call(ctx, actor, member=member, operation="TakeCall")
        return go("/desk/phone", _("记下了，要给这位回电话。"))
    person = await cards.card(ctx, actor, member, "TakeCall", log=False)
    kept = {name: value for name, value in typed.items() if name != "step"}
    return page(
        request, "requests/phone_check.html", typed=kept, asked=None, person=person, label="", before=[]
    )


handlers = [phone_page, take_call]
