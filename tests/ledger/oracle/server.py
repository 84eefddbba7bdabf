"""A real TigerBeetle server: one replica on a port of this machine, with a data file of its own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.ledger.oracle.drawing import (
    ACCOUNTS,
    OVERDRAFT_REFUSED,
    SURPLUS_REFUSED,
    Answer,
    Chain,
    Step,
    Verb,
)

LEDGER = CODE = 1


class Server:
    """Start it with `with`; it is ended and its file is removed with the folder."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary, self._file, self._port = binary, folder / "0_0.tigerbeetle", _free_port()

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
        try:
            self._wait_until_it_listens()
            self._client = tb.ClientSync(cluster_id=0, replica_addresses=str(self._port))
            self._open_accounts()
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait()

    def version(self) -> str:
        """The number of the server's release."""
        told = subprocess.run([self._binary, "version"], check=True, capture_output=True, text=True).stdout
        return told.split()[2]

    def _wait_until_it_listens(self) -> None:
        give_up_at = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.05)

    def _open_accounts(self) -> None:
        accounts = [
            self._tb.Account(id=number, ledger=LEDGER, code=CODE, flags=self._flags(number))
            for number in range(1, ACCOUNTS + 1)
        ]
        made = {result.status for result in self._client.create_accounts(accounts)}
        assert made == {self._tb.CreateAccountStatus.CREATED}, "a server of its own has no accounts yet"

    def _flags(self, number: int) -> Any:
        flags = self._tb.AccountFlags
        if number in OVERDRAFT_REFUSED:
            return flags.DEBITS_MUST_NOT_EXCEED_CREDITS
        return flags.CREDITS_MUST_NOT_EXCEED_DEBITS if number in SURPLUS_REFUSED else flags.NONE

    def taken(self, chains: Sequence[Chain]) -> list[Answer]:
        """What became of each chain."""
        events = [
            self._event(step, linked=place + 1 < len(chain))
            for chain in chains
            for place, step in enumerate(chain)
        ]
        words = iter([result.status.name.lower() for result in self._client.create_transfers(events)])
        balancing = [step.id for chain in chains for step in chain if step.verb is Verb.MOST]
        found = self._client.lookup_transfers(balancing) if balancing else []
        empty = {one.id for one in found if one.amount == 0}
        return [self._answer(chain, [next(words) for _ in chain], empty) for chain in chains]

    @staticmethod
    def _answer(chain: Chain, words: Sequence[str], empty: set[int]) -> Answer:
        telling = [word for word in words if word not in ("created", "linked_event_failed")]
        if not telling:
            return Answer(chain[0].id not in empty, "created")
        # A chain is left at its first step that is there already: it passed before as a whole.
        return Answer(telling == ["exists"] and words[0] == "exists" and chain[0].id not in empty, telling[0])

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
            Verb.MOST: flags.BALANCING_DEBIT,
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
