"""Everything that the routes share."""

import time
from dataclasses import dataclass, field

from flask import abort, request

from simulators import hanging_up
from simulators.clock import Clock
from simulators.faults import Faults
from simulators.identity import forgeries
from simulators.identity.client_auth import ClientAuth
from simulators.identity.clients import Clients
from simulators.identity.grants import Grants
from simulators.identity.issuers import Issuer, Issuers
from simulators.identity.keys import KeyRing
from simulators.identity.known_faults import VARIANTS
from simulators.identity.settings import Settings
from simulators.identity.tokens import Draft
from simulators.identity.users import Users
from simulators.log import Log

STRANGERS_KEYS = "/_sim/stranger/jwks.json"


@dataclass(slots=True, kw_only=True)
class Provider:
    """The issuers with their users, clients, keys and faults."""

    settings: Settings
    clock: Clock
    log: Log
    faults: Faults
    users: Users
    clients: Clients
    client_auth: ClientAuth
    grants: Grants
    _strangers: dict[str, KeyRing] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> "Provider":
        """Build one.

        Raises:
            OSError, ValueError, KeyError: users or the client's key do not fit.
        """
        clock = Clock()
        users = Users.load(settings.users)
        clients = Clients.of(settings, users.issuers)
        return cls(
            settings=settings,
            clock=clock,
            log=Log(),
            faults=Faults(known=VARIANTS, variants=VARIANTS),
            users=users,
            clients=clients,
            client_auth=ClientAuth(clients, clock),
            grants=Grants(clock),
        )

    @property
    def issuers(self) -> Issuers:
        return self.users.issuers

    def issuer(self, path: str) -> Issuer:
        """Find an issuer by its path, without the leading slash; 404 where there is none."""
        found = self.issuers.by_path.get(f"/{path}")
        return found if found is not None else abort(404)

    def url(self, issuer: Issuer) -> str:
        """Return the name of an issuer, which is its address."""
        return f"{self.settings.url or request.host_url.rstrip('/')}{issuer.path}"

    def browser_url(self, issuer: Issuer) -> str:
        return f"{self.settings.browser_url or request.host_url.rstrip('/')}{issuer.path}"

    def now(self) -> int:
        return int(self.clock.token_seconds())

    def variant(self, fault: str, issuer: Issuer) -> str | None:
        """Use up a rule for a fault at an issuer, and return which way it goes wrong."""
        rule = self.faults.take(fault, type=issuer.path)
        return None if rule is None else rule.variant

    def break_down(self, endpoint: str, issuer: Issuer) -> None:
        """Be slow, hang up or fail, where a rule says so of an endpoint."""
        slow = self.faults.take("slow", type=issuer.path, variants=(endpoint,))
        if slow is not None:
            time.sleep(slow.seconds)
        if self.faults.take("drop", type=issuer.path, variants=(endpoint,)):
            hanging_up.hang_up(request.environ)
            abort(500)
        if self.faults.take("error_500", type=issuer.path, variants=(endpoint,)):
            abort(500)

    def stranger(self, algorithm: str) -> KeyRing:
        """Return keys that no issuer has."""
        return self._strangers.setdefault(algorithm, KeyRing(algorithm))

    def signed(self, draft: Draft, *, fault: str, issuer: Issuer) -> str:
        """Sign a token, or make a bad one where a rule for ``fault`` says so."""
        variant = self.variant(fault, issuer)
        if variant is None:
            return draft.signed()
        self.log.write("bad_token", fault=fault, variant=variant, issuer=issuer.path)
        other = self.issuers.other_than(issuer)
        base = self.settings.url or request.host_url.rstrip("/")
        scene = forgeries.Scene(
            now=self.now(),
            stranger=self.stranger(issuer.algorithm),
            strangers_jwks=base + STRANGERS_KEYS,
            other_url=self.url(other),
            other=other,
        )
        return forgeries.forge(variant, draft, scene)
