"""Who may ask for tokens: the relying party of the settings, and those who are added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from simulators.identity.errors import UnfitError
from simulators.identity.issuers import Issuer, Issuers
from simulators.identity.settings import Settings

TEXTS = ("client_id", "issuer", "secret", "backchannel_uri", "organisation")
LISTS = ("redirect_uris", "logout_uris", "scopes")
FIELDS = {*TEXTS, *LISTS, "jwks"}

PublicKey = RSAKey | ECKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A relying party, or a partner's system, as one issuer knows it."""

    client_id: str
    secret: str = ""
    keys: tuple[PublicKey, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    backchannel_uri: str = ""
    scopes: tuple[str, ...] = ()  # what a partner's system may ask for
    organisation: str = ""  # whose system it is


@dataclass(slots=True)
class Clients:
    """Every client of every issuer."""

    issuers: Issuers
    _known: dict[tuple[str, str], Client] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, settings: Settings, issuers: Issuers) -> "Clients":
        """Know the relying party of the settings, at every issuer where people sign in.

        Raises:
            ValueError: its key is no RSA key: NHS login takes no others.
        """
        key = RSAKey.import_key(settings.client_public_key, {"kid": settings.client_key_id})
        client = Client(
            client_id=settings.client_id,
            secret=settings.client_secret,
            keys=(key,),
            redirect_uris=settings.redirect_uris,
            logout_uris=settings.logout_uris,
            backchannel_uri=settings.backchannel_uri,
        )
        where = [one for one in issuers.by_path.values() if one.kind.signs_people_in]
        return cls(issuers, {(one.path, client.client_id): client for one in where})

    def find(self, client_id: str | None, issuer: Issuer) -> Client | None:
        with self._lock:
            return self._known.get((issuer.path, client_id or ""))

    def add(self, wanted: object) -> Client:
        """Add a client at one issuer, or let one of this id be another from now on.

        Raises:
            UnfitError: it is not a client.
        """
        if not isinstance(wanted, Mapping) or set(wanted) - FIELDS:
            raise UnfitError(f"A client is a JSON object of {', '.join(sorted(FIELDS))}.")
        texts = {name: wanted.get(name, "") for name in TEXTS}
        lists = {name: wanted.get(name, []) for name in LISTS}
        if not all(isinstance(text, str) for text in texts.values()) or not texts["client_id"]:
            raise UnfitError(f"{', '.join(TEXTS)} are texts, and a client has an id.")
        if not all(_is_list_of_texts(one) for one in lists.values()):
            raise UnfitError(f"{', '.join(LISTS)} are lists of texts.")
        issuer = texts.pop("issuer")
        if issuer not in self.issuers.by_path:
            raise UnfitError(f"There is no issuer {issuer}.")
        client = Client(
            **texts,
            redirect_uris=tuple(lists["redirect_uris"]),
            logout_uris=tuple(lists["logout_uris"]),
            scopes=tuple(lists["scopes"]),
            keys=_keys_of(wanted.get("jwks", {"keys": []})),
        )
        with self._lock:
            self._known[issuer, client.client_id] = client
        return client


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _keys_of(jwks: Any) -> tuple[PublicKey, ...]:
    try:
        keys = KeySet.import_key_set(jwks).keys if jwks["keys"] else []
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnfitError("jwks is a JSON Web Key Set.") from error
    if any(not isinstance(key, PublicKey) or key.is_private for key in keys):
        raise UnfitError("jwks holds public RSA and EC keys only.")
    return tuple(key for key in keys if isinstance(key, PublicKey))
