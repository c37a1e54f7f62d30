"""What may be bought, and who is paid: said by one, confirmed by another."""

from datetime import timedelta

from shared import clock
from tests.integration.gateway.visiting import done
from tests.integration.payments import facts

FROM = (clock.now() + timedelta(days=1)).date().isoformat()


def test_a_looser_limit_waits_for_a_second_person(case):
    told = {"role": "broker", "from_on": FROM, "asks_up_to_pence": 900_00}
    set_it = case.finance.post(
        "/spending-limits", **told, approves_up_to_pence=0, reason="The partners agreed"
    )
    which = {"role": "broker", "from_on": FROM}
    own = case.finance.post("/spending-limits/confirmations", **which)
    confirmed = done(case.manager.post("/spending-limits/confirmations", **which))

    assert done(set_it)["counts"] is False
    assert own.status_code == 409
    assert confirmed["counts"] is True
    (shown,) = done(case.person.get("/spending-limits"), 200)["items"]
    assert (shown["set_by"], shown["confirmed_by"]) == (case.finance.id, case.manager.id)


def test_a_card_policy_is_set_and_shown(case):
    said = done(
        case.finance.post(
            "/card-policies",
            tolerance_basis_points=2_000,
            tolerance_cap_pence=10_00,
            payments_of_a_card=4,
            close_after_days=14,
            applies_from=FROM,
            why="Prices of lessons vary",
        )
    )
    if not said["counts"]:
        done(case.manager.post(f"/card-policies/{said['policy_id']}/confirmation"))

    (shown,) = done(case.broker.get("/card-policies"), 200)["items"]
    assert shown["set_by"] == case.finance.id


def test_an_exclusion_is_proposed_tried_and_approved_by_another(case):
    proposed = done(
        case.finance.post(
            "/exclusions",
            kind="funder",
            strength="hard",
            funder="council",
            merchant_category_code="7995",
            applies_from=FROM,
            source="Local policy",
            why="No gambling",
        )
    )
    address = f"/exclusions/{proposed['exclusion_id']}"
    tried = done(case.finance.post(f"{address}/trials", days=30))
    approved = done(case.manager.post(f"{address}/approval", trial_id=tried["trial_id"]))

    assert approved["is_approved"] is True
    own = done(case.person.get("/exclusions"), 200)["own"]
    assert [one["exclusion_id"] for one in own] == [proposed["exclusion_id"]]


def test_a_payee_is_confirmed_and_linked_by_two(case_of):
    case = case_of(facts.an_item(rail="bacs"))
    account = {"sort_code": "200000", "account_number": "12345678"}
    added = done(
        case.broker.post(
            "/payees",
            **account,
            name="Another School",
            person_id=str(case.plan.person_id),
            relationship="supplier",
        )
    )
    address = f"/payees/{added['payee_id']}"
    confirmed = done(case.coordinator.post(f"{address}/confirmation", details_version=1))
    linked = done(case.broker.put(f"{address}/items/{case.item_id}"))
    seen = done(case.manager.post(f"{address}/items/{case.item_id}/confirmation"))
    changed = done(case.broker.put(f"{address}/details", **account | {"sort_code": "200001"}))
    agreed = case.manager.post(
        f"{address}/agreements", funder="nhs", reason="Nobody else is near", from_on=FROM
    )

    assert [confirmed["is_confirmed"], linked["is_link_confirmed"]] == [True, False]
    assert [seen["is_link_confirmed"], changed["details_version"]] == [True, 2]
    assert set(done(agreed)) == {"agreement_id"}
    shown = done(case.broker.get("/payees", person_id=str(case.plan.person_id)), 200)["items"]
    assert {"Another School", "Riding School"} == {one["name"] for one in shown}
    assert "12345678" not in str(shown)


def test_a_payee_of_everybody_is_added_and_seen(case):
    shop = {"sort_code": "200000", "account_number": "12345678", "name": "A chain of shops"}

    done(case.finance.post("/payees", **shop, relationship="supplier"))

    assert len(done(case.finance.get("/payees"), 200)["items"]) == 1
