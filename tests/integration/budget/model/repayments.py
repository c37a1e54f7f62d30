"""What is left over, whose it is, and how it goes back."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.integration.budget.model.books import moved
from tests.integration.budget.model.crises import Crises
from tests.integration.budget.model.dividing import carried, in_proportion, in_proportion_if_any

LEAST_NOTICE_WEEKS = 2
OVER = ("posted", "withdrawn")
# What can be asked of a repayment in a state, and which state that leads to.
STEPS = {
    "notify": (("proposed",), "notified"),
    "reconsider": (("notified",), "reconsidering"),
    "decide": (("reconsidering",), "decided"),
    "confirm": (("notified", "decided"), "confirmed"),
    "post": (("confirmed",), "posted"),
    "withdraw": (
        ("proposed", "notified", "reconsidering", "decided", "confirmed"),
        "withdrawn",
    ),
}


@dataclass
class ModelTerms:
    """What is to stay in a budget."""

    allowance_weeks: int
    plan_weeks: int
    contingency: int
    committed: int | None  # what the plan still costs, unless it is to be worked out


NOTHING_STAYS = ModelTerms(allowance_weeks=0, plan_weeks=1, contingency=0, committed=0)


@dataclass
class ModelLine:
    """What goes back out of one funder's book."""

    own: int
    to_person: int = 0
    lowered: int = 0  # the person owes that much less

    @property
    def persons(self):
        return self.to_person + self.lowered

    @property
    def pence(self):
        return self.own + self.persons


@dataclass
class ModelRepayment:
    """A repayment on its way."""

    terms: ModelTerms
    lines: dict  # by funder
    state: str = "proposed"
    notice_ends_on: date | None = None

    @property
    def pence(self):
        return sum(line.pence for line in self.lines.values())


@dataclass(kw_only=True)
class Repayments(Crises):
    """What goes back to whose it is."""

    repayments: dict = field(default_factory=dict)  # by their ids
    returned: Counter = field(default_factory=Counter)  # of the person's part, by the council

    def left_over(self, terms):
        """Return what can go back now, by funder."""
        kept = self._kept(terms)
        lines = {one: self._line(one, kept[one]) for one in self.funders}
        return {one: line for one, line in sorted(lines.items()) if line.pence}

    def _kept(self, terms):
        """Return what stays of each funder's money, whatever else is left over."""
        if self.has_ended(self.today):
            terms = NOTHING_STAYS
        agreed, newest = self.newest.agreed, self.newest
        if terms.committed is None:
            left = sum(
                max(0, self.left_of(one)) for one, item in self.items.items() if item.is_planned
            )
            nobody = dict.fromkeys(self.funders, 0)
            used = self.used(newest)
            committed = carried(left, newest.weights, used, newest.tie) if left else nobody
        else:
            committed = in_proportion_if_any(terms.committed, agreed)
        contingency = in_proportion_if_any(terms.contingency, agreed)
        return {
            one: committed[one]
            + contingency[one]
            + self.in_crisis(one)
            - (-agreed[one] * terms.allowance_weeks // terms.plan_weeks)
            for one in self.funders
        }

    def _not_held(self, funder):
        there = self.free(funder) + self.accounts[funder, "unallocated"]
        return there + self.accounts[funder, "overspent"]

    def _unpaid_charge(self, funder):
        return -self.accounts[funder, "charge_due"]

    def _came_in(self, funder):
        """Return what a funder paid, without what went back when crises were over."""
        paid_in = self.accounts[funder, "paid_in"] + self.accounts[funder, "released_in"]
        return -paid_in - self.repaid_after_crises(funder)

    def _repaid(self, funder):
        return self.accounts[funder, "repaid"] - self.repaid_after_crises(funder)

    def _surplus(self, funder, kept):
        return max(0, self._not_held(funder) - kept)

    def _line(self, funder, kept):
        """Return what of one book can go back: the person's part, and the funder's own."""
        surplus = self._surplus(funder, kept)
        persons = self._persons_part(funder, surplus)
        line = self._with_persons(ModelLine(own=0), persons, funder)
        return replace(line, own=min(surplus - persons, self._in_hand(line, funder)))

    def _persons_part(self, funder, surplus):
        """The person's part of all that was ever left over is their part of all that came in."""
        returned = self.returned[funder]
        charged = self.charged(funder) + returned
        if not charged:
            return 0
        funders_own = self._came_in(funder) - self.accounts[funder, "promised"]
        parts = in_proportion(
            surplus + self._repaid(funder) + returned, {"funder": funders_own, "person": charged}
        )
        return min(surplus, max(0, parts["person"] - returned))

    def _with_persons(self, line, persons, funder):
        """First the person owes less; only what they paid beyond that goes back to them."""
        lowered = min(persons, self._unpaid_charge(funder))
        return replace(line, lowered=lowered, to_person=persons - lowered)

    def _in_hand(self, line, funder):
        """Return what of the funder's own payments is there, not held and not the person's."""
        to_come = self._unpaid_charge(funder) - self.accounts[funder, "promised"]
        there = self._not_held(funder) - to_come - line.to_person
        return max(0, min(there, self._came_in(funder) - self._repaid(funder)))

    def open_repayment(self):
        return next((one for one, it in self.repayments.items() if it.state not in OVER), None)

    def propose(self, repayment_id, terms, amount):
        if self.open_repayment():
            return "repayment_open"
        lines = self.left_over(terms)
        surplus = sum(line.pence for line in lines.values())
        if not surplus:
            return "nothing_to_repay"
        if amount is not None and amount > surplus:
            return "exceeds_surplus"
        if amount is not None and amount < surplus:
            lines = self._reduced(lines, amount)
        self.repayments[repayment_id] = ModelRepayment(terms, lines)
        return None

    @staticmethod
    def _reduced(lines, amount):
        """Return lines that come to less, each part in proportion."""
        weights = {}
        for funder, line in lines.items():
            weights |= {f"{funder} own": line.own, f"{funder} person": line.persons}
        parts = in_proportion(amount, weights)
        reduced = {}
        for funder, line in lines.items():
            persons = parts[f"{funder} person"]
            lowered = min(persons, line.lowered)
            reduced[funder] = ModelLine(parts[f"{funder} own"], persons - lowered, lowered)
        return reduced

    def can_step(self, repayment_id, step):
        return self.repayments[repayment_id].state in STEPS[step][0]

    def take_step(self, repayment_id, step):
        self.repayments[repayment_id].state = STEPS[step][1]

    def notify(self, repayment_id, weeks):
        if weeks < LEAST_NOTICE_WEEKS:
            return "notice_too_short"
        self.repayments[repayment_id].notice_ends_on = self.today + timedelta(weeks=weeks)
        return self.take_step(repayment_id, "notify")

    def confirm(self, repayment_id):
        if self.today < self.repayments[repayment_id].notice_ends_on:
            return "notice_not_expired"
        return self.take_step(repayment_id, "confirm")

    def reduce(self, repayment_id, amount):
        repayment = self.repayments[repayment_id]
        if amount >= repayment.pence:
            return "not_reduced"
        repayment.lines = self._reduced(repayment.lines, amount)
        return self.take_step(repayment_id, "decide")

    def post(self, repayment_id):
        """Book what goes back, or return the code where it was spent or is needed meanwhile."""
        repayment = self.repayments[repayment_id]
        kept = self._kept(repayment.terms)
        lines = {
            one: self._with_persons(line, line.persons, one)
            for one, line in repayment.lines.items()
        }
        if any(self._is_too_much(one, line, kept[one]) for one, line in lines.items()):
            return "exceeds_surplus"
        repayment.lines = lines
        self.release({one: max(0, line.pence - self.free(one)) for one, line in lines.items()})
        moves = []
        for funder, line in lines.items():
            moves += moved(funder, "available", "repaid", line.own)
            moves += moved(funder, "available", "charge_due", line.lowered)
            moves += moved(funder, "available", "charged", line.to_person)
            moves += moved(self.person, "own_money", "contributed", line.to_person)
            self.returned[funder] += line.persons
        self.book("repayment", repayment_id, moves)
        if self.charge_call:
            self.charge_call[1].pence -= sum(line.lowered for line in lines.values())
        return self.take_step(repayment_id, "post")

    def _is_too_much(self, funder, line, kept):
        return (
            line.pence > self._surplus(funder, kept)
            or line.own > self._in_hand(line, funder)
            or line.to_person > -self.accounts[funder, "charged"]
        )
