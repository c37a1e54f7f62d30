"""What is left over, and the steps by which it goes back."""

from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.machine.setting import Setting
from tests.integration.budget.model.repayments import STEPS, ModelTerms

terms = st.builds(
    ModelTerms,
    allowance_weeks=st.sampled_from([0, 0, 8]),
    plan_weeks=st.just(52),
    contingency=st.sampled_from([0, 0, 17]),
    committed=st.sampled_from([None, 0, 0, 31]),
)
PROPOSER, DECIDER = str(uuid4()), str(uuid4())
OPERATIONS = {
    "notify": "notify_repayment",
    "reconsider": "request_reconsideration",
    "decide": "decide_reconsideration",
    "confirm": "confirm_repayment",
    "post": "post_repayment",
    "withdraw": "withdraw_repayment",
}
COMES_NEXT = {
    "proposed": "notify",
    "notified": "confirm",
    "reconsidering": "decide",
    "decided": "confirm",
    "confirmed": "post",
}
amounts = st.one_of(st.none(), st.integers(1, 300))


class Repayments(Setting):
    """Repayments of what is left over."""

    @rule(terms=terms)
    def somebody_asks_what_is_left_over(self, terms):
        answer = self.do("find_surplus", on=self.model.today, **self.by(terms))
        lines = self.model.left_over(terms)
        assert answer["total_pence"] == sum(line.pence for line in lines.values())

    def by(self, terms):
        return {
            "budget_id": self.budget_id,
            "allowance_weeks": terms.allowance_weeks,
            "plan_weeks": terms.plan_weeks,
            "contingency_pence": terms.contingency,
            "committed_pence": terms.committed,
        }

    @rule(terms=terms, amount=amounts)
    def a_repayment_is_proposed(self, terms, amount):
        self.it_is_proposed(terms, amount=amount)

    def it_is_proposed(self, terms, *, ground="accumulated", amount=None):
        """Propose a repayment, and return the code of the refusal, or None."""
        repayment_id = self.next_id()
        answer = self.ask(
            "propose_repayment",
            repayment_id=repayment_id,
            ground=ground,
            proposed_by=PROPOSER,
            reason="It was not used.",
            **self.by(terms),
            **({"amount_pence": amount} if amount else {}),
        )
        code = answer.get("refusal", {}).get("code")
        assert code == self.model.propose(repayment_id, terms, amount)
        if code is None:
            self.see_that_lines_are_as_told(repayment_id, answer["result"])
        return code

    def see_that_lines_are_as_told(self, repayment_id, told):
        lines = {
            UUID(line["funder_id"]): (
                line["to_funder_pence"],
                line["to_person_pence"],
                line["charge_lowered_pence"],
            )
            for line in told["lines"]
        }
        assert lines == {
            funder: (line.own, line.to_person, line.lowered)
            for funder, line in self.model.repayments[repayment_id].lines.items()
        }

    @precondition(lambda self: self.model.repayments)
    @rule(
        steps=st.lists(st.sampled_from(["next"] * 12 + list(STEPS)), min_size=1, max_size=4),
        weeks=st.sampled_from([0, 2, 4]),
        notice_weeks=st.sampled_from([1, 2, 2, 2]),
        reduced_to=st.one_of(st.none(), st.integers(1, 100)),
    )
    def a_repayment_goes_on(self, steps, weeks, notice_weeks, reduced_to):
        """Have the newest take the steps that come next, some weeks apart; or any others."""
        for step in steps:
            self.a_step_is_taken(step, notice_weeks, reduced_to)
            self.model.now += timedelta(weeks=weeks)

    def a_step_is_taken(self, step, notice_weeks, reduced_to):
        repayment_id = self.one_of(self.model.repayments, -1)
        state = self.model.repayments[repayment_id].state
        if step == "next":
            step = COMES_NEXT.get(state, "post")
        code = self.code_of(
            OPERATIONS[step],
            repayment_id=repayment_id,
            budget_id=self.budget_id,
            reason="Somebody decided so.",
            **self.fields_of(step, notice_weeks, reduced_to),
        )
        if self.model.can_step(repayment_id, step):
            assert code == self.taken(repayment_id, step, notice_weeks, reduced_to)
        else:  # what is posted may be posted again, and nothing happens
            assert (code is None) == (step == state.removesuffix("ed") == "post")

    @staticmethod
    def fields_of(step, notice_weeks, reduced_to):
        if step == "decide":
            reduced = {"outcome": "reduced", "amount_pence": reduced_to}
            return {"decided_by": DECIDER} | (reduced if reduced_to else {"outcome": "upheld"})
        return {"notify": {"notice_weeks": notice_weeks}, "reconsider": {"asked_by": "person"}}.get(
            step, {}
        )

    def taken(self, repayment_id, step, notice_weeks, reduced_to):
        """Let the model take a step, and return the code of the refusal, or None."""
        model = self.model
        if step == "notify":
            return model.notify(repayment_id, notice_weeks)
        if step == "confirm":
            return model.confirm(repayment_id)
        if step == "post":
            return model.post(repayment_id)
        if step == "decide" and reduced_to:
            return model.reduce(repayment_id, reduced_to)
        return model.take_step(repayment_id, step)
