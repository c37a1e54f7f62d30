"""A request whose answer is never read: the connection is reset when the answer begins to come."""

import http.client
import socket
import struct
from collections.abc import Mapping
from urllib.parse import urlsplit

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset, not in order


def post_and_reset(url: str, body: bytes, headers: Mapping[str, str], *, timeout: float) -> None:
    """Send a request, wait until the other side has done its work, and break off.

    Raises:
        OSError: nobody is there, or no answer began in time.
    """
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port or http.client.HTTP_PORT, timeout=timeout
    )
    try:
        connection.request("POST", address.path or "/", body, dict(headers))
        connection.sock.recv(1, socket.MSG_PEEK)
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    finally:
        connection.close()
