"""The pool's periods: opened, closed, signed and reopened."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.setting import Setting, whiches
from tests.integration.budget.model.periods import ModelPeriod

STEPS = ["soft_close", "sign", "close", "reopen"]
FIRST_DAY = date(2026, 4, 1)
FIRST_ENDS_ON = date(2026, 12, 1)


class Periods(Setting):
    """The calendar of the books."""

    @rule(months=st.integers(1, 3))
    def the_next_periods_are_opened(self, months):
        for _ in range(months):
            self.the_next_is_opened()

    def the_next_is_opened(self):
        period_id = self.next_id()
        starts_on = max((one.ends_on for one in self.model.periods.values()), default=FIRST_DAY)
        month = starts_on.year * 12 + starts_on.month
        next_month = date(month // 12, month % 12 + 1, 1)
        ends_on = FIRST_ENDS_ON if starts_on == FIRST_DAY else next_month
        self.do(
            "open_period", period_id=period_id, pool_id=POOL, starts_on=starts_on, ends_on=ends_on
        )
        self.model.periods[period_id] = ModelPeriod(starts_on, ends_on)

    @precondition(lambda self: self.model.periods)
    @rule(
        steps=st.lists(st.sampled_from(["next"] * 8 + STEPS), min_size=1, max_size=3),
        which=whiches,
        partners=st.sampled_from([3, 3, 3, 2]),
    )
    def a_period_goes_on(self, steps, which, partners):
        """Have the first that is not closed take its next steps; or any of them take any."""
        for step in steps:
            self.a_step_is_taken_with_it(step, which, partners)

    def a_step_is_taken_with_it(self, step, which, partners):
        period_id = self.one_of(self.model.periods, which)
        if step == "next":
            period_id, period = next(
                ((one, it) for one, it in self.model.periods.items() if it.state != "closed"),
                (period_id, self.model.periods[period_id]),
            )
            is_signed = len(period.signed) == len(self.model.funders)
            of_closing = "close" if is_signed else "sign"
            step = {"open": "soft_close", "closing": of_closing, "closed": "reopen"}[period.state]
        self.it_takes_a_step(period_id, step, partners)

    def it_takes_a_step(self, period_id, step, partners=3):
        if step == "sign":
            self.it_is_signed(period_id, self.model.funders[:partners])
        elif step == "reopen":
            self.it_is_reopened(period_id)
        else:
            code = self.code_of(f"{step}_period", period_id=period_id)
            assert code == getattr(self.model, step)(period_id)

    def it_is_signed(self, period_id, partners):
        """By all of the partners, or not by the last of them."""
        for funder in partners:
            code = self.code_of(
                "sign_period", period_id=period_id, funder_id=funder, role="finance_officer"
            )
            assert code == self.model.sign(period_id, funder)

    def it_is_reopened(self, period_id):
        """It takes two."""
        asked = {"period_id": period_id, "reason": "An invoice was forgotten."}
        approved = self.code_of("approve_reopening", actor="QHM01/finance_officer", **asked)
        code = self.code_of("reopen_period", actor="E06000001/finance_officer", **asked)
        assert (approved, code) == self.model.reopen(period_id)
