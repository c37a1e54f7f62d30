"""Free ports on the loopback address."""

import contextlib
import random
import socket
from collections.abc import Collection, Iterable, Mapping

LOOPBACK = "127.0.0.1"
EDGE_METRICS = "gateway-metrics"  # the name of a port
# Below the range from which Linux takes the near end of outgoing connections (32768 and up),
# so that no connection takes the port between the choice and the server's start.
LOWEST_PORT = 20_000
HIGHEST_PORT = 32_000


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback address, or of all addresses."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            candidate.bind((LOOPBACK, port))
            return True
    return False


def is_listened_on(port: int) -> bool:
    """Whether a connection to this port is accepted."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def choose(
    names: Iterable[str], *, former: Mapping[str, int], taken: Collection[int]
) -> dict[str, int]:
    """Choose a free port for each name: the former one if it is still free.

    Args:
        names: what needs a port.
        former: the ports of this stack's last start.
        taken: ports that other stacks of this checkout count on, started or not.
    """
    chosen: dict[str, int] = {}
    for name in names:
        port = former.get(name)
        while port is None or port in taken or port in chosen.values() or not is_free(port):
            port = random.randint(LOWEST_PORT, HIGHEST_PORT)  # noqa: S311  # nosec B311  # a port, no secret
        chosen[name] = port
    return chosen
