"""Stories as small tables: one step a line, and what must come of it. The numbers are the peers' own; the words are ours.

open A1 floor=0                 an account that may not go below zero; `ceiling=0`: not above; neither: free
put A1 10                       somebody outside the story gives it 10; `put A1 -10` takes
move T1 A1 A2 15                15 from A1 to A2; a word behind it names the refusal
most T1 A1 A2 15                all that A1 has, 15 at most
hold T1 A1 A2 15 2s             set aside, for two seconds (no time: for good)
settle T9 T1 13 · void T9 T1    a hold's end
linked                          the lines up to `end` are one batch; `end refused` when it must not pass
tick 1s                         time passes, and lapsed holds are swept
A1 46 0 0 0                     pending and posted debits, pending and posted credits
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger import (
    AccountKind,
    BalancingTransfer,
    Batch,
    Command,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.store import Book

OUTSIDE = "Equity:Outside"
FOR_GOOD = timedelta(days=3650)


@dataclass
class Teller:
    """Tells a story to a book and compares; `checked` counts what was compared."""

    book: Book
    at: datetime
    checked: int = 0
    batch: list[Command] | None = None
    puts: int = 0

    async def tell(self, story: str) -> int:
        await self.book.create(("MIN", "PTS"))
        await self.book.post(self._account(OUTSIDE, AccountKind.EQUITY), at=self.at)
        for line in story.strip().splitlines():
            words = line.split("#")[0].split()
            if words:
                await self._step(line, words)
        assert await self.book.verify() == []
        return self.checked

    async def _step(self, line: str, words: list[str]) -> None:
        match words:
            case ["open", name, *bounds]:
                told = {key: int(value) for key, value in (one.split("=") for one in bounds)}
                opened = self._account(_code(name), AccountKind.LIABILITY, **told)
                await self.book.post(opened, at=self.at)
            case ["put", name, amount]:
                self.puts += 1
                legs = (Leg(OUTSIDE, int(amount)), Leg(_code(name), -int(amount)))
                await self.book.post(Transfer(key=f"put{self.puts}", legs=legs), at=self.at)
            case ["tick", seconds]:
                self.at += timedelta(seconds=int(seconds.rstrip("s")))
                await self.book.expire_lapsed(at=self.at)
            case ["linked"]:
                self.batch = []
            case ["end", *expected]:
                batch, self.batch = Batch(key=f"batch{self.checked}", commands=tuple(self.batch or ())), None
                outcomes = {"refused": ["batch_refused"], "refused_malformed": ["batch_repeats_key"]}
                await self._ask(line, batch, outcomes[expected[0]] if expected else [])
            case [name, *counters] if name[0] == "A" and len(counters) == 4:
                account = next(one for one in await self.book.accounts() if one.code == _code(name))
                stood = (account.dr_pending, account.dr_posted, account.cr_pending, account.cr_posted)
                assert stood == tuple(map(int, counters)), f"{line}: it stands at {stood}"
                self.checked += 4
            case [verb, key, *rest]:
                command, expected = self._command(verb, key, rest)
                if self.batch is not None:
                    self.batch.append(command)
                else:
                    await self._ask(line, command, expected)

    async def _ask(self, line: str, command: Command, expected: list[str]) -> None:
        try:
            posted = await self.book.post(command, at=self.at)
            came_to = ["replayed"] if posted.replayed else []
        except LedgerRefusal as refusal:
            came_to = [refusal.code]
        assert came_to == expected, f"{line}: {came_to}"
        self.checked += 1

    def _command(self, verb: str, key: str, rest: list[str]) -> tuple[Command, list[str]]:
        hold = uid_of(self.book.code, rest[0]) if rest else ""
        match verb, rest:
            case "move", [payer, payee, amount, *expected]:
                legs = (Leg(_code(payer), int(amount)), Leg(_code(payee), -int(amount)))
                return Transfer(key=key, legs=legs), expected
            case "most", [payer, payee, amount, *expected]:
                told = {"payer": _code(payer), "payee": _code(payee), "at_most": int(amount)}
                return BalancingTransfer(key=key, **told), expected
            case "hold", [payer, payee, amount, *expected]:
                lasts = FOR_GOOD
                if expected and expected[0][:-1].isdigit():
                    lasts = timedelta(seconds=int(expected.pop(0)[:-1]))
                told = {"payer": _code(payer), "payee": _code(payee), "amount": int(amount)}
                return PlaceHold(key=key, expires_at=self.at + lasts, **told), expected
            case "settle", [_, amount, *expected]:
                return SettleHold(key=key, hold=hold, amount=int(amount)), expected
            case "void", [_, *expected]:
                return VoidHold(key=key, hold=hold), expected
        raise AssertionError(f"no step: {verb} {rest}")

    @staticmethod
    def _account(
        code: str, kind: AccountKind, floor: int | None = None, ceiling: int | None = None
    ) -> OpenAccount:
        return OpenAccount(
            key=f"open/{code}", code=code, kind=kind, floor=floor, ceiling=ceiling, opened_on=date(2020, 1, 1)
        )


def _code(name: str) -> str:
    return f"Liabilities:{name}"
