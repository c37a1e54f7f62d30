"""Plain nameko services, as its documentation shows them; run as programs by the tests.

They show what we override: each test that ours passes, they must fail.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.contextdata import UserId  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.rpc import RpcProxy, rpc  # noqa: E402
from nameko.timer import timer  # noqa: E402
from nameko.web.handlers import http  # noqa: E402


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


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


class Held:
    """Works until the file is there that its message names."""

    name = "plain"

    @event_handler("budget", "hold_placed")
    def on_hold_placed(self, path):
        say("work_begun")
        while not Path(path).exists():
            eventlet.sleep(0.01)
        say("work_done")


class HeldTwice(Held):
    """The same, and a second listener to the same event."""

    also_on_hold_placed = event_handler("budget", "hold_placed")(
        lambda self, path: self.on_hold_placed(path)
    )


class TimesOut:
    name = "plain"

    @event_handler("budget", "hold_placed")
    def on_hold_placed(self, payload):
        raise eventlet.Timeout


class Requeues:
    name = "plain"

    @event_handler("budget", "hold_placed", requeue_on_error=True)
    def on_hold_placed(self, payload):
        say("work_begun")
        raise RuntimeError("the name of a person")


class AwayDatabase(DependencyProvider):
    def get_dependency(self, worker_ctx):
        raise RuntimeError("the database is away")


class NeedsADatabase(PlainService):
    database = AwayDatabase()


class BelievesHeaders:
    name = "plain"
    user = UserId()

    @event_handler("budget", "hold_placed")
    def on_hold_placed(self, payload):
        say(f"this is {self.user}")


class Answers:
    name = "other"

    @rpc
    def look_up(self, *args, **kwargs):
        say("looked_up")


class Asks:
    name = "plain"
    other = RpcProxy("other")

    @event_handler("budget", "hold_placed")
    def on_hold_placed(self, payload):
        self.other.look_up()


class Ticks:
    name = "plain"

    @timer(interval=3600, eager=True)
    def tick(self):
        say("ticked")


class Web:
    name = "plain"

    @http("POST", "/")
    def fails(self, request):
        raise RuntimeError(f"943 476 5919 after {len(request.get_data())} bytes")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    container = ServiceContainer(globals()[sys.argv[1]], json.loads(sys.argv[2]))
    signal.signal(signal.SIGTERM, lambda *_signal: eventlet.spawn(container.stop))
    container.start()
    say("service_started")
    container.wait()
