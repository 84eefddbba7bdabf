"""The writer's one thread: whatever may wait for a lock or a disk is done there, in order.

A queue and a thread, because a hop costs about half of what a general executor takes and there is one for every COMMIT.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class Worker:
    """Runs functions one after another in its own thread."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        # A daemon, so that a script which forgets `close()` still ends; what was acknowledged is on disk by then.
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def hop(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Callable[[], None],
        then: Callable[[BaseException | None], None],
    ) -> None:
        """Run `work` in the thread, then `then(error)` on the loop; nothing more when the loop is closed by then."""

        def job() -> None:
            error: BaseException | None = None
            try:
                work()
            except BaseException as raised:
                error = raised
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(then, error)

        self._jobs.put(job)

    async def call(self, work: Callable[[], Result]) -> Result:
        """The result of `work`; it runs to its end even when the caller is cancelled."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        found: list[Result] = []

        def tell(error: BaseException | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(found[0])
            else:
                answer.set_exception(error)

        self.hop(loop, lambda: found.append(work()), tell)
        return await answer

    def wait(self) -> None:
        """Return when everything asked so far is done; blocks."""
        done = threading.Event()
        self._jobs.put(done.set)
        done.wait()

    def close(self) -> None:
        """End the thread after what was asked so far; blocks for that long."""
        self._jobs.put(None)
        self._thread.join()


def ignore_result(task: asyncio.Future[Any]) -> None:
    """A done-callback for work nobody waits for any more: its error was somebody else's to see."""
    if not task.cancelled():
        task.exception()
