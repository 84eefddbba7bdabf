"""Another city imports the two libraries: its own lists, its own Saturday, its own database, and no app.

Run it from anywhere: `python examples/another_city/run.py`. It plans one week for the riverside community of Binjiang,
holds the hours of the one elder who pays with her own, settles what was really served, lets the institution pay for the
rest, and checks the month with beancount. Its output is committed beside it and compared by the tests.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ledger import AccountKind, LedgerRefusal, Leg, OpenAccount, PlaceHold, SettleHold, Transfer
from ledger.books import check, export
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine
from marketplace.planning import Match, Plan, PlanContext, plan_week
from marketplace.times import PlainCalendar, read_when
from marketplace.values import Need, Place, Quantity, Resource, Unit, Urgency, Week

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Week.parse("2027-W10")
FRIDAY = datetime(2027, 3, 5, 16, 0, tzinfo=ZONE)
CALENDAR = PlainCalendar()

ISSUED = "Equity:Community:RIVERSIDE:Issued"
ROSA, BAO, MEI = "Liabilities:Member:R01", "Liabilities:Member:B02", "Liabilities:Member:M03"


def needs() -> list[Need]:
    """Three lines of the city's needs list, as its office wrote them."""

    def need(key: str, title: str, category: str, when: str, minutes: int, **more: object) -> Need:
        return Need(
            line_key=key,
            title=title,
            categories=(category,),
            when=read_when(when, filed_on=FRIDAY.date(), calendar=CALENDAR),
            quantity=Quantity(amount=1, unit=Unit.VISIT, minutes_each=minutes),
            filed_on=date(2027, 3, 1),
            **more,  # type: ignore[arg-type]
        )

    return [
        need(
            "n1",
            "Change two light bulbs",
            "repair",
            "Saturday 9:00-12:00",
            60,
            place=Place(grid="North bank"),
        ),
        need("n2", "Walk to the clinic and back", "escort", "周六上午", 120, urgency=Urgency.URGENT),
        need("n3", "Read letters aloud", "company", "Sunday afternoon", 60),
    ]


def resources() -> list[Resource]:
    """Two neighbours with a blue vest; nobody is free on Sundays."""

    def volunteer(key: str, name: str, categories: tuple[str, ...], when: str) -> Resource:
        return Resource(
            line_key=key,
            title=f"{name}'s Saturday",
            owner=name,
            owner_kind="volunteer",
            categories=categories,
            when=read_when(when, filed_on=FRIDAY.date(), calendar=CALENDAR),
        )

    return [
        volunteer("r1", "Bao", ("repair", "company"), "every Saturday 9:00-12:00"),
        volunteer("r2", "Mei", ("escort",), "every Saturday 8:00-12:00"),
    ]


def show_plan(plan: Plan) -> None:
    """The plan with its reasons and its proof."""
    print(f"Plan for {plan.week}")
    for match in plan.matches:
        print(f"  {match.need.title} <- {match.resource.owner}, {clock(match.window.starts_at)}")
        for reason in match.reasons:
            print(f"      {reason.points:+5d}  {reason.en}")
    for unserved in plan.unserved:
        print(f"  {unserved.need.title}: {unserved.why.en}")
    proof = plan.certificate
    print(f"  certificate: primal {proof.primal} = dual {proof.dual}, verified {plan.verify()}")


async def keep_hours(book: Book, matches: tuple[Match, ...]) -> None:
    """Open accounts, hold, settle and transfer: the same four commands every city has."""
    await book.create(commodities=("MIN",))
    for code, kind, floor in (
        (ISSUED, AccountKind.EQUITY, -6000),
        (ROSA, AccountKind.LIABILITY, 0),
        (BAO, AccountKind.LIABILITY, 0),
        (MEI, AccountKind.LIABILITY, 0),
    ):
        await book.post(
            OpenAccount(key=f"open:{code}", code=code, kind=kind, floor=floor, opened_on=date(2027, 3, 1)),
            at=FRIDAY,
        )
    print("Rosa taught a class in February and brings 90 minutes along.")
    await book.post(pay("rosa-brings", payer=ISSUED, payee=ROSA, minutes=90, at=FRIDAY), at=FRIDAY)

    bulbs, clinic = (next(m for m in matches if m.need.line_key == key) for key in ("n1", "n2"))
    before = bulbs.window.starts_at - timedelta(hours=1)
    hold = await book.post(
        PlaceHold(
            key="hold:n1",
            payer=ROSA,
            payee=BAO,
            amount=60,
            expires_at=before + timedelta(days=14),
            effective_on=before.date(),
            occurred_at=before,
            reason="service",
            actor="R01",
        ),
        at=before,
    )
    after = bulbs.window.starts_at + timedelta(minutes=45)
    await book.post(
        SettleHold(
            key="settle:n1",
            hold=hold.uid,
            amount=45,
            effective_on=after.date(),
            occurred_at=after,
            reason="service",
            actor="R01",
        ),
        at=after,
    )
    print("The bulbs took 45 of the 60 minutes held; 15 went back to Rosa.")
    walked = clinic.window.starts_at + timedelta(minutes=120)
    await book.post(pay("walk:n2", payer=ISSUED, payee=MEI, minutes=120, at=walked), at=walked)
    again = await book.post(pay("walk:n2", payer=ISSUED, payee=MEI, minutes=120, at=walked), at=walked)
    print(f"Mei's walk was sent twice from a poor phone and posted once: {again.replayed}")
    try:
        await book.post(pay("too-much", payer=ROSA, payee=BAO, minutes=600, at=walked), at=walked)
    except LedgerRefusal as refusal:
        print(f"Ten hours Rosa does not have: {refusal.code}")


def pay(key: str, *, payer: str, payee: str, minutes: int, at: datetime) -> Transfer:
    """Minutes from one account to another; debits and credits cancel out."""
    return Transfer(
        key=key,
        legs=(Leg(payer, minutes), Leg(payee, -minutes)),
        effective_on=at.date(),
        occurred_at=at,
        reason="service",
        actor="R01",
    )


async def show_books(book: Book, folder: Path) -> None:
    """Balances, the proof that the book is whole, and the beancount files an auditor gets."""
    for (code, _), balance in sorted((await book.balances()).items()):
        print(f"  {code:<36} {balance.balance:>5} min")
    print(f"  problems: {len(await book.verify())}")
    files = sorted(path for path in await export(book, folder))
    for path in files:
        print(f"  {path.name}: {len(check(path))} errors from beancount's own loader")


def clock(at: datetime) -> str:
    return f"{at:%a %d %b %H:%M}"


async def main() -> None:
    plan = plan_week(needs(), resources(), week=WEEK, context=PlanContext(now=FRIDAY, calendar=CALENDAR))
    show_plan(plan)
    with tempfile.TemporaryDirectory() as folder:
        async with open_engine(f"sqlite:///{folder}/city.db") as engine:
            await migrate_ledger(engine)
            # The story has a clock of its own: a fortnight after the plan everything in it has happened.
            clock = FRIDAY + timedelta(days=14)
            book = Book(engine, code="riverside", timezone=str(ZONE), clock=lambda: clock)
            print("Hours")
            await keep_hours(book, plan.matches)
            print("Books")
            await show_books(book, Path(folder) / "books")


if __name__ == "__main__":
    asyncio.run(main())
