"""One budget in plain Python: what every account must hold, by the rules as they are written.

It knows nothing of tables, transactions and messages. Who owes odd pennies is worked out here once
more, so that a mistake in the ledger's rules is not repeated.
"""

from dataclasses import dataclass, field
from fractions import Fraction


def in_proportion(amount, weights):
    """Divide once: rounded down, the odd pennies to the largest remainders, then weights, ids."""
    total = sum(weights.values())
    exact = {one: Fraction(amount * weight, total) for one, weight in weights.items()}
    return _with_odd_pennies(amount, exact, lambda one: (-weights[one], one))


def carried(amount, weights, used, tie):
    """Divide what is spent now so that nobody drifts from its share of everything spent."""
    total = amount + sum(used.values())
    whole = sum(weights.values())
    owed = {
        one: max(Fraction(0), Fraction(weight * total, whole) - used[one])
        for one, weight in weights.items()
        if weight
    }
    exact = {one: part * amount / sum(owed.values()) for one, part in owed.items()}
    portions = _with_odd_pennies(amount, exact, lambda one: (-weights[one], one.int ^ tie))
    return dict.fromkeys(weights, 0) | portions


def _with_odd_pennies(amount, exact, and_then):
    portions = {one: part.numerator // part.denominator for one, part in exact.items()}
    first = sorted(exact, key=lambda one: (portions[one] - exact[one], and_then(one)))
    for one in first[: amount - sum(portions.values())]:
        portions[one] += 1
    return portions


@dataclass
class ModelHold:
    """A purchase: what it was asked for, and what each funder has of it."""

    asked: dict
    agreement: int
    held: dict
    posted: dict
    overspent: dict
    advanced: dict
    unmatched: int = 0
    version: int = 1
    told: int = 0  # the version that payments said last
    is_expired: bool = False


@dataclass
class ModelCall:
    """A contribution that a funder was called for."""

    funder: object
    pence: int
    is_committed: bool = False
    is_received: bool = False

    @property
    def is_in(self):
        return self.is_committed or self.is_received


@dataclass
class Model:
    """What is in each funder's accounts, in pence."""

    funders: tuple
    host: object
    total: int  # of the plan, for the one thing in it that both sides pay
    numerators: list  # of each agreement, by funder
    ties: list  # of each agreement
    calls: dict = field(default_factory=dict)  # by the contribution's id
    charge: int = 0  # raised on the person, and there from the first day in the council's book
    charged_to: object = None
    holds: dict = field(default_factory=dict)
    weights: dict = field(default_factory=dict)  # what each funder agreed to pay, by agreement

    @property
    def newest(self):
        return len(self.numerators) - 1

    def agree(self):
        """Divide what the plan costs by the newest shares; return what is to be called for."""
        used = sum(self.used(self.newest).values())
        total = max(0, self.total - used) + used
        nobody = dict.fromkeys(self.funders, 0)
        numerators, tie = self.numerators[self.newest], self.ties[self.newest]
        self.weights[self.newest] = carried(total, numerators, nobody, tie)
        return self.to_call()

    def to_call(self):
        needed = dict(self.weights[self.newest])
        if self.charged_to is not None:
            needed[self.charged_to] -= min(self.charge, needed[self.charged_to])
        for call in self.calls.values():
            needed[call.funder] -= call.pence
        return {funder: pence for funder, pence in needed.items() if pence > 0}

    def calls_of(self, funder):
        return [call for call in self.calls.values() if call.funder == funder]

    def free(self, funder):
        into = sum(call.pence for call in self.calls_of(funder) if call.is_in)
        if funder == self.charged_to:
            into += self.charge
        return into - sum(
            hold.held[funder] + hold.posted[funder] - hold.overspent[funder]
            for hold in self.holds.values()
        )

    def is_in(self, funder):
        calls = self.calls_of(funder)
        return not calls or any(call.is_in for call in calls)

    def used(self, agreement):
        return {
            funder: sum(
                hold.held[funder] + hold.posted[funder]
                for hold in self.holds.values()
                if hold.agreement == agreement
            )
            for funder in self.funders
        }

    def place(self, purchase_id, amount):
        """Place a hold, or return the code of the refusal."""
        newest = self.newest
        asked = carried(amount, self.weights[newest], self.used(newest), self.ties[newest])
        if any(pence and not self.is_in(funder) for funder, pence in asked.items()):
            return "budget_not_active"
        if any(pence > self.free(funder) for funder, pence in asked.items()):
            return "insufficient_funds"
        used = sum(
            sum(hold.held.values()) + sum(hold.posted.values()) for hold in self.holds.values()
        )
        left = max(0, self.total - used)
        uncommitted = max(0, sum(map(self.free, self.funders)) - left)
        if amount > left + uncommitted:
            return "commitment_exceeded"
        nothing = dict.fromkeys(asked, 0)
        self.holds[purchase_id] = ModelHold(
            asked=asked,
            agreement=newest,
            held=dict(asked),
            posted=dict(nothing),
            overspent=dict(nothing),
            advanced=dict(nothing),
        )
        return "hold_placed"

    def converge(self, purchase_id, version, held, posted, unmatched):
        hold = self.holds[purchase_id]
        if version <= hold.told:
            return
        hold.told, hold.unmatched = version, unmatched
        before = (sum(hold.held.values()), sum(hold.posted.values()))
        self._bring(hold, 0 if hold.is_expired else held, posted, is_decision=False)
        hold.version += before != (sum(hold.held.values()), sum(hold.posted.values()))

    def decide(self):
        """Give each purchase under the shares before the portions of the decided ones."""
        agreement = self.newest
        for _, hold in sorted(self.holds.items()):
            if hold.agreement == agreement:
                continue
            weights = self.weights[agreement]
            asked = carried(
                sum(hold.asked.values()), weights, self.used(agreement), self.ties[agreement]
            )
            before = sum(hold.held.values())
            hold.asked = asked
            self._bring(hold, sum(hold.held.values()), sum(hold.posted.values()), is_decision=True)
            hold.agreement = agreement
            hold.version += before != sum(hold.held.values())

    def _bring(self, hold, held, posted, *, is_decision):
        to_post = in_proportion(posted, hold.asked)
        left = {one: max(0, hold.asked[one] - to_post[one]) for one in hold.asked}
        to_hold = in_proportion(held, left if any(left.values()) else hold.asked)
        for funder in hold.asked:
            step = to_post[funder] - hold.posted[funder]
            reach = self.free(funder) + hold.held[funder]
            if step >= 0:
                over = step - min(step, max(0, reach))
                forward = step if self._is_advanced(funder) else 0
            else:
                over = max(step, -hold.overspent[funder])
                forward = max(step, -max(0, hold.advanced[funder]))
            if is_decision:
                forward = step
            hold.posted[funder] = to_post[funder]
            hold.overspent[funder] += over
            hold.advanced[funder] += 0 if funder == self.host else forward
            hold.held[funder] = 0
            hold.held[funder] = min(to_hold[funder], self.free(funder))

    def _is_advanced(self, funder):
        calls = self.calls_of(funder)
        return funder != self.host and any(
            call.is_committed and not call.is_received for call in calls
        )

    def expire(self, purchase_id):
        hold = self.holds[purchase_id]
        if sum(hold.held.values()):
            hold.held = dict.fromkeys(hold.held, 0)
            hold.is_expired = True
            hold.version += 1
