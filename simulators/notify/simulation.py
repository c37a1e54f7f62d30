"""Everything that one running simulator holds."""

from dataclasses import dataclass
from typing import Self, cast

from flask import current_app

from simulators.notify.activity import ActivityLog
from simulators.notify.callbacks import CallbackSender
from simulators.notify.delivery import Delivery
from simulators.notify.faults import FaultPlan
from simulators.notify.message_store import MessageStore
from simulators.notify.settings import Settings

EXTENSION = "notify-simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One service at Notify: its keys, its messages, and the faults planned for it."""

    settings: Settings
    store: MessageStore
    faults: FaultPlan
    log: ActivityLog
    delivery: Delivery

    @classmethod
    def start(cls, settings: Settings) -> Self:
        log = ActivityLog()
        store = MessageStore()
        callbacks = CallbackSender(settings=settings, log=log)
        return cls(
            settings=settings,
            store=store,
            faults=FaultPlan(),
            log=log,
            delivery=Delivery(store=store, callbacks=callbacks),
        )


def current_simulation() -> Simulation:
    """Find the simulation that the current request is for."""
    return cast("Simulation", current_app.extensions[EXTENSION])
