"""A card policy that lets cards do more waits for a second person; one that tightens does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.payments.card_policies import queries
from services.payments.card_policies.commands import ConfirmCardPolicy
from services.payments.card_policies.handlers import confirm_card_policy, set_card_policy
from services.payments.card_policies.models import KeptCardPolicy
from services.payments.card_policies.rules import (
    SHIPPED,
    PolicyCountsError,
    PolicyInThePastError,
    UnknownPolicyError,
)
from services.payments.exceptions.models import RaisedException
from services.payments.exclusions.queries import rulebook_on
from services.payments.limits.rules import SamePersonError
from services.payments.requesting.handlers import request_purchase
from shared.errors import IdReusedError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

TODAY = TUESDAY_AT_TEN.date()


def a_tight_one(**changed):
    return facts.a_policy(
        **{"tolerance_basis_points": 0, "tolerance_cap_pence": 0, "close_after_days": 7} | changed
    )


@pytest.fixture
def holds_on(transaction):
    """Look at the policy that holds on a day."""

    def look(day=TODAY):
        with transaction() as session:
            return rulebook_on(day, session=session).policy

    return look


@pytest.fixture
def tasks(transaction):
    def waiting():
        with transaction() as session:
            kinds = select(RaisedException).where(RaisedException.kind == "card_policy_to_confirm")
            return [(one.role, one.resolution) for one in session.scalars(kinds)]

    return waiting


def confirming(policy, by=None):
    return ConfirmCardPolicy(policy_id=policy.policy_id, confirmed_by=by or uuid4())


def test_what_lets_cards_do_more_counts_when_somebody_else_has_confirmed_it(
    *, carry_out, holds_on, tasks, known_plan, ask, told
):
    policy = facts.a_policy()
    loosens = ["tolerance_basis_points", "tolerance_cap_pence"]
    waits = {"policy_id": policy.policy_id, "version": None, "counts": False, "loosens": loosens}
    assert [carry_out(set_card_policy, policy) for _ in range(2)] == [waits] * 2
    assert holds_on() == SHIPPED
    carry_out(request_purchase, ask(known_plan()))
    assert told("purchase_requested")[-1]["tolerance_pence"] == 0
    with pytest.raises(SamePersonError):
        carry_out(confirm_card_policy, confirming(policy, policy.set_by))
    assert tasks() == [("finance_manager", None)]

    second = confirming(policy)
    counts = waits | {"version": 1, "counts": True}
    assert [carry_out(confirm_card_policy, second) for _ in range(2)] == [counts] * 2

    assert holds_on().tolerance_basis_points == 1_000
    assert tasks() == [("finance_manager", "done")]
    carry_out(request_purchase, ask(known_plan()))
    assert told("purchase_requested")[-1]["tolerance_pence"] == 3_50
    with pytest.raises(PolicyCountsError):
        carry_out(confirm_card_policy, confirming(policy))


def test_what_only_tightens_counts_at_once_and_needs_nobody(carry_out, holds_on, tasks):
    policy = a_tight_one()

    assert carry_out(set_card_policy, policy)["counts"]

    assert (holds_on().version, holds_on().close_after_days) == (1, 7)
    assert tasks() == []
    with pytest.raises(PolicyCountsError):
        carry_out(confirm_card_policy, confirming(policy))


def test_a_policy_is_held_against_what_would_hold_on_its_own_first_day(carry_out, in_force):
    in_force(facts.a_policy(applies_from=TODAY))
    carry_out(set_card_policy, a_tight_one(applies_from=TODAY + timedelta(days=10)))

    again = facts.a_policy(applies_from=TODAY + timedelta(days=9))
    later = facts.a_policy(applies_from=TODAY + timedelta(days=10))

    assert carry_out(set_card_policy, again)["counts"]
    assert not carry_out(set_card_policy, later)["counts"]


def test_a_policy_that_one_person_set_never_lets_cards_do_more_than_before(
    carry_out, holds_on, in_force
):
    def countries(days=0):
        return holds_on(TODAY + timedelta(days=days)).allowed_countries

    in_ten_days = facts.a_policy(
        applies_from=TODAY + timedelta(days=10), tolerance_basis_points=0, tolerance_cap_pence=0
    )
    assert carry_out(set_card_policy, in_ten_days)["counts"]

    assert carry_out(set_card_policy, a_tight_one(allowed_countries=["GB"]))["counts"]

    for days in (0, 9, 10, 30):
        assert countries(days) == ("GB",)
    in_force(facts.a_policy(applies_from=TODAY + timedelta(days=20)))  # two people say so
    assert countries(19) == ("GB",)
    assert countries(20) is None


def test_one_that_waits_makes_no_other_one_look_tight(carry_out):
    carry_out(set_card_policy, facts.a_policy(tolerance_basis_points=9_000))

    assert not carry_out(set_card_policy, facts.a_policy())["counts"]


def test_the_newest_that_counts_is_the_last_that_was_confirmed(carry_out, holds_on):
    first, second = facts.a_policy(payments_of_a_card=3), facts.a_policy(payments_of_a_card=5)
    for policy in (first, second):
        carry_out(set_card_policy, policy)
    for policy in (second, first):
        carry_out(confirm_card_policy, confirming(policy))

    assert (holds_on().version, holds_on().payments_of_a_card) == (2, 3)


def test_a_policy_whose_day_has_passed_is_not_confirmed(carry_out, holds_on):
    policy = facts.a_policy()
    carry_out(set_card_policy, policy)
    later = a_trace(at=TUESDAY_AT_TEN + timedelta(days=1))

    with pytest.raises(PolicyInThePastError):
        carry_out(confirm_card_policy, confirming(policy), trace=later)

    assert holds_on() == SHIPPED


def test_what_nobody_has_set_is_not_confirmed(carry_out):
    with pytest.raises(UnknownPolicyError):
        carry_out(confirm_card_policy, confirming(facts.a_policy()))


def test_a_policy_is_kept_once_for_each_id(carry_out, count):
    policy = facts.a_policy()
    carry_out(set_card_policy, policy)

    with pytest.raises(IdReusedError):
        carry_out(set_card_policy, facts.a_policy(policy_id=policy.policy_id, close_after_days=1))

    assert count(KeptCardPolicy) == 1


def test_two_who_confirm_at_once_make_one_version(carry_out, holds_on):
    policy = facts.a_policy()
    carry_out(set_card_policy, policy)

    def confirm(_number):
        try:
            return carry_out(confirm_card_policy, confirming(policy))["version"]
        except PolicyCountsError as refusal:
            return refusal.code

    with ThreadPoolExecutor(3) as people:
        answers = list(people.map(confirm, range(3)))

    assert sorted(map(str, answers)) == ["1", "policy_counts_already", "policy_counts_already"]
    assert holds_on().version == 1


def test_whoever_confirms_at_once_waits_until_the_first_is_kept(carry_out, transaction):
    policy = facts.a_policy()
    carry_out(set_card_policy, policy)

    with transaction() as first:
        confirm_card_policy(confirming(policy), session=first, trace=a_trace())
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                confirm_card_policy(confirming(policy), session=session, trace=a_trace())


def test_a_second_person_reads_what_waits_and_by_what_it_loosens(carry_out, transaction):
    policy = facts.a_policy(allowed_countries=["GB"])
    carry_out(set_card_policy, policy)

    with transaction() as session:
        (shown,) = queries.card_policies(None, session=session)

    assert (shown["policy_id"], shown["version"]) == (policy.policy_id, None)
    assert (shown["why"], shown["set_by"]) == (policy.why, policy.set_by)
    assert shown["loosens"] == ["tolerance_basis_points", "tolerance_cap_pence"]
