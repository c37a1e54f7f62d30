"""The end of a financial year: what is left is carried, lapses, or is shared."""

from dataclasses import dataclass, field
from datetime import date

from tests.integration.budget.model.dividing import carried
from tests.integration.budget.model.endings import Endings


@dataclass
class ModelLeftover:
    """What one partner does with what it has left."""

    kind: str
    numerator: int | None = None  # its part of what is shared


@dataclass(kw_only=True)
class YearEnds(Endings):
    """The years that have ended."""

    budget_id: object
    year_ends: dict = field(default_factory=dict)  # the leftovers of each, by year

    def reopen(self, period_id):
        """Refuse it for what the end of a financial year was made from."""
        ended_until = max((date(year + 1, 4, 1) for year in self.year_ends), default=date.min)
        return super().reopen(period_id, ended_until=ended_until)

    def end_year(self, year, leftovers):
        """Deal with what is left, and return how much is carried and lapses, or a refusal."""
        if year in self.year_ends:
            return (0, 0) if self.year_ends[year] == leftovers else "id_reused"
        ends = [one for one in self.periods.values() if one.ends_on == date(year + 1, 4, 1)]
        if not ends or ends[0].state != "closed":
            return "period_not_closed"
        last = ends[0]
        left = {one: self._left_of_year(one, last) for one in self.funders}
        if any(pence for one, pence in left.items() if one not in leftovers):
            return "rule_missing"
        self.year_ends[year] = leftovers
        back = self._goes_back(left, leftovers)
        kept = sum(left.values()) - sum(back.values())
        self._book_year_end(last, left, back, leftovers)
        return kept, sum(back.values())

    def _left_of_year(self, funder, last):
        """Return what was left when the year was closed, and still is: nobody else's part of it."""
        there = min(last.left[funder], self.free(funder) - self.in_crisis(funder))
        return max(0, there - self.charged(funder))

    def _goes_back(self, left, leftovers):
        """Return what goes back to each."""
        numerators = {
            one: leftover.numerator
            for one, leftover in leftovers.items()
            if leftover.kind == "share"
        }
        together = sum(left[one] for one in numerators)
        nobody = dict.fromkeys(self.funders, 0)
        lapsed = {one: left[one] for one, leftover in leftovers.items() if leftover.kind == "lapse"}
        if not together:
            return lapsed
        return lapsed | carried(together, numerators, nobody, self.budget_id.int)

    def _book_year_end(self, last, left, back, leftovers):
        moves = []
        for funder, pence in back.items():
            taken = left[funder]
            moves += [(funder, "available", -taken), (funder, "lapsed", pence)]
            moves += self.owed_by_host(funder, pence - taken)
        closed_until = max(one.ends_on for one in self.periods.values() if one.state != "open")
        first_day = last.ends_on
        on = first_day if first_day >= closed_until else max(self.today, closed_until)
        self.book("year_end", last, moves, on=on, occurred_on=first_day)

    def owed_by_host(self, funder, pence):
        """Return how others come to owe a funder, or it them where it is below nothing."""
        if funder == self.host:
            return []
        mine, hosts = (
            (self.due_from(self.host), self.due_to(funder))
            if pence > 0
            else (self.due_to(self.host), self.due_from(funder))
        )
        return [(funder, mine, -pence), (self.host, hosts, pence)]
