"""The trust and the council refer the same man, and neither knows the other's number for him."""

from uuid import uuid4

from tests.integration.assessment.desk import (
    ALEX_DOMAINS,
    Desk,
    a_contribution,
    a_person,
    a_referral,
)


def test_two_referrals_become_one_person_and_one_assessment(transaction):
    desk = Desk(transaction)

    # The trust knows his NHS number; two days later the council sends him under its own id.
    from_trust = desk.ask("receive_referral", **a_referral(person=a_person(council_client_id=None)))
    from_council = desk.ask(
        "receive_referral",
        **a_referral(
            source="council",
            organisation="council",
            person=a_person(nhs_number=None, given_name="ALEX"),
        ),
    )

    # Same name, same birth date, same postcode: likely one man, and not certain. Nobody guesses,
    # and nobody waits: each referral has its record, its date, and its care team at work.
    assert from_trust["person_id"] != from_council["person_id"]
    assert from_trust["answer_due_on"] == from_council["answer_due_on"]
    team = desk.a_team(from_council["person_id"])
    for organisation in ALEX_DOMAINS:
        desk.ask("contribute", **a_contribution(from_trust["referral_id"], organisation))

    # The information officer has a task, and looks at both records side by side.
    (task,) = desk.ask("open_tasks", role="information_officer")
    assert task["kind"] == "identity_question"
    (question,) = desk.case(from_council["referral_id"])["identity_questions"]
    seen = desk.ask("identity_question", question_id=question["question_id"])
    assert {one["birth_date"] for one in seen["people"]} == {"1961-04-09"}

    # They ring the surgery. It is one man.
    desk.ask(
        "merge_people",
        question_id=question["question_id"],
        kept_person_id=from_trust["person_id"],
        answered_by=str(uuid4()),
        answered_by_role="information_officer",
        reasons="The surgery knows one Alex Sample, and he told us both stories himself",
    )
    assert desk.ask("open_tasks", role="information_officer") == []
    (told,) = desk.told("people_merged")
    assert told["person_id"] == from_trust["person_id"]
    assert told["merged_person_id"] == from_council["person_id"]

    # One record, both cases, both ids, one care team; either number finds him.
    for received in (from_trust, from_council):
        person = desk.case(received["referral_id"])["person"]
        assert person["person_id"] == from_trust["person_id"]
        assert person["also_known_by"] == [from_council["person_id"]]
        assert {one["staff_id"] for one in person["care_team"]} == {
            team[role] for role in ("broker", "care_coordinator", "team_manager")
        }
    for identifier in (
        {"nhs_number": "9990000018", "council_client_id": None},
        {"nhs_number": None, "council_client_id": "LAS1000001"},
    ):
        found = desk.ask("find_person", **identifier)
        assert found == {"person_id": from_trust["person_id"]}

    # The first referral goes on to an amount; the second is answered with what there is instead.
    offered = desk.offer(from_trust["referral_id"])
    assert offered["total_pence"] == 2_022_87
    desk.ask(
        "refuse_referral",
        refusal_id=str(uuid4()),
        referral_id=from_council["referral_id"],
        decider_id=team["care_coordinator"],
        reason="has_a_budget",
        because="The trust's referral is already on its way to a budget for you.",
        evidence=["Both referrals are about you"],
        alternatives=["One assessment and one budget, on the first referral"],
        appeal_route="Tell your care coordinator or an advocate by 22 December.",
    )
    (refused,) = desk.told("referral_refused")
    assert refused["person_id"] == from_trust["person_id"]

    # A third message about him, with both numbers, is simply his.
    third = desk.ask("receive_referral", **a_referral())
    assert third["person_id"] == from_trust["person_id"]
    assert desk.ask("open_tasks", role="information_officer") == []
