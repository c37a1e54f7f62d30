"""Receipts' files over HTTP, in real files."""

import hashlib
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select
from werkzeug.serving import make_server

from services.payments import web, web_receipts
from services.payments.receipt_files import rules
from services.payments.receipt_files.commands import AskReceipt, AskUpload
from services.payments.receipt_files.handlers import ask_receipt, ask_upload
from services.payments.receipt_files.models import ReceiptAddress
from services.payments.receipt_files.rules import FileKeptError, NoFileError
from services.payments.receipt_files.store import BrokenFileError, ReceiptStore
from services.payments.receipts import handlers
from services.payments.receipts.commands import AttachReceipt, Line
from services.payments.receipts.models import Receipt, ReceiptLine
from services.payments.receipts.rules import NothingBoughtError
from shared import clock
from shared.errors import IdReusedError, NotFoundError
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.simulators.listener import running

A_PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1024  # several pieces, the last one not full
A_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 100


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "receipts"


@pytest.fixture
def store(directory):
    return ReceiptStore(str(directory))


@pytest.fixture
def pages(transaction, directory):
    settings = facts.replace_settings(receipts_directory=str(directory))
    return web.app_on(transaction, settings=settings).test_client()


@pytest.fixture
def carry_out_now(carry_out):
    """Carry out at the clock's own time: addresses end by it."""

    def at_once(handler, command, *, ago=timedelta()):
        return carry_out(handler, command, trace=a_trace(at=clock.now() - ago))

    return at_once


@pytest.fixture
def asked(with_card, carry_out_now):
    """Ask for an address for a receipt; returns the command and the address."""

    def ask(*, ago=timedelta(), **changed):
        command = AskUpload(
            **{
                "purchase_id": changed.get("purchase_id") or with_card()[0],
                "receipt_id": uuid4(),
                "sha256": None,
                "amount_pence": 35_00,
                **changed,
            }
        )
        return command, carry_out_now(ask_upload, command, ago=ago)["address"]

    return ask


@pytest.fixture
def kept_files(directory):
    def found():
        return sorted(path.name for path in directory.rglob("*") if path.is_file())

    return found


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_file_is_kept_encrypted_under_its_digest_and_read_back_once(
    pages, asked, carry_out_now, kept_files, *, directory, method
):
    command, address = asked()

    answer = pages.open(address, method=method, data=A_PDF, content_type="application/pdf")

    assert answer.status_code == 201
    assert answer.json == {
        "receipt_id": str(command.receipt_id),
        "sha256": sha256(A_PDF),
        "media_type": "application/pdf",
        "size_bytes": len(A_PDF),
    }
    assert kept_files() == [sha256(A_PDF)]
    (path,) = directory.rglob(sha256(A_PDF))
    assert b"%PDF" not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, directory.stat().st_mode & 0o777) == (0o600, 0o700)

    reader = AskReceipt(receipt_id=command.receipt_id, asked_by=uuid4())
    to_read = carry_out_now(ask_receipt, reader)["address"]
    page = pages.get(to_read)
    assert (page.status_code, page.data) == (200, A_PDF)
    assert page.mimetype == "application/pdf"
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert pages.get(to_read).json["code"] == "address_over"


def test_an_address_takes_one_file_for_its_purpose_until_its_end(
    pages, asked, carry_out_now, kept_files, count
):
    _, address = asked()
    assert pages.put(address, data=A_PNG).status_code == 201

    used = pages.put(address, data=A_PDF)
    _, old = asked(ago=rules.ADDRESS_IS_GOOD_FOR + timedelta(seconds=2))
    over = pages.put(old, data=A_PDF)
    _, unused = asked()
    for_reading = pages.get(unused)
    forged = pages.put(unused[:-1] + ("0" if unused[-1] != "0" else "1"), data=A_PDF)

    assert (used.status_code, over.status_code) == (410, 410)
    assert (for_reading.status_code, forged.status_code) == (404, 404)
    assert forged.json["next_step"]
    assert (kept_files(), count(Receipt)) == ([sha256(A_PNG)], 1)


@pytest.mark.parametrize(
    ("content", "called", "status", "code"),
    [
        (b"GIF89a" + b"\x00" * 100, "image/gif", 415, "file_type_not_taken"),
        (b"<html>", "application/pdf", 415, "file_type_not_taken"),
        (A_PNG, "application/pdf", 415, "file_type_not_taken"),
        (b"", "application/pdf", 415, "file_type_not_taken"),
        (b"%PDF-" + b"x" * rules.LARGEST_FILE_BYTES, "", 413, "file_too_large"),
    ],
)
def test_what_is_no_receipts_file_is_refused_and_nothing_of_it_stays(
    pages, asked, kept_files, count, *, content, called, status, code
):
    _, address = asked()

    answer = pages.put(address, data=content, content_type=called)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert (kept_files(), count(Receipt)) == ([], 0)
    assert pages.put(address, data=A_PDF).status_code == 201  # the right one can still come


def test_the_largest_file_is_taken_and_a_longer_one_without_a_length_is_not(
    transaction, directory, asked, kept_files
):
    settings = facts.replace_settings(receipts_directory=str(directory))
    largest = b"%PDF-" + b"x" * (rules.LARGEST_FILE_BYTES - 5)
    with running(
        make_server("127.0.0.1", 0, web.app_on(transaction, settings=settings), threaded=True)
    ) as url:
        taken = requests.put(url + asked()[1], data=largest, timeout=30)
        in_chunks = iter([largest, b"x"])
        refused = requests.put(url + asked()[1], data=in_chunks, timeout=30)

    assert taken.status_code == 201
    assert refused.status_code in {408, 413, 415}  # this server shows no body without a length
    assert kept_files() == [sha256(largest)]


def test_a_file_may_come_before_or_after_its_receipt_is_attached(
    pages, asked, carry_out, with_card, transaction
):
    purchase_id, _ = with_card()
    digest = sha256(A_PDF)
    receipt = AttachReceipt(
        purchase_id=purchase_id, receipt_id=uuid4(), sha256=digest, amount_pence=35_00
    )

    carry_out(handlers.attach_receipt, receipt)
    _, after = asked(purchase_id=purchase_id, receipt_id=receipt.receipt_id)
    assert pages.put(after, data=A_PDF).status_code == 201

    other, before = asked(purchase_id=purchase_id, sha256=sha256(A_PNG))
    assert pages.put(before, data=A_PNG).status_code == 201
    attached = AttachReceipt(
        purchase_id=purchase_id,
        receipt_id=other.receipt_id,
        sha256=sha256(A_PNG),
        amount_pence=35_00,
    )
    carry_out(handlers.attach_receipt, attached)

    with transaction() as session:
        stored = session.scalars(select(Receipt.stored_at)).all()
    assert len(stored) == 2
    assert None not in stored


@pytest.mark.parametrize("is_attached", [True, False])
def test_another_file_than_was_announced_is_refused_and_nothing_of_it_stays(
    pages, asked, carry_out, with_card, *, kept_files, transaction, is_attached
):
    purchase_id, _ = with_card()
    receipt_id, announced = uuid4(), sha256(A_PDF)
    if is_attached:
        receipt = AttachReceipt(
            purchase_id=purchase_id, receipt_id=receipt_id, sha256=announced, amount_pence=35_00
        )
        carry_out(handlers.attach_receipt, receipt)
    _, address = asked(
        purchase_id=purchase_id, receipt_id=receipt_id, sha256=None if is_attached else announced
    )

    answer = pages.put(address, data=A_PNG)

    assert (answer.status_code, answer.json["code"]) == (422, "digest_differs")
    assert kept_files() == []
    with transaction() as session:
        assert set(session.scalars(select(Receipt.stored_at))) <= {None}
        assert session.scalars(select(ReceiptAddress.used_at)).all() == [None]


def test_lines_that_were_told_with_the_upload_are_kept_with_the_file(pages, asked, transaction):
    _, address = asked(lines=[Line(description="Cigars", quantity=1, total_pence=35_00)])

    assert pages.put(address, data=A_PDF).status_code == 201

    with transaction() as session:
        assert session.scalars(select(ReceiptLine.flag)).all() == ["tobacco"]


def test_an_address_is_not_given_for_nothing_or_for_what_is_here(
    pages, asked, requested, carry_out_now, count
):
    command, address = asked()
    pages.put(address, data=A_PDF)

    with pytest.raises(FileKeptError):
        carry_out_now(ask_upload, command)
    with pytest.raises(IdReusedError):
        asked(receipt_id=command.receipt_id, purchase_id=command.purchase_id, amount_pence=1)
    with pytest.raises(NothingBoughtError):
        asked(purchase_id=requested())
    with pytest.raises(NotFoundError):
        carry_out_now(ask_receipt, AskReceipt(receipt_id=uuid4(), asked_by=uuid4()))

    assert count(ReceiptAddress) == 1


def test_of_a_receipt_without_a_file_only_that_is_said(with_card, carry_out, carry_out_now):
    receipt = AttachReceipt(
        purchase_id=with_card()[0], receipt_id=uuid4(), sha256="ab" * 32, amount_pence=35_00
    )
    carry_out(handlers.attach_receipt, receipt)

    with pytest.raises(NoFileError):
        carry_out_now(ask_receipt, AskReceipt(receipt_id=receipt.receipt_id, asked_by=uuid4()))


def test_two_who_send_to_one_address_at_once_leave_one_file(pages, asked, kept_files, count):
    _, address = asked()
    statuses = []

    def send(content):
        statuses.append(pages.application.test_client().put(address, data=content).status_code)

    senders = [threading.Thread(target=send, args=(content,)) for content in (A_PDF, A_PNG)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(statuses) in ([201, 410], [201, 409])
    assert (len(kept_files()), count(Receipt)) == (1, 1)


def test_no_more_files_travel_at_once_than_leave_threads_for_the_card_network(
    transaction, directory, asked, monkeypatch
):
    monkeypatch.setattr(web_receipts, "AT_ONCE", 0)
    settings = facts.replace_settings(receipts_directory=str(directory))
    pages = web.app_on(transaction, settings=settings).test_client()

    answer = pages.put(asked()[1], data=A_PDF)

    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("at", [0, 20, 30, -1])
def test_a_file_that_was_changed_on_the_disk_is_not_sent_at_all(
    directory, pages, asked, carry_out_now, at
):
    command, address = asked()
    pages.put(address, data=A_PDF)
    (path,) = directory.rglob(sha256(A_PDF))
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)

    reader = AskReceipt(receipt_id=command.receipt_id, asked_by=uuid4())
    page = pages.get(carry_out_now(ask_receipt, reader)["address"])

    assert (page.status_code, page.json["code"]) == (503, "fault")


def test_a_file_that_was_cut_off_or_put_under_anothers_digest_does_not_open(
    store, directory, pages, asked
):
    pages.put(asked()[1], data=A_PDF)
    pages.put(asked()[1], data=A_PNG)
    (pdf,) = directory.rglob(sha256(A_PDF))
    (png,) = directory.rglob(sha256(A_PNG))
    whole = pdf.read_bytes()
    first_piece = 16 + 4 + int.from_bytes(whole[16:20], "big")

    pdf.write_bytes(whole[:first_piece])
    with pytest.raises(BrokenFileError):
        store.read(sha256(A_PDF))
    png.replace(pdf)
    with pytest.raises(BrokenFileError):
        store.read(sha256(A_PDF))
    with pytest.raises(BrokenFileError):
        store.read(sha256(A_PNG))
