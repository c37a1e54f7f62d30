"""Who pays which part, and what is bought of the plan."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.integration.budget.model.books import moved
from tests.integration.budget.model.contributions import Contributions
from tests.integration.budget.model.dividing import carried, in_proportion

SPENT_TO = {
    "host": "paid_out",
    "broker": "with_broker",
    "direct_payment": "with_person",
    "notional": "delivered",
}
BOUGHT = ("host", "broker")
HOLD_DAYS = 30


@dataclass
class ModelAgreement:
    """Shares of the plan's cost."""

    numerators: dict
    tie: int  # its id, which decides who pays an odd penny
    agreed: dict = field(default_factory=dict)  # in pence
    is_ended: bool = False  # by shares of a later day
    is_superseded: bool = False  # by a decision for the same days

    @property
    def weights(self):
        return self.agreed if any(self.agreed.values()) else self.numerators


@dataclass
class ModelItem:
    """Something that the plan has."""

    cost: int
    route: str = "host"
    is_planned: bool = True  # by the newest version of the plan


@dataclass
class ModelHold:
    """A purchase: what it was asked for, and what each funder has of it."""

    item: object
    account: str  # where what is spent goes
    asked: dict
    agreement: ModelAgreement
    held: dict
    posted: dict
    overspent: dict
    advanced: dict
    expires_at: datetime
    unmatched: int = 0
    version: int = 1
    told: int = 0  # the version that payments said last
    is_expired: bool = False

    @property
    def amounts(self):
        return sum(self.held.values()), sum(self.posted.values())

    @property
    def used(self):
        return sum(self.amounts)


@dataclass(kw_only=True)
class Purchases(Contributions):
    """What is planned, agreed, held and spent."""

    items: dict
    agreements: list = field(default_factory=list)
    holds: dict = field(default_factory=dict)  # by the purchase's id

    @property
    def newest(self):
        return self.agreements[-1]

    def free(self, funder):
        held = sum(hold.held[funder] for hold in self.holds.values())
        return self.accounts[funder, "available"] - held

    def agree(self, numerators, tie, *, decides=False):
        """Divide what the plan costs by shares that follow those before, or decide them."""
        if self.agreements:
            self.newest.is_superseded, self.newest.is_ended = decides, not decides
        self.agreements.append(ModelAgreement(numerators, tie))
        self.agree_anew()

    def agree_anew(self):
        """Divide what the plan costs now by the newest shares."""
        planned = sum(item.cost for item in self.items.values() if item.is_planned)
        used = sum(self._all_used(one) for one in self.agreements if not one.is_superseded)
        total = max(0, planned - used) + self._all_used(self.newest)
        nobody = dict.fromkeys(self.funders, 0)
        numerators, tie = self.newest.numerators, self.newest.tie
        self.newest.agreed = carried(total, numerators, nobody, tie) if total else nobody

    def to_call(self):
        """Return what each organisation has to be called for now: nothing after the end."""
        if self.has_ended(self.today):
            return {}
        needed = dict(self.newest.agreed)
        for agreement in self.agreements:
            if agreement.is_ended:
                for funder, pence in self.used(agreement).items():
                    needed[funder] += pence
        if self.charged_by is not None:
            needed[self.charged_by] = max(0, needed[self.charged_by] - self.charge)
        for call in self.calls.values():
            needed[call.funder] -= 0 if call.is_for_crisis else call.pence
        return {funder: pence for funder, pence in needed.items() if pence > 0}

    def used(self, agreement):
        """Return what each funder has held and spent under an agreement."""
        return {
            funder: sum(
                hold.held[funder] + hold.posted[funder]
                for hold in self.holds.values()
                if hold.agreement is agreement
            )
            for funder in self.funders
        }

    def _all_used(self, agreement):
        return sum(self.used(agreement).values())

    def left_of(self, item_id):
        """Return what an item commits: what it costs and has not used."""
        used = sum(hold.used for hold in self.holds.values() if hold.item == item_id)
        return self.items[item_id].cost - used

    def place(self, purchase_id, item_id, amount):
        """Place a hold, or return the code of the refusal."""
        asked = self._asked(item_id, amount)
        if isinstance(asked, str):
            return asked
        if self.items[item_id].route not in BOUGHT:
            return "item_not_bought_here"
        self._hold(purchase_id, item_id, asked, held=dict(asked))
        return None

    def spend_at_once(self, purchase_id, item_id, amount):
        """Hold and spend in one, or return the code of the refusal."""
        asked = self._asked(item_id, amount)
        if isinstance(asked, str):
            return asked
        self._hold(purchase_id, item_id, asked, held=dict.fromkeys(asked, 0))
        self._bring("capture", purchase_id, 0, amount)
        return None

    def _asked(self, item_id, amount):
        """Return what each funder is to pay, or the code of the refusal."""
        if code := self._why_not(item_id, amount):
            return code
        newest = self.newest
        asked = carried(amount, newest.weights, self.used(newest), newest.tie)
        if any(pence and not self.is_in(funder) for funder, pence in asked.items()):
            return "budget_not_active"
        if any(pence > self.free(funder) for funder, pence in asked.items()):
            return "insufficient_funds"
        committed = {
            one: max(0, self.left_of(one)) for one, item in self.items.items() if item.is_planned
        }
        uncommitted = max(0, sum(map(self.free, self.funders)) - sum(committed.values()))
        if amount > committed[item_id] + uncommitted:
            return "commitment_exceeded"
        return asked

    def _why_not(self, item_id, amount):
        """Return the code of the refusal of what nobody could pay, whatever money there is."""
        if amount <= 0:
            return "amount_not_positive"
        if self.has_ended(self.today):
            return "budget_ended"
        return None if self.items[item_id].is_planned else "item_not_in_plan"

    def _hold(self, purchase_id, item_id, asked, *, held):
        nothing = dict.fromkeys(asked, 0)
        self.holds[purchase_id] = ModelHold(
            item=item_id,
            account=SPENT_TO[self.items[item_id].route],
            asked=asked,
            agreement=self.newest,
            held=held,
            posted=dict(nothing),
            overspent=dict(nothing),
            advanced=dict(nothing),
            expires_at=self.now + timedelta(days=HOLD_DAYS),
        )

    def converge(self, purchase_id, version, held, posted, unmatched):
        """Bring a purchase to what payments says."""
        hold = self.holds[purchase_id]
        if version <= hold.told:
            return
        gone = hold.amounts[1] - hold.unmatched
        kind = "capture" if posted - unmatched >= gone else "refund"
        came_back = unmatched - hold.unmatched
        hold.told, hold.unmatched, before = version, unmatched, hold.amounts
        extra = [(self.host, "paid_out", -came_back), (self.host, "unmatched", came_back)]
        self._bring(kind, purchase_id, 0 if hold.is_expired else held, posted, extra=extra)
        hold.version += before != hold.amounts

    def expire(self, purchase_id):
        hold = self.holds[purchase_id]
        if hold.amounts[0] and hold.expires_at <= self.now:
            hold.held = dict.fromkeys(hold.held, 0)
            hold.is_expired = True
            hold.version += 1

    def reapportion(self):
        """Give each purchase under the disputed shares the portions of the decided ones."""
        newest = self.newest
        for purchase_id, hold in sorted(self.holds.items()):
            if hold.agreement.is_superseded:
                amount = sum(hold.asked.values())
                hold.asked = carried(amount, newest.weights, self.used(newest), newest.tie)
                before = hold.amounts
                self._bring("reapportionment", purchase_id, *before)
                hold.agreement = newest
                hold.version += before != hold.amounts

    def to_reapportion(self):
        return [hold for hold in self.holds.values() if hold.agreement.is_superseded]

    def _bring(self, kind, purchase_id, held, posted, *, extra=()):
        """Bring a purchase to these amounts: portions first, then the journal of what moved."""
        hold, moves = self.holds[purchase_id], list(extra)
        to_post = in_proportion(posted, hold.asked)
        left = {one: max(0, hold.asked[one] - to_post[one]) for one in hold.asked}
        to_hold = in_proportion(held, left if any(left.values()) else hold.asked)
        for funder in hold.asked:
            step = to_post[funder] - hold.posted[funder]
            reach = self.free(funder) + hold.held[funder]
            over = self.step(hold, funder, step)
            hold.held[funder] = min(to_hold[funder], reach - (step - over))
            moves += [(funder, "available", over - step), (funder, "overspent", -over)]
            if kind == "reapportionment":
                hold.advanced[funder] += 0 if funder == self.host else step
                moves += self._owed(funder, step)
            else:
                forward = self._forward(hold, funder, step)
                moves += self.paid(hold, funder, step, forward)
        self.book(kind, purchase_id, moves)

    def step(self, hold, funder, step):
        """Change what a funder has spent on a purchase; return what of it is overspent."""
        if step >= 0:
            over = step - min(step, max(0, self.free(funder) + hold.held[funder]))
        else:
            over = max(step, -hold.overspent[funder])
        hold.posted[funder] += step
        hold.overspent[funder] += over
        return over

    def _forward(self, hold, funder, step):
        """Return what the host pays of a step in a funder's place, or gets back of it."""
        if step >= 0:
            return step if self.is_advanced(funder) else 0
        return self.forward_back(hold, funder, step)

    def forward_back(self, hold, funder, step):
        """Return what goes back to the host of what it paid, below nothing."""
        return max(min(0, step), -max(0, hold.advanced[funder]))

    def paid(self, hold, funder, step, forward):
        """Return where a step goes: to the item's account, or by the host and as due to it."""
        hold.advanced[funder] += forward
        moves = [(funder, hold.account, step - forward)]
        if forward:
            moves += [(funder, self.due_to(self.host), forward)]
            moves += moved(self.host, self.due_from(funder), hold.account, forward)
        return moves

    def _owed(self, funder, step):
        """Return how a decision about what was spent is put right: by way of the host."""
        if funder == self.host:
            return []
        mine, hosts = (
            (self.due_to(self.host), self.due_from(funder))
            if step > 0
            else (self.due_from(self.host), self.due_to(funder))
        )
        return [(funder, mine, step), (self.host, hosts, -step)]
