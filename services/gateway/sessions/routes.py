"""The addresses for whoever is signed in: who am I, in which role, and goodbye."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, json
from flask_smorest import Blueprint

from services.gateway.door import JSON
from services.gateway.problems import ProblemError, not_signed_in
from services.gateway.sessions import handlers, who
from services.gateway.sessions.commands import Kind
from services.gateway.sessions.models import SignedIn
from services.gateway.sessions.schemas import ChooseRoleForm, MeSchema, RenewedSchema
from services.gateway.sessions.who import Who


def blueprint(asks: Who) -> Blueprint:
    """Return the routes of whoever is signed in."""
    routes = Blueprint("sessions", __name__, url_prefix="/v1", description="Being signed in")

    @routes.before_request
    def know_who_asks() -> None:
        g.signed_in = asks.signed_in()

    @routes.route("/me", methods=["GET"])
    @routes.response(HTTPStatus.OK, MeSchema)
    @routes.doc(summary="Who I am, in which role", operationId="me")
    def me() -> Mapping[str, Any]:
        return _told(g.signed_in)

    @routes.route("/me/role", methods=["PUT"])
    @routes.arguments(ChooseRoleForm)
    @routes.response(HTTPStatus.OK, RenewedSchema)
    @routes.doc(summary="Choose another of my roles", operationId="choose_role")
    def choose_role(told: Mapping[str, Any]) -> Response:
        found: SignedIn = g.signed_in
        if told["choice"] >= len(found.choices):
            raise _no_such_role()
        with asks.transactions.begin() as session:
            secret = handlers.renew(found.session_id, chosen=told["choice"], session=session)
        if secret is None:
            raise not_signed_in()
        is_browser = found.kind is Kind.BROWSER
        choice = found.choices[told["choice"]]
        shown = {**choice, "access_token": None if is_browser else secret}
        answer = Response(json.dumps(shown), mimetype=JSON)
        if is_browser:
            who.keep(answer, secret)
        return answer

    @routes.route("/session", methods=["DELETE"])
    @routes.response(HTTPStatus.NO_CONTENT)
    @routes.doc(summary="Sign out", operationId="sign_out")
    def sign_out() -> Response:
        with asks.transactions.begin() as session:
            handlers.end(g.session_secret, session=session)
        answer = Response(status=HTTPStatus.NO_CONTENT)
        who.forget(answer)
        return answer

    return routes


def _told(found: SignedIn) -> Mapping[str, Any]:
    visitor = found.visitor()
    is_browser = found.kind is Kind.BROWSER
    return {
        "actor_id": found.actor_id,
        "kind": found.kind.value,
        "role": visitor and visitor.roles[0],
        "organisation": visitor and visitor.organisation,
        "purpose": visitor and visitor.purpose,
        "choices": found.choices,
        "provider": found.provider,
        "ends_at": found.ends_at,
        "csrf_token": who.csrf_token(g.session_secret) if is_browser else None,
    }


def _no_such_role() -> ProblemError:
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "no_such_role",
        "You have no such role.",
        next_step="Look at choices in GET /v1/me.",
    )
