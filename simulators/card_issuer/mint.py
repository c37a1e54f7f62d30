"""New ids, numbers and times: the same again from the same seed, if there is one."""

import random
import secrets
from threading import Lock

from simulators.card_issuer.clock import Clock
from simulators.card_issuer.store import Wire


class Mint:
    """What makes each object one of its own. Without a seed no two runs give the same ids."""

    def __init__(self, *, clock: Clock, seed: int | None = None) -> None:
        self.clock = clock
        self.chance: random.Random = (
            secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311  # nosec B311  # a game is repeated by its seed
        )
        self._lock = Lock()

    def hexadecimal(self, digits: int) -> str:
        with self._lock:
            return f"{self.chance.getrandbits(4 * digits):0{digits}x}"

    def digits(self, number: int) -> str:
        with self._lock:
            return f"{self.chance.randrange(10**number):0{number}}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_1{self.hexadecimal(24)}"

    def new_object(self, kind: str, *, prefix: str) -> Wire:
        return {
            "id": self.new_id(prefix),
            "object": kind,
            "created": self.clock.seconds(),
            "livemode": False,
        }
