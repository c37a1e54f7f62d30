"""How the programs of a service end: in order, and by force when that takes too long."""

import os
import signal
from collections.abc import Callable

STOP_WITHIN_SECONDS = int(os.environ.get("COMMONPURSE_STOP_WITHIN_SECONDS", "25"))


def stop_on_signal(stop: Callable[[], None]) -> None:
    """Call ``stop`` at the first SIGTERM or SIGINT, and see to it that the process then ends.

    The kernel ends it by SIGALRM when it has not ended in time: also while the broker is
    away, or a handler never returns, or nothing of Python runs at all. Every piece of work is
    one transaction, so nothing is half done afterwards.
    """

    def begin(*_signal: object) -> None:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(STOP_WITHIN_SECONDS)
        stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, begin)
