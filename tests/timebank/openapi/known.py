"""Requests that work, taken from the catalogue of the access tests, as cases of the document: the real ids and bodies of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.access_people import WALKERS, verdict
from tests.timebank.access.access_world import World
from tests.timebank.openapi.asking import Asked, Operation

_OF_COMMUNITY = re.compile(r"/c/([a-z]+)(/.+)")
"""A public page below its community's own path; the document names it by its short address and `?community=`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One request of the catalogue, and the walkers to whom it is granted."""

    name: str
    operation: Operation
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any] | None
    granted: tuple[str, ...]
    file_name: str = ""

    def case(self) -> Asked:
        """The request as it stands in the catalogue."""
        known: dict[str, Any] = {"path_parameters": dict(self.path), "query": dict(self.query)}
        media = [one.media_type for one in self.operation.body]
        if media:
            # With a file it is a form of several parts; a form that need not have one goes the plain way.
            last = self.body is not None and "files" in self.body
            known |= {"body": dict(self.body or {}), "media_type": media[-1] if last else media[0]}
        return self.operation.Case(**known)


def known_requests(operations: dict[str, list[Operation]], world: World) -> Iterator[Known]:
    """Every request of the catalogue, as a case of the document's operations, which are given by name."""
    for name, asks in CATALOGUE.items():
        for ask in asks:
            made = ask.request(world.ids)
            parts = urlsplit(str(made["url"]))
            path, query = parts.path, dict(parse_qsl(parts.query))
            if below := _OF_COMMUNITY.fullmatch(path):
                query, path = {**query, "community": below[1]}, below[2]
            body = made.get("json", made.get("data"))
            file_name = ""
            if "files" in made:
                file_name, content, _kind = made["files"]["files"]
                body = {**(body or {}), "files": content}
            granted = tuple(
                who
                for who, one in WALKERS.items()
                if verdict(one, name, ask.belongs).granted and who not in ask.instead
            )
            for operation in operations[name]:
                values = _matched(operation.path, path)
                if values is not None:
                    yield Known(
                        name=name,
                        operation=operation,
                        path=values,
                        query=query,
                        body=body,
                        granted=granted,
                        file_name=file_name,
                    )
                    break
            else:
                raise AssertionError(f"the document has no path like {path} for {name}")


def _matched(template: str, path: str) -> dict[str, str] | None:
    """The values by which a template becomes this path."""
    names = re.findall(r"\{([^}]+)\}", template)
    pattern = re.sub(r"\\\{[^}]+\\\}", "([^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    return (
        {name: unquote(value) for name, value in zip(names, found.groups(), strict=True)} if found else None
    )
