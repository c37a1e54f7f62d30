"""When a consent holds, and who may act for whom."""

from datetime import date
from uuid import uuid4

import pytest

from services.assessment import dates
from services.assessment.consent import rules as consent
from services.assessment.representatives import rules as representatives
from services.assessment.representatives.rules import RepresentativeKind, Scope

GIVEN_ON = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("on_day", "holds"),
    [
        (date(2026, 11, 1), False),
        (GIVEN_ON, True),
        (date(2026, 11, 9), True),
        (date(2026, 11, 10), False),  # the day of its withdrawal
        (date(2026, 12, 1), False),
    ],
)
def test_a_consent_holds_from_its_first_day_until_it_is_withdrawn(on_day, holds):
    assert (
        consent.is_in_force(
            given_on=GIVEN_ON,
            ends_on=date(2026, 11, 30),
            withdrawn_on=date(2026, 11, 10),
            on_day=on_day,
        )
        is holds
    )


def test_the_last_day_of_a_consent_counts():
    for day, holds in ((30, True), (31, False)):
        on_day = date(2026, 10, day)
        given_on, ends_on = date(2026, 10, 1), date(2026, 10, 30)
        found = consent.is_in_force(
            given_on=given_on, ends_on=ends_on, withdrawn_on=None, on_day=on_day
        )
        assert found is holds


def test_without_consent_nothing_goes_on():
    consent.check_in_force(is_any_in_force=True)
    consent.check_anything_to_withdraw(count=1)

    with pytest.raises(consent.ConsentNotInForceError):
        consent.check_in_force(is_any_in_force=False)
    with pytest.raises(consent.NothingToWithdrawError):
        consent.check_anything_to_withdraw(count=0)


def test_nothing_is_recorded_before_it_happened_or_ends_before_it_starts():
    today = date(2026, 11, 24)
    dates.check_happened(today, today=today, field="given_on")
    dates.check_order(starts_on=today, ends_on=today, field="ends_on")
    dates.check_order(starts_on=today, ends_on=None, field="ends_on")

    with pytest.raises(dates.DateInFutureError) as future:
        dates.check_happened(date(2026, 11, 25), today=today, field="given_on")
    with pytest.raises(dates.EndsBeforeStartError) as order:
        dates.check_order(starts_on=today, ends_on=date(2026, 11, 23), field="ends_on")
    assert future.value.details == {"field": "given_on"}
    assert order.value.details == {"field": "ends_on"}


@pytest.mark.parametrize("kind", RepresentativeKind)
def test_each_kind_of_representative_does_what_the_table_lists_and_nothing_else(kind):
    for scope in Scope:
        if scope in representatives.SCOPES_OF[kind]:
            representatives.check_scopes(kind, [scope])
        else:
            with pytest.raises(representatives.ScopeNotOfKindError):
                representatives.check_scopes(kind, [scope])


def test_an_advocate_never_decides():
    allowed = representatives.SCOPES_OF[RepresentativeKind.ADVOCATE]

    assert not allowed & {Scope.SIGN_PLAN, Scope.MANAGE_MONEY}


def test_a_representative_is_neither_the_person_nor_of_the_care_team():
    person_id, member_id, other_id = uuid4(), uuid4(), uuid4()
    representatives.check_independent(other_id, person_id=person_id, team_ids={member_id})

    with pytest.raises(representatives.RepresentsThemselvesError):
        representatives.check_independent(person_id, person_id=person_id, team_ids=set())
    with pytest.raises(representatives.InCareTeamError):
        representatives.check_independent(member_id, person_id=person_id, team_ids={member_id})


def test_an_appointment_ends_once():
    representatives.check_end(is_ended=False, is_same=False)
    representatives.check_end(is_ended=True, is_same=True)

    with pytest.raises(representatives.RepresentativeEndedError):
        representatives.check_end(is_ended=True, is_same=False)
