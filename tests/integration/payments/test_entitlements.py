import itertools
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.entitlements import subscribers
from services.payments.entitlements.models import Broker, LiveBudget, Plan, PlanItem
from tests.integration.payments import facts


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_newest_version_of_a_plan_stays_in_every_order(hear, transaction, order):
    kept, dropped = facts.an_item(), facts.an_item()
    first = facts.a_plan(kept, dropped)
    versions = [first, replace(first, version=2), replace(first, version=3, items=[kept])]

    for place in [*order, *order]:
        hear(subscribers.plan_approved, versions[place])

    with transaction() as session:
        assert session.get_one(Plan, first.budget_id).version == 3
        in_plan = select(PlanItem.item_id).where(PlanItem.plan_version == 3)
        assert list(session.scalars(in_plan)) == [kept.item_id]


def test_a_plan_does_not_take_what_another_budget_buys(hear, transaction):
    item = facts.an_item()
    first = facts.a_plan(item)
    hear(subscribers.plan_approved, first)

    with pytest.raises(subscribers.ItemOfAnotherBudgetError):
        hear(subscribers.plan_approved, facts.a_plan(facts.an_item(), item))

    with transaction() as session:
        assert session.get_one(PlanItem, item.item_id).budget_id == first.budget_id
        assert list(session.scalars(select(Plan.budget_id))) == [first.budget_id]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_the_newest_care_team_stays_and_only_its_brokers(hear, transaction, order):
    person_id, old, new = uuid4(), uuid4(), uuid4()
    coordinator = facts.a_member(uuid4(), role="care_coordinator")
    teams = [
        facts.a_care_team(person_id, facts.a_member(old), version=1),
        facts.a_care_team(person_id, facts.a_member(new), coordinator, version=2),
    ]

    for place in order:
        hear(subscribers.care_team_changed, teams[place])

    with transaction() as session:
        assert list(session.scalars(select(Broker.staff_id))) == [new]


def test_a_budget_is_live_from_its_newest_word_on(hear, transaction):
    plan = facts.a_plan(facts.an_item())

    for version in (2, 1, 3):
        hear(subscribers.budget_activated, facts.a_live_budget(plan, version=version))

    with transaction() as session:
        assert session.get_one(LiveBudget, plan.budget_id).version == 3
