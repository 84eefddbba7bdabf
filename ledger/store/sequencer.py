"""Posts that arrive together are decided and written together: one unit of work, one commit, many answers.

While one group is on its way to the disk the next one gathers. A caller that gives up waiting does not stop its post: the
key tells later whether it was written. When a group fails as a whole, each of its posts is tried alone, so that one post's
trouble never becomes its neighbours'.

A group first tries the direct lane, which answers its plain transfers without a task or a trip through the engine; what it
leaves goes the long way.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context

from ledger.sequence import Answer, Request
from ledger.store.storage import Done

GROUP = 1000
"""Most posts of one unit of work."""

PostGroup = Callable[[Sequence[Request]], Awaitable[list[Answer]]]
AtOnce = Callable[[Sequence[Request], Done], bool]
Waiting = tuple[Request, asyncio.Future[Answer]]


class Sequencer:
    """Gathers single posts of one book into groups."""

    def __init__(self, post_group: PostGroup, at_once: AtOnce = lambda requests, done: False) -> None:
        self._post_group = post_group
        self._at_once = at_once
        self._waiting: deque[Waiting] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._busy = False
        self._task: asyncio.Task[None] | None = None

    async def post(self, request: Request) -> Answer:
        """The answer to this request, once the group it went with is durable."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # those who wait on a loop that is no more wait for nothing
            self._loop, self._busy = loop, False
            self._waiting.clear()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((request, answer))
        if not self._busy:
            self._busy = True
            self._turn_soon(loop)
        return await answer

    def _turn_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        # An empty context: the group belongs to no caller, so it joins nobody's unit of work.
        loop.call_soon(self._turn, loop, context=Context())

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Form the next group and send it off."""
        group: list[Waiting] = []
        while self._waiting and len(group) < GROUP:
            one = self._waiting.popleft()
            if not one[1].done():
                group.append(one)
        if not group:
            self._busy = False
            return
        try:
            taken = self._at_once(
                [one[0] for one in group], lambda answers, error: self._answered(loop, group, answers, error)
            )
        except Exception:
            taken = False  # the long way meets the same trouble and tells it to whom it concerns
        if not taken:
            self._send(loop, group)

    def _answered(
        self,
        loop: asyncio.AbstractEventLoop,
        group: Sequence[Waiting],
        answers: Sequence[Answer],
        error: Exception | None,
    ) -> None:
        """The direct lane has done what it could, or failed; whoever is left goes the long way."""
        if error is not None and len(group) == 1:
            self._fail(group, error)
            self._next(loop)
            return
        self._tell(group, answers)
        rest = group[len(answers) :]
        if rest:
            self._send(loop, rest)
        else:
            self._next(loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._waiting:
            self._turn_soon(loop)
        else:
            self._busy = False

    def _send(self, loop: asyncio.AbstractEventLoop, group: Sequence[Waiting]) -> None:
        self._task = loop.create_task(self._go_the_long_way(loop, group), context=Context())

    async def _go_the_long_way(self, loop: asyncio.AbstractEventLoop, group: Sequence[Waiting]) -> None:
        try:
            await self._post(group)
        finally:
            self._next(loop)

    async def _post(self, group: Sequence[Waiting]) -> None:
        try:
            answers = await self._post_group([request for request, _ in group])
        except asyncio.CancelledError:
            self._fail(group, asyncio.CancelledError())
            raise
        except Exception as error:
            if len(group) == 1:
                self._fail(group, error)
                return
            for one in group:
                await self._post([one])
            return
        self._tell(group, answers)

    @staticmethod
    def _tell(group: Sequence[Waiting], answers: Sequence[Answer]) -> None:
        for (_, answer), came_to in zip(group, answers, strict=False):
            if not answer.done():
                answer.set_result(came_to)

    @staticmethod
    def _fail(group: Sequence[Waiting], error: BaseException) -> None:
        for _, answer in group:
            if answer.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                answer.cancel()
            else:
                answer.set_exception(error)
