"""Services that break a promise, to see whether the checks find out.

``early-ack``: budget acknowledges an event before it has committed its work.
``early-mark``: payments' relay marks events as published before the broker has them.
"""

from tests.chaos.house import House, Program

MODULES = {
    "early-ack": ("budget", "tests.chaos.planted_consumer"),
    "early-mark": ("payments-relay", "tests.chaos.planted_relay"),
}


def plant(house: House, which: str) -> Program:
    """Let the planted program take the place of the real one, from its next start on."""
    name, module = MODULES[which]
    program = house.programs[name]
    program.module = module
    return program
