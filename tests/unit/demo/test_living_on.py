"""A lower amount, a long crisis, a hospital, a move, a death: which fit, and how they are told."""

import pytest
from marshmallow import ValidationError

from demo.case import AlongTheWay
from demo.playing.later import WEEKS_LATER, go_on, goes_on
from demo.playing.play import CaseFailedError
from demo.playing.story import play_case
from demo.schemas import CaseLine
from demo.staff import APPEALS_OFFICER
from tests.unit.demo.lines import a_case, disagreements, small_cases
from tests.unit.demo.scripted import OFFER, a_play, on_a_later_day
from tests.unit.demo.test_along_the_way import levels, played, to_its_end

CRISIS_PLAN = disagreements()["MD-0012"]["support_plan"]["crisis_plan"]


def with_words(*stories, **changes):
    case = {**a_case(), "afterwards": [], **changes, "along_the_way": [*stories]}
    case["support_plan"]["crisis_plan"] = CRISIS_PLAN
    return case


@pytest.mark.parametrize(
    ("stories", "afterwards", "said"),
    [
        (["amount_appealed"], [], r"Needs a reduction to appeal against \(reduction_needs"),
        (["crisis_prolonged"], [], r"Needs a crisis plan that is followed \(crisis_activated\)"),
        (["died", "moved_away"], [], "died breaks the case off: not with moved_away."),
        (["death_taken_back", "died"], [], "death_taken_back breaks the case off: not with died."),
        (
            ["admitted_and_discharged", "died"],
            [],
            "died breaks the case off: not with admitted_and_discharged.",
        ),
        (
            ["crisis_prolonged", "moved_away"],
            ["crisis_activated"],
            "moved_away breaks the case off: not with crisis_prolonged.",
        ),
    ],
)
def test_a_story_that_makes_no_sense_in_a_case_is_refused(stories, afterwards, said):
    with pytest.raises(ValidationError, match=said):
        CaseLine().load(with_words(*stories, afterwards=afterwards))


def test_a_crisis_without_a_plan_for_it_is_not_prolonged():
    case = with_words("crisis_prolonged", afterwards=["crisis_activated"])
    case["support_plan"]["crisis_plan"] = {"declined_because": "Not now"}

    with pytest.raises(ValidationError, match="Needs a crisis plan that is followed"):
        CaseLine().load(case)


@pytest.mark.parametrize(
    "stories",
    [
        ["amount_appealed", "reduction_needs_statement"],
        ["crisis_prolonged", "admitted_and_discharged"],
        ["died", "complaint_made", "reduction_needs_statement"],
    ],
)
def test_what_fits_together_is_told(stories):
    case = with_words(*stories, afterwards=["crisis_activated"])

    assert CaseLine().load(case).along_the_way == tuple(stories)


def test_nothing_of_the_small_file_waits_for_a_later_day():
    cases = [CaseLine().load(case) for case in small_cases().values()]

    assert not any(goes_on(case, weeks_later=weeks) for case in cases for weeks in WEEKS_LATER)


def test_a_lower_amount_is_appealed_against_and_worked_out_anew_as_at_first():
    play = played("MD-0011")

    (appeal,) = play.caller.requests("assessment.lodge_appeal")
    assert appeal["amount"] == {"referral_id": play.known["referral_id"], "version": 2}
    assert not {"decision_id", "refusal_id"} & set(appeal)
    assert play.caller.doers("assessment.lodge_appeal") == [play.holder]
    assert play.caller.doers("assessment.decide_appeal") == [APPEALS_OFFICER]
    first, *_, last = play.caller.requests("assessment.contribute.v1", by="nhs-trust")
    assert levels(last) == levels(first)
    assert last["as_of"] > first["as_of"]
    assert play.caller.operations()[-1] == "assessment.offer_budget"


def test_an_amount_that_falls_during_the_appeal_fails_the_case():
    lower = {**OFFER, "total_pence": OFFER["total_pence"] - 1}
    play = a_play(disagreements()["MD-0011"])
    asked = play.caller.known_to_assessment

    def known_to_assessment(operation):
        found = asked(operation)
        if play.caller.has("assessment.lodge_appeal"):
            found["indicative_budget"] = lower
        return found

    play.caller.known_to_assessment = known_to_assessment

    with pytest.raises(CaseFailedError, match="does not stand while the appeal is open"):
        play_case(play)


def test_a_crisis_is_prolonged_in_time_and_stood_down_weeks_later():
    play = played("MD-0012")

    (promised,) = play.caller.requests("budget.promise_crisis_reserve")
    assert [part["amount_pence"] for part in promised["parts"]] == [26_01, 14_00]
    assert not play.caller.has("assessment.stand_down_crisis_plan")

    go_on(on_a_later_day(play, weeks_later=3))

    (prolonged,) = play.caller.requests("assessment.prolong_crisis")
    assert prolonged["hand_back_on"] == "2027-01-12"  # seven weeks after the case began
    assert not play.caller.has("assessment.stand_down_crisis_plan")

    go_on(on_a_later_day(play, weeks_later=6))

    assert play.caller.operations()[-1] == "assessment.stand_down_crisis_plan"


def test_a_crisis_whose_reserve_cannot_be_used_fails_the_case():
    with pytest.raises(CaseFailedError, match="its reserve cannot be used"):
        to_its_end(played("MD-0012", budget__crisis_reserve={"activated_pence": 0}))


def test_who_is_in_hospital_comes_home_three_weeks_later():
    play = to_its_end(played("MD-0013"))

    (admitted,) = play.caller.requests("admission.notify.v1")
    (discharged,) = play.caller.requests("discharge.notify.v1")
    assert (admitted["admitted_on"], discharged["discharged_on"]) == ("2026-12-15", "2027-01-05")
    assert "expected_discharge_on" not in admitted  # nobody knows


def test_a_review_that_knows_nothing_of_a_discharge_fails_the_case(monkeypatch):
    play = played("MD-0013")
    monkeypatch.setattr(play.caller, "moved", lambda: "admission")

    with pytest.raises(CaseFailedError, match="knows nothing of the discharge"):
        to_its_end(play)


def test_who_moves_buys_until_the_day_and_what_is_left_goes_back_with_notice():
    play = played("MD-0014")

    operations = play.caller.operations()
    assert operations.index("assessment.record_move") < operations.index(
        "payments.request_purchase"
    )
    (move,) = play.caller.requests("assessment.record_move")
    assert move["moves_on"] == "2026-12-15"

    to_its_end(play)

    (proposed,) = play.caller.requests("budget.propose_repayment")
    assert proposed["ground"] == "ended"
    assert play.caller.operations()[-4:] == [
        "budget.propose_repayment",
        "budget.notify_repayment",
        "budget.confirm_repayment",
        "budget.post_repayment",
    ]


def test_after_a_death_a_shop_may_take_back_and_what_is_left_goes_back():
    play = played("MD-0015")

    operations = play.caller.operations()
    assert operations[operations.index("death.notify.v1") :] == [
        "death.notify.v1",
        "assessment.request_review",  # in vain
        "budget.propose_repayment",
        "budget.notify_repayment",
    ]
    assert len(play.shops.refunded) == 1
    (proposed,) = play.caller.requests("budget.propose_repayment")
    assert proposed["ground"] == "died"

    to_its_end(play)

    assert play.caller.operations()[-1] == "budget.post_repayment"


def test_a_death_after_which_work_goes_on_fails_the_case(monkeypatch):
    play = a_play(disagreements()["MD-0015"])
    monkeypatch.setattr(play.caller, "is_closed", lambda: False)

    with pytest.raises(CaseFailedError, match="should be refused: case_closed"):
        play_case(play)


def test_where_nothing_is_left_nothing_goes_back():
    nothing = {"reason": "died", "is_death_taken_back": False, "funders": [{"left_pence": 0}]}
    play = to_its_end(played("MD-0015", budget__closing_statement=nothing))

    assert not any("repayment" in operation for operation in play.caller.operations())


def test_a_death_that_was_taken_back_is_looked_at_with_the_person():
    play = played("MD-0016")

    operations = play.caller.operations()
    order = [
        "death.notify.v1",
        "death.withdraw.v1",
        "assessment.hold_review",
        "budget.propose_repayment",
    ]
    assert [one for one in operations if one in order] == order
    (proposed,) = play.caller.requests("budget.propose_repayment")
    assert proposed["ground"] == "ended"


def test_every_word_that_breaks_off_or_takes_weeks_has_something_weeks_later():
    later = {story for stories in WEEKS_LATER.values() for story in stories}

    assert later == {
        AlongTheWay.CRISIS_PROLONGED,
        AlongTheWay.ADMITTED,
        AlongTheWay.MOVED,
        AlongTheWay.DIED,
        AlongTheWay.DEATH_TAKEN_BACK,
    }
