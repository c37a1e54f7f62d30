"""One case, printed for a person."""

import json

import pytest

from demo import show
from demo.crew import Outcome
from demo.record import Record
from demo.showing import agreed, assessed, lived, money, page, sent, told, words
from demo.showing.page import CaseFile
from demo.staff import CARE_COORDINATOR, TEAM_MANAGER
from deploy.local.stack import Stack

AT = "2026-11-24T10:02:00+00:00"


def a_step(**different):
    return {
        "version": 1,
        "rung": "team_manager",
        "decider_id": TEAM_MANAGER.staff_id,
        "outcome": "approve",
        "reasons": "It meets the need.",
        "items": [],
        "asked_at": AT,
        "due_on": "2026-12-01",
        "decided_at": AT,
        "withdrawn_at": None,
        **different,
    }


def a_plan(**different):
    return {
        "goals": [{"goal_id": "g1", "words": "Make music"}],
        "items": [
            {
                "item_id": "i1",
                "goal_ids": ["g1"],
                "description": "Drum lesson",
                "unit_cost_pence": 17_00,
                "occurrences": 2,
                "frequency": "weekly",
                "rail": "bacs",
                "payee": "Drum teacher",
                "payer": "joint",
                "instead_of": "physiotherapy",
            }
        ],
        "total_pence": 34_00,
        "content_sha256": "ab" * 32,
        "crisis_plan": None,
        "crisis_plan_declined_because": "Not yet",
        "signatures": [
            {"role": "person", "signatory_id": "p1", "signed_at": AT},
            {
                "role": "care_coordinator",
                "signatory_id": CARE_COORDINATOR.staff_id,
                "is_comfortable": False,
                "worry": "Is it health?",
                "signed_at": AT,
            },
        ],
        "decision_trail": [a_step()],
        **different,
    }


def a_read_case(**different):
    return {
        "person": {
            "person_id": "p1",
            "given_name": "Zoë <b>",
            "family_name": "O'Brien 🌻",
            "birth_date": "1961-04-09",
            "preferred_channel": "letter",
            "language": "pl",
            "is_interpreter_required": True,
            "accessible_format": "large_print",
            "care_team": [{"staff_id": CARE_COORDINATOR.staff_id, "name": "Bronagh Adeyemi"}],
        },
        "referral": {
            "organisation": "nhs-trust",
            "received_on": "2026-05-04",
            "basis": "section_117",
        },
        "assessment": {"contributions": [], "domains": []},
        "indicative_budget": None,
        "declines": [],
        "plan": a_plan(),
        "crises": [],
        "reviews": [],
        **different,
    }


def text(lines):
    return "\n".join(lines)


def test_the_page_names_the_person_as_they_were_written():
    shown = text(
        page.lines(
            CaseFile(case_ref="MP-1", case=a_read_case(), statement=None, purchases=[], messages=[])
        )
    )

    assert shown.startswith("MP-1\nZoë <b> O'Brien 🌻, born 9 April 1961\n")
    assert "Needs letters in large print." in shown
    assert "Needs an interpreter." in shown
    assert "Nothing: there is no budget." in shown


def a_message(**different):
    return {
        "partner": "a-trust",
        "system": "older",
        "transport": "mesh",
        "message_type": "referral.submit.v1",
        "received_at": AT,
        "state": "accepted",
        "reply": {"ids": {"referral_id": "r1", "person_id": "p1"}},
        **different,
    }


def test_what_came_from_partners_is_shown_with_its_reply():
    rejected = {
        "code": "invalid_data",
        "field": "person.birth_date",
        "reason": "Not a valid date.",
        "next_step": "Look at it.",
    }
    came = [
        a_message(),
        a_message(transport="amqp", reply=rejected),
        a_message(transport=None, reply=None),
        a_message(reply={"ids": {}}),
        a_message(reply={**rejected, "code": "consent_not_in_force", "field": ""}),
    ]

    shown = text(sent.by_partners(came)).splitlines()

    assert shown[0] == "24 November 2026, 10:02: referral.submit.v1 by MESH from a-trust/older"
    assert shown[1] == "  Accepted: referral id r1, person id p1"
    assert shown[2].endswith("by AMQP from a-trust/older")
    assert shown[3] == "  Rejected, invalid_data (person.birth_date): Not a valid date. Look at it."
    assert shown[4].endswith("by a way that is no more from a-trust/older")
    assert shown[5:8:2] == ["  Not answered yet.", "  Accepted."]
    assert shown[9] == "  Rejected, consent_not_in_force: Not a valid date. Look at it."


def test_each_message_that_a_partner_sent_is_asked_after_by_its_id():
    class Services:
        def query(self, operation, request):
            assert operation == "partners.message"
            return {**request, "received_at": {"m-1": "2", "m-2": "1"}[request["message_id"]]}

    known = {
        "referral_id": "r1",
        "message/nhs-trust/referral.submit.v1": "m-1",
        "message/council/assessment.contribute.v1/1": "m-2",
    }

    found = page._from_partners(Services(), known)

    assert [(one["partner"], one["message_id"]) for one in found] == [
        ("aldermoor-council", "m-2"),
        ("aldermoor-trust", "m-1"),
    ]


def test_who_signed_and_who_decided_are_named_with_their_reasons():
    case = a_read_case()

    assert "Bronagh Adeyemi, care coordinator, signed on 24 November 2026, 10:02." in text(
        agreed.signatures(case)
    )
    assert "Their worry: “Is it health?”" in text(agreed.signatures(case))
    assert text(agreed.decision(case)) == (
        "The team manager was asked on 24 November 2026, 10:02, for an answer by 1 December 2026.\n"
        "Colm Rahman, team manager, decided on 24 November 2026, 10:02: approved.\n"
        "“It meets the need.”"
    )


def test_a_plan_says_what_for_from_whom_and_instead_of_what():
    shown = text(agreed.plan(a_read_case()))

    assert "Drum lesson: 2 x £17.00" in shown
    assert "For the goal: Make music" in shown
    assert "From Drum teacher, weekly, by bank transfer, paid by both funders" in shown
    assert "Instead of: physiotherapy" in shown
    assert "No crisis plan, because: Not yet" in shown


def test_a_decision_that_is_not_made_yet_lies_with_somebody():
    pending = a_step(outcome=None)

    shown = text(agreed.decision(a_read_case(plan=a_plan(decision_trail=[pending]))))
    assert "The team manager was asked" in shown
    assert "for an answer by 1 December 2026.\n  It lies there now." in shown


def test_each_rung_that_was_asked_is_named_with_what_it_said_of_items():
    item = {"item_id": "i1", "outcome": "refuse", "reasons": "One can be borrowed"}
    trail = [
        a_step(rung="care_coordinator", outcome="escalate", reasons="Not sure"),
        a_step(outcome=None, withdrawn_at=AT),
        a_step(outcome="approve_in_part", items=[item]),
    ]

    shown = text(agreed.decision(a_read_case(plan=a_plan(decision_trail=trail))))

    assert "care coordinator, decided on 24 November 2026, 10:02: asked the next rung." in shown
    assert "Then the plan was changed, on 24 November 2026, 10:02." in shown
    assert "approved in part" in shown
    assert "An item, refused: “One can be borrowed”" in shown


def test_who_declined_has_no_plan_and_nothing_to_sign_or_decide():
    declined = {
        "informed_by_role": "care_coordinator",
        "informed_on": "2026-05-04",
        "declined_at": AT,
    }
    case = a_read_case(plan=None, declines=[declined])

    assert "The person declined a budget on 24 November 2026" in text(agreed.plan(case))
    assert text(agreed.signatures(case)) == "There was nothing to sign."
    assert text(agreed.decision(case)) == "There was nothing to decide."


def test_what_happened_afterwards_is_told():
    crisis = {"activated_by": "person", "activated_at": AT, "stood_down_at": AT}
    review = {
        "kind": "rapid",
        "requested_at": AT,
        "due_on": "2026-11-26",
        "trigger": "A crisis",
    }

    meeting = {
        "held_on": "2026-11-26",
        "conclusions": "It goes on.",
        "goals": [{"goal": "Sleep", "words": "I sleep now."}],
    }

    case = a_read_case(crises=[crisis], reviews=[review], review_meetings=[meeting])
    shown = text([*agreed.crises(case), *lived.reviews(case)])

    assert "A review was held on 26 November 2026: It goes on." in shown
    assert "Sleep: “I sleep now.”" in shown
    assert "The person activated the crisis plan" in shown
    assert "The crisis was over on" in shown
    assert "A rapid review was asked for" in shown


def test_each_purchase_stands_under_its_item_in_the_plans_order():
    items = [
        {"item_id": item_id, "description": "Vouchers", "agreed_pence": 34_00, "paid_by": []}
        for item_id in ("i2", "i1")
    ]
    items[1]["paid_by"] = [{"funder_kind": "nhs", "spent_pence": 17_00, "held_pence": 17_00}]
    purchases = [
        {"item_id": "i1", "state": "completed", "rail": "card", "amount_pence": 17_00},
        {"item_id": "i1", "state": "completed", "rail": "card", "amount_pence": 17_00},
        {
            "item_id": "i2",
            "state": "refused",
            "rail": "card",
            "amount_pence": 5_00,
            "refusal": {"reason": "No money.", "next_step": "Ask."},
            "decisions": [{"is_approved": False, "decided_at": AT, "reason": "Wrong shop."}],
        },
    ]

    shown = list(money.bought({"items": items}, purchases, in_order=["i1", "i2"]))

    assert shown == [
        "Vouchers: £34.00 agreed",
        "  2 x £17.00 by card: completed",
        "  The NHS paid £17.00",
        "  Set aside besides: £17.00",
        "Vouchers: £34.00 agreed",
        "  1 x £5.00 by card: refused",
        "  The card was declined on 24 November 2026, 10:02: Wrong shop.",
        "  Refused: No money. Ask.",
    ]


def test_a_message_is_quoted_line_by_line():
    message = {
        "channel": "letter",
        "created_at": AT,
        "state": "delivered",
        "subject": "Your plan",
        "body": "Dear Zoë,\n\n* one",
    }

    assert list(told.messages([message])) == [
        "Letter, 24 November 2026, 10:02, delivered:",
        "  │ Your plan",
        "  │",
        "  │ Dear Zoë,",
        "  │",
        "  │ * one",
        "",
    ]


def test_a_message_that_waits_has_no_words_yet_and_says_why():
    waiting = {
        "channel": None,
        "created_at": "2026-11-24T23:00:00+00:00",
        "state": "held",
        "reason": "quiet_hours",
        "topic": "plan_to_sign",
        "subject": None,
        "body": None,
    }

    line, _ = told.messages([waiting])

    assert line.startswith("Not sent, ")
    assert line.endswith(" about plan to sign: held, quiet hours.")


def test_nothing_that_was_written_controls_the_terminal():
    assert (
        words.harmless("a\x1b[2Jb\r👩‍🌾\n")
        == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}👩‍🌾\n"
    )


@pytest.fixture
def last_demo(monkeypatch, tmp_path):
    """A stack in a folder of its own, which never ran."""
    stack = Stack("demo", var=tmp_path)
    stack.paths.stack.mkdir(parents=True)
    monkeypatch.setattr(show.Stack, "named", lambda _: stack)
    return stack


def test_without_a_demo_run_it_says_how_to_run_one(last_demo, capsys):
    assert show.main(["MP-0001"]) == 2
    assert "make demo" in capsys.readouterr().err


def test_an_unknown_case_is_answered_with_a_few_that_are_known(last_demo, monkeypatch, capsys):
    monkeypatch.setattr(Stack, "exists", lambda _: True)
    cases = [Outcome(case_ref=f"MP-{number:04}", known={}) for number in range(1, 30)]
    Record(last_demo.paths.stack).write_cases(cases)

    assert show.main(["MP-0099"]) == 2
    said = capsys.readouterr().err
    assert "no case 'MP-0099'. It had 29, among them MP-0" in said
    assert said.count("MP-") == 6


def test_the_record_holds_ids_and_no_names(tmp_path):
    record = Record(tmp_path)
    record.write_cases([Outcome(case_ref="MP-0001", known={"referral_id": "r1"})])

    assert json.loads((tmp_path / "cases.json").read_text()) == {"MP-0001": {"referral_id": "r1"}}
    record.clear()
    assert record.cases() == {}


def test_the_newest_booking_of_the_assessment_is_shown_with_who_comes():
    def booked(**different):
        return {
            "starts_at": "2026-12-01T10:30:00+00:00",
            "way": "at_home",
            "place": None,
            "coming": [{"name": "Bronagh Adeyemi", "role": "care_coordinator"}],
        } | different

    moved = booked(way="at_place", place="The Old Library")
    shown = text(assessed.assessment(a_read_case(bookings=[booked(), moved])))

    assert "The Old Library, with Bronagh Adeyemi (care coordinator)." in shown
    assert "at home" not in shown
    assert "at home, with" in text(assessed.assessment(a_read_case(bookings=[booked()])))
