"""Ending a connection without an answer, or in the middle of one."""

import socket
from typing import Any

CUT_ANSWER = (
    b'HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"'
)


class ConnectionDropped(Exception):  # noqa: N818 - not an error here: the caller is to see one
    """The connection is to end without an answer."""


class AnswerCutShort(Exception):  # noqa: N818 - as above
    """The connection is to end in the middle of a good answer."""


def hang_up(environment: dict[str, Any], *, first: bytes = b"") -> None:
    """Close the connection of a request, under gunicorn or werkzeug's own server.

    Args:
        environment: the request's WSGI environment.
        first: what is still said.
    """
    connection = environment.get("gunicorn.socket") or environment.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        if first:
            connection.sendall(first)
        connection.shutdown(socket.SHUT_RDWR)
