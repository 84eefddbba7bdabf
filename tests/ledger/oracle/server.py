"""A real TigerBeetle server: one replica on a port of this machine, with a data file of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.ledger.oracle.drawing import ACCOUNTS, OVERDRAFT_REFUSED, SURPLUS_REFUSED, Chain, Step, Verb

LEDGER = CODE = 1


class Server:
    """Start it with `with`; it is ended and its file is removed with the folder."""

    def __init__(self, binary: str, folder: Path, port: int) -> None:
        self._binary, self._file, self._port = binary, folder / "0_0.tigerbeetle", port

    def __enter__(self) -> Self:
        import tigerbeetle as tb

        self._tb: Any = tb
        made = ["format", "--cluster=0", "--replica=0", "--replica-count=1", "--development", str(self._file)]
        subprocess.run([self._binary, *made], check=True, capture_output=True)
        address = f"127.0.0.1:{self._port}"
        self._process = subprocess.Popen(
            [self._binary, "start", f"--addresses={address}", "--development", str(self._file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1)
        self._client = tb.ClientSync(cluster_id=0, replica_addresses=str(self._port))
        accounts = [
            tb.Account(id=number, ledger=LEDGER, code=CODE, flags=self._flags(number))
            for number in range(1, ACCOUNTS + 1)
        ]
        self._client.create_accounts(accounts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait()

    def _flags(self, number: int) -> Any:
        flags = self._tb.AccountFlags
        if number in OVERDRAFT_REFUSED:
            return flags.DEBITS_MUST_NOT_EXCEED_CREDITS
        return flags.CREDITS_MUST_NOT_EXCEED_DEBITS if number in SURPLUS_REFUSED else flags.NONE

    def taken(self, chains: Sequence[Chain]) -> list[bool]:
        """Which of the chains passed, or had passed before."""
        events = [
            self._event(step, linked=place + 1 < len(chain))
            for chain in chains
            for place, step in enumerate(chain)
        ]
        statuses = [result.status for result in self._client.create_transfers(events)]
        good = {self._tb.CreateTransferStatus.CREATED, self._tb.CreateTransferStatus.EXISTS}
        answers, start = [], 0
        for chain in chains:
            of = statuses[start : start + len(chain)]
            start += len(chain)
            answers.append(all(status in good for status in of))
        return answers

    def counters(self) -> dict[int, tuple[int, int, int, int]]:
        found = self._client.lookup_accounts(list(range(1, ACCOUNTS + 1)))
        return {
            one.id: (one.debits_pending, one.debits_posted, one.credits_pending, one.credits_posted)
            for one in found
        }

    def _event(self, step: Step, *, linked: bool) -> Any:
        flags = self._tb.TransferFlags
        told = {
            Verb.MOVE: flags.NONE,
            Verb.HOLD: flags.PENDING,
            Verb.POST: flags.POST_PENDING_TRANSFER,
            Verb.VOID: flags.VOID_PENDING_TRANSFER,
        }[step.verb]
        if linked:
            told |= flags.LINKED
        ends = step.verb in (Verb.POST, Verb.VOID)
        return self._tb.Transfer(
            id=step.id,
            debit_account_id=step.debit,
            credit_account_id=step.credit,
            amount=step.amount,
            pending_id=step.pending,
            ledger=0 if ends else LEDGER,
            code=0 if ends else CODE,
            flags=told,
        )
