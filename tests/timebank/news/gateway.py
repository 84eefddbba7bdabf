"""A text-message gateway on this machine, as unreliable as the real ones; it drops a message whose id it knows."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random


@dataclass
class Gateway:
    """What it got: `rang` by id, once each; `asked` by id, every time; `took` by id, every time that it took one.

    A gateway that does not know ids again would have rung as often as it took one.
    """

    url: str = ""
    took: Counter[str] = field(default_factory=Counter)
    rang_at: dict[str, datetime] = field(default_factory=dict)
    rang: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    refuses: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)


@contextmanager
def gateway(
    *,
    fails: float = 0.0,
    seed: int = 1,
    slow_s: float = 0.4,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Gateway]:
    """Serve until the block ends; `fails` is the share of requests that go wrong: half refused, a quarter taken and cut,
    a quarter taken and too slow to say so."""
    state, random, lock = Gateway(), Random(seed), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                luck = random.random()
                state.tokens.add(self.headers["authorization"])
                state.asked[body["id"]] += 1
                if body["to"] in state.refuses:
                    return self._answer(400)
                if luck < fails / 2:
                    return self._answer(503)
                state.took[body["id"]] += 1
                if body["id"] not in state.rang:
                    state.rang[body["id"]], state.rang_at[body["id"]] = body, clock()
            if luck < fails * 3 / 4:
                self.close_connection = True
                self.connection.close()
                return None
            if luck < fails:
                time.sleep(slow_s)
            return self._answer(200)

        def _answer(self, status: int) -> None:
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                pass  # whoever asked is gone

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
