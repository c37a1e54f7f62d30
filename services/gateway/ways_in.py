"""The ways in: routes that no service stands behind."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, request
from sqlalchemy.orm import Session, sessionmaker

from services.gateway.calling import Callers
from services.gateway.limits.limiter import Limiter
from services.gateway.partner_systems import routes as partner_systems
from services.gateway.provider_client import ProviderClient
from services.gateway.sessions import routes as sessions
from services.gateway.sessions.who import Who
from services.gateway.settings import GatewaySettings
from services.gateway.signing_in import routes as sign_in
from services.gateway.signing_in.sign_in import SigningIn
from shared.observability import probes

# A provider tells that somebody's session has ended: that is never turned away.
_ALWAYS_HEARD = "signing_in.hear_of_end"


def blueprints(settings: GatewaySettings, callers: Callers, who: Who) -> Sequence[Blueprint]:
    """Return the routes by which somebody comes in, and those that say whether we live."""
    public_url = settings.public_url
    signing_in = SigningIn(
        clients={
            name: ProviderClient(provider, callback=f"{public_url}/sign-in/{name}/callback")
            for name, provider in settings.providers.items()
        },
        transactions=who.transactions,
        callers=callers,
        now=who.now,
    )
    tried = (
        sign_in.browser_blueprint(signing_in),
        sign_in.api_blueprint(signing_in),
        partner_systems.blueprint(
            settings.clients,
            audience=public_url + partner_systems.PATH,
            transactions=who.transactions,
            now=who.now,
        ),
    )
    for routes in tried:
        _count_tries(routes, who.limiter)
    return (sessions.blueprint(who), *tried, _health(who.transactions))


def _count_tries(routes: Blueprint, limiter: Limiter) -> None:
    @routes.before_request
    def count() -> None:
        if request.endpoint != _ALWAYS_HEARD:
            limiter.take_sign_in()


def _health(transactions: sessionmaker[Session]) -> Blueprint:
    routes = Blueprint("health", __name__, url_prefix="/health")
    checks = {"database": partial(probes.database_answers, transactions.begin)}
    routes.add_url_rule("/live", view_func=lambda: {"status": "live"}, endpoint="live")
    routes.add_url_rule("/ready", view_func=partial(probes.ready, checks), endpoint="ready")
    return routes
