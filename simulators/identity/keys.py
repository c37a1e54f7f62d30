"""The keys with which an issuer signs: one in use, one announced, and those used before."""

from threading import Lock

from joserfc.jwk import ECKey, KeyParameters, RSAKey

RSA_BITS = 2048

SigningKey = RSAKey | ECKey


def make_key(algorithm: str) -> SigningKey:
    """Make a key for RS256, RS512 or ES256, named by its thumbprint."""
    key: SigningKey
    parameters: KeyParameters = {"use": "sig", "alg": algorithm}
    if algorithm == "ES256":
        key = ECKey.generate_key("P-256", parameters)
    else:
        key = RSAKey.generate_key(RSA_BITS, parameters)
    key.ensure_kid()
    return key


class KeyRing:
    """An issuer's keys, made when somebody first needs them."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self._lock = Lock()
        self._keys: list[SigningKey] = []  # announced, in use, and older ones

    def in_use(self) -> SigningKey:
        with self._lock:
            self._fill()
            return self._keys[1]

    def published(self) -> list[dict[str, object]]:
        """Show the public half of every key, as a JSON Web Key Set lists them."""
        with self._lock:
            self._fill()
            return [dict(key.as_dict(private=False)) for key in self._keys]

    def rotate(self, *, drops_old: bool) -> None:
        """Sign with the announced key from now on, and announce another.

        Args:
            drops_old: no longer publish what was signed with before.
        """
        with self._lock:
            self._fill()
            self._keys.insert(0, make_key(self.algorithm))
            if drops_old:
                del self._keys[2:]

    def _fill(self) -> None:
        while len(self._keys) < 2:  # noqa: PLR2004 - one announced, one in use
            self._keys.append(make_key(self.algorithm))
