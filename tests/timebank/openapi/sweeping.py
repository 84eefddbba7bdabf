"""One sweep over all operations: as everybody, with what works and with what does not, each request undone before the next."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response

from tests.timebank.access.access_people import WALKERS
from tests.timebank.access.access_street import Street, street_over
from tests.timebank.access.access_world import build
from tests.timebank.openapi.asking import (
    BROWSER,
    PROGRAM,
    Asked,
    Operation,
    Wire,
    answer_to,
    wire_of,
    wrong_with,
)
from tests.timebank.openapi.drawing import drawn, hostile
from tests.timebank.openapi.known import Known, known_requests
from timebank.web.openapi.document import document

EVERYBODY = sorted(WALKERS)
DONE = frozenset({200, 201, 303})
FORM = "application/x-www-form-urlencoded"
GRANTED_TRIED = 8
# 303: a browser that is nobody is led to the sign-in.
REFUSALS = ["303", "400", "401", "403", "404", "409", "413", "422", "429"]
_SETTINGS = schemathesis.Config.from_dict(
    {
        "generation": {"allow-x00": False, "with-security-parameters": False},
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
    }
)


@dataclass(slots=True)
class Found:
    """What a sweep came to.

    Attributes:
        cases: how many requests. roles: by walker. done: operations that somebody was granted and that answered with success.
        wrong: (operation, what) -> the first request of that kind.
    """

    cases: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(f"{operation}: {what}\n    {how}" for (operation, what), how in self.wrong.items())


@dataclass(slots=True)
class Sweep:
    """The app over a world, its document, and what is known to work."""

    street: Street
    runner: asyncio.Runner
    operations: dict[str, list[Operation]]
    known: dict[str, list[Known]]
    found: Found = field(default_factory=Found)

    def known_to_work(self, names: Sequence[str], walkers_each: int) -> None:
        """Every request of the catalogue by those who may until it is done, and by so many of all, as a program and as a browser."""
        for name in names:
            for at, known in enumerate(self.known[name]):
                others = [
                    EVERYBODY[(at + step * 7 + len(name)) % len(EVERYBODY)] for step in range(walkers_each)
                ]
                for who in known.granted[:GRANTED_TRIED]:
                    if name in self.found.done:
                        break
                    case = known.case()
                    self.ask(name, who, case, wire_of(case, self.sent_by(who, PROGRAM), known.file_name))
                for who in others:
                    for accept in (PROGRAM, BROWSER):
                        case = known.case()
                        self.ask(name, who, case, wire_of(case, self.sent_by(who, accept), known.file_name))

    def generated(self, names: Sequence[str], each: int, number: int) -> None:
        """So many cases of each operation; another number gives other cases."""
        for name in names:
            for operation in self.operations[name]:
                self._generated(name, operation, each, number)

    def _generated(self, name: str, operation: Operation, each: int, number: int) -> None:
        known = [one for one in self.known[name] if one.operation is operation]
        granted = sorted({who for one in known for who in one.granted}) or ["public"]
        walkers = st.one_of(st.sampled_from(granted), st.sampled_from(granted), st.sampled_from(EVERYBODY))
        cases = drawn(operation, known)

        @seed(number)
        @settings(
            max_examples=each, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(data=st.data())
        def run(data: Any) -> None:
            case, who = data.draw(cases), data.draw(walkers)
            wire = wire_of(case, self.sent_by(who, data.draw(st.sampled_from((PROGRAM, BROWSER)))))
            sent = wire if data.draw(st.integers(0, 5)) else data.draw(hostile(wire))
            self.ask(name, who, case, sent, elsewhere=sent.path != wire.path, as_drawn=sent is wire)

        run()

    def lasting(self, names: Sequence[str], rounds: int, number: int) -> None:
        """Requests of the catalogue in any order by those who may, and what they do stays done; half of them as a browser sends a form."""
        chance = Random(number)
        for at in range(rounds):
            wanted = [known for name in names for known in self.known[name]]
            chance.shuffle(wanted)
            for place, known in enumerate(wanted):
                who, accept = chance.choice(known.granted or ("public",)), chance.choice((PROGRAM, BROWSER))
                case = known.case()
                if isinstance(case.body, dict) and case.media_type == FORM:
                    case.body["idempotency_key"] = f"press-{at}-{place}"
                wire = wire_of(case, self.sent_by(who, accept), known.file_name)
                response = self.ask(known.name, who, case, wire, keep=True)
                if response.status_code == 401 and WALKERS[who].who:
                    self.runner.run(self._signed_in_again(who))
                where = response.headers.get("location", [""])[0]
                if where.startswith("/check/"):
                    shown = self.operations["ShowDraft"][0].Case(
                        path_parameters={"name": where.removeprefix("/check/")}
                    )
                    self.ask("ShowDraft", who, shown, wire_of(shown, self.sent_by(who, BROWSER)), keep=True)

    async def _signed_in_again(self, who: str) -> None:
        """A new sign-in for whom the one before has ended."""
        del self.street.clients[who]
        await self.street.client(who)

    def sent_by(self, who: str, accept: str) -> dict[str, str]:
        """The headers of a walker's browser."""
        kept = self.street.clients[who].headers
        return {
            "accept": accept, "accept-encoding": "identity", "cookie": kept.get("cookie", ""),
            "x-csrftoken": kept["x-csrftoken"],
        }  # fmt: skip

    def ask(
        self,
        name: str,
        who: str,
        case: Asked,
        wire: Wire,
        *,
        elsewhere: bool = False,
        as_drawn: bool = False,
        keep: bool = False,
    ) -> Response:
        """Ask, judge by the document and by who may read which private word, and undo unless it is to be kept.

        Args:
            elsewhere: whether the address is another one than the operation's, so that only a refusal is expected.
        """
        asked = answer_to(self.street.app, wire) if keep else self._undone(wire)
        response = self.runner.run(asked)
        found = self.found
        found.cases += 1
        found.roles[who] += 1
        found.statuses[response.status_code] += 1
        wrong = _as_nowhere(response) if elsewhere else wrong_with(case, response, as_drawn=as_drawn)
        if not keep:  # What stays done changes who may read what.
            wrong += [f"shows {leak}" for leak in self.street.leaks(who, response.content)]
        if not elsewhere and not wrong and response.status_code in DONE and _accepts(wire) == PROGRAM:
            found.done.add(name)
        for what in wrong:
            key = (name, what.split("\n")[0][:150])
            found.wrong.setdefault(key, f"{who}: {_said(wire)} -> {what} {response.content[:300]!r}")
        return response

    async def _undone(self, wire: Wire) -> Response:
        async with self.street.taken_back():
            return await answer_to(self.street.app, wire)


@contextmanager
def sweep_over(where: Path | str) -> Iterator[Sweep]:
    """A sweep over a world of its own, built in a new file or an empty database."""
    with asyncio.Runner() as runner:
        world = runner.run(build(where))
        opened = street_over(world, where, all_signed_in=True)
        street = runner.run(opened.__aenter__())
        try:
            schema = schemathesis.openapi.from_dict(document(street.app), config=_SETTINGS)
            operations: defaultdict[str, list[Operation]] = defaultdict(list)
            for one in schema.get_all_operations():
                assert isinstance(one, Ok)
                operation = one.ok()
                operations[operation.definition.raw["operationId"]].append(operation)
            known: defaultdict[str, list[Known]] = defaultdict(list)
            for request in known_requests(operations, world):
                known[request.name].append(request)
            yield Sweep(street, runner, dict(operations), dict(known))
        finally:
            runner.run(opened.__aexit__(None, None, None))


def _as_nowhere(response: Response) -> list[str]:
    if 400 <= response.status_code < 500:
        return []
    return [f"{response.status_code} at an address with wrong bytes"]


def _accepts(wire: Wire) -> str:
    return dict(wire.headers)[b"accept"].decode()


def _said(wire: Wire) -> str:
    at = wire.path[:120].decode("latin-1") + ("?" + wire.query[:200].decode("latin-1") if wire.query else "")
    return f"{wire.method} {at} {wire.body[:300]!r}"
