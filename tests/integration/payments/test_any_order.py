"""Whatever the network does, and however it is heard, a purchase ends in the same amounts.

A story is drawn: what a network does to one card, in its true order. One purchase hears it so. A
second hears the same in any order, with repetitions, and loses some of it, which is fetched at the
end: as events that could not be delivered, and as the authorisation's own newest view.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.payments.authorisations.claims import claims_on
from services.payments.disputes.models import Dispute
from services.payments.disputes.rules import UnknownPresentmentError
from services.payments.fetching import handlers as fetching
from services.payments.issuer_events import handlers as issuer_events
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState
from services.payments.presentments.models import Presentment
from shared.messaging.tables import Errand
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import Network

ACTS = (
    "increment",
    "give a part back",
    "finalise",
    "capture a part",
    "capture and close",
    "force",
    "expire",
    "give back",
    "refund",
    "refund of its own",
    "refund again",
    "refund taken back",
    "dispute",
    "credit",
    "take the credit back",
    "win",
    "lose",
)
pence = st.integers(min_value=1, max_value=60_00)
OFTEN = ("capture a part", "capture and close", "increment", "refund")
stories = st.lists(st.tuples(st.sampled_from(OFTEN + ACTS), pence), min_size=2, max_size=9)


@dataclass
class Issuer:
    """One authorisation at the issuer, and the events that it tells of it."""

    card: str
    ids: str
    amount: int
    reasons: list
    status: str = "pending"
    transactions: list = field(default_factory=list)
    events: list = field(default_factory=list)
    dispute: dict | None = None

    @property
    def authorisation(self):
        return f"iauth_{self.ids}"

    def view(self):
        return facts.an_authorisation(
            self.card,
            authorisation=self.authorisation,
            amount=self.amount,
            status=self.status,
            reasons=self.reasons,
            transactions=self.transactions,
        )

    def tell(self, kind, about):
        event_id = f"evt_{len(self.events)}x{self.ids}"
        self.events.append(facts.an_event(kind, about, event_id=event_id))

    def tell_view(self, kind="updated"):
        self.tell(f"issuing_authorization.{kind}", self.view())

    def move(self, amount, *, is_linked=True, kind=None):
        name = f"ipi_{len(self.events)}x{self.ids}"
        moved = facts.a_transaction(
            self.card,
            amount=amount,
            authorisation=self.authorisation if is_linked else None,
            transaction=name,
        )
        if kind is not None:
            moved["type"] = kind
        if is_linked:
            self.transactions = [*self.transactions, moved]
        self.tell("issuing_transaction.created", moved)
        return moved

    def captured(self):
        return [one for one in self.transactions if one["amount"] < 0 and one["type"] == "capture"]

    def tell_dispute(self, kind, **changed):
        self.dispute = {**self.dispute, **changed}
        self.tell(f"issuing_dispute.{kind}", self.dispute)

    def act(self, what, amount):  # noqa: C901, PLR0912 - one line for each thing that can happen
        is_pending = self.status == "pending"
        is_disputed = self.dispute is not None and self.dispute["status"] == "submitted"
        credited = self.dispute["balance_transactions"] if self.dispute else []
        match what:
            case "increment" if is_pending:
                self.amount += amount
                self.reasons = [*self.reasons, "webhook_approved"]
                self.tell_view()
            case "give a part back" if is_pending and amount < self.amount:
                self.amount -= amount
                self.tell_view()
            case "finalise" if is_pending:
                self.amount = amount
                self.tell_view()
            case "capture a part" if is_pending:
                self.move(-amount)
                self.tell_view()
            case "capture and close":  # also late: captures always succeed
                self.move(-amount)
                self.status = "closed"
                self.tell_view()
            case "force":
                self.move(-amount, is_linked=False)
            case "expire" if is_pending:
                self.status = "expired"
                self.tell_view()
            case "give back" if is_pending:
                self.status, self.amount = "reversed", 0
                self.tell_view()
            case "refund" | "refund again":
                self.move(amount)
            case "refund of its own":
                self.move(amount, is_linked=False)
            case "refund taken back":
                self.move(-amount, kind="refund")
            case "dispute" if self.dispute is None and self.captured():
                about = self.captured()[0]
                self.dispute = {
                    "id": f"idp_{self.ids}",
                    "transaction": about["id"],
                    "amount": -about["amount"],
                    "currency": "gbp",
                    "status": "submitted",
                    "balance_transactions": [],
                }
                self.tell_dispute("submitted")
            case "credit" if is_disputed and not credited:
                moved = [{"amount": self.dispute["amount"]}]
                self.tell_dispute("funds_reinstated", balance_transactions=moved)
            case "take the credit back" if is_disputed and len(credited) == 1:
                moved = [*credited, {"amount": -self.dispute["amount"]}]
                self.tell_dispute("funds_rescinded", balance_transactions=moved)
            case "win" if is_disputed:
                self.tell_dispute("closed", status="won")
            case "lose" if is_disputed:
                self.tell_dispute("closed", status="lost")


def played(net, story, *, amount, reason):
    """Return what the issuer has of a story, and every event it told."""
    issuer = Issuer(card=net.card, ids=net.ids, amount=amount, reasons=[reason])
    issuer.tell_view("created")
    for what, pence_of in story:
        issuer.act(what, pence_of)
    return issuer


def hear(net, event):
    """Hear an event; one about a capture that is not known yet is tried again later."""
    with suppress(UnknownPresentmentError):
        net.tell(event)


def try_again(net):
    """Apply what still waits, as the errands do."""
    with net.transaction() as session:
        waiting = session.scalars(
            select(IssuerEvent.event_id).where(IssuerEvent.state == EventState.WAITING)
        ).all()
    for event_id in waiting:
        with net.transaction() as session:
            issuer_events.apply(event_id, {}, session=session, trace=a_trace())


def fetch(net, issuer, *, lost=()):
    """Ask for what could not be delivered; for the newest view where two views leave a doubt."""
    with net.transaction() as session:
        for place in lost:
            issuer_events.keep(issuer.events[place], session=session, trace=a_trace())
    for _ in range(2):  # a dispute may be read before its capture
        with suppress(UnknownPresentmentError):
            try_again(net)
    try_again(net)
    with net.transaction() as session:
        doubts = select(Errand.arguments).where(Errand.kind == fetching.FETCH_AUTHORISATION)
        asked_for = [about["authorisation_id"] for about in session.scalars(doubts)]
    if issuer.authorisation not in asked_for:
        return
    with net.transaction() as session:
        answer = {"object": issuer.view(), "read_at": a_trace().at.timestamp() + 1}
        about = {"authorisation_id": issuer.authorisation}
        fetching.record_authorisation(answer, about, session=session, trace=a_trace())
    try_again(net)


def ends_in(net):
    now = net.now()
    return {
        "held": now.held_pence,
        "posted": now.posted_pence,
        "captured": now.captured_pence,
        "unmatched": now.unmatched_pence,
        "disputed": now.disputed_pence,
        "reinstated": now.reinstated_pence,
    }


def see_that_it_adds_up(net):
    """See that the amounts add up, as far as this service's own tables can say."""
    with net.transaction() as session:
        moved = session.scalars(
            select(Presentment).where(Presentment.purchase_id == net.purchase_id)
        ).all()
        claimed = claims_on(session, net.purchase_id)
        disputes = session.scalars(
            select(Dispute).where(Dispute.purchase_id == net.purchase_id)
        ).all()
    now = net.now()
    # What the purchase has cost, less what nobody has placed, is what the network moved.
    network_pence = sum(
        (-1 if one.is_refund else 1) * one.amount_pence - one.won_back_pence for one in moved
    )
    assert now.posted_pence - now.unmatched_pence == network_pence
    # What is reserved is what the purchase wants and what shops may still claim.
    assert now.held_pence >= claimed.outstanding_pence
    assert now.held_pence in {claimed.outstanding_pence, now.amount_pence - now.captured_pence}
    # Provisional credits are apart, and no part of what is posted or held.
    assert now.reinstated_pence == sum(one.reinstated_pence for one in disputes)
    assert min(now.held_pence, now.posted_pence, now.unmatched_pence) >= 0


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    story=stories,
    amount=pence,
    reason=st.sampled_from(("webhook_approved", "network_fallback")),
    drawn=st.data(),
)
def test_any_order_repetition_or_loss_then_fetched_ends_in_the_same(
    *, with_card, transaction, client, told, story, amount, reason, drawn
):
    def a_network():
        purchase_id, card = with_card()
        return Network(transaction=transaction, client=client, purchase_id=purchase_id, card=card)

    straight, crooked = a_network(), a_network()
    one = played(straight, story, amount=amount, reason=reason)
    other = played(crooked, story, amount=amount, reason=reason)

    for event in one.events:
        hear(straight, event)
        see_that_it_adds_up(straight)
    fetch(straight, one)

    lost = drawn.draw(st.sets(st.integers(0, len(other.events) - 1), max_size=2))
    there = [event for place, event in enumerate(other.events) if place not in lost]
    heard = [*there]
    drawn.draw(st.randoms(use_true_random=False)).shuffle(heard)
    again = drawn.draw(st.lists(st.sampled_from(there), max_size=3)) if there else []
    for event in [*heard, *again]:
        hear(crooked, event)
        see_that_it_adds_up(crooked)
    fetch(crooked, other, lost=lost)
    see_that_it_adds_up(crooked)

    assert ends_in(crooked) == ends_in(straight)
    changes = told("purchase_amounts_changed", purchase_id=crooked.purchase_id)
    assert [change["version"] for change in changes] == list(range(1, len(changes) + 1))
