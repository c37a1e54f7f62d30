from uuid import uuid4

import pytest

from services.payments.holds import subscribers as holds
from services.payments.matching.commands import MatchMoney, QueueAsked
from services.payments.matching.handlers import match_money
from services.payments.matching.queries import refund_queue
from services.payments.matching.rules import (
    AlreadyMatchedError,
    NotMatchableError,
    NotMatchableToThisError,
    PresentmentNotFoundError,
)
from shared.errors import NotFoundError
from tests.integration.payments import facts
from tests.integration.payments.network import (
    created,
    matched,
    on_unknown_card,
    returns,
    takes,
)

SHOP = {"merchant_data": {"network_id": "shop_7"}}


@pytest.fixture
def match(carry_out):
    def match_one(net, *, named="ipi_back", **changed):
        command = {
            "presentment_id": net.name(named),
            "is_refund": True,
            "purchase_id": net.purchase_id,
            "matched_by": uuid4(),
            "reason": "The shop says so",
            **changed,
        }
        return carry_out(match_money, MatchMoney(**command))

    return match_one


@pytest.fixture
def queue(transaction):
    def ask(purchase_id=None):
        with transaction() as session:
            return refund_queue(QueueAsked(purchase_id=purchase_id), session=session)

    return ask


def posted_and_unmatched(net):
    return net.now().posted_pence, net.now().unmatched_pence


def test_a_refund_goes_to_the_purchase_that_a_person_names(network, another_network, match):
    for step in (created(), takes(35_00)):
        step(another_network)
    returns(35_00, authorisation=None)(network)
    assert posted_and_unmatched(network) == (0, 35_00)

    answer = match(network, purchase_id=another_network.purchase_id)

    assert answer["posted_pence"] == 0
    assert posted_and_unmatched(network) == (0, 0)
    assert posted_and_unmatched(another_network) == (0, 0)


def test_the_same_match_twice_counts_once_and_another_is_refused(network, another_network, match):
    takes(35_00)(network)
    returns(35_00, authorisation=None)(network)

    assert match(network) == match(network)
    with pytest.raises(AlreadyMatchedError):
        match(network, purchase_id=another_network.purchase_id)
    assert posted_and_unmatched(another_network) == (0, 0)


def test_more_than_was_captured_stays_unmatched_though_a_person_matched_it(network, match):
    takes(20_00)(network)
    returns(35_00, authorisation=None)(network)

    match(network)

    assert posted_and_unmatched(network) == (0, 15_00)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"named": "ipi_nowhere"}, PresentmentNotFoundError),
        ({"purchase_id": uuid4()}, NotFoundError),
        ({"is_refund": False}, NotMatchableError),
        ({"named": "ipi_1", "is_refund": False}, NotMatchableError),  # the purchase's own capture
        ({"named": "ipi_linked"}, NotMatchableError),  # a refund that names its authorisation
    ],
)
def test_what_cannot_be_matched_is_refused_and_nothing_changes(network, match, changed, refusal):
    for step in (created(), takes(35_00), returns(5_00, named="ipi_linked")):
        step(network)
    returns(10_00, authorisation=None)(network)
    before = posted_and_unmatched(network)

    with pytest.raises(refusal):
        match(network, **changed)

    assert posted_and_unmatched(network) == before == (30_00, 10_00)


def test_money_on_a_card_of_nobody_is_told_and_released_when_it_is_matched(network, told):
    on_unknown_card(takes(20_00, authorisation=None))(network)
    on_unknown_card(returns(5_00, authorisation=None))(network)

    matched(named="ipi_1", is_refund=False)(network)
    matched()(network)

    said = [
        (one["version"], one["taken_pence"], one["returned_pence"])
        for one in told("unmatched_money_changed")
    ]
    assert said == [(1, 20_00, 0), (2, 20_00, 5_00), (3, 0, 5_00), (4, 0, 0)]
    assert posted_and_unmatched(network) == (15_00, 0)


def test_the_queue_shows_a_refund_with_the_likeliest_purchases_first(
    *, network, another_network, queue, match, told
):
    takes(35_00, **SHOP)(network)
    takes(20_00, **SHOP)(another_network)
    returns(20_00, authorisation=None, **SHOP)(network)

    (waiting,) = queue()

    assert (waiting["amount_pence"], waiting["purchase_id"]) == (20_00, network.purchase_id)
    assert {one["purchase_id"]: one["because"] for one in waiting["suggestions"]} == {
        network.purchase_id: ("card", "shop"),
        another_network.purchase_id: ("shop", "amount"),
    }
    assert queue(another_network.purchase_id) == []
    match(network)
    assert queue() == []
    assert [one["resolution"] for one in told("exception_resolved")] == ["corrected"]


def test_money_is_not_matched_to_a_purchase_that_the_ledger_never_held(
    *, network, requested, hear, match, now
):
    takes(35_00)(network)
    returns(10_00, authorisation=None)(network)
    purchase_id = requested()

    for _ in ("the ledger has not answered", "it has refused"):
        with pytest.raises(NotMatchableToThisError) as refused:
            match(network, purchase_id=purchase_id)
        assert refused.value.next_step
        hear(holds.hold_refused, facts.refused(purchase_id))

    assert now(purchase_id).unmatched_pence == 0
    assert posted_and_unmatched(network) == (35_00, 10_00)
    match(network)
