"""Every type of message that a partner can be allowed to send."""

from collections.abc import Mapping

from services.partners.catalogue.rules import Incoming
from services.partners.consent import wire as consent_wire
from services.partners.crises import wire as crises_wire
from services.partners.life_events import wire as life_events_wire
from services.partners.money import wire as money_wire
from services.partners.needs import wire as needs_wire
from services.partners.referrals import wire as referrals_wire
from services.partners.replays import wire as replays_wire
from services.partners.reviews import wire as reviews_wire

INCOMING: Mapping[str, Incoming] = {
    one.name: one
    for wire in (
        referrals_wire,
        consent_wire,
        needs_wire,
        money_wire,
        life_events_wire,
        crises_wire,
        reviews_wire,
        replays_wire,
    )
    for one in wire.INCOMING
}
