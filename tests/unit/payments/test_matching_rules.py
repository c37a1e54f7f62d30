from datetime import timedelta
from uuid import UUID

from services.payments.matching.rules import Capture, suggestions
from tests.factories import TUESDAY_AT_TEN

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def a_capture(purchase_id, **changed):
    return Capture(
        **{
            "purchase_id": purchase_id,
            "issuer_card_id": "ic_1",
            "network_id": "shop",
            "amount_pence": 20_00,
            "heard_at": TUESDAY_AT_TEN,
            **changed,
        }
    )


def suggested(*captures, amount_pence=20_00):
    found = suggestions(
        issuer_card_id="ic_1", network_id="shop", amount_pence=amount_pence, captures=captures
    )
    return [(one.purchase_id, one.because) for one in found]


def test_what_more_speaks_for_comes_first():
    assert suggested(
        a_capture(ONE, issuer_card_id="ic_2"),
        a_capture(TWO),
        a_capture(THREE, network_id=None),
    ) == [
        (TWO, ("card", "shop", "amount")),
        (ONE, ("shop", "amount")),
        (THREE, ("card", "amount")),
    ]


def test_of_two_alike_the_later_one_comes_first():
    later = TUESDAY_AT_TEN + timedelta(days=1)

    assert [one for one, _ in suggested(a_capture(ONE), a_capture(TWO, heard_at=later))] == [
        TWO,
        ONE,
    ]


def test_the_amount_alone_says_nothing_and_more_than_was_captured_cannot_be_refunded():
    assert suggested(a_capture(ONE, issuer_card_id="ic_2", network_id="other")) == []
    assert suggested(a_capture(ONE), amount_pence=20_01) == []


def test_five_at_most_are_suggested():
    assert len(suggested(*(a_capture(UUID(int=number)) for number in range(9)))) == 5
