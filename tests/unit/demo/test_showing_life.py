"""What life does to a case, as its page says it: a crisis, a hospital, a move, a death."""

from demo.showing import agreed, disagreed, lived, money, page
from demo.showing.page import CaseFile
from tests.unit.demo.test_show import AT, a_read_case, text
from tests.unit.demo.test_showing_disagreements import APPEAL

CLOSED = {"organisation": "council", "received_on": "2026-05-04", "basis": "care_act"} | {
    "outcome": "closed"
}
CLOSING = {"ends_on": "2026-11-24", "reason": "died", "is_death_taken_back": False}
REPAYMENT = {
    "amount_pence": 184_01,
    "notice_ends_on": "2026-12-15",
    "addressee": "representative",
    "lines": [{"to_person_pence": 0}, {"to_person_pence": 39_22}],
    "steps": [{"state": "posted", "taken_at": AT, "reason": "The notice is over."}],
}


def an_event(kind, **details):
    return {
        "kind": kind,
        "happened_on": "2026-11-24",
        "source": "The ward",
        "recorded_at": AT,
        **details,
    }


def test_a_death_says_who_said_so_and_who_looks_after_what_is_left():
    estate = {"name": "Kim", "contact": "01632 960000"}
    case = a_read_case(referral=CLOSED, life_events=[an_event("death", estate=estate)])

    assert list(lived.life(case)) == [
        "The person died on 24 November 2026: said by 'The ward' on 24 November 2026, 10:02.",
        "  Who looks after what they left: Kim, 01632 960000",
        "The case is closed. It can be read, and nothing is done on it any more.",
    ]


def test_a_death_that_was_taken_back_says_how_it_came_about():
    events = [an_event("death", estate=None), an_event("death_corrected", reason="A namesake.")]

    shown = text(lived.life(a_read_case(life_events=events)))

    assert "The death was recorded wrongly, and the person lives: said by" in shown
    assert "  “A namesake.”" in shown
    assert "closed" not in shown


def test_a_stay_in_hospital_and_a_move_say_from_when_and_until_when():
    events = [
        an_event("admission", expected_discharge_on=None),
        an_event("discharge"),
        an_event("admission", expected_discharge_on="2026-12-01"),
        an_event("move", to_area="Exampleshire"),
    ]

    shown = list(lived.life(a_read_case(life_events=events)))

    assert [line.partition(": said by")[0] for line in shown] == [
        "In hospital from 24 November 2026, nobody knew for how long",
        "Home from hospital on 24 November 2026",
        "In hospital from 24 November 2026, expected home on 1 December 2026",
        "The person moves on 24 November 2026, to the area of Exampleshire",
    ]


def test_a_planned_review_says_why_it_is_on_another_day_than_the_rules_ask_for():
    review = {
        "kind": "planned",
        "due_on": "2026-12-01",
        "rule_due_on": "2027-01-19",
        "moved_because": "discharge",
        "closed_at": None,
    }
    as_ruled = {**review, "moved_because": None, "closed_at": AT}

    assert list(lived.reviews(a_read_case(reviews=[review, as_ruled]))) == [
        "A planned review is due on 1 December 2026.",
        "  The rules alone ask for 19 January 2027; moved because of the discharge.",
        "A planned review is due on 1 December 2026.",
        "  Closed on 24 November 2026, 10:02.",
    ]


def test_a_crisis_says_who_prolonged_it_until_when_and_why():
    longer = {
        "prolonged_by": "worker",
        "prolonged_at": AT,
        "hand_back_on": "2027-01-12",
        "reason": "Not over.",
    }
    crisis = {
        "activated_by": "person",
        "activated_at": AT,
        "prolonged": [longer],
        "stood_down_at": None,
    }

    shown = text(agreed.crises(a_read_case(crises=[crisis])))

    assert "Prolonged by the worker on 24 November 2026, 10:02, until 12 January 2027" in shown
    assert "“Not over.”" in shown
    assert "was over" not in shown


def test_an_appeal_against_an_amount_says_what_stood_meanwhile():
    of_amount = {**APPEAL, "decision_id": None, "amount_version": 2}

    shown = text(disagreed.appealed_amounts(a_read_case(appeals=[APPEAL, of_amount])))

    assert shown.startswith("Version 2 of the amount was appealed against.\n")
    assert "the amount before stood." in shown
    assert "The amount is open again, and was to be worked out anew." in shown
    assert "refused" not in shown


def test_a_budget_says_when_and_why_it_ends_and_whether_that_was_a_mistake():
    (ended,) = money.ended(CLOSING)
    taken_back = text(money.ended({**CLOSING, "is_death_taken_back": True}))

    assert ended == "From 24 November 2026 on it buys nothing new: the person has died."
    assert "That death was taken back. The budget stays ended" in taken_back
    assert list(money.ended({**CLOSING, "ends_on": None, "reason": None})) == []


def test_what_went_back_says_how_much_to_whom_with_what_notice():
    only_proposed = {**REPAYMENT, "notice_ends_on": None, "lines": [], "steps": []}

    assert list(money.given_back([REPAYMENT, only_proposed])) == [
        "What was left over goes back: £184.01.",
        ("  Notice until 15 December 2026, given to whoever acts for them, or for the estate."),
        "  Of it, what they had paid themselves: £39.22.",
        "  Posted on 24 November 2026, 10:02: “The notice is over.”",
        "What was left over goes back: £184.01.",
    ]


def test_the_page_has_a_part_for_each_of_them():
    found = CaseFile(
        case_ref="MD-1",
        case=a_read_case(life_events=[an_event("discharge")]),
        statement=None,
        purchases=[],
        messages=[],
        closing=CLOSING,
        repayments=[REPAYMENT],
    )

    titles = [line for line in page.lines(found) if line.isupper()]

    assert titles[-4:] == [
        "WHAT HAPPENED IN THE PERSON'S LIFE",
        "THE END OF THE BUDGET",
        "WHAT WENT BACK",
        "EVERY MESSAGE, AS IT WAS WORDED",
    ]
