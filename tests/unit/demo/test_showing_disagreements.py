"""What did not go smoothly, as the page of a case says it."""

from demo.showing import agreed, assessed, disagreed, page
from demo.showing.page import CaseFile
from demo.staff import (
    APPEALS_OFFICER,
    BROKER,
    LIVED_EXPERIENCE,
    RISK_ENABLEMENT_PANEL,
    TEAM_MANAGER,
)
from tests.unit.demo.test_show import AT, a_plan, a_read_case, a_step, text

APPEAL = {
    "decision_id": "d1",
    "refusal_id": None,
    "state": "upheld",
    "lodged_by_role": "person",
    "lodged_at": AT,
    "grounds": "Nobody asked me.",
    "supporter": {"kind": "advocate", "name": "Ottilie Grange"},
    "due_on": "2026-12-22",
    "decider_id": APPEALS_OFFICER.staff_id,
    "decider_role": "appeals_officer",
    "reasons": "You were right.",
    "is_reopened": True,
    "decided_at": AT,
}
BROKERS = {"role": "broker", "signatory_id": BROKER.staff_id, "signed_at": AT}
REFUSAL = {
    "refusal_id": "r1",
    "decider_id": TEAM_MANAGER.staff_id,
    "reason": "lives_elsewhere",
    "because": "Our register says so.",
    "evidence": ["The register"],
    "alternatives": ["The other council"],
    "appeal_route": "Write to us.",
    "refused_at": AT,
}


def test_a_question_of_identity_says_why_it_was_asked_and_what_was_answered():
    question = {
        "suspicion": "alike",
        "asked_at": AT,
        "answer": "merged",
        "reasons": "The surgery knows one.",
        "answered_at": AT,
    }
    case = a_read_case(identity_questions=[question, {**question, "answer": None}])

    shown = text(disagreed.who_it_is(case))

    assert "because two records have the same name, birth date and postcode: one person?" in shown
    assert "yes, and the records were merged. “The surgery knows one.”" in shown
    assert "has not answered yet" in shown


def test_a_refused_referral_says_everything_and_what_came_of_the_appeal():
    appeal = {**APPEAL, "decision_id": None, "refusal_id": "r1"}
    other = {**APPEAL, "grounds": "Another one", "refusal_id": "r2"}
    case = a_read_case(refusals=[REFUSAL], appeals=[appeal, other])

    assert text(disagreed.refusals(case)).splitlines() == [
        "Colm Rahman refused on 24 November 2026, 10:02: the person lives in another area.",
        "“Our register says so.”",
        "  Evidence: The register",
        "  Instead: The other council",
        "  To appeal: Write to us.",
        "The person appealed on 24 November 2026, 10:02: “Nobody asked me.”",
        "  With the support of: Ottilie Grange (advocate)",
        (
            "  Decided by Sunniva Boyd, appeals officer, on 24 November 2026, 10:02, due by"
            " 22 December 2026: upheld."
        ),
        "  “You were right.”",
        "  What was refused is open again.",
    ]


def test_an_appeal_that_is_not_decided_says_by_when_it_will_be():
    waiting = {**APPEAL, "decided_at": None, "supporter": None}
    case = a_read_case(appeals=[waiting])

    shown = text(disagreed.appeals(case, decision_id="d1"))

    assert "To be decided by 22 December 2026." in shown
    assert "upheld" not in shown


def test_a_refused_plan_is_followed_by_the_appeal_against_it():
    refused = a_step(
        decision_id="d1",
        outcome="refuse",
        worry="Why?",
        evidence=["The plan"],
        alternatives="The centre",
        appeal_route="Write to us.",
    )
    case = a_read_case(plan=a_plan(decision_trail=[refused]), appeals=[APPEAL])

    shown = text(agreed.decision(case))

    assert "  Because: “Why?”" in shown
    assert "  Instead: The centre\n  To appeal: Write to us.\nThe person appealed" in shown


def test_a_meeting_names_who_decided_with_whom_and_who_stands_behind_them():
    step = a_step(
        rung="risk_enablement_panel",
        decider_id=RISK_ENABLEMENT_PANEL.staff_id,
        attendees=[
            {"attendee_id": LIVED_EXPERIENCE.staff_id, "capacity": "lived_experience"},
            {"attendee_id": "p1", "capacity": "guest"},
        ],
        backing="Both of us.",
    )

    shown = text(agreed.decision(a_read_case(plan=a_plan(decision_trail=[step]))))

    assert "With Petra Lindqvist, as somebody with lived experience." in shown
    assert "With the person, as a guest." in shown
    assert "Who decided is backed: “Both of us.”" in shown


def test_each_version_that_was_decided_on_is_told_from_the_others():
    trail = [
        a_step(outcome="return"),
        a_step(version=2, outcome="escalate"),
        a_step(version=2, rung="multidisciplinary_team"),
    ]

    shown = list(agreed.decision(a_read_case(plan=a_plan(decision_trail=trail))))

    assert [line for line in shown if line.startswith("Version")] == [
        "Version 1 of the plan:",
        "Version 2 of the plan:",
    ]
    assert shown[0] == "Version 1 of the plan:"


def test_void_signatures_and_who_signed_for_the_person_and_why():
    signature = {"role": "person", "signatory_id": "rep-1", "signed_at": AT}
    plan = a_plan(
        signatures=[{**signature, "capacity_basis": "Two of us asked."}],
        voided_signatures=[{**BROKERS, "version": 1, "voided_at": AT}],
    )
    acting = {
        "representative_id": "rep-1",
        "name": "Robin Example",
        "kind": "attorney",
        "scopes": ["sign_plan"],
        "basis": "A lasting power of attorney",
    }
    case = a_read_case(plan=plan, representatives=[acting])

    shown = text(agreed.signatures(case))

    assert (
        "Imani Sutcliffe, broker, signed version 1 on 24 November 2026, 10:02: void since" in shown
    )
    assert "Robin Example, for the person, signed on" in shown
    assert "  Because: Two of us asked." in shown
    assert "may: sign plan. On the ground of: A lasting power" in text(assessed.consents(case))


def test_another_worker_is_asked_for_and_whoever_was_there_before_is_named():
    change = {
        "role": "broker",
        "requested_at": AT,
        "person_words": "Somebody else, please",
        "is_agreed": True,
        "reasons": "Of course.",
        "answered_at": AT,
    }
    case = a_read_case(worker_changes=[change])
    case["person"]["care_team_before"] = [
        {"role": "broker", "staff_id": BROKER.staff_id, "name": BROKER.name, "until": AT},
        {"role": "care_coordinator", "staff_id": "s2", "name": "Not asked about", "until": AT},
    ]

    shown = text(disagreed.worker_changes(case))

    assert "for another broker: “Somebody else, please”" in shown
    assert "agreed: “Of course.”" in shown
    assert "it was Imani Sutcliffe." in shown
    assert "Not asked about" not in shown


def test_a_dispute_says_how_it_was_paid_meanwhile_and_how_it_was_settled():
    dispute = {
        "domain": "A9",
        "party": "council",
        "reasons": "It is health.",
        "opened_at": AT,
        "settled_at": AT,
        "settled_by_role": "team_manager",
        "settled_because": "As the rest.",
        "shares": {"nhs": 5085, "council": 4915},
    }
    persons = {**dispute, "party": "person", "shares": None}
    case = a_read_case(disputes={"disputes": [dispute, {**dispute, "settled_at": None}, persons]})

    shown = text(disagreed.disputes(case))

    assert "The council disputed A9 on 24 November 2026, 10:02: “It is health.”" in shown
    assert "the NHS 50.85%, the council 49.15%" in shown
    assert "“As the rest.”" in shown
    assert "It is not settled yet." in shown
    assert shown.count("half and half") == 2


def test_what_was_held_up_says_how_it_was_explained_and_what_the_person_said():
    blocked = {
        "domains": ["B1"],
        "standing_pence": 300_00,
        "asked_pence": 200_00,
        "blocked_at": AT,
    }
    statement = {
        "domains": ["B1"],
        "what_support_prevents": "Bad days.",
        "what_if_it_ended": "They come back.",
        "why_less_is_right": "Less is needed.",
        "written_by_role": "care_coordinator",
        "recorded_at": AT,
        "shown_on": "2026-11-24",
        "person_words": "That is right.",
    }
    found = {"blocked": [blocked], "statements": [statement]}

    shown = text(disagreed.reductions(a_read_case(preventive_effects=found)))

    assert "£200.00 instead of £300.00 (B1)" in shown
    assert "  What support prevents: Bad days." in shown
    assert "  “That is right.”" in shown


def test_a_complaint_is_shown_only_to_whoever_may_read_it():
    kept = {"message": "They are in the care team.", "next_step": "Ask the complaints officer."}
    shared = {
        "made_by_role": "person",
        "made_at": AT,
        "words": "Three times I told it.",
        "answered_at": AT,
        "answer": "We are sorry.",
    }

    refused, read = text(disagreed.complaint(kept)), text(disagreed.complaint(shared))

    assert "not for the care team:\n  They are in the care team. Ask" in refused
    assert "The person, 24 November 2026, 10:02: “Three times I told it.”" in read
    assert "Answered by the complaints officer" in read


def test_a_new_version_says_what_changed():
    found = [{"to": 2, "changes": [{"words": "A risk was added."}]}]

    assert list(agreed.changes(found)) == ["Version 2:", "  A risk was added."]


def test_where_all_went_well_the_page_has_no_part_for_what_did_not():
    smooth = CaseFile(
        case_ref="MP-1", case=a_read_case(), statement=None, purchases=[], messages=[]
    )

    titles = [line for line in page.lines(smooth) if line.isupper() and line != "MP-1"]

    assert titles == [
        "WHAT WAS ASSESSED",
        "HOW THE AMOUNT WAS CALCULATED",
        "THE PLAN",
        "WHO SIGNED",
        "WHO DECIDED, AND WHY",
        "WHAT WAS BOUGHT, AND WHO PAID",
        "EVERY MESSAGE, AS IT WAS WORDED",
    ]
