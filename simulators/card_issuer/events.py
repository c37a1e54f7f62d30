"""Telling what happened: events are kept for whoever asks, and sent to the listener."""

from threading import Lock

from simulators.card_issuer import broken_events
from simulators.card_issuer.broken_events import encoded
from simulators.card_issuer.forms import Form
from simulators.card_issuer.mint import Mint
from simulators.card_issuer.objects import new_event
from simulators.card_issuer.programme import Programme
from simulators.card_issuer.signing import Signer
from simulators.card_issuer.store import PAGING, Store, Wire
from simulators.delivery import Delivery, Sender
from simulators.faults import Faults, Rule

KIND = "event"


def changes(before: Wire, after: Wire) -> Wire:
    """Keep from ``before`` what differs in ``after``: Stripe's previous_attributes."""
    return {name: value for name, value in before.items() if after[name] != value}


def card_of(wire: Wire) -> str | None:
    """Return the id of the card that an object is about, if it is about one."""
    if wire["object"] == "issuing.card":
        card_id: str = wire["id"]
        return card_id
    card = wire.get("card")
    return card["id"] if isinstance(card, dict) else card


class Events:
    """Every event since the start of the program."""

    def __init__(
        self,
        *,
        store: Store,
        sender: Sender,
        url: str,
        signer: Signer,
        mint: Mint,
        faults: Faults,
        programme: Programme,
    ) -> None:
        self._store = store
        self._sender = sender
        self._url = url
        self._signer = signer
        self._mint = mint
        self._faults = faults
        self._programme = programme
        self._newest: dict[str, Wire] = {}  # the last event about each object
        self._kept_back: list[Delivery] = []  # while the issuer is out
        self._lock = Lock()
        programme.on_return = self.tell_what_was_kept_back

    def retrieve(self, event_id: str) -> Wire:
        return self._store.read(KIND, event_id, param="id")

    def find(self, form: Form) -> Wire:
        """List events; ``delivery_success`` tells those that arrived from all others."""
        form.accept_only("type", "types", "delivery_success", *PAGING)
        types = form.list_of("types")
        arrived = None
        if "delivery_success" in form:
            arrived = form.truth("delivery_success", default=True)

        def fits(event: Wire) -> bool:
            return (
                form.asks_for(type=event["type"])
                and (not types or event["type"] in types)
                and arrived in {None, self._sender.has_arrived(event["id"])}
            )

        return self._store.page(KIND, url="/v1/events", form=form, fits=fits)

    def tell(self, event_type: str, wire: Wire, *, before: Wire | None = None) -> None:
        """Keep and send an event; ``before`` is the same object before it was changed."""
        previous = None if before is None else changes(before, wire)
        event = new_event(self._mint, event_type, wire, previous_attributes=previous)
        self._store.save(event)
        for body, most_attempts in self._broken_ones(event):
            self._send(event, body, most_attempts=most_attempts)
        sent = event
        if self._take("planted_number", event):
            sent = broken_events.with_planted_number(event)
        self._send(event, encoded(sent))
        self._send_stale_one(event)

    def send_again(self, event_id: str) -> Wire:
        """Send an event once more, as it was: what a programme asks for that missed it."""
        event = self.retrieve(event_id)
        self._send(event, encoded(event))
        return event

    def tell_what_was_kept_back(self) -> None:
        with self._lock:
            kept_back, self._kept_back = self._kept_back, []
        for delivery in kept_back:
            self._sender.send(delivery)

    def waiting(self) -> int:
        """Count the events that are on their way, held back or kept back."""
        with self._lock:
            return len(self._kept_back) + self._sender.waiting()

    def _broken_ones(self, event: Wire) -> list[tuple[bytes, int | None]]:
        """Return what is sent beside an event because a rule wants it: body, most attempts."""
        bodies: list[tuple[bytes, int | None]] = []
        if rule := self._take("malformed_event", event):
            bodies.append((broken_events.malformed(self._renamed(event), rule.variant), 1))
        if self._take("unknown_card", event):
            another = broken_events.about_unknown_card(self._renamed(event), self._mint)
            bodies.append((encoded(another), None))
        if "authorization" in event["data"]["object"] and self._take(
            "unknown_authorization", event
        ):
            another = broken_events.about_unknown_authorisation(self._renamed(event), self._mint)
            another["data"]["object"]["id"] = self._mint.new_id("ipi")
            bodies.append((encoded(another), None))
        return bodies

    def _send_stale_one(self, event: Wire) -> None:
        """Send the object's last snapshot but one again, as if it were news, where a rule says."""
        about = event["data"]["object"]["id"]
        with self._lock:
            older = self._newest.get(about)
            self._newest[about] = event
        if older is not None and self._take("stale_snapshot", event):
            self._send(older, encoded(self._renamed(older)), is_after_another=True)

    def _renamed(self, event: Wire) -> Wire:
        return {**event, "id": self._mint.new_id("evt")}

    def _take(self, fault: str, event: Wire) -> Rule | None:
        card = card_of(event["data"]["object"])
        return self._faults.take(fault, type=event["type"], card=card)

    def _send(
        self,
        event: Wire,
        body: bytes,
        *,
        most_attempts: int | None = None,
        is_after_another: bool = False,
    ) -> None:
        delivery = Delivery(
            url=self._url,
            event_id=event["id"],
            event_type=event["type"],
            body=body,
            sign=self._signer.sign,
            forge=self._signer.forge,
            card=card_of(event["data"]["object"]),
            most_attempts=most_attempts,
        )
        if self._programme.is_out():
            with self._lock:
                self._kept_back.append(delivery)
        elif is_after_another:
            self._sender.hold_back(delivery)
        else:
            self._sender.send(delivery)
