"""The end of a budget, and what of its money goes back to whom."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.machine.repayments import Repayments
from tests.integration.budget.machine.setting import MANY_JOURNALS
from tests.integration.budget.model.repayments import ModelTerms

REASONS = ["plan_ended", "persons_wish", "moved", "died"]
AS_EVER = ModelTerms(allowance_weeks=8, plan_weeks=52, contingency=17, committed=31)


class Endings(Repayments):
    """A budget ends once, and everything else goes on being asked of it."""

    @precondition(lambda self: len(self.model.journals) > MANY_JOURNALS)
    @rule(days=st.sampled_from([-3, 0, 0, 9]), reason=st.sampled_from(REASONS))
    def the_budget_ends(self, days, reason):
        """Sometimes it was known before, sometimes it is known only now."""
        ends_on = self.model.today + timedelta(days=days)
        answer = self.ask("end_budget", budget_id=self.budget_id, ends_on=ends_on, reason=reason)
        code = answer.get("refusal", {}).get("code")
        assert code == self.model.end(ends_on, reason=reason)
        if code is None:
            self.see_that_closing_figures_are(answer["result"])

    def see_that_closing_figures_are(self, told):
        figures = {UUID(one.pop("funder_id")): one for one in told["funders"]}
        assert figures == self.model.closing_figures()

    @precondition(lambda self: self.model.has_ended(self.model.today))
    @rule()
    def somebody_asks_for_the_closing_statement(self):
        self.see_that_closing_figures_are(self.do("closing_statement", budget_id=self.budget_id))

    @precondition(lambda self: self.model.has_ended(self.model.today))
    @precondition(lambda self: not self.model.open_repayment())
    @rule()
    def what_is_left_at_the_end_goes_back(self):
        """All of it, after two weeks' notice, whatever else was to stay in the budget."""
        ground = "died" if self.model.has_died else "ended"
        if self.it_is_proposed(AS_EVER, ground=ground) is None:
            for step, weeks in (("notify", 2), ("confirm", 0), ("post", 0)):
                self.a_step_is_taken(step, 2, None)
                self.model.now += timedelta(weeks=weeks)
