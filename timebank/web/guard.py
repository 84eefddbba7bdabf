"""Deny by default: every route needs an entry in `access.REGISTRY`, and the asker a role that it grants."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from timebank.access import REGISTRY, Role, indexed, use_case
from timebank.errors import NotAllowed, NotSignedIn, NotWhileActing
from timebank.web.request import Connection


class UndeclaredRoute(Exception):
    """A route has no entry in the access registry, or an entry has no route: the app does not start."""


async def role_guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse the request unless one of the asker's roles has a grant for this operation."""
    # It waits for nothing, and is asynchronous because Litestar runs a plain guard in a thread, at every request.
    operation = getattr(handler, "operation_id", None)
    if not isinstance(operation, str):
        return  # static files and the schema, which `operations` names explicitly
    case = use_case(operation)
    actor = connection.state.actor
    if Role.PUBLIC in case.grants:
        return
    if not actor.uid:
        raise NotSignedIn()
    if not actor.roles & case.grants.keys():
        raise NotAllowed()
    if case.alone and actor.acting_for:
        raise NotWhileActing()


def operations(app: Litestar) -> Iterator[tuple[str, HTTPRoute, HTTPRouteHandler]]:
    """Every operation of ours: (operation id or "", route, handler), without Litestar's own static and schema."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or route.path.startswith(("/static", "/schema")):
            continue
        for handler in {id(h): h for h in route.route_handlers}.values():
            if handler.http_methods == {"OPTIONS"}:
                continue
            operation = handler.operation_id
            yield operation if isinstance(operation, str) else "", route, handler


def require_declared(app: Litestar) -> None:
    """Stop start-up when routes and registry differ."""
    declared = {operation for case in indexed(REGISTRY).values() for operation in case.operations}
    served = set()
    for operation, route, _ in operations(app):
        if operation not in declared:
            raise UndeclaredRoute(
                f"{route.path} ({operation or 'no operation id'}) is not in the access registry"
            )
        served.add(operation)
    if idle := declared - served:
        raise UndeclaredRoute(f"the access registry names operations that no route serves: {sorted(idle)}")
