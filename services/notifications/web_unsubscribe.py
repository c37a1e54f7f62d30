"""The page behind the link at the end of e-mails. To look at it changes nothing; to post does.

Mail programs that offer one click post to the same address without showing it (RFC 8058), and
some look at every link before anybody does, which is why looking must do nothing.
"""

from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, Response
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.notifications.settings import ContactPoints
from services.notifications.unsubscribe import addresses
from services.notifications.unsubscribe.commands import Unsubscribe
from services.notifications.unsubscribe.handlers import unsubscribe
from shared import clock
from shared.trace import Trace

log = structlog.get_logger()

PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} - Common Purse</title>
<style>
body {{ max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1.2rem/1.5 Arial, sans-serif; }}
button {{ padding: .5rem 1rem; font: inherit; }}
</style>
</head>
<body>
<main>
<h1>{heading}</h1>
<p>{words}</p>
{form}
<p>You can call us on {phone}.</p>
</main>
</body>
</html>
""")
FORM = Markup('<form method="post"><button>Stop these e-mails</button></form>')
ASK = "We will send no more e-mails to this address. We will use another way to reach you."
DONE = "We send no more e-mails to this address. We will use another way to reach you."
UNKNOWN = "This link is not one of ours, or a part of it is missing."
LATER = "Something is wrong on our side. Please try again later."
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class UnsubscribePage:
    """The routes, with what they need."""

    def __init__(self, *, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def add_to(self, app: Flask) -> None:
        rule = f"{addresses.PATH}/<token>"
        app.add_url_rule(rule, endpoint="ask", view_func=self.ask, methods=["GET"])
        app.add_url_rule(rule, endpoint="unsubscribe", view_func=self.act, methods=["POST"])

    def ask(self, token: str) -> Response:
        """Show what posting would do."""
        try:
            addresses.read(token)
        except addresses.NoSuchAddressError:
            return _page("Link not found", UNKNOWN, HTTPStatus.NOT_FOUND)
        return _page("Stop e-mails", ASK, HTTPStatus.OK, form=FORM)

    def act(self, token: str) -> Response:
        """End e-mails to the address that the token stands for."""
        try:
            command = Unsubscribe(address_digest=addresses.read(token))
        except addresses.NoSuchAddressError:
            return _page("Link not found", UNKNOWN, HTTPStatus.NOT_FOUND)
        told = uuid4()
        trace = Trace(
            correlation_id=told, causation_id=told, actor="person/unsubscribe", at=clock.now()
        )
        try:
            with self._sessions.begin() as session:
                unsubscribe(command, session=session, trace=trace)
        except SQLAlchemyError:
            log.exception("unsubscribe_not_kept")
            return _page("Try again later", LATER, HTTPStatus.SERVICE_UNAVAILABLE)
        log.info("unsubscribed")
        return _page("E-mails stopped", DONE, HTTPStatus.OK)


def _page(heading: str, words: str, status: HTTPStatus, *, form: str = "") -> Response:
    phone = ContactPoints.from_environment().phone
    text = PAGE.format(heading=heading, words=words, form=form, phone=phone)
    return Response(text, status=status, headers=HEADERS, mimetype="text/html")
