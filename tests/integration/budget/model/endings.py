"""The end of a budget: nothing new is bought, and what waited for its runs waits no more."""

from dataclasses import dataclass

from tests.integration.budget.model.corrections import Corrections

SPENT_TO = ("paid_out", "with_broker", "with_person", "evidenced", "delivered")
BETWEEN_FUNDERS = ("due_to", "due_from", "settled")


@dataclass(kw_only=True)
class Endings(Corrections):
    """How a budget ends."""

    has_died: bool = False

    def end(self, ends_on, *, reason):
        """Let it buy nothing new from a day on, or return the code of the refusal."""
        if self.ends_on is not None:
            return "already_ended"
        if reason == "died" and ends_on > self.today:
            return "end_ahead"
        self.ends_on, self.has_died = ends_on, reason == "died"
        if on_its_way := self.open_repayment():
            self.take_step(on_its_way, "withdraw")
        if self.has_ended(self.today):
            if active := self.active_crisis():
                self.stand_down(active)
            self.release_all()
        return None

    def closing_figures(self):
        """Return what each funder is told when a budget ends."""
        return {
            funder: {
                "paid_in_pence": -self._sum(funder, "paid_in", "released_in"),
                "promised_pence": -self._sum(funder, "promised"),
                "spent_pence": self._spent(funder),
                "held_pence": self.accounts[funder, "available"] - self.free(funder),
                "left_pence": self.free(funder) + self.accounts[funder, "unallocated"],
                "overspent_pence": -self._sum(funder, "overspent"),
                "due_to_pence": self._between(funder, "due_to"),
                "due_from_pence": -self._between(funder, "due_from"),
                "person_owes_pence": -self._sum(funder, "charge_due"),
            }
            for funder in self.funders
        }

    def _sum(self, funder, *names):
        return sum(self.accounts[funder, name] for name in names)

    def _between(self, funder, *kinds):
        """Return what the accounts with other funders come to."""
        return sum(
            pence
            for (one, name), pence in self.accounts.items()
            if one == funder and name.split()[0] in kinds
        )

    def _spent(self, funder):
        return self._sum(funder, *SPENT_TO) + self._between(funder, *BETWEEN_FUNDERS)
