"""Stands between a program and a server, so that a test can come between them too."""

import select
import socket
import ssl
from contextlib import suppress
from threading import Event, Thread
from typing import Self

LOOPBACK = "127.0.0.1"


class Proxy:
    """Passes on what it hears, until it is told to hold the answers back or to cut the line.

    With ``tls`` it is the server of a TLS connection, and speaks plainly to the one behind it.
    """

    def __init__(self, server_port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.heard = b""  # everything that was said to the server
        self._server_port = server_port
        self._answers_pass = Event()
        self._answers_pass.set()
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.socket()
        self._listener.bind((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection, and take no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def open(self) -> Self:
        """Take connections; before that, they are refused."""
        self._listener.listen()
        Thread(target=self._accept, daemon=True).start()
        return self

    def through(self, url: str) -> str:
        """Return the address of the server by way of here."""
        return url.replace(f":{self._server_port}/", f":{self.port}/")

    def cut(self) -> None:
        """End every connection that is open."""
        while self._lines:
            for end in self._lines.pop():
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def hold_answers(self) -> None:
        self._answers_pass.clear()

    def release_answers(self) -> None:
        self._answers_pass.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            near = client if self.tls is None else self.tls.wrap_socket(client, server_side=True)
            with near, socket.create_connection((LOOPBACK, self._server_port)) as far:
                self._lines.append((near, far))
                while self._carry(near, far):
                    pass

    def _carry(self, near: socket.socket, far: socket.socket) -> bool:
        """Pass on what either end has to say; False when one of them has gone."""
        watched = [near, far] if self._answers_pass.is_set() else [near]
        for end in select.select(watched, [], [], 0.02)[0]:
            data = end.recv(2**16)
            if not data:
                return False
            if end is near:
                self.heard += data
            (far if end is near else near).sendall(data)
        return True
