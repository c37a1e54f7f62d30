"""A plain nameko service, as its documentation shows one; run as a program by the tests.

It shows what we override: each test that ours passes, it must fail.
"""

import eventlet

eventlet.monkey_patch()

import logging  # noqa: E402
import sys  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402


class CommitsAtTheEnd(DependencyProvider):
    """Commits when the worker is done, as the published extensions do."""

    def worker_result(self, worker_ctx, result=None, exc_info=None):
        if worker_ctx.args and worker_ctx.args[0] == "commit_fails":
            raise RuntimeError("the database refused the commit")


class PlainService:
    name = "plain"
    commits = CommitsAtTheEnd()
    dispatch = EventDispatcher()

    @event_handler("budget", "hold_placed")
    def on_hold_placed(self, payload):
        self.dispatch("purchase_cancelled", {})
        if payload == "raises":
            raise RuntimeError("the name of a person")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    container = ServiceContainer(PlainService, {"AMQP_URI": sys.argv[1]})
    container.start()
    sys.stdout.write("service_started\n")
    sys.stdout.flush()
    container.wait()
