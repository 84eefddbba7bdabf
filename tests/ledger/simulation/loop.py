"""An event loop without time and without luck: what runs next is drawn from a seed, and the clock jumps to the next timer.

Every callback is one stretch of code between two awaits. Before each of them the loop asks `before_step`, which may raise
to end the world right there: that is how a crash is placed at any await.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Callable, Coroutine
from contextvars import Context
from hashlib import sha256
from random import Random
from typing import Any


class SimulatedLoop(asyncio.AbstractEventLoop):
    """Runs one ready callback after another, picked by `dice`; with nothing ready, the clock moves on.

    Attributes:
        steps: how many callbacks have run; the number of the await.
        trace: a digest of every choice, equal for equal runs.
    """

    def __init__(self, dice: Random, before_step: Callable[[int], None] = lambda step: None) -> None:
        self.steps = 0
        self.trace = sha256()
        self._dice = dice
        self._before_step = before_step
        self._now = 0.0
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = itertools.count()
        self._tasks: list[asyncio.Task[Any]] = []
        self._complaints: list[dict[str, Any]] = []
        self._closed = False

    # -- running

    def run(self, main: Coroutine[Any, Any, Any]) -> Any:
        """The result of `main`; whatever `before_step` raises comes out of here and leaves all tasks where they are."""
        asyncio.events._set_running_loop(self)
        try:
            task = self.create_task(main)
            while not task.done():
                self._step()
            assert not self._complaints, self._complaints
            return task.result()
        finally:
            asyncio.events._set_running_loop(None)

    def _step(self) -> None:
        while not self._ready:
            if not self._timers:
                self._before_step(self.steps)
            assert self._timers, "everybody waits for somebody else"
            self._now, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled():
                self._ready.append(timer)
        handle = self._ready.pop(self._dice.randrange(len(self._ready)))
        if handle.cancelled():
            return
        self.steps += 1
        self.trace.update(b"%d %d %.6f;" % (self.steps, len(self._ready), self._now))
        self._before_step(self.steps)
        handle._run()

    def abandon(self) -> None:
        """What a dead process leaves: no task runs on, no `finally` does any good."""
        for task in self._tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with contextlib.suppress(BaseException):
                task.get_coro().close()
        self._closed = True
        self._ready.clear()
        self._timers.clear()

    # -- what asyncio asks of a loop

    def call_soon(self, callback: Any, *args: Any, context: Context | None = None) -> asyncio.Handle:  # type: ignore[override]
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        pass

    def create_task(
        self, coro: Any, *, name: Any = None, context: Context | None = None
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self._tasks.append(task)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """The work is done between two awaits, some time later."""
        answer = self.create_future()

        def work() -> None:
            try:
                result = func(*args)
            except BaseException as error:
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(result)

        self.call_later(self._dice.choice((0, 0.001, 0.01)), work)
        return answer

    def time(self) -> float:
        return self._now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return not self._closed

    def is_closed(self) -> bool:
        return self._closed

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if not self._closed:
            self._complaints.append(context)

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        self.call_exception_handler(context)


class SimulatedWorker:
    """In place of the writer's thread: the work is one more callback, run whenever the dice say."""

    def __init__(self, loop: SimulatedLoop, dice: Random) -> None:
        self._loop, self._dice = loop, dice

    def hop(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Callable[[], None],
        then: Callable[[BaseException | None], None],
    ) -> None:
        def job() -> None:
            error: BaseException | None = None
            try:
                work()
            except Exception as raised:
                error = raised
            # The flush is done, nobody knows yet: others run on, and a crash may come in between.
            self._loop.call_later(self._dice.choice((0, 0.001, 0.02)), then, error)

        self._loop.call_later(self._dice.choice((0, 0.001, 0.02)), job)

    def wait(self) -> None:
        pass

    def close(self) -> None:
        pass
