"""Final amounts, receipts, refunds taken back, balances, disputes and the settlement file."""

import csv
import io

import pytest
import requests
import stripe

EVIDENCE = {"reason": "not_received", "not_received": {"explanation": "Nothing came."}}
HEADER = (
    "transaction_id,authorization_id,card_id,type,amount,currency,"
    "merchant_amount,merchant_currency,processed_on,fee"
)


@pytest.fixture
def captured(client, buy):
    """A purchase's only capture."""
    authorisation = client.test_helpers.issuing.authorizations.capture(buy().id)
    return authorisation.transactions[0]


def moved(client, source):
    found = client.balance_transactions.list({"source": source})
    return [(one.type, one.amount) for one in found.auto_paging_iter()][::-1]


def test_an_estimate_becomes_a_final_amount(client, buy):
    authorisation = buy(amount=1_00, merchant_data={"category_code": "5542"})

    final = client.test_helpers.issuing.authorizations.finalize_amount(
        authorisation.id, {"final_amount": 43_21}
    )

    assert (final.amount, final.status) == (43_21, "pending")


def test_a_capture_bears_the_lines_of_its_receipt(client, buy):
    lines = [{"description": "Riding lesson for one person", "quantity": 1, "total": 35_00}]

    captured = client.test_helpers.issuing.authorizations.capture(
        buy().id, {"purchase_details": {"reference": "R-1", "receipt": lines}}
    )

    details = client.issuing.transactions.retrieve(captured.transactions[0].id).purchase_details
    assert (details.reference, details.receipt[0].total) == ("R-1", 35_00)
    assert details.receipt[0].description == "Riding lesson for one pers"


@pytest.mark.parametrize("details", [{"colour": "blue"}, {"receipt": [{"colour": "blue"}]}])
def test_details_that_are_not_kept_are_refused(details, client, buy):
    with pytest.raises(stripe.InvalidRequestError):
        client.test_helpers.issuing.authorizations.capture(buy().id, {"purchase_details": details})


def test_a_refund_can_be_taken_back_once(client, captured, issuer_url, api_headers):
    refund = client.test_helpers.issuing.transactions.refund(captured.id)
    path = f"{issuer_url}/v1/test_helpers/issuing/transactions/{refund.id}/reverse_refund"

    answers = [requests.post(path, headers=api_headers, timeout=5) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 400]
    assert answers[0].json()["amount"] == -35_00
    assert answers[0].json()["type"] == "refund"


def test_the_balance_follows_holds_captures_and_refunds(client, buy):
    authorisation = buy()
    captured = client.test_helpers.issuing.authorizations.capture(
        authorisation.id, {"capture_amount": 30_00}
    )
    capture = captured.transactions[0].id
    refund = client.test_helpers.issuing.transactions.refund(capture, {"refund_amount": 10_00})

    assert moved(client, authorisation.id) == [
        ("issuing_authorization_hold", -35_00),
        ("issuing_authorization_release", 35_00),
    ]
    assert moved(client, capture) == [("issuing_transaction", -30_00)]
    assert moved(client, refund.id) == [("issuing_transaction", 10_00)]
    everything = client.balance_transactions.list({"limit": 100})
    assert sum(one.net for one in everything) == -20_00
    first = client.balance_transactions.retrieve(everything.data[-1].id)
    assert first.source == authorisation.id


def test_a_purchase_in_another_currency_says_both_amounts(client, buy):
    authorisation = buy(amount=35_00, merchant_amount=41_00, merchant_currency="eur")

    captured = client.test_helpers.issuing.authorizations.capture(
        authorisation.id, {"capture_amount": 17_50}
    )

    transaction = captured.transactions[0]
    assert (transaction.merchant_amount, transaction.merchant_currency) == (-20_50, "eur")


# Disputes


def test_a_dispute_is_drafted_changed_and_handed_in_once(client, captured, programme):
    opened = client.issuing.disputes.create({"transaction": captured.id, "amount": 20_00})
    changed = client.issuing.disputes.update(opened.id, {"evidence": EVIDENCE})
    submitted = client.issuing.disputes.submit(opened.id)

    assert (opened.status, opened.amount, opened.transaction) == (
        "unsubmitted",
        20_00,
        captured.id,
    )
    assert changed.evidence.reason == "not_received"
    assert submitted.status == "submitted"
    assert client.issuing.transactions.retrieve(captured.id).dispute == opened.id
    assert [one.id for one in client.issuing.disputes.list({"status": "submitted"})] == [opened.id]
    for change in (client.issuing.disputes.submit, client.issuing.disputes.update):
        with pytest.raises(stripe.InvalidRequestError):
            change(opened.id)
    for told in ("created", "updated", "submitted"):
        programme.wait_for(f"issuing_dispute.{told}")


def test_a_dispute_without_an_explanation_is_not_taken(client, captured):
    opened = client.issuing.disputes.create(
        {"transaction": captured.id, "evidence": {"reason": "duplicate"}}
    )

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.disputes.submit(opened.id)

    assert refused.value.param == "evidence[duplicate][explanation]"
    assert client.issuing.disputes.retrieve(opened.id).status == "unsubmitted"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"amount": 35_01}, "amount"),
        ({"evidence": {"reason": "bored"}}, "evidence[reason]"),
        ({"evidence": {"colour": "blue"}}, "evidence[colour]"),
        ({"transaction": "ipi_none"}, "transaction"),
    ],
)
def test_a_dispute_with_a_mistake_is_not_opened(fields, param, client, captured):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.disputes.create({"transaction": captured.id, **fields})

    assert refused.value.param == param
    assert client.issuing.disputes.list().data == []


@pytest.mark.parametrize(
    ("steps", "status", "credited"),
    [
        (["win"], "won", 35_00),
        (["reinstate", "win"], "won", 35_00),
        (["lose"], "lost", 0),
        (["reinstate", "lose"], "lost", 0),
        (["reinstate", "rescind"], "submitted", 0),
    ],
)
def test_a_dispute_ends_as_whoever_runs_the_simulator_says(
    *, steps, status, credited, client, captured, sim, programme
):
    opened = client.issuing.disputes.create({"transaction": captured.id, "evidence": EVIDENCE})
    client.issuing.disputes.submit(opened.id)

    for step in steps:
        ended = sim(f"disputes/{opened.id}/{step}")

    assert ended["status"] == status
    assert sum(one["amount"] for one in ended["balance_transactions"]) == credited
    assert (ended["loss_reason"] is not None) is (status == "lost")
    if credited:
        programme.wait_for("issuing_dispute.funds_reinstated")
    if status != "submitted":
        programme.wait_for("issuing_dispute.closed")


def test_a_dispute_that_nobody_hands_in_expires_after_its_window(client, captured, sim):
    opened = client.issuing.disputes.create({"transaction": captured.id})

    sim("clock", {"advance_seconds": 111 * 86_400})

    assert client.issuing.disputes.retrieve(opened.id).status == "expired"


@pytest.mark.parametrize("outcome", ["win", "lose", "reinstate", "rescind", "shrug"])
def test_a_draft_can_only_expire(outcome, client, captured, issuer_url):
    opened = client.issuing.disputes.create({"transaction": captured.id})

    answer = requests.post(f"{issuer_url}/sim/disputes/{opened.id}/{outcome}", timeout=5)

    assert answer.status_code in {400, 404}
    assert client.issuing.disputes.retrieve(opened.id).status == "unsubmitted"


# The settlement file


def test_a_day_has_a_settlement_file_in_two_forms(client, captured, sim, issuer_url):
    day = sim("clock", method="GET")["day"]
    client.test_helpers.issuing.transactions.refund(captured.id, {"refund_amount": 5_00})

    as_json = sim(f"settlement/{day}.json", method="GET")
    as_csv = requests.get(f"{issuer_url}/sim/settlement/{day}.csv", timeout=5)

    assert as_csv.text.splitlines()[0] == HEADER
    assert as_csv.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert [int(row["amount"]) for row in rows] == [-35_00, 5_00]
    assert [row["type"] for row in rows] == ["capture", "refund"]
    assert {row["processed_on"] for row in rows} == {day}
    assert [row["transaction_id"] for row in rows] == [
        row["transaction_id"] for row in as_json["rows"]
    ]
    assert (as_json["total"], as_json["fees"]) == (-30_00, 0)


def test_the_next_days_file_has_what_was_processed_then(client, buy, sim):
    sim("clock", {"advance_seconds": 86_400})
    tomorrow = sim("clock", method="GET")["day"]
    client.test_helpers.issuing.authorizations.capture(buy().id)

    assert sim(f"settlement/{tomorrow}.json", method="GET")["total"] == -35_00


@pytest.mark.parametrize("day", ["2999-01-01", "2026-02-30", "yesterday"])
def test_there_is_no_file_of_a_day_that_is_none_or_has_not_begun(day, issuer_url):
    answer = requests.get(f"{issuer_url}/sim/settlement/{day}.csv", timeout=5)

    assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    ("variant", "rows", "total"),
    [
        ("missing_row", 1, -1_00),
        ("extra_row", 3, -5_00),
        ("wrong_amount", 2, -3_07),
        ("duplicate_file", 0, 0),
    ],
)
def test_a_rule_spoils_a_file_once(*, variant, rows, total, client, card, sim):
    for amount in (1_00, 2_00):
        client.test_helpers.issuing.transactions.create_force_capture(
            {"card": card.id, "amount": amount}
        )
    day = sim("clock", method="GET")["day"]
    sim("faults", {"fault": "settlement", "variant": variant, "amount": 7, "type": day})

    spoilt, right = (sim(f"settlement/{day}.json", method="GET") for _ in range(2))

    assert (len(spoilt["rows"]), spoilt["total"]) == (rows, total)
    assert (len(right["rows"]), right["total"]) == (2, -3_00)
