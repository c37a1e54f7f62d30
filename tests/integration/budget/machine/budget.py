"""Everything that can be asked of one budget, in any order, beside a model in plain Python."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration.budget.machine.allocations import Allocations
from tests.integration.budget.machine.contributions import Contributions
from tests.integration.budget.machine.corrections import Corrections
from tests.integration.budget.machine.crises import Crises
from tests.integration.budget.machine.endings import Endings
from tests.integration.budget.machine.recharges import Recharges
from tests.integration.budget.machine.risk_shares import RiskShares
from tests.integration.budget.machine.ways import Ways
from tests.integration.budget.machine.year_ends import YearEnds


class Budget(
    Contributions,
    Ways,
    Allocations,
    Crises,
    Recharges,
    Corrections,
    Endings,
    YearEnds,
    RiskShares,
):
    """One budget, and time that goes on."""

    @rule(days=st.sampled_from([1, 7, 14, 31]))
    def time_passes(self, days):
        self.model.now += timedelta(days=days)

    @rule()
    def all_is_sealed(self):
        self.do("seal_journals")
