"""The address at which partners' systems get a token."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from flask import Response, json
from flask_smorest import Blueprint
from sqlalchemy.orm import Session, sessionmaker

from services.gateway.bodies import takes_form
from services.gateway.door import JSON
from services.gateway.partner_systems import handlers
from services.gateway.partner_systems.clients import Client
from services.gateway.partner_systems.schemas import SystemTokenSchema, TokenForm
from services.gateway.problems import ProblemError
from services.gateway.tokens.rules import BadTokenError

PATH = "/v1/token"

log = structlog.get_logger()


def blueprint(
    clients: Mapping[str, Client],
    *,
    audience: str,
    transactions: sessionmaker[Session],
    now: Callable[[], datetime],
) -> Blueprint:
    """Return the route.

    Args:
        clients: the systems that may ask.
        audience: the one ``aud`` that counts: this route's own address.
        transactions: of the database.
        now: the time of day.
    """
    routes = Blueprint("partner_systems", __name__, description="Partners' own systems")

    @routes.route(PATH, methods=["POST"])
    @takes_form
    @routes.arguments(TokenForm, location="form")
    @routes.response(HTTPStatus.OK, SystemTokenSchema)
    @routes.doc(summary="Get a token by private_key_jwt", operationId="token")
    def token(told: Mapping[str, Any]) -> Response:
        try:
            with transactions.begin() as session:
                client, secret = handlers.give_token(
                    told["client_assertion"],
                    client_id=told.get("client_id"),
                    clients=clients,
                    audience=audience,
                    session=session,
                    at=now(),
                )
        except BadTokenError as error:
            log.warning("assertion_refused", because=error.because)
            raise _invalid_client() from None
        log.info("token_given", client_id=client.client_id)
        lasts = int(handlers.LASTS.total_seconds())
        shown = {"access_token": secret, "token_type": "Bearer", "expires_in": lasts}
        return Response(json.dumps(shown), mimetype=JSON)

    return routes


def _invalid_client() -> ProblemError:
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "invalid_client",
        "We do not know who you are.",
        next_step="Sign a new assertion with a key we know: aud is this address, exp within five"
        " minutes, jti a new one.",
        also={"error": "invalid_client"},
        headers={"WWW-Authenticate": "Bearer"},
    )
