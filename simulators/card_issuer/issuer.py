"""One card issuer: its memory, its events, and how it asks."""

from dataclasses import dataclass

from simulators.card_issuer.asking import Asker
from simulators.card_issuer.events import Events
from simulators.card_issuer.idempotency import Idempotency
from simulators.card_issuer.settings import Settings
from simulators.card_issuer.store import Store
from simulators.delivery import Sender
from simulators.faults import DELIVERY_FAULTS, Faults
from simulators.log import Log

KNOWN_FAULTS = DELIVERY_FAULTS | {"late_answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """What every operation works on."""

    settings: Settings
    store: Store
    events: Events
    asker: Asker
    idempotency: Idempotency
    sender: Sender
    faults: Faults
    log: Log


def new_issuer(settings: Settings) -> Issuer:
    log = Log()
    faults = Faults(known=KNOWN_FAULTS)
    store = Store()
    sender = Sender(faults=faults, log=log, attempts=settings.delivery_attempts)
    return Issuer(
        settings=settings,
        store=store,
        events=Events(
            store=store, sender=sender, url=settings.events_url, secret=settings.events_secret
        ),
        asker=Asker(settings=settings, faults=faults, log=log),
        idempotency=Idempotency(),
        sender=sender,
        faults=faults,
        log=log,
    )
