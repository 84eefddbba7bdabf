"""The ledger alone: a village keeps hours, points and eggs for a month, and proves it to whoever asks.

Run it from anywhere: `python examples/ledger_alone/run.py`. It needs `ledger` and nothing else of this project. Its output is
committed beside it and compared by the tests.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ledger import AccountKind, LedgerRefusal, Leg, OpenAccount, PlaceHold, Posted, SettleHold, Transfer
from ledger.books import check, export, prove, read_books, rebuild
from ledger.books.audit import audit_directory
from ledger.exchange import MEMBER, ExchangeRule, Movement, exchange, quarter_ends
from ledger.goods import Good, stock_in
from ledger.points import PointsRule, expire_points, monthly_points
from ledger.receipt import code_holds, code_of, read_receipt_text, receipt_holds, receipt_text
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine
from ledger.witness import against_newer, read_witness

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = date(2026, 1, 1)
ISSUED = "Equity:Village:Issued"
LIN, HE, SHU = "Liabilities:Member:L01", "Liabilities:Member:H02", "Liabilities:Member:S03"
POINTS = PointsRule(in_force_from=OPENED, valid_months=1)
EGG, BUTT = Good(commodity="EGG"), Good(commodity="BUTT", place="Litter")
EGGS_FOR_POINTS = ExchangeRule(
    code="eggs-for-points",
    published_on=date(2025, 12, 20),
    in_force_from=OPENED,
    movements=(
        Movement(commodity="PTS", amount=30, debit=MEMBER, credit=POINTS.redeemed),
        EGG.going_out(1),
    ),
    windows=quarter_ends(2026, days=10),
)
EGGS_FOR_LITTER = ExchangeRule(
    code="eggs-for-litter",
    published_on=OPENED,
    in_force_from=OPENED,
    movements=(BUTT.coming_in(50), EGG.going_out(1)),
)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


async def refusal_of(post: Awaitable[Posted]) -> LedgerRefusal:
    """The refusal that a post must come to; inside a batch, that of the member that said no."""
    try:
        await post
    except LedgerRefusal as refusal:
        return getattr(refusal, "refusal", refusal)
    raise AssertionError("the ledger must say no")


async def open_accounts(book: Book) -> None:
    await book.create(("MIN", "PTS", "EGG", "BUTT"))
    commands = [*POINTS.openings(budget=10_000), *EGG.openings(OPENED), *BUTT.openings(OPENED)]
    commands.append(
        OpenAccount(key="open/issued", code=ISSUED, kind=AccountKind.EQUITY, floor=-6000, opened_on=OPENED)
    )
    commands += [
        OpenAccount(
            key=f"open/{code}/{commodity}",
            code=code,
            kind=AccountKind.LIABILITY,
            commodity=commodity,
            opened_on=OPENED,
        )
        for code in (LIN, HE, SHU)
        for commodity in ("MIN", "PTS")
    ]
    for command in commands:
        await book.post(command, at=at(1, 1))


async def keep_hours(book: Book) -> Posted:
    """Lin earns two hours, offers He ninety minutes of them, and an hour is served."""
    earned = Transfer(key="visit/1", legs=(Leg(ISSUED, 120), Leg(LIN, -120)), actor="W01")
    first = await book.post(earned, at=at(2, 3))
    again = await book.post(earned, at=at(2, 4))
    print(f"Lin's two hours were sent twice and posted once: {again.replayed}")
    print(f"  the slip she was handed says {code_of(first.seq, first.hash)}")
    hold = await book.post(
        PlaceHold(key="visit/2", payer=LIN, payee=HE, amount=90, expires_at=at(3, 1), actor="L01"),
        at=at(2, 10),
    )
    await book.post(SettleHold(key="visit/2/done", hold=hold.uid, amount=60, actor="L01"), at=at(2, 11))
    spent = Transfer(key="visit/3", legs=(Leg(LIN, 61), Leg(SHU, -61)), actor="L01")
    refusal = await refusal_of(book.post(spent, at=at(2, 12)))
    print(f"An hour and a minute when an hour is left: {refusal.code}")
    return first


async def keep_points(book: Book) -> None:
    """Points for February, eggs at the end of March, and what is too old by April."""
    scored = monthly_points([POINTS], month="2026-02", points={LIN: 70, SHU: 20}, on=date(2026, 2, 28))
    await book.post(scored, at=at(3, 1))
    print(f"February's points, sent twice: replayed {(await book.post(scored, at=at(3, 2))).replayed}")
    await book.post(stock_in(EGG, key="gift/1", pieces=3, on=date(2026, 3, 2), actor="U01"), at=at(3, 2))
    litter = exchange(EGGS_FOR_LITTER, key="litter/1", member="", times=2, on=date(2026, 3, 7))
    await book.post(litter, at=at(3, 7))
    try:
        exchange(EGGS_FOR_POINTS, key="eggs/0", member=LIN, times=2, on=date(2026, 3, 8))
    except LedgerRefusal as refusal:
        print(f"Eggs for points on 8 March: {refusal.code}, next {refusal.fields['next_on']}")
    both = exchange(EGGS_FOR_POINTS, key="eggs/1", member=LIN, times=2, on=date(2026, 3, 25))
    short = await refusal_of(book.post(both, at=at(3, 25)))
    print(f"Two eggs when one is left: {short.code} on {short.fields['account']}")
    one = exchange(EGGS_FOR_POINTS, key="eggs/2", member=LIN, times=1, on=date(2026, 3, 25))
    await book.post(one, at=at(3, 25))
    statements = {
        code: (await book.statement(code, commodity="PTS", limit=10_000)).lines for code in (LIN, HE, SHU)
    }
    lapsed = expire_points([POINTS], on=date(2026, 4, 1), statements=statements)
    assert lapsed is not None
    await book.post(lapsed, at=at(4, 1))


async def show_balances(book: Book) -> None:
    print("Balances, each in its own kind")
    for (code, commodity), balance in sorted((await book.balances()).items()):
        if balance.version:
            print(f"  {code:<28} {balance.balance:>6} {commodity}")


async def show_proofs(book: Book, first: Posted, folder: Path) -> None:
    """Seals for a partner unit, a receipt for Lin, books for the auditor."""
    await book.seal_day(date(2026, 2, 28), at=at(3, 1))
    in_march = read_witness(json.loads(json.dumps(await book.witness())))
    await book.seal_day(date(2026, 3, 31), at=at(4, 1, 0))
    in_april = read_witness(await book.witness())
    for month in ("2026-02", "2026-03"):
        await book.close_month(month, at=at(4, 2))
    print("Proofs")
    print(f"  the school's copy is continued by the newer one: {against_newer(in_march, in_april) == []}")
    receipt = await book.receipt(first.uid)
    carried = read_receipt_text(receipt_text(receipt))
    print(f"  Lin's QR code proves her hours: {receipt_holds(carried, in_april.seals[0].merkle_root.hex())}")

    books = folder / "books"
    files = await export(book, books)
    for path in files:
        print(f"  {path.name}: {len(check(path))} errors")
    print(f"  differences between books and database: {len(await prove(book, books))}")
    print(
        f"  problems an auditor with the school's copy finds: {len(audit_directory(books, witness=in_march).problems)}"
    )
    await show_rebuilt(book, first, folder)


async def show_rebuilt(book: Book, first: Posted, folder: Path) -> None:
    """After a fire: another database, from the monthly books alone."""
    recovered = read_books(folder / "books")
    async with open_engine(f"sqlite:///{folder}/again.db") as engine:
        await migrate_ledger(engine)
        again = Book(engine, code=recovered.book, timezone=recovered.timezone)
        await rebuild(again, recovered)
        same = await again.head() == await book.head()
        print(
            f"  rebuilt from {recovered.months} months: {len(await again.verify())} problems, same head {same}"
        )
    hashes = {row.seq: bytes.fromhex(row.hash) for row in recovered.rows}
    print(f"  Lin's slip in the rebuilt books: {code_holds(code_of(first.seq, first.hash), hashes)}")

    february = folder / "books" / "2026-02.beancount"
    text = february.read_text("utf-8")
    february.write_text(text.replace(f"{LIN}  -120 MIN", f"{LIN}  -180 MIN"), "utf-8")
    print(f"  one hour added to a book by hand: {len(check(february))} errors")


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_engine(f"sqlite:///{folder}/village.db") as engine:
            await migrate_ledger(engine)
            # The story has a clock of its own; left out, the machine's clock says whether a moment lies too far ahead.
            book = Book(engine, code="village", timezone=str(ZONE), clock=lambda: at(4, 2))
            await open_accounts(book)
            first = await keep_hours(book)
            await keep_points(book)
            await show_balances(book)
            await show_proofs(book, first, folder)


if __name__ == "__main__":
    asyncio.run(main())
