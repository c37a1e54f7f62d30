"""The routes for whoever runs the simulator: users, clients, keys, time and signing out."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from simulators.identity import logout
from simulators.identity.errors import UnfitError
from simulators.identity.provider import STRANGERS_KEYS, Provider

ALGORITHMS = ("RS256", "RS512", "ES256")


class Control:
    """What can be looked at and changed while it runs."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def list_users(self) -> ResponseReturnValue:
        return jsonify(users=[user.as_wire() for user in self.provider.users.of()])

    def add_user(self) -> ResponseReturnValue:
        user, is_new = self.provider.users.add(_body())
        return jsonify(user.as_wire()), 201 if is_new else 200

    def add_client(self) -> ResponseReturnValue:
        client = self.provider.clients.add(_body())
        return jsonify(client_id=client.client_id, keys=[key.kid for key in client.keys]), 201

    def rotate(self) -> ResponseReturnValue:
        """Let an issuer sign with its announced key from now on."""
        asked = _object(_body(), {"issuer", "drop_old"})
        issuer = self.provider.issuers.by_path.get(str(asked.get("issuer")))
        drops_old = asked.get("drop_old", False)
        if issuer is None or not isinstance(drops_old, bool):
            raise UnfitError("Say issuer and, if old keys go at once, drop_old: true.")
        issuer.keys.rotate(drops_old=drops_old)
        return jsonify(keys=issuer.keys.published())

    def sign_out(self) -> ResponseReturnValue:
        """End every session of somebody, as their provider may at any time."""
        wanted = _object(_body(), {"user"}).get("user")
        found = [user for user in self.provider.users.of() if user.name == wanted]
        if not found:
            raise UnfitError("Say user, and one who is known.")
        ended = self.provider.grants.end_sessions_of(found[0])
        for session in ended:
            logout.tell(session, provider=self.provider)
        return jsonify(sessions=len(ended))

    def read_clock(self) -> ResponseReturnValue:
        return jsonify(self.provider.clock.as_wire())

    def move_clock(self) -> ResponseReturnValue:
        try:
            self.provider.clock.obey(_body())
        except ValueError as error:
            raise UnfitError(str(error)) from error
        return jsonify(self.provider.clock.as_wire())

    def strangers_keys(self) -> ResponseReturnValue:
        """Publish the keys to which bad tokens point: whoever reads them followed a token."""
        self.provider.log.write("strangers_keys_read")
        rings = [self.provider.stranger(name) for name in ALGORITHMS]
        return jsonify(keys=[key for ring in rings for key in ring.published()])


def sim_routes(provider: Provider) -> Blueprint:
    routes, control = Blueprint("sim", __name__), Control(provider)
    for method, rule, view in (
        ("GET", "/_sim/users", control.list_users),
        ("POST", "/_sim/users", control.add_user),
        ("POST", "/_sim/clients", control.add_client),
        ("POST", "/_sim/keys/rotate", control.rotate),
        ("POST", "/_sim/logout", control.sign_out),
        ("GET", "/_sim/clock", control.read_clock),
        ("POST", "/_sim/clock", control.move_clock),
        ("GET", STRANGERS_KEYS, control.strangers_keys),
    ):
        routes.add_url_rule(rule, view_func=view, methods=[method])
    return routes


def _body() -> Any:
    return request.get_json(force=True, silent=True)


def _object(body: object, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(body, Mapping) or set(body) - names:
        raise UnfitError(f"A JSON object of {', '.join(sorted(names))}.")
    return body
