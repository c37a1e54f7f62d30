import itertools
from datetime import timedelta
from uuid import uuid4

import pytest

from services.payments.disputes import handlers
from services.payments.disputes.commands import OpenDispute, SubmitDispute, WithdrawDispute
from services.payments.disputes.models import Dispute
from services.payments.disputes.queries import disputes, near_their_last_day
from services.payments.disputes.rules import (
    WINDOW,
    DisputeNotFoundError,
    DisputeNotOpenError,
    DisputeTooLateError,
    NotDisputableError,
    NothingToDisputeError,
    Reason,
)
from shared.errors import IdReusedError, NotFoundError
from shared.messaging.errands import OUT_OF_TRIES
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments.network import (
    created,
    dispute,
    disputed,
    matched,
    money,
    returns,
    takes,
    updated,
)

BOUGHT = (created(), takes(35_00), updated(status="closed", transactions=[money(-35_00)]))
LATE = TUESDAY_AT_TEN + WINDOW
SUBMITTED = dispute("submitted", status="submitted")
REINSTATED = dispute("funds_reinstated", status="submitted", moved=[35_00])
RESCINDED = dispute("funds_rescinded", status="submitted", moved=[35_00, -35_00])


@pytest.fixture
def bought(network):
    for step in BOUGHT:
        step(network)
    return network


@pytest.fixture
def open_one(bought, carry_out):
    def ask(*, at=TUESDAY_AT_TEN, **changed):
        command = {
            "dispute_id": uuid4(),
            "purchase_id": bought.purchase_id,
            "presentment_id": bought.name("ipi_1"),
            "reason": Reason.NOT_RECEIVED,
            "words": "It did not come",
            "evidence": ["order-1.pdf"],
            "opened_by": uuid4(),
            **changed,
        }
        return carry_out(handlers.open_dispute, OpenDispute(**command), trace=a_trace(at=at))

    return ask


@pytest.fixture
def submit(carry_out):
    def ask(dispute_id, *, at=TUESDAY_AT_TEN):
        command = SubmitDispute(dispute_id=dispute_id, submitted_by=uuid4())
        return carry_out(handlers.submit_dispute, command, trace=a_trace(at=at))

    return ask


@pytest.fixture
def withdraw(carry_out):
    def ask(dispute_id):
        command = WithdrawDispute(
            dispute_id=dispute_id, withdrawn_by=uuid4(), reason="The shop paid"
        )
        return carry_out(handlers.withdraw_dispute, command)

    return ask


@pytest.fixture
def shown(transaction):
    def of(purchase_id):
        with transaction() as session:
            return disputes(purchase_id, session=session)

    return of


def test_a_draft_has_a_last_day_and_is_sent_once(bought, open_one, submit, errands, shown):
    drafted = open_one()
    assert (drafted["state"], drafted["submit_by"]) == ("draft", LATE)
    assert bought.now().disputed_pence == 35_00

    for _ in range(2):
        assert submit(drafted["dispute_id"])["state"] == "sent"

    (sent,) = errands("send_dispute")
    assert (sent["presentment_id"], sent["amount_pence"], sent["reason"]) == (
        bought.name("ipi_1"),
        35_00,
        "not_received",
    )
    assert [one["state"] for one in shown(bought.purchase_id)] == ["sent"]
    assert bought.now().posted_pence == 35_00


def test_the_same_draft_twice_is_one_and_the_same_id_for_another_is_refused(open_one, count):
    dispute_id = uuid4()

    assert open_one(dispute_id=dispute_id) == open_one(dispute_id=dispute_id)
    with pytest.raises(IdReusedError):
        open_one(dispute_id=dispute_id, words="Something else")
    assert count(Dispute) == 1


def test_what_the_shop_gave_back_already_is_not_asked_back(bought, open_one):
    returns(10_00)(bought)

    assert open_one()["amount_pence"] == 25_00


@pytest.mark.parametrize(
    ("before", "changed", "refusal"),
    [
        ((), {"purchase_id": uuid4()}, NotFoundError),
        ((), {"presentment_id": "ipi_nowhere"}, NotDisputableError),
        ((), {"at": LATE}, DisputeTooLateError),
        ((returns(35_00),), {}, NothingToDisputeError),
        ((disputed(),), {}, NotDisputableError),
    ],
)
def test_what_cannot_be_disputed_is_refused_and_nothing_is_written(
    *, bought, open_one, count, before, changed, refusal
):
    for step in before:
        step(bought)
    there = count(Dispute)

    with pytest.raises(refusal):
        open_one(**changed)

    assert count(Dispute) == there


def test_a_refund_or_another_purchases_capture_cannot_be_disputed(
    bought, another_network, open_one
):
    returns(5_00)(bought)
    takes(5_00)(another_network)

    for named in (bought.name("ipi_back"), another_network.name("ipi_1")):
        with pytest.raises(NotDisputableError):
            open_one(presentment_id=named)


def test_a_draft_is_not_sent_after_its_last_day_nor_once_it_is_refunded(bought, open_one, submit):
    dispute_id = open_one()["dispute_id"]

    with pytest.raises(DisputeTooLateError):
        submit(dispute_id, at=LATE)
    returns(35_00)(bought)
    with pytest.raises(NothingToDisputeError):
        submit(dispute_id)
    with pytest.raises(DisputeNotFoundError):
        submit(uuid4())


def test_a_withdrawn_draft_is_over_and_the_capture_can_be_disputed_anew(
    bought, open_one, submit, withdraw
):
    first = open_one()["dispute_id"]
    for _ in range(2):
        assert withdraw(first)["state"] == "withdrawn"
    assert bought.now().disputed_pence == 0
    with pytest.raises(DisputeNotOpenError):
        submit(first)

    second = open_one()["dispute_id"]
    submit(second)
    with pytest.raises(DisputeNotOpenError):
        withdraw(second)


def test_a_draft_is_warned_of_before_its_last_day_and_ends_after_it(bought, open_one, transaction):
    open_one()

    def look(at):
        with transaction() as session:
            due = near_their_last_day(at, session=session)
        for command in due:
            with transaction() as session:
                handlers.see_to_draft(command, session=session, trace=a_trace(at=at))

    look(LATE - timedelta(days=15))
    assert bought.raised() == []
    for _ in range(2):
        look(LATE - timedelta(days=13))
    assert bought.raised() == [("dispute_not_sent", 35_00)]
    look(LATE)
    assert bought.raised() == [("dispute_lost", 35_00), ("dispute_not_sent", 35_00)]
    assert bought.now().disputed_pence == 0


def test_a_dispute_that_the_issuer_refuses_is_a_draft_again_and_looked_at(
    bought, open_one, submit, shown, transaction
):
    dispute_id = open_one()["dispute_id"]

    def gives_up(reason):
        submit(dispute_id)
        with transaction() as session:
            about = {"dispute_id": str(dispute_id)}
            handlers.not_sent(reason, about, session=session, trace=a_trace())
        return shown(bought.purchase_id)[0]["state"]

    assert gives_up("issuer:bad") == "draft"
    assert gives_up(OUT_OF_TRIES) == "sent"  # it may have arrived: nothing is sent anew
    assert bought.raised() == [("dispute_not_sent", 35_00)]


@pytest.mark.parametrize("order", list(itertools.permutations((SUBMITTED, REINSTATED, RESCINDED))))
def test_in_every_order_the_credit_that_was_taken_back_is_gone(bought, order):
    disputed()(bought)

    for step in order:
        step(bought)

    now = bought.now()
    assert (now.disputed_pence, now.reinstated_pence, now.posted_pence) == (35_00, 0, 35_00)


@pytest.mark.parametrize(
    ("events", "posted"),
    [
        ((SUBMITTED, REINSTATED, dispute("closed", status="won", moved=[35_00])), 0),
        (
            (SUBMITTED, REINSTATED, dispute("closed", status="lost", moved=[35_00, -35_00])),
            35_00,
        ),
    ],
)
def test_an_end_is_final_in_whatever_order_the_rest_is_heard(bought, events, posted):
    disputed()(bought)
    for step in reversed(events):
        step(bought)

    now = bought.now()
    assert (now.posted_pence, now.disputed_pence, now.reinstated_pence) == (posted, 0, 0)


def test_the_issuers_id_may_come_after_its_first_event(bought, open_one, submit, transaction):
    dispute_id = open_one()["dispute_id"]
    submit(dispute_id)
    REINSTATED(bought)

    with transaction() as session:
        about = {"dispute_id": str(dispute_id)}
        handlers.record_sent(bought.name("idp_1"), about, session=session, trace=a_trace())

    with transaction() as session:
        found = session.get_one(Dispute, dispute_id)
    assert (found.state, found.credited_pence) == ("submitted", 35_00)
    assert found.issuer_dispute_id == bought.name("idp_1")


def test_a_refund_that_a_person_matched_and_a_won_dispute_are_the_same_money_once(bought):
    for step in (
        disputed(),
        returns(35_00, authorisation=None),
        matched(),
        dispute("closed", status="won", moved=[35_00]),
    ):
        step(bought)

    assert (bought.now().posted_pence, bought.now().unmatched_pence) == (0, 35_00)
