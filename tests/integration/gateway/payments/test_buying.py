"""A broker buys, a coordinator is the second person, and the person sees it."""

from uuid import uuid4

import pytest

from tests.integration.gateway.visiting import done
from tests.integration.payments import facts


def wanted(case, **changed):
    return {
        "budget_id": case.budget_id,
        "item_id": case.item_id,
        "amount_pence": 35_00,
        "instruction": "Please book my lessons",
        **changed,
    }


def bought(case, **changed):
    return done(case.broker.post("/purchases", **wanted(case, **changed)))["purchase_id"]


@pytest.fixture
def dear(case_of):
    """Have something asked for that a second person must approve, and return it with its case."""
    case = case_of(facts.an_item(unit_cost_pence=800_00))
    return case, bought(case, amount_pence=800_00)


def test_a_purchase_is_asked_for_and_seen_by_those_of_the_case(case):
    asked = case.broker.post("/purchases", **wanted(case))
    purchase_id = done(asked)["purchase_id"]

    assert asked.headers["Location"] == f"/v1/purchases/{purchase_id}"
    for guest in (case.broker, case.person, case.coordinator, case.manager, case.finance):
        seen = done(guest.get(f"/purchases/{purchase_id}"), 200)
        assert seen["state"] == "requested"
        listed = done(guest.get(f"/budgets/{case.budget_id}/purchases"), 200)
        assert [one["purchase_id"] for one in listed["items"]] == [purchase_id]


def test_the_same_key_asks_once(case):
    key = uuid4().hex

    first = done(case.broker.post("/purchases", key=key, **wanted(case)))
    again = done(case.broker.post("/purchases", key=key, **wanted(case)))
    other = case.broker.post("/purchases", key=key, **wanted(case, amount_pence=1_00))

    assert first == again
    assert (other.status_code, other.json["code"]) == (422, "id_reused")


def test_what_is_anothers_and_what_is_not_there_look_the_same(case):
    purchase_id = bought(case)
    stranger = case.door.enter("broker", organisation="another-broker")

    theirs = stranger.get(f"/purchases/{purchase_id}")
    nothing = stranger.get(f"/purchases/{uuid4()}")

    told = [answer.json | {"request_id": ""} for answer in (theirs, nothing)]
    assert theirs.status_code == nothing.status_code == 404
    assert told[0] == told[1]


def test_who_has_no_such_role_is_told_so(case):
    for guest in (case.person, case.coordinator, case.finance):
        answer = guest.post("/purchases", **wanted(case))
        assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")


def test_nobody_is_named_by_a_caller(case):
    answer = case.broker.post("/purchases", **wanted(case, requested_by=str(uuid4())))

    assert answer.status_code == 422
    assert "requested_by" in answer.json["details"]


def test_above_the_limit_a_second_person_decides(dear):
    case, purchase_id = dear
    seen = done(case.broker.get(f"/purchases/{purchase_id}"), 200)
    assert seen["waits_for"]["code"] == "approval_wanted"

    assert case.broker.post(f"/purchases/{purchase_id}/approval").status_code == 403
    said = done(case.coordinator.post(f"/purchases/{purchase_id}/approval", reason="Agreed"))

    assert said["state"] == "requested"


def test_what_is_sent_back_is_put_right_and_asked_anew(dear):
    case, purchase_id = dear
    address = f"/purchases/{purchase_id}"

    returned = done(case.manager.post(f"{address}/return", reason="Which shop?"))
    amended = done(
        case.broker.post(f"{address}/amendment", amount_pence=700_00, instruction="At the school")
    )
    rejected = done(case.manager.post(f"{address}/rejection", reason="Too dear"))

    states = [one["state"] for one in (returned, amended, rejected)]
    assert states == ["returned", "awaiting_approval", "rejected"]


def test_a_purchase_is_called_off(case):
    purchase_id = bought(case)

    said = done(case.broker.post(f"/purchases/{purchase_id}/cancellation", reason="Ill"))

    assert said["state"] == "cancelled"
    assert done(case.person.get(f"/people/{case.plan.person_id}/purchase-history"), 200)["sections"]


def test_a_series_is_asked_for_approved_and_ended(case):
    asked = done(
        case.broker.post(
            "/series",
            budget_id=case.budget_id,
            item_id=case.item_id,
            amount_pence=35_00,
            every="week",
            period="month",
            period_cap_pence=70_00,
            starts_on="2026-12-01",
            ends_on="2026-12-09",
            instruction="A lesson a week",
        )
    )
    series_id = asked["series_id"]
    approved = done(case.coordinator.post(f"/series/{series_id}/approval"))
    assert approved["state"] == "active"

    done(case.broker.post(f"/series/{series_id}/end", reason="Moved"))

    (seen,) = done(case.person.get(f"/budgets/{case.budget_id}/series"), 200)["items"]
    assert (seen["state"], seen["ended_because"]) == ("ended", "Moved")
