"""A request for a budget comes in, from anybody, is talked about, and answered."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import (
    a_contribution,
    a_plan,
    a_referral,
    a_support_offer,
    an_offer,
)


@pytest.fixture
def referred(desk):
    return desk.ask("receive_referral", **a_referral())


def a_refusal(referral_id, team, /, **changes):
    return {
        "refusal_id": str(uuid4()),
        "referral_id": referral_id,
        "decider_id": team["team_manager"],
        "reason": "lives_elsewhere",
        "because": "You live in the area of another council, which has its own budgets.",
        "evidence": ["The address on the referral"],
        "alternatives": ["Northmoor council's first contact team"],
        "appeal_route": "Write to the complaints team by 22 December; an advocate can help.",
    } | changes


def a_discussion(referral_id, /, **changes):
    return {
        "discussion_id": str(uuid4()),
        "referral_id": referral_id,
        "outcome": "offered",
        "held_on": "2026-11-23",
        "by_role": "care_coordinator",
        "because": None,
        "person_words": "I had never heard of it",
        "signposted_to": "The peer group on Thursdays",
    } | changes


@pytest.mark.parametrize(
    "who",
    [
        {"source": "nhs", "organisation": "nhs-trust"},
        {"source": "council", "organisation": "council"},
        {"source": "voluntary_sector", "organisation": "advice-centre"},
        {"source": "family", "relation": "sister", "organisation": None},
        {"source": "person", "organisation": None},
    ],
)
def test_anybody_may_ask_and_gets_a_date_for_the_answer(desk, who):
    received = desk.ask("receive_referral", **a_referral(**who))

    (told,) = desk.told("referral_received")
    assert (told["source"], told["organisation"]) == (who["source"], who["organisation"])
    assert told["answer_due_on"] == received["answer_due_on"] == "2026-12-22"
    shown = desk.case(received["referral_id"])["referral"]
    assert (shown["source"], shown["relation"]) == (who["source"], who.get("relation"))


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({"source": "nhs", "organisation": None}, "organisation"),
        ({"source": "person", "organisation": "council"}, "organisation"),
        ({"source": "family", "organisation": None}, "relation"),
        ({"source": "council", "relation": "sister"}, "relation"),
        ({"source": "police"}, "source"),
    ],
)
def test_who_asks_must_be_clear(desk, who, field):
    refusal = desk.refused("receive_referral", **a_referral(**who))

    assert refusal["code"] == "invalid_request"
    assert field in refusal["details"]


def test_a_referral_was_not_received_tomorrow(desk):
    refusal = desk.refused("receive_referral", **a_referral(received_on="2026-11-25"))

    assert (refusal["code"], refusal["details"]["field"]) == ("date_in_future", "received_on")


def test_a_refusal_tells_why_what_there_is_instead_and_how_to_appeal(desk, referred):
    team = desk.a_team(referred["person_id"])
    request = a_refusal(referred["referral_id"], team)
    for _ in range(2):
        assert desk.ask("refuse_referral", **request)["outcome"] == "refused"

    (told,) = desk.told("referral_refused")
    assert told["because"] == request["because"]
    assert told["alternatives"] == request["alternatives"]
    assert told["appeal_route"] == request["appeal_route"]
    (shown,) = desk.case(referred["referral_id"])["refusals"]
    assert (shown["reason"], shown["evidence"]) == ("lives_elsewhere", request["evidence"])
    other = request | {"because": "Another reason"}
    assert desk.refused("refuse_referral", **other)["code"] == "id_reused"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "not_unwell_enough"}, "reason"),
        ({"because": " "}, "because"),
        ({"evidence": []}, "evidence"),
        ({"alternatives": []}, "alternatives"),
        ({"alternatives": [""]}, "alternatives.0"),
        ({"appeal_route": ""}, "appeal_route"),
    ],
)
def test_a_refusal_without_its_grounds_cannot_be_made(desk, referred, changes, field):
    team = desk.a_team(referred["person_id"])

    refusal = desk.refused("refuse_referral", **a_refusal(referred["referral_id"], team, **changes))

    assert refusal["code"] == "invalid_request"
    assert field in refusal["details"]


def test_only_those_with_the_role_on_this_case_refuse(desk, referred):
    team = desk.a_team(referred["person_id"])

    for decider_id in (team["broker"], str(uuid4())):
        request = a_refusal(referred["referral_id"], team, decider_id=decider_id)
        assert desk.refused("refuse_referral", **request)["code"] == "decider_not_in_role"


def test_nothing_is_offered_on_a_refused_referral_and_it_is_not_refused_twice(desk):
    agreed = desk.agreed()
    team = desk.a_team(agreed["person_id"])
    desk.ask("refuse_referral", **a_refusal(agreed["referral_id"], team))

    offer = an_offer(agreed["referral_id"])
    assert desk.refused("offer_budget", **offer)["code"] == "referral_refused"
    again = desk.refused("refuse_referral", **a_refusal(agreed["referral_id"], team))
    assert again["code"] == "referral_refused"
    assert "appeal" in again["next_step"]


def test_a_budget_is_talked_about_or_it_says_why_not(desk, referred):
    first = a_discussion(
        referred["referral_id"],
        outcome="not_discussed",
        held_on="2026-11-20",
        because="Alex was asleep",
    )
    for request in (first, first, a_discussion(referred["referral_id"])):
        desk.ask("record_discussion", **request)

    shown = desk.case(referred["referral_id"])["discussions"]
    assert [one["outcome"] for one in shown] == ["not_discussed", "offered"]
    assert shown[0]["because"] == "Alex was asleep"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "not_discussed"}, "invalid_request"),
        ({"held_on": "2026-11-25"}, "date_in_future"),
        ({"referral_id": str(uuid4())}, "not_known_yet"),
    ],
)
def test_a_discussion_that_cannot_be_is_refused(desk, referred, changes, code):
    request = a_discussion(referred["referral_id"], **changes)

    assert desk.refused("record_discussion", **request)["code"] == code


def test_help_is_offered_before_the_person_chooses(desk, referred):
    referral_id = referred["referral_id"]
    for organisation in ("council", "nhs-trust"):
        desk.ask("contribute", **a_contribution(referral_id, organisation))
    desk.offer(referral_id)
    desk.ask("record_offer", **a_support_offer(referral_id, support="broker"))
    decline = {
        "referral_id": referral_id,
        "informed_by_role": "care_coordinator",
        "informed_on": "2026-11-24",
    }

    for operation, request in (("decline_budget", decline), ("draft_plan", a_plan(referral_id))):
        refusal = desk.refused(operation, **request)
        assert refusal["code"] == "support_not_offered"
        assert refusal["details"] == {"missing": "advocate, peer_supporter"}

    desk.with_support_offered(referral_id)
    desk.ask("decline_budget", **decline)


def test_an_offer_and_its_answer_are_kept_once(desk, referred):
    request = a_support_offer(referred["referral_id"], answer="declined", person_words=None)
    for _ in range(2):
        desk.ask("record_offer", **request)

    (shown,) = desk.case(referred["referral_id"])["offers"]
    assert (shown["support"], shown["answer"]) == ("broker", "declined")
    other = request | {"answer": "accepted"}
    assert desk.refused("record_offer", **other)["code"] == "id_reused"
    later = a_support_offer(referred["referral_id"], offered_on="2026-11-25")
    assert desk.refused("record_offer", **later)["code"] == "date_in_future"
