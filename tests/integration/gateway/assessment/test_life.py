"""What else is done through the door: contact, care teams, crises, what happens in a life."""

from uuid import uuid4

from tests.integration.assessment import desk
from tests.integration.gateway.assessment.visits import CaseAtTheDoor, a_visitor, without

UNKNOWN = {"nhs_number": None, "council_client_id": None}


def test_a_person_says_how_they_are_told_and_reached_in_safety(gateway, case):
    case.refer()
    people = f"/people/{case.person.actor_id}"
    gateway.do(
        case.person,
        f"{people}/accessible-needs",
        {
            "asked_on": "2026-11-24",
            "interpreter_required": False,
            "communication_support": "A hearing loop",
            "may_be_shared": True,
            "review_on": "2027-11-24",
        },
    )
    gateway.do(
        case.person,
        f"{people}/safe-contact",
        {
            "said_on": "2026-11-24",
            **dict.fromkeys(("safe_to_text", "safe_to_email", "safe_to_post"), False),
            "safe_to_ring": True,
            "safe_from": "09:30",
            "safe_until": "15:00",
            "words": "Not when my partner is at home",
        },
    )

    person = gateway.read(case.person, case.case)["person"]

    assert person["communication_support"] == "A hearing loop"
    assert person["safe_contact"] == {
        "said_on": "2026-11-24",
        **dict.fromkeys(("text", "email", "post"), False),
        "ring": True,
        "from": "09:30",
        "until": "15:00",
        "words": "Not when my partner is at home",
    }


def test_a_representative_whose_time_is_over_sees_nothing(gateway, case):
    case.refer().staff()
    speaker = a_visitor("representative")
    appointed = gateway.do(
        case.coordinator,
        f"/people/{case.person.actor_id}/representatives",
        {
            "representative_id": speaker.actor_id,
            "kind": "nominee",
            "name": "Kim",
            "scopes": ["speak_for"],
            "basis": "Said at the kitchen table",
            "starts_on": "2026-11-20",
        },
    )
    gateway.read(speaker, case.case)

    ended = {"ended_on": "2026-11-23", "reason": "They wished it"}
    gateway.do(case.coordinator, f"/representatives/{appointed['appointment_id']}/end", ended)

    assert gateway.get(speaker, case.case).status_code == 404


def test_whoever_comes_instead_sees_the_case_and_whoever_goes_no_longer(gateway, case):
    case.refer().staff()
    change = {"role": "broker", "person_words": "Somebody else, please"}
    asked = gateway.do(case.person, f"{case.case}/worker-changes", change)
    comes = a_visitor("broker")
    worker = {"staff_id": comes.actor_id, "name": "Ines Vale"}
    employed = dict.fromkeys(("organisation", "employer"), "voluntary-broker")

    gateway.do(
        case.team["team_manager"],
        f"/worker-changes/{asked['request_id']}/answer",
        {"reasons": "They asked for it", "new_worker": worker | employed},
    )

    gateway.read(comes, case.case)
    assert gateway.get(case.broker, case.case).status_code == 404


def question_of(gateway):
    """Have two people referred who are alike; return the second case and its question."""
    for _ in range(2):
        case = CaseAtTheDoor(gateway).refer(person=desk.a_person(**UNKNOWN)).staff()
    (question,) = gateway.read(case.coordinator, case.case)["identity_questions"]
    return case, f"/identity-questions/{question['question_id']}"


def test_the_information_officer_sees_both_records_and_says_that_they_are_one(gateway):
    case, path = question_of(gateway)
    officer = a_visitor("information_officer", organisation="council")

    both = gateway.read(officer, path)
    body = {"kept_person_id": case.person.actor_id, "reasons": "Rang both"}
    merged = gateway.do(officer, f"{path}/merge", body)

    assert len({one["person_id"] for one in both["people"]}) == 2
    assert case.person.actor_id in {one["person_id"] for one in both["people"]}
    assert merged["person_id"] == case.person.actor_id
    assert gateway.read(officer, path)["answered_by"] == officer.actor_id
    other_id = next(one for one in both["people"] if one["person_id"] != merged["person_id"])
    under_the_other = a_visitor("budget_holder", actor_id=other_id["person_id"])
    assert gateway.read(under_the_other, case.case)["person"]["also_known_by"]


def test_nobody_else_sees_two_records_side_by_side(gateway):
    case, path = question_of(gateway)

    for visitor in (case.coordinator, case.person, a_visitor("administrator")):
        assert gateway.get(visitor, path).status_code == 403
    officer = a_visitor("administrator", "information_officer")  # acts as what may do it
    gateway.do(officer, f"{path}/keep-apart", {"reasons": "Twins"})
    assert gateway.read(officer, path)["answer"] == "kept_apart"


def test_a_withdrawn_consent_ends_what_was_seen_of_either_record_after_a_merge(gateway):
    case, path = question_of(gateway)
    officer = a_visitor("information_officer", organisation="council")
    theirs = a_visitor("practitioner", organisation="a-hospice")
    both = [one["person_id"] for one in gateway.read(officer, path)["people"]]
    (other_id,) = set(both) - {case.person.actor_id}
    gateway.do(
        a_visitor("budget_holder", actor_id=other_id),
        f"/people/{other_id}/consents",
        {
            "purpose": "assessment",
            "organisation": "a-hospice",
            "given_on": "2026-11-24",
            "evidence": "Ticked on the form",
        },
    )
    body = {"kept_person_id": case.person.actor_id, "reasons": "Rang both"}
    gateway.do(officer, f"{path}/merge", body)
    gateway.read(theirs, case.case)

    gateway.do(
        case.person,
        f"/people/{case.person.actor_id}/consents/withdrawal",
        {
            "purpose": "assessment",
            "organisation": "a-hospice",
            "withdrawn_on": "2026-11-24",
            "evidence": "Rang us",
        },
    )

    assert gateway.get(theirs, case.case).status_code == 404


def test_who_informed_them_is_said_by_who_wants_no_budget(gateway, case):
    case.refer().staff().assess()
    body = {"informed_by_role": "broker", "informed_on": "2026-11-24"}
    path = f"{case.case}/indicative-budgets/decline"

    for_another = gateway.send(case.coordinator, path, body)
    gateway.do(case.person, path, body)

    assert for_another.json["code"] == "not_yours_to_say"
    (decline,) = gateway.read(case.person, case.case)["declines"]
    assert decline["informed_by_role"] == "broker"


def test_what_the_funders_dispute_is_settled_by_the_team_manager(gateway, case):
    case.refer().staff().assess()
    finance = a_visitor("finance_officer", organisation="council")
    dispute = gateway.do(finance, f"{case.case}/domains/A9/disputes", {"reasons": "It is health"})
    path = f"/disputes/{dispute['dispute_id']}/decision"
    settled = {"shares": {"nhs": 5_000, "council": 5_000}, "reasons": "It is both"}

    by_the_coordinator = gateway.send(case.coordinator, path, settled)

    assert gateway.send(finance, path, settled).status_code == 403
    assert by_the_coordinator.json["code"] == "settler_not_in_role"
    assert gateway.do(case.team["team_manager"], path, settled)["state"] == "settled"
    (shown,) = gateway.read(case.person, case.case)["disputes"]["disputes"]
    assert (shown["party"], shown["settled_by_role"]) == ("council", "team_manager")


def test_why_less_is_right_is_written_and_shown_by_who_says_so(gateway, case):
    case.refer().staff().assess().offer()
    contribution = without(
        desk.a_contribution("", "nhs-trust", as_of="2026-11-24T09:00:00+00:00"),
        *("contribution_id", "referral_id", "organisation", "author_role"),
    )
    contribution["domains"] = [desk.a_domain("B1", 0, 1)]
    gateway.do(case.coordinator, f"{case.case}/contributions", contribution)
    offer = {"budget_kind": "ongoing", "weekly_contribution_pence": 0}
    held_up = gateway.do(case.coordinator, f"{case.case}/indicative-budgets", offer)["blocked"]
    said = ("what_support_prevents", "what_if_it_ended", "why_less_is_right")
    body = {"domains": held_up["domains"], **dict.fromkeys(said, "Words")}
    written = gateway.do(case.coordinator, f"{case.case}/preventive-effects", body)
    path = f"/preventive-effects/{written['statement_id']}/showing"

    shown = gateway.do(case.coordinator, path, {"shown_on": "2026-11-24", "person_words": "No"})

    assert shown["is_shown"]
    (statement,) = gateway.read(case.person, case.case)["preventive_effects"]["statements"]
    assert statement["written_by_role"] == "care_coordinator"


def test_a_crisis_is_said_prolonged_and_ended_each_in_their_own_name(gateway, case):
    case.signed()
    gateway.do(case.coordinator, f"{case.plan}/decisions", case.decision())
    ward = a_visitor("partner_system")
    began = gateway.do(ward, f"{case.case}/crises", {"happened": "Brought in by ambulance"})
    path = f"/crises/{began['crisis_id']}"
    longer = {"hand_back_on": "2026-12-22", "reason": "It goes on"}

    posed = gateway.send(ward, f"{path}/stand-down", {"stood_down_by": "person"})
    gateway.send(case.coordinator, f"{path}/prolongations", longer)
    gateway.do(case.person, f"{path}/stand-down")

    assert posed.json["code"] == "not_yours_to_say"
    (crisis,) = gateway.read(case.person, case.case)["crises"]
    assert (crisis["activated_by"], crisis["stood_down_by"]) == ("partner", "person")


def test_a_review_is_held_and_says_what_came_of_each_goal(gateway, case):
    case.signed()
    gateway.do(case.coordinator, f"{case.plan}/decisions", case.decision())
    gateway.do(case.person, f"{case.case}/reviews", {"trigger": "I am worried"})
    meeting = without(desk.a_meeting(""), "meeting_id", "referral_id")
    goals = [one["words"] for one in gateway.read(case.person, case.case)["plan"]["goals"]]
    meeting["goals"] = [
        {"goal": goal, "words": "It goes well", "self_rating": 7, "may_quote": True}
        for goal in goals
    ]

    held = gateway.do(case.coordinator, f"{case.case}/review-meetings", meeting)

    shown = gateway.read(case.person, case.case)["review_meetings"]
    assert [one["meeting_id"] for one in shown] == [held["meeting_id"]]
    assert shown[0]["goals"][0]["self_rating"] == 7


def test_what_happens_in_a_life_is_said_by_a_body_or_heard_from_somebody(gateway, case):
    case.refer().staff()
    people = f"/people/{case.person.actor_id}"
    ward = a_visitor("partner_system")
    gateway.do(ward, f"{people}/admissions", {"admitted_on": "2026-11-22"})
    gateway.do(ward, f"{people}/discharges", {"discharged_on": "2026-11-23"})
    moves = {"moves_on": "2026-12-10", "to_area": "Exampleshire"}
    gateway.do(case.coordinator, f"{people}/moves", moves | {"source": "person"})
    death = gateway.do(case.coordinator, f"{people}/death", {"died_on": "2026-11-24"})
    gateway.do(case.coordinator, f"{people}/death/correction", {"reason": "Somebody else"})

    posed = gateway.send(ward, f"{people}/admissions", {"admitted_on": "2026-11-24", "source": "x"})

    assert death["whereabouts"] == "died"
    assert posed.json["code"] == "not_yours_to_say"
    shown = gateway.read(case.person, case.case)["life_events"]
    assert [(one["kind"], one["source"]) for one in shown] == [
        ("admission", "nhs-trust"),
        ("discharge", "nhs-trust"),
        ("move", "person"),
        ("death", "nhs-trust"),
        ("death_corrected", "nhs-trust"),
    ]


def test_a_complaint_of_somebody_unknown_is_nobodys(gateway, case):
    case.refer()
    officer = a_visitor("complaints_officer")

    assert gateway.get(officer, f"/complaints/{uuid4()}").status_code == 404
