"""What assessment, budget, the issuer and the bank say, with what a test changes of it."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import standardwebhooks
import stripe
from sqlalchemy import select
from stripe import WebhookSignature

from services.payments.card_policies.commands import SetCardPolicy
from services.payments.cards import issuing
from services.payments.cards.models import Card
from services.payments.limits.commands import ConfirmSpendingLimit, SetSpendingLimit
from services.payments.payees.commands import AddPayee
from services.payments.payees.rules import Relationship
from services.payments.purchases.models import Purchase
from services.payments.requesting.handlers import request_purchase as _request_purchase
from services.payments.settings import PaymentsSettings
from shared.contracts.assessment.people import (
    CareTeamChanged,
    TeamMember,
)
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
)
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.holds import (
    HoldCaptured,
    HoldExpired,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
    RefundPosted,
)
from shared.settings import ServiceSettings
from tests.factories import TUESDAY_AT_TEN, a_trace

SETTINGS = PaymentsSettings(
    service=ServiceSettings(database_url="", broker_url="", wake_directory=""),
    issuer_url="http://127.0.0.1:1",
    issuer_api_key="sk_test_1",
    issuer_authorisations_secret="whsec_authorisations",
    issuer_events_secret="whsec_events",
    bank_url="http://127.0.0.1:1",
    bank_api_key="bank-key",
    bank_webhook_secret="whsec_" + base64.b64encode(b"a secret of the bank").decode(),
    receipts_directory="/nowhere",
)


def an_item(**changed):
    return ApprovedItem(
        **{
            "item_id": uuid4(),
            "description": "Riding lessons",
            "category": "activity",
            "unit_cost_pence": 35_00,
            "occurrences": 2,
            "rail": "card",
            "payee": "Riding School",
            "merchant_category_code": "8299",
            "payer": "joint",
            **changed,
        }
    )


def a_policy(**changed):
    return SetCardPolicy(
        **{
            "policy_id": uuid4(),
            "tolerance_basis_points": 1_000,
            "tolerance_cap_pence": 5_00,
            "allowed_countries": None,
            "locks_at_issuer": False,
            "payments_of_a_card": 4,
            "close_after_days": 14,
            "applies_from": TUESDAY_AT_TEN.date(),
            "set_by": uuid4(),
            "why": "Prices of lessons vary",
        }
        | changed
    )


def a_limit(**changed):
    """Twice what a broker may ask for alone until a place sets its own."""
    return SetSpendingLimit(
        **{
            "role": "broker",
            "from_on": TUESDAY_AT_TEN.date(),
            "asks_up_to_pence": 1_000_00,
            "approves_up_to_pence": 0,
            "counts_for_days": 30,
            "set_by": uuid4(),
            "reason": "The partners agreed",
        }
        | changed
    )


def confirming(limit, by=None):
    return ConfirmSpendingLimit(role=limit.role, from_on=limit.from_on, confirmed_by=by or uuid4())


def a_payee(**changed):
    return AddPayee(
        **{
            "payee_id": uuid4(),
            "name": "Riding School",
            "person_id": uuid4(),
            "relationship": Relationship.SUPPLIER,
            "is_same_household": False,
            "sort_code": "200000",
            "account_number": "12345678",
            "added_by": uuid4(),
            **changed,
        }
    )


def a_plan(*items, **changed):
    return PlanApproved(
        **{
            "occurred_at": TUESDAY_AT_TEN,
            "plan_id": uuid4(),
            "person_id": uuid4(),
            "version": 1,
            "budget_id": uuid4(),
            "legal_basis": "local_offer",
            "total_pence": sum(item.total_pence for item in items),
            "decided_by_rung": "team_manager",
            "items": list(items),
            **changed,
        }
    )


def a_member(staff_id, *, role="broker"):
    return TeamMember(
        staff_id=staff_id,
        role=role,
        name="Bo O'Broker 🦊 the Second of That Name",
        organisation="x",
    )


def a_care_team(person_id, *members, version=1):
    return CareTeamChanged(
        occurred_at=TUESDAY_AT_TEN, person_id=person_id, version=version, members=list(members)
    )


def a_live_budget(plan, *, version=1):
    return BudgetActivated(
        occurred_at=TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        version=version,
        plan_id=plan.plan_id,
        person_id=plan.person_id,
        available_pence=70_00,
    )


def placed(purchase_id, *, held_pence=35_00, version=1, expires_at=None):
    return HoldPlaced(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        version=version,
        budget_id=uuid4(),
        held_pence=held_pence,
        available_pence=35_00,
        expires_at=expires_at or TUESDAY_AT_TEN + timedelta(days=30),
    )


def refused(purchase_id):
    return HoldRefused(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        budget_id=uuid4(),
        code="insufficient_funds",
        reason="There is not enough money in this budget.",
        next_step="Ask for less.",
    )


def released(purchase_id, *, version, held_pence=0, available_pence=40_00):
    return HoldReleased(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        version=version,
        budget_id=uuid4(),
        held_pence=held_pence,
        available_pence=available_pence,
    )


def expired(purchase_id, *, version, available_pence=40_00):
    return HoldExpired(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        version=version,
        budget_id=uuid4(),
        released_pence=35_00,
        available_pence=available_pence,
    )


def captured(purchase_id, *, version=2, posted_pence=35_00, held_pence=0):
    return HoldCaptured(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        version=version,
        budget_id=uuid4(),
        posted_pence=posted_pence,
        held_pence=held_pence,
        available_pence=35_00,
    )


def refunded(purchase_id, *, version=3, refunded_pence=35_00, posted_pence=0):
    return RefundPosted(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=purchase_id,
        version=version,
        budget_id=uuid4(),
        person_id=uuid4(),
        refunded_pence=refunded_pence,
        posted_pence=posted_pence,
        available_pence=70_00,
    )


def an_event(event_type, about, *, event_id=None):
    return {
        "id": event_id or f"evt_{uuid4().hex}",
        "object": "event",
        "type": event_type,
        "data": {"object": about},
    }


def a_request(
    card,
    *,
    authorisation="iauth_1",
    amount=35_00,
    category_code="8299",
    requests=0,
    country="GB",
    takes_less=False,
    event_id=None,
):
    return an_event(
        "issuing_authorization.request",
        {
            "id": authorisation,
            "amount": 0,
            "card": {"id": card, "last4": "4242"},
            "merchant_data": {
                "category_code": category_code,
                "country": country,
                "name": "Shop",
            },
            "pending_request": {
                "amount": amount,
                "currency": "gbp",
                "is_amount_controllable": takes_less,
            },
            "request_history": [{"approved": True, "reason": "webhook_approved"}] * requests,
            "transactions": [],
        },
        event_id=event_id,
    )


def an_authorisation(
    card,
    *,
    authorisation="iauth_1",
    amount=35_00,
    status="pending",
    approved=True,
    reasons=("webhook_approved",),
    transactions=(),
):
    return {
        "id": authorisation,
        "amount": amount,
        "currency": "gbp",
        "approved": approved,
        "status": status,
        "card": {"id": card},
        "request_history": [{"approved": approved, "reason": reason} for reason in reasons],
        "transactions": list(transactions),
    }


def a_transaction(card, *, amount=-35_00, authorisation="iauth_1", transaction=None):
    return {
        "id": transaction or f"ipi_{uuid4().hex}",
        "amount": amount,
        "currency": "gbp",
        "card": card,
        "authorization": authorisation,
        "type": "capture" if amount < 0 else "refund",
    }


def of_the_issuer(document, *, secret, age_seconds=0):
    """Return body and headers of a webhook that the issuer signed."""
    body = document if isinstance(document, str) else json.dumps(document)
    signature = WebhookSignature.generate_signature_header(
        body, secret, int(time.time()) - age_seconds
    )
    return {"data": body, "headers": {"Stripe-Signature": signature}}


def of_the_bank(document, *, message_id="msg_1"):
    """Return body and headers of a webhook that the bank signed."""
    body = document if isinstance(document, str) else json.dumps(document)
    sent_at = int(time.time())
    signature = standardwebhooks.Webhook(SETTINGS.bank_webhook_secret).sign(
        message_id, datetime.fromtimestamp(sent_at, tz=UTC), body
    )
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signature,
    }
    return {"data": body, "headers": headers}


def record_card(session, purchase_id, card):
    """Let the issuer's answer arrive: there is a card for this purchase."""
    answer = {"issuer_cardholder_id": f"ich_{uuid4().hex}", "issuer_card_id": card}
    arguments = {"purchase_id": str(purchase_id)}
    issuing.record_card(answer, arguments, session=session, trace=a_trace())


request_purchase = _request_purchase


def lock(session, purchase_id):
    session.get_one(Purchase, purchase_id, with_for_update=True)


def card_of(session, purchase_id):
    """Return the issuer's id of a purchase's card."""
    card = select(Card.issuer_card_id).where(Card.purchase_id == purchase_id)
    return session.scalars(card).one()


def replace_settings(**changed):
    return replace(SETTINGS, **changed)


def as_the_issuers_client(url):
    """Return the official client, for what a shop or the network does."""
    return stripe.StripeClient(
        SETTINGS.issuer_api_key, base_addresses={"api": url}, max_network_retries=0
    ).v1
