"""The simulator as a Flask application that runs its mail server; one gunicorn worker."""

import os

from flask import Flask, jsonify, render_template_string, request
from flask.typing import ResponseReturnValue

from simulators.control import control_routes
from simulators.faults import Faults
from simulators.log import Log
from simulators.mail import server
from simulators.mail.mailbox import Letter, Mailbox
from simulators.mail.settings import Settings

MOST_SHOWN = 200

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox - mail simulator</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #0b0c0c; background: #f3f2f1; }
article { max-width: 42rem; margin-bottom: 1.5rem; padding: 1.5rem; background: #fff;
  border: 1px solid #b1b4b6; overflow-wrap: anywhere; }
article p { white-space: pre-line; }
h2 { margin: .5rem 0; font-size: 1.2rem; }
</style>
</head>
<body>
<h1>E-mails that came in</h1>
<p>A simulator of a mail server: nothing here was sent on. Newest first.</p>
{% for letter in letters %}
<article>
<div>From {{ letter.message["From"] }} to {{ letter.recipients | join(", ") }}</div>
<h2>{{ letter.message["Subject"] }}</h2>
<p>{{ letter.body }}</p>
</article>
{% else %}<p>None.</p>{% endfor %}
</body>
</html>
"""


def create_app() -> Flask:
    """Build the application from the environment, and start its mail server.

    Raises:
        KeyError: ``MAIL_SMTP_ADDRESS`` is not set.
        ValueError: a setting is malformed.
        OSError: the port is taken, or the certificate cannot be read.
    """
    mailbox, faults, log = Mailbox(), Faults(known=server.FAULTS), Log()
    settings = Settings.from_environment(os.environ)
    app = Flask(__name__)
    app.extensions["mail-server"] = server.start(settings, mailbox=mailbox, faults=faults, log=log)
    app.register_blueprint(control_routes(faults=faults, log=log))

    def asked_for() -> list[Letter]:
        only = request.args.get
        return mailbox.found(to=only("to"), message_id=only("message_id"))

    @app.get("/_inbox.json")
    def list_inbox() -> ResponseReturnValue:
        return jsonify([letter.as_wire() for letter in asked_for()])

    @app.get("/_inbox")
    def show_inbox() -> ResponseReturnValue:
        return render_template_string(PAGE, letters=asked_for()[: -MOST_SHOWN - 1 : -1])

    return app
