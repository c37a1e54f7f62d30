"""Overspends and underspends that partners bear together at the end of a year."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.integration.budget.model.dividing import in_proportion
from tests.integration.budget.model.year_ends import YearEnds

WHOLE = 10_000  # basis points


@dataclass
class ModelRiskRule:
    """What each partner bears, from a financial year on."""

    from_year: int
    parts: dict  # basis points by funder; empty where risk lies where it falls
    most: dict | None = None  # that each takes on of the others' overspends in a year


@dataclass(kw_only=True)
class RiskShares(YearEnds):
    """How risk is shared."""

    risk_rules: list = field(default_factory=list)
    years_shared: list = field(default_factory=list)

    def agree_on_risk(self, rule):
        if rule.from_year <= max(self.years_shared, default=0):
            return "already_shared"
        self.risk_rules.append(rule)
        return None

    def share_risk(self, run_id, year):
        """Share a year's risk, or return the code of the refusal."""
        last = date(year + 1, 3, 31)
        rules = [one for one in self.risk_rules if one.from_year <= year]
        if self.today <= last:
            return "year_not_over"
        if year <= max(self.years_shared, default=0):
            return "already_shared"
        if not rules:
            return "rule_missing"
        self.years_shared.append(year)
        moves = []
        for funder, pence in self._taken_on(self.overspent_in(year), rules[-1], is_cost=True):
            moves += [(funder, "overspent", -pence), *self.owed_by_host(funder, -pence)]
        for funder, pence in self._taken_on(self.underspent_by(last), rules[-1], is_cost=False):
            moves += [(funder, "available", pence), *self.owed_by_host(funder, pence)]
        self.book("risk_share", run_id, moves)
        return None

    def overspent_in(self, year):
        """Return what came to be overspent in a year, less what came back of it in that year."""
        first, last = date(year, 4, 1) - timedelta(days=1), date(year + 1, 3, 31)
        found = {}
        for funder in self.funders:
            until = [
                self.until(day, funder, "overspent", without=("risk_share",))
                for day in (first, last)
            ]
            if until[0] > until[1]:
                found[funder] = until[0] - until[1]
        return found

    def underspent_by(self, last):
        """Return what is left of each funder's own money, once the budget has ended."""
        if not self.has_ended(last + timedelta(days=1)):
            return {}
        own = {
            one: self.free(one) - self.charged(one) + self.accounts[one, "promised"]
            for one in self.funders
        }
        return {one: pence for one, pence in own.items() if pence > 0}

    @staticmethod
    def _taken_on(found, rule, *, is_cost):
        """Return what each takes on of the others', or hands over where it is below nothing."""
        if not found or not rule.parts:
            return []
        borne = in_proportion(sum(found.values()), rule.parts)
        steps = {one: pence - found.get(one, 0) for one, pence in borne.items()}
        takers = {one: pence for one, pence in steps.items() if pence > 0}
        givers = {one: -pence for one, pence in steps.items() if pence < 0}
        if rule.most and is_cost:
            takers = {one: min(pence, rule.most[one]) for one, pence in takers.items()}
        if not givers:
            return []
        given = in_proportion(sum(takers.values()), givers)
        return [*takers.items(), *((one, -pence) for one, pence in given.items())]
