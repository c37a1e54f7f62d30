"""What the tests of payments do again and again."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.payments import web
from services.payments.approvals import payees as payee_approvals
from services.payments.card_policies import handlers as policies
from services.payments.card_policies.commands import ConfirmCardPolicy
from services.payments.entitlements import subscribers as entitlements
from services.payments.holds import subscribers as holds
from services.payments.limits import handlers as limits
from services.payments.payees import handlers as payees
from services.payments.payees.commands import ConfirmPayee
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.requesting import handlers as asking
from shared.contracts import catalogue
from shared.messaging.tables import Errand, OutboxMessage
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import Network


@pytest.fixture
def hear(transaction):
    """Give an event to a subscriber, in a transaction of its own."""

    def hear_one(subscriber, event):
        with transaction() as session:
            subscriber(event, session=session, trace=a_trace())

    return hear_one


@pytest.fixture
def carry_out(transaction):
    """Give a command to a handler, in a transaction of its own."""

    def carry_out_one(handler, command, *, trace=None):
        with transaction() as session:
            return handler(command, session=session, trace=trace or a_trace())

    return carry_out_one


@pytest.fixture
def broker_id():
    return uuid4()


@pytest.fixture
def a_payee_is_known(carry_out):
    """Write down whom the bank pays for a person, and have a second person confirm them."""

    def write_down(person_id, *, name="Riding School"):
        payee = facts.a_payee(name=name, person_id=person_id)
        carry_out(payees.add_payee, payee)
        confirmed = ConfirmPayee(payee_id=payee.payee_id, details_version=1, confirmed_by=uuid4())
        carry_out(payee_approvals.confirm_payee, confirmed)

    return write_down


@pytest.fixture
def known_plan(hear, broker_id, a_payee_is_known):
    """Let a plan, its live budget and the person's broker arrive, with payees that can be paid."""

    def arrive(*items, colleagues=(), with_payees=True):
        plan = facts.a_plan(*(items or [facts.an_item()]))
        hear(entitlements.plan_approved, plan)
        hear(entitlements.budget_activated, facts.a_live_budget(plan))
        team = facts.a_care_team(plan.person_id, facts.a_member(broker_id), *colleagues)
        hear(entitlements.care_team_changed, team)
        names = {item.payee for item in plan.items if item.rail != "card" and with_payees}
        for name in names:
            a_payee_is_known(plan.person_id, name=name)
        return plan

    return arrive


@pytest.fixture
def ask(broker_id):
    """Make a request for a purchase of a plan's first item."""

    def command(plan, **changed):
        return RequestPurchase(
            **{
                "purchase_id": uuid4(),
                "budget_id": plan.budget_id,
                "item_id": plan.items[0].item_id,
                "amount_pence": plan.items[0].unit_cost_pence,
                "requested_by": broker_id,
                "instruction": "Please book my lessons",
                "is_not_a_repeat": True,
                "not_a_repeat_because": "Each lesson is a purchase",
                **changed,
            }
        )

    return command


@pytest.fixture
def requested(known_plan, ask, carry_out):
    """Ask for a purchase on a rail; returns its id."""

    def request(rail="card", **changed):
        command = ask(known_plan(facts.an_item(rail=rail, **changed)))
        carry_out(asking.request_purchase, command)
        return command.purchase_id

    return request


@pytest.fixture
def held(requested, hear):
    """Ask for a purchase and let the ledger hold its money."""

    def hold(rail="card", **changed):
        purchase_id = requested(rail, **changed)
        amount_pence = changed.get("unit_cost_pence", 35_00)
        hear(holds.hold_placed, facts.placed(purchase_id, held_pence=amount_pence))
        return purchase_id

    return hold


@pytest.fixture
def with_card(held, transaction):
    """Ask for a purchase up to its card; returns its id and the issuer's id of the card."""

    def issue(**changed):
        purchase_id = held(**changed)
        card = f"ic_{uuid4().hex}"
        with transaction() as session:
            facts.record_card(session, purchase_id, card)
        return purchase_id, card

    return issue


@pytest.fixture
def in_force(carry_out):
    """Set a card policy, and have a second person confirm it if it lets cards do more."""

    def set_and_confirm(policy):
        if not carry_out(policies.set_card_policy, policy)["counts"]:
            confirming = ConfirmCardPolicy(policy_id=policy.policy_id, confirmed_by=uuid4())
            assert carry_out(policies.confirm_card_policy, confirming)["counts"]

    return set_and_confirm


@pytest.fixture
def limited(carry_out):
    """Set a limit, and have a second person confirm it if it lets its role do more."""

    def set_and_confirm(limit):
        if not carry_out(limits.set_spending_limit, limit)["counts"]:
            assert carry_out(limits.confirm_spending_limit, facts.confirming(limit))["counts"]

    return set_and_confirm


@pytest.fixture
def now(transaction):
    """Look at a purchase as it is now."""

    def look(purchase_id):
        with transaction() as session:
            return session.get_one(Purchase, purchase_id)

    return look


@pytest.fixture
def told(transaction):
    """Return the data of the events of one kind told so far, in order."""

    def of_kind(name, *, purchase_id=None):
        with transaction() as session:
            bodies = session.scalars(
                select(OutboxMessage.body)
                .where(OutboxMessage.event_type == f"payments.{name}.v1")
                .order_by(OutboxMessage.position)
            )
            return [
                data
                for data in map(catalogue.data_of, bodies)
                if purchase_id is None or data["purchase_id"] == str(purchase_id)
            ]

    return of_kind


@pytest.fixture
def errands(transaction):
    """Return the arguments of the errands of one kind."""

    def of_kind(kind):
        with transaction() as session:
            asked = select(Errand.arguments).where(Errand.kind == kind)
            return list(session.scalars(asked.order_by(Errand.created_at)))

    return of_kind


@pytest.fixture
def count(transaction):
    def rows(table):
        with transaction() as session:
            return session.scalar(select(func.count()).select_from(table))

    return rows


@pytest.fixture
def client(transaction):
    """Call the web application as the issuer and the bank do."""
    return web.app_on(transaction, settings=facts.SETTINGS).test_client()


@pytest.fixture
def network(with_card, transaction, client):
    """One purchase of 35 pounds with a card, and what the network does to it."""
    purchase_id, card = with_card()
    return Network(transaction=transaction, client=client, purchase_id=purchase_id, card=card)


@pytest.fixture
def another_network(with_card, transaction, client):
    """A second one."""
    purchase_id, card = with_card()
    return Network(transaction=transaction, client=client, purchase_id=purchase_id, card=card)
