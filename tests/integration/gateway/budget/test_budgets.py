"""A budget is funded by finance officers and read by everybody of the case."""

import pytest

from tests.integration.budget.budgets import COUNCIL, NHS
from tests.integration.gateway.budget.conftest import agreement
from tests.integration.gateway.visiting import done

PERIOD = {"starts_on": "2026-11-01", "ends_on": "2026-12-01"}


def test_a_budget_is_seen_by_those_of_the_case(funded):
    for guest in (funded.person, funded.coordinator, funded.manager, funded.finance):
        seen = done(guest.get(funded.address), 200)
        assert (seen["state"], seen["total_pence"]) == ("active", 100_00)

    stranger = funded.door.enter("broker")
    assert stranger.get(funded.address).status_code == 404


def test_what_does_not_change_is_not_sent_again(funded):
    tag = funded.person.get(funded.address).headers["ETag"]

    again = funded.door.ask(
        funded.person.visitor, "GET", funded.address, headers={"If-None-Match": tag}
    )

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("forecast", {"on": "2026-11-24"}),
        ("balance", {"as_of": "2026-11-24"}),
        ("balance", {"as_of": "2026-11-24", "known_at": "2026-11-24T10:00:00Z"}),
        ("closing-statement", {}),
        ("allocations", {}),
        ("money-routes", {"on": "2026-11-24"}),
        ("repayments", {}),
    ],
)
def test_what_is_asked_of_a_budget_is_answered_whole(funded, question, more):
    done(funded.person.get(f"{funded.address}/{question}", **more), 200)


def test_what_would_be_left_over_is_for_staff(funded):
    done(funded.finance.get(f"{funded.address}/surplus", on="2026-11-24", allowance_weeks=0), 200)

    assert funded.person.get(f"{funded.address}/surplus", on="2026-11-24").status_code == 403


@pytest.mark.parametrize(("form", "begins"), [("json", b"{"), ("csv", b""), ("pdf", b"%PDF-")])
def test_a_statement_is_sent_as_a_file(funded, form, begins):
    answer = funded.person.get(f"{funded.address}/statement", form=form, **PERIOD)

    assert answer.status_code == 200
    assert answer.data.startswith(begins)
    assert answer.data
    name = f"person-statement-2026-11-01-to-2026-11-30.{form}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    known_at = answer.headers["Known-At"]
    again = funded.person.get(f"{funded.address}/statement", form=form, known_at=known_at, **PERIOD)
    assert again.headers["Known-At"] == known_at


def test_the_books_are_read_as_files_by_who_may(funded):
    own = {f"/funders/{NHS}/statement": funded.board, "/ledger/journals": funded.finance}
    for address, officer in own.items():
        assert officer.get(address, form="csv", **PERIOD).status_code == 200
        assert funded.coordinator.get(address, form="csv", **PERIOD).status_code == 403
    assert funded.auditor.get("/ledger/statement", form="json", **PERIOD).status_code == 200
    assert funded.finance.get("/ledger/statement", form="json", **PERIOD).status_code == 403


def test_only_finance_officers_bring_money_in(case):
    for guest in (case.person, case.coordinator, case.manager, case.auditor):
        assert guest.post(f"{case.address}/agreements", **agreement()).status_code == 403

    elsewhere = case.door.enter("finance_officer", organisation="another-council")
    answer = elsewhere.post(f"{case.address}/agreements", **agreement())
    assert (answer.status_code, answer.json["code"]) == (404, "not_known_yet")


def test_money_is_promised_released_and_becomes_usable_bit_by_bit(case):
    called = done(case.finance.post(f"{case.address}/agreements", **agreement()))["called"]
    nhs, council = sorted(called, key=lambda call: call["funder_kind"], reverse=True)
    about = {"funder_id": nhs["funder_id"], "amount_pence": nhs["amount_pence"]}
    address = f"{case.address}/contributions/{nhs['contribution_id']}"
    done(case.finance.post(f"{address}/promise", **about))
    done(case.finance.post(f"{address}/release", **about, contract_reference="C-1"))
    stream = case.finance.post(
        f"{case.address}/allocations",
        funder_id=council["funder_id"],
        recurrence="week",
        amount_pence=1_00,
        starts_on="2026-12-01",
        ends_on="2027-12-01",
        leftover="carry",
    )
    allocation_id = done(stream)["allocation_id"]
    done(
        case.finance.post(
            f"/allocations/{allocation_id}/end", ends_on="2026-12-31", reason="Another is made"
        )
    )
    reserve = case.finance.post(
        f"{case.address}/crisis-reserve",
        parts=[{"funder_id": str(COUNCIL), "amount_pence": 10_00}],
        signatures=[{"funder_id": str(COUNCIL), "role": "lead", "signed_on": "2026-04-01"}],
    )
    done(reserve)
    seen = done(case.person.get(f"{case.address}/crisis-reserve"), 200)
    assert seen["promised_pence"] == 10_00
    assert done(case.person.get(f"{case.address}/allocations"), 200)["funders"]


def test_an_items_money_goes_another_way_and_is_paid_directly(funded):
    said = funded.coordinator.post(
        f"{funded.item}/route",
        route="direct_payment",
        starts_on="2026-12-01",
        reason="They want to do it themselves",
        payee="person",
        account_reference="acc-1",
    )
    done(said)
    schedule = funded.finance.post(
        f"{funded.item}/direct-payments",
        recurrence="four_weeks",
        amount_pence=10_00,
        starts_on="2026-12-01",
        ends_on="2027-03-01",
    )
    done(schedule)
    items = done(funded.person.get(f"{funded.address}/money-routes", on="2026-12-02"), 200)["items"]
    assert items[0]["route"] == "direct_payment"
    assert items[0]["history"][0]["actor"] == "nhs-trust/care_coordinator"


def test_what_is_left_over_goes_back_with_notice_and_a_way_to_object(funded):
    all_ = f"{funded.address}/repayments"
    done(funded.manager.post(f"{funded.address}/end", ends_on="2026-11-24", reason="plan_ended"))
    proposed = funded.finance.post(
        all_, ground="ended", reason="The plan is over", allowance_weeks=0, committed_pence=0
    )
    one = f"{all_}/{done(proposed)['repayment_id']}"
    done(funded.finance.post(f"{one}/notice", reason="It is over", notice_weeks=4))
    asked = funded.person.post(f"{one}/reconsideration", asked_by="person", reason="A course")
    done(asked)
    decided = {"outcome": "upheld", "reason": "Nothing is owed"}
    own = funded.finance.post(f"{one}/reconsideration-decision", **decided)
    assert (own.status_code, own.json["code"]) == (409, "same_person")
    colleague = funded.door.enter("finance_officer", organisation="council")
    done(colleague.post(f"{one}/reconsideration-decision", **decided))
    done(funded.finance.post(f"{one}/withdrawal", reason="It was a mistake"))

    (seen,) = done(funded.person.get(all_), 200)["items"]
    assert seen["state"] == "withdrawn"
    assert funded.person.post(f"{one}/withdrawal", reason="No").status_code == 403
    done(funded.person.get(f"{funded.address}/closing-statement"), 200)
