"""Alex and the broker have signed; then an item is changed. Nobody's signature counts any more."""

from tests.integration.assessment.planning import an_item


def test_an_edit_after_two_signatures_voids_both_and_says_so(desk):
    lessons = an_item(unit_cost_pence=17_00)
    case = desk.submitted(items=[lessons])
    desk.sign(case, "person")
    desk.sign(case, "broker")
    first = dict(case.submitted)

    desk.drafted_again(case, items=[lessons | {"occurrences": 20}])

    (told,) = desk.told("signatures_voided")
    assert (told["plan_id"], told["version"]) == (case.plan_id, 1)
    assert sorted(told["roles"]) == ["broker", "person"]
    assert desk.case(case.referral_id)["plan"]["signatures"] == []

    stale = case.signature("care_coordinator", content_sha256=first["content_sha256"])
    assert desk.refused("sign_plan", **stale)["code"] == "content_differs"
    early = desk.refused("decide_plan", **case.decision("care_coordinator"))
    assert early["code"] == "signatures_missing"

    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    desk.decide(case, "care_coordinator")

    (approved,) = desk.told("plan_approved")
    assert (approved["version"], approved["total_pence"]) == (2, 340_00)
    difference = desk.ask("plan_difference", **{"plan_id": case.plan_id, "from": 1, "to": 2})
    (change,) = difference["changes"]
    assert change["words"] == ("The number of the item “Drumming lesson” changed from 18 to 20.")
