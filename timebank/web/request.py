"""Litestar's request and connection with the state that our session middleware puts there."""

from __future__ import annotations

from typing import Any

import litestar
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from timebank.access import Actor
from timebank.context import Context
from timebank.store.places.communities import Choices, Community


class RequestState(State):
    """What is known of a request before its handler runs; a description of the state for the type checker.

    Attributes:
        session_hash: of the session's token; "" for strangers.
        visitor: the value of a stranger's cookie; "" for none. new_visitor: whether it was made for this answer.
        seen_once: whether the page that answers holds a secret.
        lang: `zh-CN` or `en`; size: chosen text size, "" when none was.
        community: which the request is about (`web.community`); None while a stranger still has to choose.
        several: whether this is a stranger to whom several communities are open.
        choices: communities to choose from, where the address names one that is not here.
        began: `perf_counter()` at the arrival.
    """

    ctx: Context
    actor: Actor
    session_hash: str
    visitor: str
    new_visitor: bool
    seen_once: bool
    lang: str
    size: str
    community: Community | None
    several: bool
    choices: Choices | None
    began: float


Request = litestar.Request[Any, Any, RequestState]
Connection = ASGIConnection[Any, Any, Any, RequestState]
