"""What comes into a budget, and who pays which part of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import rows, unanswered
from tests.integration.budget.machine.setting import (
    Setting,
    costs,
    numerators,
    ways_of_all,
    whiches,
)
from tests.integration.budget.model.contributions import ModelCall

CALLED = """
    SELECT contribution_id, funder_id, amount_pence, due_on FROM contributions
    ORDER BY funder_id, amount_pence"""
WAYS = {"commit": (), "receive": ("bank_reference",), "release": ("contract_reference",)}
SOURCES = {"receive": "paid_in", "release": "released_in"}
WRONG = [{"amount_pence": 10**15}, {"amount_pence": 0}, {"funder_id": str(uuid4())}]
days_ago = st.sampled_from([0, 0, 0, 3, 30])


class Contributions(Setting):
    """The money that comes in, and the shares by which it is called for."""

    def of_call(self, call_id, **changes):
        call = self.model.calls[call_id]
        return {
            "contribution_id": call_id,
            "budget_id": self.budget_id,
            "funder_id": call.funder,
            "amount_pence": call.missing or call.pence,
        } | changes

    @precondition(lambda self: not all(call.is_in for call in self.model.calls.values()))
    @rule(ways=ways_of_all)
    def what_is_missing_comes(self, ways):
        self.all_comes_in(ways)

    def all_comes_in(self, ways):
        """Have what was called for and is missing come in, but what has no way."""
        missing = [one for one, call in self.model.calls.items() if not call.is_in]
        for call_id, way in zip(missing, ways, strict=False):
            if way:
                self.comes_in(call_id, way)

    @precondition(lambda self: any(call.pence for call in self.model.calls.values()))
    @rule(which=whiches, way=st.sampled_from(list(WAYS)), days=days_ago)
    def a_contribution_comes(self, which, way, days):
        calls = [one for one, call in self.model.calls.items() if call.pence]
        self.comes_in(self.one_of(calls, which), way, days=days)

    def comes_in(self, call_id, way, *, days=0):
        """Also one that is told late: it counts for its day, unless the books are closed."""
        call = self.model.calls[call_id]
        at = self.model.now - timedelta(days=days)
        reference = f"payment {len(self.model.journals)}"
        extra = dict.fromkeys(WAYS[way], reference)
        changes = not (call.is_in if way == "commit" else call.is_received)
        amount = call.pence if way == "commit" else call.missing or call.pence
        request = self.of_call(call_id, **extra, amount_pence=amount)
        code = self.code_of(f"{way}_contribution", at=at, **request)
        if not changes:
            assert code in (None, "id_reused")
        elif not self.model.is_booked_plainly(at.date()):
            assert code == "period_closed"
        else:
            assert code is None
            if way == "commit":
                self.model.commit(call_id, at.date())
            else:
                self.model.receive(call_id, SOURCES[way], reference, at.date())

    @precondition(lambda self: self.model.charge_call and self.model.charge_call[1].missing)
    @rule(part=st.integers(1, 100), days=days_ago)
    def the_person_pays_a_part(self, part, days):
        call_id, call = self.model.charge_call
        at = self.model.now - timedelta(days=days)
        amount, reference = min(part, call.missing), f"payment {len(self.model.journals)}"
        code = self.code_of(
            "receive_contribution",
            at=at,
            contribution_id=call_id,
            budget_id=self.budget_id,
            funder_id=call.funder,
            amount_pence=amount,
            bank_reference=reference,
        )
        if self.model.is_booked_plainly(at.date()):
            assert code is None
            self.model.receive_from_person(amount, reference, at.date())
        else:
            assert code == "period_closed"

    @precondition(lambda self: self.model.calls)
    @rule(which=whiches, changes=st.sampled_from(WRONG))
    def a_wrong_contribution_changes_nothing(self, which, changes):
        call_id = self.one_of(self.model.calls, which)
        before = unanswered(self.transaction)
        request = self.of_call(call_id, bank_reference="wrong", **changes)
        assert "refusal" in self.ask("receive_contribution", **request)
        assert unanswered(self.transaction) == before

    @precondition(lambda self: self.is_disputed)
    @rule(shares=numerators)
    def disputed_shares_are_decided(self, shares):
        self.agree(shares, decides=True)

    @precondition(lambda self: len(self.model.agreements) > 1)
    @rule()
    def what_was_bought_is_reapportioned(self):
        expected = len(self.model.to_reapportion())
        answer = self.ask("reapportion", agreement_id=self.agreement_id)
        assert answer.get("result", {}).get("purchases", 0) == expected
        self.model.reapportion()

    @precondition(lambda self: not self.is_disputed and self.agreed_on < self.model.today)
    @precondition(lambda self: not self.model.to_reapportion())
    @rule(shares=numerators)
    def others_shares_are_agreed_from_today(self, shares):
        self.agreed_on = self.model.today
        self.agree(shares)

    @rule(costs=costs, dropped=st.integers(-5, 1))
    def the_plan_is_revised(self, costs, dropped):
        """Have the plan cost something else, and sometimes drop one of its two items."""
        items = dict(zip(self.model.items, costs, strict=True))
        for number, (item_id, item) in enumerate(self.model.items.items()):
            item.cost, item.is_planned = items[item_id], number != dropped
        planned = {one: items[one] for one, item in self.model.items.items() if item.is_planned}
        self.plan = replace(
            self.plan,
            event_id=uuid4(),
            version=self.plan.version + 1,
            total_pence=sum(planned.values()),
            items=self.items_of(planned),
        )
        self.tell(self.plan)
        self.model.agree_anew()
        self.keep_calls(
            {
                call_id: ModelCall(funder, pence, due_on)
                for call_id, funder, pence, due_on in rows(self.transaction, CALLED)
                if call_id not in self.model.all_calls()
            }
        )
