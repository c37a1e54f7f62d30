"""Money that is not with the host: with a broker, with the person, or delivered."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid5

from tests.integration.budget.model.books import moved
from tests.integration.budget.model.calendar import starts
from tests.integration.budget.model.dividing import in_proportion
from tests.integration.budget.model.purchases import Purchases


@dataclass
class ModelSchedule:
    """Direct payments for an item, again and again."""

    item: object
    recurrence: str
    amount: int
    starts_on: date
    ends_on: date
    paid: set = field(default_factory=set)  # the first days of periods
    tried: set = field(default_factory=set)  # likewise, of those that could not be paid


@dataclass(kw_only=True)
class Ways(Purchases):
    """The ways of money that do not end with the host."""

    schedules: dict = field(default_factory=dict)  # by their ids
    with_person: dict = field(default_factory=dict)  # by item, what each book has there
    not_paid: set = field(default_factory=set)  # payments that the bank could not make
    paid_late: set = field(default_factory=set)  # and those that it made all the same

    def deliver(self, delivery_id, item_id, amount):
        item = self.items[item_id]
        if item.is_planned and item.route != "notional":
            return "item_on_other_route"
        return self.spend_at_once(delivery_id, item_id, amount)

    def held_by_broker(self):
        """Return what a broker has of each book's money; below nothing what it bought beyond."""
        return {one: -self.accounts[one, "with_broker"] for one in self.funders}

    def top_up(self, top_up_id, amount):
        """Give a broker money for its items, or return the code of the refusal."""
        costs = self._costs_of_brokers_items()
        if self.has_ended(self.today):
            return "budget_ended"
        if not any(costs.values()):
            return "no_broker_item"
        portions, there = in_proportion(amount, costs), self.held_by_broker()
        for funder, pence in sorted(portions.items()):
            if not self.is_in(funder):
                return "budget_not_active"
            if pence > self.free(funder) - max(0, there[funder]):
                return "insufficient_funds"
        if amount > sum(map(self.free, self.funders)) - sum(there.values()):
            return "insufficient_funds"
        moves = []
        for funder, pence in portions.items():
            book = self.host if self.is_advanced(funder) else funder
            moves += moved(book, "with_broker", "paid_out", pence)
        self.book("broker", top_up_id, moves)
        return None

    def _costs_of_brokers_items(self):
        costs = Counter(dict.fromkeys(self.funders, 0))
        for item in self.items.values():
            if item.is_planned and item.route == "broker":
                costs.update(in_proportion(item.cost, self.newest.weights))
        return costs

    def return_from_broker(self, transfer_id, amount):
        there = {one: pence for one, pence in self.held_by_broker().items() if pence > 0}
        if amount > sum(there.values()):
            return "exceeds_broker_balance"
        moves = []
        for funder, pence in in_proportion(amount, there).items():
            moves += moved(funder, "paid_out", "with_broker", pence)
        self.book("broker", transfer_id, moves)
        return None

    def schedule_payment(self, schedule_id, schedule):
        newest = [one.starts_on for one in self.schedules.values() if one.item == schedule.item]
        if not self.items[schedule.item].is_planned:
            return "item_not_in_plan"
        if self.items[schedule.item].route != "direct_payment":
            return "item_on_other_route"
        if newest and max(newest) >= schedule.starts_on:
            return "schedule_before_newest"
        self.schedules[schedule_id] = schedule
        return None

    def pay_what_is_due(self):
        """Make each payment that is due; return how many, and the codes of those that were not."""
        paid, codes = 0, []
        for schedule_id, day in self._payments_due():
            schedule = self.schedules[schedule_id]
            code = self._pay_once(uuid5(schedule_id, day.isoformat()), schedule)
            (schedule.tried if code else schedule.paid).add(day)
            paid, codes = paid + (code is None), codes + ([code] if code else [])
        return paid, codes

    def _payments_due(self):
        """Return what is due and not paid, those of a day first that were not tried before."""
        due = [
            (day, day in schedule.tried, schedule_id)
            for schedule_id, schedule in self.schedules.items()
            for day in starts(
                schedule.starts_on,
                schedule.recurrence,
                before=self._followed_on(schedule),
                until=self.today,
            )
            if day not in schedule.paid
        ]
        return [(schedule_id, day) for day, _, schedule_id in sorted(due)]

    def _followed_on(self, schedule):
        later = [
            one.starts_on
            for one in self.schedules.values()
            if one.item == schedule.item and one.starts_on > schedule.starts_on
        ]
        return min([schedule.ends_on, *later])

    def _pay_once(self, payment_id, schedule):
        if self.items[schedule.item].route != "direct_payment":
            return "item_on_other_route"
        code = self.spend_at_once(payment_id, schedule.item, schedule.amount)
        if code is None:
            self._now_with_person(schedule.item)
        return code

    def _now_with_person(self, item_id):
        """Note what the newest journal changed of what the books have with the person."""
        there = self.with_person.setdefault(item_id, dict.fromkeys(self.funders, 0))
        for funder, account, pence in self.journals[-1].moves:
            there[funder] += pence if account == "with_person" else 0

    def with_person_for(self, item_id):
        return self.with_person.get(item_id, dict.fromkeys(self.funders, 0))

    def show(self, return_id, item_id, spent):
        """Take what the person shows, or return the code of the refusal."""
        there = self.with_person_for(item_id)
        if spent > sum(there.values()):
            return "return_exceeds_paid"
        moves = []
        for funder, pence in in_proportion(spent, there).items():
            moves += moved(funder, "with_person", "evidenced", pence)
        self.book("evidence", return_id, moves)
        self._now_with_person(item_id)
        return None

    def payments(self):
        return [one for one, hold in self.holds.items() if hold.account == "with_person"]

    def give_back(self, payment_id, amount):
        """Take back money of a direct payment, out of the books in which it is."""
        hold = self.holds[payment_id]
        there, posted = self.with_person_for(hold.item), sum(hold.posted.values())
        if amount > min(posted, sum(there.values())):
            return "return_exceeds_paid"
        wanted = in_proportion(posted - amount, hold.asked)
        steps = {one: wanted[one] - hold.posted[one] for one in self.funders}
        forwards = self._forwards(hold, steps, there)
        moves = []
        for funder, step in steps.items():
            over = self.step(hold, funder, step)
            moves += [(funder, "available", over - step), (funder, "overspent", -over)]
            moves += self.paid(hold, funder, step, forwards[funder])
        hold.version += 1
        self.book("refund", payment_id, moves)
        self._now_with_person(hold.item)
        return None

    def fail(self, payment_id):
        """Take back what the bank could not pay, unless it is known to have paid it late."""
        if payment_id in self.not_paid | self.paid_late:
            return None
        code = self.give_back(payment_id, sum(self.holds[payment_id].asked.values()))
        if code is None:
            self.not_paid.add(payment_id)
        return code

    def pay_late(self, payment_id):
        """Spend again what the bank paid after it had failed."""
        is_to_spend = payment_id in self.not_paid - self.paid_late
        self.paid_late.add(payment_id)
        if not is_to_spend:
            return
        hold = self.holds[payment_id]
        self._bring("capture", payment_id, 0, sum(hold.asked.values()))
        hold.version += 1
        self._now_with_person(hold.item)

    def _forwards(self, hold, steps, there):
        """Return what goes to the host for what it paid: along the portions, or by where it is."""
        forwards = {one: self.forward_back(hold, one, step) for one, step in steps.items()}
        falls = {one: forwards[one] - steps[one] for one in steps if one != self.host}
        falls[self.host] = -steps[self.host] - sum(forwards.values())
        if all(fall <= there[one] for one, fall in falls.items()):
            return forwards
        by_place = in_proportion(-sum(steps.values()), there)
        return {one: 0 if one == self.host else steps[one] + by_place[one] for one in steps}
