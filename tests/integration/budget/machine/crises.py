"""Reserves for a crisis."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import rows
from tests.integration.budget.machine.setting import Setting, numerators, whiches
from tests.integration.budget.pools import signed_by

CALLED = """
    SELECT funder_id, contribution_id, due_on FROM crisis_parts
    JOIN contributions USING (funder_id, contribution_id) WHERE crisis_id = :crisis_id"""


class Crises(Setting):
    """The reserve of a budget, and crises that call it."""

    @precondition(lambda self: not self.model.promised)
    @rule(parts=numerators)
    def a_reserve_is_promised(self, parts):
        parts = {funder: 20 * pence for funder, pence in parts.items() if pence}
        reserve_id = self.next_id()
        code = self.code_of(
            "promise_crisis_reserve",
            reserve_id=reserve_id,
            budget_id=self.budget_id,
            parts=[{"funder_id": one, "amount_pence": pence} for one, pence in parts.items()],
            signatures=signed_by(*parts),
        )
        assert code == self.model.promise(reserve_id, parts)

    @precondition(lambda self: self.model.promised)
    @rule(cap=st.integers(1, 400))
    def a_crisis_begins(self, cap):
        crisis_id, parts = self.next_id(), self.model.usable(cap)
        code = self.code_of(
            "activate_crisis_reserve", crisis_id=crisis_id, budget_id=self.budget_id, cap_pence=cap
        )
        if isinstance(parts, str):
            assert code == parts
            return
        assert code is None
        called = rows(self.transaction, CALLED, crisis_id=crisis_id)
        call_ids = {funder: call_id for funder, call_id, _ in called}
        self.model.activate(crisis_id, parts, call_ids, called[0][2])

    @precondition(lambda self: self.model.crises)
    @rule(which=whiches)
    def a_crisis_is_over(self, which):
        """Told again, it gives nothing back again."""
        crisis_id = self.model.active_crisis() or self.one_of(self.model.crises, which)
        answer = self.do("stand_down_crisis_reserve", crisis_id=crisis_id, budget_id=self.budget_id)
        assert answer["returned_pence"] == self.model.stand_down(crisis_id)
