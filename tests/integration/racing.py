"""Many at the same moment, each in a thread of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from shared.messaging.holding import holding

AT_ONCE = 32  # as many race for one budget, one key, one hold or one period


def all_at_once(acts):
    """Do all of it at the same moment, and return what came of each.

    Who is the victim of a deadlock tries again, as whatever the service is asked does.
    """
    barrier = Barrier(len(acts))

    def act_with_the_others(act):
        barrier.wait(timeout=10)
        return holding(act, is_stopping=lambda: True)

    with ThreadPoolExecutor(len(acts)) as threads:
        return [
            future.result(timeout=60)
            for future in [threads.submit(act_with_the_others, act) for act in acts]
        ]
