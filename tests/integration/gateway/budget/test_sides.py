"""Each funder's finance staff see its own side of the money, and whoever hosts the pool all."""

import csv
import io
from uuid import uuid4

import pytest

from tests.integration.budget.budgets import COUNCIL, NHS, POOL, a_pool, ask
from tests.integration.gateway.visiting import done

PERIOD = {"starts_on": "2026-11-01", "ends_on": "2026-12-01"}
BOTH = {str(NHS), str(COUNCIL)}
JOURNALS = "/ledger/journals"


@pytest.fixture
def stranger(funded):
    """A finance officer of a body that pays for nobody here, and hosts nothing."""
    return funded.door.enter("finance_officer", organisation="another-council")


def exported(guest, **asked):
    answer = guest.get(JOURNALS, form="csv", **PERIOD, **asked)
    assert answer.status_code == 200, answer.json
    return {row["funder_id"] for row in csv.DictReader(io.StringIO(answer.text))}


def refused(answer):
    assert answer.status_code == 404
    return {name: said for name, said in answer.json.items() if name != "request_id"}


def test_nobody_exports_another_funders_journals(funded):
    assert exported(funded.board) == {str(NHS)}
    assert exported(funded.board, funder_id=str(NHS)) == {str(NHS)}
    assert exported(funded.board, budget_id=str(funded.planned.budget_id)) == {str(NHS)}
    theirs = funded.board.get(JOURNALS, form="csv", funder_id=str(COUNCIL), **PERIOD)
    nobodys = funded.board.get(JOURNALS, form="csv", funder_id=str(uuid4()), **PERIOD)
    assert refused(theirs) == refused(nobodys)


def test_the_host_of_a_pool_exports_what_is_in_it(funded):
    assert exported(funded.finance) == BOTH
    assert exported(funded.finance, funder_id=str(NHS)) == {str(NHS)}
    assert exported(funded.auditor) == BOTH


def test_who_hosts_one_pool_sees_nothing_of_another(funded, transaction):
    """Though the same board is a partner in both."""
    third = {"funder_id": str(uuid4()), "kind": "council", "code": "E06000009", "name": "Another"}
    ask(transaction, "register_funder", **third, organisation="another-council")
    a_pool(
        transaction,
        pool_id=str(uuid4()),
        host_id=third["funder_id"],
        partner_ids=[str(NHS), third["funder_id"]],
    )
    host = funded.door.enter("finance_officer", organisation="another-council")

    assert exported(host) == set()
    assert exported(host, funder_id=str(NHS)) == set()
    assert host.get(funded.address).status_code == 404


def test_a_budget_is_shown_to_a_partner_from_its_own_side(funded):
    own = done(funded.board.get(funded.address), 200)
    assert [one["funder_id"] for one in own["funders"]] == [str(NHS)]
    assert {one["funder_id"] for one in own["contributions"]} == {str(NHS)}
    shares = {one["funder_id"] for said in own["agreements"] for one in said["shares"]}
    assert shares == BOTH  # it signed them

    for guest in (funded.finance, funded.coordinator, funded.person):
        whole = done(guest.get(funded.address), 200)
        assert {one["funder_id"] for one in whole["funders"]} == BOTH
        assert {one["funder_id"] for one in whole["contributions"]} >= BOTH


@pytest.mark.parametrize("question", ["balance", "closing-statement", "allocations"])
def test_figures_by_funder_are_ones_own(funded, question):
    asked = {"as_of": "2026-11-24"} if question == "balance" else {}
    own = done(funded.board.get(f"{funded.address}/{question}", **asked), 200)
    whole = done(funded.finance.get(f"{funded.address}/{question}", **asked), 200)

    assert {one["funder_id"] for one in own["funders"]} == {str(NHS)}
    assert {one["funder_id"] for one in whole["funders"]} == BOTH
    assert own["funders"][0] in whole["funders"]


def test_a_forecast_tells_no_side_from_another(funded):
    asked = {"on": "2026-11-24"}
    own = done(funded.board.get(f"{funded.address}/forecast", **asked), 200)

    assert own == done(funded.finance.get(f"{funded.address}/forecast", **asked), 200)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("statement", {"form": "csv", **PERIOD}),
        ("surplus", {"on": "2026-11-24"}),
        ("money-routes", {"on": "2026-11-24"}),
        ("repayments", {}),
    ],
)
def test_what_cannot_be_told_of_one_side_is_the_hosts(funded, question, asked):
    address = f"{funded.address}/{question}"

    assert funded.board.get(address, **asked).status_code == 404
    assert funded.finance.get(address, **asked).status_code == 200


def test_nobody_promises_or_pays_for_another_funder(funded):
    called = done(funded.finance.get(funded.address), 200)["contributions"]
    (council,) = (one for one in called if one["funder_id"] == str(COUNCIL))
    address = f"{funded.address}/contributions/{uuid4()}/promise"
    about = {"amount_pence": council["amount_pence"]}

    theirs = funded.board.post(address, funder_id=str(COUNCIL), **about)
    own = funded.board.post(address, funder_id=str(NHS), **about)

    assert refused(theirs)["code"] == "not_known_yet"
    assert own.json["code"] == "contribution_not_called"


def test_a_pool_is_there_for_its_partners_and_kept_by_its_host(funded, stranger):
    for pool_id in (POOL, uuid4()):
        asked = stranger.get(f"/pools/{pool_id}/recharges", on="2026-11-24")
        told = stranger.post(f"/pools/{pool_id}/recharges", month="2026-10")
        assert (refused(asked)["code"], refused(told)["code"]) == ("not_found", "not_known_yet")

    done(funded.board.get(f"/pools/{POOL}/recharges", on="2026-11-24"), 200)
    run = funded.board.post(f"/pools/{POOL}/recharges", month="2026-10")
    assert refused(run)["code"] == "not_known_yet"


def test_the_bank_is_the_hosts_business(funded, stranger):
    for guest in (funded.board, stranger):
        assert refused(guest.get("/reconciliation", on="2026-11-24"))["code"] == "not_found"
    done(funded.finance.get("/reconciliation", on="2026-11-24"), 200)


def test_who_pays_for_nobody_reads_nobodys_books(funded, stranger):
    for address in (JOURNALS, f"/funders/{NHS}/statement"):
        assert stranger.get(address, form="csv", **PERIOD).status_code == 404
    assert stranger.get(funded.address).status_code == 404


def test_who_works_with_a_person_and_does_not_pay_sees_no_side(funded):
    officer = funded.door.enter("finance_officer", organisation="x")  # the coordinator's body

    shown = done(officer.get(funded.address), 200)
    assert (shown["funders"], shown["contributions"]) == ([], [])
    assert all(item["paid_by"] == [] for item in shown["items"])
