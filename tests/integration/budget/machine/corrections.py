"""Journals that are wrong, and what puts them right."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.machine.setting import Setting, whiches

KINDS = ("contribution", "promise", "charge", "capture", "refund")


class Corrections(Setting):
    """Journals are never changed: others put them right."""

    def a_journal(self, which, kind):
        """Return the place of a journal, one of a kind where there is any."""
        places = range(len(self.model.journals))
        of_kind = [place for place in places if self.model.journals[place].kind == kind]
        place = self.one_of(of_kind or places, which)
        *_, journal_id = self.read("journals")[place]
        asked = {"journal_id": journal_id, "reason": "Somebody made a mistake."}
        return self.model.journals[place], asked

    @precondition(lambda self: self.model.journals)
    @rule(which=whiches, kind=st.sampled_from(KINDS[:3]))
    def a_journal_is_reversed(self, which, kind):
        journal, asked = self.a_journal(which, kind)
        code = self.code_of("reverse_journal", **asked)
        assert code == self.model.reverse(journal)

    @precondition(lambda self: self.model.journals)
    @rule(
        which=whiches,
        kind=st.sampled_from([*KINDS, "allocation"]),
        days=st.sampled_from([0, 1, 20, 40]),
        later=st.sampled_from([0, 0, 10]),
    )
    def a_journal_is_corrected(self, which, kind, days, later):
        """It counts for another day, and happened some days before that."""
        journal, asked = self.a_journal(which, kind)
        effective_on = self.model.today - timedelta(days=days)
        occurred_on = effective_on - timedelta(days=later)
        code = self.code_of(
            "correct_journal", effective_on=effective_on, occurred_on=occurred_on, **asked
        )
        assert code == self.model.correct(journal, effective_on, occurred_on)
