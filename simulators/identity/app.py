"""The simulator as a Flask application; one gunicorn worker, because the state is in memory."""

import os

from flask import Flask

from simulators.control import control_routes
from simulators.identity import errors
from simulators.identity.back_routes import back_routes
from simulators.identity.front_routes import front_routes
from simulators.identity.provider import Provider
from simulators.identity.settings import Settings
from simulators.identity.sim_routes import sim_routes


def create_app() -> Flask:
    """Build the application from the environment.

    Raises:
        KeyError: a setting is missing.
        ValueError: a setting, a key or a user is malformed.
        OSError: the file of users cannot be read.
    """
    provider = Provider.of(Settings.from_environment(os.environ))
    app = Flask(__name__)
    errors.register(app)
    app.register_blueprint(control_routes(faults=provider.faults, log=provider.log))
    for routes in (sim_routes, front_routes, back_routes):
        app.register_blueprint(routes(provider))
    return app
