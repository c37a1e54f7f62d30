"""Two answers are never of two moments, whatever is booked while somebody reads or shares."""

from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import event

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.between_funders import (
    YEAR_IS_OVER,
    a_rule,
    share_risk,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_plan,
    an_active_budget,
    ask,
    buy,
    left_of,
    rows,
    spend,
    tell,
)

TODAY = TUESDAY_AT_TEN.date()
HALVES = {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 5_000}}
MOST_STATEMENTS = 12  # more than any of these questions asks


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(verified):
    """By the whole verifier: what conftest asks does not know sharing."""


@contextmanager
def in_between(transaction, act, *, after):
    """Have somebody else act as soon as so many statements were answered, or one with a word."""
    with transaction() as session:
        engine = session.get_bind()
    answered = []

    def act_once(_connection, _cursor, words, _values, _context, _many):
        if engine.is_acting or engine.has_acted:
            return
        answered.append(words)
        if len(answered) == after or after in (word for word in words.split()):
            engine.is_acting = True
            act()
            engine.is_acting, engine.has_acted = False, True

    engine.is_acting = engine.has_acted = False
    event.listen(engine, "after_cursor_execute", act_once)
    try:
        yield engine
    finally:
        event.remove(engine, "after_cursor_execute", act_once)


def a_plan_that_is_revised(transaction):
    """Each revision changes what the plan costs, and what its items do."""
    active = an_active_budget(transaction, joint=100_00)
    version = 1

    def revise():
        nonlocal version
        version += 1
        dearer = a_plan(version=version, budget_id=active.budget_id, joint=100_00 + version * 10_00)
        tell(transaction, dearer)

    return {"budget_id": str(active.budget_id), "on": TODAY.isoformat()}, revise


def an_overspend_that_is_mended(transaction):
    """Each time so much comes back that something is left, or it is spent again."""
    active = an_active_budget(transaction, joint=100_00, nhs=10_00)
    left_pence = left_of(transaction, active)["nhs"]
    purchase, _ = buy(transaction, active, 10_00, payer="nhs")
    ended = {"budget_id": str(active.budget_id), "ends_on": TODAY.isoformat()}
    ask(transaction, "end_budget", reason="plan_ended", **ended)
    spend(transaction, purchase, left_pence + 40_00)
    a_rule(transaction, parts=HALVES)
    versions = count(2)

    def mend():
        version = next(versions)
        step_pence = 40_00 if version % 2 else -20_00
        spend(transaction, purchase, left_pence + step_pence, version=version)

    return {"pool_id": str(POOL), "financial_year": 2026}, mend


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("forecast", a_plan_that_is_revised),
        ("risk_share_outlook", an_overspend_that_is_mended),
    ],
)
def test_an_answer_is_of_before_or_of_after_and_never_of_both(transaction, question, beginning):
    asked, act = beginning(transaction)
    for after in range(1, MOST_STATEMENTS):
        before = ask(transaction, question, **asked)
        with in_between(transaction, act, after=after) as engine:
            answer = ask(transaction, question, **asked)
        if not engine.has_acted:
            break
        assert answer in (before, ask(transaction, question, **asked))
    assert after > 2


def test_what_is_shared_is_what_was_there_when_the_budgets_were_locked(transaction):
    """What is found before says only which budgets to lock; then it is looked for anew."""
    _, mend = an_overspend_that_is_mended(transaction)

    with in_between(transaction, mend, after="'overspent'") as engine:
        shared = share_risk(transaction, at=YEAR_IS_OVER)

    assert engine.has_acted
    assert [due["shared"] for due in shared["result"]["dues"]] == ["available"]
    assert rows(transaction, "SELECT DISTINCT shared FROM risk_share_moves") == [("available",)]
