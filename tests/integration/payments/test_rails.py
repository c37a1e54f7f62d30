"""The issuer and the bank out of reach, and back: real servers, real errands."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update
from werkzeug.serving import make_server

from operations.errand_runner import ErrandRunner
from services.payments.authorisations.handlers import record_presentment
from services.payments.bank_client import BankClient, TransferOrder
from services.payments.cards.commands import ReplaceCard
from services.payments.cards.handlers import replace_card
from services.payments.cards.models import Card
from services.payments.cards.rules import Loss
from services.payments.entitlements.rules import Rail
from services.payments.errands import kinds_with
from services.payments.holds import subscribers as holds
from services.payments.issuer_client import IssuerClient
from services.payments.limits.rules import SamePersonError
from services.payments.presentments.commands import RecordPresentment
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import PurchaseState
from services.payments.rails import queries
from services.payments.rails.commands import LookAtRail, UseSecondRail
from services.payments.rails.handlers import look_at_rail, use_second_rail
from services.payments.rails.models import RailChange, RailState
from services.payments.rails.rules import MayBePaidError, Party, RailChangedError, SameRailError
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.messaging.tables import Errand, ErrandState
from shared.settings import ServiceSettings
from simulators.bank import app as bank
from simulators.bank.settings import Settings as BankSettings
from simulators.card_issuer import app as card_issuer
from simulators.card_issuer.settings import Settings as IssuerSettings
from tests.integration.payments import facts
from tests.simulators.listener import running

PATIENCE_SECONDS = 60
BOSS = uuid4()
AN_ORDER = TransferOrder(
    reference="",
    amount_pence=35_00,
    payee_name="Riding School",
    sort_code="010203",
    account_number="12345678",
    remittance="Common Purse",
)
NOWHERE = "http://127.0.0.1:1/hook"
APPS = {
    Party.ISSUER: lambda: card_issuer.create_app(
        IssuerSettings(
            api_key=facts.SETTINGS.issuer_api_key,
            authorisations_url=NOWHERE,
            authorisations_secret="whsec_a",
            events_url=NOWHERE,
            events_secret="whsec_e",
        )
    ),
    Party.BANK: lambda: bank.create_app(
        BankSettings(
            api_key=facts.SETTINGS.bank_api_key,
            webhook_url=NOWHERE,
            webhook_secret=facts.SETTINGS.bank_webhook_secret,
        )
    ),
}


def a_free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def not_under_way(another_way, purchase_id):
    """Decide for a card when the transfer is not being tried at this very moment."""
    try:
        return another_way(purchase_id, "card", decided_by=BOSS)
    except MayBePaidError:
        return None


def hurry(transaction):
    with transaction() as session:
        session.execute(
            update(Errand)
            .where(Errand.kind == "enquire_transfer")
            .values(next_attempt_at=func.now())
        )


def paid_by(card, *, port):
    """Let a shop take money on a card, and return how we hear of it."""
    issuer = facts.as_the_issuers_client(f"http://127.0.0.1:{port}")
    taken = issuer.test_helpers.issuing.transactions.create_force_capture(
        {"card": card, "amount": 35_00, "currency": "gbp", "merchant_data": {}}
    )
    return RecordPresentment(
        presentment_id=taken.id,
        issuer_card_id=card,
        authorisation_id=None,
        is_refund=False,
        amount_pence=35_00,
    )


def goes_on_to(purchase_id, *, before, transaction):
    """Let two purchases be of one series, whose card has gone on from the first to the second."""
    series_id = uuid4()
    with transaction() as session:
        session.execute(delete(Card).where(Card.purchase_id == purchase_id))
        both = update(Purchase).where(Purchase.purchase_id.in_([before, purchase_id]))
        session.execute(both.values(series_id=series_id))
        card = update(Card).where(Card.purchase_id == before)
        session.execute(card.values(purchase_id=purchase_id, series_id=series_id))


@pytest.fixture
def held(held, now, a_payee_is_known):
    """Let the money of a purchase be held, whose payee the bank can pay, too."""

    def hold(rail="card", **changed):
        purchase_id = held(rail, **changed)
        if rail == "card":
            a_payee_is_known(now(purchase_id).person_id)
        return purchase_id

    return hold


@pytest.fixture
def ports():
    return {party: a_free_port() for party in Party}


@pytest.fixture
def reachable(ports):
    """Let a party answer, at the address at which it did not."""

    @contextmanager
    def answering(party):
        server = make_server("127.0.0.1", ports[party], APPS[party](), threaded=True)
        with running(server):
            yield

    return answering


@pytest.fixture
def until(servers, ports, transaction):
    """Run errands, as their process does, until a condition holds; those that wait are hurried."""
    environment = servers.process_environment("payments")
    url = environment["COMMONPURSE_DATABASE_URL"]
    issuer = f"http://127.0.0.1:{ports[Party.ISSUER]}"
    bank_url = f"http://127.0.0.1:{ports[Party.BANK]}"
    runner = ErrandRunner(
        service="payments",
        settings=ServiceSettings(database_url=url, broker_url="", wake_directory=""),
        kinds=kinds_with(
            issuer=IssuerClient(url=issuer, api_key=facts.SETTINGS.issuer_api_key),
            bank=BankClient(url=bank_url, api_key=facts.SETTINGS.bank_api_key),
        ),
    )
    process = threading.Thread(target=runner.run)
    process.start()

    def wait(condition):
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < ends_at, "it did not come to this in time"
            threading.Event().wait(0.05)

    yield wait
    runner.stop()
    process.join()


@pytest.fixture
def errands_of(transaction):
    def of_kind(kind):
        with transaction() as session:
            return session.scalars(select(Errand.state).where(Errand.kind == kind)).all()

    return of_kind


@pytest.fixture
def failing(transaction):
    def is_failing(party):
        with transaction() as session:
            return LookAtRail(party=party) in queries.to_look_at(None, session=session)

    return is_failing


@pytest.fixture
def at_risk(transaction):
    def ask(party):
        with transaction() as session:
            (found,) = queries.people_at_risk(party, session=session)
        return found

    return ask


@pytest.fixture
def another_way(carry_out):
    def change(purchase_id, rail, *, decided_by=None):
        command = UseSecondRail(
            purchase_id=purchase_id,
            rail=Rail(rail),
            decided_by=decided_by or uuid4(),
            reason="The card issuer is away and the lesson is on Thursday.",
        )
        return carry_out(use_second_rail, command)["change"]

    return change


def test_an_outage_is_told_once_what_is_queued_waits_and_goes_on_when_it_is_over(
    held, until, reachable, carry_out, *, failing, at_risk, told, now, errands_of
):
    purchase_ids = {held() for _ in range(2)}
    until(lambda: failing(Party.ISSUER))
    look = LookAtRail(party=Party.ISSUER)
    for _ in range(2):
        carry_out(look_at_rail, look)

    (degraded,) = told("payment_rail_degraded")
    assert (degraded["rail"], degraded["failures"] >= 3) == ("issuer", True)
    assert [one["kind"] for one in told("exception_raised")] == ["rail_degraded"]
    risk = at_risk(Party.ISSUER)
    assert risk["is_degraded"]
    assert {one["purchase_id"] for one in risk["purchases"]} == purchase_ids
    assert at_risk(Party.BANK)["purchases"] == []
    until(lambda: set(errands_of("probe_issuer")) == {"done"})
    assert told("payment_rail_restored") == []
    assert {now(one).state for one in purchase_ids} == {PurchaseState.REQUESTED}

    with reachable(Party.ISSUER):
        carry_out(look_at_rail, look)
        until(lambda: {now(one).state for one in purchase_ids} == {PurchaseState.READY})

    (restored,) = told("payment_rail_restored")
    assert restored["rail"] == "issuer"
    assert not at_risk(Party.ISSUER)["is_degraded"]
    assert not failing(Party.ISSUER)


def test_while_nobody_answers_no_try_is_used_up(held, until, carry_out, failing, transaction):
    held()
    until(lambda: failing(Party.ISSUER))
    carry_out(look_at_rail, LookAtRail(party=Party.ISSUER))

    with transaction() as session:
        waits = session.execute(
            select(Errand.next_attempt_at - Errand.created_at).where(Errand.kind == "issue_card")
        ).scalar_one()
    assert waits > timedelta(minutes=4)


def test_one_errand_that_cannot_work_is_no_outage(
    held, until, reachable, transaction, *, failing, errands_of
):
    with reachable(Party.ISSUER):
        held()
        until(lambda: errands_of("issue_card") == ["done"])
        with transaction() as session:
            assert session.scalars(select(RailState)).all() == []
        assert not failing(Party.ISSUER)


def test_wages_come_first_then_whose_money_is_set_aside_for_the_shortest_time(
    requested, hear, at_risk
):
    later = requested("card")
    sooner = requested("card")
    wage = requested("card", category="personal_assistant")
    for purchase_id, days in ((later, 30), (sooner, 3), (wage, 60)):
        expires_at = facts.TUESDAY_AT_TEN + timedelta(days=days)
        hear(holds.hold_placed, facts.placed(purchase_id, expires_at=expires_at))

    waiting = at_risk(Party.ISSUER)["purchases"]

    assert [one["purchase_id"] for one in waiting] == [wage, sooner, later]
    assert [one["is_wage"] for one in waiting] == [True, False, False]


def test_a_card_that_was_never_issued_gives_way_to_a_transfer_which_is_paid_once(
    held, until, reachable, another_way, *, now, transaction, errands_of
):
    purchase_id = held()

    assert another_way(purchase_id, "bacs") == "done"

    assert (now(purchase_id).rail, now(purchase_id).state) == ("bacs", "authorised")
    assert now(purchase_id).held_pence == 35_00
    assert errands_of("issue_card") == [ErrandState.DISCARDED]
    with reachable(Party.BANK):
        until(lambda: errands_of("order_transfer") == ["done"])
    with transaction() as session:
        transfer = session.get_one(Transfer, purchase_id)
    assert (transfer.state, transfer.amount_pence) in [("accepted", 35_00), ("paid", 35_00)]
    with pytest.raises(SameRailError):
        another_way(held("bacs"), "bacs")


def test_who_asked_for_a_purchase_does_not_take_it_from_the_bank_to_a_card(
    held, another_way, broker_id, *, now, errands_of
):
    purchase_id = held("invoice")

    with pytest.raises(SamePersonError):
        another_way(purchase_id, "card", decided_by=broker_id)

    assert (now(purchase_id).rail, errands_of("issue_card")) == ("invoice", [])
    assert another_way(purchase_id, "card", decided_by=BOSS) == "done"
    assert len(errands_of("issue_card")) == 1
    assert another_way(held("card"), "bacs", decided_by=broker_id) == "done"


def test_a_card_that_exists_is_closed_and_asked_about_before_anybody_else_is_paid(
    held, until, reachable, another_way, *, now, errands_of, transaction
):
    with reachable(Party.ISSUER):
        purchase_id = held()
        until(lambda: now(purchase_id).state == "ready")

    assert another_way(purchase_id, "bacs") == "asked"  # the issuer is away
    assert errands_of("order_transfer") == []
    assert (now(purchase_id).rail, now(purchase_id).held_pence) == ("card", 35_00)


def test_a_card_that_was_used_stays_the_way_it_is_paid(
    held, until, reachable, another_way, *, now, errands_of, transaction, ports
):
    with reachable(Party.ISSUER):
        purchase_id = held()
        until(lambda: now(purchase_id).state == "ready")
        with transaction() as session:
            card = facts.card_of(session, purchase_id)
        paid_by(card, port=ports[Party.ISSUER])

        another_way(purchase_id, "bacs")
        until(lambda: errands_of("enquire_card") == ["done"])

    with transaction() as session:
        assert session.get_one(RailChange, purchase_id).state == "refused"
    assert errands_of("order_transfer") == []


def test_a_card_that_nobody_used_gives_way_when_the_issuer_has_said_so(
    held, until, reachable, another_way, *, now, errands_of, transaction
):
    with reachable(Party.ISSUER):
        purchase_id = held()
        until(lambda: now(purchase_id).state == "ready")
        another_way(purchase_id, "bacs")
        until(lambda: now(purchase_id).rail == "bacs")

    with transaction() as session:
        assert session.get_one(RailChange, purchase_id).state == "done"
    assert len(errands_of("order_transfer")) == 1


def test_a_lost_card_that_was_used_counts_as_much_as_the_one_in_its_place(
    held, until, reachable, another_way, carry_out, *, now, errands_of, transaction, ports
):
    with reachable(Party.ISSUER):
        purchase_id = held()
        until(lambda: now(purchase_id).state == "ready")
        with transaction() as session:
            lost = session.scalars(select(Card).where(Card.purchase_id == purchase_id)).one()
        paid_by(lost.issuer_card_id, port=ports[Party.ISSUER])
        loss = ReplaceCard(
            card_id=lost.card_id, because=Loss.LOST, changed_by=uuid4(), reason="On the bus"
        )
        carry_out(replace_card, loss)
        until(lambda: errands_of("replace_card") == ["done"])

        another_way(purchase_id, "bacs")
        until(lambda: errands_of("enquire_card") == ["done"])

    with transaction() as session:
        assert session.get_one(RailChange, purchase_id).state == "refused"
        states = select(Card.state).where(Card.purchase_id == purchase_id)
        assert set(session.scalars(states)) == {"replaced", "closed"}
    assert errands_of("order_transfer") == []


@pytest.mark.parametrize(("is_used_again", "state"), [(False, "done"), (True, "refused")])
def test_a_series_card_gives_way_if_only_the_purchases_before_used_it(
    held, until, reachable, another_way, carry_out, *, now, errands_of, transaction, ports,
    is_used_again, state,
):  # fmt: skip
    port = ports[Party.ISSUER]
    with reachable(Party.ISSUER):
        before, purchase_id = held(), held()
        until(lambda: {now(before).state, now(purchase_id).state} == {"ready"})
        with transaction() as session:
            card = facts.card_of(session, before)
        carry_out(record_presentment, paid_by(card, port=port))
        goes_on_to(purchase_id, before=before, transaction=transaction)
        if is_used_again:
            paid_by(card, port=port)

        another_way(purchase_id, "bacs")
        until(lambda: errands_of("enquire_card") == ["done"])

    with transaction() as session:
        assert session.get_one(RailChange, purchase_id).state == state
        in_use = select(Card).where(Card.purchase_id == purchase_id, Card.state == "active")
        assert session.scalars(in_use).all() == []
    assert len(errands_of("order_transfer")) == (state == "done")


@pytest.mark.parametrize(("bank_has_it", "state"), [(False, "done"), (True, "refused")])
def test_a_transfer_with_unknown_outcome_is_asked_about_and_never_paid_a_second_time(
    held, until, reachable, another_way, *, now, errands_of, transaction, ports, bank_has_it, state
):
    purchase_id = held("bacs")
    until(lambda: errands_of("order_transfer") == ["unknown"])

    until(lambda: not_under_way(another_way, purchase_id) == "asked")
    assert errands_of("order_transfer") == ["discarded"]
    assert errands_of("issue_card") == []
    with reachable(Party.BANK):
        if bank_has_it:
            has_it = replace(AN_ORDER, reference=str(purchase_id))
            url = f"http://127.0.0.1:{ports[Party.BANK]}"
            client = BankClient(url=url, api_key=facts.SETTINGS.bank_api_key)
            client.order(has_it, errand_id=uuid4())
        hurry(transaction)
        until(lambda: errands_of("enquire_transfer") == ["done"])

    with transaction() as session:
        assert session.get_one(RailChange, purchase_id).state == state
        transfer = session.get_one(Transfer, purchase_id)
    if bank_has_it:
        assert transfer.state in {TransferState.ACCEPTED, TransferState.PAID}
        assert (now(purchase_id).rail, errands_of("issue_card")) == ("bacs", [])
    else:
        assert transfer.state is TransferState.FAILED
        assert (now(purchase_id).rail, len(errands_of("issue_card"))) == ("card", 1)


def test_what_is_paid_or_over_goes_no_other_way_and_a_change_is_made_once(
    held, requested, with_card, another_way, carry_out, *, transaction, count
):
    with pytest.raises(MayBePaidError):
        another_way(requested(), "bacs")
    paid = held("bacs")
    with transaction() as session:
        session.execute(
            update(Transfer)
            .where(Transfer.purchase_id == paid)
            .values(state=TransferState.ACCEPTED)
        )
    with pytest.raises(MayBePaidError):
        another_way(paid, "card")
    assert count(RailChange) == 0

    changed, decided_by = held(), uuid4()
    answers = [another_way(changed, "bacs", decided_by=decided_by) for _ in range(2)]
    assert answers == ["done", "done"]
    with pytest.raises(RailChangedError):
        another_way(changed, "card")
    with transaction() as session:
        assert session.get_one(Purchase, changed).rail == "bacs"


def test_an_enquiry_waits_through_an_outage_and_uses_up_no_try(
    *, held, until, reachable, another_way, now, carry_out, failing, at_risk, transaction
):
    with reachable(Party.ISSUER):
        purchase_id = held()
        until(lambda: now(purchase_id).state == "ready")
    assert another_way(purchase_id, "bacs") == "asked"
    until(lambda: failing(Party.ISSUER))

    carry_out(look_at_rail, LookAtRail(party=Party.ISSUER))

    with transaction() as session:
        waits = session.execute(
            select(Errand.next_attempt_at - Errand.created_at).where(Errand.kind == "enquire_card")
        ).scalar_one()
    assert waits > timedelta(minutes=4)
    assert [one["purchase_id"] for one in at_risk(Party.ISSUER)["purchases"]] == [purchase_id]
