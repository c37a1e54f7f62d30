"""Everything that one running simulator holds."""

from dataclasses import dataclass
from typing import Self, cast

from flask import current_app

from simulators.clock import Clock
from simulators.notify.activity import ActivityLog
from simulators.notify.callbacks import CallbackSender
from simulators.notify.delivery import Delivery
from simulators.notify.faults import FaultPlan
from simulators.notify.limits import DailyLimit, RateLimit
from simulators.notify.message_store import MessageStore
from simulators.notify.replies import Replies
from simulators.notify.settings import Settings

EXTENSION = "notify-simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One service at Notify: its keys, its messages, and the faults planned for it."""

    settings: Settings
    clock: Clock
    store: MessageStore
    replies: Replies
    faults: FaultPlan
    rate_limit: RateLimit
    daily_limit: DailyLimit
    log: ActivityLog
    callbacks: CallbackSender
    delivery: Delivery

    @classmethod
    def start(cls, settings: Settings) -> Self:
        clock = Clock()
        log = ActivityLog(clock=clock)
        store = MessageStore(retention=settings.retention, clock=clock)
        callbacks = CallbackSender(settings=settings, log=log, clock=clock)
        return cls(
            settings=settings,
            clock=clock,
            store=store,
            replies=Replies(retention=settings.retention, clock=clock),
            faults=FaultPlan(seed=settings.seed),
            rate_limit=RateLimit(
                per_minute=settings.rate_limit, burst=settings.rate_burst, clock=clock
            ),
            daily_limit=DailyLimit(limits=settings.daily_limits, clock=clock),
            log=log,
            callbacks=callbacks,
            delivery=Delivery(store=store, callbacks=callbacks, clock=clock),
        )


def current_simulation() -> Simulation:
    """Find the simulation that the current request is for."""
    return cast("Simulation", current_app.extensions[EXTENSION])
