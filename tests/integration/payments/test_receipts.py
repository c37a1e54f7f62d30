from dataclasses import replace
from uuid import uuid4

import pytest

from services.payments.purchases.rules import PurchaseState
from services.payments.receipts.commands import AttachReceipt
from services.payments.receipts.handlers import attach_receipt
from services.payments.receipts.models import Receipt
from services.payments.receipts.rules import NothingBoughtError
from services.payments.receipts.schemas import AttachReceiptForm
from shared.errors import IdReusedError, InvalidRequestError, NotFoundError
from shared.messaging import answering


def a_receipt(purchase_id):
    return AttachReceipt(
        purchase_id=purchase_id, receipt_id=uuid4(), sha256="ab" * 32, amount_pence=35_00
    )


def test_a_receipt_is_kept_once_however_often_it_is_attached(with_card, carry_out, count):
    purchase_id, _ = with_card()
    command = a_receipt(purchase_id)

    answers = [carry_out(attach_receipt, command) for _ in range(2)]

    assert answers == [{"state": PurchaseState.READY}] * 2
    assert count(Receipt) == 1


def test_the_same_id_for_another_receipt_is_refused(with_card, carry_out, count):
    purchase_id, _ = with_card()
    command = a_receipt(purchase_id)
    carry_out(attach_receipt, command)

    with pytest.raises(IdReusedError):
        carry_out(attach_receipt, replace(command, sha256="cd" * 32))

    assert count(Receipt) == 1


def test_a_receipt_for_nothing_is_refused(requested, carry_out, count):
    with pytest.raises(NothingBoughtError):
        carry_out(attach_receipt, a_receipt(requested()))
    with pytest.raises(NotFoundError):
        carry_out(attach_receipt, a_receipt(uuid4()))

    assert count(Receipt) == 0


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_what_is_no_digest_is_refused(sha256):
    request = {
        "purchase_id": str(uuid4()),
        "receipt_id": str(uuid4()),
        "sha256": sha256,
        "amount_pence": 1,
    }
    with pytest.raises(InvalidRequestError):
        answering.load(AttachReceiptForm(), request)
