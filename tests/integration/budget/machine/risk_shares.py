"""Rules by which partners bear risk together, and years whose risk is shared."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.periods import FIRST_DAY
from tests.integration.budget.machine.purchases import Purchases
from tests.integration.budget.machine.setting import numerators, whiches
from tests.integration.budget.model.dividing import in_proportion
from tests.integration.budget.model.risk_shares import WHOLE, ModelRiskRule
from tests.integration.budget.pools import signed_by

KINDS = ("percentage", "percentage", "capped", "lie_where_it_falls")
mosts = st.lists(st.integers(0, 40), min_size=3, max_size=3)


def financial_year_of(day):
    return day.year - (day < day.replace(month=4, day=1))


class RiskShares(Purchases):
    """How overspends and underspends are borne."""

    @rule(
        kind=st.sampled_from(KINDS),
        weights=numerators,
        mosts=mosts,
        is_signed=st.sampled_from([True, True, False]),
        is_over=st.sampled_from([True, True, False]),
        is_repeated=st.sampled_from([False, False, True]),
        which=whiches,
        dearer=st.sampled_from([0, 90, 300]),
    )
    def a_years_risk_is_shared(
        self, *, kind, weights, mosts, is_signed, is_over, is_repeated, which, dearer
    ):
        """Mostly by a rule that is signed just before, and when something has cost too much."""
        newest = max(self.model.years_shared, default=FIRST_DAY.year - 1)
        year = newest if is_repeated else max(newest + 1, financial_year_of(self.model.today))
        if dearer and self.purchases:
            purchase_id = self.one_of(self.purchases, which)
            spent = sum(self.model.holds[purchase_id].posted.values())
            self.payments_says(purchase_id, posted=spent + dearer)
        if is_signed:
            self.it_is_agreed_how_risk_is_borne(kind, weights, mosts, year)
        over_on = date(year + 1, 4, 1)
        if is_over and self.model.today < over_on:
            self.model.now += over_on - self.model.today
        run_id = self.next_id()
        code = self.code_of("run_risk_share", run_id=run_id, pool_id=POOL, financial_year=year)
        assert code == self.model.share_risk(run_id, year)

    def it_is_agreed_how_risk_is_borne(self, kind, weights, mosts, from_year):
        basis_points = in_proportion(WHOLE, weights)
        most = dict(zip(self.model.funders, mosts, strict=True)) if kind == "capped" else None
        parts = {} if kind == "lie_where_it_falls" else basis_points
        code = self.code_of(
            "set_risk_rule",
            rule_id=self.next_id(),
            pool_id=POOL,
            kind=kind,
            from_year=from_year,
            parts=[
                {"funder_id": one, "basis_points": part}
                | ({"most_pence": most[one]} if most else {})
                for one, part in parts.items()
            ],
            signatures=signed_by(*self.model.funders),
        )
        assert code == self.model.agree_on_risk(ModelRiskRule(from_year, parts, most))
