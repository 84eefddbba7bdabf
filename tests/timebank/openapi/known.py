"""Requests that work, taken from the catalogue of the access tests, as cases of the document: the real ids and bodies of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from schemathesis import APIOperation, BaseSchema, Case

from tests.timebank.access.access_catalogue import CATALOGUE, Ask
from tests.timebank.access.access_people import WALKERS, verdict
from tests.timebank.access.access_world import World

_OF_COMMUNITY = re.compile(r"/c/([a-z]+)(/.+)")
"""A public page below its community's own path; the document names it by its short address and `?community=`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One request of the catalogue.

    Attributes:
        granted: walkers to whom it is granted.
    """

    name: str
    ask: Ask
    operation: APIOperation[Any]
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any] | None
    granted: tuple[str, ...]

    def case(self) -> Case:
        """The request as it stands in the catalogue."""
        media = (
            next(iter(self.operation.body)).media_type
            if self.body is not None and len(self.operation.body)
            else None
        )
        body = {} if self.body is None and media else self.body
        known = {} if body is None or media is None else {"body": dict(body), "media_type": media}
        return self.operation.Case(path_parameters=dict(self.path), query=dict(self.query), **known)


def known_requests(schema: BaseSchema, world: World) -> Iterator[Known]:
    """Every request of the catalogue that the document knows."""
    operations: dict[str, list[APIOperation[Any]]] = {}
    for found in schema.get_all_operations():
        one = found.ok()
        operations.setdefault(one.definition.raw["operationId"], []).append(one)
    for name, asks in CATALOGUE.items():
        for ask in asks:
            made = ask.request(world.ids)
            parts = urlsplit(str(made["url"]))
            path, query = parts.path, dict(parse_qsl(parts.query))
            if below := _OF_COMMUNITY.fullmatch(path):
                query, path = {**query, "community": below[1]}, below[2]
            for operation in operations.get(name, []):
                values = _matched(operation.path, path)
                if values is not None:
                    body = made.get("json", made.get("data"))
                    if "files" in made:
                        body = {**(body or {}), "files": made["files"]["files"][1]}
                    granted = tuple(
                        who for who, one in WALKERS.items() if verdict(one, name, ask.belongs).granted
                    )
                    yield Known(
                        name=name, ask=ask, operation=operation, path=values, query=query, body=body, granted=granted
                    )  # fmt: skip
                    break


def _matched(template: str, path: str) -> dict[str, str] | None:
    names = re.findall(r"\{([^}]+)\}", template)
    pattern = re.sub(r"\\\{[^}]+\\\}", "([^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    return (
        {name: unquote(value) for name, value in zip(names, found.groups(), strict=True)} if found else None
    )
