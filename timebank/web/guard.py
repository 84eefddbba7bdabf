"""Deny by default: every route needs an entry in `access.REGISTRY`, and the asker a role that it grants."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute

from timebank.access import REGISTRY, Actor, Role
from timebank.errors import NotAllowed, NotSignedIn

CARD_OPERATIONS = frozenset(
    {"Home", "SignOut", "CheckIn", "CheckOut", "ConfirmHours", "ElderHome", "VolunteerHome"}
)


class UndeclaredRoute(Exception):
    """A route has no entry in the access registry, or an entry has no route: the app does not start."""


def role_guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """Refuse the request unless one of the asker's roles has a grant for this operation."""
    operation = getattr(handler, "operation_id", None)
    if not isinstance(operation, str):
        return  # static files and the schema, which `operations` names explicitly
    grants = REGISTRY[operation]
    actor: Actor = connection.state.actor
    if Role.PUBLIC in grants:
        return
    if not actor.uid:
        raise NotSignedIn()
    if actor.level == "card" and operation not in CARD_OPERATIONS:
        raise NotAllowed()
    if not actor.roles & grants.keys():
        raise NotAllowed()


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
    served = set()
    for operation, route, _ in operations(app):
        if operation not in REGISTRY:
            raise UndeclaredRoute(
                f"{route.path} ({operation or 'no operation id'}) is not in the access registry"
            )
        served.add(operation)
    if idle := set(REGISTRY) - served - {"Schema"}:
        raise UndeclaredRoute(f"the access registry names operations that no route serves: {sorted(idle)}")
