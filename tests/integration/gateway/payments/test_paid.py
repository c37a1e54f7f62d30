"""What is done about a purchase that a card has paid: cards, receipts, disputes, exceptions."""

from uuid import uuid4

from tests.integration.gateway.visiting import done
from tests.integration.payments.network import returns, takes

SHA256 = "ab" * 32


def card_of(case, network):
    (card,) = done(case.person.get(f"/purchases/{network.purchase_id}/cards"), 200)["items"]
    return card


def test_a_purchase_is_shown_with_what_was_decided_and_what_it_came_to(paid):
    case, network = paid

    seen = done(case.person.get(f"/purchases/{network.purchase_id}"), 200)

    assert (seen["posted_pence"], seen["issuer_card_id"]) == (35_00, network.card)


def test_whoever_finds_a_card_lost_can_stop_it_and_a_broker_lets_it_pay_again(paid):
    case, network = paid
    address = f"/cards/{card_of(case, network)['card_id']}"

    frozen = done(case.person.post(f"{address}/freeze", reason="I cannot find it"))
    assert case.person.post(f"{address}/unfreeze", reason="Found it").status_code == 403
    active = done(case.broker.post(f"{address}/unfreeze", reason="They found it"))
    closed = done(case.broker.post(f"{address}/closure", reason="Not needed"))

    assert [one["state"] for one in (frozen, active, closed)] == ["frozen", "active", "closed"]
    changes = card_of(case, network)["changes"]
    assert sorted(one["changed_by"] for one in changes) == sorted(
        [case.person.id, case.broker.id, case.broker.id]
    )


def test_a_lost_card_is_replaced(paid):
    case, network = paid
    card_id = card_of(case, network)["card_id"]

    said = done(case.person.post(f"/cards/{card_id}/replacement", because="lost", reason="Bus"))

    assert said["card_id"] == card_id


def test_a_receipt_gets_an_address_of_its_own_or_a_reason(paid):
    case, network = paid
    address = f"/purchases/{network.purchase_id}"

    upload = done(case.person.post(f"{address}/receipt-uploads", amount_pence=35_00))
    lines = [{"description": "A lesson", "total_pence": 35_00}]
    kept = case.broker.post(f"{address}/receipts", amount_pence=35_00, sha256=SHA256, lines=lines)

    assert {"address", "expires_at", "largest_bytes"} <= set(upload)
    assert done(kept)["purchase_id"] == str(network.purchase_id)
    (receipt,) = done(case.person.get(address), 200)["receipts"]
    nothing = case.person.post(f"/receipts/{receipt['receipt_id']}/downloads")
    assert nothing.status_code == 409  # its file is kept elsewhere
    assert case.person.post(f"{address}/no-receipt", reason="Lost").status_code == 409


def test_money_is_asked_back_through_the_network(paid):
    case, network = paid
    opened = done(
        case.broker.post(
            "/disputes",
            purchase_id=str(network.purchase_id),
            presentment_id=network.name("ipi_1"),
            reason="not_received",
            words="Nobody came",
            evidence=["order-1.pdf"],
        )
    )
    address = f"/disputes/{opened['dispute_id']}"

    assert opened["state"] == "draft"
    assert done(case.broker.post(f"{address}/withdrawal", reason="They came"))["state"] != "draft"
    (seen,) = done(case.person.get(f"/purchases/{network.purchase_id}/disputes"), 200)["items"]
    assert seen["dispute_id"] == opened["dispute_id"]
    assert case.broker.post(f"{address}/submission").status_code == 409


def test_an_exception_waits_for_its_role_and_is_ended_with_a_reason(paid):
    case, network = paid
    takes(5_00, named="ipi_2")(network)  # more than was asked for
    (raised, *_) = done(case.broker.get("/exceptions"), 200)["items"]
    listed = case.broker.merged("/tasks").json

    assert raised["exception_id"] in {one["task_id"] for one in listed["items"]}
    assert listed["not_answered"] == ["assessment", "notifications"]
    ended = case.broker.post(
        f"/exceptions/{raised['exception_id']}/resolution",
        resolution=raised["can_end"][0],
        reason="Seen",
    )
    assert done(ended)["exception_id"] == raised["exception_id"]
    ids = {one["exception_id"] for one in done(case.broker.get("/exceptions"), 200)["items"]}
    assert raised["exception_id"] not in ids
    everything = done(case.finance.get("/exceptions", is_open="false"), 200)["items"]
    assert raised["exception_id"] in {one["exception_id"] for one in everything}


def test_a_refund_without_a_name_is_matched_by_hand(paid):
    case, network = paid
    returns(10_00, authorisation=None)(network)
    queue = done(case.broker.get("/refund-queue"), 200)["items"]

    for waiting in queue:
        matched = case.broker.post(
            "/refund-matches",
            presentment_id=waiting["presentment_id"],
            purchase_id=str(network.purchase_id),
            reason="The same shop",
        )
        assert done(matched)["purchase_id"] == str(network.purchase_id)
    assert done(case.broker.get("/refund-queue"), 200)["items"] == []


def test_who_looked_is_shown_to_the_person_alone(paid):
    case, network = paid
    case.broker.get(f"/purchases/{network.purchase_id}")

    first = case.person.merged("/me/access-log", limit=2).json
    after = case.person.merged("/me/access-log", limit=200, cursor=first["next_cursor"])

    assert after.status_code == 422  # a page has at most 100
    after = case.person.merged("/me/access-log", limit=100, cursor=first["next_cursor"]).json
    newest = first["items"][0]
    assert (newest["operation"], newest["actor_id"]) == ("purchase", case.broker.id)
    assert "state" in newest["fields"]
    seqs = [one["seq"] for one in first["items"] + after["items"]]
    assert seqs == sorted(seqs, reverse=True)
    assert len(set(seqs)) == len(seqs)
    assert first["not_answered"] == ["assessment", "budget", "notifications"]
    assert case.broker.merged("/me/access-log").status_code == 403
    assert case.person.merged(f"/people/{uuid4()}/access-log").status_code == 404


def test_finance_reads_settlements_and_what_is_held(paid):
    case, _ = paid

    assert done(case.finance.get("/settlements", day="2026-11-24"), 200)["file"] is None
    assert done(case.finance.get("/open-holds"), 200)["holds"] == 0
    assert case.broker.get("/open-holds").status_code == 403
