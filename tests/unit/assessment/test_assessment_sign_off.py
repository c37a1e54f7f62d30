"""Who decides, with whom, and what a decision must say."""

import itertools
from uuid import uuid4

import pytest

from services.assessment.reasons import rules as reasons
from services.assessment.reasons.rules import DecisionOutcome, ItemOutcome
from services.assessment.settings import LadderSettings
from services.assessment.sign_off import rules
from services.assessment.sign_off.rules import LADDER, Capacity, Rung

ITEM, OTHER = uuid4(), uuid4()
LEADING = [(rung, above) for rung, above in itertools.pairwise(LADDER)]


@pytest.mark.parametrize(
    ("total_pence", "is_comfortable", "rungs"),
    [
        (400_00, True, (Rung.CARE_COORDINATOR,)),
        (400_01, True, (Rung.TEAM_MANAGER,)),
        (400_01, False, (Rung.TEAM_MANAGER,)),
        (1_00, False, (Rung.CARE_COORDINATOR, Rung.TEAM_MANAGER)),
    ],
)
def test_who_decides_goes_by_the_amount_and_the_coordinators_worry(
    total_pence, is_comfortable, rungs
):
    asked = rules.first_rung(
        total_pence=total_pence,
        is_coordinator_comfortable=is_comfortable,
        coordinator_decides_up_to_pence=400_00,
        above_it_starts=Rung.TEAM_MANAGER,
    )

    assert asked == rungs


def test_the_limit_and_who_starts_above_it_are_settings():
    assert LadderSettings.from_environment({}) == LadderSettings(
        coordinator_decides_up_to_pence=400_00, above_it_starts="team_manager"
    )
    assert LadderSettings.from_environment(
        {
            "ASSESSMENT_COORDINATOR_DECIDES_UP_TO_PENCE": "100000",
            "ASSESSMENT_ABOVE_THE_LIMIT_STARTS": "multidisciplinary_team",
        }
    ) == LadderSettings(
        coordinator_decides_up_to_pence=1_000_00, above_it_starts="multidisciplinary_team"
    )


@pytest.mark.parametrize(("rung", "above"), LEADING)
def test_not_sure_goes_one_rung_up(rung, above):
    assert rules.rung_above(rung) == above
    rules.check_escalation(rung, to=above, skip_because=None)


def test_nobody_stands_above_the_panel():
    with pytest.raises(rules.NoRungAboveError):
        rules.rung_above(Rung.RISK_ENABLEMENT_PANEL)


@pytest.mark.parametrize("to", [Rung.CARE_COORDINATOR, Rung.TEAM_MANAGER])
def test_a_decision_goes_neither_down_nor_sideways(to):
    with pytest.raises(rules.NoRungAboveError):
        rules.check_escalation(Rung.TEAM_MANAGER, to=to, skip_because="It is faster")


def test_no_rung_is_skipped_without_a_reason():
    to = Rung.RISK_ENABLEMENT_PANEL
    rules.check_escalation(Rung.TEAM_MANAGER, to=to, skip_because="The team has no psychologist")

    with pytest.raises(rules.RungSkippedError) as refused:
        rules.check_escalation(Rung.TEAM_MANAGER, to=to, skip_because=None)
    assert refused.value.details["next_rung"] == "multidisciplinary_team"


def test_each_rung_has_a_clock():
    assert set(rules.DECIDE_WITHIN_WORKING_DAYS) == set(Rung)


def test_an_amount_that_is_not_whole_pence_is_not_taken():
    with pytest.raises(ValueError, match="£400"):
        LadderSettings.from_environment({"ASSESSMENT_COORDINATOR_DECIDES_UP_TO_PENCE": "£400"})


def decide(**changes):
    decider_id = uuid4()
    rules.check_decider(
        **{
            "rung": Rung.TEAM_MANAGER,
            "asked_rung": Rung.TEAM_MANAGER,
            "decider_id": decider_id,
            "rightful_id": decider_id,
        }
        | changes
    )


def test_the_one_on_the_right_rung_decides():
    decide()


def test_no_other_rung_decides():
    with pytest.raises(rules.WrongRungError):
        decide(rung=Rung.CARE_COORDINATOR)


def test_nobody_decides_in_another_persons_place():
    with pytest.raises(rules.DeciderNotInRoleError):
        decide(rightful_id=None)


def once(**changes):
    rules.check_nobody_twice(
        **{
            "rung": Rung.TEAM_MANAGER,
            "decider_id": uuid4(),
            "others": [uuid4()],
            "signatory_ids": [uuid4()],
            "earlier_ids": [uuid4()],
        }
        | changes
    )


def test_whoever_signed_does_not_decide_a_rung_higher():
    once()
    both = uuid4()
    with pytest.raises(rules.DeciderSignedError):
        once(decider_id=both, signatory_ids=[both])
    with pytest.raises(rules.DeciderSignedError):
        once(others=[both], signatory_ids=[both])


def test_the_coordinator_decides_on_what_they_signed_and_no_other_signatory_with_them():
    both, rung = uuid4(), Rung.CARE_COORDINATOR

    once(rung=rung, decider_id=both, signatory_ids=[both])
    with pytest.raises(rules.DeciderSignedError):
        once(rung=rung, others=[both], signatory_ids=[both])


@pytest.mark.parametrize("who", ["decider_id", "others"])
def test_nobody_decides_twice(who):
    again = uuid4()
    with pytest.raises(rules.AlreadyDecidedError):
        once(**{who: again if who == "decider_id" else [again]}, earlier_ids=[again])


@pytest.mark.parametrize(
    ("rung", "capacities", "is_quorate"),
    [
        (Rung.CARE_COORDINATOR, [], True),
        (Rung.TEAM_MANAGER, [], True),
        (Rung.MULTIDISCIPLINARY_TEAM, [], False),
        (Rung.MULTIDISCIPLINARY_TEAM, [Capacity.GUEST], False),
        (Rung.MULTIDISCIPLINARY_TEAM, [Capacity.PRACTITIONER], True),
        (Rung.RISK_ENABLEMENT_PANEL, [Capacity.PRACTITIONER], False),
        (Rung.RISK_ENABLEMENT_PANEL, [Capacity.LIVED_EXPERIENCE], True),
        (Rung.RISK_ENABLEMENT_PANEL, [Capacity.PRACTITIONER, Capacity.GUEST], False),
    ],
)
def test_a_meeting_decides_when_enough_are_there_and_the_panel_with_lived_experience(
    rung, capacities, is_quorate
):
    if is_quorate:
        rules.check_quorum(rung, capacities=capacities)
    else:
        with pytest.raises(rules.NoQuorumError):
            rules.check_quorum(rung, capacities=capacities)


def alone(**changes):
    rules.check_not_alone(
        **{
            "decider_works_for": "Northmoor  charity",
            "payees": ["Drum teacher", "Northmoor Charity"],
            "co_signatory_works_for": None,
        }
        | changes
    )


def test_whoever_works_for_a_payee_decides_with_somebody_who_does_not():
    alone(decider_works_for="council")
    alone(co_signatory_works_for="council")
    for second in (None, "Drum Teacher"):
        with pytest.raises(rules.ProviderDecidesAloneError):
            alone(co_signatory_works_for=second)


def say(outcome, **said):
    reasons.check_items(outcome, item_ids={ITEM, OTHER}, said=said.pop("said", {}), **said)


APPROVED, REFUSED = (ItemOutcome.APPROVE, None), (ItemOutcome.REFUSE, "It is free elsewhere")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (DecisionOutcome.APPROVE, {}),
        (DecisionOutcome.APPROVE_IN_PART, {ITEM: APPROVED, OTHER: REFUSED}),
        (DecisionOutcome.RETURN, {}),
        (DecisionOutcome.RETURN, {ITEM: (ItemOutcome.RETURN, "Which day?")}),
        (DecisionOutcome.REFUSE, {ITEM: REFUSED, OTHER: REFUSED}),
        (DecisionOutcome.ESCALATE, {}),
    ],
)
def test_a_decision_says_of_each_item_what_it_must(outcome, said):
    say(outcome, said=said)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (DecisionOutcome.APPROVE, {ITEM: REFUSED}),
        (DecisionOutcome.APPROVE, {uuid4(): APPROVED}),
        (DecisionOutcome.APPROVE_IN_PART, {ITEM: APPROVED, OTHER: APPROVED}),
        (DecisionOutcome.APPROVE_IN_PART, {ITEM: REFUSED, OTHER: REFUSED}),
        (DecisionOutcome.APPROVE_IN_PART, {ITEM: REFUSED}),
        (DecisionOutcome.ESCALATE, {ITEM: APPROVED}),
    ],
)
def test_what_does_not_fit_the_outcome_is_refused(outcome, said):
    with pytest.raises(reasons.ItemOutcomeError):
        say(outcome, said=said)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (DecisionOutcome.REFUSE, {ITEM: REFUSED}),
        (DecisionOutcome.REFUSE, {ITEM: REFUSED, OTHER: (ItemOutcome.REFUSE, None)}),
        (DecisionOutcome.RETURN, {ITEM: (ItemOutcome.RETURN, None)}),
        (DecisionOutcome.APPROVE_IN_PART, {ITEM: APPROVED, OTHER: (ItemOutcome.REFUSE, None)}),
    ],
)
def test_nothing_is_refused_without_its_reasons(outcome, said):
    with pytest.raises(reasons.RefusalUnexplainedError):
        say(outcome, said=said)


def explain(outcome=DecisionOutcome.REFUSE, **changes):
    reasons.check_explained(
        outcome,
        **{
            "reasons": "It does not meet a need that was assessed",
            "evidence": ["The joint assessment"],
            "alternatives": "The choir",
            "appeal_route": "Write to the appeals officer",
        }
        | changes,
    )


@pytest.mark.parametrize("outcome", [DecisionOutcome.REFUSE, DecisionOutcome.APPROVE_IN_PART])
@pytest.mark.parametrize(
    ("missing", "words"),
    [("reasons", " "), ("evidence", []), ("alternatives", None), ("appeal_route", None)],
)
def test_a_refusal_gives_reasons_evidence_alternatives_and_the_way_to_appeal(
    outcome, missing, words
):
    explain(outcome)

    with pytest.raises(reasons.RefusalUnexplainedError) as refused:
        explain(outcome, **{missing: words})
    assert refused.value.details["field"] == missing


def test_what_refuses_nothing_needs_no_way_to_appeal():
    explain(DecisionOutcome.RETURN, evidence=[], alternatives=None, appeal_route=None)
