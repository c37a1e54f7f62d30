"""What may happen to a person in which order."""

from datetime import date, timedelta

import pytest

from services.assessment.crisis import rules as crisis
from services.assessment.life_events import rules
from services.assessment.life_events.rules import TRANSITIONS, EventKind, Whereabouts
from services.assessment.referrals.rules import CaseClosedError, Outcome, check_goes_on
from shared.errors import Refusal

TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)
RECORDED = set(EventKind) - {EventKind.DEATH_CORRECTED}
UNLISTED = sorted({(one, kind) for one in Whereabouts for kind in RECORDED} - set(TRANSITIONS))
CODES = {
    Whereabouts.AT_HOME: "not_in_hospital",
    Whereabouts.IN_HOSPITAL: "in_hospital",
    Whereabouts.MOVING: "moves_away",
    Whereabouts.MOVED: "moves_away",
    Whereabouts.DIED: "person_has_died",
}


@pytest.mark.parametrize(("whereabouts", "kind"), sorted(TRANSITIONS))
def test_what_may_happen_says_where_the_person_is_after_it(whereabouts, kind):
    assert rules.whereabouts_after(whereabouts, kind) == TRANSITIONS[(whereabouts, kind)]


@pytest.mark.parametrize(("whereabouts", "kind"), UNLISTED)
def test_what_cannot_happen_is_refused_with_a_code_and_a_next_step(whereabouts, kind):
    with pytest.raises(Refusal) as refused:
        rules.whereabouts_after(whereabouts, kind)

    assert refused.value.code == CODES[whereabouts]
    assert refused.value.next_step


def test_nobody_does_anything_after_their_death():
    assert not any(whereabouts == Whereabouts.DIED for whereabouts, _ in TRANSITIONS)


@pytest.mark.parametrize("before", [Whereabouts.AT_HOME, Whereabouts.IN_HOSPITAL])
def test_whose_death_is_taken_back_is_where_they_were_before_it(before):
    assert rules.whereabouts_restored(Whereabouts.DIED, before=before) == before


@pytest.mark.parametrize("now", sorted(set(Whereabouts) - {Whereabouts.DIED}))
def test_only_a_death_is_taken_back(now):
    with pytest.raises(rules.NoDeathError):
        rules.whereabouts_restored(now, before=Whereabouts.AT_HOME)


@pytest.mark.parametrize("kind", [EventKind.DEATH, EventKind.ADMISSION, EventKind.DISCHARGE])
def test_only_a_move_may_lie_ahead(kind):
    rules.check_day(kind=EventKind.MOVE, happened_on=TOMORROW, today=TODAY, last_on=None)
    with pytest.raises(rules.EventInFutureError):
        rules.check_day(kind=kind, happened_on=TOMORROW, today=TODAY, last_on=None)


def test_nobody_leaves_hospital_before_they_came_but_a_death_may_be_found_out_late():
    with pytest.raises(rules.OutOfOrderError):
        rules.check_day(kind=EventKind.DISCHARGE, happened_on=YESTERDAY, today=TODAY, last_on=TODAY)
    rules.check_day(kind=EventKind.DEATH, happened_on=YESTERDAY, today=TODAY, last_on=TODAY)


def test_a_move_closes_a_case_on_its_day():
    assert rules.is_effective(happens_on=TODAY, today=TODAY)
    assert not rules.is_effective(happens_on=TOMORROW, today=TODAY)


def test_nothing_is_done_on_a_closed_case():
    for outcome in set(Outcome) - {Outcome.CLOSED}:
        check_goes_on(outcome)
    with pytest.raises(CaseClosedError):
        check_goes_on(Outcome.CLOSED)


@pytest.mark.parametrize(
    ("stated", "reserve", "cap"),
    [(150_00, 202_29, 150_00), (300_00, 202_29, 202_29), (0, 1, 0)],
)
def test_a_crisis_may_use_what_the_plan_says_and_never_more_than_was_promised(stated, reserve, cap):
    assert crisis.cap_pence(stated_pence=stated, reserve_pence=reserve) == cap


def test_a_crisis_ends_by_itself_after_four_weeks():
    hands_back_on = crisis.hand_back_on(TODAY)

    assert hands_back_on == date(2026, 12, 22)
    assert not crisis.is_over(hands_back_on=hands_back_on, today=date(2026, 12, 21))
    assert crisis.is_over(hands_back_on=hands_back_on, today=hands_back_on)


@pytest.mark.parametrize("days", [1, 28])
def test_a_crisis_is_prolonged_to_a_later_day_and_not_for_ever(days):
    crisis.check_prolonged(
        is_over=False, hands_back_on=TODAY, to=TODAY + timedelta(days=days), today=TODAY
    )


@pytest.mark.parametrize("days", [-1, 0, 29])
def test_a_crisis_is_not_prolonged_to_any_other_day(days):
    with pytest.raises(crisis.HandBackDayError):
        crisis.check_prolonged(
            is_over=False, hands_back_on=TODAY, to=TODAY + timedelta(days=days), today=TODAY
        )


def test_a_crisis_that_is_over_is_not_prolonged():
    with pytest.raises(crisis.CrisisOverError):
        crisis.check_prolonged(
            is_over=True, hands_back_on=TODAY, to=TODAY + timedelta(days=1), today=TODAY
        )
