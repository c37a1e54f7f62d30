"""One card issuer: its memory, its time, its events, and how it asks."""

from dataclasses import dataclass

from simulators.card_issuer import known_faults
from simulators.card_issuer.asking import Asker
from simulators.card_issuer.clock import Clock
from simulators.card_issuer.events import Events
from simulators.card_issuer.idempotency import Idempotency
from simulators.card_issuer.mint import Mint
from simulators.card_issuer.programme import Programme
from simulators.card_issuer.settings import Settings
from simulators.card_issuer.signing import Signer
from simulators.card_issuer.store import Store
from simulators.delivery import Sender
from simulators.faults import Faults
from simulators.log import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """What every operation works on."""

    settings: Settings
    clock: Clock
    mint: Mint
    store: Store
    events: Events
    asker: Asker
    programme: Programme
    idempotency: Idempotency
    sender: Sender
    faults: Faults
    log: Log


def new_issuer(settings: Settings) -> Issuer:
    log, clock, store = Log(), Clock(), Store()
    mint = Mint(clock=clock, seed=settings.seed)
    faults = Faults(known=known_faults.KNOWN, variants=known_faults.VARIANTS, chance=mint.chance)
    sender = Sender(faults=faults, log=log, attempts=settings.delivery_attempts)
    programme = Programme(when_unanswered=settings.when_unanswered, clock=clock, faults=faults)
    return Issuer(
        settings=settings,
        clock=clock,
        mint=mint,
        store=store,
        events=Events(
            store=store,
            sender=sender,
            url=settings.events_url,
            signer=Signer(secret=settings.events_secret, faults=faults),
            mint=mint,
            faults=faults,
            programme=programme,
        ),
        asker=Asker(settings=settings, faults=faults, log=log, mint=mint, programme=programme),
        programme=programme,
        idempotency=Idempotency(),
        sender=sender,
        faults=faults,
        log=log,
    )
