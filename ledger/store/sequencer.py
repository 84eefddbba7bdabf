"""Posts that arrive together are decided and written together: one unit of work, one commit, many answers.

While one group is on its way to the disk the next one gathers. A caller that gives up waiting does not stop its post: the
key tells later whether it was written. When a group fails as a whole, each of its posts is tried alone, so that one post's
trouble never becomes its neighbours'.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context

from ledger.sequence import Answer, Request

GROUP = 500
"""Most posts of one unit of work."""

PostGroup = Callable[[Sequence[Request]], Awaitable[list[Answer]]]


class Sequencer:
    """Gathers single posts of one book into groups."""

    def __init__(self, post_group: PostGroup) -> None:
        self._post_group = post_group
        self._waiting: deque[tuple[Request, asyncio.Future[Answer]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def post(self, request: Request) -> Answer:
        """The answer to this request, once the group it went with is durable."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((request, answer))
        if self._task is None or self._task.done():
            # An empty context: the group belongs to no caller, so it joins nobody's unit of work.
            self._task = loop.create_task(self._drain(), context=Context())
        return await answer

    async def _drain(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            group = [one for one in group if not one[1].done()]
            if group:
                await self._post(group)

    async def _post(self, group: Sequence[tuple[Request, asyncio.Future[Answer]]]) -> None:
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
        for (_, answer), came_to in zip(group, answers, strict=True):
            if not answer.done():
                answer.set_result(came_to)

    @staticmethod
    def _fail(group: Sequence[tuple[Request, asyncio.Future[Answer]]], error: BaseException) -> None:
        for _, answer in group:
            if answer.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                answer.cancel()
            else:
                answer.set_exception(error)
