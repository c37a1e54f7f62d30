"""What finance officers do with the books of a pool."""

import pytest

from tests.integration.budget.budgets import COUNCIL, NHS, POOL
from tests.integration.gateway.visiting import done

BOTH = [str(NHS), str(COUNCIL)]
A_POOL = f"/pools/{POOL}"


def signed_by(*funders):
    return [{"funder_id": one, "role": "lead", "signed_on": "2026-04-01"} for one in funders]


def test_lines_of_the_bank_are_matched_by_rule_and_by_hand(funded):
    finance = funded.finance
    line = {
        "external_id": "line-1",
        "amount_pence": 50_00,
        "booked_on": "2026-11-24",
        "reference": "BACS nhs",
    }
    lines = [line, line | {"external_id": "line-2", "amount_pence": 7_00, "reference": "?"}]
    done(finance.post("/bank-lines", source="bank", file_sha256="ab" * 32, lines=lines))
    found = done(finance.post("/line-match-runs", since="2026-11-01", until="2026-12-01"))
    seen = done(finance.get("/reconciliation", on="2026-11-24"), 200)

    assert found["matched"]["matches"] >= 1
    for item in seen["suspense"]["first_due"]:
        assigned = finance.put(
            f"/suspense/{item['suspense_id']}/owner",
            owner="council/finance_officer",
            due_on="2026-12-01",
            reason="Ask the bank",
        )
        done(assigned)
    match_id = found["matches"][0]["match_id"]
    done(finance.post(f"/line-matches/{match_id}/undoing", reason="Another payment"))
    both = found["matches"][0]["lines"]
    again = finance.post(
        "/line-matches",
        outside=[one for one in both if "source" in one],
        ledger=[one for one in both if "journal_id" in one],
        reason="Seen on the statement",
    )
    done(again)
    assert funded.coordinator.get("/reconciliation", on="2026-11-24").status_code == 403


def test_a_period_is_closed_once_every_partner_has_signed(funded):
    finance = funded.finance
    opened = finance.post(f"{A_POOL}/periods", starts_on="2026-04-01", ends_on="2026-05-01")
    period = f"/periods/{done(opened)['period_id']}"
    assert finance.get(period).status_code in {404, 409}  # it has not been closed
    done(finance.post(f"{period}/soft-close"))
    other_side = finance.post(f"{period}/signatures", funder_id=BOTH[0])
    assert (other_side.status_code, other_side.json["code"]) == (404, "not_known_yet")
    done(funded.board.post(f"{period}/signatures", funder_id=BOTH[0]))
    signed = done(finance.post(f"{period}/signatures", funder_id=BOTH[1]))
    assert signed["missing_signatures"] == []
    done(finance.post(f"{period}/closure"))

    seen = done(funded.auditor.get(period), 200)
    assert {one["role"] for one in seen["signatures"]} == {"finance_officer"}
    approved = finance.post(f"{period}/reopening-approval", reason="A line was forgotten")
    assert approved.status_code in {202, 409}, approved.json
    reopened = finance.post(f"{period}/reopening", reason="A line was forgotten")
    assert reopened.status_code in {202, 409}, reopened.json


def test_partners_settle_what_they_owe_one_another(funded):
    finance = funded.finance
    run = done(finance.post(f"{A_POOL}/recharges", month="2026-10"))
    seen = done(funded.auditor.get(f"{A_POOL}/recharges", on="2026-11-24"), 200)
    assert [one["run_id"] for one in seen["runs"]] == [run["run_id"]]
    paid = finance.post(
        f"/recharges/{run['run_id']}/settlements",
        debtor_id=BOTH[0],
        creditor_id=BOTH[1],
        amount_pence=1,
        bank_reference="BACS 1",
    )
    assert paid.status_code in {404, 409}, paid.json  # nobody owes anything


def test_partners_share_the_risk_of_a_year(funded):
    parts = [{"funder_id": one, "basis_points": 5_000} for one in BOTH]
    rule = funded.finance.post(
        f"{A_POOL}/risk-rules",
        kind="percentage",
        from_year=2026,
        parts=parts,
        signatures=signed_by(*BOTH),
    )
    done(rule)
    outlook = done(funded.finance.get(f"{A_POOL}/risk-share", financial_year=2026), 200)
    assert outlook["rule_id"] == rule.json["rule_id"]


@pytest.mark.parametrize("address", ["/funders", "/pools", f"{A_POOL}/periods"])
def test_nobody_else_keeps_the_books(funded, address):
    for guest in (funded.person, funded.coordinator, funded.manager, funded.auditor):
        assert guest.post(address).status_code in {403, 422}
        assert guest.post(address).json["code"] in {"not_allowed", "invalid_request"}


def test_organisations_and_pools_are_registered(case):
    names = {"nhs": ("QHM02", "Another board"), "council": ("E06000002", "Another council")}
    staff = {"nhs": "nhs-trust", "council": "council"}
    ids = [
        done(
            case.finance.post("/funders", kind=kind, code=code, name=name, organisation=staff[kind])
        )["funder_id"]
        for kind, (code, name) in names.items()
    ]
    named = case.board.put(f"/funders/{ids[0]}/contact", name="Sam Bee", email="sam@example.org")
    assert done(named) == {"funder_id": ids[0], "version": 1}
    pool = case.finance.post(
        "/pools",
        name="Learning disabilities",
        agreement_reference="S75 2027",
        host_id=ids[1],
        partner_ids=ids,
        starts_on="2026-04-01",
        ends_on=None,
    )
    done(pool)
