"""A card that somebody else issued: what is bought with it is shown, and books nothing."""

from dataclasses import replace
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.payments.approvals.payees import confirm_payee
from services.payments.cards.models import Card
from services.payments.direct_payments import subscribers as direct_payments
from services.payments.disputes.models import Dispute
from services.payments.exceptions.models import RaisedException
from services.payments.issuer_events import handlers as issuer_events
from services.payments.issuer_events.models import IssuerEvent
from services.payments.observed_cards import queries
from services.payments.observed_cards.commands import RegisterObservedCard
from services.payments.observed_cards.handlers import register_observed_card
from services.payments.observed_cards.models import ObservedCard, ObservedTransaction
from services.payments.observed_cards.rules import CardKnownError
from services.payments.observed_cards.schemas import RegisterObservedCardForm
from services.payments.payees.commands import ConfirmPayee
from services.payments.payees.handlers import add_payee
from services.payments.payees.rules import Relationship
from services.payments.presentments.models import Presentment
from services.payments.purchases.rules import ItemNotInPlanError, NotOnCareTeamError
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared import clock
from shared.contracts.budget.direct_payments import DirectPaymentMade
from shared.errors import IdReusedError, NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

CARD = "ic_of_another"


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def plan(known_plan):
    return known_plan(facts.an_item(rail="bacs"), with_payees=False)


@pytest.fixture
def register(plan, broker_id, carry_out):
    def do(**changed):
        command = RegisterObservedCard(
            **{
                "card_id": uuid4(),
                "issuer_card_id": CARD,
                "budget_id": plan.budget_id,
                "item_id": plan.items[0].item_id,
                "registered_by": broker_id,
                **changed,
            }
        )
        carry_out(register_observed_card, command)
        return command

    return do


@pytest.fixture
def tell(transaction):
    """Keep an event of the issuer's and apply it, as the errand does; returns how it stands."""

    def tell_one(document, *, is_last_try=False):
        apply = issuer_events.not_applied if is_last_try else issuer_events.apply
        with transaction() as session:
            issuer_events.keep(document, session=session, trace=a_trace())
        with transaction() as session:
            arguments = {"event_id": document["id"]}
            apply(document["id"], arguments, session=session, trace=a_trace())
        with transaction() as session:
            return session.get_one(IssuerEvent, document["id"]).state

    return tell_one


@pytest.fixture
def shown(plan, transaction):
    def look():
        with transaction() as session:
            return queries.observed_cards(plan.budget_id, session=session)

    return look


def taken(amount=-12_00, *, named="ipi_1"):
    about = facts.a_transaction(CARD, amount=amount, transaction=named)
    return facts.an_event("issuing_transaction.created", about)


def authorised():
    moved = [facts.a_transaction(CARD, amount=-12_00, transaction="ipi_1")]
    about = facts.an_authorisation(CARD, amount=12_00, status="closed", transactions=moved)
    return facts.an_event("issuing_authorization.updated", about)


def test_what_is_bought_is_kept_once_and_shown_and_nothing_is_booked(
    *, register, tell, shown, count, told
):
    card = register()

    for document in (authorised(), taken(), taken(), taken(5_00, named="ipi_back")):
        assert tell(document) == "applied"

    (one,) = shown()
    assert (one["card_id"], one["taken_pence"], one["returned_pence"]) == (
        card.card_id,
        12_00,
        5_00,
    )
    assert [row["transaction_id"] for row in one["transactions"]] == ["ipi_1", "ipi_back"]
    assert (count(Presentment), count(RaisedException), count(Card)) == (0, 0, 0)
    assert (told("unmatched_money_changed"), told("purchase_amounts_changed")) == ([], [])


def test_more_than_the_budget_ever_had_books_nothing_either(*, register, tell, shown, count, told):
    register()

    assert tell(taken(-9_999_999_99, named="ipi_huge")) == "applied"

    (one,) = shown()
    assert (one["taken_pence"], one["paid_out_pence"]) == (9_999_999_99, 0)
    assert (count(Presentment), count(RaisedException)) == (0, 0)
    assert (told("unmatched_money_changed"), told("purchase_amounts_changed")) == ([], [])


def test_what_its_holder_disputes_is_between_them_and_who_issued_it(*, register, tell, count):
    register()
    about = {
        "id": "idp_1",
        "transaction": "ipi_1",
        "amount": 12_00,
        "currency": "gbp",
        "status": "submitted",
        "balance_transactions": [],
    }
    tell(taken())

    assert tell(facts.an_event("issuing_dispute.submitted", about)) == "applied"
    assert (count(Dispute), count(RaisedException)) == (0, 0)


def test_it_stands_beside_what_was_paid_to_the_person(
    *, register, plan, carry_out, hear, transaction, shown
):
    register()
    payee = facts.a_payee(person_id=plan.person_id, relationship=Relationship.SELF, name="Ada")
    carry_out(add_payee, payee)
    seen = ConfirmPayee(payee_id=payee.payee_id, details_version=1, confirmed_by=uuid4())
    carry_out(confirm_payee, seen)
    made = DirectPaymentMade(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=uuid4(),
        budget_id=plan.budget_id,
        item_id=plan.items[0].item_id,
        amount_pence=120_00,
        period_starts_on=TUESDAY_AT_TEN.date(),
    )
    hear(direct_payments.direct_payment_made, made)
    assert shown()[0]["paid_out_pence"] == 0

    with transaction() as session:
        session.get_one(Transfer, made.payment_id).state = TransferState.PAID

    assert shown()[0]["paid_out_pence"] == 120_00


def test_whether_it_may_pay_is_not_ours_to_say_and_the_answer_is_no(register, client, told):
    register()
    secret = facts.SETTINGS.issuer_authorisations_secret
    request = facts.of_the_issuer(facts.a_request(CARD), secret=secret)

    answer = client.post("/webhooks/issuer/authorizations", **request).json

    assert answer == {"approved": False, "metadata": {"reason": "observed_card"}}
    assert told("authorisation_declined") == []


def test_what_was_told_before_it_was_registered_is_money_of_nobody_no_longer(
    *, register, tell, shown, count, told
):
    assert tell(taken(), is_last_try=True) == "unmatched"
    assert told("unmatched_money_changed")[-1]["taken_pence"] == 12_00

    register()

    assert told("unmatched_money_changed")[-1]["taken_pence"] == 0
    assert count(Presentment) == 0
    assert shown()[0]["taken_pence"] == 12_00


def test_a_card_is_registered_once_for_each_id(register, carry_out, count):
    command = register()

    assert carry_out(register_observed_card, command) == {"card_id": command.card_id}
    with pytest.raises(IdReusedError):
        carry_out(register_observed_card, replace(command, issuer_card_id="ic_other"))
    with pytest.raises(CardKnownError):
        register()
    assert count(ObservedCard) == 1


def test_what_cannot_be_registered_is_refused_and_nothing_is_kept(
    *, register, with_card, known_plan, count
):
    _, ours = with_card()
    elsewhere = known_plan()

    for changed, refusal in (
        ({"issuer_card_id": ours}, CardKnownError),
        ({"item_id": elsewhere.items[0].item_id}, ItemNotInPlanError),
        ({"registered_by": uuid4()}, NotOnCareTeamError),
        ({"budget_id": uuid4()}, NotKnownYetError),
    ):
        with pytest.raises(refusal):
            register(**changed)
    assert (count(ObservedCard), count(ObservedTransaction)) == (0, 0)


@pytest.mark.parametrize("said", ["", "4242424242424242", "x" * 256])
def test_a_form_takes_an_id_of_the_issuers_and_no_cards_number(said):
    ids = ("card_id", "budget_id", "item_id", "registered_by")

    with pytest.raises(ValidationError) as refused:
        RegisterObservedCardForm().load(
            {name: str(uuid4()) for name in ids} | {"issuer_card_id": said}
        )

    assert set(refused.value.messages_dict) == {"issuer_card_id"}
