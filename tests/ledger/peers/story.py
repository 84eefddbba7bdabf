"""Stories as small tables: one step a line, and what must come of it. The numbers are the peers' own; the words are ours.

open A1 floor=0                 an account that may not go below zero; `ceiling=0`: not above; neither: free; `in=PTS` in points
open Assets:Bank                one of another kind than a liability, under its whole code
put A1 10                       somebody outside the story gives it 10; `put A1 -10` takes
move T1 A1 A2 15                15 debited to A1 and credited to A2; a word behind it names the refusal
to T1 A1 A2 15                  the other way round: 15 credited to A1 and debited to A2
legs T1 A1 -100 A2 40 A3 60     debits above zero, credits below
most T1 A1 A2 15                all that A1 has, 15 at most
hold T1 A1 A2 15 2s             set aside, for two seconds (no time: for good)
settle T9 T1 13 · void T9 T1    a hold's end
reverse T9 T1                   a transfer taken back
limits A1 floor=-2000           other bounds
close A1                        the end of an account
linked                          the lines up to `end` are one batch; `end refused` when it must not pass
at once                         the lines up to `end` are handed over together, each for itself
tick 1s                         time passes, and lapsed holds are swept
A1 46 0 0 0                     pending and posted debits, pending and posted credits
balance A1 -15                  what its kind of account calls a balance; `on=2026-06-10` on that day
below Income 150                the sum of the accounts under a name
balanced                        all debits are all credits

`move`, `to`, `legs` take `in=PTS` and `on=2026-01-15` too, the day it counts for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ledger import (
    AccountKind,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    Command,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.store import Book

OUTSIDE = "Equity:Outside"
FOR_GOOD = timedelta(days=3650)
Told = Mapping[str, str]
"""The words with an equals sign, such as on=2026-01-15."""


@dataclass
class Teller:
    """Tells a story to a book and compares; `checked` counts what was compared."""

    book: Book
    at: datetime
    checked: int = 0
    gathered: list[Command] | None = None
    linked: bool = False
    puts: int = 0
    opened: set[str] = field(default_factory=set)

    async def tell(self, story: str) -> int:
        await self.book.create(("MIN", "PTS"))
        await self.book.post(self._account(OUTSIDE, {}), at=self.at)
        for line in story.strip().splitlines():
            words = line.split("#")[0].split()
            if words:
                told = dict(word.split("=") for word in words if "=" in word)
                await self._step(line, [word for word in words if "=" not in word], told)
        assert await self.book.verify() == []
        return self.checked

    async def _step(self, line: str, words: list[str], told: Told) -> None:
        match words:
            case ["open", name]:
                self.opened.add(name)
                await self.book.post(self._account(_code(name), told), at=self.at)
            case ["put", name, amount]:
                self.puts += 1
                legs = (Leg(OUTSIDE, int(amount)), Leg(_code(name), -int(amount)))
                await self.book.post(Transfer(key=f"put{self.puts}", legs=legs), at=self.at)
            case ["tick", seconds]:
                self.at += timedelta(seconds=int(seconds.rstrip("s")))
                await self.book.expire_lapsed(at=self.at)
            case ["linked"]:
                self.gathered, self.linked = [], True
            case ["at", "once"]:
                self.gathered, self.linked = [], False
            case ["end", *expected]:
                await self._end(line, expected)
            case ["balance" | "below" | "balanced", *_]:
                await self._compare_sums(line, words, told)
            case [name, *counters] if name in self.opened and len(counters) == 4:
                account = next(one for one in await self.book.accounts() if one.code == _code(name))
                stood = (account.dr_pending, account.dr_posted, account.cr_pending, account.cr_posted)
                assert stood == tuple(map(int, counters)), f"{line}: it stands at {stood}"
                self.checked += 4
            case [verb, *rest]:
                command, expected = self._command(verb, rest, told)
                if self.gathered is not None:
                    self.gathered.append(command)
                else:
                    await self._ask(line, command, expected)

    async def _end(self, line: str, expected: Sequence[str]) -> None:
        commands, self.gathered = tuple(self.gathered or ()), None
        if not self.linked:
            answers = await self.book.post_many(commands, at=self.at)
            assert not any(isinstance(answer, LedgerRefusal) for answer in answers), line
            self.checked += len(answers)
            return
        outcomes = {"refused": ["batch_refused"], "refused_malformed": ["batch_repeats_key"]}
        batch = Batch(key=f"batch{self.checked}", commands=commands)
        await self._ask(line, batch, outcomes[expected[0]] if expected else [])

    async def _ask(self, line: str, command: Command, expected: list[str]) -> None:
        try:
            posted = await self.book.post(command, at=self.at)
            came_to = ["replayed"] if posted.replayed else []
        except LedgerRefusal as refusal:
            came_to = [refusal.code]
        assert came_to == expected, f"{line}: {came_to}"
        self.checked += 1

    async def _compare_sums(self, line: str, words: list[str], told: Told) -> None:
        on = date.fromisoformat(told["on"]) if "on" in told else None
        commodity = told.get("in", "MIN")
        match words:
            case ["balance", name, amount]:
                stood = (await self.book.balance(_code(name), commodity, on=on)).balance
                assert stood == int(amount), f"{line}: it stands at {stood}"
            case ["below", root, amount]:
                stood = (await self.book.subtree(root, on=on))[commodity].balance
                assert stood == int(amount), f"{line}: it stands at {stood}"
            case _:
                off_by = (await self.book.trial_balance()).off_by
                assert not any(off_by.values()), f"{line}: off by {off_by}"
        self.checked += 1

    def _command(self, verb: str, rest: list[str], told: Told) -> tuple[Command, list[str]]:
        key, *rest = rest
        commodity = told.get("in", "MIN")
        on = date.fromisoformat(told["on"]) if "on" in told else None
        match verb, rest:
            case "move" | "to", [debit, credit, amount, *expected]:
                if verb == "to":
                    debit, credit = credit, debit
                moved = float(amount) if "." in amount else int(amount)
                legs = (Leg(_code(debit), moved, commodity), Leg(_code(credit), -moved, commodity))  # type: ignore[arg-type]
                return Transfer(key=key, legs=legs, effective_on=on), expected
            case "legs", [*_]:
                named, expected = _legs(rest, commodity)
                return Transfer(key=key, legs=named, effective_on=on), expected
            case "most", [payer, payee, amount, *expected]:
                most = BalancingTransfer(key=key, payer=_code(payer), payee=_code(payee), at_most=int(amount))
                return most, expected
            case "hold", [payer, payee, amount, *expected]:
                lasts = FOR_GOOD
                if expected and expected[0][:-1].isdigit():
                    lasts = timedelta(seconds=int(expected.pop(0)[:-1]))
                place = PlaceHold(
                    key=key,
                    payer=_code(payer),
                    payee=_code(payee),
                    amount=int(amount),
                    expires_at=self.at + lasts,
                )
                return place, expected
            case "limits", [*expected]:
                self.puts += 1
                code, (floor, ceiling) = _code(key), _bounds(told)
                key = f"limits{self.puts}"
                return ChangeLimits(key=key, code=code, floor=floor, ceiling=ceiling), expected
            case "close", [*expected]:
                self.puts += 1
                return CloseAccount(key=f"close{self.puts}", code=_code(key)), expected
        return self._about(verb, key, rest)

    def _about(self, verb: str, key: str, rest: list[str]) -> tuple[Command, list[str]]:
        """What is done about an earlier step."""
        uid = uid_of(self.book.code, rest[0])
        match verb, rest:
            case "settle", [_, amount, *expected]:
                return SettleHold(key=key, hold=uid, amount=int(amount)), expected
            case "void", [_, *expected]:
                return VoidHold(key=key, hold=uid), expected
            case "reverse", [_, *expected]:
                return ReverseTransfer(key=key, transfer=uid), expected
        raise AssertionError(f"no step: {verb} {rest}")

    @staticmethod
    def _account(code: str, told: Told) -> OpenAccount:
        commodity = told.get("in", "MIN")
        floor, ceiling = _bounds(told)
        return OpenAccount(
            key=f"open/{code}/{commodity}",
            code=code,
            kind=AccountKind(code.split(":")[0]),
            commodity=commodity,
            opened_on=date(2020, 1, 1),
            floor=floor,
            ceiling=ceiling,
        )


def _bounds(told: Told) -> tuple[int | None, int | None]:
    """The floor and the ceiling."""
    floor, ceiling = told.get("floor"), told.get("ceiling")
    return None if floor is None else int(floor), None if ceiling is None else int(ceiling)


def _legs(words: list[str], commodity: str) -> tuple[tuple[Leg, ...], list[str]]:
    """The legs up to the first word that is none; `A1 -100:PTS` is one in points."""
    legs = []
    while len(words) >= 2 and re.fullmatch(r"-?\d+(:\w+)?", words[1]):
        amount, _, other = words[1].partition(":")
        legs.append(Leg(_code(words[0]), int(amount), other or commodity))
        words = words[2:]
    return tuple(legs), words


def _code(name: str) -> str:
    return name if ":" in name else f"Liabilities:{name}"
