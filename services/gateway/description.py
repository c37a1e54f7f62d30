"""The description of the API, OpenAPI 3.1: what flask-smorest knows, and what our door adds.

The forms come from the routes themselves. The door adds headers, waiting, problems and who may
ask at all; of these flask-smorest knows nothing.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from flask import Flask

from services.gateway.api import SUBJECTS
from services.gateway.problems import MEDIA_TYPE
from services.gateway.routes import Route

METHODS = ("get", "post", "put", "patch", "delete")
# Whoever asks for a token has none yet.
OPEN_TO_ALL = frozenset({"token", "exchange_code"})
# An extension for programs that repeat: a question in a body, which changes nothing.
ONLY_ASKS = "x-only-asks"
PROBLEM = {"$ref": "#/components/responses/Problem"}
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "description": "new for each new request; the same to repeat one",
        "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{8,255}$"},
    },
    "Prefer": {
        "in": "header",
        "name": "Prefer",
        "required": False,
        "description": "wait=10: wait so many seconds, at most 30, for the outcome (RFC 7240)",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": True,
        "description": "the ETag of what was read before",
        "schema": {"type": "string"},
    },
}
SECURITY: Mapping[str, Mapping[str, str]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "csrf_token of GET /v1/me: where a cookie is sent and something changes",
    },
}

Document = dict[str, Any]


def of(app: Flask) -> Document:
    """Return the whole description of an application."""
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    document: Document = deepcopy(api["ext_obj"].spec.to_dict())
    routes = {route.operation: route for subject in SUBJECTS for route in subject.routes}
    for _, _, operation in operations(document):
        _complete(operation, routes.get(operation["operationId"]))
    parts = document["components"]
    parts["schemas"].pop("Error", None)  # flask-smorest's own: nobody is sent it
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    parts["responses"] = {
        "Problem": {"description": "A problem (RFC 9457)", "content": {MEDIA_TYPE: problem}}
    }
    parts["parameters"] = deepcopy(dict(PARAMETERS))
    parts["securitySchemes"] = deepcopy(dict(SECURITY))
    document["security"] = [{"token": []}, {"session": [], "csrf": []}]
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Document]]:
    """Return each operation with its method and its path."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def _complete(operation: Document, route: Route | None) -> None:
    """Add to an operation what the door does with its route; none: no service stands behind it."""
    answers = {code: one for code, one in operation["responses"].items() if code < "400"}
    operation["responses"] = {**dict(sorted(answers.items())), "default": PROBLEM}
    if operation["operationId"] in OPEN_TO_ALL:
        operation["security"] = []
    if route is None:
        return
    if route.is_search:
        operation[ONLY_ASKS] = True
    if route.is_file:
        (answer,) = answers.values()
        # Of whichever form was asked for, JSON among them: so it is no string to whoever compares.
        answer["content"] = {"*/*": {"schema": {}}}
    if route.is_command:
        named = ["IdempotencyKey"]
        named += ["Prefer"] if route.settling else []
        named += ["IfMatch"] if route.if_match else []
        heads = [{"$ref": f"#/components/parameters/{name}"} for name in named]
        operation["parameters"] = [*operation.get("parameters", []), *heads]
