"""The errands program in which those who reach the crash point wait there for the last one.

So that all of them are at the same place when the process ends, each with a fault of its own.
"""

import sys
import threading

from operations import errand_runner
from shared.messaging import crash

end_at_the_last = crash.point


def point(name):
    end_at_the_last(name)
    if name == crash._POINT:
        threading.Event().wait()


if __name__ == "__main__":
    crash.point = point
    sys.exit(errand_runner.main(sys.argv[1:]))
