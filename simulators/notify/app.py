"""The simulator as a Flask application; one gunicorn worker, because the state is in memory."""

import os

from flask import Flask

from simulators.notify import errors, message_routes, template_routes
from simulators.notify.control_routes import control
from simulators.notify.settings import Settings
from simulators.notify.simulation import EXTENSION, Simulation


def create_app() -> Flask:
    """Build the application from the environment.

    Raises:
        KeyError: ``NOTIFY_API_KEY`` is not set.
        ValueError: a setting is malformed.
    """
    app = Flask(__name__)
    app.extensions[EXTENSION] = Simulation.start(Settings.from_environment(os.environ))
    errors.register(app)
    app.register_blueprint(message_routes.messages_api)
    app.register_blueprint(template_routes.templates_api)
    app.register_blueprint(control)
    return app
