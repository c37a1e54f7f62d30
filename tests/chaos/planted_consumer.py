"""A service that acknowledges what it has not done yet; run in a real one's place."""

import sys

from operations import runner
from shared.messaging.events import EventQueue

_settle_after = EventQueue._settle_after


def _acknowledge_first(self, message, *arguments):
    self.queue_consumer.acknowledge(message)
    _settle_after(self, message, *arguments)


EventQueue._settle_after = _acknowledge_first

if __name__ == "__main__":
    sys.exit(runner.main(sys.argv[1:]))
