"""The pool's periods: what can be booked for their days, and who closes them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.integration.budget.model.recharges import Recharges


@dataclass
class ModelPeriod:
    """Days for which the books are open, closing or closed."""

    starts_on: date
    ends_on: date
    state: str = "open"
    signed: dict = field(default_factory=dict)  # by funder: how many journals there were
    left: dict = field(default_factory=dict)  # by funder: available and not held when it closed


@dataclass(kw_only=True)
class Periods(Recharges):
    """The calendar of the books."""

    periods: dict = field(default_factory=dict)  # by their ids, in order

    def state_of(self, day):
        """Say how the books stand for a day: as its period, or closed with a later one."""
        for period in self.periods.values():
            if day < period.ends_on:
                is_in_it = period.starts_on <= day or period.state == "closed"
                return period.state if is_in_it else "open"
        return "open"

    def is_booked_plainly(self, day):
        """Say whether something is booked for a day that does not say why it is late."""
        return self.state_of(day) == "open"

    def placed(self, day):
        """Return the day for which something about a day is written now."""
        return self.today if self.state_of(day) == "closed" else day

    def _before(self, period):
        return next((one for one in self.periods.values() if one.ends_on == period.starts_on), None)

    def soft_close(self, period_id):
        period = self.periods[period_id]
        before = self._before(period)
        if period.state != "open":
            return "period_not_open"
        if self.today < period.ends_on:
            return "period_not_over"
        if before and before.state == "open":
            return "period_order"
        period.state = "closing"
        return None

    def sign(self, period_id, funder):
        period = self.periods[period_id]
        if period.state != "closing":
            return "period_not_closing"
        period.signed[funder] = len(self.journals)
        return None

    def _is_signed(self, period):
        """Each partner has signed, and nothing was booked for these days since."""
        since = min((period.signed.get(funder, -1) for funder in self.funders), default=-1)
        later = self.journals[max(0, since) :]
        return since >= 0 and all(one.effective_on >= period.ends_on for one in later)

    def close(self, period_id):
        period = self.periods[period_id]
        before = self._before(period)
        if period.state != "closing":
            return "period_not_closing"
        if before and before.state != "closed":
            return "period_order"
        if not self._is_signed(period):
            return "signature_missing"
        last = period.ends_on - timedelta(days=1)
        if self.until(last, self.host, "unmatched"):
            return "suspense_open"
        period.state = "closed"
        for funder in self.funders:
            held = self.accounts[funder, "available"] - self.free(funder)
            period.left[funder] = self.until(last, funder, "available") - held
        return None

    def reopen(self, period_id, *, ended_until):
        """Reopen a period; return the codes for whoever approves it and for whoever does it."""
        period = self.periods[period_id]
        later = [one for one in self.periods.values() if one.starts_on > period.starts_on]
        if period.state != "closed":
            return ("period_not_closed",) * 2
        if any(one.state == "closed" for one in later):
            return ("period_order",) * 2
        if period.ends_on <= ended_until:
            return None, "year_end_made"
        period.state, period.signed = "closing", {}
        return None, None
