"""A reserve that funders promise, and that a crisis calls."""

from dataclasses import dataclass, field

from tests.integration.budget.model.allocations import Allocations
from tests.integration.budget.model.books import moved
from tests.integration.budget.model.contributions import ModelCall
from tests.integration.budget.model.dividing import in_proportion


@dataclass
class ModelCrisis:
    """A crisis: what was called of each, and what of that went back when it was over."""

    called: dict  # pence by funder
    call_ids: dict  # likewise
    returned: dict = field(default_factory=dict)
    repaid: dict = field(default_factory=dict)  # of what was returned: it had been paid in
    is_over: bool = False


@dataclass(kw_only=True)
class Crises(Allocations):
    """The reserve of a budget."""

    promised: dict = field(default_factory=dict)
    crises: dict = field(default_factory=dict)  # by their ids

    def promise(self, reserve_id, parts):
        if self.has_ended(self.today):
            return "budget_ended"
        if self.promised:
            return "reserve_exists"
        self.promised = parts
        self.book("reserve", reserve_id, self._stands(parts))
        return None

    @staticmethod
    def _stands(parts):
        moves = []
        for funder, pence in parts.items():
            moves += moved(funder, "reserve_promised", "reserve", pence)
        return moves

    def active_crisis(self):
        return next((one for one, crisis in self.crises.items() if not crisis.is_over), None)

    def in_crisis(self, funder):
        """Return what a crisis that goes on has called of a funder."""
        active = self.active_crisis()
        return self.crises[active].called.get(funder, 0) if active else 0

    def repaid_after_crises(self, funder):
        return sum(crisis.repaid.get(funder, 0) for crisis in self.crises.values())

    def usable(self, cap):
        """Return what each would be called for, or the code of the refusal."""
        if not self.promised:
            return "reserve_not_promised"
        if self.has_ended(self.today):
            return "budget_ended"
        if self.active_crisis():
            return "crisis_active"
        stands = {
            one: pence
            - sum(
                crisis.called.get(one, 0) - crisis.returned.get(one, 0)
                for crisis in self.crises.values()
            )
            for one, pence in sorted(self.promised.items())
        }
        if not any(stands.values()):
            return "reserve_used_up"
        parts = in_proportion(min(cap, sum(stands.values())), stands)
        return {one: pence for one, pence in parts.items() if pence}

    def activate(self, crisis_id, parts, call_ids, due_on):
        """Call each for its part, which it has committed: it can be spent at once."""
        self.crises[crisis_id] = ModelCrisis(called=parts, call_ids=call_ids)
        back = {one: -pence for one, pence in parts.items()}
        self.book("reserve", crisis_id, self._stands(back))
        for funder, pence in parts.items():
            call = ModelCall(funder, pence, due_on, is_for_crisis=True, is_committed=True)
            self.calls[call_ids[funder]] = call
            moves = moved(funder, "promised", "available", pence)
            self.book("promise", call_ids[funder], moves)

    def stand_down(self, crisis_id):
        """Let what was not used stand again; return how much that is."""
        crisis = self.crises[crisis_id]
        if crisis.is_over:
            return sum(crisis.returned.values())
        crisis.is_over = True
        for funder, pence in sorted(crisis.called.items()):
            unused = min(pence, max(0, self.free(funder) - self.charged(funder)))
            not_paid = min(unused, self.calls[crisis.call_ids[funder]].missing)
            crisis.returned[funder], crisis.repaid[funder] = unused, unused - not_paid
        moves = self._stands(crisis.returned)
        for funder, pence in crisis.repaid.items():
            moves += moved(funder, "available", "repaid", pence)
        self.book("reserve", crisis_id, moves)
        for funder, call_id in sorted(crisis.call_ids.items()):
            less = crisis.returned[funder] - crisis.repaid[funder]
            self.calls[call_id].pence -= less
            self.book("promise", call_id, moved(funder, "available", "promised", less))
        return sum(crisis.returned.values())
