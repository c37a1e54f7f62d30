"""What the card network does to one purchase, said in a line each, for tables of tests."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from services.payments.authorisations.rules import UnknownCardError
from services.payments.cards.handlers import close_card
from services.payments.disputes import handlers as disputes
from services.payments.disputes.commands import OpenDispute, SubmitDispute
from services.payments.disputes.rules import Reason
from services.payments.entitlements.models import LiveBudget
from services.payments.exceptions.models import RaisedException
from services.payments.fetching import handlers as fetching
from services.payments.fetching import queries as due
from services.payments.issuer_events import handlers as issuer_events
from services.payments.matching import handlers as matching
from services.payments.matching.commands import MatchMoney
from services.payments.purchases.models import Purchase
from shared import clock
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

REQUESTS = "/webhooks/issuer/authorizations"


@dataclass
class Network:
    """One purchase of 35 pounds, its card, and all who speak of it."""

    transaction: object
    client: object
    purchase_id: UUID
    card: str
    ids: str = field(default_factory=lambda: uuid4().hex)  # so that no two stories share one
    answers: list = field(default_factory=list)

    def name(self, what):
        """Return an id in the issuer's form: any other of so many digits may be a card number."""
        if what is None:
            return None
        kind, _, which = what.partition("_")
        return f"{kind}_{which.replace('_', '')}x{self.ids}"

    def tell(self, document):
        """Keep an event and apply it, as the errand does."""
        with self.transaction() as session:
            issuer_events.keep(document, session=session, trace=a_trace())
        with self.transaction() as session:
            issuer_events.apply(document["id"], {}, session=session, trace=a_trace())

    def now(self):
        with self.transaction() as session:
            return session.get_one(Purchase, self.purchase_id)

    def raised(self):
        """Return kind and pence of what somebody has to look at, in alphabetical order."""
        with self.transaction() as session:
            found = session.execute(
                select(RaisedException.kind, RaisedException.amount_pence).where(
                    RaisedException.purchase_id == self.purchase_id
                )
            )
            return sorted((row.kind.value, row.amount_pence) for row in found)


def asks(amount, *, authorisation="iauth_1", requests=0, event=None, category="8299"):
    """The network asks whether the card may pay: an increment, where it was asked before."""

    def do(net):
        document = facts.a_request(
            net.card,
            authorisation=net.name(authorisation),
            amount=amount,
            requests=requests,
            category_code=category,
            event_id=net.name(event) if event else None,
        )
        secret = facts.SETTINGS.issuer_authorisations_secret
        answer = net.client.post(REQUESTS, **facts.of_the_issuer(document, secret=secret))
        net.answers.append(answer.json["approved"])

    return do


def _authorisation(net, *, authorisation="iauth_1", transactions=(), **said):
    listed = [made(net) for made in transactions]
    return facts.an_authorisation(
        net.card, authorisation=net.name(authorisation), transactions=listed, **said
    )


def created(**said):
    return lambda net: net.tell(
        facts.an_event("issuing_authorization.created", _authorisation(net, **said))
    )


def updated(**said):
    return lambda net: net.tell(
        facts.an_event("issuing_authorization.updated", _authorisation(net, **said))
    )


def declined(reason="webhook_declined", **said):
    return created(approved=False, status="closed", reasons=[reason], **said)


def money(amount, *, authorisation="iauth_1", named="ipi_1", **said):
    """A transaction, below 0 a capture: as a part of an authorisation, or to be told alone."""

    def made(net):
        return (
            facts.a_transaction(
                net.card,
                amount=amount,
                authorisation=net.name(authorisation),
                transaction=net.name(named),
            )
            | said
        )

    return made


def takes(amount, **said):
    """A capture is told."""
    made = money(-amount, **said)
    return lambda net: net.tell(facts.an_event("issuing_transaction.created", made(net)))


def returns(amount, *, named="ipi_back", **said):
    """A refund is told."""
    made = money(amount, named=named, **said)
    return lambda net: net.tell(facts.an_event("issuing_transaction.created", made(net)))


def refund_taken_back(amount, *, named="ipi_again"):
    made = money(-amount, named=named, type="refund")
    return lambda net: net.tell(facts.an_event("issuing_transaction.created", made(net)))


def card_closed(net):
    with net.transaction() as session:
        purchase = session.get_one(Purchase, net.purchase_id)
        close_card(purchase, session=session, trace=a_trace())


def budget_over(net):
    with net.transaction() as session:
        session.execute(delete(LiveBudget))


def looked_at_after(minutes, *, finds):
    """Time passes; what is silent is asked for, and the issuer has this, or nothing."""

    def do(net):
        at = max(TUESDAY_AT_TEN, clock.now()) + timedelta(minutes=minutes)
        with net.transaction() as session:
            silent = [
                one for one in due.silent(at, session=session) if net.ids in one.authorisation_id
            ]
        assert silent, "nothing was silent for so long"
        for command in silent:
            with net.transaction() as session:
                fetching.ask_for(command, session=session, trace=a_trace(at=at))
            fetched(finds, authorisation_id=command.authorisation_id, at=at)(net)

    return do


def fetched(finds, *, authorisation_id=None, at=TUESDAY_AT_TEN):
    """An errand has asked the issuer for an authorisation, and brings this."""

    def do(net):
        found = _authorisation(net, **finds) if finds is not None else None
        arguments = {"authorisation_id": authorisation_id or net.name("iauth_1")}
        answer = {"object": found, "read_at": at.timestamp()}
        with net.transaction() as session:
            known = set(session.scalars(select(_events.event_id)))
            fetching.record_authorisation(answer, arguments, session=session, trace=a_trace())
        with net.transaction() as session:
            for event_id in session.scalars(select(_events.event_id)).all():
                if event_id not in known:
                    issuer_events.apply(event_id, {}, session=session, trace=a_trace())

    return do


_events = issuer_events.IssuerEvent


def disputed(*, named="ipi_1", sent=True):
    """A broker asks for the money back."""

    def do(net):
        dispute_id = UUID(net.ids)
        command = OpenDispute(
            dispute_id=dispute_id,
            purchase_id=net.purchase_id,
            presentment_id=net.name(named),
            reason=Reason.NOT_RECEIVED,
            words="It was paid for and did not come",
            evidence=["order-1.pdf"],
            opened_by=uuid4(),
        )
        with net.transaction() as session:
            disputes.open_dispute(command, session=session, trace=a_trace())
        if sent:
            submit = SubmitDispute(dispute_id=dispute_id, submitted_by=uuid4())
            with net.transaction() as session:
                disputes.submit_dispute(submit, session=session, trace=a_trace())

    return do


def dispute(kind, *, status, amount=35_00, moved=(), named="ipi_1", loss_reason=None):
    """The issuer tells of a dispute: what it has credited and taken back until then."""

    def do(net):
        about = {
            "id": net.name("idp_1"),
            "transaction": net.name(named),
            "amount": amount,
            "currency": "gbp",
            "status": status,
            "loss_reason": loss_reason,
            "balance_transactions": [{"amount": pence} for pence in moved],
        }
        net.tell(facts.an_event(f"issuing_dispute.{kind}", about))

    return do


def matched(*, named="ipi_back", to=None, is_refund=True):
    """A person says where it belongs; to this purchase, if to no other."""

    def do(net):
        command = MatchMoney(
            presentment_id=net.name(named),
            is_refund=is_refund,
            purchase_id=to or net.purchase_id,
            matched_by=uuid4(),
            reason="The shop says so",
        )
        with net.transaction() as session:
            matching.match_money(command, session=session, trace=a_trace())

    return do


def on_unknown_card(step):
    """The same on a card that is none of ours, until the errand has no tries left."""

    def do(net):
        there = Network(
            transaction=net.transaction,
            client=net.client,
            purchase_id=net.purchase_id,
            card=f"ic_unknown{net.ids}",
            ids=net.ids,
        )
        try:
            step(there)
        except UnknownCardError:
            with net.transaction() as session:
                waiting = session.scalars(
                    select(_events.event_id).where(_events.state == "waiting")
                ).all()
            for event_id in waiting:
                with net.transaction() as session:
                    about = {"event_id": event_id}
                    issuer_events.not_applied("x", about, session=session, trace=a_trace())

    return do
