"""Streams by which a funder's money becomes the person's to spend."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.setting import Setting, whiches
from tests.integration.budget.model.allocations import ModelStream


@st.composite
def rules_of_streams(draw):
    """Return a recurrence, what becomes of what is left, and how many weeks of it are kept."""
    recurrence = draw(st.sampled_from(["once", "week", "four_weeks", "month"]))
    is_once = recurrence == "once"
    leftover = draw(st.sampled_from(["carry", "lapse"] if is_once else ["carry", "lapse", "claw"]))
    return recurrence, leftover, draw(st.integers(0, 3)) if leftover == "claw" else None


class Allocations(Setting):
    """The streams of a budget, and their runs."""

    @rule(
        which=whiches,
        amount=st.integers(1, 120),
        kinds=rules_of_streams(),
        in_days=st.sampled_from([0, 0, 6]),
        weeks=st.integers(1, 12),
    )
    def an_allocation_is_scheduled(self, which, amount, kinds, in_days, weeks):
        recurrence, leftover, keep_weeks = kinds
        stream_id, starts_on = self.next_id(), self.model.today + timedelta(days=in_days)
        stream = ModelStream(
            funder=self.one_of(self.model.funders, which),
            recurrence=recurrence,
            amount=amount,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(weeks=weeks),
            leftover=leftover,
            keep_weeks=keep_weeks,
        )
        answer = self.ask(
            "schedule_allocation",
            allocation_id=stream_id,
            budget_id=self.budget_id,
            funder_id=stream.funder,
            recurrence=recurrence,
            amount_pence=amount,
            starts_on=starts_on,
            ends_on=stream.ends_on,
            leftover=leftover,
            keep_weeks=keep_weeks,
        )
        set_aside = self.model.schedule(stream_id, stream)
        if isinstance(set_aside, str):
            assert answer["refusal"]["code"] == set_aside
        else:
            assert answer["result"]["set_aside_pence"] == set_aside

    @precondition(lambda self: self.model.streams)
    @rule(which=whiches, days=st.sampled_from([1, 7, 20]))
    def an_allocation_ends_early(self, which, days):
        stream_id = self.one_of(self.model.streams, which)
        ends_on = self.model.today + timedelta(days=days)
        code = self.code_of(
            "end_allocation", allocation_id=stream_id, ends_on=ends_on, reason="It was agreed."
        )
        assert code == self.model.end_stream(stream_id, ends_on)

    @precondition(lambda self: self.model.streams)
    @rule(times=st.integers(1, 2), weeks=st.sampled_from([0, 1, 4]))
    def allocations_are_run(self, times, weeks):
        """Asked for twice, each run is made once."""
        self.model.now += timedelta(weeks=weeks)
        for _ in range(times):
            answer = self.do("run_allocations", pool_id=POOL, on=self.model.today)
            assert answer == {"runs": self.model.run_what_is_due(), "is_all": True}
