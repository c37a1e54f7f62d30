"""The simulator of a mail server, served for a test."""

import os
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import requests
from werkzeug.serving import make_server

from simulators.mail.app import create_app
from tests.simulators.listener import running


class Mail:
    """Where the simulator is, and what one asks of it."""

    def __init__(self, *, url: str, port: int) -> None:
        self.url = url
        self.port = port

    def inbox(self, **query: str) -> list[dict]:
        return requests.get(f"{self.url}/_inbox.json", params=query, timeout=5).json()

    def plan(self, fault: str, **details: float) -> None:
        body = {"fault": fault, **details}
        assert requests.post(f"{self.url}/_sim/faults", json=body, timeout=5).status_code == 201

    def bring(self, *to: str, message_id: str = "<1@example.org>") -> None:
        message = EmailMessage()
        message["From"] = "purse@example.org"
        message["To"] = to[0]
        message["Subject"] = "An update ŷ"
        message["Message-ID"] = message_id
        message.set_content("Hello.\n.\nGoodbye — ŷ")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as smtp:
            smtp.send_message(message, to_addrs=to)


@contextmanager
def mail_server(**settings: str) -> Iterator[Mail]:
    """Run one, with these settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    before = dict(os.environ)
    os.environ.update({"MAIL_SMTP_ADDRESS": f"127.0.0.1:{port}", **settings})
    try:
        app = create_app()
    finally:
        os.environ.clear()
        os.environ.update(before)
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        try:
            yield Mail(url=url, port=port)
        finally:
            app.extensions["mail-server"].stop()
