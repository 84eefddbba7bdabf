"""Serves kept pages to a browser exactly as they were sent, and the app's static files beside them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

from tools.pages.walking import Kept


@contextmanager
def served(app: Any, kept: Sequence[Kept]) -> Iterator[str]:
    """An address under which page number n stands at `/kept/n`; `app` answers everything else."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/sw.js":
            # Pages are looked at one by one, without the worker that would keep them.
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-type", b"text/javascript")],
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] != "http" or not scope["path"].startswith("/kept/"):
            await app(scope, receive, send)
            return
        page = kept[int(scope["path"].rpartition("/")[2])]
        headers = [
            (name.encode(), value.encode()) for name, value in page.headers if name.casefold() != "set-cookie"
        ]
        # Chromium shows the page of an error status as it shows any other; it only complains about it in its console.
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page.body})

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(answer, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
