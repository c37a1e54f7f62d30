"""Financial years that end, and what becomes of money that is left."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.periods import FIRST_DAY, Periods
from tests.integration.budget.machine.setting import MANY_JOURNALS
from tests.integration.budget.model.periods import ModelPeriod
from tests.integration.budget.model.year_ends import ModelLeftover

leftovers = st.one_of(
    st.builds(ModelLeftover, st.sampled_from(["carry", "lapse"])),
    st.builds(ModelLeftover, st.just("share"), st.integers(1, 9)),
)


class YearEnds(Periods):
    """The end of years: once for each, by the rules of each partner."""

    @precondition(lambda self: len(self.model.journals) > MANY_JOURNALS)
    @rule(
        of_each=st.lists(leftovers, min_size=3, max_size=3),
        partners=st.sampled_from([3, 3, 3, 2]),
        is_repeated=st.booleans(),
    )
    def a_year_ends(self, of_each, partners, is_repeated):
        """Once its last day is over and its books are closed. Asked again, nothing happens."""
        year = self.the_newest_year()
        if year in self.model.year_ends and not is_repeated:
            year += 1
        self.the_books_are_closed_until(date(year + 1, 4, 1))
        made_by = dict(zip(self.model.funders[:partners], of_each, strict=False))
        for rules in (made_by, made_by, self.model.year_ends.get(year, made_by)):
            self.it_ends(year, rules)

    def the_newest_year(self):
        """Return the financial year of the newest period's last day."""
        newest = max((one.ends_on for one in self.model.periods.values()), default=FIRST_DAY)
        return newest.year - (newest <= date(newest.year, 4, 1) and newest > FIRST_DAY)

    def the_books_are_closed_until(self, day):
        """Close what can be closed of a year; the rest of it is one period."""
        starts_on = max((one.ends_on for one in self.model.periods.values()), default=FIRST_DAY)
        if starts_on < day:
            period_id = self.next_id()
            self.do(
                "open_period", period_id=period_id, pool_id=POOL, starts_on=starts_on, ends_on=day
            )
            self.model.periods[period_id] = ModelPeriod(starts_on, day)
        if self.model.today < day:
            self.model.now += day - self.model.today
        for period_id, period in self.model.periods.items():
            for step in {"open": ["soft_close", "sign", "close"], "closing": ["sign", "close"]}.get(
                period.state, []
            ):
                self.it_takes_a_step(period_id, step)

    def it_ends(self, year, rules):
        answer = self.ask(
            "year_end",
            pool_id=POOL,
            financial_year=year,
            rules=[
                {"funder_id": one, "leftover": leftover.kind}
                | ({"numerator": leftover.numerator} if leftover.numerator else {})
                for one, leftover in rules.items()
            ],
        )
        found = self.model.end_year(year, rules)
        if isinstance(found, str):
            assert answer["refusal"]["code"] == found
            return
        told = answer["result"]
        assert (told["carried_pence"], told["lapsed_pence"]) == found
