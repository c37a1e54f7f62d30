"""What a card network can say of an authorisation and its money, one by one, in numbered rows.

A purchase of 35 pounds with a card of its own. ``before`` was said, then ``event`` is said: and
the purchase holds, has cost and keeps unmatched so much, and somebody has to look at so much.
"""

from dataclasses import dataclass, field

import pytest

from tests.integration.payments.network import (
    asks,
    budget_over,
    card_closed,
    created,
    declined,
    dispute,
    disputed,
    looked_at_after,
    matched,
    money,
    on_unknown_card,
    refund_taken_back,
    returns,
    takes,
    updated,
)

CAPTURE = money(-35_00)
CLOSED = updated(status="closed", transactions=[CAPTURE])
BOUGHT = [asks(35_00), created(), takes(35_00), CLOSED]
DISPUTED = [*BOUGHT, disputed()]
SUBMITTED = dispute("submitted", status="submitted")
REINSTATED = dispute("funds_reinstated", status="submitted", moved=[35_00])


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    name: str
    event: object
    held: int
    posted: int
    before: list = field(default_factory=list)
    unmatched: int = 0
    raised: list = field(default_factory=list)
    answer: bool | None = None  # to the last question, where the event is one
    reinstated: int = 0  # credited for the time being: not spendable
    disputed: int = 0


ROWS = [
    Row(number=1, name="first request", event=asks(35_00), held=35_00, posted=0, answer=True),
    Row(number=2, name="refused by us", event=asks(35_01), held=35_00, posted=0, answer=False),
    Row(number=3, name="a card check", event=asks(0), held=35_00, posted=0, answer=True),
    Row(
        number=4,
        name="a part is approved",
        event=created(amount=20_00),
        held=35_00,
        posted=0,
    ),
    Row(
        number=5,
        name="an increment",
        before=[asks(20_00), created(amount=20_00)],
        event=asks(15_00, requests=1),
        held=35_00,
        posted=0,
        answer=True,
    ),
    Row(
        number=5,
        name="a refused increment leaves the first hold",
        before=[asks(20_00), created(amount=20_00)],
        event=asks(15_01, requests=1),
        held=35_00,
        posted=0,
        answer=False,
    ),
    Row(
        number=6,
        name="created, as we said",
        before=[asks(35_00)],
        event=created(),
        held=35_00,
        posted=0,
    ),
    Row(
        number=7,
        name="our yes came too late",
        before=[asks(35_00)],
        event=declined("webhook_timeout", amount=35_00),
        held=35_00,  # the purchase's own reservation; the claim is gone, see the test below
        posted=0,
        raised=[("declined_after_us", 35_00)],
    ),
    Row(
        number=8,
        name="the network said yes in our place",
        event=created(amount=50_00, reasons=["network_fallback"]),
        held=50_00,
        posted=0,
        raised=[("approved_without_us", 50_00)],
    ),
    Row(
        number=8,
        name="yes in our place, though we had said no",
        before=[asks(50_00)],
        event=created(amount=50_00, reasons=["network_fallback"]),
        held=50_00,
        posted=0,
        raised=[("approved_without_us", 50_00)],
    ),
    Row(
        number=8,
        name="our yes came late, and the network had said yes: held once",
        before=[asks(35_00)],
        event=created(reasons=["webhook_timeout"]),
        held=35_00,
        posted=0,
    ),
    Row(
        number=9,
        name="declined upstream",
        event=declined("spending_controls"),
        held=35_00,
        posted=0,
    ),
    Row(
        number=10,
        name="silence after our yes, and the issuer has none",
        before=[asks(35_00)],
        event=looked_at_after(10, finds=None),
        held=35_00,
        posted=0,
        raised=[("silent_decision", 35_00)],
    ),
    Row(
        number=10,
        name="silence after our yes, and the issuer has it",
        before=[asks(35_00)],
        event=looked_at_after(10, finds={}),
        held=35_00,
        posted=0,
    ),
    Row(
        number=11,
        name="a part is given back",
        before=[created(amount=50_00, reasons=["network_fallback"])],
        event=updated(amount=40_00, reasons=["network_fallback"]),
        held=40_00,
        posted=0,
        raised=[("approved_without_us", 50_00)],
    ),
    Row(
        number=12,
        name="given back",
        before=[created(amount=50_00, reasons=["network_fallback"])],
        event=updated(amount=0, status="reversed", reasons=["network_fallback"]),
        held=35_00,
        posted=0,
        raised=[("approved_without_us", 50_00)],
    ),
    Row(
        number=13,
        name="expired",
        before=[created(amount=50_00, reasons=["network_fallback"])],
        event=updated(amount=50_00, status="expired", reasons=["network_fallback"]),
        held=35_00,
        posted=0,
        raised=[("approved_without_us", 50_00)],
    ),
    Row(
        number=14,
        name="captured as held",
        before=[asks(35_00), created(), takes(35_00)],
        event=CLOSED,
        held=0,
        posted=35_00,
    ),
    Row(
        number=15,
        name="captured for less, closing",
        before=[asks(35_00), created(), takes(30_00)],
        event=updated(status="closed", transactions=[money(-30_00)]),
        held=0,
        posted=30_00,
    ),
    Row(
        number=16,
        name="captured for less, and more may come",
        before=[asks(35_00), created(), takes(10_00)],
        event=updated(transactions=[money(-10_00)]),
        held=25_00,
        posted=10_00,
    ),
    Row(
        number=17,
        name="captured for more",
        before=[asks(35_00), created(), takes(40_00)],
        event=updated(status="closed", transactions=[money(-40_00)]),
        held=0,
        posted=40_00,
        raised=[("over_capture", 5_00)],
    ),
    Row(
        number=18,
        name="captured though nobody asked",
        event=takes(20_00, authorisation=None),
        held=15_00,
        posted=20_00,
        raised=[("capture_not_authorised", 20_00)],
    ),
    Row(
        number=18,
        name="captured on a card that is none of ours",
        event=on_unknown_card(takes(20_00, authorisation=None)),
        held=35_00,
        posted=0,  # it is nobody's: see the test of money on unknown cards
    ),
    Row(
        number=19,
        name="captured after a decline",
        before=[asks(50_00), declined(amount=50_00)],
        event=takes(20_00),
        held=0,
        posted=20_00,
        raised=[("capture_after_decline", 20_00)],
    ),
    Row(
        number=20,
        name="captured after it expired",
        before=[asks(35_00), created(), updated(status="expired")],
        event=takes(35_00),
        held=0,
        posted=35_00,
        raised=[("capture_after_end", 35_00)],
    ),
    Row(
        number=20,
        name="captured after it was given back",
        before=[asks(35_00), created(), updated(status="reversed", amount=0)],
        event=takes(35_00),
        held=0,
        posted=35_00,
        raised=[("capture_after_end", 35_00)],
    ),
    Row(
        number=21,
        name="captured on a closed card",
        before=[asks(35_00), created(), card_closed],
        event=takes(35_00),
        held=0,
        posted=35_00,
        raised=[("capture_on_closed_card", 35_00)],
    ),
    Row(number=22, name="refunded", before=BOUGHT, event=returns(35_00), held=0, posted=0),
    Row(
        number=22,
        name="refunded in part",
        before=BOUGHT,
        event=returns(10_00),
        held=0,
        posted=25_00,
    ),
    Row(
        number=23,
        name="a refund that names nothing waits",
        before=BOUGHT,
        event=returns(35_00, authorisation=None),
        held=0,
        posted=35_00,
        unmatched=35_00,
        raised=[("unmatched_refund", 35_00)],
    ),
    Row(
        number=23,
        name="a refund linked to what the issuer does not have waits",
        before=[*BOUGHT, returns(35_00, authorisation="iauth_of_nobody")],
        event=looked_at_after(10, finds=None),
        held=0,
        posted=35_00,
        unmatched=35_00,
        raised=[("unmatched_refund", 35_00)],
    ),
    Row(
        number=23,
        name="the same refund twice under two names waits once",
        before=[*BOUGHT, returns(35_00)],
        event=returns(35_00, named="ipi_back_2"),
        held=0,
        posted=0,
        unmatched=35_00,
        raised=[("unmatched_refund", 35_00)],
    ),
    Row(
        number=23,
        name="a person confirms it",
        before=[*BOUGHT, returns(35_00, authorisation=None)],
        event=matched(),
        held=0,
        posted=0,
        raised=[("unmatched_refund", 35_00)],
    ),
    Row(
        number=24,
        name="a refund before its capture waits for it",
        before=[asks(35_00), created()],
        event=returns(35_00),
        held=35_00,
        posted=0,
        unmatched=35_00,
    ),
    Row(
        number=24,
        name="the capture after its refund",
        before=[asks(35_00), created(), returns(35_00), takes(35_00)],
        event=CLOSED,
        held=0,
        posted=0,
    ),
    Row(
        number=25,
        name="a refund taken back is a capture",
        before=[*BOUGHT, returns(35_00)],
        event=refund_taken_back(35_00),
        held=0,
        posted=35_00,
        raised=[("refund_reversed", 35_00)],
    ),
    Row(
        number=26,
        name="a dispute is drafted",
        before=[*BOUGHT, disputed(sent=False)],
        event=dispute("created", status="unsubmitted"),
        held=0,
        posted=35_00,
        disputed=35_00,
    ),
    Row(
        number=26,
        name="a dispute is opened at the issuer",
        before=BOUGHT,
        event=dispute("created", status="unsubmitted"),
        held=0,
        posted=35_00,
        disputed=35_00,
    ),
    Row(
        number=27,
        name="credited for the time being: not spendable",
        before=[*DISPUTED, SUBMITTED],
        event=REINSTATED,
        held=0,
        posted=35_00,
        disputed=35_00,
        reinstated=35_00,
    ),
    Row(
        number=28,
        name="the credit is taken back",
        before=[*DISPUTED, SUBMITTED, REINSTATED],
        event=dispute("funds_rescinded", status="submitted", moved=[35_00, -35_00]),
        held=0,
        posted=35_00,
        disputed=35_00,
    ),
    Row(
        number=29,
        name="won: a refund",
        before=[*DISPUTED, SUBMITTED, REINSTATED],
        event=dispute("closed", status="won", moved=[35_00]),
        held=0,
        posted=0,
    ),
    Row(
        number=30,
        name="lost: somebody decides who bears it",
        before=[*DISPUTED, SUBMITTED, REINSTATED],
        event=dispute("closed", status="lost", moved=[35_00, -35_00]),
        held=0,
        posted=35_00,
        raised=[("dispute_lost", 35_00)],
    ),
    Row(
        number=30,
        name="too late",
        before=DISPUTED,
        event=dispute("closed", status="expired"),
        held=0,
        posted=35_00,
        raised=[("dispute_lost", 35_00)],
    ),
    Row(
        number=31,
        name="the shop refunds while it is disputed",
        before=[*DISPUTED, SUBMITTED, REINSTATED],
        event=returns(35_00),
        held=0,
        posted=0,
        disputed=35_00,
        reinstated=35_00,
    ),
    Row(
        number=31,
        name="and the network closes it for that: nothing to decide",
        before=[*DISPUTED, SUBMITTED, REINSTATED, returns(35_00)],
        event=dispute("closed", status="lost", moved=[35_00, -35_00], loss_reason="refund_issued"),
        held=0,
        posted=0,
    ),
    Row(
        number=31,
        name="and it is won all the same: one of the two is nobody's",
        before=[*DISPUTED, SUBMITTED, REINSTATED, returns(35_00)],
        event=dispute("closed", status="won", moved=[35_00]),
        held=0,
        posted=0,
        unmatched=35_00,
        raised=[("unmatched_refund", 35_00)],
    ),
    Row(
        number=32,
        name="the rate fell",
        before=[asks(35_00), created(), takes(34_20, merchant_currency="eur")],
        event=updated(status="closed", transactions=[money(-34_20, merchant_currency="eur")]),
        held=0,
        posted=34_20,
    ),
    Row(
        number=32,
        name="the rate rose",
        before=[asks(35_00), created(), takes(35_80, merchant_currency="eur")],
        event=updated(status="closed", transactions=[money(-35_80, merchant_currency="eur")]),
        held=0,
        posted=35_80,
        raised=[("rate_changed", 80)],
    ),
    Row(
        number=33,
        name="an estimate is made final: the issuer is asked, and has more",
        before=[asks(1_00), created(amount=1_00), updated(amount=40_00)],
        event=looked_at_after(60 * 24 * 7, finds={"amount": 40_00}),
        held=40_00,
        posted=0,
    ),
    Row(
        number=35,
        name="a capture on a card that was replaced",
        before=[asks(35_00), created(), card_closed],
        event=updated(status="closed", transactions=[CAPTURE]),
        held=0,
        posted=35_00,
        raised=[("capture_on_closed_card", 35_00)],
    ),
    Row(
        number=36,
        name="nothing new once the budget is over",
        before=[budget_over],
        event=asks(35_00),
        held=35_00,
        posted=0,
        answer=False,
    ),
    Row(
        number=36,
        name="what was promised before is posted",
        before=[asks(35_00), created(), budget_over, takes(35_00)],
        event=CLOSED,
        held=0,
        posted=35_00,
    ),
]


def named(row):
    return f"{row.number:02} {row.name}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_each_row_of_the_reference_comes_out_as_it_says(network, row):
    for step in [*row.before, row.event]:
        step(network)

    purchase = network.now()
    assert (purchase.held_pence, purchase.posted_pence, purchase.unmatched_pence) == (
        row.held,
        row.posted,
        row.unmatched,
    )
    assert (purchase.disputed_pence, purchase.reinstated_pence) == (row.disputed, row.reinstated)
    assert network.raised() == row.raised
    if row.answer is not None:
        assert network.answers[-1] is row.answer


def test_every_row_is_here():
    """Row 34 is the settlement file's: another subject's, with tests of its own."""
    assert {row.number for row in ROWS} == set(range(1, 37)) - {34}
